"""Decide what answers mean: conditions, cases, fees, derived texts. Values in, values out.

Answers are what a form collects, as JSON: days as ``2022-03-11``, days of which only a part is known as ``1990`` or
``1990-05``, addresses, identity papers and rows as objects. A path such as ``"requester_id.issued_on"`` leads into
them. Everything that depends on law is data in the procedure's sheet; this file only knows how to read it.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tinhso.toolkit.text import fold
from tinhso.toolkit.words import number, spelled, spelled_date

Answers = Mapping[str, Any]
Data = Mapping[str, Any]

#: The key of the form that every procedure without a form of its own is filed with.
DEFAULT_FORM = "mac-dinh"
#: The key of the one paper of a sheet whose papers no source names: the counter tells them.
PAPERS_UNKNOWN = "giay-to"
_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
_SLOT = re.compile(r"\{([\w.]+)\}")


class UnknownRule(LookupError):
    """A sheet names a condition, check or derivation that the rules do not know."""


# Reading answers


def at_path(answers: Answers, path: str) -> Any:
    """Return the answer that a dotted path leads to, or None."""
    value: Any = answers
    for part in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(part)
    return value


def is_blank(value: Any) -> bool:
    """Say whether nothing was answered; ``False`` and 0 are answers, an object of blanks is not."""
    if isinstance(value, Mapping):
        return all(is_blank(part) for part in value.values())
    return value is None or value in ("", [])


def day_of(value: Any) -> dt.date | None:
    """Return the whole day that a text such as ``2022-03-11`` names, or None."""
    try:
        return dt.date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None


def span_of(value: Any) -> tuple[dt.date, dt.date] | None:
    """Return the first and the last day that a day, month or year can mean, or None."""
    found = _PARTIAL.fullmatch(value) if isinstance(value, str) else None
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        if year is None or not month:
            return dt.date(year or 1, 1, 1), dt.date(year or 1, 12, 31)
        if not day:
            return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])
        return dt.date(year, month, day), dt.date(year, month, day)
    except ValueError:
        return None


def partial_text(value: Any) -> str:
    """Return 12/05/1990, 05/1990 or 1990 for a day, month or year; anything else as it is."""
    found = _PARTIAL.fullmatch(value) if isinstance(value, str) else None
    return "/".join(part for part in reversed(found.groups()) if part) if found else str(value or "")


def years_between(birth: dt.date, day: dt.date) -> int:
    """Return the full years of age on a day; who was born on 29/02 is a year older on 01/03 of a common year."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


# Conditions


def holds(condition: Data | None, answers: Answers, today: dt.date) -> bool:
    """Say whether a condition of a sheet is met; no condition is always met.

    ``{"field", "equals" | "in" | "answered" | "above" | "days_over" | "rows_over" | "under_age"}``, joined by
    ``all``, ``any`` and ``not``. ``days_over: 60`` means that more than 60 days have gone since that day, which
    itself is not counted (Civil Code 2015, article 147). Raises ``UnknownRule``.
    """
    if not condition:
        return True
    if "all" in condition:
        return all(holds(part, answers, today) for part in condition["all"])
    if "any" in condition:
        return any(holds(part, answers, today) for part in condition["any"])
    if "not" in condition:
        return not holds(condition["not"], answers, today)
    value = at_path(answers, condition["field"])
    if "equals" in condition:
        return bool(value == condition["equals"])
    if "in" in condition:
        return value in condition["in"]
    if "answered" in condition:
        return (not is_blank(value)) is condition["answered"]
    if "above" in condition:
        return isinstance(value, (int, float)) and value > condition["above"]
    if "rows_over" in condition:
        return bool(_different(value, condition["of"]) > condition["rows_over"])
    day = day_of(value)
    if "days_over" in condition:
        return day is not None and (today - day).days > condition["days_over"]
    if "under_age" in condition:
        return day is not None and years_between(day, today) < condition["under_age"]
    msg = f"no condition is called {sorted(condition)}"
    raise UnknownRule(msg)


