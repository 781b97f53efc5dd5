"""The public tables of one closed month, and which of their cells stay away. Pure.

All tables are made of the same cases: by office, district, procedure, field, channel, field and channel. They go into
`cells.protect` together, with every sum that a reader may know among them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tinhso.measures.rules.cells import Line, protect
from tinhso.measures.rules.spans import Span

#: Sums within a row: (whole, its parts).
MADE: Final[Mapping[str, tuple[str, ...]]] = {
    "returned": ("early", "on_time", "late"),
    "received": ("online", "offline"),
}
PROVINCE, DISTRICT, OFFICE_KIND, OFFICE = "province", "district", "office_kind", "office"
FIELD, PROCEDURE, CHANNEL, FIELD_CHANNEL = "field", "procedure", "channel", "field_channel"
TABLES: Final = (PROVINCE, DISTRICT, OFFICE_KIND, OFFICE, FIELD, PROCEDURE, CHANNEL, FIELD_CHANNEL)
#: What each table tells of a part.
_FLOWS: Final = ("received", "returned")
_CLOSELY: Final = (
    *_FLOWS,
    *("online", "offline", "early", "on_time", "late", "ended_otherwise", "running_late"),
)
MEASURES: Final[Mapping[str, tuple[str, ...]]] = {
    PROVINCE: _CLOSELY,
    DISTRICT: _CLOSELY,
    OFFICE_KIND: ("received", "online", "offline"),
    OFFICE: _CLOSELY,
    FIELD: _FLOWS,
    PROCEDURE: _FLOWS,
    CHANNEL: (*_FLOWS, "early", "on_time", "late", "ended_otherwise", "running_late"),
    FIELD_CHANNEL: ("received",),
}
#: The sums between tables: (whole, its parts).
_SUMS: Final = (
    (PROVINCE, DISTRICT),
    (PROVINCE, OFFICE_KIND),
    (PROVINCE, FIELD),
    (PROVINCE, CHANNEL),
    (DISTRICT, OFFICE),
    (OFFICE_KIND, OFFICE),
    (FIELD, PROCEDURE),
    (FIELD, FIELD_CHANNEL),
    (CHANNEL, FIELD_CHANNEL),
)
#: How often more is hidden around what could not be proven.
_TRIES: Final = 8


@dataclass(frozen=True, slots=True)
class Kind:
    """Cases of one office, procedure and channel, with the district and field they lie in. 0: in none.

    ``of_kind`` is the kind of the office.
    """

    office: int
    of_kind: str
    district: int
    procedure: str
    field: int
    channel: str

    def label(self, table: str) -> str:
        """Return where such cases are counted in a table."""
        return {
            PROVINCE: "",
            OFFICE: str(self.office),
            DISTRICT: str(self.district),
            OFFICE_KIND: self.of_kind,
            PROCEDURE: self.procedure,
            FIELD: str(self.field),
            CHANNEL: self.channel,
            FIELD_CHANNEL: f"{self.field}:{self.channel}",
        }[table]


#: A row of a table: which table, which part; one number: and which measure.
Part = tuple[str, str]
Cell = tuple[str, str, str]
#: What stands in a sum for a number that is told anyway.
TOLD: Final[Cell] = ("", "", "")
#: A sum that stands in no table.
GROUP: Final = "group"
Facts = Mapping[Kind, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Book:
    """The public tables of a month: every cell above zero, and the sums among them."""

    cells: Mapping[Cell, int]
    lines: tuple[Line, ...]
    #: Numbers of the whole province that are told whatever else stays away.
    fixed: frozenset[Cell]

    def told(self, hidden: frozenset[Hashable]) -> dict[Cell, int | None]:
        """Return every cell above zero as it is published: None stays away."""
        return {cell: None if cell in hidden else n for cell, n in self.cells.items()}


def book_of(facts: Facts, threshold: int) -> Book:
    """Count the tables of a month and name their sums."""
    cells: Counter[Cell] = Counter()
    inside: dict[tuple[Part, str], dict[Part, None]] = defaultdict(dict)
    for kind, numbers in facts.items():
        parts: dict[str, Part] = {table: (table, kind.label(table)) for table in TABLES}
        for whole, part in _SUMS:
            inside[parts[whole], part][parts[part]] = None
        for one in parts.values():
            for measure in MEASURES[one[0]]:
                cells[*one, measure] += numbers.get(measure, 0)
    seen = sorted({cell[:2] for cell in cells})
    above = {cell: n for cell, n in cells.items() if n}
    lines = [
        _line(one, measure, [(*one, part) for part in of])
        for one in seen
        for measure, of in MADE.items()
        if set(of) <= set(MEASURES[one[0]])
    ]
    lines += [
        _line(whole, measure, [(*one, measure) for one in parts])
        for (whole, table), parts in inside.items()
        for measure in MEASURES[whole[0]]
        if measure in MEASURES[table]
    ]
    lines.append(_line((PROVINCE, ""), "online", [(CHANNEL, "online", "received")]))
    lines += [*_of_groups(facts, PROCEDURE), *_of_groups(facts, FIELD)]
    return Book(
        above,
        tuple(one for one in lines if any(part in above for part in one.parts)),
        _fixed(above, threshold),
    )


def _fixed(cells: Mapping[Cell, int], threshold: int) -> frozenset[Cell]:
    """Return the numbers of the province that are told anyway: the large ones, but not beside a small one of a sum."""
    beside = {
        part
        for of in MADE.values()
        if any(0 < cells.get((PROVINCE, "", part), 0) < threshold for part in of)
        for part in of
    }
    return frozenset(
        cell for cell, n in cells.items() if cell[0] == PROVINCE and n >= threshold and cell[2] not in beside
    )


def _line(whole: Part, measure: str, parts: list[Cell]) -> Line:
    return Line((*whole, measure), tuple(parts))


def _of_groups(facts: Facts, table: str) -> list[Line]:
    """Return the sums that whoever knows which office does what may draw between offices and procedures or fields.

    Offices and procedures that have to do with one another only have the same cases together.
    """
    root: dict[Part, Part] = {}

    def top(one: Part) -> Part:
        while root.setdefault(one, one) != one:
            root[one] = root[root[one]]
            one = root[one]
        return one

    for kind in facts:
        root[top((OFFICE, kind.label(OFFICE)))] = top((table, kind.label(table)))
    groups: dict[Part, list[Part]] = defaultdict(list)
    for one in sorted(root):
        groups[top(one)].append(one)
    return [
        _line(
            (f"{GROUP} {table}", str(number)), measure, [(*one, measure) for one in group if one[0] == side]
        )
        for number, group in enumerate(groups.values())
        for measure in MEASURES[table]
        for side in (OFFICE, table)
    ]


def joined(pieces: Sequence[Span], flows: Mapping[Span, Mapping[str, int]], threshold: int) -> list[Span]:
    """Join stretches that were told before until every flow is nothing or large again; none is cut anew.

    What is left at the end joins the one before it.
    """
    found: list[tuple[Span, Counter[str]]] = []
    for piece in pieces:
        span, sums = piece, Counter(flows[piece])
        if found and _has_small(found[-1][1], threshold):
            before, more = found.pop()
            span, sums = Span(before.first, piece.last), more + sums
        found.append((span, sums))
    while len(found) > 1 and _has_small(found[-1][1], threshold):
        (before, more), (last, sums) = found[-2:]
        found[-2:] = [(Span(before.first, last.last), more + sums)]
    return [span for span, _sums in found]


def _has_small(sums: Mapping[str, int], threshold: int) -> bool:
    return any(0 < n < threshold for n in sums.values())


@dataclass(frozen=True, slots=True)
class Choice:
    """The cells that stay away, and for how many small ones no other world was found: then nothing is published."""

    hidden: frozenset[Cell]
    unproven: int


def choose(book: Book, threshold: int, *, already: Iterable[Cell] = ()) -> Choice:
    """Choose the cells that stay away; ``already``: those that stayed away before.

    The whole province's numbers are told, so a sum that makes one up stands without it. Around what could not be
    proven more and more is hidden.
    """
    lines = [one for one in (_without(line, book.fixed) for line in book.lines) if one is not None]
    cells: dict[Hashable, int] = {cell: n for cell, n in book.cells.items() if cell not in book.fixed}
    virtual = {line.total: line for line in lines if line.total not in cells and line.total != TOLD}
    cells |= {total: sum(cells.get(one, 0) for one in line.parts) for total, line in virtual.items()}
    cells[TOLD] = 0
    away: dict[Hashable, None] = dict.fromkeys(one for one in already if one in cells)
    found = protect(lines, cells, threshold, unpublished=away)
    for _ in range(_TRIES):
        if not found.unproven:
            break
        away |= dict.fromkeys(_around(found.unproven, lines, cells))
        found = protect(lines, cells, threshold, unpublished=away)
    return Choice(frozenset(cell for cell in book.cells if cell in found.hidden), len(found.unproven))


def _without(line: Line, fixed: frozenset[Cell]) -> Line | None:
    """Return a sum without the numbers that are told whatever else stays away; None: nothing else is in it."""
    parts = tuple(one for one in line.parts if one not in fixed)
    if line.total in fixed:
        return Line(TOLD, parts) if parts else None
    return Line(line.total, parts)


def _around(
    unproven: Iterable[Hashable], lines: Sequence[Line], cells: Mapping[Hashable, int]
) -> Iterable[Hashable]:
    """Yield every cell of the sums in which something unproven stands."""
    wanted = set(unproven)
    for line in lines:
        members = (line.total, *line.parts)
        if not wanted.isdisjoint(members):
            yield from (one for one in members if cells.get(one))
