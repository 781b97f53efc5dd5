"""Slow down guessing: each wrong try from a place makes the next one from there wait longer; nobody is ever locked out.

Three counts, each a row locked in its turn, so that a hundred tries at once are a hundred tries in a row:
account and place (a known device, or else the address), the account from anywhere, the address for any account.
How long to wait follows the highest; since when is the place's own last try. So who guesses at an account slows
oneself down and not its owner, and a crowd behind one address slows nobody who is known there.
"""

from __future__ import annotations

import datetime as dt
import hashlib

from django.db import connection, transaction

from tinhso.directory.models import SignInPace
from tinhso.directory.queries.access import access_rules
from tinhso.directory.queries.device import Place


def wait_after(failures: int, *, free: int, first: int, most: int) -> int:
    """Return the seconds to wait after so many failures: none for the free ones, then doubling up to the most."""
    return 0 if failures < free else min(most, first * 2 ** min(failures - free, 20))


@transaction.atomic
def take_turn(who: str, place: Place, *, real_at: dt.datetime, step: str = "password") -> int:
    """Return how many seconds are to be waited first; 0: the try may be made now, and counts as failed until ``succeeded``.

    ``who``: the account name as typed, which may be nobody's. ``step``: password or code.
    """
    rules = access_rules(real_at.date())["pace"]
    keys = _keys(who, place, step)
    rows = {
        name: _row(key, real_at, rules["forget"]) for name, key in sorted(keys.items(), key=lambda k: k[1])
    }
    failures, last = rows["place"]
    is_code = step == "code"
    need = wait_after(
        failures,
        free=rules["code_free"] if is_code else rules["free"],
        first=rules["first"],
        most=rules["code_most"] if is_code else rules["most"],
    )
    if "account" in rows:
        every, since = rows["account"]
        free = rules["code_free"] if is_code else rules["account_free"]
        most = rules["code_most"] if is_code else rules["account_most"]
        need = max(need, wait_after(every, free=free, first=rules["first"], most=most))
        # A code has a million values only: whoever comes from elsewhere waits for everybody who does.
        last = max(last, since) if is_code else last
    wait = _left(last, need, real_at)
    if "address" in rows and rows["address"][0] >= rules["address_free"]:
        wait = max(wait, _left(rows["address"][1], rules["address_wait"], real_at))
    if wait:
        return wait
    for name, key in keys.items():
        SignInPace.objects.filter(key=key).update(failures=rows[name][0] + 1, last_at=real_at)
    return 0


@transaction.atomic
def succeeded(who: str, place: Place, *, step: str = "password") -> None:
    """Take back the count of a try that was right; what others guessed stays counted."""
    keys = _keys(who, place, step)
    for name, key in sorted(keys.items(), key=lambda k: k[1]):
        row = SignInPace.objects.select_for_update().filter(key=key).first()
        if row is None:
            continue
        if name == "place" or row.failures <= 1:
            row.delete()
        else:
            row.failures -= 1
            row.save(update_fields=["failures"])


def forget_paces(*, real_at: dt.datetime) -> int:
    """Forget counts a day after the last try; return how many."""
    return SignInPace.objects.filter(last_at__lt=real_at - dt.timedelta(days=1)).delete()[0]


def _keys(who: str, place: Place, step: str) -> dict[str, str]:
    name = who.strip().lower()
    told = {"place": f"{step}|{name}|{place.ref}"}
    if not place.is_known:
        told |= {"account": f"{step}|{name}", "address": f"{step}|address:{place.address}"}
    return {key: hashlib.sha256(value.encode()).hexdigest() for key, value in told.items()}


def _row(key: str, real_at: dt.datetime, forget: int) -> tuple[int, dt.datetime]:
    """Return the failures of late and the last try, the row locked."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into "directory_signinpace" (key, failures, last_at) values (%s, 0, %s)
            on conflict (key) do update set key = excluded.key returning failures, last_at
            """,
            [key, real_at - dt.timedelta(days=365)],
        )
        failures, last = cursor.fetchone()
    if real_at - last > dt.timedelta(seconds=forget):
        return 0, last
    return int(failures), last


def _left(last: dt.datetime, need: int, real_at: dt.datetime) -> int:
    """Return the whole seconds that are left of a wait."""
    left = (last + dt.timedelta(seconds=need) - real_at).total_seconds()
    return max(0, int(-(-left // 1)))
