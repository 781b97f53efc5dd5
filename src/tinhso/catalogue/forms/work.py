"""The pages with cases, limits and fees, with papers, and with the internal process."""

from __future__ import annotations

import copy
from typing import Any

from django.utils.translation import gettext as _

from tinhso.catalogue.forms.cells import SPARE, Block, Cell, Reader, Sheet, mark, ordered, removable, slug
from tinhso.catalogue.forms.places import step_office, take_step_office
from tinhso.catalogue.models import CHANNELS
from tinhso.catalogue.queries.catalogue import CHANNEL_WORDS
from tinhso.catalogue.queries.compare import DESK_WORDS, PAPER_WORDS, UNIT_WORDS
from tinhso.catalogue.queries.process import limit_hours, plain, process_hours, too_long
from tinhso.catalogue.services.write_draft import ask_for_case
from tinhso.directory.api import Role
from tinhso.toolkit.words import money, number

_UNITS = tuple(UNIT_WORDS.items())
_WITHOUT_LENGTH = ("sameday", "handover", "none")
_KINDS = tuple(PAPER_WORDS.items())
_DESKS = tuple(DESK_WORDS.items())
_ROLE_OF_DESK = {
    "counter": Role.COUNTER_CLERK,
    "unit": Role.SPECIALIST,
    "opinion": Role.SPECIALIST,
    "leader": Role.LEADER,
    "seal": Role.SEAL_CLERK,
}
_LONGEST_FEE = 4_000


def _number(value: str) -> str:
    return "" if value in ("0", "") else value.replace(".", ",")


# Cases with their limits and fees


def _terms(case: Sheet) -> dict[str, Any]:
    return {term["channel"]: term for term in case.get("terms", ())}


def _is_plain(rules: list[dict[str, Any]]) -> bool:
    """Say whether a fee is one amount for everybody, so that one box tells it."""
    return (
        len(rules) == 1
        and ("vnd" in rules[0] or rules[0].get("unknown", False))
        and not any(rules[0].get(k) for k in ("when", "times"))
    )


def draw_cases(sheet: Sheet) -> list[Block]:
    """Draw a block by case, and one for a new case."""
    cases = sheet["cases"]
    return [
        *(_case_block(place, case, len(cases)) for place, case in enumerate(cases)),
        _case_block(len(cases), {}, len(cases)),
    ]


def _case_block(place: int, case: Sheet, known: int) -> Block:
    at = f"case-{place}"
    terms = _terms(case)
    is_new = place >= known
    cells = [
        Cell(f"{at}-name", _("Tên trường hợp"), case.get("name", "")),
        Cell(
            f"{at}-when",
            _("Áp dụng khi nào"),
            case.get("when_text", ""),
            hint=_("Viết bằng lời. Để trống nếu áp dụng cho mọi người."),
        ),
        Cell(
            f"{at}-officer",
            _("Cán bộ chọn khi thụ lý, người nộp không tự chọn"),
            mark(case.get("chosen_by_officer")),
            "check",
        ),
    ]
    if not is_new and known > 1:
        cells.append(Cell(f"{at}-bo", _("Bỏ trường hợp này"), "", "check"))
    rows = tuple(_term_cells(f"{at}-{channel}", channel, terms.get(channel)) for channel in CHANNELS)
    facts = tuple(
        _("%(channel)s, %(label)s: %(sum)s")
        % {
            "channel": CHANNEL_WORDS[channel],
            "label": rule["label"],
            "sum": money(rule["vnd"])
            if "vnd" in rule
            else _("tính theo trang")
            if "per_page" in rule
            else _("chưa rõ"),
        }
        for channel, term in terms.items()
        if not _is_plain(term["fee"]["rules"])
        for rule in term["fee"]["rules"]
    )
    return Block(
        _("Thêm trường hợp") if is_new else case["name"],
        tuple(cells),
        (_("Cách nộp"), *(cell.label for cell in rows[0])),
        rows,
        hint=_("Để trống tên thì không thêm.") if is_new else "",
        titles=tuple(CHANNEL_WORDS[channel] for channel in CHANNELS),
        facts=(_("Khoản tính theo câu trả lời, giữ nguyên:"), *facts) if facts else (),
    )


