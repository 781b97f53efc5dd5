"""The table of steps: cells come one a line, so rows and columns are found again by order numbers, roles and times."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tinhso.catalogue.adapters.process_sheets.shape import Length, Process, Step
from tinhso.catalogue.adapters.process_sheets.sums import assigned, columns_of, covered
from tinhso.catalogue.adapters.process_sheets.times import cell_time, lengths_in, looks_like_time
from tinhso.catalogue.adapters.process_sheets.who import is_who, role_of
from tinhso.catalogue.adapters.sheets.plain import line, short
from tinhso.catalogue.adapters.sheets.shape import Flag
from tinhso.toolkit.text import fold

_WHAT: Final = re.compile(r"(?:trinh tu|noi dung|cac buoc|buoc cong viec|ten buoc|cong viec|hoat dong).*")
_NUMBERS: Final = re.compile(r"(?:[a-z][.)] )?(?:stt|tt|buoc|so tt|cac buoc)")
_WHO: Final = re.compile(
    r"(?:trach nhiem|nguoi thuc hien|don vi thuc hien|bo phan thuc hien|don vi/nguoi thuc hien|chu the"
    r"|don vi/bo phan|nguoi chiu trach nhiem|don vi, nguoi thuc hien).*"
)
_TIME: Final = re.compile(r"(?:thoi gian|thoi han)(?! luu).*")
_TIME_COLUMN: Final = re.compile(r"(?:thoi gian|thoi han|thu tuc|truong)\b.*")
_EXTRA: Final = re.compile(r"(?:bieu mau|ket qua|san pham|ho so|ghi chu|mau bieu)\b.*")
_ORDER: Final = re.compile(r"(?P<word>b|buoc)?\s*(?P<number>\d{1,2})\s*(?P<dot>[.)/:])?")
_ENDS: Final = re.compile(
    r"\*? ?(?:ghi chu|luu y)\s*[:.].*|\*ghi chu.*|cong hoa xa hoi chu nghia viet nam.*"
    r"|(?:\d{1,2}|[ivxlm]{1,4})[.)]\s*(?:bieu mau|ho so (?:can )?luu|phu luc)\b.*|(?:bieu mau|ho so (?:can )?luu(?: tru)?)"
)
_TOTAL: Final = re.compile(r"tong (?:cong|so|thoi gian|thoi han).*")
_HEADER_LINES: Final = 40
_NEAR: Final = 10


@dataclass(frozen=True, slots=True)
class _Header:
    names: tuple[str, ...]
    who_first: bool
    has_extra: bool
    first_row: int


@dataclass(frozen=True, slots=True)
class _Row:
    order: int
    part: int
    what: str
    who: str
    times: tuple[str, ...]
    output: str


def processes_of(
    lines: Sequence[str], limits: Sequence[Length], unit_of_bare: str
) -> tuple[tuple[Process, ...], tuple[Flag, ...]]:
    """Return every table of steps and what a person must look at. ``limits`` are the lengths that the sheet states."""
    flags: list[Flag] = []
    found: list[Process] = []
    at = 0
    while at < len(lines):
        header = _header(lines, at)
        if header is None:
            at += 1
            continue
        end = next((n for n in range(header.first_row, len(lines)) if _ends(lines[n])), None)
        if end is None:
            flags.append(Flag("process", "Bảng bước không có phần kết; tệp có thể bị cắt.", short(lines[-1])))
        body = lines[header.first_row : end]
        rows = tuple(_rows(body, header, flags))
        if rows:
            found.append(_process(header, rows, limits, unit_of_bare, flags))
        at = end if end is not None else len(lines)
    return tuple(found), tuple(flags)


def _ends(text: str) -> bool:
    return bool(_ENDS.fullmatch(fold(text)))


def _header(lines: Sequence[str], at: int) -> _Header | None:
    """Return the header whose first cell (TT) stands at ``at``, or None."""
    if not _NUMBERS.fullmatch(fold(lines[at])):
        return None
    near = [(n, fold(lines[n])) for n in range(at + 1, min(at + _HEADER_LINES, len(lines))) if line(lines[n])]
    what = next((n for n, words in near[:_NEAR] if _WHAT.fullmatch(words)), None)
    who = next((n for n, words in near[:_NEAR] if _WHO.fullmatch(words)), None)
    time = next((n for n, words in near[:_NEAR] if _TIME.fullmatch(words)), None)
    if what is None or who is None or time is None:
        return None
    first = next((n for n, words in near if n > max(what, who, time) and _order(words, 1)), None)
    if first is None:
        return None
    cells: list[str] = []
    has_extra = False
    for n in range(min(time, first), first):
        text, words = line(lines[n]), fold(lines[n])
        if not text or n in (what, who):
            continue
        if n > time and _EXTRA.fullmatch(words):
            has_extra = True
        elif has_extra:
            continue
        elif _TIME_COLUMN.fullmatch(words):
            cells.append(text)
        elif cells:
            cells[-1] = f"{cells[-1]} {text}"
    return _Header(_columns(cells), who < what, has_extra, first)


def _columns(cells: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the columns of times: a cell without a length above cells that have one spans them."""
    if len(cells) == 1 or not any(lengths_in(cell) for cell in cells):
        return tuple(cells)
    names, over = [], ""
    for cell in cells:
        if lengths_in(cell):
            names.append(f"{over}: {cell}" if over else cell)
        elif fold(cell) not in ("thoi gian", "thoi han"):
            over = cell
    return tuple(names)


