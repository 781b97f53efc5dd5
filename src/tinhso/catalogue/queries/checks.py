"""Check answers against each other, as the ``x-rules`` of a form say. Pure: values in, sentences out.

A rule is ``{"check", "at", "text", "when", "kind", "code", …}``: ``check`` names one of ``CHECKS``, ``at`` the box that
the sentence stands at, ``kind: "warning"`` lets the answers through.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tinhso.catalogue.queries.fields import measure_text
from tinhso.catalogue.rules import (
    Answers,
    Data,
    UnknownRule,
    at_path,
    day_of,
    holds,
    is_blank,
    span_of,
    years_between,
)
from tinhso.toolkit.text import fold
from tinhso.toolkit.words import date_text


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with an answer and how to put it right. ``path`` leads to the box, e.g. ``mother_id.number``."""

    path: str
    text: str
    is_warning: bool = False
    code: str = ""


def cross_problems(
    schema: Data, answers: Answers, today: dt.date, area: frozenset[str] | None
) -> list[Problem]:
    """Return what the form's cross-checks (``x-rules``) find. ``area``: the codes of the office's communes.

    Checks whose sources are blank or cannot be read say nothing: that is told at the field itself.
    """
    found = []
    for rule in schema.get("x-rules", ()):
        if not holds(rule.get("when"), answers, today):
            continue
        text = _broken(rule, answers, today, area)
        if text:
            found.append(Problem(rule["at"], text, rule.get("kind") == "warning", rule.get("code", "")))
    return found


def _broken(rule: Data, answers: Answers, today: dt.date, area: frozenset[str] | None) -> str:
    check = CHECKS.get(rule["check"])
    if check is None:
        msg = f"no check is called {rule['check']}"
        raise UnknownRule(msg)
    outcome = check(rule, answers, today, area)
    return outcome if isinstance(outcome, str) else (rule["text"] if outcome else "")


Outcome = bool | str
Check = Callable[[Data, Answers, dt.date, frozenset[str] | None], Outcome]


def _never(_rule: Data, _answers: Answers, _today: dt.date, _area: frozenset[str] | None) -> Outcome:
    """Break whenever ``when`` is met."""
    return True


def _not_after_today(rule: Data, answers: Answers, today: dt.date, _area: frozenset[str] | None) -> Outcome:
    """Break if the day lies in the future."""
    span = span_of(at_path(answers, rule["field"]))
    if not span or span[0] <= today:
        return False
    return str(rule["text"]).replace("{today}", date_text(today))


def _not_before_today(rule: Data, answers: Answers, today: dt.date, _area: frozenset[str] | None) -> Outcome:
    """Break if the day (an expiry) has gone."""
    span = span_of(at_path(answers, rule["field"]))
    return bool(span and span[1] < today)


def _in_order(rule: Data, answers: Answers, _today: dt.date, _area: frozenset[str] | None) -> Outcome:
    """Break if ``before`` is certainly later than ``after``; ``years`` must lie between them."""
    first, second = (span_of(at_path(answers, rule[end])) for end in ("before", "after"))
    if not first or not second:
        return False
    return (
        years_between(first[0], second[1]) < rule.get("years", 0)
        if rule.get("years")
        else first[0] > second[1]
    )


def _began_too_late(rule: Data, answers: Answers, _today: dt.date, _area: frozenset[str] | None) -> Outcome:
    """Break if a day, month or year certainly begins on or after ``limit``."""
    span = span_of(at_path(answers, rule["field"]))
    return bool(span and span[0] >= dt.date.fromisoformat(rule["limit"]))


def _of_age(rule: Data, answers: Answers, today: dt.date, _area: frozenset[str] | None) -> Outcome:
    """Break if the person is younger than ``years`` today."""
    birth = day_of(at_path(answers, rule["field"]))
    return bool(birth and years_between(birth, today) < rule["years"])


def _at_most(rule: Data, answers: Answers, _today: dt.date, _area: frozenset[str] | None) -> Outcome:
    """Break if the number at ``small`` is greater than the one at ``large``."""
    small, large = (at_path(answers, rule[end]) for end in ("small", "large"))
    return isinstance(small, (int, float)) and isinstance(large, (int, float)) and small > large


