"""How bodies are judged: from evidence, left out with a reason, and added up so that the parts are the whole."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tinhso.measures.queries.coverage import every_definition
from tinhso.measures.rules.coverage import (
    Body,
    Coverage,
    Definition,
    Doubt,
    Evidence,
    Judged,
    Level,
    Reason,
    Status,
    System,
    definition_on,
    groups,
    judge,
    tally,
)

DAY = dt.date(2022, 5, 10)
OPENED = dt.date(2021, 1, 1)


def definition(system: System) -> Definition:
    found = definition_on(every_definition(), system, DAY)
    assert found is not None
    return found


def body(kind: str = "commune", first: dt.date = OPENED, last: dt.date | None = None) -> Body:
    return Body(1, "000.01.02.H40", "UBND xã Thử", kind, Level.COMMUNE, first, last)


def judged(system: System, known: Evidence, declared: Status | None = None, **more: Any) -> Judged:
    return judge(body(**more), known, definition(system), DAY, declared)


@pytest.mark.parametrize(
    ("system", "known", "status"),
    [
        (System.ONE_STOP, Evidence(procedures=3, posts=4, counters=1), Status.RUNS),
        (System.ONE_STOP, Evidence(procedures=3, posts=4, received=12), Status.RUNS_NOT),
        (System.ONE_STOP, Evidence(procedures=3, received=12), Status.UNKNOWN),
        (System.INTERLINKED, Evidence(procedures=3, interlinked=1, came=5, passed=1), Status.RUNS),
        (System.INTERLINKED, Evidence(procedures=3, interlinked=1, came=5), Status.RUNS_NOT),
        (System.INTERLINKED, Evidence(procedures=3, interlinked=1), Status.UNKNOWN),
        (System.SIGNATURES, Evidence(officers=1, seals=1, has_registry=True), Status.RUNS),
        (System.SIGNATURES, Evidence(officers=2, has_registry=True), Status.RUNS_NOT),
        (System.SIGNATURES, Evidence(seals=1, has_registry=True), Status.RUNS_NOT),
        (System.SIGNATURES, Evidence(has_registry=True), Status.RUNS_NOT),
        (System.SIGNATURES, Evidence(), Status.UNKNOWN),
    ],
)
def test_a_body_is_judged_by_what_is_known_of_it(system: System, known: Evidence, status: Status) -> None:
    assert judged(system, known).status is status


@pytest.mark.parametrize("system", list(System))
def test_missing_evidence_is_not_a_no_and_does_not_raise_the_share(system: System) -> None:
    known = Evidence(procedures=3, interlinked=2)
    found = tally([judged(system, known)])
    assert (found.runs, found.runs_not, found.unknown, found.denominator) == (0, 0, 1, 1)
    assert not found.is_told


@pytest.mark.parametrize(
    ("system", "known", "more", "reason"),
    [
        (System.ONE_STOP, Evidence(posts=4, counters=1), {}, Reason.NO_PROCEDURES),
        (System.INTERLINKED, Evidence(came=1, passed=1), {}, Reason.NO_PROCEDURES),
        (System.INTERLINKED, Evidence(procedures=3, came=1, passed=1), {}, Reason.NONE_INTERLINKED),
        (System.SIGNATURES, Evidence(officers=1, seals=1), {"kind": "party_body"}, Reason.DECLARED_ONLY),
        (
            System.SIGNATURES,
            Evidence(officers=1, seals=1),
            {"kind": "mass_organisation"},
            Reason.DECLARED_ONLY,
        ),
        (System.SIGNATURES, Evidence(), {"kind": "public_unit"}, None),
        (System.SIGNATURES, Evidence(), {"kind": "state_enterprise"}, None),
        (System.ONE_STOP, Evidence(procedures=3), {"last": DAY}, None),
        (System.ONE_STOP, Evidence(procedures=3), {"last": DAY - dt.timedelta(days=1)}, Reason.CLOSED),
        (System.ONE_STOP, Evidence(procedures=3), {"first": DAY}, None),
        (System.ONE_STOP, Evidence(procedures=3), {"first": DAY + dt.timedelta(days=1)}, Reason.NOT_YET),
    ],
)
def test_a_body_is_left_out_for_a_reason(
    system: System, known: Evidence, more: dict[str, Any], reason: Reason | None
) -> None:
    one = judged(system, known, **more)
    assert one.reason is reason
    assert (one.status is None) == (reason is not None)


@pytest.mark.parametrize(
    ("system", "known", "declared", "doubts"),
    [
        (System.ONE_STOP, {"posts": 1, "counters": 1, "received": 0}, None, {Doubt.COUNTER_WITHOUT_DOSSIERS}),
        (System.ONE_STOP, {"posts": 1, "counters": 1}, None, set()),
        (System.ONE_STOP, {"posts": 1, "received": 2}, None, {Doubt.DOSSIERS_WITHOUT_COUNTER}),
        (System.ONE_STOP, {"posts": 1, "received": 0}, Status.RUNS, {Doubt.DECLARED_OTHERWISE}),
        (System.ONE_STOP, {"posts": 1, "counters": 1, "received": 1}, Status.RUNS, set()),
        (System.ONE_STOP, {}, Status.RUNS, set()),
        (System.INTERLINKED, {"interlinked": 1, "came": 100, "passed": 49}, None, {Doubt.FEW_PASSED}),
        (System.INTERLINKED, {"interlinked": 1, "came": 100, "passed": 50}, None, set()),
        (System.INTERLINKED, {"interlinked": 1, "came": 100}, None, set()),
        (System.SIGNATURES, {"officers": 2, "seals": 1, "gone": 1}, None, {Doubt.HOLDER_GONE}),
    ],
)
def test_evidence_that_does_not_fit_is_told_beside_the_figure(
    system: System, known: dict[str, int], declared: Status | None, doubts: set[Doubt]
) -> None:
    one = judged(system, Evidence(procedures=3, **known), declared)  # type: ignore[arg-type]
    assert set(one.doubts) == doubts
    assert one.status is judged(system, Evidence(procedures=3, **known)).status  # type: ignore[arg-type]


def test_what_was_declared_is_counted_apart() -> None:
    rows = [
        judged(System.SIGNATURES, Evidence(has_registry=True), Status.RUNS),
        judged(System.SIGNATURES, Evidence(has_registry=True), Status.RUNS, kind="party_body"),
        judged(System.SIGNATURES, Evidence(has_registry=True), Status.RUNS, last=OPENED),
    ]
    found = tally(rows)
    assert (found.runs, found.denominator) == (0, 1)
    assert found.declared == {Status.RUNS: 2}


_DAYS = st.dates(dt.date(2021, 1, 1), dt.date(2023, 1, 1))
_FEW = st.integers(0, 3)
_EVIDENCE = st.builds(
    Evidence,
    procedures=_FEW,
    interlinked=_FEW,
    posts=_FEW,
    counters=_FEW,
    received=st.none() | _FEW,
    came=_FEW,
    passed=_FEW,
    officers=_FEW,
    seals=_FEW,
    gone=_FEW,
    has_registry=st.booleans(),
)
_BODIES = st.builds(
    Body,
    office_id=st.integers(1, 9),
    code=st.just("c"),
    name=st.just("n"),
    kind=st.sampled_from(
        ["province", "commune", "division", "party_body", "mass_organisation", "public_unit"]
    ),
    level=st.sampled_from(Level),
    valid_from=_DAYS,
    valid_to=st.none() | _DAYS,
)
_DECLARED = st.none() | st.sampled_from([Status.RUNS, Status.RUNS_NOT])
_PROVINCE = st.lists(st.tuples(_BODIES, _EVIDENCE, _DECLARED), max_size=12)


def added(parts: list[Coverage]) -> Coverage:
    whole = Coverage()
    for one in parts:
        for name in ("runs", "runs_not", "unknown", "with_officer", "with_seal"):
            setattr(whole, name, getattr(whole, name) + getattr(one, name))
        for name in ("excluded", "declared", "doubted"):
            getattr(whole, name).update(getattr(one, name))
    return whole


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(_PROVINCE, st.sampled_from(System), _DAYS)
def test_the_parts_are_the_whole_and_nobody_is_lost(
    province: list[tuple[Body, Evidence, Status | None]], system: System, day: dt.date
) -> None:
    rows = [judge(one, known, definition(system), day, declared) for one, known, declared in province]
    whole = tally(rows)
    for key in (lambda row: row.body.level, lambda row: row.body.group, lambda row: row.body.kind):
        assert added(list(groups(rows, key).values())) == whole
    assert whole.denominator + whole.excluded.total() == len(province)
    assert whole.denominator == whole.runs + whole.runs_not + whole.unknown
    assert max(whole.with_officer, whole.with_seal) <= whole.denominator
    assert whole.declared.total() <= len(province)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(_PROVINCE, st.sampled_from(System), _DAYS)
def test_what_was_declared_moves_no_figure(
    province: list[tuple[Body, Evidence, Status | None]], system: System, day: dt.date
) -> None:
    told = tally(judge(one, known, definition(system), day, declared) for one, known, declared in province)
    silent = tally(judge(one, known, definition(system), day) for one, known, _declared in province)
    for name in ("runs", "runs_not", "unknown", "excluded", "with_officer", "with_seal"):
        assert getattr(told, name) == getattr(silent, name)


def test_each_system_has_one_definition_a_day_from_the_first_year_on() -> None:
    every = every_definition()
    for system in System:
        days = [dt.date(2021, 1, 1) + dt.timedelta(days=30 * n) for n in range(60)]
        for day in days:
            fits = [
                one
                for one in every
                if one.system is system
                and one.effective_from <= day
                and (one.effective_to is None or day <= one.effective_to)
            ]
            assert len(fits) == 1
    assert definition_on(every, System.ONE_STOP, dt.date(2020, 12, 31)) is None