def _term_cells(at: str, channel: str, term: Sheet | None) -> tuple[Cell, ...]:
    limit = term["limit"] if term else {"value": "", "unit": "wd", "basis": ""}
    fee: dict[str, Any] = term["fee"] if term else {"vnd": 0, "text": "", "basis": ""}
    return (
        Cell(f"{at}-has", _("Có nhận"), mark(term), "check"),
        Cell(f"{at}-value", _("Thời hạn"), _number(limit["value"]), is_short=True),
        Cell(f"{at}-unit", _("Đơn vị"), limit["unit"], "choice", _UNITS),
        Cell(f"{at}-limit-basis", _("Căn cứ thời hạn"), limit["basis"], "area", rows=2),
        Cell(
            f"{at}-vnd",
            _("Phí, lệ phí (đồng), để trống nếu chưa rõ"),
            "" if fee["vnd"] is None or not term else number(fee["vnd"]),
            is_short=True,
        ),
        Cell(f"{at}-fee-text", _("Phí bằng lời"), fee["text"], "area", rows=2),
        Cell(f"{at}-fee-basis", _("Căn cứ phí"), fee["basis"]),
        Cell(f"{at}-unverified", _("Chưa kiểm chứng"), mark(term["unverified"] if term else False), "check"),
    )


def take_cases(sheet: Sheet, said: Reader) -> Sheet:
    """Take the cases; a new one begins with the process of the case that holds for everybody."""
    known = sheet["cases"]
    usual = next((c for c in known if c["when"] is None and not c["chosen_by_officer"]), known[-1])
    taken = {case["key"] for case in known}
    made = []
    for place in range(len(known) + 1):
        at = f"case-{place}"
        is_new = place >= len(known)
        if said.is_marked(f"{at}-bo") or (is_new and not said.raw(f"{at}-name")):
            continue
        name = said.text(f"{at}-name", 1_000, _("Ghi tên trường hợp."))
        case = (
            {"key": slug(name, taken), "when": None, "terms": [], "steps": copy.deepcopy(usual["steps"])}
            if is_new
            else known[place]
        )
        terms = _terms(case)
        read = [
            _take_term(f"{at}-{channel}", channel, terms.get(channel), said)
            for channel in CHANNELS
            if said.is_marked(f"{at}-{channel}-has")
        ]
        if not read:
            said.refuse(f"{at}-{CHANNELS[1]}-has", _("Đánh dấu ít nhất một cách nộp của trường hợp này."))
        made.append(
            {
                **case,
                "name": name,
                "when_text": said.text(f"{at}-when", 1_000),
                "chosen_by_officer": said.is_marked(f"{at}-officer"),
                "terms": read,
            }
        )
    _keep_an_end(made, said)
    return ask_for_case({**sheet, "cases": made})


def _keep_an_end(cases: list[dict[str, Any]], said: Reader) -> None:
    """Let a new case that people are asked about stand before the one for everybody; refuse to have none for them."""
    ends = [case for case in cases if case["when"] is None and not case["chosen_by_officer"]]
    if not ends:
        said.refuse(
            "case-0-officer", _("Cần một trường hợp chung cho người không thuộc trường hợp nào khác.")
        )
        return
    for case in ends[1:]:
        cases.remove(case)
        cases.insert(cases.index(ends[0]), case)


