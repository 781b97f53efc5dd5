"""The Word sheets of the national portal: Vietnamese keys, tables as ``{header, rows}``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from tinhso.catalogue.adapters.sheets.fees import word_fees
from tinhso.catalogue.adapters.sheets.legal import word_law
from tinhso.catalogue.adapters.sheets.limits import limit_of
from tinhso.catalogue.adapters.sheets.papers import CaseList, word_paper
from tinhso.catalogue.adapters.sheets.plain import line, said, short
from tinhso.catalogue.adapters.sheets.shape import CaseRead, Flag, LegalRead, ReadSheet, TermRead
from tinhso.catalogue.adapters.sheets.who import audience_of, levels_of
from tinhso.toolkit.text import fold, tidy

CODE: Final = "Mã thủ tục"
NAME: Final = "Tên thủ tục"
TEXTS: Final = (
    CODE,
    "Số quyết định",
    NAME,
    "Cấp thực hiện",
    "Loại thủ tục",
    "Lĩnh vực",
    "Trình tự thực hiện",
    "Đối tượng thực hiện",
    "Cơ quan thực hiện",
    "Cơ quan có thẩm quyền",
    "Địa chỉ tiếp nhận HS",
    "Cơ quan được ủy quyền",
    "Cơ quan phối hợp",
    "Kết quả thực hiện",
    "Yêu cầu, điều kiện thực hiện",
    "Từ khóa",
    "Mô tả",
)
TABLES: Final = ("Cách thức thực hiện", "Thành phần hồ sơ", "Căn cứ pháp lý")
CHANNELS: Final = {"truc tiep": "counter", "truc tuyen": "online", "dich vu buu chinh": "post"}


def read_word(record: Mapping[str, Any]) -> ReadSheet:
    """Read a record whose texts are strings (or missing) and whose tables are lists or strings."""
    flags: list[Flag] = []

    def text(key: str) -> str:
        value = record.get(key)
        return said(value) if isinstance(value, str) else ""

    return ReadSheet(
        code=text(CODE),
        name=line(text(NAME)),
        field_name=line(text("Lĩnh vực")),
        decision=line(text("Số quyết định")),
        kind=line(text("Loại thủ tục")),
        levels=levels_of(text("Cấp thực hiện"), flags),
        audience=audience_of(text("Đối tượng thực hiện"), flags),
        sequence=text("Trình tự thực hiện"),
        terms=_terms(record.get("Cách thức thực hiện"), flags),
        cases=_cases(record.get("Thành phần hồ sơ"), flags),
        executing_body=text("Cơ quan thực hiện"),
        authority=text("Cơ quan có thẩm quyền"),
        address=text("Địa chỉ tiếp nhận HS"),
        delegated=text("Cơ quan được ủy quyền"),
        coordinating=text("Cơ quan phối hợp"),
        results=tuple(filter(None, map(line, text("Kết quả thực hiện").split("\n")))),
        legal=_laws(record.get("Căn cứ pháp lý"), flags),
        conditions=text("Yêu cầu, điều kiện thực hiện"),
        keywords=keywords_of(text("Từ khóa")),
        note=text("Mô tả"),
        flags=tuple(flags),
    )


def keywords_of(text: str) -> tuple[str, ...]:
    """Return the words people may search by, as published between commas."""
    return tuple(dict.fromkeys(filter(None, (line(part) for part in re.split(r"[,;\n]", text)))))


def _parts(value: Any, part: str, flags: list[Flag]) -> Iterator[str | list[list[str]]]:
    """Yield the texts and tables of a part; a table as its rows of cells."""
    if isinstance(value, str):
        value = [value]
    for item in value or ():
        if isinstance(item, str):
            if line(item):
                yield item
        elif isinstance(item, dict) and isinstance(item.get("rows"), list):
            rows = [
                row for row in item["rows"] if isinstance(row, list) and all(isinstance(c, str) for c in row)
            ]
            if len(rows) != len(item["rows"]):
                flags.append(
                    Flag(part, "Có dòng của bảng sai kiểu, không đọc được.", short(str(item["rows"])[:300]))
                )
            yield rows
        else:
            flags.append(Flag(part, "Có phần không phải lời hay bảng.", short(str(item)[:300])))


def _terms(value: Any, flags: list[Flag]) -> tuple[TermRead, ...]:
    terms = []
    for item in _parts(value, "terms", flags):
        if isinstance(item, str):
            flags.append(Flag("terms", "Cách thức thực hiện không thành bảng, cần người đọc.", short(item)))
            continue
        for cells in item:
            way, limit_text, fee, note = (*cells, "", "", "", "")[:4]
            if not any(map(fold, cells)):
                continue
            channel = CHANNELS.get(fold(way))
            if channel is None:
                flags.append(Flag("channels", "Không nhận ra cách nộp.", short(tidy(" | ".join(cells)))))
                continue
            limit = limit_of(limit_text)
            if limit.why:
                flags.append(Flag("terms", limit.why, short(f"{tidy(way)}: {tidy(limit_text)}")))
            terms.append(
                TermRead(
                    channel,
                    limit.value,
                    limit.unit,
                    line(limit_text),
                    word_fees(said(fee), flags),
                    said(note),
                )
            )
    if not terms:
        flags.append(Flag("terms", "Nguồn không ghi cách nộp.", ""))
    flag_repeated(terms, flags)
    return tuple(terms)


def flag_repeated(terms: Sequence[TermRead], flags: list[Flag]) -> None:
    """Flag a channel that has several rows: they may be cases, and only a person can tell which is whose."""
    for channel in dict.fromkeys(term.channel for term in terms):
        rows = [term for term in terms if term.channel == channel]
        if len(rows) > 1:
            said_there = "; ".join(f"{row.limit_text} {row.note[:80]}" for row in rows)
            flags.append(
                Flag(
                    "channels", "Một cách nộp có nhiều dòng, có thể theo trường hợp.", short(tidy(said_there))
                )
            )


def _cases(value: Any, flags: list[Flag]) -> tuple[CaseRead, ...]:
    cases = CaseList(flags)
    above: list[str] = []
    for item in _parts(value, "papers", flags):
        if isinstance(item, str):
            above.append(item)
            continue
        papers = [paper for cells in item if (paper := word_paper(cells, flags))]
        if papers or above:
            cases.add("\n".join(above), papers)
        above = []
    if above:
        flags.append(Flag("papers", "Có lời không thuộc bảng giấy tờ nào.", short(tidy(" ".join(above)))))
    read = cases.read()
    if not any(case.papers for case in read):
        flags.append(Flag("papers", "Nguồn không ghi giấy tờ nào.", ""))
    return read


def _laws(value: Any, flags: list[Flag]) -> tuple[LegalRead, ...]:
    laws: list[LegalRead] = []
    for item in _parts(value, "legal", flags):
        if isinstance(item, str):
            flags.append(Flag("legal", "Căn cứ pháp lý không thành bảng, cần người đọc.", short(item)))
            laws.append(LegalRead("", tidy(item)))
            continue
        laws += [law for cells in item if (law := word_law(cells, flags))]
    if not laws:
        flags.append(Flag("legal", "Nguồn không ghi căn cứ pháp lý.", ""))
    return tuple(laws)
