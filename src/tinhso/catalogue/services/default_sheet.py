"""Make the sheet of a procedure for which nobody has made one: from facts of a list, or from a published sheet.

Everything that the source does not say is said to be so: marked unverified, or a sentence that the counter will tell.
Nothing is invented: without a known limit there is no due date, without a known amount the counter names it.
"""

from __future__ import annotations

import copy
import json
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from tinhso.catalogue.adapters.sheets.shape import CaseRead, FeeRead, LegalRead, PaperRead, TermRead
from tinhso.catalogue.models import CHANNELS
from tinhso.catalogue.rules import PAPERS_UNKNOWN
from tinhso.toolkit.text import fold
from tinhso.toolkit.words import money

DATA = Path(__file__).parents[1] / "data"
OUR_LEVELS = ("commune", "district", "province")
_HOURS = {"h": Decimal(1), "wd": Decimal(8), "d": Decimal(8) * 5 / 7, "m": Decimal(8) * 22}
_QUARTER = Decimal("0.05")
_MOST_CASES = 40


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a procedure. ``levels`` may hold ``ministry``; ``online_level`` None: no decision is known."""

    code: str
    name: str
    field: str
    responsible: str
    levels: tuple[str, ...]
    source: str
    effective_from: str
    is_illustrative: bool
    online_level: int | None = None
    level_reason: str = ""
    level_basis: str = ""
    terms: tuple[TermRead, ...] = ()
    cases: tuple[CaseRead, ...] = ()
    results: tuple[str, ...] = ()
    legal: tuple[LegalRead, ...] = ()
    audience: tuple[str, ...] = ()
    sequence: str = ""
    conditions: str = ""
    code_note: str = ""
    code_is_unverified: bool = False
    is_listed: bool = False
    is_project_06: bool = False


@lru_cache(maxsize=1)
def _default() -> dict[str, Any]:
    said: dict[str, Any] = json.loads((DATA / "default.json").read_text("utf-8"))
    return said


@lru_cache(maxsize=1)
def everyday_names() -> dict[str, list[str]]:
    """Return by code the names and situations under which people look for a procedure; officials edit them later."""
    named: dict[str, list[str]] = json.loads((DATA / "everyday_names.json").read_text("utf-8"))
    return named


def default_sheet(facts: Facts) -> dict[str, Any]:
    """Return a sheet of the shape of ``data/sheet.schema.json``.

    Filed with the default form: who files, for whom, what is asked for, each paper of the chosen case, how to receive
    the result, declaration (Decree 61/2018/NĐ-CP). A ministry's procedure has no place to file: a reference page.
    """
    ours = [level for level in OUR_LEVELS if level in facts.levels]
    named, common = _named_cases(facts.cases)
    terms = _terms(facts, can_file_online=bool(ours) and (facts.online_level or 0) >= 3)
    default = _default()
    return {
        "code": facts.code,
        "field": facts.field[:200] or "Chưa xếp lĩnh vực",
        "everyday_name": _everyday(facts.name)[:1_000],
        "legal_name": facts.name[:1_000],
        "synonyms": [facts.name[:1_000], *everyday_names().get(facts.code, ())],
        "responsible": facts.responsible[:200],
        "code_note": facts.code_note,
        "code_unverified": facts.code_is_unverified,
        "effective_from": facts.effective_from,
        "levels": ours,
        "handling": {level: {"handles": "same", "signs": "same"} for level in ours},
        "can_file_online": any(term["channel"] == "online" for term in terms) and bool(ours),
        "service_levels": _service_levels(facts),
        "office_question": {"title": "Nộp ở đâu?", "hint": _where(ours)},
        "texts": _texts(facts, len(common) + max(len(case.papers) for _key, case in named), ours, terms),
        "cases": [
            {
                "key": key,
                "name": (case.name or "Chung")[:1_000],
                "when_text": "",
                # The last one holds for whoever is in none of the others.
                "when": {"field": "case", "equals": key} if place < len(named) else None,
                "chosen_by_officer": False,
                "terms": terms,
                "steps": _steps(terms),
            }
            for place, (key, case) in enumerate(named, 1)
        ],
        "papers": _papers(named, common),
        "form": _form(named),
        "result": {
            **default["result"],
            "name": ("; ".join(facts.results) or default["result"]["name"])[:4_000],
        },
        "legal": [_law(law) for law in facts.legal if law.number or law.name] or default["legal"],
        "defects": default["defects"],
        "facts": {
            "executing_levels": list(facts.levels),
            "audience": list(facts.audience),
            "is_listed": facts.is_listed,
            "is_project_06": facts.is_project_06,
        },
    }


def _everyday(name: str) -> str:
    """Return the name without the word "Thủ tục" that begins half of all names."""
    short = re.sub(r"^thủ tục (?:hành chính )?", "", name.strip(), flags=re.IGNORECASE)
    return short[:1].upper() + short[1:] if len(short) > 3 else name


def _named_cases(cases: tuple[CaseRead, ...]) -> tuple[list[tuple[str, CaseRead]], tuple[PaperRead, ...]]:
    """Return the cases with their keys, and the papers that all have in common: those of no case, beside named ones."""
    named = [case for case in cases if case.name][:_MOST_CASES]
    nobodys = tuple(paper for case in cases if not case.name for paper in case.papers)
    if len(named) < 2:
        only = CaseRead("", nobodys + tuple(paper for case in named for paper in case.papers))
        return [("th-1", only)], ()
    return [(f"th-{place}", case) for place, case in enumerate(named, 1)], nobodys


def _service_levels(facts: Facts) -> list[dict[str, Any]]:
    if facts.online_level is None:
        return []
    return [
        {
            "level": facts.online_level,
            "from": "2021-01-01",
            "to": None,
            "basis": facts.level_basis or facts.source,
            "reason": facts.level_reason,
            "illustrative": facts.is_illustrative,
        }
    ]


# Time and money


def _terms(facts: Facts, *, can_file_online: bool) -> list[dict[str, Any]]:
    """Return one term by channel; the counter is always one, since every dossier may be brought there."""
    first: dict[str, TermRead] = {}
    for term in facts.terms:
        known = first.get(term.channel)
        if known is None or (known.value is None and known.unit not in ("sameday", "none")):
            first[term.channel] = term
    nothing = TermRead("counter", None, "", "")
    anyone = next(iter(first.values()), nothing)
    first.setdefault("counter", replace(anyone, channel="counter"))
    if can_file_online:
        first.setdefault("online", replace(anyone, channel="online"))
    else:
        first.pop("online", None)
    return [_term(facts, first[channel]) for channel in CHANNELS if channel in first]


def _term(facts: Facts, term: TermRead) -> dict[str, Any]:
    value, unit = term.value, term.unit
    if unit not in ("sameday", "none") and (unit not in _HOURS or not value or value > 9_999):
        value, unit = None, "none"
    if unit in ("sameday", "none"):
        value = None
    is_open = unit == "none"
    return {
        "channel": term.channel,
        "limit": {
            "value": f"{value.quantize(Decimal('0.01')).normalize():f}" if value else "0",
            "unit": unit,
            "basis": (term.limit_text or "Nguồn không ghi thời hạn")[:200],
        },
        "fee": _fee(term.fees),
        "illustrative": facts.is_illustrative and not is_open,
        "unverified": is_open or any(fee.vnd is None for fee in term.fees) or not term.fees,
    }


def _fee(fees: tuple[FeeRead, ...]) -> dict[str, Any]:
    """Return what is to be paid: an amount only where the source names exactly one; else the counter says it."""
    text = "; ".join(fee.text or (money(fee.vnd) if fee.vnd else "") for fee in fees if fee.text or fee.vnd)
    amounts = {fee.vnd for fee in fees}
    if len(fees) == 1 and None not in amounts:
        vnd = next(iter(amounts)) or 0
        basis = fees[0].basis[:200]
        rule = {"label": "Phí, lệ phí", "vnd": vnd, "basis": basis}
        return {"vnd": vnd, "text": text[:4_000], "basis": basis, "rules": [rule]}
    said = text or "Nguồn không ghi phí"
    rule = {"label": "Phí, lệ phí", "unknown": True, "basis": "Chưa kiểm chứng"}
    return {"vnd": None, "text": f"{said[:3_900]}. Nơi nhận báo số tiền", "basis": "", "rules": [rule]}


def _steps(terms: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Share the shortest limit out over the desks; ten working days where there is none. Always within the limit."""
    lengths = [
        Decimal(8)
        if t["limit"]["unit"] == "sameday"
        else Decimal(t["limit"]["value"]) * _HOURS[t["limit"]["unit"]]
        for t in terms
        if t["limit"]["unit"] != "none"
    ]
    hours = min(lengths, default=Decimal(80))
    steps = []
    for said in _default()["steps"]:
        step = {key: value for key, value in said.items() if key != "share"}
        own = (hours * Decimal(said["share"]) / _QUARTER).to_integral_value(rounding="ROUND_FLOOR") * _QUARTER
        own = max(min(own, Decimal(9_999)), Decimal("0.01"))
        steps.append({**step, "hours": f"{own.normalize():f}", "parallel": False, "illustrative": True})
    return steps