def _take_term(at: str, channel: str, term: Sheet | None, said: Reader) -> dict[str, Any]:
    unit = said.choice(f"{at}-unit", _UNITS)
    value = "0"
    if unit not in _WITHOUT_LENGTH:
        value = said.amount(f"{at}-value", _("Ghi thời hạn bằng chữ số, hoặc chọn không hẹn ngày."))
    vnd = said.whole(f"{at}-vnd") if said.raw(f"{at}-vnd").strip() else None
    basis = said.text(f"{at}-fee-basis", 200)
    rules = term["fee"]["rules"] if term else []
    if not rules or _is_plain(rules):
        first = (
            {k: v for k, v in rules[0].items() if k not in ("vnd", "unknown")}
            if rules
            else {"label": "Phí, lệ phí"}
        )
        amount = {"unknown": True} if vnd is None else {"vnd": vnd}
        rules = [{**first, **amount, "basis": basis or first.get("basis", "")}]
    return {
        "channel": channel,
        "limit": {"value": value, "unit": unit, "basis": said.text(f"{at}-limit-basis", 200)},
        "fee": {
            "vnd": vnd,
            "text": said.text(f"{at}-fee-text", _LONGEST_FEE),
            "basis": basis,
            "rules": rules,
        },
        "illustrative": term["illustrative"] if term else False,
        "unverified": said.is_marked(f"{at}-unverified"),
    }


# Papers


def draw_papers(sheet: Sheet) -> list[Block]:
    """Draw the papers, one a row."""
    papers = sheet["papers"]
    rows = []
    for place in range(len(papers) + SPARE):
        paper = papers[place] if place < len(papers) else {}
        at = f"paper-{place}"
        rows.append(
            (
                *ordered("paper", place, len(papers)),
                Cell(f"{at}-name", _("Tên giấy"), paper.get("name", ""), "area", rows=2),
                Cell(f"{at}-hint", _("Hướng dẫn"), paper.get("hint", ""), "area", rows=2),
                Cell(f"{at}-kind", _("Cách dùng"), paper.get("kind", "hand_in"), "choice", _KINDS),
                Cell(f"{at}-originals", _("Bản chính"), str(paper.get("originals", "")), is_short=True),
                Cell(f"{at}-copies", _("Bản sao"), str(paper.get("copies", "")), is_short=True),
                Cell(f"{at}-required", _("Bắt buộc"), mark(paper.get("required")), "check"),
                Cell(f"{at}-upload", _("Gửi ảnh"), mark(paper.get("upload")), "check"),
                Cell(f"{at}-sample", _("Mẫu đơn"), paper.get("sample_form", "")),
                Cell(f"{at}-why", _("Vì sao không phải nộp"), paper.get("why", "")),
                *removable("paper", place),
            )
        )
    return [
        Block(
            _("Thành phần hồ sơ"),
            heads=tuple(cell.label for cell in rows[0]),
            rows=tuple(rows),
            hint=_("Giấy nhà nước đã có thì nói vì sao không phải nộp."),
        )
    ]


def take_papers(sheet: Sheet, said: Reader) -> Sheet:
    """Take the papers; empty rows are left out, conditions of known papers stay."""
    known = sheet["papers"]
    taken = {paper["key"] for paper in known}
    made = []
    for place in said.rows("paper", len(known)):
        at = f"paper-{place}"
        if place >= len(known) and not said.raw(f"{at}-name"):
            continue
        name = said.text(f"{at}-name", 4_000, _("Ghi tên giấy, hoặc đánh dấu Bỏ."))
        old = known[place] if place < len(known) else None
        kind = said.choice(f"{at}-kind", _KINDS)
        why = said.text(f"{at}-why", 250)
        is_upload = said.is_marked(f"{at}-upload")
        if kind == "state_has" and not why:
            said.refuse(f"{at}-why", _("Ghi vì sao không phải nộp, ví dụ đã có trong cơ sở dữ liệu."))
        if kind == "state_has" and is_upload:
            said.refuse(f"{at}-upload", _("Giấy nhà nước đã có thì không phải gửi ảnh."))
        made.append(
            {
                "key": old["key"] if old else slug(name, taken),
                "name": name,
                "hint": said.text(f"{at}-hint", 4_000),
                "kind": kind,
                "originals": said.whole(f"{at}-originals", 30_000),
                "copies": said.whole(f"{at}-copies", 30_000),
                "required": said.is_marked(f"{at}-required"),
                "when": old["when"] if old else None,
                "when_text": old["when_text"] if old else "",
                "max_files": (old["max_files"] or 5 if is_upload else 0) if old else 5 if is_upload else 0,
                "upload": is_upload,
                "sample_form": said.text(f"{at}-sample", 500),
                "why": why,
                "unverified": old["unverified"] if old else False,
            }
        )
    return {**sheet, "papers": made}