def _order(words: str, expected: int, like: re.Match[str] | None = None) -> re.Match[str] | None:
    """Return the order number of a line, if it is one: the expected, or in the style of ``like`` any other."""
    found = _ORDER.fullmatch(words.strip())
    if not found:
        return None
    number = int(found["number"])
    if like is None:
        return found if number == expected else None
    marked = bool(like["dot"] or like["word"])
    if bool(found["dot"] or found["word"]) != marked:
        return None
    if not marked and (found["number"][0] == "0") != (like["number"][0] == "0"):
        return None
    return found if number == expected or (marked and number) else None


def _rows(body: Sequence[str], header: _Header, flags: list[Flag]) -> Iterator[_Row]:
    style = _order(fold(body[0]), 1)
    expected, order = 1, 0
    cells: list[tuple[str, bool]] = []
    gap = False
    for text in [*body, None]:
        found = None if text is None else _order(fold(text), expected, style)
        if text is not None and found is None:
            if line(text):
                cells.append((line(text), gap))
            gap = not line(text)
            continue
        if order:
            yield from _parts(order, cells, header, flags)
        cells, gap = [], False
        if found is not None:
            order = int(found["number"])
            if order != expected:
                flags.append(
                    Flag(
                        "steps", f"Số bước không liền: sau bước {expected - 1} là {order}.", short(text or "")
                    )
                )
            expected = order + 1


def _parts(
    order: int, cells: Sequence[tuple[str, bool]], header: _Header, flags: list[Flag]
) -> Iterator[_Row]:
    """Cut what stands under one number into parts: each ends with its times."""
    cells = [cell for cell in cells if not _TOTAL.fullmatch(fold(cell[0]))]
    if not cells:
        flags.append(Flag("steps", "Bước không có chữ nào.", str(order)))
        yield _Row(order, 1, "", "", (), "")
        return
    part, start, n = 1, 0, 0
    while n < len(cells):
        if not _is_time(cells, n, start, header):
            n += 1
            continue
        last = n
        while last + 1 < len(cells) and _is_time(cells, last + 1, start, header):
            last += 1
        output = ""
        if header.has_extra:
            output, stop = " ".join(text for text, _gap in cells[last + 1 :]), len(cells)
        else:
            stop = last + 1
        times = tuple(text for text, _gap in cells[n : last + 1])
        yield _row(order, part, cells[start:n], times, output, header, flags)
        part, start, n = part + 1, stop, stop
    if start < len(cells):
        yield _row(order, part, cells[start:], (), "", header, flags)


def _is_time(cells: Sequence[tuple[str, bool]], n: int, start: int, header: _Header) -> bool:
    if n <= start:
        return False
    text, before = cells[n][0], cells[n - 1][0]
    if not looks_like_time(text):
        # What follows the one who does it and is neither a second one nor the rest of the name is a time in words.
        in_words = fold(text).startswith(("thoi gian", "thoi han")) or n == len(cells) - 1
        return is_who(before) and n - start >= 2 and not is_who(text) and not text[0].islower() and in_words
    return (
        header.who_first
        or n == len(cells) - 1
        or is_who(before)
        or looks_like_time(before)
        or cells[n][1]
        or (looks_like_time(cells[n + 1][0]))
        or n - start >= 2
    )


