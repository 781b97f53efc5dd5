"""The portal's own pages of 2026: flat texts whose headings and cells run into each other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from tinhso.catalogue.adapters.sheets.fees import portal_fee, several
from tinhso.catalogue.adapters.sheets.legal import portal_laws
from tinhso.catalogue.adapters.sheets.limits import limit_of
from tinhso.catalogue.adapters.sheets.papers import portal_papers
from tinhso.catalogue.adapters.sheets.plain import line, said, short
from tinhso.catalogue.adapters.sheets.shape import CaseRead, FeeRead, Flag, LegalRead, ReadSheet, TermRead
from tinhso.catalogue.adapters.sheets.who import audience_of, levels_of
from tinhso.catalogue.adapters.sheets.word import CHANNELS, flag_repeated, keywords_of
from tinhso.toolkit.text import fold, tidy

CODE: Final = "ma_thu_tuc"
NAME: Final = "ten_thu_tuc"
#: Each key of a page and what people call it.
LABELS: Final = {
    CODE: "Mã thủ tục",
    NAME: "Tên thủ tục",
    "so_quyet_dinh": "Số quyết định",
    "cap_thuc_hien": "Cấp thực hiện",
    "loai_thu_tuc": "Loại thủ tục",
    "linh_vuc": "Lĩnh vực",
    "doi_tuong_thuc_hien": "Đối tượng thực hiện",
    "co_quan_co_tham_quyen": "Cơ quan có thẩm quyền",
    "dia_chi_tiep_nhan": "Địa chỉ tiếp nhận hồ sơ",
    "co_quan_duoc_uy_quyen": "Cơ quan được ủy quyền",
    "co_quan_phoi_hop": "Cơ quan phối hợp",
    "thu_tuc_lien_quan": "Thủ tục liên quan",
    "trinh_tu_thuc_hien": "Trình tự thực hiện",
    "cach_thuc_thuc_hien": "Cách thức thực hiện",
    "thanh_phan_ho_so": "Thành phần hồ sơ",
    "can_cu_phap_ly": "Căn cứ pháp lý",
    "co_quan_thuc_hien": "Cơ quan thực hiện",
    "yeu_cau_dieu_kien": "Yêu cầu, điều kiện thực hiện",
    "ket_qua_xu_ly": "Kết quả thực hiện",
}
TEXTS: Final = tuple(LABELS)

_HEADER: Final = re.compile(r"^\s*Hình thức nộp\s*Thời (?:gian|hạn)(?: giải quyết)?\s*Phí, lệ phí\s*Mô tả")
#: A channel's cell: the next cell follows without a space. "trực tiếp tại", "Trực tiếp:" are words of a sentence.
_CHANNEL: Final = re.compile(r"(Trực tuyến|Trực tiếp|Dịch vụ bưu chính)(?=[\w(+*-]|$)")
_MONEY: Final = r"(?P<number>\d[\d.,]*)\s?(?P<coin>VNĐ|VND|Việt Nam Đồng|Đồng|USD|Đô la Mỹ|EUR|Euro)"
_FEE: Final = re.compile(rf"Miễn phí|{_MONEY}")
_UNKNOWN: Final = "Không có thông tin"
_TIME: Final = re.compile(
    r"\d+(?:[.,]\d+)? (?:Ngày làm việc|Ngày|Giờ làm việc|Giờ|Tháng|Năm|Tuần)|Không có thông tin"
)


def read_portal(record: Mapping[str, Any]) -> ReadSheet:
    """Read a page whose values are strings (or missing)."""
    flags: list[Flag] = []

    def text(key: str) -> str:
        value = record.get(key)
        return said(value) if isinstance(value, str) else ""

    results, keywords, note = _results(text("ket_qua_xu_ly"), flags)
    return ReadSheet(
        code=text(CODE),
        name=line(text(NAME)),
        field_name=line(text("linh_vuc")),
        decision=line(text("so_quyet_dinh")),
        kind=line(text("loai_thu_tuc")),
        levels=levels_of(text("cap_thuc_hien"), flags),
        audience=audience_of(text("doi_tuong_thuc_hien"), flags),
        sequence=text("trinh_tu_thuc_hien"),
        terms=_terms(text("cach_thuc_thuc_hien"), flags),
        cases=_cases(text("thanh_phan_ho_so"), flags),
        executing_body=text("co_quan_thuc_hien"),
        authority=text("co_quan_co_tham_quyen"),
        address=text("dia_chi_tiep_nhan"),
        delegated=text("co_quan_duoc_uy_quyen"),
        coordinating=text("co_quan_phoi_hop"),
        results=results,
        legal=_laws(text("can_cu_phap_ly"), flags),
        conditions=text("yeu_cau_dieu_kien"),
        keywords=keywords,
        note="\n".join(filter(None, (note, text("thu_tuc_lien_quan")))),
        flags=tuple(flags),
    )


def _cases(text: str, flags: list[Flag]) -> tuple[CaseRead, ...]:
    cases = portal_papers(text, flags)
    if not any(case.papers for case in cases):
        flags.append(Flag("papers", "Nguồn không ghi giấy tờ nào.", ""))
    return cases


def _laws(text: str, flags: list[Flag]) -> tuple[LegalRead, ...]:
    laws = portal_laws(text, flags)
    if not laws:
        flags.append(Flag("legal", "Nguồn không ghi căn cứ pháp lý.", ""))
    return laws


def _terms(text: str, flags: list[Flag]) -> tuple[TermRead, ...]:
    body = _HEADER.sub("", text, count=1)
    cuts = list(_CHANNEL.finditer(body))
    rows: list[tuple[str, str]] = []
    for place, cut in enumerate(cuts):
        cells = body[cut.end() : cuts[place + 1].start() if place + 1 < len(cuts) else len(body)]
        if rows and not _starts_a_row(cells):
            rows[-1] = (rows[-1][0], f"{rows[-1][1]}{cut[0]}{cells}")
        else:
            rows.append((cut[0], cells))
    before = tidy(body[: cuts[0].start()] if cuts else body)
    if before:
        flags.append(Flag("terms", "Có lời không thuộc cách nộp nào.", short(before)))
    if not rows:
        flags.append(Flag("terms", "Nguồn không ghi cách nộp.", ""))
    terms = tuple(_term(CHANNELS[fold(way)], way, cells, flags) for way, cells in rows)
    flag_repeated(terms, flags)
    return terms


def _starts_a_row(cells: str) -> bool:
    """Tell the cells of a channel (a time, then a fee) from a sentence that begins with the channel's name."""
    return not cells or bool(_TIME.match(cells) or _FEE.search(cells) or _UNKNOWN in cells)


