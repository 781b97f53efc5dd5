"""Who gets what of windows, plans, annexes and opinions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tinhso.directory.api import Office, Post, Role
from tinhso.plans.lifecycle import PlanState
from tinhso.plans.models import Opinion, Plan, PlanItem, PlanSnapshot, Window
from tinhso.toolkit.clock import VN

if TYPE_CHECKING:
    from tests.authorisation.matrix import Line
    from tests.authorisation.world import World

Address = Callable[["World", str], tuple[list[Any], str]]

NINE = dt.datetime(2022, 5, 10, 9, 0, tzinfo=VN)
NOBODY = 999_999_999
READ, POST, BOTH = ("GET", "HEAD"), ("POST",), ("GET", "HEAD", "POST")
METHODS: dict[str, tuple[str, ...]] = {
    **{
        f"plans:{name}": READ
        for name in (
            *("plans", "window", "window_csv", "plan", "plan_text"),
            *("annex_excel", "annex_word", "annex_compare"),
        )
    },
    **{
        f"plans:{name}": BOTH
        for name in (
            *("window_open", "plan_describe", "plan_item_new", "plan_item", "plan_ask"),
            *("opinion_give", "opinion_answer", "annex_import"),
        )
    },
    **{
        f"plans:{name}": POST
        for name in (
            *("window_remind", "plan_start", "plan_item_remove", "plan_item_move", "plan_keep"),
            *("plan_go_back", "opinion_remind", "plan_act"),
        )
    },
}
#: The bureau's plans, by the year that they are for: one that nobody else takes part in, one that the other bureau was
#: asked about, and one in every further state.
OWN, ASKED, APPRAISAL, SIGNING, SIGNED, ISSUED = 2022, 2023, 2024, 2025, 2026, 2027
_NOT_BEGUN = 2030


def _plan(year: int) -> Plan:
    return Plan.objects.get(first_year=year, last_year=year, version=1)


def _window(year: int) -> int:
    return Window.objects.get(first_year=year).pk


def _of(year: int, *more: Any) -> Address:
    return lambda world, state: ([_plan(year).pk, *more], "")


def _none(world: World, state: str) -> tuple[list[Any], str]:
    return [NOBODY], ""


def _act(year: int, act: str) -> Address:
    return lambda world, state: ([_plan(year).pk, act], "")


def _with_other(world: World, state: str) -> tuple[list[Any], str]:
    return [_plan(ASKED).pk, world.offices["other"].pk], ""


ADDRESSES: dict[tuple[str, str], Address] = {
    ("plans:window", ""): lambda world, state: ([_window(OWN)], ""),
    ("plans:window_csv", ""): lambda world, state: ([_window(OWN)], ""),
    ("plans:window_remind", ""): lambda world, state: ([_window(OWN)], ""),
    ("plans:plan_start", ""): lambda world, state: (
        [_window(_NOT_BEGUN), world.offices["bureau"].pk],
        "",
    ),
    ("plans:plan_start", "begun already"): lambda world, state: (
        [_window(OWN), world.offices["bureau"].pk],
        "",
    ),
    **{
        (f"plans:{name}", ""): _of(OWN)
        for name in (
            *("plan", "plan_text", "plan_describe", "plan_item_new", "plan_ask", "plan_keep"),
            *("annex_excel", "annex_word", "annex_import"),
        )
    },
    ("plans:plan_item_new", "nothing typed"): _of(OWN),
    ("plans:plan_item", ""): _of(OWN, 1),
    ("plans:plan_item_remove", ""): _of(OWN, 1),
    ("plans:plan_item_move", ""): _of(OWN, 1, "xuong"),
    ("plans:plan_go_back", ""): _of(OWN, 1),
    ("plans:annex_compare", ""): _of(OWN, 1),
    ("plans:plan", "asked"): _of(ASKED),
    ("plans:plan", "issued"): _of(ISSUED),
    ("plans:plan_text", "issued"): _of(ISSUED),
    ("plans:opinion_give", ""): _with_other,
    ("plans:opinion_remind", ""): _with_other,
    ("plans:opinion_answer", ""): lambda world, state: (
        [Opinion.objects.get(request__plan=_plan(ASKED)).pk],
        "",
    ),
    ("plans:opinion_answer", "own"): lambda world, state: (
        [Opinion.objects.get(request__plan=_plan(OWN), answer="").pk],
        "",
    ),
    ("plans:plan_act", "gui-tham-dinh"): _act(OWN, "gui-tham-dinh"),
    ("plans:plan_act", "tham-dinh-dat"): _act(APPRAISAL, "tham-dinh-dat"),
    ("plans:plan_act", "tra-lai"): _act(APPRAISAL, "tra-lai"),
    ("plans:plan_act", "ky"): _act(SIGNING, "ky"),
    ("plans:plan_act", "dang-ky"): _act(SIGNED, "dang-ky"),
    ("plans:plan_act", "dieu-chinh"): _act(ISSUED, "dieu-chinh"),
    ("plans:plan_act", "giao-nhiem-vu"): _act(ISSUED, "giao-nhiem-vu"),
    ("plans:plan_act", "no such act"): _act(OWN, "khong-co"),
    **{(f"plans:{name}", "no such one"): _none for name in ("plan", "window", "opinion_answer")},
}
_ROW = {
    "group": "nhan-thuc",
    "content": "Tập huấn kỹ năng số",
    "lead": "Phòng Tổ chức cán bộ",
    "starts": "01/06/2022",
    "ends": "30/06/2022",
    "product": "46 lớp",
}
_WINDOW = {
    "name": "Kế hoạch năm 2031",
    "first_year": "2031",
    "last_year": "2031",
    "deadline": "20/05/2022",
    "kind": "department",
}


def _sent(**content: Any) -> Callable[[World, str], dict[str, Any]]:
    return lambda world, state: dict(content)


CONTENTS: dict[tuple[str, str], Callable[[World, str], dict[str, Any]]] = {
    ("plans:window_open", ""): _sent(**_WINDOW),
    ("plans:plan_describe", ""): _sent(title="Tên mới", goal="Mục tiêu mới"),
    ("plans:plan_item_new", ""): _sent(**_ROW),
    ("plans:plan_item", ""): _sent(**_ROW),
    ("plans:plan_ask", ""): lambda world, state: {"days": "5", "office": world.offices["other"].pk},
    ("plans:opinion_give", ""): _sent(**{"answer": "co-y-kien", "text-1": "Ghi tốc độ.", "row-1": "1"}),
    ("plans:opinion_answer", ""): _sent(answer="accepted"),
    ("plans:plan_act", "tra-lai"): _sent(text="Thiếu nguồn vốn."),
    ("plans:plan_act", "dang-ky"): _sent(text="46/KH"),
    ("plans:plan_act", "dieu-chinh"): _sent(text="Thêm tiền."),
}
_MINE = ("steerers", "doers")
_PLAN_WORDS = ("title", "goal", "adjusts_reason", "appraisal_note", "number")
_ITEM_WORDS = ("sector", "content", "lead", "partners", "product", "note")
READERS: dict[str, tuple[str, ...]] = {
    "plans.Window.name": ("inside",),
    **{f"plans.Plan.{name}": _MINE for name in _PLAN_WORDS},
    **{f"plans.PlanItem.{name}": _MINE for name in _ITEM_WORDS},
    "plans.PlanSnapshot.rows": _MINE,
    "plans.PlanSnapshot.note": _MINE,
    "plans.Opinion.text": _MINE,
    "plans.Opinion.answer_text": _MINE,
}
_CODE = "a code of the software's own, not a word of anybody's"
NOT_PLANTED: dict[str, str] = dict.fromkeys(
    (
        *("plans.Plan.state", "plans.Plan.signed_as", "plans.PlanItem.group", "plans.PlanItem.source"),
        "plans.Opinion.answer",
    ),
    _CODE,
)
WRITTEN_ONCE: tuple[str, ...] = ("plans.Plan", "plans.PlanItem", "plans.PlanSnapshot", "plans.Opinion")


def add(world: World) -> None:
    """Let the bureau have a plan in every state, one of them asked about, and a window in which it has none."""
    bureau, other = world.offices["bureau"], world.offices["other"]
    for year in (OWN, ASKED, _NOT_BEGUN):
        window = Window.objects.create(
            name=f"Kế hoạch năm {year}",
            first_year=year,
            last_year=year,
            opens_on=NINE.date() - dt.timedelta(days=20),
            deadline=dt.date(2022, 5, 20),
            opened_at=NINE,
        )
        window.requirements.create(office=bureau)
    own = _make(world, OWN, PlanState.OPINIONS, window=Window.objects.get(first_year=OWN))
    asked = _make(world, ASKED, PlanState.OPINIONS, window=Window.objects.get(first_year=ASKED))
    due = dt.date(2022, 5, 12)
    for plan, office in ((own, world.offices["keeping"]), (asked, other)):
        request = plan.requests.create(office=office, asked_at=NINE, due=due)
        request.opinions.create(row=1, text="Ghi rõ số lớp.", given_at=NINE)
    PlanSnapshot.objects.create(plan=own, number=1, rows=[], at=NINE)
    Plan.objects.filter(pk=own.pk).update(draft_number=2)
    _make(world, APPRAISAL, PlanState.APPRAISAL)
    _make(world, SIGNING, PlanState.SIGNING, appraised_at=NINE)
    head = Post.objects.get(office=bureau, role=Role.LEADER)
    done = {"appraised_at": NINE, "signed_by": head, "signed_as": "head", "signed_at": NINE}
    _make(world, SIGNED, PlanState.SIGNED, **done)
    _make(world, ISSUED, PlanState.ISSUED, **done, number="45/KH", registered_at=NINE)


def _make(world: World, year: int, state: PlanState, **fields: Any) -> Plan:
    bureau: Office = world.offices["bureau"]
    plan = Plan.objects.create(
        office=bureau,
        first_year=year,
        last_year=year,
        title=f"Kế hoạch năm {year}",
        goal="Mục tiêu",
        head=Post.objects.get(office=bureau, role=Role.LEADER),
        drafted_by_id=world.actors["planner"].account_id,
        drafted_at=NINE,
        saved_at=NINE,
    )
    for place in (1, 2):
        plan.items.create(
            ordinal=place,
            group="nhan-thuc",
            content=f"Tập huấn {place}",
            lead=bureau.name,
            lead_office=bureau,
            starts=dt.date(year, 6, 1),
            ends=dt.date(year, 6, 30),
            product="46 lớp",
        )
    Plan.objects.filter(pk=plan.pk).update(state=state, **fields)
    return Plan.objects.get(pk=plan.pk)


def plant(world: World, word: Callable[[str], str]) -> None:
    """Write words into the plan in which no other bureau takes part, and into an adjustment that is being drafted."""
    own = _plan(OWN)
    said = {name: word(f"plans.Plan.{name}") for name in _PLAN_WORDS if name != "adjusts_reason"}
    Plan.objects.filter(pk=own.pk).update(**said)
    for item in PlanItem.objects.filter(plan=own):
        words = {name: word(f"plans.PlanItem.{name}") for name in _ITEM_WORDS}
        PlanItem.objects.filter(pk=item.pk).update(**words)
    row = PlanItem.objects.filter(plan=own).order_by("ordinal")[0]
    kept = {
        **dict.fromkeys(("sector", "lead", "partners", "product", "note", "source"), "x"),
        "group": row.group,
        "content": word("plans.PlanSnapshot.rows"),
        "lead_office": None,
        "starts": "2022-06-01",
        "ends": "2022-06-30",
        "amount": 0,
    }
    PlanSnapshot.objects.filter(plan=own).delete()
    PlanSnapshot.objects.create(
        plan=own, number=1, rows=[kept], note=word("plans.PlanSnapshot.note"), at=NINE
    )
    request = own.requests.get()
    Opinion.objects.filter(request=request).update(text=word("plans.Opinion.text"))
    request.opinions.create(
        text=word("plans.Opinion.text"),
        given_at=NINE,
        answer="rejected",
        answer_text=word("plans.Opinion.answer_text"),
        answered_at=NINE,
    )
    issued = _plan(ISSUED)
    Plan.objects.create(
        office=issued.office,
        first_year=ISSUED,
        last_year=ISSUED,
        version=2,
        adjusts=issued,
        adjusts_reason=word("plans.Plan.adjusts_reason"),
        title=word("plans.Plan.title"),
        drafted_at=NINE,
        saved_at=NINE,
    )


def lines() -> tuple[Line, ...]:
    """Return the lines of the table."""
    from tests.authorisation.matrix import (  # noqa: PLC0415 - the table asks its parts while it is being made
        ALL_SIGN_IN,
        DONE,
        NOTHING,
        PAGE,
        TOLD,
        Line,
        these,
    )
    from tests.authorisation.world import (  # noqa: PLC0415 - the same
        AT_THE_DESK,
        STEERED,
        STEERED_ELSEWHERE,
        STEERERS_OF_ALL,
    )

    inside = {**ALL_SIGN_IN, **these(AT_THE_DESK, PAGE)}
    own = {**ALL_SIGN_IN, **these((*STEERERS_OF_ALL, *STEERED), PAGE)}
    readers = {**ALL_SIGN_IN, **these((*STEERERS_OF_ALL, *STEERED), NOTHING)}

    def only(roles: tuple[str, ...], outcome: str) -> dict[str, Any]:
        return {**ALL_SIGN_IN, **these(roles, outcome)}

    secretary = ("secretary",)
    return (
        *(Line(f"plans:{name}", "GET", inside) for name in ("plans", "window", "window_csv")),
        *(
            Line(f"plans:{name}", "GET", own)
            for name in ("plan", "plan_text", "annex_excel", "annex_word", "annex_compare")
        ),
        Line("plans:plan", "GET", {**own, **these(STEERED_ELSEWHERE, PAGE)}, case="asked"),
        *(Line(f"plans:{name}", "GET", inside, case="issued") for name in ("plan", "plan_text")),
        *(
            Line(f"plans:{name}", "GET", ALL_SIGN_IN, case="no such one")
            for name in ("plan", "window", "opinion_answer")
        ),
        Line("plans:window_open", "GET", only(secretary, PAGE)),
        Line("plans:window_open", "POST", only(secretary, DONE)),
        Line("plans:window_remind", "POST", only(secretary, DONE)),
        Line("plans:plan_start", "POST", only(STEERED, DONE)),
        Line("plans:plan_start", "POST", only(STEERED, NOTHING), case="begun already"),
        *(
            Line(f"plans:{name}", "GET", only(STEERED, PAGE))
            for name in ("plan_describe", "plan_item_new", "plan_item", "plan_ask", "annex_import")
        ),
        *(
            Line(f"plans:{name}", "POST", only(STEERED, DONE))
            for name in (
                *("plan_describe", "plan_item_new", "plan_item", "plan_ask", "plan_item_remove"),
                *("plan_item_move", "plan_keep", "plan_go_back", "opinion_remind", "opinion_answer"),
            )
        ),
        Line("plans:plan_item_new", "POST", only(STEERED, TOLD), case="nothing typed"),
        Line("plans:annex_import", "POST", only(STEERED, TOLD)),
        Line("plans:opinion_answer", "GET", only(STEERED, PAGE)),
        Line("plans:opinion_answer", "GET", only(STEERED, PAGE), case="own"),
        Line("plans:opinion_give", "GET", only(STEERED_ELSEWHERE, PAGE)),
        Line("plans:opinion_give", "POST", only(STEERED_ELSEWHERE, DONE)),
        Line("plans:plan_act", "POST", {**readers, **these(STEERED, TOLD)}, case="gui-tham-dinh"),
        Line("plans:plan_act", "POST", {**readers, "plan_appraiser": DONE}, case="tham-dinh-dat"),
        Line("plans:plan_act", "POST", {**readers, "plan_appraiser": DONE}, case="tra-lai"),
        Line("plans:plan_act", "POST", {**readers, "head": DONE}, case="ky"),
        Line("plans:plan_act", "POST", {**readers, **these(STEERED, DONE)}, case="dang-ky"),
        Line(
            "plans:plan_act",
            "POST",
            {**only(AT_THE_DESK, NOTHING), **these(STEERED, DONE)},
            case="dieu-chinh",
        ),
        Line(
            "plans:plan_act",
            "POST",
            {**only(AT_THE_DESK, NOTHING), **these((*STEERED, *secretary), DONE)},
            case="giao-nhiem-vu",
        ),
        Line("plans:plan_act", "POST", ALL_SIGN_IN, case="no such act"),
    )
