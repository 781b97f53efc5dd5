"""Set a target with what it is to reach by when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor, Office
from tinhso.journal.api import announce
from tinhso.plans.events.targets import TargetAdded
from tinhso.plans.models import DirectiveItem, History, Plan, Target, TargetPeriod
from tinhso.plans.permissions import SECRETARY
from tinhso.plans.permissions.targets import PLANS_WITH_TARGETS, TARGETS, MayPlanTarget, MayTarget
from tinhso.plans.queries.counters import COUNTERS
from tinhso.plans.queries.documents import labels
from tinhso.plans.queries.targets import rules, value_text
from tinhso.plans.rules.lights import PERCENT, rule_on
from tinhso.plans.services.reckon_targets import reckon_targets, wait_for_reckoning
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.text import tidy
from tinhso.toolkit.words import date_text
from tinhso.toolkit.working_time import in_vietnam

LONGEST: Final = {"name": 250, "definition": 1000, "unit": 30, "source": 300}
#: Values have ten digits before the point at most, and four after it.
LARGEST: Final = Decimal(10) ** 10
#: The lock of those who give out codes of targets.
_LOCK: Final = 0x7B


class CannotAddTarget(ValueError):
    """The target cannot be set like this; the sentence says what to mend."""


@dataclass(frozen=True, slots=True)
class NewPeriod:
    """What is to be reached by the end of ``last``, in the target's unit (percent: 0 to 100)."""

    last: dt.date
    value: Decimal


@dataclass(frozen=True, slots=True)
class NewTarget:
    """A target as it is to be set. Keys (``office``, ``plan``, ``parent``, ``directive_item``) are row numbers.

    ``counter`` blank: an office reports it, or its parts make it up. ``code`` blank: the next free one.
    """

    name: str
    group: str
    unit: str
    source: str
    periods: Sequence[NewPeriod]
    direction: str = "up"
    definition: str = ""
    baseline: Decimal | None = None
    baseline_on: dt.date | None = None
    counter: str = ""
    office: int | None = None
    plan: int | None = None
    parent: int | None = None
    directive_item: int | None = None
    is_public: bool = True
    is_verified: bool = True
    code: str = ""


@transaction.atomic
def add_target(*, by: Actor, at: dt.datetime, wanted: NewTarget) -> Target:
    """Set a target: the secretary any, a planner one of an open plan of the own office.

    Raises ``NotThere`` for others, and ``CannotAddTarget``.
    """
    wait_for_reckoning()
    plan, office = _whose(by, wanted)
    parent = _parent(by, wanted)
    _check(wanted)
    target = Target.objects.create(
        code=wanted.code or _next_code(),
        name=tidy(wanted.name),
        definition=wanted.definition.strip(),
        group=wanted.group,
        unit=tidy(wanted.unit),
        direction=wanted.direction,
        baseline=wanted.baseline,
        baseline_on=wanted.baseline_on,
        counter=wanted.counter,
        parent=parent,
        office=office,
        plan=plan,
        directive_item_id=wanted.directive_item,
        source=tidy(wanted.source),
        rule=rule_on(rules(), in_vietnam(at).date()).version,
        is_public=wanted.is_public,
        is_verified=wanted.is_verified,
        created_by_id=by.account_id,
        created_at=at,
    )
    first = wanted.baseline_on
    for one in sorted(wanted.periods, key=lambda period: period.last):
        begins = (
            first + dt.timedelta(days=1) if first and first < one.last else one.last.replace(month=1, day=1)
        )
        TargetPeriod.objects.create(target=target, first=begins, last=one.last, value=one.value)
        first = one.last
    History.objects.record(target.about, _("Đặt chỉ tiêu"), by=by, at=at, after=_said(target))
    announce(
        TargetAdded(target.code, parent.code if parent else None, target.counter, target.office_id),
        about=target.about,
        by=by,
        at=at,
    )
    reckon_targets(at=at, only=[target.pk])
    return target


def _whose(by: Actor, wanted: NewTarget) -> tuple[Plan | None, Office | None]:
    """Return the plan and the office of the target: the secretary says both, a planner names an own open plan."""
    if by.holds(*SECRETARY):
        plan = Plan.objects.filter(pk=wanted.plan).first() if wanted.plan else None
        office = Office.objects.filter(pk=wanted.office).first() if wanted.office else None
        if (wanted.plan and plan is None) or (wanted.office and office is None):
            raise CannotAddTarget(_("Không thấy kế hoạch hoặc cơ quan này. Chọn lại trong danh sách."))
        return plan, office
    if not wanted.plan:
        raise NotThere
    plan = PLANS_WITH_TARGETS.one(by, MayPlanTarget.ADD_TARGET, pk=wanted.plan)
    return plan, plan.office


