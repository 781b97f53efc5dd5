"""How each guard of the monitoring's tables is broken."""

from __future__ import annotations

import datetime as dt

from tinhso.toolkit.tests.constraints import NEW_YEAR, Case, Plain

MINUTE, DAY, VIEWS = "measures_probeminute", "measures_probeday", "measures_pageviews"
PLAIN: Plain = {
    MINUTE: {"state": "down"},
    DAY: {"up": 1440, "slow": 0, "down": 0, "unknown": 0},
    VIEWS: {"outcome": "ok"},
}
ONE_KIND = {"day": NEW_YEAR.date(), "kind": "k", "procedure_code": "", "outcome": "ok", "is_inside": False}
NONE_LEFT = {"up": 0, "slow": 0, "down": 0, "unknown": 0}
CASES = (
    Case("a_service_is_probed_once_a_minute", MINUTE, twice={"service": "home", "minute": NEW_YEAR}),
    Case("a_probe_finds_a_known_state", MINUTE, {"state": "fine"}),
    Case("a_service_that_opens_was_timed", MINUTE, {"state": "slow", "ms": None}),
    Case("a_minute_that_is_unknown_has_no_time", MINUTE, {"state": "unknown", "ms": 1}),
    Case("a_probe_is_of_a_whole_minute", MINUTE, {"minute": NEW_YEAR + dt.timedelta(microseconds=1)}),
    Case("measures_probeminute_ms_check", MINUTE, {"ms": -1}),
    Case("measures_probeminute_status_check", MINUTE, {"status": -1}),
    Case("a_day_of_a_service_is_rolled_up_once", DAY, twice={"service": "home", "day": NEW_YEAR.date()}),
    Case("a_day_has_1440_minutes", DAY, {"up": 1439}),
    *(
        Case(f"measures_probeday_{name}_check", DAY, {**NONE_LEFT, name: -1, other: 1441})
        for name, other in (("up", "slow"), ("slow", "up"), ("down", "up"), ("unknown", "up"))
    ),
    *(Case(f"measures_probeday_{name}_check", DAY, {name: -1}) for name in ("ms_sum", "p50_ms", "p95_ms")),
    Case("views_of_a_day_are_kept_in_one_row_of_a_kind", VIEWS, twice=ONE_KIND),
    Case("a_view_ends_in_a_known_way", VIEWS, {"outcome": "well"}),
    Case("no_view_is_no_row", VIEWS, {"n": 0}),
    Case("measures_pageviews_n_check", VIEWS, {"n": -1}),
)
