"""Compare two sheets part by part: rows with the words before and after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from tinhso.catalogue.queries.catalogue import CHANNEL_WORDS, hours_text, limit_text
from tinhso.catalogue.queries.process import plain, process_hours
from tinhso.toolkit.words import date_text, money

Sheet = Mapping[str, Any]
Lines = dict[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that differs or stays: blank ``before`` is new, blank ``after`` is gone."""

    label: str
    before: str
    after: str

    @property
    def is_changed(self) -> bool:
        """Say whether the two differ."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Compared:
    """One part of the sheet with its rows."""

    key: str
    title: str
    rows: tuple[Row, ...]

    @property
    def changes(self) -> int:
        """Return how many rows differ."""
        return sum(row.is_changed for row in self.rows)


def compare(before: Sheet | None, after: Sheet) -> list[Compared]:
    """Return every part with its rows, in the order of the office's pages; without ``before`` all is new."""
    return [
        Compared(key, title, tuple(_paired(read(before) if before else {}, read(after))))
        for key, title, read in (
            ("ten", _("Tên và tên gọi khác"), _names),
            ("noi-lam", _("Đối tượng, cơ quan, cách nộp"), _places),
            ("truong-hop", _("Trường hợp, thời hạn, phí"), _cases),
            ("giay-to", _("Thành phần hồ sơ"), _papers),
            ("quy-trinh", _("Quy trình nội bộ"), _process),
            ("can-cu", _("Căn cứ pháp lý"), _legal),
            ("trang", _("Chữ trên trang cho người dân"), _texts),
            ("mau-don", _("Mẫu đơn, tờ khai"), _form),
        )
    ]


def changes(before: Sheet | None, after: Sheet) -> int:
    """Return how many rows differ in all."""
    return sum(part.changes for part in compare(before, after))


def _paired(before: Lines, after: Lines) -> Iterator[Row]:
    for label in dict.fromkeys([*after, *before]):
        yield Row(label, before.get(label, ""), after.get(label, ""))


def _yes(value: object) -> str:
    return _("Có") if value else _("Không")


def _names(sheet: Sheet) -> Lines:
    return {
        _("Tên thường gọi"): sheet["everyday_name"],
        _("Tên theo quyết định"): sheet["legal_name"],
        _("Tên gọi khác"): "; ".join(sheet["synonyms"]),
        _("Lĩnh vực"): sheet["field"],
        _("Ghi chú về mã"): sheet["code_note"],
    }


#: Who carries a procedure out, as officials say it.
LEVEL_WORDS = {"commune": "Cấp xã", "district": "Cấp huyện", "province": "Cấp tỉnh", "ministry": "Bộ, ngành"}
#: Who may file, as officials say it.
AUDIENCE_WORDS = {
    "citizen": "Công dân",
    "household": "Hộ gia đình",
    "business": "Doanh nghiệp",
    "cooperative": "Hợp tác xã",
    "organisation": "Tổ chức",
    "foreigner": "Người nước ngoài",
    "overseas": "Người Việt Nam ở nước ngoài",
    "agency": "Cơ quan nhà nước",
    "officer": "Cán bộ, công chức, viên chức",
}
UNIT_WORDS = {
    "wd": "ngày làm việc",
    "d": "ngày",
    "h": "giờ làm việc",
    "m": "tháng",
    "sameday": "trong ngày",
    "handover": "chuyển ngay trong ngày",
    "none": "không hẹn ngày",
}
PAPER_WORDS = {"hand_in": "Nộp", "show": "Xuất trình", "state_has": "Nhà nước đã có"}
DESK_WORDS = {
    "counter": "Quầy Một cửa",
    "unit": "Chuyên môn",
    "opinion": "Lấy ý kiến",
    "leader": "Lãnh đạo ký",
    "seal": "Văn thư đóng dấu",
}


def _places(sheet: Sheet) -> Lines:
    facts = sheet.get("facts", {})
    lines = {
        _("Cơ quan chịu trách nhiệm"): sheet["responsible"],
        _("Ai được nộp"): ", ".join(AUDIENCE_WORDS.get(key, key) for key in facts.get("audience", ())),
        _("Cấp thực hiện"): ", ".join(LEVEL_WORDS.get(k, k) for k in facts.get("executing_levels", ())),
        _("Cấp nhận hồ sơ"): ", ".join(LEVEL_WORDS[level] for level in sheet["levels"]),
        _("Nhận qua mạng"): _yes(sheet["can_file_online"]),
        _("Câu hỏi nơi nộp"): f"{sheet['office_question']['title']} {sheet['office_question']['hint']}",
    }
    for level, rule in sheet["handling"].items():
        lines[_("%(level)s: nơi xử lý, nơi ký") % {"level": LEVEL_WORDS[level]}] = (
            f"{_office(rule['handles'])}; {_office(rule['signs'])}"
        )
    return lines


