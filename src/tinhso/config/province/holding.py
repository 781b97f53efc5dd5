"""What the system holds, as rows of a province's folder."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tinhso.catalogue.api import Procedure, ProcedureVersion, ServiceLevel
from tinhso.config.province.tables import (
    CALENDAR,
    CERTIFICATES,
    LEVELS,
    OFFICERS,
    OFFICES,
    PROCEDURES,
    PROVINCE,
    SHEETS,
    SUCCESSIONS,
    Sheet,
)
from tinhso.directory.api import Account, Office, OfficeKind, Post, SpecialDay, Succession
from tinhso.signatures.api import Certificate
from tinhso.toolkit.text import tidy, visible

Cells = dict[str, Any]
Key = tuple[Any, ...]
#: By file and key, in the order in which the rows are written.
Held = dict[str, dict[Key, Cells]]


def held_rows() -> Held:
    """Return all rows that the system holds. A certificate's row also has ``pem``, a person's no more than columns."""
    found: Held = {}
    for sheet in SHEETS:
        rows = [_plain(row) for row in _READS[sheet.file]()]
        found[sheet.file] = {_key(sheet, row): row for row in rows}
    return found


def citizens(usernames: set[str]) -> set[str]:
    """Return which of the accounts exist and hold no post: they are no officers."""
    rows = Account.objects.filter(username__in=usernames, person__posts=None)
    return set(rows.values_list("username", flat=True))


def state_of(account: Account) -> str | None:
    """Return "locked", "closed", or None for an account that is open."""
    if account.closed_at is not None:
        return "closed"
    return None if account.is_active else "locked"


def _key(sheet: Sheet, row: Cells) -> Key:
    return tuple(row.get(name) for name in sheet.key)


def _plain(row: Cells) -> Cells:
    """Return a row as reading would give it: no hidden letters, no doubled spaces, blank is None."""
    return {
        name: (tidy(visible(value)) or None) if isinstance(value, str) and name != "pem" else value
        for name, value in row.items()
    }


def _province() -> list[Cells]:
    rows = Office.objects.filter(kind=OfficeKind.PROVINCE, valid_to=None).order_by("-valid_from", "code")[:1]
    return [{"ma": one.code_2020, "ten": one.place, "dien_thoai": one.phone} for one in rows]


def _offices() -> list[Cells]:
    return [
        {
            "ma": one.code,
            "ma_2020": one.code_2020,
            "ten": one.name,
            "ten_ngan": one.short_name,
            "loai": one.kind,
            "ma_cap_tren": one.parent.code if one.parent else None,
            "ma_dia_ban": one.territory_code,
            "dien_thoai": one.phone,
            "dia_chi": one.address,
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
        for one in rows.order_by("predecessor__code", "successor__code", "effective_date")
    ]


def _officers() -> list[Cells]:
    rows = Post.objects.filter(person__account__isnull=False).select_related("person__account", "office")
    return [
        {
            "tai_khoan": one.person.account.username,
            "ho_ten": one.person.name,
            "ngay_sinh": one.person.birth_date,
            "dien_thoai": one.person.phone,
            "thu_dien_tu": one.person.email,
            "tinh_trang": state_of(one.person.account),
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
            "chuc_danh": one.post,
            "tep": f"{one.serial}.pem",
            "thu_hoi_luc": one.revoked_at,
            "ly_do_thu_hoi": one.revocation_reason,
            "pem": one.pem,
            "fingerprint": one.fingerprint,
        }
        for one in rows
    ]


def _procedures() -> list[Cells]:
    starts: dict[str, dt.date] = dict(
        ProcedureVersion.objects.filter(published_at__isnull=False)
        .order_by("number")
        .values_list("procedure__code", "effective_from")
    )
    rows = Procedure.objects.filter(code__in=starts).order_by("code").values_list("code", "legal_name")
    return [{"ma": code, "ten": name, "tu_ngay": starts[code]} for code, name in rows]


def _levels() -> list[Cells]:
    rows = ServiceLevel.objects.select_related("procedure").order_by(
        "procedure__code", "system", "valid_from"
    )
    return [
        {
            "ma": one.procedure.code,
            "he_thong": str(one.system),
            "muc_do": str(one.level),
            "tu_ngay": one.valid_from,
            "den_ngay": one.valid_to,
            "can_cu": one.basis,
            "ly_do": one.reason,
            "so_quyet_dinh": one.decision_number,
            "ngay_quyet_dinh": one.decision_date,
            "minh_hoa": "yes" if one.is_illustrative else "no",
        }
        for one in rows
    ]


_READS = {
    PROVINCE.file: _province,
    OFFICES.file: _offices,
    SUCCESSIONS.file: _successions,
    OFFICERS.file: _officers,
    CALENDAR.file: _days,
    CERTIFICATES.file: _certificates,
    PROCEDURES.file: _procedures,
    LEVELS.file: _levels,
}
