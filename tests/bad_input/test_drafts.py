"""Drafts opened, sent and saved in ways that nobody planned."""

from __future__ import annotations

import copy
import datetime as dt
import json
from typing import Any

import pytest
from django.urls import reverse

from tests.bad_input.browser import Browser
from tests.bad_input.conftest import Story
from tinhso.catalogue.api import publish
from tinhso.catalogue.tests.samples import sheet
from tinhso.directory.api import SYSTEM
from tinhso.dossiers.models import Dossier, Draft
from tinhso.dossiers.tests.factories import NINE
from tinhso.dossiers.views.filing import CHECK, OFFICE, PAPERS

CHILD = {"child_name": "Nguyễn Ví Dụ Bình", "child_sex": "nam"}


def send(story: Story, browser: Browser, key: str = "khoa") -> str:
    """Press "Nộp hồ sơ" and return where it leads."""
    return browser.post(story.page(CHECK), {"key": key, "declared": "1"}).leads_to


def publish_next(*, with_question: bool = False, **changes: object) -> None:
    """Publish the next version of birth registration, in force from today."""
    following = copy.deepcopy(sheet("1.001193")) | {"effective_from": "2022-05-10"} | changes
    if with_question:
        asked = {"title": "Cân nặng của cháu", "type": "string", "maxLength": 30, "minLength": 1}
        hints = {"kind": "text", "need": "required", "missing": "Hãy ghi cân nặng của cháu."}
        schema = following["form"]["schema"]
        schema["properties"]["child_weight"] = {**asked, "x-ui": hints}
        schema["x-pages"].insert(1, {"key": "can-nang", "title": "Cân nặng", "fields": ["child_weight"]})
    publish(following, by=SYSTEM, at=NINE)


def test_a_click_after_a_new_version_keeps_all_answers_and_asks_what_is_new(story: Story) -> None:
    story.add_papers()
    publish_next(with_question=True)
    typed = story.typed()
    told = story.lan.follow(story.lan.post(story.page(CHECK), {"key": "cu", "declared": "1"}))
    told.says(
        "Thủ tục có bản mới từ 10/05/2022. Phần đã điền còn nguyên. Xem lại từng trang rồi nộp.",
        "Hãy ghi cân nặng của cháu.",
        "Nguyễn Ví Dụ An",
    )
    assert Dossier.objects.count() == 0
    assert (story.typed(), story.draft.files.count()) == (typed, 2)
    story.lan.post(story.page("can-nang"), {"child_weight": "3,2 kg"})
    sent = story.lan.post(story.page(CHECK), {"key": "cu", "declared": "1"})
    assert Dossier.objects.get().version.number == 2
    assert Dossier.objects.get().tracking_code in sent.leads_to


def test_a_new_version_without_a_question_that_was_answered_loses_nothing_and_sends_only_what_is_asked(
    story: Story,
) -> None:
    story.add_papers()
    following = copy.deepcopy(sheet("1.001193")) | {"effective_from": "2022-05-10"}
    schema = following["form"]["schema"]
    answered = next(
        key
        for key in ("requester_phone", "child_birthplace_note", "copies", *schema["properties"])
        if key in story.typed()
        and key in schema["properties"]
        and "child" not in key
        and key not in named(following)
    )
    del schema["properties"][answered]
    for page in schema["x-pages"]:
        page["fields"] = [key for key in page["fields"] if key != answered]
    publish(following, by=SYSTEM, at=NINE)
    told = story.lan.follow(story.lan.post(story.page(CHECK), {"key": "cu", "declared": "1"}))
    told.says("Thủ tục có bản mới từ 10/05/2022. Phần đã điền còn nguyên.")
    assert answered in story.typed()
    story.lan.post(story.page(CHECK), {"key": "cu", "declared": "1"})
    dossier = Dossier.objects.get()
    assert dossier.version.number == 2
    assert answered not in dossier.answers


def named(whole: dict[str, Any]) -> set[str]:
    """Return the questions that conditions, checks and derived texts of a sheet name."""
    schema = whole["form"]["schema"]
    said = json.dumps(
        [whole["cases"], whole["papers"], schema["x-rules"], schema["x-derived"], whole["result"]]
    )
    said += json.dumps([spec["x-ui"] for spec in schema["properties"].values()])
    said += json.dumps([page.get("showIf") for page in schema["x-pages"]])
    return {key for key in schema["properties"] if key in said}


def test_a_page_sent_after_a_new_version_keeps_what_was_just_typed(story: Story) -> None:
    publish_next(with_question=True)
    page = story.lan.follow(story.lan.post(story.page("ten-chau"), CHILD))
    page.says("Thủ tục có bản mới từ 10/05/2022.")
    assert page.boxes()["child_name"] == CHILD["child_name"]
    assert story.typed()["child_sex"] == "nam"
    assert story.draft.version.number == 2


def test_a_procedure_that_left_the_web_says_where_to_go_and_keeps_the_draft(story: Story) -> None:
    publish_next(can_file_online=False)
    page = story.lan.follow(story.lan.post(story.page("ten-chau"), CHILD))
    page.says("Thủ tục này không còn nhận qua mạng. Mang giấy tờ ra quầy Một cửa.")
    assert story.typed()["child_name"] == CHILD["child_name"]
    assert Dossier.objects.count() == 0


def test_a_double_click_makes_one_dossier_and_both_clicks_get_the_same_answer(story: Story) -> None:
    story.add_papers()
    first, second = send(story, story.lan), send(story, story.lan)
    assert first == second == reverse("dossiers:done", args=[Dossier.objects.get().tracking_code])
    assert send(story, story.lan, "khoa-khac") == first


