"""Writing, reviewing and publishing a sheet; ending and copying a procedure."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tinhso.catalogue import api
from tinhso.catalogue.models import CHANNELS, Procedure, ProcedureVersion, ServiceLevel, SheetDraft
from tinhso.catalogue.queries.compare import compare
from tinhso.catalogue.queries.duties import announced, missing
from tinhso.catalogue.queries.office import Wanted, dossier_of, listed
from tinhso.catalogue.queries.process import lacks, limit_hours, process_hours, too_long
from tinhso.catalogue.queries.sheets import sheet_of
from tinhso.catalogue.services.copy_version import copy_version
from tinhso.catalogue.services.default_sheet import Facts
from tinhso.catalogue.services.publish_draft import AlreadyPublished, Decision, publish_draft
from tinhso.catalogue.services.review_draft import approve_draft, return_draft
from tinhso.catalogue.services.unpublish import unpublish
from tinhso.catalogue.services.write_draft import (
    DraftMoved,
    OfficeRefused,
    drop_draft,
    open_draft,
    reopen_draft,
    save_draft,
    send_to_review,
    start_procedure,
    with_default_form,
)
from tinhso.catalogue.tests.office import AT, DAY, Keepers, approved, draft_of, make_keepers, published
from tinhso.catalogue.tests.samples import CODES, sheet
from tinhso.directory.api import SYSTEM
from tinhso.directory.tests.factories import make_cast
from tinhso.toolkit.policy import NotThere

CODE = "1.004873"
FIRST = dt.date(2022, 6, 1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def keepers() -> Keepers:
    api.import_sheets(by=SYSTEM, at=AT)
    return make_keepers()


def decision(first: dt.date = FIRST) -> Decision:
    return Decision("915/QĐ-UBND", AT.date(), first)


@pytest.mark.parametrize("code", CODES)
def test_a_published_version_reads_back_as_the_sheet_it_came_from(keepers: Keepers, code: str) -> None:
    before, after = sheet(code), sheet_of(api.current(code, AT.date()))
    assert after.pop("facts")["executing_levels"] == before["levels"]
    before.pop("facts", None)
    before["service_levels"] = []
    for one in (before, after):
        for part in ("form", "result"):
            for question in one[part]["schema"]["properties"].values():
                question.get("items", {}).pop("x-order", None)
    assert after == before


def test_a_sheet_goes_from_open_to_published_and_the_old_version_stays(keepers: Keepers) -> None:
    old = api.current(CODE, AT.date())
    version = published(keepers, CODE, FIRST)
    assert version.number == old.number + 1
    assert api.current(CODE, AT.date()).pk == old.pk
    assert api.current(CODE, FIRST).pk == version.pk
    assert ProcedureVersion.objects.get(pk=old.pk).effective_to == FIRST - DAY
    assert SheetDraft.objects.get().published_id == version.pk


def test_publishing_a_sheet_again_changes_no_service_level(keepers: Keepers) -> None:
    before = list(ServiceLevel.objects.order_by("pk").values())
    published(keepers, CODE, FIRST)
    assert list(ServiceLevel.objects.order_by("pk").values()) == before


def test_opening_twice_goes_on_with_the_same_sheet(keepers: Keepers) -> None:
    one = open_draft(by=keepers.vy, at=AT, code=CODE)
    assert open_draft(by=keepers.yen, at=AT, code=CODE).pk == one.pk


def test_only_the_office_sees_and_writes(keepers: Keepers) -> None:
    cast = make_cast()
    for stranger in (cast.lan, cast.minh, cast.hoa, cast.quan, cast.an, keepers.khoa):
        with pytest.raises(NotThere):
            open_draft(by=stranger, at=AT, code=CODE)
    draft = draft_of(keepers, CODE)
    with pytest.raises(NotThere):
        save_draft(by=keepers.khoa, at=AT, draft=draft.pk, revision=2, sheet={}, part="ten")
    assert listed(cast.minh, Wanted(), AT.date()).total == 0
    with pytest.raises(NotThere):
        unpublish(by=keepers.vy, at=AT, code=CODE, decision=decision())


def test_two_who_save_at_once_the_second_reads_who_was_first(keepers: Keepers) -> None:
    draft = draft_of(keepers, CODE)
    save_draft(by=keepers.yen, at=AT, draft=draft.pk, revision=2, sheet=draft.sheet, part="ten")
    with pytest.raises(DraftMoved, match=r"Kiều Yên Nháp vừa lưu bản này lúc 8 giờ 30"):
        save_draft(by=keepers.vy, at=AT, draft=draft.pk, revision=2, sheet={}, part="ten")
    assert SheetDraft.objects.get().sheet == draft.sheet


def test_nobody_who_wrote_a_line_reviews_it(keepers: Keepers) -> None:
    draft = draft_of(keepers, CODE)
    draft = save_draft(
        by=keepers.nha, at=AT, draft=draft.pk, revision=draft.revision, sheet=draft.sheet, part="ten"
    )
    draft = save_draft(
        by=keepers.vy, at=AT, draft=draft.pk, revision=draft.revision, sheet=draft.sheet, part="ten"
    )
    send_to_review(by=keepers.vy, at=AT, draft=draft.pk)
    with pytest.raises(OfficeRefused, match="Cần người thứ hai"):
        approve_draft(by=keepers.nha, at=AT, draft=draft.pk, revision=draft.revision)
    with pytest.raises(NotThere):
        approve_draft(by=keepers.vy, at=AT, draft=draft.pk, revision=draft.revision)
    approve_draft(by=keepers.khoa, at=AT, draft=draft.pk, revision=draft.revision)


def test_the_database_too_refuses_a_reviewer_who_wrote(keepers: Keepers) -> None:
    draft = draft_of(keepers, CODE)
    with pytest.raises(IntegrityError, match="a_second_person_reviews"), transaction.atomic():
        SheetDraft.objects.filter(pk=draft.pk).update(reviewer_account_id=keepers.vy.account_id)


def test_a_sheet_is_returned_with_a_note_and_what_was_approved_is_what_was_read(keepers: Keepers) -> None:
    draft = draft_of(keepers, CODE)
    send_to_review(by=keepers.vy, at=AT, draft=draft.pk)
    with pytest.raises(OfficeRefused, match="Ghi rõ cần sửa gì"):
        return_draft(by=keepers.khoa, at=AT, draft=draft.pk, note="sửa")
    kept = return_draft(by=keepers.khoa, at=AT, draft=draft.pk, note="Phí tại quầy chưa khớp nghị quyết.")
    assert (kept.state, kept.review_note) == ("writing", "Phí tại quầy chưa khớp nghị quyết.")
    send_to_review(by=keepers.vy, at=AT, draft=draft.pk)
    with pytest.raises(OfficeRefused, match="vừa đổi"):
        approve_draft(by=keepers.khoa, at=AT, draft=draft.pk, revision=1)


def test_taking_a_sheet_back_undoes_the_approval(keepers: Keepers) -> None:
    draft = approved(keepers, CODE)
    assert reopen_draft(by=keepers.vy, at=AT, draft=draft.pk).reviewer_account_id is None
    with pytest.raises(NotThere):
        publish_draft(by=keepers.vy, at=AT, draft=draft.pk, decision=decision())


def test_a_dropped_sheet_leaves_the_way_free(keepers: Keepers) -> None:
    first = open_draft(by=keepers.vy, at=AT, code=CODE)
    drop_draft(by=keepers.vy, at=AT, draft=first.pk)
    assert open_draft(by=keepers.vy, at=AT, code=CODE).pk != first.pk


def test_publishing_again_reads_who_was_first_and_when(keepers: Keepers) -> None:
    draft = approved(keepers, CODE)
    publish_draft(by=keepers.khoa, at=AT, draft=draft.pk, decision=decision())
    with pytest.raises(AlreadyPublished, match=r"Tô Khoa Giả Định đã công bố bản này trước, lúc 8 giờ 30"):
        publish_draft(by=keepers.vy, at=AT, draft=draft.pk, decision=decision())
    assert ProcedureVersion.objects.filter(procedure__code=CODE).count() == 2


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (Decision(" ", AT.date(), FIRST), "Ghi số quyết định"),
        (Decision("1", AT.date() + DAY, FIRST), "chưa tới"),
        (Decision("1", AT.date(), AT.date() - DAY), "trước ngày ký"),
        (Decision("1", dt.date(2020, 1, 1), dt.date(2020, 1, 2)), "phải sau ngày đó"),
    ],
)
def test_a_decision_that_cannot_be_is_refused(keepers: Keepers, wrong: Decision, sentence: str) -> None:
    draft = approved(keepers, CODE)
    with pytest.raises(OfficeRefused, match=sentence):
        publish_draft(by=keepers.vy, at=AT, draft=draft.pk, decision=wrong)
    assert SheetDraft.objects.get().state == "approved"


def test_a_version_published_meanwhile_is_not_written_over(keepers: Keepers) -> None:
    draft = approved(keepers, CODE)
    api.publish({**draft.sheet, "effective_from": "2022-05-20"}, by=SYSTEM, at=AT)
    with pytest.raises(OfficeRefused, match="Bản 2 đã được công bố sau khi bắt đầu soạn"):
        publish_draft(by=keepers.vy, at=AT, draft=draft.pk, decision=decision())


def test_a_process_longer_than_the_limit_is_refused_with_both_figures(keepers: Keepers) -> None:
    draft = draft_of(keepers, CODE)
    case = draft.sheet["cases"][-1]
    most = limit_hours(case["terms"])
    assert most is not None
    case["steps"][1]["hours"] = str(most + 7)
    have = process_hours(case["steps"])
    save_draft(by=keepers.vy, at=AT, draft=draft.pk, revision=2, sheet=draft.sheet, part="quy-trinh")
    with pytest.raises(OfficeRefused, match=rf"cộng {have} giờ làm việc, thời hạn chỉ có {most} giờ"):
        send_to_review(by=keepers.vy, at=AT, draft=draft.pk)
    approved_somehow = SheetDraft.objects.filter(pk=draft.pk)
    approved_somehow.update(state="approved")
    with pytest.raises(OfficeRefused, match="thời hạn chỉ có"):
        publish_draft(by=keepers.vy, at=AT, draft=draft.pk, decision=decision())


def test_of_parallel_steps_the_longest_counts_once() -> None:
    def step(hours: str, *, parallel: bool = False) -> dict[str, Any]:
        return {"hours": hours, "parallel": parallel}

    steps = [step("4"), step("8"), step("20", parallel=True), step("2", parallel=True), step("1.5")]
    assert process_hours(steps) == 25.5
    assert process_hours([step("4"), step("8")]) == 12


@pytest.mark.parametrize(
    ("value", "unit", "hours"),
    [
        ("3", "wd", 24),
        ("15", "d", 88),
        ("7", "d", 40),
        ("4", "h", 4),
        ("0", "sameday", 8),
        ("0", "none", None),
    ],
)
def test_a_limit_in_working_hours(value: str, unit: str, hours: int | None) -> None:
    assert limit_hours([{"limit": {"value": value, "unit": unit}}]) == hours


def test_a_new_procedure_names_every_mandatory_part_it_lacks(keepers: Keepers) -> None:
    facts = Facts(
        code="9.000009",
        name="Cấp giấy thử",
        field="Hộ tịch",
        responsible="Sở Tư pháp",
        levels=("commune",),
        source="QĐ thử",
        effective_from="2022-05-10",
        is_illustrative=False,
        online_level=4,
    )
    draft = start_procedure(by=keepers.vy, at=AT, facts=facts)
    said = {lack.part for lack in lacks(draft.sheet)}
    assert said == {"noi-lam", "truong-hop", "giay-to", "can-cu", "trang"}
    with pytest.raises(OfficeRefused):
        send_to_review(by=keepers.vy, at=AT, draft=draft.pk)
    with pytest.raises(OfficeRefused, match="đang có bản soạn"):
        start_procedure(by=keepers.yen, at=AT, facts=facts)
    with pytest.raises(NotThere):
        start_procedure(by=keepers.khoa, at=AT, facts=facts)


def test_ending_a_procedure_leaves_it_until_its_last_day_and_refuses_a_second_end(keepers: Keepers) -> None:
    with pytest.raises(OfficeRefused, match="Ngày cuối đã qua"):
        unpublish(by=keepers.khoa, at=AT, code=CODE, decision=decision(AT.date() - DAY))
    unpublish(by=keepers.khoa, at=AT, code=CODE, decision=decision(FIRST))
    assert api.current(CODE, FIRST).procedure.code == CODE
    with pytest.raises(api.ProcedureNotFound):
        api.current(CODE, FIRST + DAY)
    with pytest.raises(OfficeRefused, match="đã hết hiệu lực sau 01/06/2022"):
        unpublish(by=keepers.khoa, at=AT, code=CODE, decision=decision(FIRST + DAY))
    version = published(keepers, CODE, FIRST + 30 * DAY)
    assert version.number == 2


def test_a_copy_has_a_code_and_a_form_of_its_own_and_can_be_published(keepers: Keepers) -> None:
    draft = copy_version(by=keepers.vy, at=AT, code=CODE, new_code="9.000001", name="Xác nhận thử")
    assert draft.sheet["form"]["key"] == "mac-dinh"
    assert all(paper["when"] is None for paper in draft.sheet["papers"])
    for taken in (CODE, "9.000001", "abc"):
        with pytest.raises(OfficeRefused):
            copy_version(by=keepers.vy, at=AT, code=CODE, new_code=taken, name="Khác")
    whole = copy.deepcopy(draft.sheet)
    whole["facts"]["audience"] = ["citizen"]
    for case in whole["cases"]:
        for step in case["steps"]:
            step["hours"] = "1"
    save_draft(by=keepers.vy, at=AT, draft=draft.pk, revision=1, sheet=whole, part="noi-lam")
    send_to_review(by=keepers.vy, at=AT, draft=draft.pk)
    approve_draft(by=keepers.khoa, at=AT, draft=draft.pk, revision=2)
    version = publish_draft(by=keepers.vy, at=AT, draft=draft.pk, decision=decision())
    assert (version.number, version.procedure.code) == (1, "9.000001")
    assert api.current(CODE, FIRST).procedure.code == CODE


def test_the_default_form_drops_fees_that_hang_on_answers_and_says_so() -> None:
    made = with_default_form(sheet("1.001193"))
    for case in made["cases"]:
        for term in case["terms"]:
            assert not any(rule.get("times") or rule.get("when") for rule in term["fee"]["rules"])
            if any("nơi nhận báo" in rule["label"] for rule in term["fee"]["rules"]):
                assert term["unverified"]
    asked = made["form"]["schema"]["properties"].get("case")
    usual = [case for case in made["cases"] if not case["chosen_by_officer"]]
    assert (asked is not None) == (len(usual) > 1)
    assert usual[-1]["when"] is None


def test_the_comparison_names_what_differs_and_only_that() -> None:
    before, after = sheet(CODE), sheet(CODE)
    for one in (before, after):
        one["facts"] = {"audience": [], "executing_levels": [], "is_listed": False, "is_project_06": False}
    assert sum(part.changes for part in compare(before, after)) == 0
    after["cases"][0]["terms"][0]["limit"]["value"] = "9"
    changed = {part.key: part for part in compare(before, after) if part.changes}
    assert set(changed) == {"truong-hop"}
    (row,) = [row for row in changed["truong-hop"].rows if row.is_changed]
    assert "9 ngày" in row.after
    assert row.before != row.after
    assert sum(part.changes for part in compare(None, after)) > 20


def test_the_history_tells_who_did_what(keepers: Keepers) -> None:
    published(keepers, CODE, FIRST)
    unpublish(by=keepers.khoa, at=AT, code=CODE, decision=decision(FIRST + 90 * DAY))
    whole = dossier_of(keepers.khoa, CODE)
    told = [(one.name, one.what) for one in reversed(whole.happenings)]
    assert told == [
        ("Hệ thống", told[0][1]),
        ("Lý Vy Ví Dụ", "Mở bản soạn từ bản 1"),
        ("Lý Vy Ví Dụ", "Sửa phần đối tượng, cơ quan, cách nộp, lần lưu 2"),
        ("Lý Vy Ví Dụ", "Gửi duyệt, lần lưu 2"),
        ("Tô Khoa Giả Định", "Duyệt, lần lưu 2"),
        ("Lý Vy Ví Dụ", "Bản 2 có hiệu lực từ 01/06/2022"),
        ("Lý Vy Ví Dụ", "Công bố bản 2 theo 915/QĐ-UBND ngày 10/05/2022"),
        ("Tô Khoa Giả Định", "Cho hết hiệu lực sau 30/08/2022 theo 915/QĐ-UBND"),
    ]
    assert [version.number for version in whole.versions] == [2, 1]


def test_the_list_filters_and_pages_by_key(keepers: Keepers) -> None:
    seen: list[str] = []
    after = ""
    while True:
        page = listed(keepers.vy, Wanted(after=after), AT.date(), page=2)
        assert page.total == len(CODES)
        seen += [row.code for row in page.rows]
        after = page.following
        if not after:
            break
    assert seen == sorted(CODES)
    assert [r.code for r in listed(keepers.vy, Wanted(words="khai sinh"), AT.date()).rows] == ["1.001193"]
    draft_of(keepers, CODE)
    rows = listed(keepers.vy, Wanted(state="writing"), AT.date()).rows
    assert [(row.code, row.draft is not None) for row in rows] == [(CODE, True)]
    assert listed(keepers.vy, Wanted(state="ended"), AT.date()).rows == ()
    fields = Procedure.objects.get(code=CODE).field_id
    assert CODE in [r.code for r in listed(keepers.vy, Wanted(field=str(fields)), AT.date()).rows]


def test_the_duties_measure_working_days_and_name_what_is_missing(keepers: Keepers) -> None:
    published(keepers, CODE, dt.date(2022, 5, 16))
    (one,) = announced(keepers.khoa)
    assert (one.after, one.is_public_in_time) == (0, True)
    # 11, 12, 13 May: the 14th and 15th are a weekend.
    assert (one.ahead, one.is_ahead_in_time) == (3, False)
    assert missing(keepers.vy, AT.date()).rows == ()
    Procedure.objects.exclude(code=CODE).update(audience=[])
    page = missing(keepers.vy, AT.date())
    assert {row.code for row in page.rows} == set(CODES) - {CODE}
    assert all("doi-tuong" in row.lacks for row in page.rows)


def test_the_six_sheets_fit_their_limits_and_one_that_does_not_says_so() -> None:
    long = sheet("1.001193")["cases"][0]
    long["steps"][1]["hours"] = "40"
    assert "cộng 48 giờ làm việc" in too_long(long)
    for code in CODES:
        for case in sheet(code)["cases"]:
            most = limit_hours(case["terms"])
            assert not too_long(case)
            assert most is None or process_hours(case["steps"]) <= most
            assert {term["channel"] for term in case["terms"]} <= set(CHANNELS)