def _different(rows: Any, column: str) -> int:
    """Return how many different answers a column of rows holds; blanks do not count."""
    found = [at_path(row, column) for row in rows or () if isinstance(row, Mapping)]
    return len({fold(str(value)) for value in found if not is_blank(value)})


# The form: what is asked of whom


def ui(spec: Data) -> Data:
    """Return the hints for the page that a field's schema carries."""
    hints: Data = spec.get("x-ui", {})
    return hints


def columns(spec: Data) -> dict[str, Data]:
    """Return the questions inside one with rows, in the sheet's order: the database keeps keys in an order of its own."""
    inner: dict[str, Data] = spec["items"]["properties"]
    return {key: inner[key] for key in spec["items"].get("x-order", inner)}


def is_asked(spec: Data, answers: Answers, today: dt.date) -> bool:
    """Say whether a field is asked at all: not hidden in this version, and its condition is met."""
    return not ui(spec).get("hidden") and holds(ui(spec).get("showIf"), answers, today)


def is_needed(spec: Data, answers: Answers, today: dt.date) -> bool:
    """Say whether a field that is asked must be answered."""
    need = ui(spec).get("need", "required")
    return need == "required" or (need == "conditional" and holds(ui(spec)["neededIf"], answers, today))


def asked(schema: Data, answers: Answers, today: dt.date) -> dict[str, Data]:
    """Return the fields asked under these answers, in the form's order, page by page."""
    fields: dict[str, Data] = schema["properties"]
    return {
        key: fields[key]
        for page in schema["x-pages"]
        if holds(page.get("showIf"), answers, today)
        for key in page["fields"]
        if is_asked(fields[key], answers, today)
    }


def relevant(schema: Data, answers: Answers, today: dt.date) -> dict[str, Any]:
    """Return the answers without blanks and without those that are not asked (a condition may have changed)."""
    kept = dict(answers)
    while True:
        fields = asked(schema, kept, today)
        fewer = {key: value for key, value in kept.items() if key in fields and not is_blank(value)}
        if fewer.keys() == kept.keys():
            return fewer
        kept = fewer


# Cases, papers and fees


