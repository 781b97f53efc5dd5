"""Money by year: asked, allocated, spent, by office, source and capital, with the share of information security."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor, Office, office_of
from tinhso.plans.models import BudgetEntry, BudgetLine, Plan, PlanItem
from tinhso.plans.permissions.money import LINES, PLANS_WITH_MONEY, MayMoney
from tinhso.plans.queries.documents import labels
from tinhso.plans.rules.money import (
    ALLOCATED,
    INVESTMENT,
    RECURRENT,
    SPENT,
    Balance,
    Norm,
    is_enough,
    missing_on_top,
    missing_within,
    norm_on,
)
from tinhso.toolkit.clock import VN


@dataclass(slots=True)
class Sums:
    """Amounts in VND of some lines; ``security_*`` are the parts that are information security."""

    planned: int = 0
    allocated: int = 0
    spent: int = 0
    security_planned: int = 0
    security_allocated: int = 0
    security_spent: int = 0
    lines: int = 0

    def add(self, what: str, amount: int, *, is_security: bool) -> None:
        """Add an amount, to the part that is security too where it is."""
        setattr(self, what, getattr(self, what) + amount)
        if is_security:
            setattr(self, f"security_{what}", getattr(self, f"security_{what}") + amount)

    @property
    def spent_share(self) -> float | None:
        """Return spent of asked; None where nothing was asked."""
        return self.spent / self.planned if self.planned else None

    @property
    def allocated_share(self) -> float | None:
        """Return allocated of asked; None where nothing was asked."""
        return self.allocated / self.planned if self.planned else None

    @property
    def security_share(self) -> float | None:
        """Return the share of information security in what was asked; None where nothing was asked."""
        return self.security_planned / self.planned if self.planned else None

    def is_secure_enough(self, norm: Norm | None) -> bool:
        """Say whether the share of security in what was asked reaches the norm."""
        return norm is None or is_enough(self.security_planned, self.planned, norm.percent)

    def missing(self, norm: Norm | None) -> int:
        """Return how many VND must move to security inside the same whole."""
        return missing_within(self.security_planned, self.planned, norm.percent) if norm else 0

    def missing_on_top(self, norm: Norm | None) -> int:
        """Return how many VND of new money for security would do it as well."""
        return missing_on_top(self.security_planned, self.planned, norm.percent) if norm else 0


@dataclass(frozen=True, slots=True)
class OfficeMoney:
    """The money of one office."""

    office: Office
    sums: Sums


@dataclass(frozen=True, slots=True)
class KeyMoney:
    """The money of one source or one capital."""

    key: str
    label: str
    sums: Sums


@dataclass(frozen=True, slots=True)
class Money:
    """The money of a year as it stood at the end of a day, in VND; ``norm`` None: none was in force."""

    year: int
    on: dt.date
    sums: Sums
    norm: Norm | None
    offices: tuple[OfficeMoney, ...]
    sources: tuple[KeyMoney, ...]
    capitals: tuple[KeyMoney, ...]

    @property
    def planned(self) -> int:
        """Return what was asked for."""
        return self.sums.planned

    @property
    def allocated(self) -> int:
        """Return what was allocated."""
        return self.sums.allocated

    @property
    def spent(self) -> int:
        """Return what was spent."""
        return self.sums.spent

    @property
    def security_planned(self) -> int:
        """Return what was asked for information security."""
        return self.sums.security_planned

    @property
    def security_share(self) -> float | None:
        """Return the share of information security in what was asked."""
        return self.sums.security_share

    @property
    def norm_percent(self) -> int | None:
        """Return the least share in percent that holds on the day."""
        return self.norm.percent if self.norm else None

    @property
    def norm_source(self) -> str:
        """Return the document that sets the norm."""
        return self.norm.source if self.norm else ""

    @property
    def missing(self) -> int:
        """Return how many VND are missing to the norm inside the same whole."""
        return self.sums.missing(self.norm)

    @property
    def below_norm(self) -> tuple[OfficeMoney, ...]:
        """Return the offices whose share of security is below the norm."""
        return tuple(one for one in self.offices if not one.sums.is_secure_enough(self.norm))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines are asked for; None or blank: whatever. ``security``: ``co``, ``khong``."""

    year: int
    office_id: int | None = None
    source: str = ""
    capital: str = ""
    security: str = ""


def lines_of(by: Actor, wanted: Wanted) -> QuerySet[BudgetLine]:
    """Return the lines that the actor may read and asks for."""
    rows = LINES.rows(by, MayMoney.READ).filter(year=wanted.year)
    if wanted.office_id is not None:
        rows = rows.filter(office_id=wanted.office_id)
    if wanted.source:
        rows = rows.filter(source=wanted.source)
    if wanted.capital:
        rows = rows.filter(capital=wanted.capital)
    if wanted.security:
        rows = rows.filter(is_security=wanted.security == "co")
    return rows


