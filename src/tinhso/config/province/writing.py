"""Take a province's folder in: everything or nothing, and only what differs."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from django.db import connection, transaction

from tinhso.catalogue.api import import_sheets, load_catalogue
from tinhso.catalogue.models import Procedure
from tinhso.catalogue.services.load_catalogue import listed_facts
from tinhso.catalogue.services.publish import SHEETS as OWN_SHEETS
from tinhso.config.province.comparing import Comparison, Difference
from tinhso.config.province.tables import CALENDAR, CERTIFICATES, OFFICERS, OFFICES, PROCEDURES, SUCCESSIONS
from tinhso.directory.api import SYSTEM, Account
from tinhso.directory.services.take_in_officers import OfficerTold, PostTold, take_in_officers
from tinhso.directory.services.take_in_offices import (
    OfficeTold,
    office_named,
    take_in_days,
    take_in_offices,
    take_in_succession,
)
from tinhso.signatures.rules import Kind, RevocationReason
from tinhso.signatures.services.take_in import take_in

_OFFICE = {
    "code_2020": "ma_2020",
    "name": "ten",
    "short_name": "ten_ngan",
    "kind": "loai",
    "territory_code": "ma_dia_ban",
    "phone": "dien_thoai",
    "address": "dia_chi",
    "place": "dia_danh",
}
_PERSON = {"name": "ho_ten", "phone": "dien_thoai", "email": "thu_dien_tu"}


def known_procedures() -> frozenset[str]:
    """Return the codes of the procedures of which the software or this installation has a sheet."""
    own = {path.stem for path in OWN_SHEETS.glob("[0-9]*.json")}
    there = Procedure.objects.filter(versions__published_at__isnull=False).values_list("code", flat=True)
    return frozenset(own | {facts.code for facts in listed_facts()} | set(there))


@transaction.atomic
def take_in_province(found: Comparison, *, pems: dict[str, str], at: dt.datetime) -> None:
    """Write every difference, each with its entry in the journal. ``pems``: serial → certificate.

    A whole province takes longer than a request may; sealing waits until it is in.
    """
    with connection.cursor() as cursor:
        cursor.execute("set local statement_timeout = 0; set local transaction_timeout = 0")
    take_in_offices(
        [
            OfficeTold(
                one.row["ma"],
                one.row["tu_ngay"],
                {
                    **{name: one.row[column] or "" for name, column in _OFFICE.items()},
                    "valid_to": one.row["den_ngay"],
                },
                one.row["ma_cap_tren"],
                one.columns if one.before else None,
            )
            for one in found.of(OFFICES)
        ],
        by=SYSTEM,
        at=at,
    )
    for one in found.of(SUCCESSIONS):
        row = one.row
        take_in_succession(
            old=row["ma_cu"], new=row["ma_moi"], day=row["ngay"], decision=row["quyet_dinh"], by=SYSTEM, at=at
        )
    take_in_officers(_officers(found.of(OFFICERS)), by=SYSTEM, at=at)
    take_in_days(
        [
            {"date": r["ngay"], "kind": r["loai"], "source": r["nguon"], "confirmed": r["do_chac"]}
            for r in (one.row for one in found.of(CALENDAR))
        ],
        by=SYSTEM,
        at=at,
    )
    for one in found.of(CERTIFICATES):
        _certificate(one, pems, at)
    if codes := {one.row["ma"] for one in found.of(PROCEDURES)}:
        import_sheets(by=SYSTEM, at=at, only=codes)
        load_catalogue(by=SYSTEM, at=at, only=codes)


def _officers(differences: list[Difference]) -> list[OfficerTold]:
    by_account: dict[str, list[Difference]] = defaultdict(list)
    for one in differences:
        by_account[one.row["tai_khoan"]].append(one)
    told = []
    for username, rows in by_account.items():
        first = rows[0].row
        person: dict[str, Any] = {name: first[column] or "" for name, column in _PERSON.items()}
        changed = sorted({column for one in rows for column in one.columns})
        told.append(
            OfficerTold(
                username,
                {**person, "birth_date": first["ngay_sinh"]},
                [
                    PostTold(r["ma_co_quan"], r["vai_tro"], r["chuc_danh"], r["tu_ngay"], r["den_ngay"])
                    for r in (one.row for one in rows)
                ],
                None if all(one.before is None for one in rows) else changed,
            )
        )
    return told


def _certificate(one: Difference, pems: dict[str, str], at: dt.datetime) -> None:
    row = one.row
    office = office_named(row["ma_co_quan"], at.date())
    assert office is not None
    account = (
        Account.objects.select_related("person").get(username=row["tai_khoan"]) if row["tai_khoan"] else None
    )
    take_in(
        pems[row["so_hieu"]],
        kind=Kind(row["loai"]),
        office=office,
        holder=account.person if account else None,
        post=row["chuc_danh"] or "",
        revoked_at=row["thu_hoi_luc"],
        reason=RevocationReason(row["ly_do_thu_hoi"]) if row["ly_do_thu_hoi"] else None,
        by=SYSTEM,
        at=at,
    )