# Papers, form


def _papers(named: list[tuple[str, CaseRead]], common: tuple[PaperRead, ...]) -> list[dict[str, Any]]:
    papers = [_paper(f"giay-0-{nth}", paper, None, "") for nth, paper in enumerate(common, 1)]
    for place, (key, case) in enumerate(named, 1):
        when = {"field": "case", "equals": key} if len(named) > 1 else None
        for nth, paper in enumerate(case.papers, 1):
            papers.append(_paper(f"giay-{place}-{nth}", paper, when, case.name if when else ""))
    if not papers:
        told = PaperRead("Giấy tờ theo hướng dẫn của nơi nhận", 0, 0)
        papers.append(_paper(PAPERS_UNKNOWN, told, None, ""))
    return papers


def _paper(key: str, paper: PaperRead, when: dict[str, Any] | None, case: str) -> dict[str, Any]:
    is_shown = "xuat trinh" in fold(paper.group)
    counts = [f"{n} {words}" for n, words in ((paper.originals, "bản chính"), (paper.copies, "bản sao")) if n]
    return {
        "key": key,
        "name": paper.name[:4_000],
        "hint": " và ".join(counts).capitalize(),
        "kind": "show" if is_shown else "hand_in",
        "originals": min(paper.originals, 30_000),
        "copies": min(paper.copies, 30_000),
        # The source does not say when a paper is needed: the counter asks once for what is missing.
        "required": False,
        "when": when,
        "when_text": case[:200],
        "max_files": 5,
        "upload": not is_shown,
        "sample_form": paper.sample_form[:500],
        "why": "",
        "unverified": True,
    }


