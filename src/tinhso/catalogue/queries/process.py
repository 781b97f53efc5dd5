"""Reckon an internal process against the legal limit, and say what a sheet still lacks before it is published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any

from django.utils.translation import gettext as _

from tinhso.toolkit.text import fold

Sheet = Mapping[str, Any]
HOURS_A_DAY = 8
_WORKING_DAYS_A_MONTH = 22
#: What a sheet made from a list says where its source says nothing.
_PLACEHOLDERS = frozenset(map(fold, ("Nguồn không ghi thời hạn", "Giấy tờ theo hướng dẫn của nơi nhận")))


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that must be mended before publishing: on which page of the office, and the sentence."""

    part: str
    sentence: str


def stages(steps: Sequence[Sheet]) -> list[list[Sheet]]:
    """Return the steps in stages: a parallel step stands in the stage of the step before it."""
    found: list[list[Sheet]] = []
    for step in steps:
        if step["parallel"] and found:
            found[-1].append(step)
        else:
            found.append([step])
    return found


def process_hours(steps: Sequence[Sheet]) -> Decimal:
    """Return the working hours of a process from end to end; of parallel steps the longest counts."""
    return sum((max(Decimal(step["hours"]) for step in stage) for stage in stages(steps)), start=Decimal(0))


def limit_hours(terms: Sequence[Sheet]) -> Decimal | None:
    """Return the shortest legal limit in working hours, None where no channel has one.

    A working day has 8 hours. Calendar days are taken as five working days of seven, rounded up to whole days.
    """
    found = [hours for term in terms if (hours := _hours(term["limit"])) is not None]
    return min(found, default=None)


def _hours(limit: Sheet) -> Decimal | None:
    value, unit = Decimal(limit["value"]), limit["unit"]
    if unit == "none":
        return None
    if unit in ("sameday", "handover"):
        return Decimal(HOURS_A_DAY)
    if unit == "h":
        return value
    if unit == "m":
        return value * _WORKING_DAYS_A_MONTH * HOURS_A_DAY
    days = value if unit == "wd" else (value * 5 / 7).to_integral_value(ROUND_CEILING)
    return days * HOURS_A_DAY


def plain(value: Decimal) -> str:
    """Return a number as people write it: 6,5."""
    return f"{value.quantize(Decimal('0.01')).normalize():f}".replace(".", ",")


def too_long(case: Sheet) -> str:
    """Return the sentence that names both figures where the steps of a case take longer than the limit, or blank."""
    have, most = process_hours(case["steps"]), limit_hours(case["terms"])
    if most is None or have <= most:
        return ""
    words = _(
        "Quy trình của trường hợp “%(case)s” cộng %(have)s giờ làm việc, thời hạn chỉ có %(most)s giờ. "
        "Bớt ít nhất %(over)s giờ."
    )
    figures = {"have": plain(have), "most": plain(most), "over": plain(have - most)}
    return words % {"case": case["name"][:80], **figures}


def _broken_chain(case: Sheet) -> str:
    """Return what a process needs so that a dossier can walk it from the counter to the counter, or blank."""
    steps = [step for step in case["steps"] if not step["parallel"] and step["desk"] != "opinion"]
    desks = [step["desk"] for step in steps]
    name = {"case": case["name"][:80]}
    if not desks or desks[0] != "counter" or desks[-1] != "counter" or len(desks) < 2:
        return _("Quy trình của “%(case)s” phải bắt đầu và kết thúc ở quầy Một cửa.") % name
    if not {"unit", "leader", "seal"} <= set(desks):
        return _("Quy trình của “%(case)s” cần bước chuyên môn, bước lãnh đạo ký và bước đóng dấu.") % name
    if sum(step["signs"] for step in case["steps"]) != 1 or not any(
        s["signs"] and s["desk"] == "leader" for s in steps
    ):
        return _("Quy trình của “%(case)s” cần đúng một bước lãnh đạo ký kết quả.") % name
    if desks.index("unit") > desks.index("leader") or desks.index("leader") > desks.index("seal"):
        return _("Trong “%(case)s”, chuyên môn làm trước, rồi lãnh đạo ký, rồi đóng dấu.") % name
    return ""


def lacks(sheet: Sheet) -> list[Lack]:
    """Return all that stops a sheet from being published, in the order of the office's pages.

    The mandatory parts are those of Decree 63/2010/NĐ-CP, article 8: name, sequence, manner, papers with their number,
    time limit, who files, who carries it out; then result and legal bases; then the internal process.
    """
    return [*_identity(sheet), *_cases(sheet), *_papers(sheet), *_process(sheet), *_rest(sheet)]


