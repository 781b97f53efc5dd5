"""A catalogue to search in: the province's list, more from real sheets, and copies up to a number. Facts only."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import json
from collections.abc import Iterable, Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from tinhso.catalogue.models import Field, Procedure, ProcedureVersion, SearchWord, ServiceLevel
from tinhso.catalogue.services.default_sheet import DATA, everyday_names
from tinhso.catalogue.services.edit_search_words import load_search_words
from tinhso.catalogue.services.import_sheet import import_sheets
from tinhso.directory.api import SYSTEM
from tinhso.toolkit.clock import VN
from tinhso.toolkit.text import fold

_LEVELS = {"tỉnh": "province", "huyện": "district", "xã": "commune"}
STARTS = dt.date(2021, 1, 1)
AT = dt.datetime(2021, 12, 20, 8, 0, tzinfo=VN)
DAY = dt.date(2022, 5, 10)


def load_list() -> int:
    """Load the six sheets, the list of 2022 and the everyday words; return how many procedures there are."""
    import_sheets(by=SYSTEM, at=AT)
    Procedure.objects.update(is_listed=True)
    known = set(Procedure.objects.values_list("code", flat=True))
    with (DATA / "catalogue-2022.csv").open(encoding="utf-8", newline="") as file:
        _write(
            {
                "code": row["code"],
                "name": row["name"],
                "field": row["field"],
                "responsible": row["department_2022"],
                "levels": [_LEVELS[part.strip()] for part in row["executing_level_2022"].split(",")],
                "is_listed": True,
                "online": int(row["service_level_2022"]),
            }
            for row in csv.DictReader(file)
            if row["code"] not in known
        )
    load_search_words()
    return Procedure.objects.count()


def grow(whole: int, sheets: Path | None) -> dict[str, int]:
    """Add procedures of real sheets, then copies under invented codes, until there are so many; say how many of each."""
    known = set(Procedure.objects.values_list("code", flat=True))
    real = [said for said in _sheets(sheets) if said["code"] not in known][: whole - len(known)]
    _write(real)
    missing = whole - len(known) - len(real)
    names = list(Procedure.objects.order_by("code").values_list("everyday_name", "field__name"))
    _write(
        {
            "code": f"9.{number:06}",
            "name": f"{name[:980]} (bản {number})",
            "field": field,
            "responsible": "Bộ Thử",
            "levels": ["ministry"],
            "is_listed": False,
            "online": None,
        }
        for number, (name, field) in enumerate(islice(cycle(names), missing))
    )
    copies = Procedure.objects.count() - len(known) - len(real)
    return {"from_sheets": len(real), "copies": copies, "words": SearchWord.objects.count()}


def _sheets(file: Path | None) -> Iterator[dict[str, Any]]:
    seen = set()
    if file is None:
        return
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            said = json.loads(line)
            code = said.get("Mã thủ tục", "")
            if code in seen or not said.get("Tên thủ tục"):
                continue
            seen.add(code)
            place = said.get("Cấp thực hiện") or ""
            yield {
                "code": code,
                "name": said["Tên thủ tục"][:1_000],
                "field": (said.get("Lĩnh vực") or "Chưa xếp")[:200],
                "responsible": (said.get("Cơ quan thực hiện") or "")[:200],
                "levels": [
                    level
                    for word, level in (
                        ("Bộ", "ministry"),
                        ("tỉnh", "province"),
                        ("huyện", "district"),
                        ("xã", "commune"),
                    )
                    if word.lower() in place.lower()
                ],
                "is_listed": False,
                "online": None,
            }


def _write(said: Iterable[dict[str, Any]]) -> None:
    said = list(said)
    for name in {one["field"] for one in said}:
        Field.objects.get_or_create(name=name)
    fields = dict(Field.objects.values_list("name", "pk"))
    procedures = Procedure.objects.bulk_create(
        Procedure(
            code=one["code"],
            field_id=fields[one["field"]],
            everyday_name=one["name"][:1_000],
            legal_name=one["name"][:1_000],
            synonyms=everyday_names().get(one["code"], []),
            folded=" | ".join(fold(name) for name in (one["name"], *everyday_names().get(one["code"], [])))
            + f" | {one['code']}",
            responsible=one["responsible"],
            executing_levels=one["levels"],
            is_listed=one["is_listed"],
        )
        for one in said
    )
    versions = ProcedureVersion.objects.bulk_create(
        ProcedureVersion(
            procedure=procedure,
            number=1,
            effective_from=STARTS,
            content_hash="0" * 64,
            levels=procedure.executing_levels,
            handling={},
            can_file_online=False,
            texts={},
        )
        for procedure in procedures
    )
    ProcedureVersion.objects.filter(pk__in=[version.pk for version in versions]).update(published_at=AT)
    ServiceLevel.objects.bulk_create(
        ServiceLevel(
            procedure=procedure,
            level=one["online"],
            valid_from=STARTS,
            basis="Minh họa",
            is_illustrative=True,
        )
        for procedure, one in zip(procedures, said, strict=True)
        if one["online"]
    )