_UNIT_WORDS = {"division": "Phòng của huyện có tên", "department": "Sở, ban có tên"}


def _office(rule: str) -> str:
    """Return an office of a rule in words."""
    kind, colon, names = rule.partition(":")
    if not colon:
        return _("Chính nơi nhận")
    return f"{_UNIT_WORDS.get(kind, kind)} {names.replace('-', ' ').replace('|', ', ')}"


def _cases(sheet: Sheet) -> Lines:
    lines: Lines = {}
    for case in sheet["cases"]:
        lines[_("%(case)s: điều kiện") % {"case": case["name"]}] = case["when_text"] or _("mọi người")
        for term in case["terms"]:
            where = f"{case['name']}, {CHANNEL_WORDS[term['channel']].lower()}"
            limit, fee = term["limit"], term["fee"]
            said = limit_text(Decimal(limit["value"]), limit["unit"])
            lines[_("%(where)s: thời hạn") % {"where": where}] = f"{said} ({limit['basis'] or '–'})"
            amounts = "; ".join(
                f"{rule['label']}: {money(rule['vnd'])}" if "vnd" in rule else rule["label"]
                for rule in fee["rules"]
            )
            lines[_("%(where)s: phí, lệ phí") % {"where": where}] = f"{fee['text']} [{amounts}]"
    return lines


def _papers(sheet: Sheet) -> Lines:
    lines: Lines = {}
    for paper in sheet["papers"]:
        parts = [
            PAPER_WORDS[paper["kind"]],
            _("%(n)s bản chính") % {"n": paper["originals"]},
            _("%(n)s bản sao") % {"n": paper["copies"]},
            _("bắt buộc") if paper["required"] else _("không bắt buộc"),
            paper["when_text"],
            paper["hint"],
            paper["sample_form"],
        ]
        lines[paper["name"]] = ", ".join(part for part in parts if part)
    return lines


def _process(sheet: Sheet) -> Lines:
    lines: Lines = {}
    for case in sheet["cases"]:
        total = plain(process_hours(case["steps"]))
        lines[_("%(case)s: cộng") % {"case": case["name"]}] = _("%(n)s giờ làm việc") % {"n": total}
        for place, step in enumerate(case["steps"], 1):
            parts = [
                step["name"],
                DESK_WORDS[step["desk"]],
                hours_text(Decimal(step["hours"])),
                _("song song") if step["parallel"] else "",
                _("ký kết quả") if step["signs"] else "",
            ]
            label = _("%(case)s: bước %(n)s") % {"case": case["name"], "n": place}
            lines[label] = ", ".join(part for part in parts if part)
    return lines


def _day(value: str | None) -> str:
    return date_text(dt.date.fromisoformat(value)) if value else ""


def _legal(sheet: Sheet) -> Lines:
    return {
        law["number"]: ", ".join(
            part
            for part in (
                law["name"],
                _day(law["effective_from"]),
                _("sẽ có hiệu lực sau") if law["later"] else "",
            )
            if part
        )
        for law in sheet["legal"]
    }


_BOX = {
    "who": "Ai làm được",
    "papers": "Giấy tờ",
    "time": "Bao lâu",
    "money": "Bao nhiêu tiền",
    "where": "Ở đâu",
}


def _texts(sheet: Sheet) -> Lines:
    texts = sheet["texts"]
    return {
        **{_BOX[key]: f"{said['short']}. {said['more']}" for key, said in texts["box"].items()},
        _("Trình tự"): "; ".join(texts["how"]),
        _("Lỗi hay gặp"): "; ".join(texts["mistakes"]),
        _("Câu hỏi thường gặp"): "; ".join(f"{q['question']} {q['answer']}" for q in texts["questions"]),
        _("Kết quả"): sheet["result"]["name"],
        _("Kết quả có giá trị"): sheet["result"]["validity_text"],
    }


def _form(sheet: Sheet) -> Lines:
    form = sheet["form"]
    return {
        _("Mẫu đơn"): form["statutory_name"] or form["annex"],
        _("Số câu hỏi"): str(len(form["schema"]["properties"])),
    }
