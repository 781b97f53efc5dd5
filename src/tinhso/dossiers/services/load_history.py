"""Load the demo's history: about 20,000 dossiers of all offices, by the rules that real ones follow.

Loaded by COPY, with steps, slips, pauses and day counters as the services would have left them. Two things are left
out on purpose: journal entries, for nobody acted, and results, which are signed files. So nothing of the history
waits between a draft and its hand-over.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from base64 import b32encode
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from random import Random
from typing import Any, cast

from django.db import transaction

from tinhso.catalogue.api import Procedure, ProcedureVersion
from tinhso.directory.api import Office, OfficeKind, Person, Post, Role, calendar, offices
from tinhso.dossiers.lifecycle import Author, State, Verb
from tinhso.dossiers.models import Dossier
from tinhso.dossiers.queries import Route, route
from tinhso.dossiers.rules import Limit, Unit
from tinhso.dossiers.services.imagine_life import (
    Desk,
    Event,
    Life,
    Terms,
    imagine_life,
    last_desk,
    lies_on,
)
from tinhso.dossiers.services.move_desk import ROLE_OF_DESK
from tinhso.dossiers.services.submit import ANSWER_MINUTES
from tinhso.toolkit.clock import VN
from tinhso.toolkit.copy_rows import copy_rows, next_ids
from tinhso.toolkit.counting import mark_stale
from tinhso.toolkit.text import fold
from tinhso.toolkit.working_time import WorkingCalendar

SEED = 20220101
LIVES = 20_000
OWN_DOSSIERS = 5
_SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô", "Đoàn", "Lại", "Mai")
_MIDDLES = ("Văn", "Thị", "Đức", "Ngọc", "Minh", "Thanh", "Hữu", "Thu", "Quốc", "Kim", "Xuân")
_GIVEN = ("Thử", "Mẫu", "Nháp", "Ví Dụ", "Giả Định", "Minh Họa", "Tưởng Tượng", "Đặt Ra")
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_KINDS = {
    "commune": OfficeKind.COMMUNE,
    "district": OfficeKind.DISTRICT,
    "province": OfficeKind.DEPARTMENT,
}
_SLIP_FORM = {
    Verb.ACCEPT: "01",
    Verb.ASK_FOR_PAPERS: "02",
    Verb.PAUSE: "02",
    Verb.REFUSE: "03",
    Verb.REJECT: "03",
}
_AT_COUNTER = frozenset({Verb.ACCEPT, Verb.ASK_FOR_PAPERS, Verb.REFUSE, Verb.HAND_OVER})
_BY_APPLICANT = frozenset({Verb.SUBMIT, Verb.SUPPLY, Verb.RESUME, Verb.WITHDRAW})


@dataclass(frozen=True, slots=True)
class _Owner:
    name: str
    identity: str
    phone: str
    address: str
    person_id: int | None = None


@dataclass(slots=True)
class _Told:
    """A life with everything around it that the tables want to know."""

    life: Life
    version: _Sheet
    where: Route
    owner: _Owner
    number: str | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One published version with what the history needs of it."""

    id: int
    code: str
    summary: str
    version: ProcedureVersion
    name_field: str
    by_channel: dict[str, tuple[list[Terms], list[float]]]
    defects: dict[str, list[tuple[str, str]]]
    places: list[Office]


@transaction.atomic
def load_history(
    *,
    key: str,
    until: dt.datetime,
    lives: int = LIVES,
    leave: Mapping[tuple[int, dt.date], dt.datetime] | None = None,
) -> int:
    """Load the history up to a moment, once; return the number of dossiers, 0 where there are some already.

    ``key`` is the installation's secret, from which tracking codes are derived: nobody else can guess them.
    ``leave`` names the moment of an office and day from which somebody else accepts: no number is given after it.
    """
    if Dossier.objects.exists():
        return 0
    plan = json.loads(files("tinhso.dossiers").joinpath("data/history.json").read_text(encoding="utf-8"))
    rng, days_off = Random(SEED), calendar()  # noqa: S311 - repeatable on purpose, guards nothing
    sheets = _sheets(plan, until.date())
    if not sheets:
        return 0
    told = [one for one in _tell(rng, plan, sheets, days_off, until, lives) if not _is_left(one, leave or {})]
    told.sort(key=lambda one: one.life.events[0].at)
    for one, taken in zip(told, next_ids("dossiers_dossier", len(told)), strict=True):
        one.id = taken
    counters = _give_numbers(told)
    _write(told, counters, _Officers(until.date()), days_off, key)
    day = dt.date.fromisoformat(plan["first_day"])
    while day <= until.date():
        mark_stale(day)
        day += dt.timedelta(days=1)
    return len(told)


