"""A plan from its first draft to its adjustment, through the services."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from tinhso.directory.api import Role
from tinhso.directory.tests.factories import make_actor
from tinhso.messages.api import Notice
from tinhso.plans.lifecycle import PlanState
from tinhso.plans.models import BudgetLine, History, Opinion, Plan, PlanItem, Reminder, Task
from tinhso.plans.queries.history import history_of
from tinhso.plans.services.adjust_plan import CannotAdjust, adjust_plan
from tinhso.plans.services.answer_opinion import CannotAnswerOpinion, answer_opinion
from tinhso.plans.services.appraise_plan import CannotAppraise, appraise_plan
from tinhso.plans.services.ask_opinions import CannotAsk, ask_opinions
from tinhso.plans.services.describe_plan import CannotDescribe, describe_plan
from tinhso.plans.services.draft_plan import draft_plan
from tinhso.plans.services.give_opinion import CannotGiveOpinion, NewOpinion, give_opinion
from tinhso.plans.services.go_back_to_draft import go_back_to_draft, keep_draft
from tinhso.plans.services.issue_plan import CannotIssue, issue_plan
from tinhso.plans.services.make_plan_tasks import make_plan_tasks
from tinhso.plans.services.remind_registration import CannotRemind, remind_opinion
from tinhso.plans.services.remove_plan_item import move_plan_item, remove_plan_item
from tinhso.plans.services.replace_rows import RowHasMoney, replace_rows
from tinhso.plans.services.return_plan import CannotReturn, return_plan
from tinhso.plans.services.save_plan_item import CannotSaveItem, save_plan_item
from tinhso.plans.services.send_to_appraisal import CannotSendToAppraisal, send_to_appraisal
from tinhso.plans.services.sign_plan import sign_plan
from tinhso.plans.tests.annex_world import nine_rows, row, write
from tinhso.plans.tests.factories import MORNING, Committee, make_committee, make_window
from tinhso.plans.tests.plan_world import (
    ANSWERED,
    ASKED,
    GIVEN,
    GOAL,
    ISSUED,
    PASSED,
    SENT,
    SIGNED,
    asked,
    drafted,
    issued,
    make_deputy,
    moment,
    opined,
    passed,
    sent,
    signed,
)
from tinhso.toolkit.policy import NotThere

pytestmark = pytest.mark.django_db


@pytest.fixture
def who() -> Committee:
    return make_committee()


def contents(plan: Plan) -> list[str]:
    return [item.content for item in plan.items.order_by("ordinal")]


def fresh(plan: Plan) -> Plan:
    return Plan.objects.get(pk=plan.pk)


# Writing the annex


def test_a_new_row_stands_at_the_end_of_its_group(who: Committee) -> None:
    plan = drafted(who)
    item = save_plan_item(
        by=who.du, at=MORNING, pk=plan.pk, row=row(group="an-toan", content="Rà soát máy chủ")
    )
    assert item.ordinal == 6
    assert contents(plan)[4:7] == [
        "Lập hồ sơ cấp độ an toàn cho cơ sở dữ liệu ngành",
        "Rà soát máy chủ",
        "Đưa 12 thủ tục đủ điều kiện lên mức độ 4",
    ]
    assert save_plan_item(by=who.dien, at=MORNING, pk=plan.pk, row=row(group="xa-hoi")).ordinal == 11
    assert [one.ordinal for one in plan.items.order_by("ordinal")] == list(range(1, 12))
    assert history_of(plan.about)[0].what == "Thêm nhiệm vụ 11"


def test_a_row_is_changed_and_keeps_its_place(who: Committee) -> None:
    plan = drafted(who)
    changed = replace(nine_rows()[2], product="12 điểm nối")
    save_plan_item(by=who.du, at=MORNING, pk=plan.pk, row=changed, ordinal=3, seen=changed.content)
    assert plan.items.get(ordinal=3).product == "12 điểm nối"
    n = History.objects.count()
    save_plan_item(by=who.du, at=MORNING, pk=plan.pk, row=changed, ordinal=3)
    assert History.objects.count() == n, "nothing changed"
    with pytest.raises(CannotSaveItem, match="Người khác vừa đổi dòng này"):
        save_plan_item(by=who.du, at=MORNING, pk=plan.pk, row=row(), ordinal=3, seen="dòng cũ")
    with pytest.raises(NotThere):
        save_plan_item(by=who.du, at=MORNING, pk=plan.pk, row=row(), ordinal=99)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"content": " "}, "content"),
        ({"lead": ""}, "lead"),
        ({"product": ""}, "product"),
        ({"note": "x" * 501}, "note"),
        ({"group": "khac"}, "group"),
        ({"ends": dt.date(2022, 5, 31)}, "ends"),
        ({"amount": -1}, "amount"),
        ({"amount": 1}, "source"),
        ({"amount": 1, "source": "khong-co"}, "source"),
    ],
)
def test_a_row_that_cannot_stand_is_refused_at_its_field(
    who: Committee, fields: dict[str, Any], field: str
) -> None:
    plan = drafted(who)
    with pytest.raises(CannotSaveItem) as refused:
        save_plan_item(by=who.du, at=MORNING, pk=plan.pk, row=row(**fields))
    assert refused.value.field == field
    assert plan.items.count() == 9


def test_an_annex_has_an_end(who: Committee, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = drafted(who)
    monkeypatch.setattr("tinhso.plans.services.save_plan_item.MOST_ROWS", 9)
    with pytest.raises(CannotSaveItem, match="đã có 9 dòng"):
        save_plan_item(by=who.du, at=MORNING, pk=plan.pk, row=row())


def test_opinions_follow_their_row_wherever_it_goes(who: Committee) -> None:
    opinion = opined(who)
    plan = opinion.request.plan

    def about() -> int:
        return Opinion.objects.get(pk=opinion.pk).row

    assert move_plan_item(by=who.du, at=MORNING, pk=plan.pk, ordinal=3, step=-1) == 2
    assert about() == 2
    assert move_plan_item(by=who.du, at=MORNING, pk=plan.pk, ordinal=1, step=-1) == 1, "at the top already"
    save_plan_item(by=who.du, at=MORNING, pk=plan.pk, row=row(content="Việc mới"))
    assert about() == 3
    kept = remove_plan_item(by=who.du, at=MORNING, pk=plan.pk, ordinal=1)
    assert about() == 2
    remove_plan_item(by=who.du, at=MORNING, pk=plan.pk, ordinal=2)
    assert about() == 0, "the row is gone: about the whole"
    go_back_to_draft(by=who.du, at=MORNING, pk=plan.pk, number=kept.number)
    assert len(contents(plan)) == 10
    for wrong in (0, 99):
        with pytest.raises(NotThere):
            move_plan_item(by=who.du, at=MORNING, pk=plan.pk, ordinal=wrong, step=1)
        with pytest.raises(NotThere):
            remove_plan_item(by=who.du, at=MORNING, pk=plan.pk, ordinal=wrong)


def test_what_was_taken_out_comes_back(who: Committee) -> None:
    plan = drafted(who)
    before = list(plan.items.order_by("ordinal").values())
    kept = remove_plan_item(by=who.du, at=MORNING, pk=plan.pk, ordinal=5)
    assert (kept.number, fresh(plan).draft_number, len(contents(plan))) == (1, 2, 8)
    go_back_to_draft(by=who.du, at=MORNING, pk=plan.pk, number=kept.number)
    after = list(plan.items.order_by("ordinal").values())
    same = [{key: value for key, value in one.items() if key != "id"} for one in after]
    assert same == [{key: value for key, value in one.items() if key != "id"} for one in before]
    assert [one["id"] for n, one in enumerate(after) if n != 4] == [
        one["id"] for n, one in enumerate(before) if n != 4
    ], "what stayed is the same record"
    assert fresh(plan).draft_number == 3, "what was there in between is kept too"
    with pytest.raises(NotThere):
        go_back_to_draft(by=who.du, at=MORNING, pk=plan.pk, number=77)


def test_a_draft_is_kept_by_hand(who: Committee) -> None:
    plan = drafted(who)
    kept = keep_draft(by=who.du, at=MORNING, pk=plan.pk, note="")
    assert (kept.number, kept.note, len(kept.rows)) == (1, "Giữ lại bản nháp", 9)


def test_a_row_with_money_does_not_go(who: Committee) -> None:
    plan = drafted(who)
    BudgetLine.objects.create(
        office=who.bureau,
        year=2022,
        name="Nối mạng",
        source="tinh",
        capital="recurrent",
        planned=1,
        plan_item=plan.items.get(ordinal=3),
        created_at=MORNING,
    )
    with pytest.raises(RowHasMoney, match="Nhiệm vụ 3 đã có dòng kinh phí"):
        remove_plan_item(by=who.du, at=MORNING, pk=plan.pk, ordinal=3)
    with pytest.raises(RowHasMoney), transaction.atomic():
        replace_rows(plan, nine_rows()[4:])
    replace_rows(plan, nine_rows()[2:])
    assert plan.items.get(ordinal=1).budget_lines.count() == 1


def test_the_common_part_is_written_and_refused(who: Committee) -> None:
    plan = drafted(who)
    said: dict[str, Any] = {
        "by": who.du,
        "at": MORNING,
        "pk": plan.pk,
        "title": plan.title,
        "goal": GOAL,
        "head": plan.head_id,
    }
    n = History.objects.count()
    describe_plan(**said)
    assert History.objects.count() == n, "nothing changed"
    describe_plan(**said | {"title": "Tên khác", "head": None})
    last = history_of(plan.about)[0]
    assert (last.what, last.after) == ("Sửa phần chung: tên, người chịu trách nhiệm", "Tên khác")
    for wrong in ({"title": " "}, {"goal": "x" * 5001}, {"head": 999_999}):
        with pytest.raises(CannotDescribe):
            describe_plan(**said | wrong)


# Opinions


def test_nothing_is_asked_about_an_unfinished_plan(who: Committee) -> None:
    window = make_window(who.bureau)
    plan = draft_plan(by=who.du, at=MORNING, window=window.pk, office=who.bureau.pk)
    with pytest.raises(CannotAsk, match="chưa có nhiệm vụ nào; Chưa có mục tiêu chung"):
        ask_opinions(by=who.du, at=MORNING, pk=plan.pk, offices=[who.other.pk], days=5)


@pytest.mark.parametrize(
    ("offices", "days", "sentence"),
    [
        ((), 5, "Chọn ít nhất một"),
        (("bureau",), 5, "chính cơ quan soạn"),
        (("other",), 0, "từ 1 đến 60"),
        (("other",), 61, "từ 1 đến 60"),
    ],
)
def test_asking_is_refused_with_a_sentence(
    who: Committee, offices: tuple[str, ...], days: int, sentence: str
) -> None:
    plan = drafted(who)
    with pytest.raises(CannotAsk, match=sentence):
        ask_opinions(
            by=who.du, at=ASKED, pk=plan.pk, offices=[getattr(who, one).pk for one in offices], days=days
        )


def test_asked_offices_are_told_and_have_working_days(who: Committee) -> None:
    plan = fresh(asked(who))
    assert plan.state == PlanState.OPINIONS
    assert plan.opinions_due == dt.date(2022, 5, 12), "over the holidays"
    assert {one.recipient_id for one in Notice.objects.all()} == {who.su.person_id, who.nhap.person_id}
    assert plan.snapshots.get().note == "Bản gửi lấy ý kiến"
    save_plan_item(by=who.du, at=MORNING, pk=plan.pk, row=row())
    ask_opinions(by=who.du, at=moment(5, 6), pk=plan.pk, offices=[who.commune.pk], days=2)
    assert plan.requests.count() == 3
    assert fresh(plan).opinions_due == dt.date(2022, 5, 12)


def test_an_office_agrees_or_says_something_and_may_add(who: Committee) -> None:
    plan = asked(who)
    ask: dict[str, Any] = {"plan": plan.pk, "office": who.other.pk}
    assert give_opinion(by=who.su, at=GIVEN, **ask).agrees
    more = give_opinion(by=who.su, at=GIVEN, **ask, opinions=[NewOpinion(0, "Nêu rõ nguồn.")])
    assert not more.agrees
    assert more.opinions.count() == 1
    with pytest.raises(CannotGiveOpinion, match="không chuyển thành nhất trí"):
        give_opinion(by=who.su, at=GIVEN, **ask)
    for said in ([NewOpinion(0, " ")], [NewOpinion(0, "x" * 1001)], [NewOpinion(10, "Dòng lạ")]):
        with pytest.raises(CannotGiveOpinion):
            give_opinion(by=who.su, at=GIVEN, **ask, opinions=said)
    with pytest.raises(CannotGiveOpinion, match="tối đa 200"):
        give_opinion(by=who.su, at=GIVEN, **ask, opinions=[NewOpinion(0, "x")] * 200)
    assert Notice.objects.filter(recipient_id=who.du.person_id or 0).count() == 1


def test_only_asked_offices_answer_for_themselves(who: Committee) -> None:
    plan = asked(who)
    for other in (who.be, who.du, who.dinh, who.thinh, who.luong):
        with pytest.raises(NotThere):
            give_opinion(by=other, at=GIVEN, plan=plan.pk, office=who.other.pk)
    with pytest.raises(NotThere):
        give_opinion(by=who.su, at=GIVEN, plan=plan.pk, office=who.district.pk)
    return_plan(by=who.du, at=GIVEN, pk=plan.pk, reason="Sửa lại mục tiêu.")
    with pytest.raises(NotThere):
        give_opinion(by=who.su, at=GIVEN, plan=plan.pk, office=who.other.pk)


def test_an_opinion_is_rejected_with_a_reason_and_may_be_answered_anew(who: Committee) -> None:
    opinion = opined(who)
    with pytest.raises(CannotAnswerOpinion, match="Ghi lý do"):
        answer_opinion(by=who.du, at=ANSWERED, pk=opinion.pk, accepts=False, text=" ")
    with pytest.raises(CannotAnswerOpinion, match="tối đa 1000"):
        answer_opinion(by=who.du, at=ANSWERED, pk=opinion.pk, accepts=True, text="x" * 1001)
    answer_opinion(by=who.du, at=ANSWERED, pk=opinion.pk, accepts=False, text="Chưa đủ tiền.")
    n = History.objects.count()
    answer_opinion(by=who.du, at=ANSWERED, pk=opinion.pk, accepts=False, text="Chưa đủ tiền.")
    assert History.objects.count() == n
    assert answer_opinion(by=who.dien, at=ANSWERED, pk=opinion.pk, accepts=True).answer == "accepted"
    assert history_of(opinion.request.plan.about)[0].before == "Không tiếp thu"
    for other in (who.su, who.dinh, who.luong, who.thinh):
        with pytest.raises(NotThere):
            answer_opinion(by=other, at=ANSWERED, pk=opinion.pk, accepts=True)


def test_who_is_asked_anew_answers_anew(who: Committee) -> None:
    opinion = opined(who)
    ask_opinions(by=who.du, at=MORNING, pk=opinion.request.plan_id, offices=[who.other.pk], days=5)
    request = opinion.request.plan.requests.get(office=who.other)
    assert request.answered_at is None
    assert request.opinions.count() == 1, "what was said stays"


def test_a_silent_office_is_reminded_once_a_day_by_hand(who: Committee) -> None:
    plan = asked(who)
    remind_opinion(by=who.du, at=MORNING, pk=plan.pk, office=who.other.pk)
    assert "tính là nhất trí" in Reminder.objects.get().text
    with pytest.raises(CannotRemind, match="Hôm nay đã nhắc"):
        remind_opinion(by=who.du, at=MORNING, pk=plan.pk, office=who.other.pk)
    remind_opinion(by=who.du, at=moment(5, 13), pk=plan.pk, office=who.other.pk)
    assert "đã qua" in Reminder.objects.order_by("-pk")[0].text
    give_opinion(by=who.nhap, at=GIVEN, plan=plan.pk, office=who.district.pk)
    with pytest.raises(CannotRemind, match="đã trả lời"):
        remind_opinion(by=who.du, at=MORNING, pk=plan.pk, office=who.district.pk)
    with pytest.raises(NotThere):
        remind_opinion(by=who.dinh, at=MORNING, pk=plan.pk, office=who.other.pk)


# Appraisal, signature, issue


def test_nothing_is_appraised_before_opinions_are_answered(who: Committee) -> None:
    opinion = opined(who)
    pk = opinion.request.plan_id
    with pytest.raises(CannotSendToAppraisal, match="Còn 1 ý kiến chưa trả lời"):
        send_to_appraisal(by=who.du, at=SENT, pk=pk)
    answer_opinion(by=who.du, at=ANSWERED, pk=opinion.pk, accepts=True)
    send_to_appraisal(by=who.du, at=SENT, pk=pk)
    assert Notice.objects.filter(recipient_id=who.luong.person_id or 0).count() == 1


def test_the_silent_agree_after_the_last_day_and_the_history_says_so(who: Committee) -> None:
    plan = asked(who)
    with pytest.raises(CannotSendToAppraisal, match="chưa góp ý"):
        send_to_appraisal(by=who.du, at=moment(5, 12), pk=plan.pk)
    send_to_appraisal(by=who.du, at=moment(5, 13), pk=plan.pk)
    assert (
        "tính là nhất trí: Sở Thông tin và Truyền thông, UBND huyện Ý Yên" in history_of(plan.about)[0].reason
    )


def test_the_drafter_does_not_appraise_or_sign(who: Committee) -> None:
    double = make_actor(
        "kiem",
        "Kiêm Nhiệm Mẫu",
        (who.bureau, Role.LEADER, "Giám đốc"),
        (who.other, Role.PLAN_APPRAISER, "Phòng"),
    )
    plan = sent(who)
    Plan.objects.filter(pk=plan.pk).update(drafted_by=double.account_id)
    with pytest.raises(NotThere):
        appraise_plan(by=double, at=PASSED, pk=plan.pk)
    appraise_plan(by=who.luong, at=PASSED, pk=plan.pk)
    with pytest.raises(NotThere):
        sign_plan(by=double, at=SIGNED, pk=plan.pk)
    assert sign_plan(by=who.dien, at=SIGNED, pk=plan.pk).state == PlanState.SIGNED
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.filter(pk=plan.pk).update(appraised_by=double.account_id)


def test_an_appraisal_has_bearable_words(who: Committee) -> None:
    plan = sent(who)
    with pytest.raises(CannotAppraise):
        appraise_plan(by=who.luong, at=PASSED, pk=plan.pk, note="x" * 1001)
    appraise_plan(by=who.luong, at=PASSED, pk=plan.pk, note="Đạt.")
    assert Notice.objects.filter(recipient_id=who.dien.person_id or 0, title__startswith="Chờ ký").exists()


def test_a_plan_goes_back_with_a_reason_and_comes_again(who: Committee) -> None:
    plan = sent(who)
    with pytest.raises(CannotReturn):
        return_plan(by=who.luong, at=PASSED, pk=plan.pk, reason=" ")
    with pytest.raises(NotThere):
        return_plan(by=who.su, at=PASSED, pk=plan.pk, reason="Sửa.")
    return_plan(by=who.luong, at=PASSED, pk=plan.pk, reason="Thiếu nguồn vốn.")
    back = fresh(plan)
    assert (back.state, back.appraisal_note, back.appraised_at) == (PlanState.DRAFT, "Thiếu nguồn vốn.", None)
    assert Notice.objects.filter(recipient_id=who.du.person_id or 0, body="Thiếu nguồn vốn.").exists()
    ask_opinions(by=who.du, at=MORNING, pk=plan.pk, offices=[], days=5)
    assert history_of(plan.about)[0].what == "Chuyển lại lấy ý kiến"
    send_to_appraisal(by=who.du, at=MORNING, pk=plan.pk)
    appraise_plan(by=who.luong, at=MORNING, pk=plan.pk)
    return_plan(by=who.dien, at=MORNING, pk=plan.pk, reason="Đợi tiền.")
    assert (fresh(plan).state, fresh(plan).appraised_at) == (PlanState.DRAFT, None), "the appraisal is void"


def test_head_and_deputy_are_told_apart(who: Committee) -> None:
    deputy = make_deputy(who)
    plan = passed(who)
    for other in (who.du, who.su, who.thinh, who.dinh, who.luong):
        with pytest.raises(NotThere):
            sign_plan(by=other, at=SIGNED, pk=plan.pk)
    one = sign_plan(by=deputy, at=SIGNED, pk=plan.pk)
    assert (one.signed_as, history_of(plan.about)[0].after) == ("deputy", "Phó Giám đốc ký thay")


def test_a_heads_post_goes_before_a_deputys(who: Committee) -> None:
    both = make_actor(
        "hai", "Hai Ghế Mẫu", (who.bureau, Role.LEADER, "Phó Giám đốc"), (who.other, Role.LEADER, "Giám đốc")
    )
    plan = passed(who)
    assert sign_plan(by=both, at=SIGNED, pk=plan.pk).signed_as == "deputy", "only posts of the office count"


def test_an_issued_plan_is_registered_and_stays_as_it_is(who: Committee) -> None:
    plan = signed(who)
    for number in ("", "không số", "4" * 81):
        with pytest.raises(CannotIssue):
            issue_plan(by=who.du, at=ISSUED, pk=plan.pk, number=number)
    issue_plan(by=who.du, at=ISSUED, pk=plan.pk, number=" 45/KH-SGDĐT ")
    one = fresh(plan)
    assert (one.state, one.number, one.registered_at) == (PlanState.ISSUED, "45/KH-SGDĐT", ISSUED)
    with pytest.raises(NotThere):
        save_plan_item(by=who.du, at=MORNING, pk=plan.pk, row=row())
    with pytest.raises(DatabaseError), transaction.atomic():
        Plan.objects.filter(pk=plan.pk).update(title="khác")
    with pytest.raises(DatabaseError), transaction.atomic():
        PlanItem.objects.filter(plan=plan).update(product="khác")


def test_a_number_is_used_once_a_year_in_an_office(who: Committee) -> None:
    issued(who)
    later = make_window(who.bureau, last_year=2025, name="Giai đoạn")
    other = draft_plan(by=who.du, at=MORNING, window=later.pk, office=who.bureau.pk)
    write(other, nine_rows())
    describe_plan(by=who.du, at=MORNING, pk=other.pk, title=other.title, goal=GOAL, head=other.head_id)
    with pytest.raises(CannotIssue, match="Số này đã dùng"):
        issue_plan(by=who.du, at=moment(5, 20), pk=signed(who, asked(who, other)).pk, number="45/KH-SGDĐT")


def test_an_adjustment_is_a_new_version_and_the_old_one_stays(who: Committee) -> None:
    plan = issued(who)
    with pytest.raises(CannotAdjust):
        adjust_plan(by=who.du, at=MORNING, pk=plan.pk, reason="")
    new = adjust_plan(by=who.du, at=MORNING, pk=plan.pk, reason="Thêm tiền của tỉnh.")
    assert (new.version, new.adjusts, new.state, contents(new)) == (2, plan, PlanState.DRAFT, contents(plan))
    with pytest.raises(NotThere):
        adjust_plan(by=who.du, at=MORNING, pk=plan.pk, reason="Lần nữa.")
    with pytest.raises(NotThere):
        adjust_plan(by=who.dinh, at=MORNING, pk=plan.pk, reason="Của người khác.")
    assert fresh(plan).state == PlanState.ISSUED


def test_rows_become_tasks_once(who: Committee) -> None:
    plan = drafted(who)
    ours = {"lead": who.bureau.name, "lead_office": who.bureau.pk}
    theirs = {"lead": who.other.name, "lead_office": who.other.pk}
    for one in (
        row(content="x" * 400, **ours),
        row(content="Nối mạng", **theirs),
        row(content="Đã qua", starts=dt.date(2022, 1, 1), ends=dt.date(2022, 5, 9), **ours),
    ):
        save_plan_item(by=who.du, at=MORNING, pk=plan.pk, row=one)
    issued(who, asked(who, plan))
    with pytest.raises(NotThere):
        make_plan_tasks(by=who.su, at=MORNING, pk=plan.pk)
    assert make_plan_tasks(by=who.du, at=MORNING, pk=plan.pk) == 1, "a planner gives to the own office only"
    assert make_plan_tasks(by=who.dinh, at=MORNING, pk=plan.pk) == 1
    assert make_plan_tasks(by=who.dinh, at=MORNING, pk=plan.pk) == 0
    long = Task.objects.get(lead=who.bureau)
    assert (len(long.title), len(long.description), long.due) == (300, 400, dt.date(2022, 6, 30))
    assert {one.plan_item_id for one in Task.objects.all()} <= set(plan.items.values_list("pk", flat=True))


def test_the_provinces_plan_is_the_secretarys_and_the_chair_signs_it(who: Committee) -> None:
    window = make_window(who.province, deadline=dt.date(2022, 6, 1))
    leader = make_actor("ct", "Chủ Tịch Mẫu", (who.province, Role.LEADER, "Chủ tịch"))
    for other in (who.su, who.thinh, leader):
        with pytest.raises(NotThere):
            draft_plan(by=other, at=MORNING, window=window.pk, office=who.province.pk)
    plan = draft_plan(by=who.dinh, at=MORNING, window=window.pk, office=who.province.pk)
    assert plan.head is not None
    assert plan.head.person_id == who.thinh.person_id
    write(plan, nine_rows())
    describe_plan(by=who.dinh, at=MORNING, pk=plan.pk, title=plan.title, goal=GOAL, head=plan.head_id)
    ask_opinions(by=who.dinh, at=MORNING, pk=plan.pk, offices=[who.bureau.pk], days=5)
    give_opinion(by=who.du, at=MORNING, plan=plan.pk, office=who.bureau.pk)
    send_to_appraisal(by=who.dinh, at=MORNING, pk=plan.pk)
    appraise_plan(by=who.luong, at=MORNING, pk=plan.pk)
    with pytest.raises(NotThere):
        sign_plan(by=leader, at=MORNING, pk=plan.pk)
    assert sign_plan(by=who.thinh, at=MORNING, pk=plan.pk).signed_as == "head"
    assert issue_plan(by=who.dinh, at=MORNING, pk=plan.pk, number="70/KH-UBND").state == PlanState.ISSUED


@pytest.mark.parametrize(
    "statement",
    [
        "update plans_plansnapshot set note = 'khác'",
        "update plans_history set what = 'khác'",
        "delete from plans_history",
        "update plans_reminder set text = 'khác'",
        "delete from plans_reminder",
        "delete from plans_plan where state = 'issued'",
        "delete from plans_planitem",
        'insert into plans_planitem (plan_id, ordinal, "group", sector, content, lead, partners, starts, ends, product,'
        ' amount, source, note) select plan_id, 99, "group", sector, content, lead, partners, starts, ends, product,'
        " amount, source, note from plans_planitem limit 1",
    ],
)
def test_what_is_kept_is_never_edited(who: Committee, statement: str) -> None:
    plan = asked(who)
    remind_opinion(by=who.du, at=MORNING, pk=plan.pk, office=who.other.pk)
    issued(who, plan)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
