"""Compare a province's folder with what the system holds: what is new, what differs, what only the system has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tinhso.catalogue.models import Procedure
from tinhso.config.province.tables import (
    CALENDAR,
    CERTIFICATES,
    OFFICERS,
    OFFICES,
    PROCEDURES,
    SHEETS,
    SUCCESSIONS,
    Folder,
    Row,
    Sheet,
    shown,
)
from tinhso.directory.models import Office, Post, SpecialDay, Succession
from tinhso.signatures.models import Certificate

Cells = dict[str, Any]
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A row of the folder that is not in the system, or stands there with other words; ``before`` None: it is new."""

    sheet: Sheet
    row: Row
    before: Mapping[str, Any] | None

    @property
    def columns(self) -> list[str]:
        """Return the columns that differ; none where the row is new."""
        if self.before is None:
            return []
        return [c.name for c in self.sheet.columns if self.row[c.name] != self.before.get(c.name)]

    def told(self) -> dict[str, Any]:
        """Return the difference as the commands print it."""
        before = self.before
        return {
            "file": self.sheet.file,
            "line": self.row.line,
            "key": " ".join(shown(part) for part in self.row.key(self.sheet)),
            "what": "add" if before is None else "change",
            "fields": {
                name: {"from": shown(before.get(name)), "to": shown(self.row[name])} for name in self.columns
            }
            if before is not None
            else {},
        }


@dataclass(slots=True)
class Comparison:
    """All differences, and by file the keys that only the system has: those stay."""

    differences: list[Difference] = field(default_factory=list)
    only_here: dict[str, list[str]] = field(default_factory=dict)

    def of(self, sheet: Sheet) -> list[Difference]:
        """Return the differences of a file."""
        return [one for one in self.differences if one.sheet is sheet]


def compare(folder: Folder) -> Comparison:
    """Return what taking the folder in would change; the folder has no errors."""
    found = Comparison()
    for sheet in SHEETS:
        here = held(sheet)
        rows = {row.key(sheet): row for row in folder.of(sheet)}
        for key, row in rows.items():
            before = here.get(key)
            if before is None or any(
                row[c.name] != before.get(c.name) for c in sheet.columns if _is_compared(sheet, c.name)
            ):
                found.differences.append(Difference(sheet, row, before))
        lacking = [" ".join(shown(part) for part in key) for key in here if key not in rows]
        if lacking:
            found.only_here[sheet.file] = lacking
    return found


def _is_compared(sheet: Sheet, column: str) -> bool:
    """Leave out a procedure's name, there to be read only, and the name of a certificate's file."""
    return (sheet.file, column) not in {(PROCEDURES.file, "ten"), (CERTIFICATES.file, "tep")}


def held(sheet: Sheet) -> dict[Key, Cells]:
    """Return the rows that the system holds of a file, by their key, in the order in which they are written."""
    rows = {
        OFFICES.file: _offices,
        SUCCESSIONS.file: _successions,
        OFFICERS.file: _officers,
        CALENDAR.file: _days,
        CERTIFICATES.file: _certificates,
        PROCEDURES.file: _procedures,
    }[sheet.file]()
    return {tuple(row.get(name) for name in sheet.key): row for row in rows}


def _or_none(value: Any) -> Any:
    return None if value == "" else value


def _offices() -> list[Cells]:
    return [
        {
            "ma": one.code,
            "ma_2020": one.code_2020,
            "ten": one.name,
            "ten_ngan": one.short_name,
            "loai": one.kind,
            "ma_cap_tren": one.parent.code if one.parent else None,
            "ma_dia_ban": _or_none(one.territory_code),
            "dien_thoai": _or_none(one.phone),
            "dia_chi": _or_none(one.address),
            "dia_danh": one.place,
            "tu_ngay": one.valid_from,
            "den_ngay": one.valid_to,
        }
        for one in Office.objects.select_related("parent").order_by("code", "valid_from")
    ]


def _successions() -> list[Cells]:
    rows = Succession.objects.select_related("predecessor", "successor")
    return [
        {
            "ma_cu": one.predecessor.code,
            "ma_moi": one.successor.code,
            "ngay": one.effective_date,
            "quyet_dinh": one.decision,
        }
        for one in rows.order_by("predecessor__code", "successor__code")
    ]


def _officers() -> list[Cells]:
    rows = Post.objects.filter(person__account__isnull=False).select_related("person__account", "office")
    return [
        {
            "tai_khoan": one.person.account.username,
            "ho_ten": one.person.name,
            "ngay_sinh": one.person.birth_date,
            "dien_thoai": _or_none(one.person.phone),
            "thu_dien_tu": _or_none(one.person.email),
            "ma_co_quan": one.office.code,
            "vai_tro": one.role,
            "chuc_danh": one.title,
            "tu_ngay": one.valid_from,
            "den_ngay": one.valid_to,
        }
        for one in rows.order_by("person__account__username", "office__code", "role", "valid_from")
    ]


def _days() -> list[Cells]:
    return [
        {"ngay": one.date, "loai": one.kind, "nguon": one.source, "do_chac": one.confirmed}
        for one in SpecialDay.objects.filter(withdrawn_at=None).order_by("date")
    ]


def _certificates() -> list[Cells]:
    rows = Certificate.objects.select_related("holder__account", "office").order_by("serial")
    return [
        {
            "so_hieu": one.serial,
            "loai": one.kind,
            "tai_khoan": one.holder.account.username if one.holder else None,
            "ma_co_quan": one.office.code,
            "chuc_danh": _or_none(one.post),
            "tep": f"{one.serial}.pem",
            "thu_hoi_luc": _whole(one.revoked_at),
            "ly_do_thu_hoi": _or_none(one.revocation_reason),
            "pem": one.pem,
        }
        for one in rows
    ]


def _whole(moment: dt.datetime | None) -> dt.datetime | None:
    return moment


def _procedures() -> list[Cells]:
    rows = Procedure.objects.filter(versions__published_at__isnull=False).distinct().order_by("code")
    return [{"ma": code, "ten": name} for code, name in rows.values_list("code", "legal_name")]