def _sum_differs(rule: Data, answers: Answers, _today: dt.date, _area: frozenset[str] | None) -> Outcome:
    """Break if a column of rows does not add up to the number at ``total``; tells both sums."""
    total = at_path(answers, rule["total"])
    parts = [row.get(rule["column"]) for row in at_path(answers, rule["rows"]) or ()]
    if (
        not isinstance(total, (int, float))
        or not parts
        or not all(isinstance(part, (int, float)) for part in parts)
    ):
        return False
    if abs(sum(parts) - total) < 0.005:
        return False
    return _("Các tầng cộng lại là %(have)s m², khác tổng đã ghi %(total)s m².") % {
        "have": measure_text(sum(parts)),
        "total": measure_text(total),
    }


def _row_day_passed(rule: Data, answers: Answers, today: dt.date, _area: frozenset[str] | None) -> Outcome:
    """Break if a day in a column lies in the future; names the row."""
    for place, row in enumerate(at_path(answers, rule["rows"]) or (), 1):
        span = span_of(row.get(rule["column"]))
        if span and span[0] > today:
            return _("Dòng %(n)s: %(text)s") % {"n": place, "text": rule["text"]}
    return False


def _exactly_one(rule: Data, answers: Answers, _today: dt.date, _area: frozenset[str] | None) -> Outcome:
    """Break unless exactly one row has ``column`` ticked."""
    rows = at_path(answers, rule["rows"]) or ()
    return bool(rows) and sum(1 for row in rows if row.get(rule["column"]) is True) != 1


def _all_or_none(rule: Data, answers: Answers, _today: dt.date, _area: frozenset[str] | None) -> Outcome:
    """Break if some of the fields are answered and others are not."""
    blank = [is_blank(at_path(answers, field)) for field in rule["fields"]]
    return any(blank) and not all(blank)


def _same_surname(rule: Data, answers: Answers, _today: dt.date, _area: frozenset[str] | None) -> Outcome:
    """Break if the first syllable of ``child`` begins none of the names of ``parents``."""
    first = [
        fold(str(at_path(answers, path) or "")).split(" ")[0] for path in (rule["child"], *rule["parents"])
    ]
    return bool(first[0]) and any(first[1:]) and first[0] not in first[1:]


def _longer_than(rule: Data, answers: Answers, _today: dt.date, _area: frozenset[str] | None) -> Outcome:
    """Break if a text has more than ``letters`` letters."""
    return bool(len(str(at_path(answers, rule["field"]) or "")) > rule["letters"])


def _not_matching(rule: Data, answers: Answers, _today: dt.date, _area: frozenset[str] | None) -> Outcome:
    """Break if a text that is there does not match ``pattern``."""
    value = str(at_path(answers, rule["field"]) or "")
    return bool(value) and not re.fullmatch(rule["pattern"], value)


def _uses_word(rule: Data, answers: Answers, _today: dt.date, _area: frozenset[str] | None) -> Outcome:
    """Break if a text holds one of ``words``, with or without marks."""
    padded = f" {fold(str(at_path(answers, rule['field']) or ''))} "
    return any(f" {fold(word)} " in padded for word in rule["words"])


def _does_not_begin(rule: Data, answers: Answers, _today: dt.date, _area: frozenset[str] | None) -> Outcome:
    """Break unless a text begins with ``words`` and goes on after them."""
    value = fold(str(at_path(answers, rule["field"]) or ""))
    return bool(value) and not value.startswith(fold(rule["words"]) + " ")


def _not_among(rule: Data, answers: Answers, _today: dt.date, _area: frozenset[str] | None) -> Outcome:
    """Break unless the text at ``field`` stands in ``column`` of one of the rows."""
    wanted = fold(str(at_path(answers, rule["field"]) or ""))
    rows = at_path(answers, rule["rows"]) or ()
    return (
        bool(rows)
        and bool(wanted)
        and wanted not in {fold(str(row.get(rule["column"]) or "")) for row in rows}
    )


def _outside(rule: Data, answers: Answers, _today: dt.date, area: frozenset[str] | None) -> Outcome:
    """Break if the address lies outside the office's area; unknown area: never."""
    commune = at_path(answers, rule["field"] + ".commune")
    return area is not None and bool(commune) and commune not in area