# -- what happened -----------------------------------------------------------------------------------


def _sheets(plan: dict[str, Any], on: dt.date) -> list[_Sheet]:
    found = []
    for code in plan["procedures"]:
        procedure = Procedure.objects.filter(code=code).first()
        version = (
            ProcedureVersion.objects.on(on).filter(procedure=procedure).select_related("procedure").first()
        )
        if procedure is None or version is None:
            continue
        by_channel: dict[str, tuple[list[Terms], list[float]]] = {}
        cases = list(version.cases.filter(is_chosen_by_officer=False).order_by("order"))
        for n, case in enumerate(cases):
            rows = case.steps.filter(is_parallel=False).exclude(desk="opinion").order_by("order")
            desks = tuple(Desk(row.order, row.desk, int(row.hours * 60)) for row in rows)
            for term in case.terms.all():
                limit = Limit(term.limit_value, cast(Unit, term.limit_unit))
                terms, weights = by_channel.setdefault(term.channel, ([], []))
                terms.append(Terms(case.key, term.channel, limit, term.fee_vnd, desks))
                weights.append(1.0 if n == len(cases) - 1 else 0.06)
        defects: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for defect in version.defects.order_by("order"):
            defects[defect.kind].append((defect.code, defect.text))
        places = [office for level in version.levels for office in offices(_KINDS[level], on)]
        if "province" in version.levels:
            places = [office for office in places if office.name == procedure.responsible]
        name_field = plan["procedures"][code]["name_field"]
        found.append(
            _Sheet(
                version.pk,
                code,
                procedure.everyday_name,
                version,
                name_field,
                by_channel,
                dict(defects),
                places,
            )
        )
    return found


def _tell(
    rng: Random,
    plan: dict[str, Any],
    sheets: Sequence[_Sheet],
    days_off: WorkingCalendar,
    until: dt.datetime,
    lives: int,
) -> Iterator[_Told]:
    days, weights = _days(plan, days_off, until.date())
    shares = [plan["procedures"][sheet.code]["share"] for sheet in sheets]
    busy = {office.pk: _busyness(rng, plan, office) for sheet in sheets for office in sheet.places}
    lateness = {office_id: rng.betavariate(1.4, 30) for office_id in busy}
    known = _known_people()
    routes: dict[tuple[int, int], Route] = {}
    for day in rng.choices(days, weights, k=lives):
        sheet = rng.choices(sheets, shares)[0]
        office = rng.choices(sheet.places, [busy[place.pk] for place in sheet.places])[0]
        channel = _channel(rng, plan["procedures"][sheet.code], sheet, is_open=days_off.is_working(day))
        terms = rng.choices(*sheet.by_channel[channel])[0]
        life = imagine_life(rng, terms, day, days_off, lateness=lateness[office.pk], until=until)
        if life is None:
            continue
        where = routes.get((sheet.id, office.pk)) or route(sheet.version, office, until.date())
        routes[sheet.id, office.pk] = where
        owner = _owner(rng, office)
        if known and channel == "online" and office.name.endswith(next(iter(plan["busy_offices"]))):
            person = known.pop(0)
            owner = _Owner(person.name, person.identity_number, person.phone, owner.address, person.pk)
        yield _Told(life, sheet, where, owner)


def _days(
    plan: dict[str, Any], days_off: WorkingCalendar, last: dt.date
) -> tuple[list[dt.date], list[float]]:
    """Return the days of the history and how busy each is: by weekday, less before Tết, more after."""
    first, new_year = dt.date.fromisoformat(plan["first_day"]), plan["new_year"]
    feast = dt.date.fromisoformat(new_year["day"])
    days = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
    weights = []
    for day in days:
        weight = plan["weekdays"][day.weekday()] if days_off.is_working(day) else plan["weekdays"][6]
        for (reach, factor), distance in (
            (new_year["before"], (feast - day).days),
            (new_year["after"], (day - feast).days),
        ):
            weight *= factor if 0 < distance <= reach else 1
        weights.append(weight)
    return days, weights


def _channel(rng: Random, shares: dict[str, float], sheet: _Sheet, *, is_open: bool) -> str:
    draw = rng.random()
    online = "online" in sheet.by_channel and shares["online"] > 0
    if online and (not is_open or draw < shares["online"]):
        return "online"
    return "post" if "post" in sheet.by_channel and draw > 1 - shares["post"] else "counter"


def _busyness(rng: Random, plan: dict[str, Any], office: Office) -> float:
    named = (times for name, times in plan["busy_offices"].items() if office.name.endswith(name))
    return rng.lognormvariate(0, 0.4) * float(next(named, 1))


