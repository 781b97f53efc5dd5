"""Lines of figures: one for each month, office, procedure or field, as far as the reader is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from tinhso.measures.queries.editions import Known
from tinhso.measures.queries.figures import Tally
from tinhso.measures.rules.classes import every_class
from tinhso.measures.rules.formulas import GROUPS, Formula
from tinhso.measures.views.sheets import Cell, Column, Row, Sheet
from tinhso.measures.views.telling import Cell as CellName
from tinhso.measures.views.telling import Sum, explained, kept_back, not_told
from tinhso.toolkit import words

#: What adds up over months as well; running cases are those of a last day, and so is a part of the denominator.
NUMBERS: Final = ("received", *GROUPS, "returned", "num", "den", "bad")
#: What was given back with a day it was due on.
RETURNED: Final = ("early", "on_time", "late")
FLOWS: Final = ("received", "early", "on_time", "late", "ended_otherwise")
WHOLE: Final = "whole"


@dataclass(frozen=True, slots=True)
class Line:
    """One part: its key, its name and where it leads. ``lack``: words where it was not counted at all."""

    key: Any
    name: str
    tally: Tally | Known
    url: str = ""
    lack: str = ""
    is_here: bool = False


def counts(tally: Tally | Known, formula: Formula) -> dict[str, int]:
    """Return everything that a line shows: received, the six groups, numerator, denominator and what lies between."""
    if isinstance(tally, Known):
        return {name: tally.number(name) or 0 for name in NUMBERS}
    found = tally.under(formula)
    return {
        "received": tally.received.total(),
        **found.groups,
        "returned": sum(found.groups[name] for name in RETURNED),
        "num": found.numerator,
        "den": found.denominator,
        "bad": found.denominator - found.numerator,
    }


def _inside(formula: Formula) -> dict[str, tuple[str, ...]]:
    """Return which groups make up the numerator, and what is in the denominator alone."""
    pairs = {(formula.groups[cls], formula.outcomes[cls]) for cls in every_class()}
    return {
        "num": tuple({g: 1 for g, o in sorted(pairs) if o in formula.numerator}),
        "bad": tuple({g: 1 for g, o in sorted(pairs) if o in formula.denominator - formula.numerator}),
    }


class Told:
    """The lines of a page as far as they are told. ``whole`` None: nothing is known of the whole of these lines."""

    def __init__(
        self,
        lines: Sequence[Line],
        formula: Formula,
        *,
        is_told_all: bool,
        whole: Tally | Known | None = None,
        is_province: bool = False,
        away: Mapping[Any, frozenset[str]] | None = None,
        adds: Sequence[str] = ("received", *GROUPS, "num", "den", "bad"),
    ) -> None:
        """Count and decide what stays away. ``adds``: the columns whose sum over the lines is the whole.

        Of what an edition tells nothing is decided here. ``is_province``: these are stretches or months of the whole
        province, so what stays away in one of them stays away in every period with it;
        ``away``: what else does, by line.
        """
        self.lines, self.formula = lines, formula
        self.values = {line.key: counts(line.tally, formula) for line in lines}
        if whole is not None:
            self.values[WHOLE] = counts(whole, formula)
        known = [
            *((line.key, line.tally) for line in lines),
            *([(WHOLE, whole)] if whole is not None else []),
        ]
        self.is_of_editions = any(isinstance(one, Known) for _key, one in known)
        if self.is_of_editions:
            self.hidden = frozenset(
                (key, name)
                for key, one in known
                if isinstance(one, Known)
                for name in NUMBERS
                if one.number(name) is None
            )
            return
        cells: dict[CellName, int] = {
            (key, name): n for key in self.values for name, n in self.values[key].items()
        }
        inside = _inside(formula)
        sums: list[Sum] = [one for key in self.values for one in _of_line(key, inside)]
        if whole is not None and not is_province:
            sums += [Sum((WHOLE, name), tuple((line.key, name) for line in lines)) for name in adds]
        self.hidden = kept_back(cells, sums, is_told_all=is_told_all)
        if is_province:
            self.hidden |= {(key, name) for key, names in (away or {}).items() for name in names}
            self.hidden |= {(WHOLE, name) for _key, name in self.hidden}

    def number(self, key: Any, name: str) -> int | None:
        """Return a number, None where it is not told."""
        return None if (key, name) in self.hidden else self.values[key][name]

    def rate(self, key: Any) -> float | None:
        """Return late per 1,000 of the denominator; None where it is not told or there is nothing to divide by."""
        bad, den = self.number(key, "bad"), self.number(key, "den")
        return round(1000 * bad / den, 1) if bad is not None and den else None

    def cell(self, key: Any, name: str, *, lack: str = "", url: str = "") -> Cell:
        """Return a cell; ``lack``: words of a line that was not counted."""
        if lack:
            return Cell(None, lack)
        if name == "rate":
            rate = self.rate(key)
            return Cell(rate, self._why(key) if rate is None else "")
        if name == "share":
            return self._share(key)
        found = self.number(key, name)
        return Cell(found, not_told() if found is None else "", url if found else "")

    def _share(self, key: Any) -> Cell:
        num, den = self.number(key, "num"), self.number(key, "den")
        if num is None or not den:
            return Cell(None, self._why(key))
        return Cell(round(100 * num / den, 2), shown=words.percent(num, den))

    def _why(self, key: Any) -> str:
        return not_told() if {(key, "num"), (key, "den"), (key, "bad")} & self.hidden else _("chưa áp dụng")

    def sheet(
        self,
        key: str,
        title: str,
        columns: Sequence[Column],
        *,
        shown: Sequence[Line] | None = None,
        whole: str = "",
        codes: Mapping[Any, str] | None = None,
    ) -> Sheet:
        """Return the lines as a table. Column keys are those of ``COLUMNS``; ``codes`` fills a column "ma"."""
        rows = [
            Row(
                tuple(self._of(line, column, codes or {}) for column in columns),
                line.is_here,
            )
            for line in (self.lines if shown is None else shown)
        ]
        foot = None
        if whole and WHOLE in self.values:
            line = Line(WHOLE, whole, Tally())
            foot = Row(tuple(self._of(line, column, {}) for column in columns))
        hides = any(
            cell.lack == not_told() for row in [*rows, *([foot] if foot else [])] for cell in row.cells
        )
        return Sheet(key, title, tuple(columns), rows, foot, hides, (explained(),) if hides else ())

    def _of(self, line: Line, column: Column, codes: Mapping[Any, str]) -> Cell:
        if column.key == NAME:
            return Cell(line.name, "", line.url)
        if column.key == CODE:
            return Cell(codes.get(line.key, ""), is_code=True)
        return self.cell(line.key, FIGURES[column.key], lack=line.lack)


NAME, CODE = "ten", "ma"
#: The names of columns in files, and what they hold.
FIGURES: Final = {
    "tiep_nhan": "received",
    "tra_truoc_han": "early",
    "tra_dung_han": "on_time",
    "tra_tre": "late",
    "da_tra": "returned",
    "ket_thuc_khac": "ended_otherwise",
    "dang_lam_trong_han": "running_in_time",
    "dang_lam_qua_han": "running_late",
    "mau_so": "den",
    "tre": "bad",
    "tre_tren_1000": "rate",
    "ty_le_dung_han": "share",
}


def columns(*keys: str, name: str = "", kind: str = "text") -> tuple[Column, ...]:
    """Return columns by their keys, the first that of the names."""
    heads = {
        CODE: (_("Mã"), "text", ""),
        "tiep_nhan": (_("Tiếp nhận"), "number", _("hồ sơ")),
        "tra_truoc_han": (_("Trả trước hạn"), "number", _("hồ sơ")),
        "tra_dung_han": (_("Trả đúng hạn"), "number", _("hồ sơ")),
        "tra_tre": (_("Trả trễ"), "number", _("hồ sơ")),
        "da_tra": (_("Đã trả kết quả"), "number", _("hồ sơ")),
        "ket_thuc_khac": (_("Kết thúc khác"), "number", _("hồ sơ")),
        "dang_lam_trong_han": (_("Đang làm, còn hạn"), "number", _("hồ sơ")),
        "dang_lam_qua_han": (_("Đang làm, quá hạn"), "number", _("hồ sơ")),
        "mau_so": (_("Hồ sơ tính (mẫu số)"), "number", _("hồ sơ")),
        "tre": (_("Trong đó trễ"), "number", _("hồ sơ")),
        "tre_tren_1000": (_("Trễ trên 1.000"), "rate", _("hồ sơ trễ trên 1.000 hồ sơ")),
        "ty_le_dung_han": (_("Đúng hạn"), "rate", "%"),
    }
    first = Column(NAME, name, kind)
    return (first, *(Column(key, *heads[key]) for key in keys))


def _of_line(key: Any, inside: Mapping[str, tuple[str, ...]]) -> list[Sum]:
    """Return how the numbers of a line hang together; its whole is known to who knows the line before."""
    return [
        Sum((key, "den"), ((key, "num"), (key, "bad"))),
        Sum((key, "returned"), tuple((key, group) for group in RETURNED)),
        Sum((key, "num"), tuple((key, group) for group in inside["num"])),
        Sum((key, "bad"), tuple((key, group) for group in inside["bad"])),
        Sum(None, tuple((key, group) for group in GROUPS)),
    ]


#: What everybody is told of an office, over a period and by month, and of a procedure.
TOLD_PARTS: Final = (
    *("tiep_nhan", "da_tra", "tra_tre", "dang_lam_qua_han"),
    *("tre_tren_1000", "ty_le_dung_han"),
)
TOLD_TIMES: Final = (
    *("tiep_nhan", "da_tra", "tra_truoc_han", "tra_dung_han", "tra_tre", "ket_thuc_khac"),
    "tre_tren_1000",
)
ROUGHLY: Final = ("tiep_nhan", "da_tra")
PARTS: Final = ("tiep_nhan", "mau_so", "tre", "tre_tren_1000", "ty_le_dung_han")
TIMES: Final = (
    *("tiep_nhan", "tra_truoc_han", "tra_dung_han", "tra_tre", "ket_thuc_khac"),
    *("mau_so", "tre", "tre_tren_1000"),
)
