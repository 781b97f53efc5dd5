"""The pages of annexes: a file out and in, all or nothing, what differs, who may."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tinhso.directory.api import Account, Actor
from tinhso.journal.api import history
from tinhso.plans.adapters.annex_files import annex_sheet
from tinhso.plans.adapters.sheets import read_rows
from tinhso.plans.forms.annex import SealBroken, sealed, unsealed
from tinhso.plans.models import BudgetLine, History, Opinion, OpinionRequest, Plan
from tinhso.plans.queries.annex import comparison, rows_now, shape
from tinhso.plans.queries.plan_paper import plan_paper
from tinhso.plans.rules.annex import digest
from tinhso.plans.rules.plans import Row
from tinhso.plans.services.import_annex import AnnexMoved, CannotImport, import_annex
from tinhso.plans.tests.annex_world import many_rows, nine_rows, row, worked, write
from tinhso.plans.tests.factories import MORNING, Committee, make_committee, make_plan, make_window
from tinhso.toolkit.policy import NotThere

pytestmark = pytest.mark.django_db
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def committee() -> Committee:
    return make_committee()


@pytest.fixture
def plan(committee: Committee) -> Plan:
    made = make_plan(committee.bureau, committee.du, make_window(committee.bureau))
    write(made, nine_rows())
    return made


def sheet(rows: list[Row], plan: Plan) -> SimpleUploadedFile:
    content = annex_sheet(plan.title, rows, shape(), made_at=MORNING)
    return SimpleUploadedFile("phu-luc.xlsx", content, content_type=XLSX)


def at_desk(client: Client, actor: Actor) -> Client:
    client.force_login(Account.objects.get(pk=actor.account_id or 0))
    return client


def page(name: str, plan: Plan, *more: int) -> str:
    return reverse(f"plans:{name}", args=[plan.pk, *more])


def changed() -> list[Row]:
    nine = nine_rows()
    return [replace(nine[0], amount=200_000_000), *nine[1:8], row(content="Việc mới", group="xa-hoi")]


def test_a_preview_tells_what_would_change_and_the_second_press_takes_it(
    client: Client, committee: Committee, plan: Plan
) -> None:
    at_desk(client, committee.du)
    shown = client.post(page("annex_import", plan), {"tep": sheet(changed(), plan)})
    assert shown.status_code == 200
    text = shown.content.decode()
    assert "Tệp khác phụ lục đang có ở 3 chỗ" in text
    assert "1 nhiệm vụ thêm, 1 nhiệm vụ bỏ, 1 nhiệm vụ sửa" in text
    assert "<del>180</del>" in text
    assert "<ins>200</ins>" in text
    assert rows_now(plan) == nine_rows()
    taken = client.post(page("annex_import", plan), {"hang": shown.context["sealed"]})
    assert taken.status_code == 302
    plan.refresh_from_db()
    assert rows_now(plan) == changed()
    assert plan.draft_number == 2
    (kept,) = plan.snapshots.all()
    assert (kept.number, len(kept.rows)) == (1, 9)


def test_an_import_keeps_the_draft_writes_history_and_tells_the_journal(
    committee: Committee, plan: Plan
) -> None:
    import_annex(by=committee.du, at=MORNING, pk=plan.pk, rows=changed(), seen=digest(nine_rows()))
    (line,) = History.objects.filter(about=plan.about)
    assert (line.what, line.before) == ("Nhập phụ lục từ Excel", "9 nhiệm vụ, bản nháp 1")
    told = [(record.event, dict(record.data)) for record in history(plan.about)]
    assert told == [
        ("plans.AnnexImported", {"plan": plan.pk, "rows": 9, "added": 1, "removed": 1, "changed": 1})
    ]


def test_one_bad_cell_and_nothing_is_taken(client: Client, committee: Committee, plan: Plan) -> None:
    bad = [replace(one, content="") if n in (3, 5) else one for n, one in enumerate(changed())]
    shown = at_desk(client, committee.du).post(page("annex_import", plan), {"tep": sheet(bad, plan)})
    assert shown.status_code == 422
    text = shown.content.decode()
    assert "2 chỗ phải sửa, chưa nhập gì" in text
    assert "Ô B9: trống. Ghi nội dung nhiệm vụ" in text
    assert "Ô B11: trống." in text
    assert rows_now(plan) == nine_rows()
    assert not plan.snapshots.exists()


def test_at_most_two_hundred_faults_are_listed_and_all_are_counted(
    client: Client, committee: Committee, plan: Plan
) -> None:
    bad = [replace(one, content="") for one in many_rows(300)]
    shown = at_desk(client, committee.du).post(page("annex_import", plan), {"tep": sheet(bad, plan)})
    assert "200 chỗ đầu trên 300 chỗ phải sửa" in shown.content.decode()
    assert len(shown.context["faults"]) == 200


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"STT;Viec", "Đây không phải tệp Excel"), (b"", "Tệp trống"), (None, "Chọn tệp Excel của phụ lục")],
)
def test_what_is_no_sheet_is_told_at_the_box(
    client: Client, committee: Committee, plan: Plan, content: bytes | None, words: str
) -> None:
    posted = {} if content is None else {"tep": SimpleUploadedFile("a.xlsx", content)}
    shown = at_desk(client, committee.du).post(page("annex_import", plan), posted)
    assert shown.status_code == 422
    assert f'<a href="#tep">{words}' in shown.content.decode()


def test_an_annex_that_moved_on_is_shown_again_and_not_overwritten(
    client: Client, committee: Committee, plan: Plan
) -> None:
    at_desk(client, committee.du)
    shown = client.post(page("annex_import", plan), {"tep": sheet(changed(), plan)})
    plan.items.filter(ordinal=2).update(note="Sửa lúc khác")
    again = client.post(page("annex_import", plan), {"hang": shown.context["sealed"]})
    assert again.status_code == 422
    assert "Người khác vừa sửa phụ lục" in again.content.decode()
    assert plan.items.get(ordinal=2).note == "Sửa lúc khác"
    done = client.post(page("annex_import", plan), {"hang": again.context["sealed"]})
    assert done.status_code == 302


def test_rows_that_were_not_shown_are_not_taken(client: Client, committee: Committee, plan: Plan) -> None:
    at_desk(client, committee.du)
    good = sealed(plan.pk, committee.du.person_id, nine_rows(), changed())
    for text in (
        "",
        "x" * 500,
        good[:-3] + "abc",
        sealed(plan.pk + 1, committee.du.person_id, [], changed()),
    ):
        shown = client.post(page("annex_import", plan), {"hang": text})
        assert shown.status_code == 422
        assert "Chọn lại tệp Excel" in shown.content.decode()
    with pytest.raises(SealBroken):
        unsealed(good, plan.pk, committee.su.person_id)
    assert rows_now(plan) == nine_rows()


def test_the_service_trusts_no_row(committee: Committee, plan: Plan) -> None:
    def bring(*rows: Row) -> None:
        import_annex(by=committee.du, at=MORNING, pk=plan.pk, rows=rows, seen=digest(rows_now(plan)))

    with pytest.raises(CannotImport, match="từ 1 đến"):
        bring()
    for fields in ({"group": "x"}, {"note": "x" * 501}, {"amount": 5}):
        with pytest.raises(CannotImport, match="Nhiệm vụ 1 không còn đúng mẫu"):
            bring(row(**fields))
    with pytest.raises(CannotImport, match="cơ quan chủ trì không còn"):
        bring(row(lead_office=999_999_999))
    with pytest.raises(CannotImport, match="giống hệt"):
        bring(*nine_rows())
    with pytest.raises(AnnexMoved):
        import_annex(by=committee.du, at=MORNING, pk=plan.pk, rows=changed(), seen="another")
    assert not plan.snapshots.exists()


def test_a_row_with_money_does_not_go(committee: Committee, plan: Plan) -> None:
    BudgetLine.objects.create(
        plan_item=plan.items.get(ordinal=9),
        office=committee.bureau,
        year=2022,
        name="Kho bài giảng",
        source="tinh",
        capital="recurrent",
        planned=1,
        created_at=MORNING,
    )
    with pytest.raises(CannotImport, match="dòng kinh phí"):
        import_annex(by=committee.du, at=MORNING, pk=plan.pk, rows=changed(), seen=digest(rows_now(plan)))
    assert not plan.snapshots.exists()


def test_opinions_on_rows_that_go_are_told_before(client: Client, committee: Committee, plan: Plan) -> None:
    asked = OpinionRequest.objects.create(
        plan=plan, office=committee.other, asked_at=MORNING, due=dt.date(2022, 5, 12)
    )
    Opinion.objects.create(request=asked, row=9, text="Bỏ", given_at=MORNING)
    Opinion.objects.create(request=asked, row=1, text="Giữ", given_at=MORNING)
    shown = at_desk(client, committee.du).post(page("annex_import", plan), {"tep": sheet(changed(), plan)})
    assert "1 ý kiến nói về nhiệm vụ sắp bỏ" in shown.content.decode()


def test_the_same_file_has_nothing_to_import_and_another_order_has(
    client: Client, committee: Committee, plan: Plan
) -> None:
    at_desk(client, committee.du)
    same = client.post(page("annex_import", plan), {"tep": sheet(nine_rows(), plan)})
    assert "Tệp giống hệt phụ lục đang có" in same.content.decode()
    assert 'name="hang"' not in same.content.decode()
    turned = client.post(page("annex_import", plan), {"tep": sheet(nine_rows()[::-1], plan)})
    assert "Tệp chỉ đổi thứ tự nhiệm vụ" in turned.content.decode()
    assert client.post(page("annex_import", plan), {"hang": turned.context["sealed"]}).status_code == 302
    assert rows_now(plan) == nine_rows()[::-1]


def test_the_excel_of_a_plan_comes_in_again_unchanged(
    client: Client, committee: Committee, plan: Plan
) -> None:
    answer = at_desk(client, committee.du).get(page("annex_excel", plan))
    assert answer["Content-Disposition"] == f'attachment; filename="phu-luc-{plan.pk}.xlsx"'
    rows = read_rows(answer.content, "x.xlsx")
    assert rows[0][0] == "PHỤ LỤC NHIỆM VỤ"
    posted = SimpleUploadedFile("x.xlsx", answer.content)
    shown = client.post(page("annex_import", plan), {"tep": posted})
    assert shown.context["is_same"]


def test_the_word_of_a_plan_has_its_tasks_and_their_sum(
    client: Client, committee: Committee, plan: Plan
) -> None:
    answer = at_desk(client, committee.du).get(page("annex_word", plan))
    document = docx.Document(io.BytesIO(answer.content))
    table = document.tables[-1]
    assert [cell.text for cell in table.rows[-1].cells][1::5] == ["Cộng", "3.000"]
    assert "Tập huấn kỹ năng số cho 1.150 cán bộ quản lý trường" in table.rows[2].cells[1].text
    again = client.get(page("annex_word", plan))
    assert again.content == answer.content


def test_a_plan_as_a_document_says_what_is_known(committee: Committee, plan: Plan) -> None:
    paper = plan_paper(Plan.objects.select_related("office__parent", "head__person").get(pk=plan.pk))
    assert (paper.authority, paper.issuer) == ("UBND tỉnh Nam Định", "Sở Giáo dục và Đào tạo")
    assert paper.about == "Chuyển đổi số năm 2022 của Sở Giáo dục và Đào tạo"
    said = "\n".join(part.text for part in paper.parts)
    assert "Kế hoạch có 9 nhiệm vụ thuộc 8 nhóm" in said
    assert "Tổng kinh phí: 3.000 triệu đồng." in said
    assert "310 trên 3.000 triệu đồng, 10,3 %" in said
    assert [part.name for part in paper.annex][:2] == ["I. Nhận thức số", "II. Thể chế số"]
    assert "Dự thảo, bản nháp 1" in paper.mark


def test_two_drafts_stand_beside_each_other(client: Client, committee: Committee, plan: Plan) -> None:
    import_annex(by=committee.du, at=MORNING, pk=plan.pk, rows=changed(), seen=digest(nine_rows()))
    at_desk(client, committee.du)
    text = client.get(page("annex_compare", plan, 1)).content.decode()
    assert "Bản 2 khác bản 1 ở 3 chỗ" in text
    assert "giống hệt" in client.get(page("annex_compare", plan, 2)).content.decode()
    assert client.get(page("annex_compare", plan, 7)).status_code == 404
    plan.refresh_from_db()
    found = comparison(plan, 2, 1)
    assert found.places == 3
    with pytest.raises(NotThere):
        comparison(plan, 1, 9)


def test_many_differences_have_pages(client: Client, committee: Committee, plan: Plan) -> None:
    import_annex(by=committee.du, at=MORNING, pk=plan.pk, rows=many_rows(250), seen=digest(nine_rows()))
    at_desk(client, committee.du)
    first = client.get(page("annex_compare", plan, 1))
    last = client.get(page("annex_compare", plan, 1), {"trang": "99"})
    assert (first.context["page"], first.context["pages"], last.context["page"]) == (1, 3, 3)
    assert len(first.context["lines"]) == 100


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("annex_excel", {"du", "dien", "thinh", "dinh", "luong", "kim", "an"}),
        ("annex_word", {"du", "dien", "thinh", "dinh", "luong", "kim", "an"}),
        ("annex_import", {"du", "dien"}),
        ("annex_compare", {"du", "dien", "thinh", "dinh", "luong", "kim", "an"}),
    ],
)
def test_who_may_open_what(
    client: Client, committee: Committee, plan: Plan, name: str, may: set[str]
) -> None:
    more = (1,) if name == "annex_compare" else ()
    for who in ("du", "dien", "thinh", "dinh", "luong", "kim", "an", "su", "nhap", "be"):
        answer = at_desk(client, getattr(committee, who)).get(page(name, plan, *more))
        assert (who, answer.status_code) == (who, 200 if who in may else 404)
    client.logout()
    assert client.get(page(name, plan, *more)).status_code == 302


def test_nobody_else_imports_and_not_after_it_was_sent(committee: Committee, plan: Plan) -> None:
    for by in (committee.su, committee.thinh, committee.luong, committee.be):
        with pytest.raises(NotThere):
            import_annex(by=by, at=MORNING, pk=plan.pk, rows=changed(), seen=digest(nine_rows()))
    Plan.objects.filter(pk=plan.pk).update(state="appraisal")
    with pytest.raises(NotThere):
        import_annex(by=committee.du, at=MORNING, pk=plan.pk, rows=changed(), seen=digest(nine_rows()))


def test_two_thousand_rows_are_shown_and_taken_within_three_seconds_each(
    client: Client, committee: Committee, plan: Plan
) -> None:
    at_desk(client, committee.du)
    file = sheet(many_rows(2_000), plan)
    began = worked()
    shown = client.post(page("annex_import", plan), {"tep": file})
    read = worked()
    taken = client.post(page("annex_import", plan), {"hang": shown.context["sealed"]})
    written = worked()
    assert (shown.status_code, taken.status_code) == (200, 302)
    assert plan.items.count() == 2_000
    assert read - began < 3, read - began
    assert written - read < 3, written - read
