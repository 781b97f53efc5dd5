"""The breach kit: whose data was reached, which kinds, since when, through whom. It lists; people judge and write.

What is exact: each look of an officer stands in the log, one row an officer, dossier and day, from the first to the last
moment of that day. A look is listed when its day's stretch touches the period, so nobody is left out; somebody may stand
in it who was looked at on the same day outside the period. A table that was taken whole is listed whole.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.db import connection, transaction
from django.utils.translation import gettext as _

from tinhso.config.protection.due import without_time_limit
from tinhso.directory.api import SYSTEM
from tinhso.directory.events import BreachListed
from tinhso.directory.models import Account, Office, OpenSession, SignInTried
from tinhso.directory.queries.processing import kinds_of, models_declared
from tinhso.directory.queries.protection import kinds_in_words
from tinhso.journal.api import announce
from tinhso.toolkit.clock import VN
from tinhso.toolkit.spreadsheet import guarded
from tinhso.toolkit.words import moment_text


class CannotAsk(Exception):
    """The account, office or table is not known, or the period is none; the sentence says which."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: a period of business time, and an account, an office or a table; none of them: every look."""

    since: dt.datetime
    until: dt.datetime
    account: str = ""
    office: str = ""
    table: str = ""

    @property
    def words(self) -> str:
        """Return the question as codes, for the journal: never a name."""
        what = next((f"{key}={value}" for key, value in self._narrowed() if value), "every look")
        return f"{what} {self.since.isoformat()} {self.until.isoformat()}"

    def _narrowed(self) -> Iterator[tuple[str, str]]:
        yield from (("account", self.account), ("office", self.office), ("table", self.table))


#: One line a dossier that was reached: whose, how to reach the person, what was seen, when first and last, by whom.
HEADS: Final = (
    *("ho_so", "chu_ho_so", "so_giay_to", "dien_thoai", "dia_chi", "nguoi_nop"),
    *("du_lieu", "tu_luc", "den_luc", "so_lan", "qua_tai_khoan"),
)
_LOOKED: Final = """
with seen as (
  select about, substring(about from 9)::bigint id, min(first_at) first_at, max(last_at) last_at, sum(times) times,
         bit_or(kinds) kinds, array_agg(distinct account_id) accounts
  from directory_look
  where day between (%(since)s at time zone 'Asia/Ho_Chi_Minh')::date and (%(until)s at time zone 'Asia/Ho_Chi_Minh')::date
    and last_at >= %(since)s and first_at <= %(until)s and about like 'dossier:%%'
    and (%(account)s::bigint is null or account_id = %(account)s)
    and (%(office)s::bigint is null or office_id = %(office)s)
  group by about)
select coalesce(d.number, d.tracking_code), d.owner_name, d.owner_identity,
       coalesce(nullif(d.owner_phone, ''), p.phone, ''), coalesce(nullif(d.owner_address, ''), p.address, ''),
       d.submitter_name, seen.kinds, seen.first_at, seen.last_at, seen.times, seen.accounts
from seen left join dossiers_dossier d using (id) left join directory_person p on p.id = d.owner_person_id
order by seen.first_at, seen.id
"""
_WHOLE: Final = """
select coalesce(d.number, d.tracking_code), d.owner_name, d.owner_identity,
       coalesce(nullif(d.owner_phone, ''), p.phone, ''), coalesce(nullif(d.owner_address, ''), p.address, ''),
       d.submitter_name, 0, d.submitted_at, null, null, null
from dossiers_dossier d left join directory_person p on p.id = d.owner_person_id
where d.submitted_at <= %(until)s and d.owner_name <> '(đã xóa)' order by d.submitted_at, d.id
"""
_PEOPLE: Final = """
select '', name, identity_number, phone, address, '', 0, null::timestamptz, null::timestamptz, null::bigint, null::bigint[]
from directory_person where name <> '(đã xóa)' order by id
"""
#: Tables whose leak reaches everybody who stands in the directory of people, not only the owners of dossiers.
_OF_PEOPLE: Final = (
    "directory_person",
    "directory_account",
    "directory_opensession",
    "directory_signintried",
)


@dataclass(slots=True)
class Report:
    """What the kit found. ``kinds``: of the data that may be known; ``ways``: sessions and tries of the accounts."""

    asked: Asked
    people: int = 0
    dossiers: int = 0
    first: dt.datetime | None = None
    last: dt.datetime | None = None
    kinds: tuple[str, ...] = ()
    accounts: tuple[tuple[str, str, str, int], ...] = ()
    sessions: tuple[dict[str, Any], ...] = ()
    tries: tuple[dict[str, Any], ...] = ()
    acts: tuple[tuple[str, int], ...] = ()
    files: tuple[str, ...] = ()


