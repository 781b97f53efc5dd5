"""Play the demo's scenario of 2022 through the services: who registers a plan when, which task comes how far.

Everybody and every figure of it is invented (``data/scenario_2022.json``). Acts are played once, in the order of their
moments, each in a transaction of its own; between them the duties of the clock are done at eight of each working day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial
from typing import Final

from django.db import transaction

from tinhso.directory.api import SYSTEM, calendar
from tinhso.plans.models import History
from tinhso.plans.queries.documents import document
from tinhso.plans.services import scenario_plans, scenario_tasks
from tinhso.plans.services.do_daily_duties import do_daily_duties
from tinhso.plans.services.scenario_stage import FIRST_DAY, Act, Stage
from tinhso.toolkit.clock import VN

#: Where the acts that were played are kept: one line of history each.
ABOUT: Final = "scenario:2022"
#: A province without these offices plays nothing.
_NEEDED: Final = ("Sở Thông tin và Truyền thông", "Sở Giáo dục và Đào tạo", "UBND huyện Ý Yên")


def play_committee(*, until: dt.datetime) -> int:
    """Play every act whose moment has come and that was not played, with the duties of each day; return how many.

    A province without the offices and people of the scenario plays nothing.
    """
    stage = Stage()
    scenario = document("scenario_2022")
    if not stage.has(*_NEEDED):
        return 0
    played = set(History.objects.filter(about=ABOUT).values_list("what", flat=True))
    acts = [*scenario_plans.acts(stage, scenario), *scenario_tasks.acts(stage, scenario), *_days(until)]
    todo = [act for act in sorted(acts, key=lambda act: act.at) if act.at <= until and act.key not in played]
    for act in todo:
        with transaction.atomic():
            act.do()
            History.objects.record(ABOUT, act.key, by=SYSTEM, at=act.at)
    return len(todo)


def _days(until: dt.datetime) -> Iterator[Act]:
    """Yield what the clock does at eight of each working day."""
    day = FIRST_DAY
    while day <= until.date():
        if calendar().is_working(day):
            at = dt.datetime.combine(day, dt.time(8), VN)
            yield Act(at, f"day:{day.isoformat()}", partial(do_daily_duties, at=at))
        day += dt.timedelta(days=1)
