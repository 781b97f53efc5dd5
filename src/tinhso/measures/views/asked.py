"""What an address of the pages of figures asks for: period, filters, formulas; it says everything, so it can be shared."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _

from tinhso.measures.forms import period_of, said, whole_number
from tinhso.measures.models import Edition
from tinhso.measures.queries.editions import pieces, told_months
from tinhso.measures.queries.figures import Wanted
from tinhso.measures.queries.formulas import every_formula, usual
from tinhso.measures.queries.places import field_names, limits
from tinhso.measures.rules import last_day_of
from tinhso.measures.rules.formulas import Formula
from tinhso.measures.rules.spans import Span, nearest
from tinhso.measures.views.telling import is_told_all, told_span
from tinhso.toolkit import clock, words

CHANNELS: Final = ("online", "counter", "post")
#: What is typed beyond this is no day.
LONGEST_DAY: Final = 20
#: Switches of the address that are no filters.
FORMATS: Final = ("csv", "json", "parquet")


def channel_words() -> dict[str, str]:
    """Return the channels as people read them."""
    return {"online": _("Qua mạng"), "counter": _("Tại quầy"), "post": _("Qua bưu chính")}


@dataclass(frozen=True)
class Asked:
    """What is asked for. ``error`` is a sentence about what was typed; then the usual is shown in its place.

    ``formulas``: side by side, the first is the one of charts and rates. ``by_now``: by the offices of today.
    """

    first: dt.date
    last: dt.date
    today: dt.date
    error: str
    typed: tuple[str, str]
    field_id: int | None
    channel: str
    formulas: tuple[Formula, ...]
    by_now: bool
    is_told_all: bool
    sheet: str
    kind: str

    @property
    def formula(self) -> Formula:
        """Return the formula of charts and rates."""
        return self.formulas[0]

    @cached_property
    def months(self) -> list[Edition]:
        """Return the editions of the closed months asked for: what of the parts of the province everybody is told."""
        days = told_span(self.first, self.last, self.today, is_told_all=False)
        return told_months(*days) if days else []

    @cached_property
    def span(self) -> tuple[dt.date, dt.date] | None:
        """Return the days over which the parts of the province are told."""
        if self.is_told_all:
            return self.first, self.last
        return (self.months[0].month, last_day_of(self.months[-1].month)) if self.months else None

    @cached_property
    def whole_span(self) -> tuple[dt.date, dt.date] | None:
        """Return the days over which the whole province is told: to strangers those of whole stretches."""
        if self.is_told_all:
            return self.first, self.last
        found = nearest(self.pieces, Span(self.first, self.last))
        return (found.first, found.last) if found else None

    @cached_property
    def pieces(self) -> list[Span]:
        """Return the stretches of the months asked for."""
        return pieces(self.first, self.last, self.today)

    def wanted(self, **more: Any) -> Wanted:
        """Return the filters, and what a page adds."""
        return Wanted(**{"field_id": self.field_id, "channel": self.channel, **more})

    def query(self, **changes: Any) -> str:
        """Return the address's query, everything said; a change of None leaves a word out."""
        said_all: dict[str, Any] = {
            "tu": words.date_text(self.first),
            "den": words.date_text(self.last),
            "linh-vuc": self.field_id,
            "kenh": self.channel,
            "ct": [one.version for one in self.formulas],
            "nay": "1" if self.by_now else "",
            **changes,
        }
        return urlencode({key: value for key, value in said_all.items() if value}, doseq=True)


def asked(request: HttpRequest, *, as_stranger: bool = False) -> Asked:
    """Read what a page of figures is asked for; ``as_stranger``: whoever looks is told what everybody is."""
    today = clock.today()
    period = period_of(request.GET, today.replace(month=1, day=1), today)
    error = period.error
    field_text, channel = said(request.GET, "linh-vuc"), said(request.GET, "kenh")
    field_id = whole_number(field_text)
    if field_text and field_id not in field_names():
        field_id, error = None, error or _("Không có lĩnh vực này. Chọn một lĩnh vực trong danh sách.")
    if channel and channel not in CHANNELS:
        channel, error = "", error or _("Không có kênh nộp này. Chọn một kênh trong danh sách.")
    formulas, wrong = _formulas(request, period.last)
    tells_all = not as_stranger and is_told_all(request)
    if not tells_all:
        formulas = _with_strict(formulas, period.last)
    typed = tuple(said(request.GET, name)[:LONGEST_DAY] for name in ("tu", "den"))
    if not period.error:
        typed = words.date_text(period.first), words.date_text(period.last)
    return Asked(
        period.first,
        period.last,
        today,
        error or wrong,
        (typed[0], typed[1]),
        field_id,
        channel,
        formulas,
        request.GET.get("nay") == "1",
        tells_all,
        said(request.GET, "bang"),
        said(request.GET, "tai"),
    )


def _formulas(request: HttpRequest, last: dt.date) -> tuple[tuple[Formula, ...], str]:
    """Return the formulas named, or strict and national; and a sentence where a name is none."""
    usually = usual("strict", last), usual("national", last)
    named = list(dict.fromkeys(name[:40] for name in request.GET.getlist("ct") if name))
    if not named:
        return usually, ""
    found = tuple(one for name in named if (one := every_formula().version(name)) is not None)
    most = limits().most_formulas
    if len(found) < len(named) or len(found) > most:
        return usually, _("Chọn từ một đến %(n)d công thức trong danh sách.") % {"n": most}
    return found, ""


def _with_strict(formulas: tuple[Formula, ...], last: dt.date) -> tuple[Formula, ...]:
    """Put the formula of the editions first: by it alone strangers are told of parts and of single stretches."""
    strict = usual("strict", last)
    return (strict, *(one for one in formulas if one != strict))[: max(limits().most_formulas, 1)]
