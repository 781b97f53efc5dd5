"""Write imagined lives into the tables by COPY, as the services would have left them."""

from __future__ import annotations

import datetime as dt
import hmac
import json
from base64 import b32encode
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Any

from tinhso.directory.api import Post, Role
from tinhso.dossiers.lifecycle import Author, State, Verb
from tinhso.dossiers.queries import Route
from tinhso.dossiers.services.gather_sheets import Sheet
from tinhso.dossiers.services.imagine_life import Desk, Event, Life, Move, last_desk, lies_on
from tinhso.dossiers.services.invent_owner import Owner
from tinhso.dossiers.services.move_desk import ROLE_OF_DESK
from tinhso.dossiers.services.submit import ANSWER_MINUTES
from tinhso.toolkit.clock import VN
from tinhso.toolkit.copy_rows import copy_rows, next_ids
from tinhso.toolkit.text import fold
from tinhso.toolkit.working_time import WorkingCalendar

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SLIP_FORM = {
    Verb.ACCEPT: "01",
    Verb.ASK_FOR_PAPERS: "02",
    Verb.PAUSE: "02",
    Verb.REFUSE: "03",
    Verb.REJECT: "03",
}
_APOLOGY = "04"
_AT_COUNTER = frozenset({Verb.ACCEPT, Verb.ASK_FOR_PAPERS, Verb.REFUSE, Verb.HAND_OVER})
_BY_APPLICANT = frozenset({Verb.SUBMIT, Verb.SUPPLY, Verb.RESUME, Verb.WITHDRAW})
_DESK_MOVES = frozenset({Verb.FORWARD, Verb.PROPOSE, Verb.SIGN, Verb.ISSUE})
_LEADER_PROPOSED = "Hồ sơ đủ điều kiện, kính trình lãnh đạo ký."
_EXTENDED = "Hồ sơ cần xác minh thêm, cơ quan xin lỗi và hẹn lại ngày trả."

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
_MOVE = ("id", "dossier_id", "cause", "before", "after", "reason", "account_id", "by_name", "at")


@dataclass(slots=True)
class Told:
    """A life with everything around it that the tables want to know."""

    life: Life
    sheet: Sheet
    where: Route
    owner: Owner
    number: str | None = None
    id: int = 0


def give_numbers(told: Iterable[Told], last: Counter[tuple[int, dt.date]]) -> None:
    """Give the next numbers of each office and day in the order of acceptance; ``last`` keeps the last of each.

    All that were accepted on a day come together, and days come in their order.
    """
    accepted = [(one.life.accepted_at, n, one) for n, one in enumerate(told) if one.life.accepted_at]
    for moment, _, one in sorted(accepted, key=lambda row: row[:2]):
        office, day = one.where.receiving, moment.astimezone(VN).date()
        last[office.id, day] += 1
        one.number = f"{office.code}-{day:%y%m%d}-{last[office.id, day]:04}"


class Officers:
    """Who held which role at which office; the first where there are several."""

    def __init__(self, on: dt.date) -> None:
        """Read the posts of the day."""
        self._posts: dict[tuple[int, str], Author] = {}
        rows = Post.objects.filter(valid_from__lte=on).exclude(valid_to__lt=on)
        for post in rows.select_related("person__account").order_by("id"):
            author = Author(post.person.account.pk, post.person.name, post.title, post.office_id)
            self._posts.setdefault((post.office_id, str(post.role)), author)

    def of(self, verb: Verb, one: Told) -> Author:
        """Return who took a step, as the services would have written it."""
        clerk = self._posts[one.where.receiving.id, Role.COUNTER_CLERK]
        if verb in _BY_APPLICANT or (verb is Verb.HAND_OVER and one.life.terms.channel == "online"):
            at_desk = verb is Verb.SUBMIT and one.life.terms.channel != "online"
            return Author(clerk.account_id if at_desk else None, one.owner.name)
        if verb in _AT_COUNTER:
            return clerk
        if verb is Verb.SIGN:
            return self.leader(one)
        if verb is Verb.ISSUE:
            return self._posts[one.where.signing.id, Role.SEAL_CLERK]
        return self._posts[one.where.handling.id, Role.SPECIALIST]

    def leader(self, one: Told) -> Author:
        """Return who signs results and slips of apology."""
        return self._posts[one.where.signing.id, Role.LEADER]


