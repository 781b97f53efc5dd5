"""The rows for the national monitoring system (EMC): one for each service online and day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from math import floor

from tinhso.catalogue.api import online_services
from tinhso.measures.models import ProbeDay
from tinhso.measures.queries.figures import By, tallies
from tinhso.measures.queries.monitoring import DAY
from tinhso.measures.queries.targets import counted
from tinhso.measures.queries.views import metered_days, service_views
from tinhso.measures.rules.availability import Tally

#: The service of the meter that stands for the page of every procedure.
PAGE_OF_A_PROCEDURE = "service"
Cell = str | int | Decimal | None


def emc_rows(first: dt.date, last: dt.date) -> Iterator[dict[str, Cell]]:
    """Yield the rows of a period; None is what is not known, never a zero."""
    opened = service_views(first, last)
    metered = metered_days(first, last)
    _moment, uncounted = counted(first, last)
    health = {
        row.day: row for row in ProbeDay.objects.filter(service=PAGE_OF_A_PROCEDURE, day__range=(first, last))
    }
    day = first
    while day <= last:
        received = tallies(day, day, By.PROCEDURE)
        seen = _seen(health.get(day))
        for one in online_services(day):
            code = one.code
            online = received[code].by_channel.online if code in received else 0
            yield {
                "ngay": day.isoformat(),
                "ma_dich_vu": code,
                "ten_dich_vu": one.name,
                "muc_do": one.level,
                "luot_xem": opened.get((day, code), 0) if day in metered else None,
                "ho_so_truc_tuyen": online if day not in uncounted else None,
                **seen,
            }
        day += DAY


def _seen(row: ProbeDay | None) -> dict[str, Cell]:
    """Return what the meter knows of a day that is over."""
    minutes = Tally(row.up, row.slow, row.down) if row else Tally()
    return {
        "kha_dung_phan_tram": share(minutes),
        "so_phut_biet": minutes.known if row else None,
        "ms_trung_binh": round(row.ms_sum / minutes.opened) if row and minutes.opened else None,
    }


def share(minutes: Tally) -> Decimal | None:
    """Return the availability in percent, two decimals, cut off and never rounded up; None where no minute is known."""
    exact = minutes.availability
    return None if exact is None else Decimal(floor(exact * 100)).scaleb(-2)