def _form(named: list[tuple[str, CaseRead]]) -> dict[str, Any]:
    form: dict[str, Any] = _default()["form"]
    if len(named) == 1:
        return form
    form = copy.deepcopy(form)
    choice = {
        "title": "Thuộc trường hợp nào?",
        "type": "string",
        "enum": [key for key, _case in named],
        "x-ui": {
            "kind": "choice",
            "options": [
                {"value": key, "label": (case.name or "Trường hợp khác")[:300]} for key, case in named
            ],
            "hint": "Chưa rõ thì gọi nơi nhận hỏi trước.",
            "missing": "Hãy chọn trường hợp gần nhất.",
            "need": "required",
        },
    }
    form["schema"]["properties"] = {"case": choice, **form["schema"]["properties"]}
    form["schema"]["x-pages"].insert(
        0, {"key": "truong-hop", "title": "Thuộc trường hợp nào?", "fields": ["case"]}
    )
    return form


def _law(law: LegalRead) -> dict[str, Any]:
    return {
        "number": (law.number or "Không ghi số")[:200],
        "name": (law.name or law.number)[:2_000],
        "effective_from": None,
        "effective_to": None,
        "later": False,
        "unverified": True,
    }


# Words of the public page

_WHO = {
    "citizen": "công dân",
    "household": "hộ gia đình",
    "business": "doanh nghiệp",
    "cooperative": "hợp tác xã",
    "organisation": "tổ chức",
    "foreigner": "người nước ngoài",
    "overseas": "người Việt Nam ở nước ngoài",
    "agency": "cơ quan nhà nước",
    "officer": "cán bộ, công chức, viên chức",
}
_AT = {"commune": "Ủy ban nhân dân xã", "district": "Ủy ban nhân dân huyện", "province": "Sở, ngành của tỉnh"}


def _where(ours: list[str]) -> str:
    return (
        " hoặc ".join(_AT[level] for level in ours) if ours else "Cơ quan trung ương nhận, tỉnh không nhận."
    )


def _texts(facts: Facts, papers: int, ours: list[str], terms: list[dict[str, Any]]) -> dict[str, Any]:
    default = _default()
    who = ", ".join(_WHO[key] for key in facts.audience if key in _WHO)
    counter = next(term for term in terms if term["channel"] == "counter")
    fee = counter["fee"]
    how = [part.strip(" -+•*") for part in re.split(r"\n+", facts.sequence) if fold(part)]
    return {
        "box": {
            "who": {
                "short": (who[:1].upper() + who[1:]) if who else "Hỏi nơi nhận",
                "more": "" if who else "Nguồn không ghi ai làm được.",
            },
            "papers": {
                "short": f"{papers} loại giấy" if papers else "Hỏi nơi nhận",
                "more": "Xem danh sách bên dưới." if papers else "Danh mục giấy tờ chưa nhập.",
            },
            "time": {
                "short": _time(counter["limit"]),
                "more": "Thời hạn minh họa."
                if counter["illustrative"]
                else "Tính từ khi nơi nhận tiếp nhận.",
            },
            "money": {
                "short": money(fee["vnd"]) if fee["vnd"] else _free(fee),
                "more": "" if fee["vnd"] else "Xem bảng bên dưới.",
            },
            "where": {
                "short": facts.responsible[:200] if "province" in ours or not ours else _where(ours),
                "more": "",
            },
        },
        "how": [one[:1_500] for one in how[:40]]
        or [
            "Nộp hồ sơ qua mạng hoặc tại quầy Một cửa.",
            "Nơi nhận kiểm tra, hẹn ngày trả.",
            "Nhận kết quả qua mạng, tại quầy hoặc bưu điện.",
        ],
        "mistakes": default["mistakes"],
        "questions": [
            *default["questions"],
            *(
                [{"question": "Có điều kiện gì?", "answer": facts.conditions[:6_000]}]
                if facts.conditions
                else []
            ),
        ],
    }


def _free(fee: dict[str, Any]) -> str:
    return "Hỏi nơi nhận" if fee["vnd"] is None else "Miễn phí"


def _time(limit: dict[str, Any]) -> str:
    words = {"h": "giờ làm việc", "wd": "ngày làm việc", "d": "ngày", "m": "tháng"}
    if limit["unit"] in words:
        return f"{limit['value'].replace('.', ',')} {words[limit['unit']]}"
    return "Ngay trong ngày" if limit["unit"] == "sameday" else "Nơi nhận hẹn ngày"