def _identity(sheet: Sheet) -> Iterator[Lack]:
    if not sheet["everyday_name"].strip() or not sheet["legal_name"].strip():
        yield Lack("ten", _("Thiếu tên thủ tục. Ghi tên theo quyết định và tên thường gọi."))
    if not sheet["synonyms"]:
        yield Lack("ten", _("Thiếu tên gọi khác để tìm kiếm. Ghi ít nhất một tên."))
    if not sheet["responsible"].strip():
        yield Lack("noi-lam", _("Thiếu cơ quan chịu trách nhiệm. Ghi tên sở, ban, ngành."))
    facts = sheet.get("facts", {})
    if not facts.get("audience"):
        yield Lack("noi-lam", _("Thiếu đối tượng thực hiện. Đánh dấu ai được nộp."))
    if not sheet["levels"] and "ministry" not in facts.get("executing_levels", ()):
        yield Lack("noi-lam", _("Thiếu cơ quan thực hiện. Đánh dấu cấp nhận hồ sơ."))
    if sheet["can_file_online"] and not any(_has(case, "online") for case in sheet["cases"]):
        yield Lack("truong-hop", _("Có nhận qua mạng nhưng chưa trường hợp nào ghi thời hạn qua mạng."))


def _has(case: Sheet, channel: str) -> bool:
    return any(term["channel"] == channel for term in case["terms"])


def _cases(sheet: Sheet) -> Iterator[Lack]:
    open_ends = [case["when"] is None for case in sheet["cases"] if not case["chosen_by_officer"]]
    if not any(open_ends):
        yield Lack("truong-hop", _("Cần một trường hợp chung cho người không thuộc trường hợp nào khác."))
    for case in sheet["cases"]:
        name = {"case": case["name"][:80]}
        if sheet["levels"] and not _has(case, "counter"):
            yield Lack("truong-hop", _("Trường hợp “%(case)s” chưa có thời hạn tại quầy.") % name)
        if sheet["can_file_online"] and not _has(case, "online"):
            yield Lack("truong-hop", _("Trường hợp “%(case)s” chưa có thời hạn qua mạng.") % name)
        for term in case["terms"]:
            limit, basis = term["limit"], fold(term["limit"]["basis"])
            if limit["unit"] == "none" and (not basis or basis in _PLACEHOLDERS):
                yield Lack(
                    "truong-hop",
                    _("Trường hợp “%(case)s” thiếu thời hạn giải quyết. Không hẹn ngày thì ghi căn cứ.")
                    % name,
                )
                break


def _papers(sheet: Sheet) -> Iterator[Lack]:
    if not any(fold(paper["name"]) not in _PLACEHOLDERS for paper in sheet["papers"]):
        yield Lack("giay-to", _("Thiếu thành phần hồ sơ. Ghi từng giấy tờ."))
        return
    for paper in sheet["papers"]:
        if paper["kind"] == "hand_in" and not paper["originals"] + paper["copies"]:
            yield Lack(
                "giay-to",
                _("Giấy “%(name)s” chưa ghi số lượng. Ghi số bản chính, bản sao.")
                % {"name": paper["name"][:80]},
            )


def _process(sheet: Sheet) -> Iterator[Lack]:
    if not sheet["levels"]:
        return
    for case in sheet["cases"]:
        for sentence in (_broken_chain(case), too_long(case)):
            if sentence:
                yield Lack("quy-trinh", sentence)


def _rest(sheet: Sheet) -> Iterator[Lack]:
    if not sheet["legal"]:
        yield Lack("can-cu", _("Thiếu căn cứ pháp lý. Ghi ít nhất một văn bản."))
    if not sheet["texts"]["how"]:
        yield Lack("trang", _("Thiếu trình tự thực hiện. Ghi mỗi bước một dòng."))
    if not sheet["result"]["name"].strip():
        yield Lack("trang", _("Thiếu tên kết quả. Ghi giấy tờ người nộp sẽ nhận."))
    if not sheet["texts"]["mistakes"] or not sheet["texts"]["questions"]:
        yield Lack("trang", _("Thiếu lỗi hay gặp hoặc câu hỏi thường gặp. Ghi ít nhất một dòng mỗi phần."))
    if not all(said["short"].strip() for said in sheet["texts"]["box"].values()):
        yield Lack("trang", _("Năm câu trả lời ngắn chưa đủ. Mỗi câu ghi một dòng."))


@dataclass(frozen=True, slots=True)
class Bar:
    """A step on the line: from ``x``, ``width`` long, in thousandths of the line; ``row`` 0, or below beside others."""

    x: int
    width: int
    row: int


@dataclass(frozen=True, slots=True)
class Line:
    """A process drawn as a line that is as long as the limit or, where longer, as the process."""

    case: str
    bars: tuple[Bar, ...]
    rows: int
    limit_at: int | None
    hours: str
    limit: str
    too_long: str

    @property
    def height(self) -> int:
        """Return the height of the drawing: 18 a row and a rim."""
        return self.rows * 18 + 4


def drawn(case: Sheet) -> Line:
    """Return the drawing of a case's process against its limit."""
    have, most = process_hours(case["steps"]), limit_hours(case["terms"])
    whole = max(have, most or Decimal(0)) or Decimal(1)
    bars, start, rows = [], Decimal(0), 1
    for stage in stages(case["steps"]):
        for row, step in enumerate(stage):
            hours = Decimal(step["hours"])
            bars.append(Bar(int(start / whole * 1000), max(3, int(hours / whole * 1000) - 3), row))
        rows = max(rows, len(stage))
        start += max(Decimal(step["hours"]) for step in stage)
    return Line(
        case["name"],
        tuple(bars),
        rows,
        None if most is None else min(999, int(most / whole * 1000)),
        plain(have),
        "" if most is None else plain(most),
        too_long(case),
    )
