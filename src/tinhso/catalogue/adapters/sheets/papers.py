"""Paper lists: names, numbers, blank forms; and whether the words above a table name a case."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from tinhso.catalogue.adapters.sheets.plain import line, short
from tinhso.catalogue.adapters.sheets.shape import CaseRead, Flag, PaperRead
from tinhso.toolkit.text import fold, tidy

_FILE: Final = re.compile(r"\.(?:docx?|xlsx?|pdf|rtf|odt|zip|rar|png|jpe?g)\b", re.IGNORECASE)
_COUNTS: Final = re.compile(r"\s*Bản chính:\s*(\d*)\s*Bản sao:\s*(\d*)\s*", re.IGNORECASE)
_MANY: Final = 99
#: Words above a table that name no case: the list itself, what to hand in, what to show, a remark.
_GROUP: Final = re.compile(
    r"(?:[a-z\d]{1,3}[.)] ?|[-*+] ?)*(?:"
    r"(?:thanh phan )?(?:,? ?so luong )?(?:bo )?(?:ho so)?(?: gom| bao gom)?(?: co)?|bao gom|gom|"
    r"(?:so luong )?(?:bo )?ho so:? ?(?:0?1|mot|0?1 \(mot\)) bo(?: ho so)?|(?:0?1|0?1 \(mot\)) bo(?: ho so)?|"
    r"(?:cac )?giay to (?:phai )?(?:nop|xuat trinh|gui kem|kem theo|can nop)|luu y|ghi chu"
    r")[ :.*]*"
)
_REMARK: Final = re.compile(r"[-*+ ]*(?:luu y|ghi chu)")
_CASE: Final = re.compile(
    r"truong hop|doi voi|danh cho|ap dung (?:cho|voi)|neu |khi |dang ky|cap (?:moi|lai|doi)|gia han|sua doi|dieu chinh|cong chung"
)

_MORE: Final = re.compile(
    r"uy quyen|nop them|con co|kem theo|ngoai (?:cac )?giay to|bo sung them|truong hop khong quy dinh"
)


@dataclass(slots=True)
class CaseList:
    """The cases found so far. Tables without a case of their own share the one without a name."""

    flags: list[Flag]
    cases: dict[str, list[PaperRead]] = field(default_factory=dict)

    def add(self, above: str, papers: Sequence[PaperRead]) -> None:
        """Add a table of papers and the words above it."""
        above = line(above)
        words = fold(above)
        if not words or _GROUP.fullmatch(words) or _REMARK.match(words):
            group = above if words and "xuat trinh" in words else ""
            rows = [_of_group(paper, group) for paper in papers]
            if _REMARK.match(words):
                self.flags.append(
                    Flag("papers", "Bảng này là lời dặn, có thể không phải giấy tờ.", short(above))
                )
            self.cases.setdefault("", []).extend(rows)
            return
        self.cases.setdefault(above, []).extend(papers)

    def read(self) -> tuple[CaseRead, ...]:
        """Return the cases in their order; where there are several, words that may name none are flagged."""
        for name in self.cases if len(self.cases) > 1 else ():
            words = fold(name)
            if _MORE.search(words):
                self.flags.append(
                    Flag(
                        "cases",
                        "Bảng này có thể là giấy tờ nộp thêm, không phải trường hợp riêng.",
                        short(name),
                    )
                )
            elif name and not _CASE.search(words):
                self.flags.append(
                    Flag(
                        "cases", "Không rõ lời trên bảng là một trường hợp hay một nhóm giấy tờ.", short(name)
                    )
                )
        return tuple(CaseRead(name, tuple(papers)) for name, papers in self.cases.items())


def _of_group(paper: PaperRead, group: str) -> PaperRead:
    return PaperRead(paper.name, paper.originals, paper.copies, paper.sample_form, group) if group else paper


def word_paper(cells: Sequence[str], flags: list[Flag]) -> PaperRead | None:
    """Read a row of a Word sheet's table: name, files of the blank form, and "Bản chính: 1", "Bản sao: 0" below each other."""
    name, files, counts = (*cells, "", "", "")[:3]
    name = tidy(name)
    if not name and not files.strip():
        return None
    if not name:
        flags.append(Flag("papers", "Dòng có mẫu đơn nhưng không có tên giấy tờ.", short(tidy(files))))
    found = _COUNTS.fullmatch(counts)
    originals, copies = (int(n[:6] or 0) for n in found.groups()) if found else (0, 0)
    if found is None:
        flags.append(Flag("papers", "Không đọc được số bản.", short(f"{name}: {tidy(counts)}")))
    elif not (found[1] and found[2]):
        flags.append(Flag("papers", "Thiếu số bản chính hoặc số bản sao.", short(name)))
    return counted(
        name or tidy(files), originals, copies, "\n".join(filter(None, map(tidy, files.split("\n")))), flags
    )