def test_the_back_button_after_sending_leads_to_the_dossier_with_words(story: Story) -> None:
    story.add_papers()
    send(story, story.lan)
    code = Dossier.objects.get().tracking_code
    before = story.rows()
    for key in (CHECK, PAPERS, OFFICE, "ten-chau"):
        story.lan.follow(story.lan.get(story.page(key))).says("Đã nộp hồ sơ", code)
        story.lan.follow(story.lan.post(story.page(key), {**CHILD, "paper": "chung-sinh"})).says(
            "Đã nộp hồ sơ", code
        )
    saved = story.lan.post(reverse("dossiers:autosave", args=[story.draft.token, "ten-chau"]), CHILD)
    assert saved.status == 404
    assert (story.rows(), Dossier.objects.get().answers["child_name"]) == (before, "Nguyễn Ví Dụ An")


def test_a_key_that_was_used_for_another_draft_is_told_and_a_new_one_is_given(story: Story) -> None:
    story.add_papers()
    send(story, story.lan)
    other = Draft.objects.create(
        token="khac", person_id=story.cast.lan.person_id or 0, version=story.birth, office=story.cast.commune,
        answers={**story.draft.answers, "child_name": "Nguyễn Ví Dụ Bình"}, created_at=NINE, saved_at=NINE,
    )  # fmt: skip
    story.draft = other
    story.add_papers()
    before = story.rows()
    page = story.lan.post(story.page(CHECK), {"key": "khoa", "declared": "1"})
    page.says("Lần bấm này đã nộp một hồ sơ khác. Xem lại, rồi bấm Nộp hồ sơ lần nữa.", "Nguyễn Ví Dụ Bình")
    assert (page.status, story.rows()) == (409, before)
    assert page.boxes()["key"] not in ("", "khoa")
    assert send(story, story.lan, page.boxes()["key"])
    assert Dossier.objects.count() == 2


@pytest.mark.parametrize("way", ["get", "post", "autosave", "upload", "picture"])
def test_anothers_draft_is_not_there_and_tells_nothing(story: Story, way: str) -> None:
    story.add_papers()
    binh, before, typed = Browser(story.cast.binh), story.rows(), story.typed()
    token = story.draft.token
    page = {
        "get": lambda: binh.get(story.page("ten-chau")),
        "post": lambda: binh.post(story.page("ten-chau"), CHILD),
        "autosave": lambda: binh.post(reverse("dossiers:autosave", args=[token, "ten-chau"]), CHILD),
        "upload": lambda: binh.post(reverse("dossiers:upload", args=[token, "chung-sinh"])),
        "picture": lambda: binh.get(reverse("dossiers:draft_file", args=[story.draft.files.first().token])),  # type: ignore[union-attr]
    }[way]()
    page.says("Không có trang này", "Tra cứu bằng mã hồ sơ", "Về trang đầu")
    assert page.status == 404
    for word in ("Nguyễn Ví Dụ An", "Lan", "khai sinh"):
        assert word not in page.text
    assert (story.rows(), story.typed()) == (before, typed)


@pytest.mark.parametrize("key", ["khong-co", "buoc.khong", "..", "%00", "x" * 300, "ten-chau%E2%80%AE"])
def test_a_page_that_the_form_does_not_have_is_not_there(story: Story, key: str) -> None:
    before = story.typed()
    for path in (f"/nop/nhap/{story.draft.token}/{key}/", f"/nop/nhap/{story.draft.token}/{key}/luu/"):
        for page in (story.lan.get(path), story.lan.post(path, CHILD)):
            page.says("Mở lại trang rồi bấm lần nữa." if page.status == 405 else "Không có trang này")
            assert page.status in (404, 405)
    assert story.typed() == before


@pytest.mark.parametrize(
    "kind", ["application/json", "text/plain", "application/octet-stream", "multipart/form-data"]
)
@pytest.mark.parametrize("body", ['{"child_name": "Bị hỏng', "", "[]", "\x00\udcff"])
def test_a_broken_autosave_empties_nothing(story: Story, kind: str, body: str) -> None:
    before = story.typed()
    answer = story.lan.client.post(
        reverse("dossiers:autosave", args=[story.draft.token, "ten-chau"]),
        body.encode(errors="surrogateescape"),
        content_type=kind,
        headers={"X-CSRFToken": story.lan.token(), "Accept": "application/json"},
    )
    assert answer.status_code == 400
    if kind != "multipart/form-data":
        told = json.loads(answer.content)
        assert told == {"error": "Chưa lưu được vì phần gửi lên bị hỏng. Gõ tiếp để lưu lại."}
    assert story.typed() == before


def test_half_a_form_empties_nothing_of_the_other_half(story: Story) -> None:
    before = story.typed()
    story.lan.post(story.page("cha"), {"father_name": "Nguyễn Văn Mẫu"})
    story.lan.post(
        reverse("dossiers:autosave", args=[story.draft.token, "me"]), {"mother_name": "Lê Thị Mẫu"}
    )
    after = story.typed()
    kept = ("father_birth", "father_address", "mother_birth", "mother_address")
    assert {key: after[key] for key in kept} == {key: before[key] for key in kept}
    assert after["mother_name"] == "Lê Thị Mẫu"


def test_a_draft_from_long_ago_still_opens_where_it_was_left(story: Story) -> None:
    Draft.objects.update(saved_at=NINE - dt.timedelta(days=90), page="ten-chau")
    begun = story.lan.post(reverse("dossiers:start", args=["1.001193"]), before="/thu-tuc/1.001193/")
    assert begun.leads_to == story.page("ten-chau")
