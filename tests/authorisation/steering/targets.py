"""Who gets what of targets, actuals and reports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tinhso.plans.lifecycle import PLAN_OPEN
from tinhso.plans.models import Plan, Solution, Target, TargetReport
from tinhso.plans.services.add_target import NewPeriod, NewTarget, add_target
from tinhso.plans.services.answer_target_report import answer_target_report
from tinhso.plans.services.report_target import Reached, report_target
from tinhso.toolkit.clock import VN

if TYPE_CHECKING:
    from tests.authorisation.matrix import Line
    from tests.authorisation.world import World

Address = Callable[["World", str], tuple[list[Any], str]]

NINE: Final = dt.datetime(2022, 5, 10, 9, 0, tzinfo=VN)
READ, POST, BOTH = ("GET", "HEAD"), ("POST",), ("GET", "HEAD", "POST")
#: The bureau's targets, which the public does not see: one with reports, one that nobody reported yet, one with a part.
WITH, FREE, WHOLE, PART = (f"CT-9{n}" for n in ("01", "02", "03", "04"))

METHODS: dict[str, tuple[str, ...]] = {
    **{
        f"plans:{name}": READ
        for name in (
            *("targets", "targets_csv", "targets_xlsx", "target", "target_rule"),
            *("target_reports", "target_evidence", "solutions"),
        )
    },
    **{f"plans:{name}": BOTH for name in ("add_target", "change_target", "report_target", "target_report")},
    "plans:target_solution": POST,
}


def _of(code: str) -> Address:
    return lambda world, state: ([Target.objects.get(code=code).pk], "")


def _report(answer: str) -> Address:
    def found(world: World, state: str) -> tuple[list[Any], str]:
        return [TargetReport.objects.filter(target__code=WITH, answer=answer).latest("pk").pk], ""

    return found


def _nothing_there(world: World, state: str) -> tuple[list[Any], str]:
    return [99_999_999], ""


ADDRESSES: dict[tuple[str, str], Address] = {
    ("plans:target", ""): _of(WITH),
    ("plans:target", "a whole"): _of(WHOLE),
    ("plans:target", "no such one"): _nothing_there,
    ("plans:change_target", ""): _of(WITH),
    ("plans:report_target", ""): _of(FREE),
    ("plans:report_target", "the sum of its parts"): _of(WHOLE),
    ("plans:target_report", ""): _report(""),
    ("plans:target_report", "answered"): _report("returned"),
    ("plans:target_report", "no such one"): _nothing_there,
    ("plans:target_evidence", ""): _report(""),
    ("plans:target_evidence", "no such one"): _nothing_there,
    ("plans:target_solution", ""): _of(WITH),
}


def _sent(**content: Any) -> Callable[[World, str], dict[str, Any]]:
    return lambda world, state: dict(content)


def _target(world: World, state: str) -> dict[str, Any]:
    plan = Plan.objects.filter(office=world.offices["bureau"], state__in=PLAN_OPEN).order_by("pk")[0]
    return {
        "name": "Trường có học bạ số",
        "group": "chinh-quyen",
        "unit": "%",
        "direction": "up",
        "marks": "31/12/2022: 100",
        "source": "122/KH-UBND",
        "plan": str(plan.pk),
    }


CONTENTS: dict[tuple[str, str], Callable[[World, str], dict[str, Any]]] = {
    ("plans:add_target", ""): _target,
    ("plans:change_target", ""): _sent(last="31/12/2022", value="90", reason="Theo 45/TB"),
    ("plans:report_target", ""): _sent(on="09/05/2022", numerator="1", denominator="2", note="12/BB"),
    ("plans:report_target", "the sum of its parts"): _sent(
        on="09/05/2022", numerator="1", denominator="2", note="12/BB"
    ),
    ("plans:target_report", ""): _sent(answer="confirmed"),
    ("plans:target_report", "answered"): _sent(answer="confirmed"),
    ("plans:target_solution", ""): _sent(viec="them", text="Lập tổ lưu động"),
    ("plans:target_solution", "nothing typed"): _sent(viec="them"),
}
_OWN = ("steerers", "doers")
READERS: dict[str, tuple[str, ...]] = {
    **{f"plans.Target.{name}": _OWN for name in ("name", "definition", "unit", "source")},
    **{f"plans.TargetReport.{name}": _OWN for name in ("note", "file_name", "answer_text")},
    "plans.Solution.text": ("inside",),
}
_CODE = "a code of the software's own, not a word of anybody's"
NOT_PLANTED: dict[str, str] = {
    **dict.fromkeys(
        (
            *(f"plans.Target.{name}" for name in ("code", "group", "direction", "counter", "rule")),
            *("plans.TargetReport.answer", "plans.TargetActual.source", "plans.TargetActual.light"),
        ),
        _CODE,
    ),
    "plans.TargetActual.details": "numbers, days and codes that the reckoning says of itself",
}
#: An answered report is never edited.
WRITTEN_ONCE: tuple[str, ...] = ("plans.TargetReport",)


def add(world: World) -> None:
    """Let the bureau have targets that the public does not see: reported, not yet reported, and a whole with a part."""
    who, bureau = world.actors, world.offices["bureau"]

    def made(code: str, parent: int | None = None) -> Target:
        wanted = NewTarget(
            name=f"Chỉ tiêu {code}",
            definition="Đếm từng trường",
            group="chinh-quyen",
            unit="percent",
            source="122/KH-UBND",
            periods=[NewPeriod(dt.date(2022, 12, 31), Decimal(100))],
            office=bureau.pk,
            parent=parent,
            is_public=False,
            code=code,
        )
        return add_target(by=who["secretary"], at=NINE, wanted=wanted)

    target, whole = made(WITH), made(WHOLE)
    made(FREE)
    made(PART, whole.pk)
    for answer, text in (("confirmed", ""), ("returned", "Thiếu biên bản"), ("", "")):
        report = report_target(
            by=who["planner"],
            at=NINE,
            pk=target.pk,
            reached=Reached(NINE.date(), Decimal(1), Decimal(2)),
            note="Biên bản 12/BB",
        )
        if answer:
            answer_target_report(by=who["secretary"], at=NINE, pk=report.pk, answer=answer, text=text)
        else:
            TargetReport.objects.filter(pk=report.pk).update(note="Biên bản 13/BB")
    _with_file(world, target)
    solution = Solution.objects.create(text="Tập huấn từng trường", office=bureau, at=NINE)
    target.solutions.add(solution)


def _with_file(world: World, target: Target, **words: str) -> None:
    """Put a waiting report with a file and an answered one in place: those that the addresses lead to."""
    common = {
        "target": target,
        "office": world.offices["bureau"],
        "on": NINE.date(),
        "numerator": Decimal(1),
        "denominator": Decimal(2),
        "reported_by_id": world.actors["planner"].account_id,
        "reported_at": NINE,
        "note": words.get("note", "Biên bản"),
    }
    TargetReport.objects.create(
        **common, file=world.paper_file, file_name=words.get("file_name", "bien-ban.pdf")
    )
    TargetReport.objects.create(
        **common,
        answer="returned",
        answer_text=words.get("answer_text", "Thiếu chữ ký"),
        answered_by_id=world.actors["secretary"].account_id,
        answered_at=NINE,
    )


def plant(world: World, word: Callable[[str], str]) -> None:
    """Write reports with a word for each field in them."""
    words = {name: word(f"plans.TargetReport.{name}") for name in ("note", "file_name", "answer_text")}
    _with_file(world, Target.objects.get(code=WITH), **words)


def lines() -> tuple[Line, ...]:
    """Return the lines of the table."""
    from tests.authorisation.matrix import (  # noqa: PLC0415 - the table asks its parts while it is being made
        ALL_SIGN_IN,
        DONE,
        PAGE,
        TOLD,
        Line,
        these,
    )
    from tests.authorisation.world import AT_THE_DESK, STEERED, STEERERS_OF_ALL  # noqa: PLC0415 - the same

    def only(roles: tuple[str, ...], outcome: str) -> dict[str, Any]:
        return {**ALL_SIGN_IN, **these(roles, outcome)}

    inside, own = only(AT_THE_DESK, PAGE), only((*STEERERS_OF_ALL, *STEERED), PAGE)
    keeper, writers, planner = ("secretary",), ("secretary", "planner"), ("planner",)
    return (
        *(
            Line(f"plans:{name}", "GET", inside)
            for name in (
                *("targets", "targets_csv", "targets_xlsx", "target_rule"),
                *("target_reports", "solutions"),
            )
        ),
        *(Line(f"plans:{name}", "GET", own) for name in ("target", "target_report", "target_evidence")),
        Line("plans:target", "GET", own, case="a whole"),
        Line("plans:target_report", "GET", own, case="answered"),
        *(
            Line(f"plans:{name}", "GET", ALL_SIGN_IN, case="no such one")
            for name in ("target", "target_report", "target_evidence")
        ),
        Line("plans:add_target", "GET", only(writers, PAGE)),
        Line("plans:add_target", "POST", only(writers, DONE)),
        Line("plans:add_target", "POST", only(writers, TOLD), case="nothing typed"),
        Line("plans:change_target", "GET", only(keeper, PAGE)),
        Line("plans:change_target", "POST", only(keeper, DONE)),
        Line("plans:change_target", "POST", only(keeper, TOLD), case="nothing typed"),
        Line("plans:report_target", "GET", only(planner, PAGE)),
        Line("plans:report_target", "POST", only(planner, DONE)),
        Line("plans:report_target", "POST", only(planner, TOLD), case="nothing typed"),
        Line("plans:report_target", "GET", ALL_SIGN_IN, case="the sum of its parts"),
        Line("plans:report_target", "POST", ALL_SIGN_IN, case="the sum of its parts"),
        Line("plans:target_report", "POST", only(keeper, DONE)),
        Line("plans:target_report", "POST", only(keeper, TOLD), case="nothing chosen"),
        Line("plans:target_report", "POST", ALL_SIGN_IN, case="answered"),
        Line("plans:target_solution", "POST", only(writers, DONE)),
        Line("plans:target_solution", "POST", only(writers, TOLD), case="nothing typed"),
    )
