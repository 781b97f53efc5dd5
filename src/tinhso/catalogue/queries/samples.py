"""Fill a form with invented answers, so that people see how a filled one looks.

Answers come from ``data/samples.json`` where somebody has written them, else from the ``examples`` of a question, else
by its kind. The same version always gives the same sample.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from tinhso.catalogue.models import ProcedureVersion
from tinhso.catalogue.queries.boxes import Commune
from tinhso.catalogue.queries.checking import check_answers
from tinhso.catalogue.queries.forms import HasSchema
from tinhso.catalogue.rules import DEFAULT_FORM, Answers, Data, asked, columns, holds, is_needed, relevant, ui
from tinhso.directory.api import Office, OfficeKind

_FILE: Final = Path(__file__).parents[1] / "data" / "samples.json"
_PLACE: Final = "xã Giả Định, huyện Ví Dụ, tỉnh Nam Định"
_NAMES: Final = ("Nguyễn Thị Mẫu", "Trần Văn Ví Dụ", "Lê Thị Giả Định", "Phạm Văn Minh Họa")
_BIRTH: Final = "1990-02-01"
#: Answers to a question of free text; the later ones where the question has a pattern.
_TEXTS: Final = ("Nội dung ví dụ, do đặt ra", "1234", "12/2022", "00000001", "NDI-00000001")
MOST_ATTEMPTS: Final = 4
_LONGEST: Final = 1_000
#: Kinds of question that are answered the same everywhere.
_FIXED: Final[Mapping[str, Any]] = {
    "phone": "0912000000",
    "email": "mau@vidu.vn",
    "money": 10_000_000,
    "consent": True,
    "identity": {
        "kind": "cccd",
        "number": "000190000000",
        "issued_on": "2021-11-20",
        "issued_by": "Cục Cảnh sát Ví Dụ",
    },
    "address": {
        "detail": "Thôn Mẫu",
        "area": _PLACE[:1].upper() + _PLACE[1:],
        "text": f"Thôn Mẫu, {_PLACE}",
    },
}

_SEVERAL: Final[Mapping[str, Sequence[Any]]] = {"boolean": (False, True), "partial_date": ("1990", "1962")}


@dataclass(frozen=True, slots=True)
class Sample:
    """A form filled in by nobody: the answers, the day, the invented office that it is sent to."""

    answers: dict[str, Any]
    day: dt.date
    office: Office


def sample_of(version: ProcedureVersion) -> Sample:
    """Return the sample of a version with its form read: invented people, an invented office, one fixed day."""
    written = _written()
    day = max(dt.date.fromisoformat(written["on"]), version.effective_from)
    known = written["answers"].get(version.procedure.code, {})
    if version.form.key == DEFAULT_FORM:
        known = {"request": f"Đề nghị giải quyết: {version.procedure.everyday_name}"[:_LONGEST], **known}
    return Sample(filled(version.form, known, day), day, _office(version))


def filled(
    form: HasSchema, known: Answers, day: dt.date, *, communes: Sequence[Commune] | None = None
) -> dict[str, Any]:
    """Return answers to every question that must be answered under them; what ``known`` says goes first.

    What the form's own checks refuse is tried otherwise, a few times; they are the checks of people's answers.
    """
    turns: Counter[str] = Counter()
    answers = _fill(form, known, day, turns)
    for _attempt in range(MOST_ATTEMPTS):
        found = check_answers(form, answers, day, communes=communes)
        refused = {one.path.partition(".")[0] for one in found if not one.is_warning} - known.keys()
        if not refused:
            break
        turns.update(refused)
        answers = _fill(form, known, day, turns)
    return answers


def _fill(form: HasSchema, known: Answers, day: dt.date, turns: Mapping[str, int]) -> dict[str, Any]:
    """Answer what is open until nothing is: an answer may open further questions."""
    answers = dict(known)
    while True:
        here = relevant(form.schema, answers, day)
        open_ones = {
            key: spec
            for key, spec in asked(form.schema, here, day).items()
            if key not in here and (is_needed(spec, here, day) or ui(spec).get("person"))
        }
        if not open_ones:
            return here
        for key, spec in open_ones.items():
            answers[key] = _example(spec, day, len(answers), turns.get(key, 0))


def _example(spec: Data, day: dt.date, n: int, turn: int) -> Any:
    """Return an answer of the question's kind; ``n`` lets names differ, ``turn`` tries another one."""
    hints = ui(spec)
    kind = hints["kind"]
    if kind == "rows":
        row: dict[str, Any] = {}
        for key, part in columns(spec).items():
            if holds(ui(part).get("showIf"), row, day) and (is_needed(part, row, day) or turn):
                row[key] = _example(part, day, n, turn)
        return [row] * max(1, spec.get("minItems", 1))
    offered = spec.get("examples") or _offered(kind, spec, day, n)
    return offered[turn % len(offered)]


def _offered(kind: str, spec: Data, day: dt.date, n: int) -> Sequence[Any]:
    """Return what may be answered to a question of this kind, the likeliest first."""
    if kind in _FIXED:
        return (_FIXED[kind],)
    if kind in _SEVERAL:
        return _SEVERAL[kind]
    if kind == "choice":
        return [option["value"] for option in ui(spec)["options"]]
    if kind == "date":
        recent = (day - dt.timedelta(days=40)).isoformat()
        return (_BIRTH, recent) if "sinh" in spec["title"].lower() else (recent, _BIRTH)
    if kind == "integer":
        return (max(1, spec.get("minimum", 1)),)
    if kind == "decimal":
        return (float(min(85.5, spec["maximum"])),)
    if kind == "name":
        return (_NAMES[n % len(_NAMES)],)
    pattern = spec.get("pattern")
    fitting = [text for text in _TEXTS if pattern and re.search(pattern, text)]
    return fitting or [_TEXTS[0][: spec.get("maxLength", len(_TEXTS[0]))]]


def _office(version: ProcedureVersion) -> Office:
    """Return an invented office of the level at which the procedure is filed, in no table."""
    commune, district = "commune" in version.levels, "district" in version.levels
    if not commune and not district:
        name = version.procedure.responsible
        return Office(kind=OfficeKind.DEPARTMENT, name=name, short_name=name, place="Nam Định")
    place = "xã Giả Định" if commune else "huyện Ví Dụ"
    kind = OfficeKind.COMMUNE if commune else OfficeKind.DISTRICT
    short = place.partition(" ")[2]
    return Office(kind=kind, name=f"Ủy ban nhân dân {place}", short_name=place, place=short)


@lru_cache(maxsize=1)
def _written() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(_FILE.read_text("utf-8"))
    return read
