"""Take a province's folder in: everything or nothing, and only what differs."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from typing import Any, Final

from asn1crypto import pem, x509
from django.db import connection, transaction

from tinhso.catalogue.api import ProcedureVersion, import_sheets, load_catalogue
from tinhso.catalogue.services.load_catalogue import listed_facts
from tinhso.catalogue.services.publish import SHEETS as OWN_SHEETS
from tinhso.config.province.comparing import Comparison, Difference, compare
from tinhso.config.province.holding import held_rows
from tinhso.config.province.levels import take_in_levels
from tinhso.config.province.tables import (
    CALENDAR,
    CERTIFICATES,
    LEVELS,
    OFFICERS,
    OFFICES,
    PROCEDURES,
    SUCCESSIONS,
    Folder,
    Row,
    shown,
    written,
)
from tinhso.directory.api import SYSTEM, Account
from tinhso.directory.services.take_in_officers import OfficerTold, PostTold, take_in_officers
from tinhso.directory.services.take_in_offices import (
    OfficesByCode,
    OfficeTold,
    Told,
    take_in_days,
    take_in_offices,
    take_in_succession,
)
from tinhso.signatures.rules import Kind, RevocationReason
from tinhso.signatures.services.take_in import take_in

#: Any number, the same for everybody who takes a folder in: there is one at a time.
_LOCK: Final = 7_036_000
_OFFICE: Final = {
    "code_2020": "ma_2020",
    "name": "ten",
    "short_name": "ten_ngan",
    "kind": "loai",
    "territory_code": "ma_dia_ban",
    "phone": "dien_thoai",
    "address": "dia_chi",
    "place": "dia_danh",
}
_PERSON: Final = {"name": "ho_ten", "phone": "dien_thoai", "email": "thu_dien_tu"}


class ChangedMeanwhile(Exception):
    """The system is no longer as it was when the difference was shown; nothing was written."""


def known_sheets() -> dict[str, dt.date]:
    """Return the procedures of which the software or this installation has a sheet, each with its first day."""
    found = {facts.code: dt.date.fromisoformat(facts.effective_from) for facts in listed_facts()}
    for path in OWN_SHEETS.glob("[0-9]*.json"):
        found[path.stem] = dt.date.fromisoformat(json.loads(path.read_text("utf-8"))["effective_from"])
    there = ProcedureVersion.objects.filter(published_at__isnull=False).order_by("number")
    return found | dict(there.values_list("procedure__code", "effective_from"))


class AnotherRuns(Exception):
    """Somebody else takes a folder in just now; nothing was written."""


@transaction.atomic
def take_in_province(folder: Folder, seen: Comparison, *, at: dt.datetime) -> None:
    """Write every difference, each with its entry in the journal. The folder was checked and has no errors.

    ``seen``: the difference that was shown. Raises ``ChangedMeanwhile`` where it is another one now, and ``AnotherRuns``.
    """
    with connection.cursor() as cursor:
        # Default sheets for 1,700 procedures take longer than a page may.
        cursor.execute("set local statement_timeout = 0; set local transaction_timeout = 0")
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [_LOCK])
        (is_alone,) = cursor.fetchone() or (False,)
    if not is_alone:
        raise AnotherRuns
    found = compare(folder, held_rows())
    if found.told() != seen.told():
        raise ChangedMeanwhile
    take_in_offices([_office(one) for one in found.of(OFFICES)], by=SYSTEM, at=at)
    for one in found.of(SUCCESSIONS):
        row = one.row
        take_in_succession(
            old=row["ma_cu"], new=row["ma_moi"], day=row["ngay"], decision=row["quyet_dinh"], by=SYSTEM, at=at
        )
    take_in_officers(_officers(found.of(OFFICERS)), by=SYSTEM, at=at)
    take_in_days([_day(one.row) for one in found.of(CALENDAR)], by=SYSTEM, at=at)
    _certificates(found.of(CERTIFICATES), folder, at)
    codes = {one.row["ma"] for one in found.of(PROCEDURES) if one.before is None}
    if codes:
        import_sheets(by=SYSTEM, at=at, only=codes)
        load_catalogue(by=SYSTEM, at=at, only=codes)
    take_in_levels([one.row for one in found.of(LEVELS)], fresh=codes, by=SYSTEM, at=at)


def _told(*differences: Difference) -> Told:
    """Return how changes of one thing are told in its history."""
    if all(one.before is None and not one.changed for one in differences):
        return Told()
    said = {
        f"{column.says}": one.changed[column.name]
        for one in differences
        for column in one.sheet.columns
        if column.name in one.changed
    }
    columns = sorted({name for one in differences for name in one.changed})
    return Told(
        " ".join(columns) or "vi_tri",
        "; ".join(f"{says}: {old or '(trống)'}" for says, (old, _new) in said.items()),
        "; ".join(f"{says}: {new or '(trống)'}" for says, (_old, new) in said.items()),
    )


def _office(one: Difference) -> OfficeTold:
    row = one.row
    fields: dict[str, Any] = {name: row[column] or "" for name, column in _OFFICE.items()}
    fields["valid_to"] = row["den_ngay"]
    return OfficeTold(row["ma"], row["tu_ngay"], fields, row["ma_cap_tren"], _told(one))


def _officers(differences: list[Difference]) -> list[OfficerTold]:
    by_account: dict[str, list[Difference]] = defaultdict(list)
    for one in differences:
        by_account[one.row["tai_khoan"]].append(one)
    return [_officer(username, rows) for username, rows in by_account.items()]


def _officer(username: str, rows: list[Difference]) -> OfficerTold:
    first = rows[0].row
    person: dict[str, Any] = {name: first[column] or "" for name, column in _PERSON.items()}
    posts = [
        PostTold(row["ma_co_quan"], row["vai_tro"], row["chuc_danh"], row["tu_ngay"], row["den_ngay"])
        for row in (one.row for one in rows)
    ]
    return OfficerTold(
        username, {**person, "birth_date": first["ngay_sinh"]}, first["tinh_trang"], posts, _posts_told(rows)
    )


def _posts_told(rows: list[Difference]) -> Told:
    """Tell of an officer's new posts by title and office, of changed ones by what changed."""
    told = _told(*rows)
    new = "; ".join(
        f"{row['chuc_danh']} ({written('roles')[row['vai_tro']]}), {row['ma_co_quan']}, từ {shown(row['tu_ngay'])}"
        for row in (one.row for one in rows if one.before is None)
    )
    return Told(told.columns, told.before, "; ".join(filter(None, (told.after, new))))


def _day(row: Row) -> dict[str, Any]:
    return {"date": row["ngay"], "kind": row["loai"], "source": row["nguon"], "confirmed": row["do_chac"]}


def _certificates(differences: list[Difference], folder: Folder, at: dt.datetime) -> None:
    """Write revocations first: whoever gets a new certificate has lost the old one by then."""
    offices = OfficesByCode()
    accounts = Account.objects.select_related("person").in_bulk(
        [one.row["tai_khoan"] for one in differences if one.row["tai_khoan"]], field_name="username"
    )
    for one in sorted(differences, key=lambda one: (one.before is None, one.row.line)):
        row = one.row
        text = folder.pems[row["so_hieu"]]
        begins = x509.Certificate.load(pem.unarmor(text.encode("ascii"))[2]).not_valid_before
        take_in(
            text,
            kind=Kind(row["loai"]),
            office=offices.on(row["ma_co_quan"], begins.date()),
            holder=accounts[row["tai_khoan"]].person if row["tai_khoan"] else None,
            post=row["chuc_danh"] or "",
            revoked_at=row["thu_hoi_luc"],
            reason=RevocationReason(row["ly_do_thu_hoi"]) if row["ly_do_thu_hoi"] else None,
            by=SYSTEM,
            at=at,
        )
