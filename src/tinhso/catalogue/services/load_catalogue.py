"""Load the province's list of procedures, as of 2022: 1,711 codes with names, fields and illustrative levels."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Any, Final

from tinhso.catalogue.adapters.sheets.shape import TermRead
from tinhso.catalogue.models import Eligibility, Procedure
from tinhso.catalogue.queries.browsing import life_events
from tinhso.catalogue.services.default_sheet import DATA, Facts, default_sheet
from tinhso.catalogue.services.publish import publish_all
from tinhso.journal.api import HasRef

LIST: Final = DATA / "catalogue-2022.csv"
SOURCE: Final = "Danh mục trình diễn 2022"
ILLUSTRATIVE: Final = "Theo quy tắc dựng bản trình diễn, không phải quyết định đã công bố (minh họa)"
STARTS: Final = "2021-01-01"
_BATCH: Final = 400
_LEVELS: Final = {"tỉnh": "province", "huyện": "district", "xã": "commune"}
_UNITS: Final = {"ngày làm việc": "wd", "ngày": "d", "giờ": "h", "giờ làm việc": "h", "tháng": "m"}
_LIMIT: Final = re.compile(r"([\d.,]+)\s+(ngày làm việc|giờ làm việc|ngày|giờ|tháng)")
#: As the list writes an office, and as the directory does.
_OFFICES: Final = {"Văn phòng UBND tỉnh": "Văn phòng Ủy ban nhân dân tỉnh"}


def rows() -> Iterator[dict[str, str]]:
    """Yield the list's rows: code, name, field, department_2022, executing_level_2022, service_level_2022, and so on."""
    with LIST.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def listed_facts() -> list[Facts]:
    """Return what the list knows of each procedure; department, levels and limit are illustrative there."""
    project_06 = frozenset(json.loads((DATA / "project-06.json").read_text("utf-8"))["codes"])
    return [_facts(row, project_06) for row in rows()]


def _facts(row: dict[str, str], project_06: frozenset[str]) -> Facts:
    level = int(row["service_level_2022"])
    found = _LIMIT.fullmatch(row["time_limit_2025"].strip())
    terms: tuple[TermRead, ...] = ()
    if found:
        amount = Decimal(found[1].replace(",", "."))
        terms = (
            TermRead("counter", amount, _UNITS[found[2]], f"Bảng thủ tục năm 2025: {found[0]} (minh họa)"),
        )
    return Facts(
        code=row["code"],
        name=row["name"],
        field=row["field"],
        responsible=_OFFICES.get(row["department_2022"], row["department_2022"]),
        levels=tuple(_LEVELS[part.strip()] for part in row["executing_level_2022"].split(",")),
        source=SOURCE,
        effective_from=STARTS,
        is_illustrative=True,
        online_level=level,
        level_reason="" if level >= 3 else "Chưa có quyết định đưa lên mạng; lý do chưa công bố (minh họa)",
        level_basis=ILLUSTRATIVE,
        terms=terms,
        code_is_unverified=row["code_known_in_2022"] == "no",
        code_note="Mã có thể mới hơn năm 2022." if row["code_known_in_2022"] == "no" else "",
        is_listed=True,
        is_project_06=row["code"] in project_06,
    )


def load_catalogue(*, by: HasRef, at: dt.datetime, only: Collection[str] | None = None) -> int:
    """Publish a default sheet for each procedure of the list that has none; return how many. Idempotent.

    ``only``: the codes that are wanted; None: the whole list.
    """
    known = set(Eligibility.objects.values_list("procedure__code", flat=True))
    finished = set(Procedure.objects.values_list("code", flat=True))
    todo = [
        facts for facts in listed_facts() if facts.code not in known and (only is None or facts.code in only)
    ]
    if not todo:
        return 0
    new = [facts for facts in todo if facts.code not in finished]
    for first in range(0, len(new), _BATCH):
        publish_all([default_sheet(facts) for facts in new[first : first + _BATCH]], by=by, at=at)
    for facts in todo:
        if facts.code in finished:
            Procedure.objects.filter(code=facts.code).update(
                is_listed=True, is_project_06=facts.is_project_06, executing_levels=list(facts.levels)
            )
    _eligibility(todo)
    _life_events()
    return len(new)


def _life_events() -> None:
    """Say of each listed procedure at which events of a life it is wanted, by ``data/life_events.json``."""
    events = life_events()
    changed = []
    for procedure in Procedure.objects.filter(is_listed=True).select_related("field"):
        wanted = [event.key for event in events if event.takes(procedure)]
        if wanted != procedure.life_events:
            procedure.life_events = wanted
            changed.append(procedure)
    Procedure.objects.bulk_update(changed, ["life_events"], batch_size=500)


def _eligibility(listed: list[Facts]) -> None:
    """Say of each whether it may be served on level 4. Illustrative: those that are online may, the others may not."""
    ids: dict[str, Any] = dict(Procedure.objects.values_list("code", "pk"))
    Eligibility.objects.bulk_create(
        Eligibility(
            procedure_id=ids[facts.code],
            is_eligible=(facts.online_level or 0) >= 3,
            reason="Đã nhận qua mạng, còn thiếu bước trả tiền hoặc trả kết quả qua mạng (minh họa)"
            if facts.online_level == 3
            else "Đang ở mức độ 4 (minh họa)"
            if facts.online_level == 4
            else "Chưa rõ, cần cơ quan chuyên môn rà soát (minh họa)",
            basis=ILLUSTRATIVE,
            valid_from=dt.date.fromisoformat(STARTS),
            is_illustrative=True,
        )
        for facts in listed
    )