# The internal process


def draw_process(sheet: Sheet) -> list[Block]:
    """Draw a table of steps by case."""
    blocks = []
    for nth, case in enumerate(sheet["cases"]):
        steps = case["steps"]
        prefix = f"step-{nth}"
        rows = tuple(
            _step_cells(prefix, place, steps[place] if place < len(steps) else {}, len(steps))
            for place in range(len(steps) + SPARE)
        )
        most = limit_hours(case["terms"])
        told = _("Cộng %(have)s giờ, thời hạn %(most)s giờ làm việc.") % {
            "have": plain(process_hours(steps)),
            "most": plain(most) if most is not None else _("không hẹn"),
        }
        blocks.append(
            Block(
                case["name"],
                heads=tuple(cell.label for cell in rows[0]),
                rows=rows,
                hint=_("Bước song song chạy cùng bước ngay trên nó, chỉ tính bước dài nhất."),
                facts=tuple(filter(None, (told, too_long(case)))),
            )
        )
    return blocks


def _step_cells(prefix: str, place: int, step: Sheet, known: int) -> tuple[Cell, ...]:
    at = f"{prefix}-{place}"
    return (
        *ordered(prefix, place, known),
        Cell(f"{at}-name", _("Việc"), step.get("name", ""), "area", rows=2),
        Cell(f"{at}-public", _("Nói với người dân"), step.get("public_name", ""), "area", rows=2),
        Cell(f"{at}-desk", _("Ai làm"), step.get("desk", "unit"), "choice", _DESKS),
        *step_office(at, step.get("office", "handling")),
        Cell(f"{at}-hours", _("Giờ"), _number(step.get("hours", "")), is_short=True),
        Cell(f"{at}-parallel", _("Song song"), mark(step.get("parallel")), "check"),
        Cell(f"{at}-signs", _("Ký"), mark(step.get("signs")), "check"),
        *removable(prefix, place),
    )


def take_process(sheet: Sheet, said: Reader) -> Sheet:
    """Take the steps of every case. The role follows from whose desk it is."""
    made = []
    for nth, case in enumerate(sheet["cases"]):
        known = case["steps"]
        taken = {step["key"] for step in known}
        steps: list[dict[str, Any]] = []
        for place in said.rows(f"step-{nth}", len(known)):
            at = f"step-{nth}-{place}"
            if place >= len(known) and not said.raw(f"{at}-name"):
                continue
            name = said.text(f"{at}-name", 150, _("Ghi việc phải làm, hoặc đánh dấu Bỏ."))
            old = known[place] if place < len(known) else None
            desk = said.choice(f"{at}-desk", _DESKS)
            office = take_step_office(at, old["office"] if old else "", said)
            is_parallel = said.is_marked(f"{at}-parallel")
            if is_parallel and not steps:
                said.refuse(f"{at}-parallel", _("Bước đầu không chạy song song được với bước nào."))
            steps.append(
                {
                    "key": old["key"] if old else slug(name, taken),
                    "name": name,
                    "public_name": said.text(f"{at}-public", 150) or name,
                    "desk": desk,
                    "role": _ROLE_OF_DESK[desk].value,
                    "office": office,
                    "hours": said.amount(f"{at}-hours", _("Ghi số giờ làm việc của bước này.")),
                    "parallel": is_parallel,
                    "signs": said.is_marked(f"{at}-signs"),
                    "illustrative": False if old is None else old["illustrative"],
                }
            )
        if len(steps) < 3:
            said.refuse(f"step-{nth}-0-name", _("Quy trình cần ít nhất ba bước."))
        made.append({**case, "steps": steps})
    return {**sheet, "cases": made}