def _parent(by: Actor, wanted: NewTarget) -> Target | None:
    """Return the target that the new one is a part of, locked: whoever reports for it meanwhile is waited for."""
    if not wanted.parent:
        return None
    parent = TARGETS.one(by, MayTarget.READ, pk=wanted.parent)
    if not TARGETS.holds(by, MayTarget.LINK_SOLUTION, parent):
        raise NotThere
    if parent.parent_id is not None:
        raise CannotAddTarget(_("Chỉ tiêu ấy đã là một phần của chỉ tiêu khác. Chọn chỉ tiêu lớn hơn."))
    if parent.counter:
        raise CannotAddTarget(_("Chỉ tiêu ấy tự đếm được. Thêm phần con thì bị đếm hai lần."))
    if parent.reports.exists():
        raise CannotAddTarget(_("Chỉ tiêu ấy đã có báo cáo. Thêm phần con thì bị đếm hai lần."))
    if (parent.unit, parent.direction) != (tidy(wanted.unit), wanted.direction):
        raise CannotAddTarget(_("Phần con phải cùng đơn vị tính và cùng chiều với chỉ tiêu lớn."))
    return parent


def _check(wanted: NewTarget) -> None:
    for name, words in (("name", _("Ghi tên chỉ tiêu.")), ("unit", _("Ghi đơn vị tính, ví dụ xã."))):
        if not getattr(wanted, name).strip():
            raise CannotAddTarget(words)
    if not wanted.source.strip():
        raise CannotAddTarget(_("Ghi chỉ tiêu lấy từ văn bản nào, ví dụ 122/KH-UBND."))
    if any(len(getattr(wanted, name).strip()) > most for name, most in LONGEST.items()):
        raise CannotAddTarget(_("Có chỗ viết dài quá. Tên tối đa 250 chữ, định nghĩa 1.000, nguồn 300."))
    if wanted.group not in labels("groups"):
        raise CannotAddTarget(_("Chọn một trong tám nhóm."))
    if wanted.direction not in ("up", "down"):
        raise CannotAddTarget(_("Chọn càng cao càng tốt, hoặc càng thấp càng tốt."))
    if (wanted.baseline is None) != (wanted.baseline_on is None):
        raise CannotAddTarget(_("Số ban đầu đi cùng ngày của nó. Ghi cả hai, hoặc để trống cả hai."))
    if wanted.directive_item and not DirectiveItem.objects.filter(pk=wanted.directive_item).exists():
        raise CannotAddTarget(_("Không thấy mục chỉ đạo này. Mở lại từ trang của văn bản."))
    if wanted.code and Target.objects.filter(code=wanted.code).exists():
        raise CannotAddTarget(_("Mã này đã có chỉ tiêu khác."))
    _check_counter(wanted)
    _check_values(wanted)


def _check_counter(wanted: NewTarget) -> None:
    if wanted.counter and wanted.counter not in COUNTERS:
        raise CannotAddTarget(_("Không có cách đếm này. Chọn một cách trong danh sách."))
    if wanted.counter and wanted.unit != PERCENT:
        raise CannotAddTarget(_("Số tự đếm là tỷ lệ. Chọn đơn vị là phần trăm."))


def _check_values(wanted: NewTarget) -> None:
    if not wanted.periods:
        raise CannotAddTarget(_("Ghi ít nhất một mốc: ngày cuối kỳ và giá trị phải đạt."))
    if len({one.last for one in wanted.periods}) < len(wanted.periods):
        raise CannotAddTarget(_("Hai mốc cùng một ngày. Giữ lại một mốc."))
    if wanted.baseline_on and any(one.last <= wanted.baseline_on for one in wanted.periods):
        raise CannotAddTarget(_("Mốc phải sau ngày của số ban đầu."))
    values = [
        *(one.value for one in wanted.periods),
        *([wanted.baseline] if wanted.baseline is not None else []),
    ]
    for value in values:
        check_value(value, wanted.unit)


def check_value(value: Decimal, unit: str) -> None:
    """Refuse a value that the unit does not have. Raises ``CannotAddTarget``."""
    if value < 0 or value >= LARGEST:
        raise CannotAddTarget(_("Giá trị từ 0 trở lên, tối đa mười chữ số."))
    if unit == PERCENT and value > 100:
        raise CannotAddTarget(_("Tỷ lệ từ 0 đến 100 %."))


def _next_code() -> str:
    """Return the next free code. One at a time: two who add at once get two codes."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, 0)", [_LOCK])
    taken = Target.objects.filter(code__regex=r"^CT-\d{3,6}$").values_list("code", flat=True)
    return f"CT-{max((int(code[3:]) for code in taken), default=0) + 1:03d}"


def _said(target: Target) -> str:
    periods = target.periods.order_by("last")
    marks = "; ".join(f"{date_text(one.last)}: {value_text(one.value, target.unit)}" for one in periods)
    return f"{target.name}: {marks}"[:400]
