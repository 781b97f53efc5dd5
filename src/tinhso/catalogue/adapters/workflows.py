"""Read a directory of internal process sheets. Every file ends as imported, as a repeat or as listed with a reason."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Final

from tinhso.catalogue.adapters.process_sheets.parts import (
    fees_of,
    head_of,
    papers_of,
    records_of,
    sections_of,
)
from tinhso.catalogue.adapters.process_sheets.shape import WorkflowSheet
from tinhso.catalogue.adapters.process_sheets.table import processes_of
from tinhso.catalogue.adapters.process_sheets.times import lengths_in
from tinhso.catalogue.adapters.sheets.plain import is_formula, short, spelled
from tinhso.catalogue.adapters.sheets.shape import Flag
from tinhso.toolkit.text import fold, tidy

LARGEST_BYTES: Final = 2_000_000
MOST_LINES: Final = 50_000
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_UNIT: Final = re.compile(r"don vi tinh thoi gian la (ngay lam viec|ngay|gio lam viec|gio)\b")
_DIVISION: Final = re.compile("[\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
#: Kept as text: what the product shows or files as it stands.
_KEPT_SECTIONS: Final = (
    "limit",
    "audience",
    "executing",
    "coordinating",
    "result",
    "forms",
    "conditions",
    "legal",
    "fees",
)


class SheetNotRead(ValueError):
    """A file is no process sheet that can be read; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A file that could not be taken, and why."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Repeat:
    """A file with the same content as an earlier one."""

    file: str
    same_as: str


@dataclass(frozen=True, slots=True)
class WorkflowReport:
    """What became of every file: ``read`` equals imported + repeats + listed."""

    read: int
    imported: tuple[WorkflowSheet, ...]
    repeats: tuple[Repeat, ...]
    listed: tuple[Listed, ...]


def read_workflows(directory: Path) -> WorkflowReport:
    """Read every file below a directory, in order of names. Raises ``NotADirectoryError``."""
    if not directory.is_dir():
        raise NotADirectoryError(str(directory))
    seen: dict[str, str] = {}
    imported: list[WorkflowSheet] = []
    repeats: list[Repeat] = []
    listed: list[Listed] = []
    count = 0
    for path in sorted(_files(directory)):
        count += 1
        name = str(path.relative_to(directory)).encode("utf-8", "replace").decode()
        try:
            text, flags = _text(path)
            mark = sha256("\n".join(tidy(one) for one in text.split("\n") if tidy(one)).encode()).hexdigest()
            if mark in seen:
                repeats.append(Repeat(name, seen[mark]))
                continue
            sheet = read_sheet(name, text, flags)
        except SheetNotRead as why:
            listed.append(Listed(name, str(why)))
            continue
        seen[mark] = name
        imported.append(sheet)
    return WorkflowReport(count, tuple(_same_numbers(imported)), tuple(repeats), tuple(listed))


def _files(directory: Path) -> Iterator[Path]:
    """Yield everything below a directory that is not itself one; links are not followed."""
    for place, folders, files in os.walk(directory):
        links = [folder for folder in folders if (Path(place) / folder).is_symlink()]
        yield from (Path(place) / name for name in (*files, *links))


def _text(path: Path) -> tuple[str, tuple[Flag, ...]]:
    """Return the text of a file in one spelling. Raises ``SheetNotRead``."""
    try:
        about = path.lstat()
        if stat.S_ISLNK(about.st_mode):
            raise SheetNotRead("Là liên kết, không phải tệp; không đọc.")
        if not stat.S_ISREG(about.st_mode):
            raise SheetNotRead("Không phải tệp thường; không đọc.")
        if about.st_size > LARGEST_BYTES:
            raise SheetNotRead(f"Tệp lớn quá {LARGEST_BYTES // 1_000_000} MB.")
        raw = path.read_bytes()
    except OSError:
        raise SheetNotRead("Không mở được tệp.") from None
    if not raw.strip():
        raise SheetNotRead("Tệp rỗng.")
    coding = next((name for mark, name in _MARKS if raw.startswith(mark)), "utf-8")
    if coding != "utf-16" and b"\0" in raw:
        raise SheetNotRead("Tệp nhị phân, không phải văn bản.")
    try:
        text = raw.decode(coding)
    except UnicodeDecodeError as bad:
        raise SheetNotRead(f"Không phải chữ UTF-8: hỏng từ byte thứ {bad.start + 1}.") from None
    text = _DIVISION.sub("\n", text.replace("\r\n", "\n").replace("\r", "\n"))
    text, was_split, had_unseen = spelled(text)
    if text.count("\n") > MOST_LINES:
        raise SheetNotRead(f"Tệp dài quá {MOST_LINES} dòng.")
    flags = [Flag("text", "Chữ viết tách dấu (NFD), đã ghép lại.", path.name)] if was_split else []
    if had_unseen:
        flags.append(Flag("text", "Có ký tự không nhìn thấy, đã bỏ.", path.name))
    return text, tuple(flags)