def _row(
    order: int,
    part: int,
    cells: Sequence[tuple[str, bool]],
    times: tuple[str, ...],
    output: str,
    header: _Header,
    flags: list[Flag],
) -> _Row:
    texts = [text for text, _gap in cells]
    if header.who_first:
        cut = 1 if len(texts) > 1 else 0
        while cut < len(texts) - 1 and not cells[cut][1] and texts[cut][:1].islower():
            cut += 1
        who, what = " ".join(texts[:cut]), "\n".join(texts[cut:])
    else:
        cut = _cut(cells)
        who, what = " ".join(texts[cut:]), "\n".join(texts[:cut])
    where = f"Bước {order}"
    if not what:
        flags.append(Flag("steps", f"{where} không ghi việc phải làm.", short(" ".join(texts))))
    if who and not is_who(who):
        flags.append(Flag("steps", f"{where}: dòng cuối có thể không phải người làm.", short(who)))
    if part > 1:
        flags.append(Flag("steps", f"{where} có nhánh riêng dưới cùng một số.", short(what)))
    return _Row(order, part, what, who, times, output)


def _cut(cells: Sequence[tuple[str, bool]]) -> int:
    """Return where the cell "Trách nhiệm" begins: the last lines that begin as such a cell does."""
    last = len(cells) - 1
    if last < 1:
        return last + 1
    at = last
    if not is_who(cells[last][0]) and last >= 2 and not cells[last][1] and is_who(cells[last - 1][0]):
        at = last - 1  # "Lãnh đạo Ủy ban nhân dân / cấp xã"
    while (
        at >= 2
        and not cells[at][1]
        and is_who(cells[at - 1][0])
        and len(cells[at - 1][0]) <= 60
        and cells[at - 1][0][-1] not in ".;:"
        and cells[at - 1][0][0] not in "-+•"
    ):
        at -= 1
    return at


def _process(
    header: _Header, rows: Sequence[_Row], limits: Sequence[Length], unit_of_bare: str, flags: list[Flag]
) -> Process:
    names = header.names or ("Thời gian",)
    bare = [_unit(name) or unit_of_bare for name in names]
    stated = [_limit(name, n, limits) for n, name in enumerate(names)]
    read = [[cell_time(text, unit_of_bare=bare[0]) for text in row.times] for row in rows]
    placed, sentence = assigned(read, stated)
    if sentence:
        unplaced = [
            " / ".join(row.times) for row, given in zip(rows, read, strict=True) if len(given) != len(names)
        ]
        flags.append(Flag("times", sentence, short(" | ".join(text for text in unplaced if text))))
    steps = []
    doers = {row.who for row in rows}
    for row, times in zip(rows, placed, strict=True):
        if swallowed := [text for text in row.what.split("\n") if text in doers]:
            why = f"Bước {row.order}: có dòng giống ô người làm, có thể sót một số bước."
            flags.append(Flag("steps", why, short(" | ".join(swallowed))))
        role, why = role_of(row.who)
        if why:
            flags.append(Flag("roles", f"Bước {row.order}: {why}", short(row.who or row.what)))
        for text, length in zip(
            row.times, [cell_time(t, unit_of_bare=bare[0]) for t in row.times], strict=True
        ):
            if length.hours is None:
                flags.append(Flag("times", f"Bước {row.order}: chưa đọc được thời gian.", short(text)))
            elif not length.is_whole:
                flags.append(
                    Flag("times", f"Bước {row.order}: thời gian có điều kiện kèm theo.", short(text))
                )
        steps.append(
            Step(row.order, row.part, row.what, row.who, role, times, " / ".join(row.times), row.output)
        )
    columns = columns_of(names, stated, steps)
    whole = covered(steps, columns)
    if any(step.covers for step in whole):
        told = [f"Bước {s.order}: {s.time_text}" for s in whole if s.covers]
        flags.append(
            Flag("times", "Một thời gian ghi chung cho nhiều bước; cần người chia.", short("; ".join(told)))
        )
    flags += [Flag("sum", c.note, c.name) for c in columns if c.fit in ("too_long", "unknown")]
    known = {length.hours for length in limits}
    for name, limit in zip(names, stated, strict=True):
        if limit and limits and limit.hours not in known:
            flags.append(
                Flag("limit", "Thời hạn ở đầu bảng không có trong mục thời hạn giải quyết.", short(name))
            )
    return Process(columns, whole)


def _unit(name: str) -> str:
    found = re.search(r"\((?:don vi:? ?|tinh theo )?(ngay lam viec|ngay|gio lam viec|gio|phut)\)", fold(name))
    return found[1] if found else ""


def _limit(name: str, place: int, limits: Sequence[Length]) -> Length | None:
    """Return the limit in the name of a column; the first column has that of the sheet where it names none."""
    said = lengths_in(name)
    if len(said) == 1:
        return said[0]
    return limits[0] if not said and place == 0 and limits else None