class Writer:
    """Writes lives with all that hangs on them, and counts the rows by table.

    ``key`` is the installation's secret, from which tracking codes are derived: nobody else can guess them.
    """

    def __init__(self, officers: Officers, days_off: WorkingCalendar, key: str) -> None:
        """Have written nothing yet."""
        self._officers = officers
        self._days_off = days_off
        self._key = key
        self.written: Counter[str] = Counter()

    def write(self, told: Sequence[Told]) -> None:
        """Write some lives, whose numbers are given; the identifiers follow their order."""
        for one, taken in zip(told, next_ids("dossiers_dossier", len(told)), strict=True):
            one.id = taken
        self._copy("dossiers_dossier", _DOSSIER, (self._dossier(one) for one in told))
        reasons = self._write_slips(told)
        self._copy("dossiers_steptaken", _STEP, (row for one in told for row in self._steps(one, reasons)))
        self._write_moves(told)

    def write_counters(self, last: Counter[tuple[int, dt.date]]) -> None:
        """Write the last number of each office and day."""
        rows = ((office, day, n) for (office, day), n in last.items())
        self._copy("dossiers_daynumber", ("office_id", "day", "n"), rows)

    def _copy(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Write rows that are made while the server takes the earlier ones."""
        seen = count()
        copy_rows(table, columns, (row for row, _ in zip(rows, seen, strict=False)))
        self.written[table] += next(seen)

    def _dossier(self, one: Told) -> tuple[Any, ...]:
        life, terms, owner, where = one.life, one.life.terms, one.owner, one.where
        submitted, last = life.events[0].at, life.events[-1].at
        desk = lies_on(life)
        answer_due = self._days_off.add_working_minutes(submitted, ANSWER_MINUTES)
        desk_due = None
        if desk is not None:
            is_new = life.events[-1].verb is Verb.SUBMIT
            desk_due = answer_due if is_new else self._days_off.add_working_minutes(last, desk.minutes)
        by = "online" if terms.channel == "online" else "counter"
        return (
            *(one.id, self._tracking_code(one.id), one.number, one.sheet.id, one.sheet.code, terms.case_key),
            *(terms.channel, life.states[-1].value, where.receiving.id, where.handling.id, where.signing.id),
            *(owner.name, _folded(owner.name), owner.identity, owner.phone, owner.address, owner.person_id),
            *(owner.name, owner.person_id, one.sheet.summary, _answers(one.sheet.name_field, owner.name)),
            *(terms.fee_vnd, by, terms.limit.value, terms.limit.unit, submitted, answer_due),
            *(life.accepted_at, life.original_due_at, life.due_at, life.ended_at),
            _office_of(desk, where) if desk else None,
            ROLE_OF_DESK[desk.kind].value if desk else "",
            last_desk(life.events),
            *(last, desk_due),
        )

    def _write_slips(self, told: Sequence[Told]) -> dict[tuple[int, int], str]:
        """Write slips, defects and pauses; return the reason of each step that has one, by dossier and place."""
        slipped = [
            (one, place, event)
            for one in told
            for place, event in enumerate(one.life.events)
            if event.verb in _SLIP_FORM
        ]
        slips: list[tuple[Any, ...]] = []
        defects: list[tuple[Any, ...]] = []
        pauses: list[tuple[Any, ...]] = []
        reasons: dict[tuple[int, int], str] = {}
        paused: Counter[int] = Counter()
        for (one, place, event), slip in zip(slipped, next_ids("dossiers_slip", len(slipped)), strict=True):
            author, reason = self._officers.of(event.verb, one), ""
            if event.verb is not Verb.ACCEPT:
                found = one.sheet.defects["refuse" if _SLIP_FORM[event.verb] == "03" else "supplement"]
                code, text = found[(one.id + paused[one.id]) % len(found)]
                reason = reasons[one.id, place] = f"Hồ sơ đã nộp cần xem lại. {text}"
                defects.append((slip, code, text, "", ""))
            if event.verb is Verb.PAUSE:
                pauses.append((one.id, slip, *one.life.pauses[paused[one.id]]))
                paused[one.id] += 1
            slips.append(self._slip(slip, one, _SLIP_FORM[event.verb], event.at, author, reason, "{}"))
        self._copy("dossiers_slip", _SLIP, slips)
        self._copy("dossiers_defectfound", ("slip_id", "code", "text", "paper_key", "detail"), defects)
        self._copy("dossiers_pause", ("dossier_id", "slip_id", "began_at", "ended_at"), pauses)
        return reasons

    def _write_moves(self, told: Sequence[Told]) -> None:
        """Write where due moments moved; an extension has its slip of apology, the law's own move names nobody."""
        moved = [(one, move) for one in told for move in one.life.moves]
        ids = next_ids("dossiers_duemoved", len(moved))
        extended = [
            (one, move, taken)
            for (one, move), taken in zip(moved, ids, strict=True)
            if move.cause == "extension"
        ]
        self._copy(
            "dossiers_duemoved",
            _MOVE,
            [self._move(taken, one, move) for (one, move), taken in zip(moved, ids, strict=True)],
        )
        slips = next_ids("dossiers_slip", len(extended))
        self._copy(
            "dossiers_slip",
            _SLIP,
            [
                self._slip(
                    slip, one, _APOLOGY, move.at, self._officers.leader(one), _EXTENDED, _told_by(taken, one)
                )
                for (one, move, taken), slip in zip(extended, slips, strict=True)
            ],
        )
        self.written["extensions"] += len(extended)

    def _move(self, taken: int, one: Told, move: Move) -> tuple[Any, ...]:
        leader = self._officers.leader(one) if move.cause == "extension" else None
        return (
            *(taken, one.id, move.cause, move.before, move.after, _EXTENDED if leader else ""),
            *(leader.account_id if leader else None, leader.name if leader else "", move.at),
        )

    def _slip(
        self, slip: int, one: Told, form: str, at: dt.datetime, author: Author, reason: str, content: str
    ) -> tuple[Any, ...]:
        return (slip, self._token(slip), one.id, form, at, author.name, author.title, reason, content)

    def _steps(self, one: Told, reasons: dict[tuple[int, int], str]) -> Iterator[tuple[Any, ...]]:
        before: State | None = None
        for place, (event, after) in enumerate(zip(one.life.events, one.life.states, strict=True)):
            author = self._officers.of(event.verb, one)
            note = one.owner.name if event.verb is Verb.HAND_OVER else reasons.get((one.id, place), "")
            yield (
                *(one.id, event.verb.value, before.value if before else "", after.value, author.account_id),
                *(author.name, author.title, author.office_id, event.at, _step_order(event)),
                _LEADER_PROPOSED if event.verb is Verb.PROPOSE else note,
            )
            before = after

    def _tracking_code(self, dossier_id: int) -> str:
        digest = hmac.digest(self._key.encode(), f"history:{dossier_id}".encode(), "sha256")
        letters = "".join(_ALPHABET[byte % 32] for byte in digest[:16])
        return "-".join(letters[i : i + 4] for i in range(0, 16, 4))

    def _token(self, slip: int) -> str:
        digest = hmac.digest(self._key.encode(), f"slip:{slip}".encode(), "sha256")
        return b32encode(digest).decode()[:22]


@lru_cache(maxsize=10_000)
def _folded(name: str) -> str:
    return fold(name)


@lru_cache(maxsize=10_000)
def _answers(field: str, name: str) -> str:
    return json.dumps({field: name}, ensure_ascii=False)


def _told_by(move: int, one: Told) -> str:
    return json.dumps({"move": move, "office": one.where.signing.name}, ensure_ascii=False)


def _office_of(desk: Desk, where: Route) -> int:
    near = {"counter": where.receiving, "unit": where.handling}
    return near.get(desk.kind, where.signing).id


def _step_order(event: Event) -> int:
    if event.verb is Verb.ACCEPT:
        return 1
    return event.desk.order if event.desk and event.verb in _DESK_MOVES else 0