def _term(channel: str, way: str, cells: str, flags: list[Flag]) -> TermRead:
    time, rest, why = _split_time(cells)
    limit = limit_of(time)
    fees, note = _fees(rest, flags)
    if why:
        flags.append(Flag("terms", why, short(f"{way}{cells}")))
        flags.append(Flag("fees", why, short(f"{way}{cells}")))
        return TermRead(channel, None, "", "", (FeeRead(None, short(tidy(rest))), *fees[1:]), note)
    if limit.why:
        flags.append(Flag("terms", limit.why, short(f"{way}: {tidy(time)}")))
    return TermRead(channel, limit.value, limit.unit, line(time), fees, note)


def _split_time(cells: str) -> tuple[str, str, str]:
    """Return the time's cell, what follows, and why they cannot be told apart (blank where they can)."""
    if found := _TIME.match(cells):
        return found[0], cells[found.end() :], ""
    fee = _FEE.search(cells)
    unknown = cells.find(_UNKNOWN)
    if unknown >= 0 and (fee is None or unknown < fee.start()):
        return cells[:unknown], cells[unknown:], ""
    if fee is None:
        return cells, "", ""
    if fee["number"] and fee.start() == 0:
        # "120,000 VNĐ" may be a fee of 120,000 without a time, or one day and a fee of 20,000.
        if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+|0", fee["number"]) and not _may_be_two(fee["number"]):
            return "", cells, ""
        return "", cells, "Thời hạn và số tiền dính liền, không tách được."
    return cells[: fee.start()], cells[fee.start() :], ""


def _may_be_two(number: str) -> bool:
    """Tell whether digits may be a time and an amount: all but one digit in the first group, and no zero after."""
    first = re.split(r"[.,]", number)[0]
    return any(first[cut] != "0" for cut in range(1, len(first)))


def _fees(rest: str, flags: list[Flag]) -> tuple[tuple[FeeRead, ...], str]:
    """Return the fees at the start of the text, each with its words in brackets, and the note after them."""
    fees: list[FeeRead] = []
    if rest.startswith(_UNKNOWN):
        return (), said(rest[len(_UNKNOWN) :])
    start = rest
    while found := _FEE.match(rest):
        rest = rest[found.end() :]
        note = ""
        if rest.startswith("("):
            note, rest, is_whole = _bracket(rest)
            if not is_whole:
                flags.append(Flag("fees", "Dấu ngoặc của lời kèm phí không đóng.", short(note)))
        fees.append(portal_fee(found["number"] or "", found["coin"] or "", note, flags))
    several(fees, flags, start)
    return tuple(fees), said(rest)


def _bracket(text: str) -> tuple[str, str, bool]:
    """Return the words in the first bracket, what follows it, and whether it closes. Brackets may nest."""
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if not depth:
            return text[1:place].strip().removeprefix("(").removesuffix(")"), text[place + 1 :], True
    return text[1:].strip(), "", False


_RESULT_CODE: Final = re.compile(r"Mã:\s*(?:KQ\.[A-Z]+\d{2}\.\d{6}|KQ[.A-Z\d]*|)(?=\W|[A-ZĐÀ-Ỹa-zà-ỹ]|$)")
_OFFICES: Final = re.compile(r"Chọn cơ quan thực hiện(?:Tỉnh/|Bộ ngành|\s*$).*$", re.DOTALL)
_WORDS: Final = re.compile(r"Từ khóa(?P<words>.*?)Mô tả(?P<note>.*)$", re.DOTALL)


def _results(text: str, flags: list[Flag]) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Return results, keywords and note; the page's boxes for choosing an office are left out."""
    body = _OFFICES.sub("", text)
    keywords: tuple[str, ...] = ()
    note = ""
    if found := _WORDS.search(body):
        keywords, note = keywords_of(line(found["words"])), said(found["note"])
        body = body[: found.start()]
    parts = _RESULT_CODE.split(body)
    results = tuple(dict.fromkeys(filter(None, (line(part) for part in parts))))
    if len(parts) == 1 and results:
        flags.append(Flag("results", "Kết quả không có mã, không rõ là một hay nhiều.", short(results[0])))
    if not results:
        flags.append(Flag("results", "Nguồn không ghi kết quả.", ""))
    return results, keywords, note
