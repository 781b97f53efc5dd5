"""What filing costs people: sheets counted by hand, weights, papers that the State has, drafts without small numbers."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from importlib.resources import files

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from tinhso.catalogue.api import AskedForm, AskedPaper, Asking, OnlineService, asked_form, import_sheets
from tinhso.directory.api import SYSTEM
from tinhso.dossiers.api import fullest_account
from tinhso.dossiers.tests.factories import make_draft
from tinhso.measures.queries.effort import (
    KnownPapers,
    by_kind,
    effort_from,
    effort_named,
    effort_rule,
    efforts,
    levels,
)
from tinhso.measures.rules.effort import HELD, ISSUED, Names
from tinhso.toolkit import clock
from tinhso.toolkit.clock import VN

NOW = dt.datetime(2022, 5, 10, 9, tzinfo=VN)
APRIL = dt.datetime(2022, 4, 12, 9, tzinfo=VN)
BIRTH, COPIES, RECORD = "1.001193", "2.000815", "3.000333"


@pytest.fixture
def published(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Publish the six sheets and stand on a day of 2022."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    import_sheets(by=SYSTEM, at=NOW)


def _form(name: str) -> AskedForm:
    sheet = json.loads(files("tinhso.catalogue").joinpath(f"data/{name}.json").read_text(encoding="utf-8"))
    return asked_form(sheet["form"]["schema"], fullest_account())


def _boxes(form: AskedForm) -> tuple[int, int, int, int]:
    always = [one for one in form.questions if one.is_for_all]
    return (
        sum(one.boxes for one in form.questions),
        sum(one.boxes for one in always),
        sum(one.required for one in always),
        sum(one.filled for one in always),
    )


@pytest.mark.parametrize(
    ("name", "pages", "boxes"),
    [
        # Name, birth, phone, e-mail, 4 of the card, 2 of the place, for whom, 2 of the request, how to receive, the
        # tick: 15; 3 more for another person, 3 for an organisation. Birth, e-mail, the house and the note are free.
        # Four plain boxes and two of the card are filled in.
        ("default", (8, 6), (21, 15, 11, 6)),
        # Two of the person, six of a row (three of these must be), two more of which one must be.
        (COPIES, (3, 3), (10, 10, 4, 1)),
        # 15 questions for all, the place has two boxes and the card four; hidden ones are not asked. Conditional:
        # 2 + 6 of the mother + 6 of the father + 4 of the marriage + copies + exemption.
        (BIRTH, (16, 10), (39, 19, 18, 3)),
    ],
)
def test_pages_and_boxes_are_those_counted_by_hand(
    name: str, pages: tuple[int, int], boxes: tuple[int, int, int, int]
) -> None:
    form = _form(name)
    assert (form.pages, form.pages_for_all) == pages
    assert _boxes(form) == boxes


def test_what_is_asked_again_is_weighed_by_the_rule(published: None) -> None:
    one = effort_named(NOW.date(), BIRTH)
    assert one is not None
    assert [(again.kind, again.weight, again.typed, again.is_for_all) for again in one.again] == [
        ("address", 1, 2, True),
        ("identity", 1, 2, True),
        (HELD, 2, 0, True),
    ]
    assert one.again[2].title == "Giấy tờ tùy thân của người đi khai"
    assert (one.effort, one.effort_for_all, one.colour) == (4, 4, "cam")
    assert (one.pages_for_all, one.pages) == (13, 19), "three pages more: where, papers, check"
    assert [paper.key for paper in one.spared] == ["noi-cu-tru", "so-dinh-danh"]
    unclear = {question.key for question in one.unclear}
    assert {"mother_name", "father_address"} <= unclear
    assert not {"requester_name", "child_sex"} & unclear, "declared, and of no person's kind"

    record = effort_named(NOW.date(), RECORD)
    assert record is not None
    assert (record.effort, record.effort_for_all) == (4, 2), (
        "who declares for another is asked for card and place"
    )


def test_a_paper_that_no_law_asks_for_is_not_one_that_the_state_has(published: None) -> None:
    permit = effort_named(NOW.date(), "1.013225")
    assert permit is not None
    # "chung-chi" is the key of another sheet's paper that the law does not ask for.
    assert [again.kind for again in permit.again] == ["address"]
    assert "owner_personal_id" in {question.key for question in permit.unclear}
    assert effort_rule().says_held("Cán bộ tra trong Cơ sở dữ liệu quốc gia về dân cư.")
    assert not effort_rule().says_held("Luật không đòi giấy này khi đăng ký.")


def test_the_levels_are_those_of_the_observatory() -> None:
    assert levels() == [("xanh", 0, 1), ("cam", 2, 4), ("đỏ", 5, None)]


def test_a_name_is_found_in_whole_words_and_a_short_one_never() -> None:
    names = Names([("Giấy phép xây dựng", "a"), ("Quyết định", "b"), ("Căn cước công dân", "c")], 3)
    assert names.within("Bản sao giấy phép xây dựng đã cấp") == "a"
    assert names.within("Giấy phép xây dựngx") == ""
    assert names.within("Quyết định về việc gì đó") == ""
    assert names.within("Giấy phép xây dựng", without="Giấy phép xây dựng; Bản vẽ") == ""
    assert names.within("Giấy phép xây dựng hoặc căn cước công dân", without="Giấy phép xây dựng") == "c"


def _asking(code: str, result: str, *papers: AskedPaper, known: bool = True) -> Asking:
    service = OnlineService(
        code,
        "Thử",
        1,
        "Thử",
        "Sở Thử",
        ("commune",),
        3,
        dt.date(2022, 1, 1),
        is_eligible=False,
        is_illustrative=True,
    )
    form = AskedForm(is_general=True, questions=(), pages=1, pages_for_all=1)
    return Asking(service, form, papers if known else None, result, result_is_general=False)


def test_a_paper_that_an_office_here_issues_may_be_taken_again_and_unknown_papers_are_no_number() -> None:
    paper = AskedPaper("giay-1-1", "Bản sao giấy phép lái đò", "hand_in", "", True, True, True)
    every = (
        _asking("9.000001", "Giấy phép khác", paper),
        _asking("9.000002", "Giấy phép lái đò", paper),
        _asking("9.000003", "Giấy phép khác", known=False),
    )
    known = KnownPapers(every, effort_rule())
    wants, gives, unknown = (effort_from(one, known, effort_rule()) for one in every)
    assert [(one.kind, one.weight, one.why) for one in wants.again] == [(ISSUED, 1, "Giấy phép lái đò")]
    assert wants.reusable == (paper,)
    assert gives.again == (), "what a service gives itself is not asked for twice"
    assert (unknown.asking.papers, unknown.effort, unknown.colour) == (None, 0, "xanh")


def test_more_that_the_account_fills_in_means_less_effort(
    published: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = effort_named(NOW.date(), BIRTH)
    place = {"detail": "Xóm 1", "area": "Xã A, huyện B, tỉnh C", "text": "Xóm 1, xã A, huyện B, tỉnh C"}
    monkeypatch.setattr(
        "tinhso.measures.queries.effort.fullest_account", lambda: fullest_account() | {"address": place}
    )
    after = effort_named(NOW.date() + dt.timedelta(days=1), BIRTH)
    assert before is not None
    assert after is not None
    assert (before.effort, after.effort) == (4, 3)


def test_the_list_tells_every_service_online_with_words_and_files(published: None) -> None:
    every = efforts(NOW.date())
    assert every
    assert [one.effort for one in every] == sorted((one.effort or 0 for one in every), reverse=True)
    page = Client().get(reverse("measures:effort")).content.decode()
    main = html.fromstring(page).find(".//main")
    assert main is not None
    told = " ".join(" ".join(main.itertext()).split())
    assert "dịch vụ trực tuyến còn hỏi điều Nhà nước đã có" in told
    assert "Còn hỏi lại" in told
    assert "cong-nop-1" in told
    assert "chưa kiểm chứng" in told
    for one in every:
        assert reverse("measures:effort_of", args=[one.asking.service.code]) in page
    rows = list(
        csv.DictReader(io.StringIO(Client().get(reverse("measures:effort"), {"tai": "csv"}).content.decode()))
    )
    birth = next(row for row in rows if row["ma"] == BIRTH)
    assert [birth[key] for key in ("trang", "o", "o_bat_buoc", "o_dien_san", "dieu_hoi_lai", "cong")] == [
        "13",
        "19",
        "18",
        "3",
        "3",
        "4",
    ]
    document = Client().get(reverse("measures:effort"), {"tai": "json"}).json()
    assert document["version"] == "cong-nop-1"
    assert len(document["rows"]) == len(every) == len(rows)
    assert "Không có dịch vụ nào ở mức này" in Client().get(
        reverse("measures:effort"), {"muc": "do"}
    ).content.decode() or any(one.colour == "đỏ" for one in every)
    assert next(n for weight, n in by_kind(every) if weight.name == "Nơi cư trú") >= 3
    assert Client().get(reverse("measures:effort_of", args=["0.0"])).status_code == 404


def _words(code: str) -> str:
    main = html.fromstring(Client().get(reverse("measures:effort_of", args=[code])).content.decode()).find(
        ".//main"
    )
    assert main is not None
    return " ".join(" ".join(main.itertext()).split())


def test_where_people_stop_is_told_without_a_small_number(published: None) -> None:
    for furthest, n in (("buoc.giay-to", 26), ("buoc.xem-lai", 12), ("ten-chau", 2)):
        for _one in range(n):
            make_draft(BIRTH, furthest, APRIL, name="Người Bí Mật Thử")
    told = _words(BIRTH)
    assert "Bí Mật" not in told
    assert "Tờ khai đã mở 40" in told
    assert "Bỏ dở nhiều nhất ở bước “Gửi giấy tờ”: 65,0 % tờ khai đã mở" in told
    assert "5,0 %" not in told.replace("65,0 %", ""), "two of forty stay away"
    assert "30,0 %" not in told, "and whatever would tell them"
    assert "Cháu tên là gì? không nêu" in told
    assert "Trả lời câu hỏi không nêu" in told
    assert "dưới 30 tờ khai đã nộp, không nêu" in told
    make_draft(RECORD, "buoc.giay-to", APRIL)
    assert "Kỳ này có dưới 30 tờ khai" in _words(RECORD)
