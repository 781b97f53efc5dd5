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
from tinhso.directory.api import Account, Office, OfficeKind, Person, Post, SpecialDay, Succession
from tinhso.signatures.api import Certificate
from tinhso.toolkit.text import tidy, visible

Cells = dict[str, Any]
Key = tuple[Any, ...]
#: By file and key, in the order in which the rows are written.
Held = dict[str, dict[Key, Cells]]


def held_rows() -> Held:
    """Return all rows that the system holds; a certificate's row also has ``pem`` and ``fingerprint``.

    Tables are read one by one and joined here: an installation that was just filled has no statistics, and the
    database then finds plans for three tables that take longer than a statement may.
    """
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
    codes = _codes()
    return [
        {
            "ma": one.code,
            "ma_2020": one.code_2020,
            "ten": one.name,
            "ten_ngan": one.short_name,
            "loai": one.kind,
            "ma_cap_tren": codes[one.parent_id] if one.parent_id else None,
            "ma_dia_ban": one.territory_code,
            "dien_thoai": one.phone,
            "dia_chi": one.address,
            "dia_danh": one.place,
            "tu_ngay": one.valid_from,
            "den_ngay": one.valid_to,
        }
        for one in Office.objects.order_by("code", "valid_from")
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
    posts = list(Post.objects.all())
    people = Person.objects.in_bulk({post.person_id for post in posts})
    accounts = {one.person_id: one for one in Account.objects.filter(person__in=people)}
    codes = _codes()
    rows = [
        {
            "tai_khoan": accounts[post.person_id].username,
            "ho_ten": people[post.person_id].name,
            "ngay_sinh": people[post.person_id].birth_date,
            "dien_thoai": people[post.person_id].phone,
            "thu_dien_tu": people[post.person_id].email,
            "tinh_trang": state_of(accounts[post.person_id]),
            "ma_co_quan": codes[post.office_id],
            "vai_tro": post.role,
            "chuc_danh": post.title,
            "tu_ngay": post.valid_from,
            "den_ngay": post.valid_to,
        }
        for post in posts
        if post.person_id in accounts
    ]
    return sorted(rows, key=lambda row: _key(OFFICERS, row))


def _codes() -> dict[int, str]:
    return dict(Office.objects.values_list("pk", "code"))


def _days() -> list[Cells]:
    return [
        {"ngay": one.date, "loai": one.kind, "nguon": one.source, "do_chac": one.confirmed}
        for one in SpecialDay.objects.filter(withdrawn_at=None).order_by("date")
    ]


def _certificates() -> list[Cells]:
    rows = list(Certificate.objects.order_by("serial"))
    holders = {one.holder_id for one in rows if one.holder_id}
    names = dict(Account.objects.filter(person__in=holders).values_list("person_id", "username"))
    codes = _codes()
    return [
        {
            "so_hieu": one.serial,
            "loai": one.kind,
            "tai_khoan": names[one.holder_id] if one.holder_id else None,
            "ma_co_quan": codes[one.office_id],
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
    published = ProcedureVersion.objects.filter(published_at__isnull=False).order_by("number")
    starts: dict[int, dt.date] = dict(published.values_list("procedure_id", "effective_from"))
    rows = Procedure.objects.order_by("code").values_list("pk", "code", "legal_name")
    return [{"ma": code, "ten": name, "tu_ngay": starts[pk]} for pk, code, name in rows if pk in starts]


def _levels() -> list[Cells]:
    codes: dict[int, str] = dict(Procedure.objects.values_list("pk", "code"))
    rows = [
        {
            "ma": codes[one.procedure_id],
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
        for one in ServiceLevel.objects.all()
    ]
    return sorted(rows, key=lambda row: _key(LEVELS, row))


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
