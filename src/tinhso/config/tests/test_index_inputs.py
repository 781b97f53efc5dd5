"""Inputs of the indices and the periodic reports equal independent counts, over a part of the demo's history."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from tinhso.catalogue.api import ProcessStep, import_sheets
from tinhso.directory.api import SYSTEM, Account, calendar, load_demo
from tinhso.documents.api import PDF, draw_pdf, store
from tinhso.dossiers.api import Marks, office_contacts, office_opinions, office_times, officer_marks
from tinhso.dossiers.models import Dossier, Opinion, Paper, Result, StepTaken
from tinhso.dossiers.services.load_history import load_history
from tinhso.measures.models import CountedDay
from tinhso.measures.queries.facts import period
from tinhso.measures.queries.index_inputs import index_of, level_targets, office_index
from tinhso.measures.queries.nd61_inputs import office_standings, officer_standings
from tinhso.measures.queries.reports import forms, report_of
from tinhso.measures.services.count_day import count_stale_days
from tinhso.toolkit.clock import VN

NOW = dt.datetime(2022, 5, 10, 7, 30, tzinfo=VN)
FIRST, LAST = dt.date(2022, 2, 1), dt.date(2022, 4, 30)
START, END = dt.datetime(2022, 2, 1, tzinfo=VN), dt.datetime(2022, 5, 1, tzinfo=VN)
ENDED = "ended_at >= %(start)s and ended_at < %(end)s and state in ('issued', 'handed_over')"


@pytest.fixture(scope="module")
def past(filled: Callable[[Callable[[], object]], None]) -> None:
    """Load a part of the history; give some dossiers results, papers and papers taken again; count the days."""

    def load() -> None:
        load_demo(key="k")
        import_sheets(by=SYSTEM, at=NOW)
        load_history(key="k", until=NOW, lives=700)
        with connection.cursor() as cursor:
            cursor.execute("update catalogue_procedure set is_listed = true")
        file = store(
            draw_pdf("<!DOCTYPE html><html lang='vi'><title>Giấy</title><p>Giấy</p></html>"),
            media_type=PDF,
            at=NOW,
            pages=1,
        )
        issued = Dossier.objects.filter(state__in=("issued", "handed_over")).order_by("ended_at", "id")
        for n, dossier in enumerate(issued[::9]):
            Result.objects.create(
                dossier=dossier,
                token=f"r{dossier.pk}",
                proposal="",
                drafted_by_name="Sơn",
                drafted_at=NOW,
                draft=file,
                file=file if n % 5 else None,
            )
            if n % 2:
                _paper(dossier, file, None)
        for n, dossier in enumerate(Dossier.objects.exclude(accepted_at=None).order_by("id")[::17]):
            for again in range(1 + n % 2):
                _paper(dossier, file, issued[0], again)
        for n, dossier in enumerate(issued[::40]):
            due = dt.datetime(2022, 3, 10, 9, tzinfo=VN)
            moved = (-dt.timedelta(days=1), dt.timedelta(0), dt.timedelta(minutes=1), None)[n % 4]
            Opinion.objects.create(
                dossier=dossier,
                office=dossier.handling_office,
                question="Hỏi",
                asked_by_name="Sơn",
                asked_at=due - dt.timedelta(days=3),
                due_at=due,
                answered_at=None if moved is None else due + moved,
                answer="" if moved is None else "Đồng ý",
            )
        count_stale_days(at=NOW)

    filled(load)


def _paper(dossier: Dossier, file: Any, source: Dossier | None, n: int = 9) -> None:
    Paper.objects.create(
        token=f"p{dossier.pk}x{n}",
        dossier=dossier,
        paper_key="to-khai",
        file=file,
        name="a",
        added_at=NOW,
        taken_from=source,
    )


def pairs(sql: str, **more: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"start": START, "end": END, **more})
        return list(cursor.fetchall())


def line(key: str, first: dt.date = FIRST, last: dt.date = LAST) -> tuple[int, int]:
    found = index_of(first, last, NOW)
    share = next(one.share for group in found.groups for one in group.metrics if one.said.key == key)
    assert share is not None
    return share.above, share.below


@pytest.mark.django_db
def test_each_input_of_the_766_index_equals_sql(past: None) -> None:
    accepted = "accepted_at >= %(start)s and accepted_at < %(end)s"
    eligible = (
        "procedure_code in (select p.code from catalogue_procedure p join catalogue_eligibility e on e.procedure_id = p.id"
        " where e.is_eligible)"
    )
    on_four = (
        "procedure_code in (select p.code from catalogue_procedure p join catalogue_servicelevel l on l.procedure_id = p.id"
        " where l.level = 4 and l.system = 2011)"
    )
    for key, above, below in (
        ("3.3", f"{accepted} and channel = 'online'", accepted),
        (
            "3.1b",
            f"{accepted} and channel = 'online' and {eligible} and {on_four}",
            f"{accepted} and {eligible}",
        ),
        (
            "4.1",
            f"{ENDED} and id in (select dossier_id from dossiers_result where file_id is not null)",
            ENDED,
        ),
        (
            "4.2",
            f"{ENDED} and id in (select dossier_id from dossiers_result where file_id is not null)"
            " and id in (select dossier_id from dossiers_paper)",
            ENDED,
        ),
        (
            "4.3",
            f"{accepted} and id in (select dossier_id from dossiers_paper where taken_from_id is not null)",
            accepted,
        ),
    ):
        sql = f"select count(*) filter (where {above}), count(*) filter (where {below}) from dossiers_dossier"
        assert [line(key)] == pairs(sql), key
    assert line("4.1")[0] > line("4.2")[0] > 0
    assert line("4.3")[0] > 0
    assert line("3.1") == (6, 6)
    assert line("3.2")[1] == 5, "one of them cannot be filed on line"


@pytest.mark.django_db
def test_the_shares_of_offices_add_up_to_the_province(past: None) -> None:
    offices, metrics = office_index(FIRST, LAST, NOW)
    assert {metric.key for metric in metrics} == {"2.1", "3.3", "4.1", "4.2", "4.3"}
    for metric in metrics:
        above = sum(shares[metric.input].above for shares in offices.values())
        below = sum(shares[metric.input].below for shares in offices.values())
        assert (above, below) == line(metric.key)
    targets = level_targets(FIRST, LAST)
    assert sum(level.share.below for level in targets.levels if level.share) == line("3.3")[1]
    assert [len(level.targets) for level in targets.levels] == [1, 2, 1]


@pytest.mark.django_db
def test_a_day_that_was_not_counted_is_in_neither_number(past: None) -> None:
    day = Dossier.objects.filter(result__file__isnull=False, ended_at__gte=START, ended_at__lt=END).order_by(
        "id"
    )[0]
    assert day.ended_at is not None
    before = line("4.1")
    CountedDay.objects.filter(day=day.ended_at.astimezone(VN).date()).delete()
    assert line("4.1")[0] < before[0]


@pytest.mark.django_db
def test_reports_add_up_and_equal_sql(past: None) -> None:
    first, last = dt.date(2022, 3, 15), dt.date(2022, 4, 14)
    start, end = dt.datetime(2022, 3, 15, tzinfo=VN), dt.datetime(2022, 4, 15, tzinfo=VN)
    ((new, sent, carried, running),) = pairs(
        "select count(*) filter (where accepted_at >= %(start)s), count(*) filter (where accepted_at >= %(start)s"
        " and channel = 'online'), count(*) filter (where accepted_at < %(start)s),"
        " count(*) filter (where ended_at is null or ended_at >= %(end)s) from dossiers_dossier"
        " where accepted_at < %(end)s and (ended_at is null or ended_at >= %(start)s)",
        start=start,
        end=end,
    )
    office = Dossier.objects.exclude(accepted_at=None).order_by("id")[0].receiving_office_id
    for key in ("06a", "06b", "07a"):
        for chosen in (None, office):
            found = report_of(forms()[key], first, last, chosen)
            total: Counter[str] = Counter()
            for row in found.rows:
                if not row.is_sum:
                    total.update(row.counts)
            assert all(total[name] == n for name, n in found.whole.items()), key
            if found.office_id is None:
                assert (found.whole["received"], found.whole["received_online"]) == (new, sent)
                assert (found.whole["carried"], found.whole["running"]) == (carried, running)
            else:
                assert 0 < found.whole["whole"] < new + carried
    levels = report_of(forms()["06b"], first, last)
    sums = [row for row in levels.rows if row.is_sum]
    assert sum(row.counts["whole"] for row in sums) == levels.whole["whole"]
    assert len(sums) == 3
    following = report_of(forms()["06a"], dt.date(2022, 4, 15), dt.date(2022, 5, 10))
    assert following.whole["carried"] == running, "what runs at the end is carried over"


@pytest.mark.django_db
def test_the_report_of_procedures_counts_the_catalogue(past: None) -> None:
    found = report_of(forms()["07b"], dt.date(2022, 3, 15), dt.date(2022, 4, 14))
    ((listed, commune),) = pairs(
        "select count(*), count(*) filter (where v.levels ? 'commune') from catalogue_procedureversion v"
        " join catalogue_procedure p on p.id = v.procedure_id where p.is_listed and v.published_at is not null"
        " and v.effective_from <= '2022-04-14' and (v.effective_to is null or v.effective_to >= '2022-04-14')"
    )
    assert (found.whole["listed"], found.whole["commune"]) == (listed, commune)
    assert found.whole["with_process"] == listed
    assert found.formula is None


# --- time of offices and officers, reckoned one by one in Python ---


def reckoned() -> tuple[dict[int, Counter[str]], dict[tuple[int, int], Counter[str]]]:
    """Judge every dossier that ended in the period, step by step."""
    days = calendar()
    hours: defaultdict[tuple[int, str, str], float] = defaultdict(float)
    for part in ProcessStep.objects.select_related("case"):
        if part.desk in ("unit", "leader", "seal") and not part.is_parallel:
            hours[part.case.version_id, part.case.key, part.desk] += float(part.hours)
    offices: dict[int, Counter[str]] = {}
    officers: dict[tuple[int, int], Counter[str]] = {}
    done = Dossier.objects.filter(
        ended_at__gte=START,
        ended_at__lt=END,
        state__in=("issued", "handed_over", "rejected"),
        accepted_at__isnull=False,
    )
    for dossier in done:
        office_spent: defaultdict[int, float] = defaultdict(float)
        own_spent: defaultdict[tuple[int, int, str], float] = defaultdict(float)
        before = None
        for step in StepTaken.objects.filter(dossier=dossier).order_by("at", "id"):
            if not dossier.accepted_at <= step.at <= dossier.ended_at:  # type: ignore[operator]
                continue
            own = step.verb not in ("submit", "supply", "accept", "resume", "withdraw")
            if before is not None and own and step.by_office_id:
                spent = days.working_time_between(before, step.at).total_seconds() / 60
                desk = {"sign": "leader", "return": "leader", "issue": "seal"}.get(step.verb, "unit")
                office_spent[step.by_office_id] += spent
                own_spent[step.by_office_id, step.account_id or 0, desk] += spent
            before = step.at
        owed: defaultdict[int, float] = defaultdict(float)
        for desk in ("unit", "leader", "seal"):
            at = dossier.handling_office_id if desk == "unit" else dossier.signing_office_id
            owed[at] += hours[dossier.version_id, dossier.case_key, desk] * 60
        for office, spent in office_spent.items():
            if owed[office]:
                offices.setdefault(office, Counter())[judged(spent, owed[office])] += 1
        for (office, account, desk), spent in own_spent.items():
            share = hours[dossier.version_id, dossier.case_key, desk] * 60
            if share:
                officers.setdefault((account, office), Counter())[judged(spent, share)] += 1
    return offices, officers


def judged(spent: float, owed: float) -> str:
    if spent > owed:
        return "worse"
    return "better" if -(-spent // 60) < -(-owed // 60) else "just"


def marks(counts: Counter[str]) -> Marks:
    return Marks(counts["better"], counts["just"], counts["worse"])


@pytest.mark.django_db
def test_the_time_of_offices_and_officers_equals_a_reckoning_step_by_step(past: None) -> None:
    offices, officers = reckoned()
    assert office_times(START, END) == {office: marks(counts) for office, counts in offices.items()}
    assert len({name for counts in offices.values() for name in counts}) >= 2
    every = officer_marks(START, END, list(offices))
    assert {(one.account_id, one.office_id): one.own for one in every if one.own.n} == {
        key: marks(counts) for key, counts in officers.items() if key[1] in offices
    }
    some = every[0]
    assert officer_marks(START, END, [some.office_id], some.account_id) == [some]


@pytest.mark.django_db
def test_total_time_and_contacts_equal_sql(past: None) -> None:
    ((never, once, more),) = pairs(
        "select count(*) filter (where n = 0), count(*) filter (where n = 1), count(*) filter (where n > 1) from ("
        " select (select count(*) from dossiers_slip s where s.dossier_id = d.id and s.form = '02') n from dossiers_dossier d"
        " where ended_at >= %(start)s and ended_at < %(end)s and accepted_at is not null"
        " and state in ('issued', 'handed_over', 'rejected')) one"
    )
    found = office_contacts(START, END)
    assert Marks(never, once, more) == sum_of(found.values())
    assert once > 0
    opinions = sum_of(office_opinions(START, END).values())
    asked = Opinion.objects.count()
    assert opinions.n == asked
    assert opinions.better >= 1
    assert opinions.just >= 1
    assert opinions.worse >= 2
    standings = office_standings(FIRST, LAST, NOW)
    times, opinions_of = office_times(START, END), office_opinions(START, END)
    for one in standings.every:
        whole = times.get(one.office.pk, Marks()).plus(opinions_of.get(one.office.pk, Marks()))
        assert one.standing.points["2"].n == whole.n, "reckoned month by month it is the same"
    ((judged_n,),) = pairs(
        "select count(*) from dossiers_dossier where ended_at >= %(start)s and ended_at < %(end)s"
        " and accepted_at is not null and state in ('issued', 'handed_over', 'rejected') and due_at is not null"
    )
    assert sum(one.standing.points["1"].n for one in standings.every) == judged_n
    for one in standings.every:
        assert one.standing.low <= one.standing.high <= 18
        assert not any(one.standing.points[key].is_rated for key in ("4", "5", "7", "8"))


def sum_of(every: Any) -> Marks:
    total = Marks()
    for one in every:
        total = total.plus(one)
    return total


@pytest.mark.django_db
def test_officers_are_named_only_where_asked_and_their_dossiers_are_those_they_touched(past: None) -> None:
    step = StepTaken.objects.filter(verb="sign", at__gte=START, at__lt=END).order_by("id").first()
    assert step is not None
    assert step.by_office_id is not None
    (one,) = officer_standings(FIRST, LAST, NOW, [step.by_office_id], step.account_id)
    assert one.name == Account.objects.get(pk=step.account_id or 0).person.name
    touched = (
        StepTaken.objects.filter(
            account_id=step.account_id,
            by_office_id=step.by_office_id,
            dossier__ended_at__gte=START,
            dossier__ended_at__lt=END,
            dossier__state__in=("issued", "handed_over", "rejected"),
        )
        .exclude(verb="hand_over")
        .values("dossier")
        .distinct()
        .count()
    )
    assert one.marks.contacts.n == touched
    assert one.standing.most == 10
    assert period(FIRST, LAST, NOW).end == END