def list_breach(asked: Asked, into: Path, *, at: dt.datetime, shift: dt.timedelta) -> Report:
    """List whose data was reached into the folder ``into`` (made with 0700), and return what was found.

    ``nguoi-bi-anh-huong.csv``: one line a dossier (``HEADS``). ``dang-nhap.csv``: how the accounts came in.
    ``thu-bao-nguoi-dan.txt`` and ``bao-cao.txt``: drafts of the letter to people and of the report. ``shift``: how far
    the business clock stands from the machine's, by which sessions and tries are kept. Leaves an entry in the journal.
    Raises ``CannotAsk``.
    """
    if asked.until < asked.since:
        raise CannotAsk(_("Lúc bắt đầu phải trước lúc kết thúc."))
    account, office, table = _account(asked), _office(asked), _table(asked)
    report = Report(asked)
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    given = {
        "since": asked.since,
        "until": asked.until,
        "account": account.pk if account else None,
        "office": office.pk if office else None,
    }
    day = asked.until.astimezone(VN).date()
    with without_time_limit(), transaction.atomic():
        statement = _PEOPLE if table in _OF_PEOPLE else _WHOLE if table else _LOOKED
        names = _names_of_accounts(given) if not table else {}
        _write_people(report, into / "nguoi-bi-anh-huong.csv", statement, given, names)
        if table:
            report.kinds = _kinds_of_table(table, day)
        elif report.dossiers:
            report.kinds = kinds_of("dossiers.Dossier", _fields_of("dossiers.Dossier"), day)
        report.accounts = tuple((*names[pk], n) for pk, n in _accounts_of(given)) if not table else ()
        _ways(report, list(names) if not table else [], shift)
        _write_ways(report, into / "dang-nhap.csv")
        announce(BreachListed(asked.words, report.dossiers), about="breach", by=SYSTEM, at=at)
    (into / "thu-bao-nguoi-dan.txt").write_text(letter(report), encoding="utf-8")
    (into / "bao-cao.txt").write_text(summary(report), encoding="utf-8")
    for file in into.iterdir():
        file.chmod(0o600)
    report.files = tuple(sorted(file.name for file in into.iterdir()))
    return report


def _write_people(
    report: Report, path: Path, statement: str, given: dict[str, Any], names: dict[int, tuple[str, str, str]]
) -> None:
    people: set[tuple[str, ...]] = set()
    connection.ensure_connection()
    # A cursor of the server's own: a whole table is longer than memory.
    with (
        connection.connection.cursor(name="breach") as cursor,
        path.open("w", encoding="utf-8-sig", newline="") as file,
    ):
        sheet = csv.writer(file)
        sheet.writerow(HEADS)
        cursor.itersize = 5_000
        cursor.execute(statement, given)
        for number, name, identity, phone, address, submitter, kinds, first, last, times, accounts in cursor:
            through = "; ".join(names[pk][0] for pk in accounts or () if pk in names)
            seen = ", ".join(kinds_in_words(kinds)) if kinds else "toàn bộ bảng"
            sheet.writerow(
                [
                    guarded(str(cell if cell is not None else ""))
                    for cell in (
                        number,
                        name,
                        identity,
                        phone,
                        address,
                        "" if submitter == name else submitter,
                        seen,
                        _moment(first),
                        _moment(last),
                        times,
                        through,
                    )
                ]
            )
            report.dossiers += 1
            people.add((identity,) if identity else (name or "", phone or "", address or ""))
            if first is not None:
                report.first = min(report.first or first, first)
                report.last = max(report.last or first, last or first)
    report.people = len(people)


def _accounts_of(given: dict[str, Any]) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select account_id, count(distinct about) from directory_look where last_at >= %(since)s"
            " and first_at <= %(until)s and (%(account)s::bigint is null or account_id = %(account)s)"
            " and (%(office)s::bigint is null or office_id = %(office)s) group by 1 order by 2 desc, 1",
            given,
        )
        return [(pk, n) for pk, n in cursor.fetchall()]


def _names_of_accounts(given: dict[str, Any]) -> dict[int, tuple[str, str, str]]:
    """Return user name, name and offices of every account that looked."""
    found = Account.objects.filter(pk__in=[pk for pk, _n in _accounts_of(given)]).select_related("person")
    return {
        one.pk: (
            one.username,
            one.person.name,
            "; ".join(
                dict.fromkeys(post.office.short_name for post in one.person.posts.select_related("office"))
            ),
        )
        for one in found
    }


def _ways(report: Report, accounts: Sequence[int], shift: dt.timedelta) -> None:
    """Keep how the accounts came in: sessions that touch the period and tries in it, and what they did by the journal."""
    since, until = report.asked.since - shift, report.asked.until - shift
    sessions = OpenSession.objects.filter(account__in=accounts, began_at__lte=until)
    sessions = sessions.exclude(ended_at__lt=since).select_related("account").order_by("began_at", "id")
    report.sessions = tuple(
        {
            "tai_khoan": one.account.username,
            "luc": one.began_at,
            "den": one.ended_at,
            "viec": "phiên",
            "dia_chi_mang": one.address or "",
            "thiet_bi": one.device,
        }
        for one in sessions
    )
    tries = SignInTried.objects.filter(account__in=accounts, at__gte=since, at__lte=until)
    report.tries = tuple(
        {
            "tai_khoan": one.account.username,
            "luc": one.at,
            "den": None,
            "viec": one.outcome,
            "dia_chi_mang": one.address or "",
            "thiet_bi": one.device,
        }
        for one in tries.select_related("account").order_by("at", "id")
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "select event, count(*) from journal_entry where at_ms between %s and %s"
            " and body::json->>'by' = any(%s) group by 1 order by 2 desc, 1",
            [
                int(report.asked.since.timestamp() * 1000),
                int(report.asked.until.timestamp() * 1000),
                [f"account:{pk}" for pk in accounts],
            ],
        )
        report.acts = tuple(cursor.fetchall()) if accounts else ()