def counted(name: str, originals: int, copies: int, sample_form: str, flags: list[Flag]) -> PaperRead:
    """Return a paper; one of which nothing is handed in, or very much, is flagged."""
    if not originals and not copies:
        flags.append(Flag("papers", "Không phải nộp bản nào: có thể là lời dặn.", short(name)))
    elif max(originals, copies) > _MANY:
        flags.append(Flag("papers", "Số bản lớn bất thường.", short(name)))
    return PaperRead(name, originals, copies, sample_form)


_HEADER: Final = re.compile(r"Tên giấy tờ\s*Mẫu đơn, tờ khai\s*Số lượng")
_QUANTITY: Final = re.compile(r"(?P<n>\d+) bản chính(?:,\s?(?P<c>\d+) bản sao)?|(?P<only>\d+) bản sao")
_STARTS: Final = re.compile(r"(?<=[.;:,)\]”\"])(?=\w)|(?<=[a-zà-ỹ\d])(?=[A-ZĐÀ-Ỹ])(?!(?<=Đ)CP)")


def portal_papers(text: str, flags: list[Flag]) -> tuple[CaseRead, ...]:
    """Read the portal's flat list, whose headings, names, files and numbers run into each other."""
    if not line(text):
        return ()
    parts = _HEADER.split(text)
    if len(parts) == 1:
        flags.append(Flag("papers", "Danh mục giấy tờ không có bảng, cần người đọc.", short(tidy(text))))
        return (CaseRead("", (PaperRead(tidy(text), 0, 0),)),)
    cases = CaseList(flags)
    above = parts[0]
    for place, body in enumerate(parts[1:], 1):
        papers, rest = _table(body, flags)
        is_last = place == len(parts) - 1
        if is_last and tidy(rest):
            flags.append(Flag("papers", "Giấy tờ không ghi số bản.", short(tidy(rest))))
            papers.append(PaperRead(tidy(rest), 0, 0))
        cases.add(above, papers)
        above = rest
    return cases.read()


def _table(body: str, flags: list[Flag]) -> tuple[list[PaperRead], str]:
    """Return the papers of one table, and the words after its last number: the next table's heading."""
    papers: list[PaperRead] = []
    start = 0
    for found in _QUANTITY.finditer(body):
        if not _ends_a_row(body, found):
            continue
        digits = found["n"] or found["only"]
        name = body[start : found.start()]
        if len(digits) > 1 and not (digits == "10" and not name.endswith(tuple("0123456789"))):
            name += digits[:-1]
            flags.append(
                Flag("papers", "Số bản dính liền một con số khác.", short(tidy(f"{name[-60:]}{found[0]}")))
            )
            digits = digits[-1]
        originals, copies = (int(digits), int((found["c"] or "0")[:6])) if found["n"] else (0, int(digits))
        start = found.end()
        if not tidy(name):
            flags.append(Flag("papers", "Có số bản mà không có tên giấy tờ.", short(found[0])))
            continue
        title, file = _split_file(tidy(name), flags)
        papers.append(counted(title, originals, copies, file, flags))
    return papers, body[start:]


def _ends_a_row(body: str, found: re.Match[str]) -> bool:
    """Tell a number that is a cell from "(01 bản chính)" within a sentence."""
    before = body[: found.start()][-1:]
    after = body[found.end() : found.end() + 1]
    if after and after in '.,;:)/"”':
        return False
    if before and (before.isspace() or before in "(["):
        digits = found["n"] or found["only"]
        return before.isspace() and not digits.startswith("0") and not after.isspace()
    return True


def _split_file(name: str, flags: list[Flag]) -> tuple[str, str]:
    """Split "…NĐ-CP).Mau so 01a.docx" into the name and the file; flag where the border cannot be seen."""
    if not _FILE.search(name[-8:]):
        return name, ""
    end = name.rfind(".")
    cuts = [cut.start() for cut in _STARTS.finditer(name, 0, end) if cut.start() > 0]
    if not cuts:
        flags.append(Flag("papers", "Không tách được tên tệp mẫu khỏi tên giấy tờ.", short(name)))
        return name, ""
    return name[: cuts[-1]], name[cuts[-1] :]