def first_case(cases: Sequence[tuple[str, Data | None]], answers: Answers, today: dt.date) -> str:
    """Return the key of the first case whose condition is met. Raises ``UnknownRule`` where none is."""
    for key, condition in cases:
        if holds(condition, answers, today):
            return key
    msg = "no case of the procedure fits these answers"
    raise UnknownRule(msg)


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One line of what is to be paid. ``vnd`` None: nobody knows until the counter says it.

    ``is_illustrative``: a plausible amount, not one published for this province.
    """

    label: str
    vnd: int | None
    is_illustrative: bool
    basis: str


@dataclass(frozen=True, slots=True)
class FeeLines:
    """All that is to be paid for one dossier, in VND."""

    lines: tuple[FeeLine, ...]

    @property
    def total(self) -> int | None:
        """Return the sum in VND; None where a line is not known: a part of the sum would be a wrong sum."""
        amounts = [line.vnd for line in self.lines if line.vnd is not None]
        return sum(amounts) if len(amounts) == len(self.lines) else None

    @property
    def is_illustrative(self) -> bool:
        """Say whether any amount is only illustrative."""
        return any(line.is_illustrative for line in self.lines if line.vnd)


def fee_lines(rules: Iterable[Data], answers: Answers, today: dt.date) -> FeeLines:
    """Return what is to be paid under the fee rules of one channel of one case.

    A rule is ``{"label", "vnd", "basis", "illustrative", "when", "times", "beyond"}``: ``vnd`` once, or for each of
    the number at path ``times`` beyond ``beyond``; or ``{"per_page": …}``, see ``_pages_vnd``; or ``{"unknown": true}``
    where the source names no amount. A line of 0 đ is
    kept, because "free" is an answer too, unless it counts something that nobody asked for.
    """
    lines = []
    for rule in rules:
        if not holds(rule.get("when"), answers, today):
            continue
        vnd: int | None
        if rule.get("unknown"):
            vnd = None
        elif "per_page" in rule:
            vnd = _pages_vnd(rule["per_page"], answers)
        elif "times" in rule:
            count = at_path(answers, rule["times"])
            units = max(0, count - rule.get("beyond", 0)) if isinstance(count, int) else 0
            if not units:
                continue
            vnd = units * rule["vnd"]
        else:
            vnd = rule["vnd"]
        lines.append(FeeLine(rule["label"], vnd, bool(rule.get("illustrative")), rule.get("basis", "")))
    return FeeLines(tuple(lines))


def copy_vnd(pages: int, tiers: Sequence[Data], cap: int) -> int:
    """Return the fee in VND of one certified copy of an original of so many pages (TT 226/2016/TT-BTC).

    ``tiers`` are ``{"pages": n, "vnd": each}``, the last without ``pages``.
    """
    total, left = 0, pages
    for tier in tiers:
        here = min(left, tier.get("pages", left))
        total += here * tier["vnd"]
        left -= here
    return min(total, cap)


def _pages_vnd(rule: Data, answers: Answers) -> int:
    """Return the fee of all rows: each row has ``pages`` of its original and ``copies`` wanted."""
    total = 0
    for row in at_path(answers, rule["rows"]) or ():
        pages, copies = row.get(rule["pages"]), row.get(rule["copies"])
        if isinstance(pages, int) and isinstance(copies, int):
            total += copies * copy_vnd(pages, rule["tiers"], rule["cap"])
    return total


# Derived texts


def derive(recipe: Any, answers: Answers) -> Any:
    """Return the value that a recipe makes of the answers; blank where its sources are blank.

    ``"path"`` copies; ``{"date_words": path}``, ``{"money_words": path}``, ``{"upper": path}``, ``{"day": path}``,
    ``{"text": "… {path} …"}``, ``{"first": [recipe, …]}`` (the first that is not blank),
    ``{"choose": path, "of": {answer: recipe}}``, ``{"rows": path, "columns": {new: old}}``,
    ``{"rows_text": path, "columns": […]}``, ``{"value": anything}``. Raises ``UnknownRule``.
    """
    if isinstance(recipe, str):
        return at_path(answers, recipe)
    if "value" in recipe:
        return recipe["value"]
    if "first" in recipe:
        return next((v for part in recipe["first"] if not is_blank(v := derive(part, answers))), "")
    if "choose" in recipe:
        part = recipe["of"].get(str(at_path(answers, recipe["choose"])))
        return "" if part is None else derive(part, answers)
    if "rows" in recipe:
        rows = at_path(answers, recipe["rows"]) or ()
        return [
            {new: value for new, old in recipe["columns"].items() if not is_blank(value := at_path(row, old))}
            for row in rows
        ]
    if "rows_text" in recipe:
        rows = at_path(answers, recipe["rows_text"]) or ()
        return "\n".join(", ".join(str(row[c]) for c in recipe["columns"] if row.get(c)) for row in rows)
    if "text" in recipe:
        return _SLOT.sub(lambda slot: _as_text(at_path(answers, slot[1])), recipe["text"])
    for name, make in (
        ("date_words", _date_words),
        ("money_words", _money_words),
        ("upper", lambda value: str(value or "").upper()),
        ("day", partial_text),
    ):
        if name in recipe:
            return make(at_path(answers, recipe[name]))
    msg = f"no derivation is called {sorted(recipe)}"
    raise UnknownRule(msg)


def _as_text(value: Any) -> str:
    if isinstance(value, Mapping):
        return str(value.get("text") or "")
    if isinstance(value, int) and not isinstance(value, bool):
        return number(value)
    return partial_text(value)


def _date_words(value: Any) -> str:
    day = day_of(value)
    return spelled_date(day).capitalize() if day else ""


def _money_words(value: Any) -> str:
    return f"{spelled(value)} đồng".capitalize() if isinstance(value, int) and value > 0 else ""


def derived(schema: Data, answers: Answers) -> dict[str, Any]:
    """Return the texts that the form makes by itself from the answers, such as a date in words."""
    return {key: derive(recipe, answers) for key, recipe in schema.get("x-derived", {}).items()}
