"""What data protection reads: who looked at me, what I asked, what is held, what was erased, who looks in bulk."""

from __future__ import annotations

import datetime as dt
from collections import Counter, deque
from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from tinhso.directory.models import (
    Account,
    DataRequest,
    Erasure,
    LegalHold,
    LookKind,
    Office,
    OpenSession,
    Person,
    SignInTried,
)
from tinhso.directory.permissions import (
    DATA_REQUESTS,
    HOLDS,
    LOOKS,
    PROOFS,
    MayDataRequest,
    MayHold,
    MayLook,
    roles_told,
)
from tinhso.directory.queries.processing import retention
from tinhso.directory.rules import Actor

#: What is shown of long lists.
MOST = 200
KIND_WORDS = {
    LookKind.PAGE: "mở hồ sơ",
    LookKind.PAPER: "xem giấy tờ",
    LookKind.RESULT: "xem kết quả",
    LookKind.SLIP: "xem phiếu",
    LookKind.LISTED: "tìm thấy trong danh sách",
}


@dataclass(frozen=True, slots=True)
class SeenBy:
    """One officer's look at one's data on a day. The hour, the address and the device of the officer are not told."""

    day: dt.date
    name: str
    office: str
    role: str
    about: str
    kinds: tuple[str, ...]


def looks_at(by: Actor, limit: int = MOST) -> list[SeenBy]:
    """Return who looked at the actor's data, newest day first."""
    rows = LOOKS.rows(by, MayLook.READ).select_related("account__person", "office")
    told = roles_told()
    return [
        SeenBy(
            day=row.day,
            name=row.account.person.name,
            office=row.office.name if row.office else "",
            role=str(told[row.role]["name"]) if row.role in told else "",
            about=row.about,
            kinds=kinds_in_words(row.kinds),
        )
        for row in rows.order_by("-day", "-id")[:limit]
    ]


def kinds_in_words(kinds: int) -> tuple[str, ...]:
    """Return what was opened, in words."""
    return tuple(words for kind, words in KIND_WORDS.items() if kinds & kind)


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """What the directory holds of the actor: the person, the account, sessions and tries to sign in, newest first."""

    person: Person
    account: Account | None
    sessions: list[OpenSession]
    tries: list[SignInTried]


def own_record(by: Actor) -> OwnRecord | None:
    """Return the actor's own record, or None: nobody is signed in."""
    person = Person.objects.select_related("commune").filter(pk=by.person_id or 0).first()
    if person is None:
        return None
    return OwnRecord(
        person=person,
        account=Account.objects.filter(person=person).first(),
        sessions=list(
            OpenSession.objects.filter(account_id=by.account_id or 0).order_by("-began_at", "-id")[:MOST]
        ),
        tries=list(SignInTried.objects.filter(account_id=by.account_id or 0).order_by("-at", "-id")[:MOST]),
    )


def own_requests(by: Actor) -> list[DataRequest]:
    """Return what the actor asked to have corrected, newest first."""
    rows = DATA_REQUESTS.rows(by, MayDataRequest.WITHDRAW).select_related("office")
    return list(rows.order_by("-asked_at", "-id")[:MOST])


def requests_to_answer(by: Actor, *, answered: bool = False) -> list[DataRequest]:
    """Return what the actor may answer, the oldest first; or what was answered, the newest first."""
    rows = DATA_REQUESTS.rows(by, MayDataRequest.ANSWER).select_related(
        "office", "person", "answered_by__person"
    )
    if answered:
        return list(rows.exclude(answer="").order_by("-answered_at", "-id")[:MOST])
    return list(rows.filter(answer="").order_by("asked_at", "id")[:MOST])


def holds(by: Actor, *, lifted: bool = False) -> list[LegalHold]:
    """Return what is held, or was, newest first."""
    rows = HOLDS.rows(by, MayHold.READ).filter(lifted_at__isnull=not lifted)
    return list(rows.select_related("set_by__person", "lifted_by__person").order_by("-set_at", "-id")[:MOST])


def erasures(by: Actor) -> list[Erasure]:
    """Return the proofs of what was erased, newest first."""
    return list(PROOFS.rows(by, MayHold.PROOF).order_by("-at", "-id")[:MOST])


