"""Tell the keepers of the house by mail when one of ten things goes wrong, when it lasts, and when it is over.

The rules are data (``alerts.json``). What was told is kept in ``<data>/ops/alerts.json``, so that a watcher that is
started again neither repeats nor forgets. Letters go straight to the mail server: the database may be what is away.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, Final

from tinhso.config.operations import folder
from tinhso.config.operations.parts import ORDER, Part, State, worst
from tinhso.config.operations.words import span
from tinhso.messages.adapters.mail import Mail, MailNotSent
from tinhso.toolkit.words import clock_text, date_text

log = logging.getLogger("tinhso.operations")

KEPT: Final = "alerts.json"


@dataclass(frozen=True, slots=True)
class Rule:
    """When one thing is told: from which state on of which parts, after how long, how often again."""

    key: str
    name: str
    parts: tuple[str, ...]
    at: State
    after_seconds: float
    clear_seconds: float
    repeat_hours: float

    def concerned(self, parts: Sequence[Part]) -> list[Part]:
        """Return the parts that call for it."""
        bad = ORDER[: ORDER.index(self.at) + 1]
        return [part for part in parts if part.key in self.parts and part.state in bad]


class Kind(StrEnum):
    """What a letter says."""

    RAISED = "raised"
    WORSE = "worse"
    STILL = "still"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of one alert. Moments are ISO texts or empty; ``state`` is the worst that was told."""

    since: str = ""
    quiet_since: str = ""
    told_at: str = ""
    state: str = ""

    @property
    def is_raised(self) -> bool:
        """Say whether a letter went out that is not yet followed by "it is over"."""
        return bool(self.told_at)


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter to write."""

    rule: Rule
    kind: Kind
    parts: tuple[Part, ...]
    since: dt.datetime


@cache
def _versions() -> list[dict[str, Any]]:
    text = files("tinhso.config.operations").joinpath("alerts.json").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = json.loads(text)["versions"]
    return found


def rules(on: dt.date) -> list[Rule]:
    """Return the rules in force on a day."""
    day = on.isoformat()
    for version in _versions():
        if version["effective_from"] <= day and (version["effective_to"] or day) >= day:
            return [
                Rule(**(row | {"parts": tuple(row["parts"]), "at": State(row["at"])}))
                for row in version["alerts"]
            ]
    return []


def decide(rule: Rule, told: Told, parts: Sequence[Part], at: dt.datetime) -> tuple[Told, Letter | None]:
    """Return what is known of an alert after a look, and the letter to write, if any.

    A thing must last before it is told, must be quiet for a while before it is over, and is told again only after
    its hours, unless it became worse. The caller keeps the new ``Told`` only once the letter has left.
    """
    now = at.isoformat()
    concerned = rule.concerned(parts)
    if not concerned:
        return _quiet(rule, told, now, at)
    since = told.since or now
    state = worst(*(part.state for part in concerned))
    known = Told(since, "", told.told_at, told.state)
    if not told.is_raised:
        kind = Kind.RAISED if _passed(since, at) >= rule.after_seconds else None
    elif ORDER.index(state) < ORDER.index(State(told.state)):
        kind = Kind.WORSE
    else:
        kind = Kind.STILL if _passed(told.told_at, at) >= rule.repeat_hours * 3_600 else None
    if kind is None:
        return known, None
    begun = folder.moment(since) or at
    return Told(since, "", now, state.value), Letter(rule, kind, tuple(concerned), begun)


def _quiet(rule: Rule, told: Told, now: str, at: dt.datetime) -> tuple[Told, Letter | None]:
    if not told.is_raised:
        return Told(), None
    quiet_since = told.quiet_since or now
    if _passed(quiet_since, at) < rule.clear_seconds:
        return Told(told.since, quiet_since, told.told_at, told.state), None
    return Told(), Letter(rule, Kind.OVER, (), folder.moment(told.since) or at)


def _passed(since: str, at: dt.datetime) -> float:
    begun = folder.moment(since)
    return (at - begun).total_seconds() if begun else 0.0


def run(
    parts: Sequence[Part], at: dt.datetime, *, post: Mail | None, to: Sequence[str], page: str
) -> list[Letter]:
    """Decide on every rule, send what is to be sent, keep what was told; return the letters that left.

    A letter that nobody took is decided anew at the next look. Without addresses or a mail server nothing is told
    to anybody, and the screen still shows what is raised.
    """
    kept = _kept()
    sent = []
    for rule in rules(at.date()):
        before = kept.get(rule.key, Told())
        after, letter = decide(rule, before, parts, at)
        if letter is not None:
            if post is not None and to and _send(letter, at, post=post, to=to, page=page):
                sent.append(letter)
            else:
                after = (
                    before
                    if letter.kind is Kind.OVER
                    else Told(after.since, "", before.told_at, before.state)
                )
        kept[rule.key] = after
    folder.write(
        KEPT,
        {
            key: {
                "since": one.since,
                "quiet_since": one.quiet_since,
                "told_at": one.told_at,
                "state": one.state,
            }
            for key, one in kept.items()
            if one != Told()
        },
    )
    return sent


def _kept() -> dict[str, Told]:
    return {key: Told(**row) for key, row in (folder.read(KEPT) or {}).items()}


def _send(letter: Letter, at: dt.datetime, *, post: Mail, to: Sequence[str], page: str) -> bool:
    """Send to every address; one that takes it is enough, the others are named in the log by their place only."""
    subject, text = letter_of(letter, at, page)
    reference = f"tinhso-alert-{letter.rule.key}-{int(at.timestamp())}"
    took = 0
    for place, address in enumerate(to, 1):
        try:
            post.send(to=address, subject=subject, text=text, reference=f"{reference}-{place}")
        except MailNotSent as error:
            log.warning("alert %s was not taken for address %s: %s", letter.rule.key, place, error)
        else:
            took += 1
    return took > 0


_HEADS: Final[Mapping[Kind, str]] = {
    Kind.RAISED: "Cần xem",
    Kind.WORSE: "Nặng hơn",
    Kind.STILL: "Vẫn còn",
    Kind.OVER: "Đã qua",
}


def letter_of(letter: Letter, at: dt.datetime, page: str) -> tuple[str, str]:
    """Return subject and text of a letter: what, since when, what to do. No personal data."""
    rule = letter.rule
    is_bad = any(part.state is State.BAD for part in letter.parts)
    head = "Khẩn" if is_bad and letter.kind in (Kind.RAISED, Kind.WORSE) else _HEADS[letter.kind]
    lines = [f"{rule.name}."]
    if letter.kind is Kind.OVER:
        lasted = span((at - letter.since).total_seconds())
        lines += ["", f"Đã yên trở lại lúc {_said(at)}, sau {lasted}.", "Ghi lại nguyên nhân và việc đã làm."]
    else:
        lines += ["", f"Từ {_said(letter.since)}:"]
        for part in letter.parts:
            lines.append(f"- {part.name}: {part.measured}. {part.todo}".rstrip().replace("`", ""))
        lines += ["", f"Cách xử lý: docs/runbooks/{rule.key}.md"]
    lines += ["", f"Xem mọi phần ở: {page}", "", "Thư này máy tự gửi, giờ của máy."]
    return f"[Tỉnh Số] {head}: {rule.name}", "\n".join(lines)


def _said(moment: dt.datetime) -> str:
    return f"{clock_text(moment)} ngày {date_text(moment.date())}"