def _write_ways(report: Report, path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(("tai_khoan", "luc", "den", "viec", "dia_chi_mang", "thiet_bi"))
        for one in (*report.sessions, *report.tries):
            cells = (
                _moment(cell) if isinstance(cell, dt.datetime) else str(cell or "") for cell in one.values()
            )
            sheet.writerow([guarded(cell) for cell in cells])


def letter(report: Report) -> str:
    """Return the draft of the letter to a person; what stands in brackets is filled in for each."""
    first = _moment(report.first) or "[chưa rõ]"
    last = _moment(report.last) or "[chưa rõ]"
    return (
        "Kính gửi [họ tên],\n\n"
        f"Từ {first} đến {last}, có người không được phép đã xem được dữ liệu trong hồ sơ [số hồ sơ] của "
        "Ông/Bà tại [cơ quan].\n\n"
        f"Dữ liệu có thể đã bị xem: {', '.join(report.kinds) or '[liệt kê]'}.\n\n"
        "Chúng tôi đã: [khóa tài khoản, đổi mật khẩu, báo Công an].\n\n"
        "Ông/Bà nên:\n"
        "1. Cẩn thận với người lạ gọi điện, nhắn tin nói đúng thông tin trong hồ sơ.\n"
        "2. Không đọc mã dùng một lần cho bất cứ ai, kể cả người xưng là cán bộ.\n"
        "3. Vào mục Dữ liệu của tôi để xem ai đã xem hồ sơ.\n"
        "4. Hỏi thêm: [số điện thoại], trong giờ làm việc.\n\n"
        "Chúng tôi xin lỗi Ông/Bà.\n\n[Người ký]\n"
    )


def summary(report: Report) -> str:
    """Return the draft of the report to the authorities, with the figures that were found."""
    asked = report.asked
    lines = [
        "BÁO CÁO SỰ CỐ LỘ DỮ LIỆU CÁ NHÂN (dự thảo)",
        "",
        f"Khoảng thời gian hỏi: {_moment(asked.since)} – {_moment(asked.until)}",
        f"Phạm vi hỏi: {asked.account or asked.office or asked.table or 'mọi lượt xem'}",
        f"Số hồ sơ: {report.dossiers}. Số người: {report.people}.",
        f"Lượt đầu: {_moment(report.first) or 'không rõ'}. Lượt cuối: {_moment(report.last) or 'không rõ'}.",
        f"Loại dữ liệu: {', '.join(report.kinds) or 'không có'}.",
        "Qua các tài khoản: "
        + (
            "; ".join(f"{user} ({name}, {office}): {n} hồ sơ" for user, name, office, n in report.accounts)
            or "–"
        )
        + ".",
        f"Phiên đăng nhập: {len(report.sessions)}. Lần thử đăng nhập: {len(report.tries)}.",
        "Việc đã làm theo nhật ký: " + ("; ".join(f"{event}: {n}" for event, n in report.acts) or "–") + ".",
        "",
        "Danh sách kèm theo: nguoi-bi-anh-huong.csv, dang-nhap.csv.",
        "Người khác có tên trong tờ khai và giấy tờ của các hồ sơ trên không liệt kê được: đọc từng hồ sơ.",
    ]
    return "\n".join(lines) + "\n"


def _account(asked: Asked) -> Account | None:
    if not asked.account:
        return None
    found = Account.objects.filter(username=asked.account).first()
    if found is None:
        raise CannotAsk(_("Không có tài khoản “%(name)s”.") % {"name": asked.account})
    return found


def _office(asked: Asked) -> Office | None:
    if not asked.office:
        return None
    found = Office.objects.filter(code=asked.office).order_by("-valid_from").first()
    if found is None:
        raise CannotAsk(_("Không có cơ quan mang mã “%(code)s”.") % {"code": asked.office})
    return found


def _table(asked: Asked) -> str:
    known = {model._meta.db_table for model in apps.get_models()}
    if asked.table and asked.table not in known:
        raise CannotAsk(_("Không có bảng “%(table)s”.") % {"table": asked.table})
    return asked.table


def _fields_of(label: str) -> list[str]:
    return [
        name
        for model, personal in models_declared()
        if personal and model._meta.label == label
        for part in personal.held
        for name in part.names
    ]


def _kinds_of_table(table: str, day: dt.date) -> tuple[str, ...]:
    label = next(model._meta.label for model in apps.get_models() if model._meta.db_table == table)
    return kinds_of(label, _fields_of(label), day)


def _moment(moment: dt.datetime | None) -> str:
    return moment_text(moment.astimezone(VN)) if moment else ""