@dataclass(frozen=True, slots=True)
class BulkLook:
    """An officer who opened the data of many in one hour: more than the rule allows without a question."""

    account_id: int
    hour: dt.datetime
    persons: int


_MANY = """
select account_id, first_at, coalesce(person_id::text, about) from directory_look
where day between (%(since)s at time zone 'Asia/Ho_Chi_Minh')::date and (%(until)s at time zone 'Asia/Ho_Chi_Minh')::date
  and first_at between %(since)s and %(until)s and kinds <> %(listed)s
  and account_id in (select account_id from directory_look where first_at between %(since)s and %(until)s
    and day between (%(since)s at time zone 'Asia/Ho_Chi_Minh')::date and (%(until)s at time zone 'Asia/Ho_Chi_Minh')::date
    group by 1 having count(*) > %(most)s)
order by account_id, first_at
"""
_HOUR = dt.timedelta(hours=1)


def looks_findings(since: dt.datetime, until: dt.datetime) -> list[BulkLook]:
    """Return which officers opened the data of more different people within an hour than the rule of the day says.

    One row an officer, the hour with the most people, the worst first. Somebody counts in the hour of the day's first
    look; names seen in a list only do not count.
    """
    most = int(retention(until.date())["bulk"]["persons_in_an_hour"])
    with connection.cursor() as cursor:
        cursor.execute(_MANY, {"since": since, "until": until, "most": most, "listed": int(LookKind.LISTED)})
        rows = cursor.fetchall()
    worst: dict[int, BulkLook] = {}
    window: deque[tuple[int, dt.datetime, str]] = deque()
    inside: Counter[str] = Counter()
    for account_id, at, whom in rows:
        while window and (window[0][0] != account_id or window[0][1] < at - _HOUR):
            _account, _at, gone = window.popleft()
            inside[gone] -= 1
            if not inside[gone]:
                del inside[gone]
        window.append((account_id, at, whom))
        inside[whom] += 1
        if len(inside) > max(most, worst[account_id].persons if account_id in worst else 0):
            worst[account_id] = BulkLook(account_id, window[0][1], len(inside))
    return sorted(worst.values(), key=lambda one: (-one.persons, one.account_id))


def held_by_law() -> dict[str, set[int]]:
    """Return the numbers of what is held now, by kind: dossier, person, account, office."""
    found: dict[str, set[int]] = {"dossier": set(), "person": set(), "account": set(), "office": set()}
    for about in LegalHold.objects.filter(lifted_at=None).values_list("about", flat=True):
        kind, _colon, number = about.partition(":")
        found[kind].add(int(number))
    found["person"] |= set(
        Account.objects.filter(pk__in=found["account"]).values_list("person_id", flat=True)
    )
    found["account"] |= set(
        Account.objects.filter(person_id__in=found["person"]).values_list("pk", flat=True)
    )
    return found


def about_person(identity: str) -> str:
    """Return how a hold names the person with an identity number, or blank: nobody has it."""
    digits = identity.replace(" ", "")
    found = Person.objects.filter(identity_number=digits).first() if digits.isdecimal() else None
    return f"person:{found.pk}" if found else ""


def about_office(code: str, on: dt.date) -> str:
    """Return how a hold names the office with a code, of either generation, or blank."""
    found = (
        Office.objects.on(on).filter(Q(code=code.strip()) | Q(code_2020=code.strip())).order_by("id").first()
    )
    return f"office:{found.pk}" if found else ""


def about_in_words(abouts: Collection[str]) -> dict[str, str]:
    """Return how people and offices that are held are called; of a person the last digits of the number only."""
    numbers = {about: int(about.partition(":")[2]) for about in abouts}
    people = Person.objects.in_bulk([n for about, n in numbers.items() if about.startswith("person:")])
    offices = Office.objects.in_bulk([n for about, n in numbers.items() if about.startswith("office:")])
    words = {}
    for about, n in numbers.items():
        if about.startswith("person:") and n in people:
            words[about] = f"Người có số giấy tờ …{people[n].identity_number[-4:]}"
        elif about.startswith("office:") and n in offices:
            words[about] = f"Mọi hồ sơ của {offices[n].name}"
        elif about.startswith("account:"):
            words[about] = f"Tài khoản số {n}"
    return words