def _row_dates(rule: Data, answers: Answers, today: dt.date, _area: frozenset[str] | None) -> Outcome:
    """Break if a row ends before it begins or lies in the future; names the row."""
    for place, row in enumerate(at_path(answers, rule["rows"]) or (), 1):
        start, end = span_of(row.get(rule["from"])), span_of(row.get(rule["to"]))
        if start and end and start[0] > end[1]:
            return _("Dòng %(n)s: ngày bắt đầu đang sau ngày kết thúc, hãy đổi lại.") % {"n": place}
        if start and start[0] > today:
            return _("Dòng %(n)s: ngày bắt đầu chưa tới, hãy xem lại năm.") % {"n": place}
    return False


def _history_has_gap(rule: Data, answers: Answers, today: dt.date, _area: frozenset[str] | None) -> Outcome:
    """Break if a history of rows does not run from ``age`` without a gap of more than ``days`` until today.

    A blank end means "until now". Months and years stand for their whole length, so a vague answer is not a gap.
    """
    birth = span_of(at_path(answers, rule["birth"]))
    spans = sorted(
        (start[0], (span_of(row.get(rule["to"])) or (today, today))[1])
        for row in at_path(answers, rule["rows"]) or ()
        if (start := span_of(row.get(rule["from"])))
    )
    if not birth or not spans:
        return False
    since = birthday(birth[1], rule["age"])
    if since > today:
        return False
    if spans[0][0] > since:
        return _("Hãy khai từ khi đủ %(age)s tuổi, tức ngày %(day)s hoặc sớm hơn.") % {
            "age": rule["age"],
            "day": date_text(since),
        }
    reached = spans[0][1]
    for first, last in spans[1:]:
        if (first - reached).days - 1 > rule["days"]:
            return _("Còn trống từ %(since)s đến %(until)s, hãy khai thêm nơi ở.") % {
                "since": date_text(reached),
                "until": date_text(first),
            }
        reached = max(reached, last)
    if (today - reached).days > rule["days"]:
        return _("Nơi ở cuối mới khai đến %(day)s, hãy khai đến nay.") % {"day": date_text(reached)}
    return False


def birthday(birth: dt.date, years: int) -> dt.date:
    """Return the day on which a person becomes so many years old; born on 29/02 in a common year: 01/03."""
    try:
        return birth.replace(year=birth.year + years)
    except ValueError:
        return dt.date(birth.year + years, 3, 1)


def _card_differs(rule: Data, answers: Answers, _today: dt.date, _area: frozenset[str] | None) -> Outcome:
    """Break if the century, sex or birth year in a 12-digit number differs from the answers (a warning only)."""
    digits = str(at_path(answers, rule["identity"] + ".number") or "")
    if at_path(answers, rule["identity"] + ".kind") != "cccd" or not re.fullmatch(r"\d{12}", digits):
        return False
    birth = span_of(at_path(answers, rule["birth"])) if rule.get("birth") else None
    if birth and (
        int(digits[3]) // 2 != (birth[0].year - 1900) // 100 or digits[4:6] != f"{birth[0].year % 100:02d}"
    ):
        return _("Năm sinh khác với số căn cước. Hãy so lại với thẻ.")
    sex = at_path(answers, rule["sex"]) if rule.get("sex") else None
    if sex in ("nam", "nu") and int(digits[3]) % 2 != (sex == "nu"):
        return _("Giới tính khác với số căn cước. Hãy so lại với thẻ.")
    return False


#: The checks a sheet may name. Each returns whether the rule is broken, or the sentence to say.
CHECKS: Mapping[str, Check] = {
    "never": _never,
    "not_after_today": _not_after_today,
    "not_before_today": _not_before_today,
    "in_order": _in_order,
    "began_too_late": _began_too_late,
    "of_age": _of_age,
    "sum_differs": _sum_differs,
    "row_day_passed": _row_day_passed,
    "at_most": _at_most,
    "exactly_one": _exactly_one,
    "all_or_none": _all_or_none,
    "same_surname": _same_surname,
    "longer_than": _longer_than,
    "not_matching": _not_matching,
    "uses_word": _uses_word,
    "does_not_begin": _does_not_begin,
    "not_among": _not_among,
    "outside": _outside,
    "row_dates": _row_dates,
    "history_has_gap": _history_has_gap,
    "card_differs": _card_differs,
}