def _known_people() -> list[Person]:
    """Return the demo's citizens, each as often as they have dossiers of their own."""
    return list(Person.objects.filter(account__isnull=False, posts=None).order_by("id")) * OWN_DOSSIERS


def _owner(rng: Random, office: Office) -> _Owner:
    middle = rng.choice(_MIDDLES)
    is_woman = middle in ("Thị", "Thu", "Kim")
    born = rng.randint(1948, 2003)
    century = 2 * (born // 100 - 19) + is_woman
    return _Owner(
        f"{rng.choice(_SURNAMES)} {middle} {rng.choice(_GIVEN)}",
        f"036{century}{born % 100:02}{rng.randrange(10**6):06}",
        f"0912000{rng.randrange(1000):03}",
        f"Xóm {rng.randint(1, 18)}, {office.short_name.removeprefix('UBND ')}"
        if office.kind != OfficeKind.DEPARTMENT
        else "Tỉnh Nam Định",
    )


def _is_left(one: _Told, leave: Mapping[tuple[int, dt.date], dt.datetime]) -> bool:
    accepted = one.life.accepted_at
    if accepted is None:
        return False
    others = leave.get((one.where.receiving.pk, accepted.astimezone(VN).date()))
    return others is not None and accepted >= others


def _give_numbers(told: Iterable[_Told]) -> Counter[tuple[int, dt.date]]:
    """Give the numbers of each office and day in the order of acceptance; return the last of each."""
    last: Counter[tuple[int, dt.date]] = Counter()
    accepted = [(one.life.accepted_at, one.id, one) for one in told if one.life.accepted_at]
    for moment, _, one in sorted(accepted, key=lambda row: row[:2]):
        day = moment.astimezone(VN).date()
        last[one.where.receiving.pk, day] += 1
        one.number = f"{one.where.receiving.code}-{day:%y%m%d}-{last[one.where.receiving.pk, day]:04}"
    return last


# -- how it is written down --------------------------------------------------------------------------


class _Officers:
    """Who held which role at which office; the first where there are several."""

    def __init__(self, on: dt.date) -> None:
        self._posts: dict[tuple[int, str], Author] = {}
        rows = Post.objects.filter(valid_from__lte=on).exclude(valid_to__lt=on)
        for post in rows.select_related("person__account").order_by("id"):
            author = Author(post.person.account.pk, post.person.name, post.title, post.office_id)
            self._posts.setdefault((post.office_id, post.role), author)

    def of(self, verb: Verb, one: _Told) -> Author:
        """Return who took a step, as the services would have written it."""
        clerk = self._posts[one.where.receiving.pk, Role.COUNTER_CLERK]
        if verb in _BY_APPLICANT or (verb is Verb.HAND_OVER and one.life.terms.channel == "online"):
            at_desk = verb is Verb.SUBMIT and one.life.terms.channel != "online"
            return Author(clerk.account_id if at_desk else None, one.owner.name)
        if verb in _AT_COUNTER:
            return clerk
        if verb in (Verb.SIGN, Verb.ISSUE):
            role = Role.LEADER if verb is Verb.SIGN else Role.SEAL_CLERK
            return self._posts[one.where.signing.pk, role]
        return self._posts[one.where.handling.pk, Role.SPECIALIST]


def _write(
    told: Sequence[_Told],
    counters: Counter[tuple[int, dt.date]],
    officers: _Officers,
    days_off: WorkingCalendar,
    key: str,
) -> None:
    copy_rows("dossiers_dossier", _DOSSIER, (_dossier_row(one, days_off, key) for one in told))
    slipped = [(one, event) for one in told for event in one.life.events if event.verb in _SLIP_FORM]
    slips: list[tuple[Any, ...]] = []
    defects: list[tuple[Any, ...]] = []
    pauses: list[tuple[Any, ...]] = []
    reasons: dict[tuple[int, Verb], str] = {}
    for (one, event), slip in zip(slipped, next_ids("dossiers_slip", len(slipped)), strict=True):
        author, reason = officers.of(event.verb, one), ""
        if event.verb is not Verb.ACCEPT:
            kind = "refuse" if _SLIP_FORM[event.verb] == "03" else "supplement"
            code, text = one.version.defects[kind][one.id % len(one.version.defects[kind])]
            reason = reasons[one.id, event.verb] = f"Hồ sơ đã nộp cần xem lại. {text}"
            defects.append((slip, code, text, "", ""))
        if event.verb is Verb.PAUSE and one.life.pause:
            pauses.append((one.id, slip, *one.life.pause))
        slips.append(
            (
                slip,
                _token(key, f"slip:{slip}"),
                one.id,
                _SLIP_FORM[event.verb],
                event.at,
                author.name,
                author.title,
                reason,
                "{}",
            )
        )
    steps = (row for one in told for row in _step_rows(one, officers, reasons))
    copy_rows("dossiers_steptaken", _STEP, steps)
    copy_rows("dossiers_slip", _SLIP, slips)
    copy_rows("dossiers_defectfound", ("slip_id", "code", "text", "paper_key", "detail"), defects)
    copy_rows("dossiers_pause", ("dossier_id", "slip_id", "began_at", "ended_at"), pauses)
    rows = ((office, day, n) for (office, day), n in counters.items())
    copy_rows("dossiers_daynumber", ("office_id", "day", "n"), rows)


_DOSSIER = (
    *("id", "tracking_code", "number", "version_id", "procedure_code", "case_key", "channel", "state"),
    *("receiving_office_id", "handling_office_id", "signing_office_id", "owner_name", "owner_folded"),
    *("owner_identity", "owner_phone", "owner_address", "owner_person_id", "submitter_name"),
    *("submitter_person_id", "summary", "answers", "fee_vnd", "result_by", "limit_value", "limit_unit"),
    *("submitted_at", "answer_due_at", "accepted_at", "original_due_at", "due_at", "ended_at"),
    *("desk_office_id", "desk_role", "desk_step", "desk_since", "desk_due_at"),
)
_STEP = (
    *("dossier_id", "verb", "before", "after", "account_id", "by_name", "by_title", "by_office_id"),
    *("at", "desk_step", "note"),
)
_SLIP = ("id", "token", "dossier_id", "form", "issued_at", "by_name", "by_title", "reason", "content")


def _dossier_row(one: _Told, days_off: WorkingCalendar, key: str) -> tuple[Any, ...]:
    life, terms, owner, where = one.life, one.life.terms, one.owner, one.where
    submitted, last = life.events[0].at, life.events[-1].at
    desk = lies_on(life)
    answer_due = days_off.add_working_minutes(submitted, ANSWER_MINUTES)
    desk_due = None
    if desk is not None:
        is_new = life.events[-1].verb is Verb.SUBMIT
        desk_due = answer_due if is_new else days_off.add_working_minutes(last, desk.minutes)
    by = "online" if terms.channel == "online" else "counter"
    return (
        *(one.id, _tracking_code(key, one.id), one.number, one.version.id, one.version.code, terms.case_key),
        *(terms.channel, life.states[-1], where.receiving.pk, where.handling.pk, where.signing.pk),
        *(owner.name, fold(owner.name), owner.identity, owner.phone, owner.address, owner.person_id),
        *(owner.name, owner.person_id, one.version.summary),
        json.dumps({one.version.name_field: owner.name}, ensure_ascii=False),
        *(terms.fee_vnd, by, terms.limit.value, terms.limit.unit, submitted, answer_due),
        *(life.accepted_at, life.original_due_at, life.due_at, life.ended_at),
        _office_of(desk, where) if desk else None,
        ROLE_OF_DESK[desk.kind] if desk else "",
        last_desk(life.events),
        *(last, desk_due),
    )


def _office_of(desk: Desk, where: Route) -> int:
    near = {"counter": where.receiving, "unit": where.handling}
    return near.get(desk.kind, where.signing).pk


def _step_rows(
    one: _Told, officers: _Officers, reasons: dict[tuple[int, Verb], str]
) -> Iterator[tuple[Any, ...]]:
    before: State | str = ""
    for event, after in zip(one.life.events, one.life.states, strict=True):
        author = officers.of(event.verb, one)
        yield (
            *(one.id, event.verb, before, after, author.account_id, author.name, author.title),
            *(author.office_id, event.at, _step_order(event), _note(event, one, reasons)),
        )
        before = after


def _step_order(event: Event) -> int:
    if event.verb is Verb.ACCEPT:
        return 1
    moves = (Verb.FORWARD, Verb.PROPOSE, Verb.SIGN, Verb.ISSUE)
    return event.desk.order if event.desk and event.verb in moves else 0


def _note(event: Event, one: _Told, reasons: dict[tuple[int, Verb], str]) -> str:
    if event.verb is Verb.PROPOSE:
        return "Hồ sơ đủ điều kiện, kính trình lãnh đạo ký."
    return one.owner.name if event.verb is Verb.HAND_OVER else reasons.get((one.id, event.verb), "")


def _tracking_code(key: str, dossier_id: int) -> str:
    digest = hmac.new(key.encode(), f"history:{dossier_id}".encode(), hashlib.sha256).digest()
    letters = "".join(_ALPHABET[byte % 32] for byte in digest[:16])
    return "-".join(letters[i : i + 4] for i in range(0, 16, 4))


def _token(key: str, what: str) -> str:
    return b32encode(hmac.new(key.encode(), what.encode(), hashlib.sha256).digest()).decode()[:22]