def read_sheet(name: str, text: str, flags: tuple[Flag, ...] = ()) -> WorkflowSheet:
    """Read one sheet. Raises ``SheetNotRead`` where there is no table of steps."""
    lines = text.split("\n")
    agency, number, title, issued_on = head_of(lines)
    sections = sections_of(lines)
    limits = tuple(lengths_in(" ".join(sections.get("limit", ()))))
    stated = _UNIT.search(fold(text)) if "tính thời gian" in text else None
    processes, about_steps = processes_of(lines, limits, stated[1] if stated else "")
    if not processes:
        raise SheetNotRead(_why_none(text))
    papers, sets = papers_of(sections.get("papers", ()))
    if sets is None:
        _more, sets = papers_of([f"Số lượng hồ sơ: {' '.join(sections.get('sets', ()))}"])
    fees = fees_of(sections.get("fees", ()))
    records, unread_records = records_of(lines)
    found = [*flags, *about_steps]
    for part, missing, what in (
        ("name", not title, "Không tìm thấy tên thủ tục."),
        ("number", not number, "Không tìm thấy mã hiệu quy trình."),
        ("limit", not sections.get("limit"), "Không tìm thấy mục thời hạn giải quyết."),
        ("papers", not papers, "Không tìm thấy thành phần hồ sơ."),
        ("fees", not fees, "Không tìm thấy mục phí, lệ phí."),
        ("records", not records, "Không tìm thấy bảng hồ sơ lưu."),
    ):
        if missing:
            found.append(Flag(part, what, ""))
    if is_formula(title):
        found.append(Flag("name", "Tên bắt đầu như công thức bảng tính.", short(title)))
    if sections.get("limit") and len(limits) != 1:
        why = (
            "Thời hạn có nhiều độ dài, theo trường hợp."
            if limits
            else "Thời hạn viết bằng lời, cần người đọc."
        )
        found.append(Flag("limit", why, short(" ".join(sections["limit"]))))
    if papers and sets is None:
        found.append(Flag("papers", "Không ghi số bộ hồ sơ.", short(papers[-1].text)))
    if loose := [paper.text for paper in papers if paper.text[0] not in "-+*•" and paper.kind != "note"]:
        found.append(
            Flag(
                "papers",
                "Dòng không gạch đầu dòng: có thể là giấy tờ hoặc lời dẫn.",
                short(" | ".join(loose)),
            )
        )
    found += [
        Flag("fees", "Không đọc ra đúng một mức tiền.", short(fee.text)) for fee in fees if fee.vnd is None
    ]
    found += [Flag("records", "Dòng hồ sơ lưu chưa đọc được.", short(row)) for row in unread_records]
    return WorkflowSheet(
        file=name,
        agency=agency,
        number=number,
        name=title,
        issued_on=issued_on,
        limit=limits[0] if limits else None,
        limits=limits,
        papers=papers,
        sets=sets,
        fees=fees,
        sections={key: "\n".join(sections[key]) for key in _KEPT_SECTIONS if sections.get(key)},
        processes=processes,
        records=records,
        flags=tuple(found),
    )


def _why_none(text: str) -> str:
    words = fold(text[:20_000])
    if "trinh tu cac buoc" in words:
        return "Có tên bảng bước nhưng không đọc được bước nào; tệp có thể bị cắt."
    if "to khai" in words or "don de nghi" in words or "kinh gui" in words:
        return "Không có bảng bước: đây là mẫu đơn, tờ khai."
    return "Không có bảng bước (bước, trách nhiệm, thời gian)."


def _same_numbers(sheets: list[WorkflowSheet]) -> Iterator[WorkflowSheet]:
    """Yield the sheets; those that share a number with another say so."""
    files: dict[str, list[str]] = {}
    for sheet in sheets:
        if sheet.number:
            files.setdefault(sheet.number, []).append(sheet.file)
    for sheet in sheets:
        others = [file for file in files.get(sheet.number, ()) if file != sheet.file]
        flag = Flag("number", f"Mã hiệu {sheet.number} cũng ghi ở quy trình khác.", ", ".join(others))
        yield replace(sheet, flags=(*sheet.flags, flag)) if others else sheet
