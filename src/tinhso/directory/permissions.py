"""Who may administer what. One table a thing; lists and acts both read it."""

from __future__ import annotations

import json
from enum import StrEnum
from functools import cache
from importlib.resources import files

from django.db.models import Q

from tinhso.directory.models import Office, SpecialDay
from tinhso.directory.rules import Actor, Role
from tinhso.toolkit.policy import EVERY_ROW, NO_ROW, Policy


class MayCalendar(StrEnum):
    """Permissions on the working calendar."""

    CHANGE = "directory:specialday:change"


@cache
def _whole_province() -> frozenset[str]:
    """Return the codes of the offices whose administrators look after the whole province."""
    path = files("tinhso.directory").joinpath("data/administrators_2022.json")
    (version,) = json.loads(path.read_text(encoding="utf-8"))["versions"]
    return frozenset(version["whole_province"])


def administers_province(by: Actor) -> bool:
    """Say whether the actor is an administrator of the whole province."""
    offices = by.offices(Role.ADMINISTRATOR)
    return bool(offices) and Office.objects.filter(pk__in=offices, code__in=_whole_province()).exists()


def province(by: Actor) -> Q:
    """Every row, for an administrator of the whole province."""
    return EVERY_ROW if administers_province(by) else NO_ROW


CALENDAR: Policy[SpecialDay, MayCalendar, Actor] = Policy(SpecialDay, {MayCalendar.CHANGE: province})


def may_change_calendar(by: Actor) -> bool:
    """Say whether the actor may change the working calendar."""
    return CALENDAR.rules[MayCalendar.CHANGE](by) != NO_ROW