def money_of_year(year: int, on: dt.date, lines: QuerySet[BudgetLine] | None = None) -> Money:
    """Return the money of a year as it stood at the end of a day: of all lines, or of some. Two statements.

    Offices stand worst first: least spent of what they asked for, then by name. Sources and capitals in their order.
    """
    rows = (BudgetLine.objects.all() if lines is None else lines).filter(year=year, created_at__lt=_end(on))
    keys = ("office_id", "source", "capital", "is_security")
    asked = list(rows.order_by().values_list(*keys).annotate(n=Sum("planned"), lines=Count("pk")))
    entered = (
        BudgetEntry.objects.filter(line__in=rows.order_by().values("pk"), on__lte=on, at__lt=_end(on))
        .order_by()
        .values_list(*(f"line__{key}" for key in keys), "kind")
        .annotate(n=Sum("amount"))
    )
    whole, by_office, by_source, by_capital = Sums(), _Table(), _Table(), _Table()
    amounts = [(*key, "planned", n) for *key, n, _lines in asked] + [(*key, n) for *key, n in entered]
    for office, source, capital, is_security, what, amount in amounts:
        for sums in (whole, by_office[office], by_source[source], by_capital[capital]):
            sums.add(what, int(amount), is_security=is_security)
    for office, *_key, _n, n_lines in asked:
        by_office[office].lines += n_lines
        whole.lines += n_lines
    offices = [OfficeMoney(office_of(pk), sums) for pk, sums in by_office.items()]
    return Money(
        year,
        on,
        whole,
        norm_on(on),
        tuple(
            sorted(offices, key=lambda one: (one.sums.spent_share or 0.0, one.office.sort_key, one.office.pk))
        ),
        _keyed(by_source, labels("sources")),
        _keyed(by_capital, capital_labels()),
    )


class _Table(dict[Any, Sums]):
    """Sums by key, each made when it is first asked for."""

    def __missing__(self, key: Any) -> Sums:
        self[key] = Sums()
        return self[key]


def _keyed(found: _Table, words: dict[str, str]) -> tuple[KeyMoney, ...]:
    return tuple(KeyMoney(key, label, found[key]) for key, label in words.items() if key in found)


def _end(on: dt.date) -> dt.datetime:
    return dt.datetime.combine(on + dt.timedelta(days=1), dt.time(), VN)


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line with what stands on it."""

    line: BudgetLine
    balance: Balance

    @property
    def source(self) -> str:
        """Return the source in words."""
        return labels("sources").get(self.line.source, self.line.source)

    @property
    def capital(self) -> str:
        """Return the capital in words."""
        return capital_words(self.line.capital)


def line_rows(lines: QuerySet[BudgetLine], on: dt.date | None = None) -> list[LineRow]:
    """Return lines with what stands on them at the end of a day, by office and name; None: as far as is known."""
    entries = Q() if on is None else Q(entries__on__lte=on)
    rows = lines.select_related("office", "plan_item__plan", "task").annotate(
        given=Coalesce(Sum("entries__amount", filter=entries & Q(entries__kind=ALLOCATED)), 0),
        used=Coalesce(Sum("entries__amount", filter=entries & Q(entries__kind=SPENT)), 0),
    )
    return [
        LineRow(line, Balance(line.planned, int(line.given), int(line.used)))
        for line in rows.order_by("office__sort_key", "office_id", "name", "id")
    ]


def balance_of(line: BudgetLine) -> Balance:
    """Return what stands on a line. Whoever writes has locked the line before."""
    sums = dict(line.entries.order_by().values_list("kind").annotate(n=Sum("amount")))
    return Balance(line.planned, int(sums.get(ALLOCATED, 0)), int(sums.get(SPENT, 0)))


@dataclass(slots=True)
class Entered:
    """An entry in the ledger of a line with the balance after it, and whether it may be reversed."""

    entry: BudgetEntry
    balance: Balance
    is_reversed: bool = False
    reversed_by: BudgetEntry | None = field(default=None)

    @property
    def what(self) -> str:
        """Return what the entry did, in words."""
        return kind_words(self.entry.kind)


def ledger_of(line: BudgetLine) -> list[Entered]:
    """Return the entries of a line in the order in which they were written, with the balance after each."""
    balance, found = Balance(line.planned, 0, 0), []
    entries = list(line.entries.select_related("by__person", "reverses").order_by("at", "id"))
    reversals = {entry.reverses_id: entry for entry in entries if entry.reverses_id}
    for entry in entries:
        balance = balance.after(entry.kind, entry.amount)
        undone = reversals.get(entry.pk)
        found.append(Entered(entry, balance, undone is not None, undone))
    return found


def plans_to_take(by: Actor, year: int) -> list[tuple[Plan, int, int]]:
    """Return issued plans of a year with rows that cost something and have no line: plan, rows, VND."""
    open_items = PlanItem.objects.filter(amount__gt=0, starts__year=year).exclude(
        Exists(BudgetLine.objects.filter(plan_item=OuterRef("pk")))
    )
    plans = PLANS_WITH_MONEY.rows(by, MayMoney.TAKE_LINES).filter(
        Exists(open_items.filter(plan=OuterRef("pk")))
    )
    found = plans.select_related("office").order_by("office__sort_key", "pk")
    sums: dict[int, list[int]] = {}
    for plan_id, amount in open_items.filter(plan__in=plans.values("pk")).values_list("plan_id", "amount"):
        sums.setdefault(plan_id, []).append(amount)
    return [(plan, len(sums[plan.pk]), sum(sums[plan.pk])) for plan in found]


def years_with_money(by: Actor) -> Sequence[int]:
    """Return the years of which the actor may read lines, the latest first."""
    rows = LINES.rows(by, MayMoney.READ).order_by("-year").values_list("year", flat=True).distinct()
    return list(rows)


def offices_with_money(by: Actor, year: int) -> Iterable[Office]:
    """Return the offices that have lines which the actor may read, by name."""
    rows = LINES.rows(by, MayMoney.READ).filter(year=year).values("office_id")
    return Office.objects.filter(pk__in=rows).order_by("sort_key", "id")


def capital_labels() -> dict[str, str]:
    """Return key → words of the capitals, in their order."""
    return {RECURRENT: _("Vốn sự nghiệp"), INVESTMENT: _("Vốn đầu tư công")}


def capital_words(key: str) -> str:
    """Return what people call a capital."""
    return capital_labels().get(key, key)


def kind_words(kind: str) -> str:
    """Return what people call a kind of entry."""
    return _("Giao kinh phí") if kind == ALLOCATED else _("Chi")
