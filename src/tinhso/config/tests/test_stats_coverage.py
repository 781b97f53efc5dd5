"""``tinhso stats one-stop-coverage`` and ``signature-coverage`` equal a direct count in SQL over the demo."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection

from tinhso.catalogue.api import import_sheets
from tinhso.config import runtime
from tinhso.config.commands import stats
from tinhso.directory.api import SYSTEM, Office, Post, Role, load_demo
from tinhso.dossiers.services.load_history import load_history
from tinhso.measures.services.load_declarations import load_declarations
from tinhso.signatures.api import Certificate
from tinhso.toolkit import clock

NOW = dt.datetime(2022, 5, 10, 7, 30, tzinfo=clock.VN)
DAYS = ("2021-12-31", "2022-02-28", "2022-04-30", "2022-05-10")

#: Where people may file each published procedure, and whether another office always has it too.
FILED = """
with office as (
  select * from directory_office where valid_from <= %(day)s and (valid_to is null or valid_to >= %(day)s)
), sheet as (
  select v.id, level, v.handling -> level ->> 'handles' as handles, v.handling -> level ->> 'signs' as signs,
         p.responsible, exists (select from catalogue_case c join catalogue_processstep s on s.case_id = c.id
                                where c.version_id = v.id and s.office not in ('receiving', 'handling', 'asked')) as linked
  from catalogue_procedureversion v join catalogue_procedure p on p.id = v.procedure_id,
       jsonb_array_elements_text(v.levels) as level
  where v.published_at is not null and v.effective_from <= %(day)s
    and (v.effective_to is null or v.effective_to >= %(day)s)
), filed as (
  select o.id, s.linked, s.handles, s.signs,
    (select min(u.id) from office u, unnest(string_to_array(replace(split_part(s.handles, ':', 2), '-', ' '), '|')) w
     where u.parent_id = o.id and u.kind = split_part(s.handles, ':', 1) and u.folded like '%%' || w || '%%') as handling,
    (select min(u.id) from office u, unnest(string_to_array(replace(split_part(s.signs, ':', 2), '-', ' '), '|')) w
     where u.parent_id = o.id and u.kind = split_part(s.signs, ':', 1) and u.folded like '%%' || w || '%%') as signing
  from office o join sheet s on s.level = case o.kind when 'department' then 'province' else o.kind end
  where o.kind in ('commune', 'district', 'department') and (o.kind <> 'department' or o.name = s.responsible)
), body as (
  select id, bool_or(linked or handles <> 'same' or signs <> 'same') as is_linked from filed
  where (handles = 'same' or handling is not null) and (signs = 'same' or signing is not null) group by id
)
"""
ONE_STOP = f"""{FILED}
select coalesce(case when c.n > 0 then 'runs' when p.n > 0 then 'runs_not' else 'unknown' end, ''), count(*)
from body b
left join lateral (select count(*) n from directory_post t where t.office_id = b.id and t.valid_from <= %(day)s
                   and (t.valid_to is null or t.valid_to >= %(day)s)) p on true
left join lateral (select count(*) n from directory_post t where t.office_id = b.id and t.role = 'counter_clerk'
                   and t.valid_from <= %(day)s and (t.valid_to is null or t.valid_to >= %(day)s)) c on true
group by 1
"""
INTERLINKED = f"""{FILED}
, came as (
  select d.receiving_office_id as office,
    d.id in (select s.dossier_id from dossiers_steptaken s join dossiers_dossier e on e.id = s.dossier_id
             where s.by_office_id <> e.receiving_office_id and s.at < %(end)s) as passed
  from dossiers_dossier d join catalogue_case c on c.version_id = d.version_id and c.key = d.case_key
  where d.accepted_at between %(start)s and %(end)s - interval '1 microsecond'
    and (d.handling_office_id <> d.receiving_office_id or d.signing_office_id <> d.receiving_office_id
         or exists (select from catalogue_processstep s where s.case_id = c.id
                    and s.office not in ('receiving', 'handling', 'asked')))
)
select case when bool_or(came.passed) then 'runs' when count(came.office) > 0 then 'runs_not' else 'unknown' end
from body b left join came on came.office = b.id where b.is_linked group by b.id
"""
SIGNED = """
select case when exists (select from signatures_certificate c where c.office_id = o.id and c.kind = 'approve'
                         and c.valid_from < %(end)s and c.valid_to >= %(end)s
                         and (c.revoked_at is null or c.revoked_at >= %(end)s))
             and exists (select from signatures_certificate c where c.office_id = o.id and c.kind = 'seal'
                         and c.valid_from < %(end)s and c.valid_to >= %(end)s
                         and (c.revoked_at is null or c.revoked_at >= %(end)s)) then 'runs' else 'runs_not' end, count(*)
from directory_office o
where o.valid_from <= %(day)s and (o.valid_to is null or o.valid_to >= %(day)s)
  and o.kind not in ('party_body', 'mass_organisation')
group by 1
"""


@pytest.fixture
def history(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Load the province with a part of its history, bend some of it, and stand at the morning of the demo."""
    load_demo(key="k")
    import_sheets(by=SYSTEM, at=NOW)
    load_history(key="k", until=NOW, lives=1500)
    load_declarations(until=NOW)
    _bend()
    monkeypatch.setattr(clock, "now", lambda: NOW)

    @contextmanager
    def here() -> Iterator[None]:
        yield

    monkeypatch.setattr(runtime, "database", here)


def _bend() -> None:
    """Let counters end, posts be unknown, offices close and open, certificates begin, end and be revoked."""
    communes = list(Office.objects.filter(kind="commune").order_by("pk")[:12])
    april = dt.date(2022, 4, 30)
    for office, last in ((communes[0], april), (communes[1], dt.date(2022, 4, 29))):
        Post.objects.filter(office=office, role=Role.COUNTER_CLERK).update(valid_to=last)
    Post.objects.filter(office=communes[2]).update(valid_from=dt.date(2022, 5, 1))
    Office.objects.filter(pk=communes[3].pk).update(valid_to=april)
    Office.objects.filter(pk=communes[4].pk).update(valid_from=dt.date(2022, 5, 1))
    noon = dt.datetime(2022, 4, 30, 12, tzinfo=clock.VN)
    midnight = dt.datetime(2022, 5, 1, tzinfo=clock.VN)
    far = dt.datetime(2030, 1, 1, tzinfo=clock.VN)
    for n, (office, last, revoked) in enumerate(
        zip(communes, (far, midnight, noon, far, far), (None, None, None, noon, midnight), strict=False)
    ):
        for kind in ("approve", "seal"):
            person = Post.objects.filter(office=office).values_list("person_id", flat=True).first()
            Certificate.objects.create(
                serial=f"{n}{kind}",
                fingerprint=f"{n}{kind}",
                kind=kind,
                subject="",
                office=office,
                holder_id=person if kind == "approve" else None,
                post="Chủ tịch" if kind == "approve" else "",
                valid_from=dt.datetime(2022, 1, 1, tzinfo=clock.VN),
                valid_to=last,
                revoked_at=revoked,
                revocation_reason="superseded" if revoked else "",
                pem="",
            )


def ask(name: str, day: str, *more: str) -> dict[str, Any]:
    ran = CliRunner().invoke(stats.command, [name, "--on", day, "--json", *more], catch_exceptions=False)
    assert ran.exit_code == 0, ran.output
    found: dict[str, Any] = json.loads(ran.output)
    return found


def direct(query: str, day: str, days: int) -> Counter[str]:
    """Return how many bodies a direct count finds by status."""
    last = dt.date.fromisoformat(day)
    start = dt.datetime.combine(last - dt.timedelta(days=days - 1), dt.time(), clock.VN)
    end = min(dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), clock.VN), NOW)
    with connection.cursor() as cursor:
        cursor.execute(query, {"day": last, "start": start, "end": end})
        rows = cursor.fetchall()
    return Counter(row[0] for row in rows) if len(rows[0]) == 1 else Counter(dict(rows))


def numbers(found: dict[str, Any]) -> Counter[str]:
    return Counter(runs=found["numerator"], runs_not=found["runs_not"], unknown=found["unknown"])


def test_the_three_figures_equal_a_direct_count(history: None) -> None:
    seen = set()
    for day in DAYS:
        one_stop, signed = ask("one-stop-coverage", day), ask("signature-coverage", day)
        told = {
            "one_stop": (one_stop, direct(ONE_STOP, day, 30)),
            "interlinked": (one_stop["interlinked"], direct(INTERLINKED, day, 90)),
            "signatures": (signed, direct(SIGNED, day, 1)),
        }
        for name, (found, counted) in told.items():
            if name == "signatures" and day == "2021-12-31":
                assert (found["state"], found["share"], found["unknown"]) == (
                    "chưa có số liệu",
                    None,
                    counted.total(),
                )
                continue
            assert numbers(found) == +counted, (name, day)
            assert found["denominator"] == counted.total()
            assert found["version"].startswith(name.replace("_", "-"))
            assert found["denominator"] + sum(found["excluded"].values()) == Office.objects.count()
            seen |= {(name, status) for status in counted}
    assert seen >= {
        ("one_stop", "runs"),
        ("one_stop", "runs_not"),
        ("one_stop", "unknown"),
        ("interlinked", "runs"),
        ("signatures", "runs"),
        ("signatures", "runs_not"),
    }


def test_the_parts_add_up_and_the_rows_are_the_figure(history: None, tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    found = ask("one-stop-coverage", "2022-05-10", "--rows", str(file))
    with file.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    for one in (found, found["interlinked"]):
        own = [row for row in rows if row["he_thong"] == one["system"]]
        status = Counter(row["trang_thai"] for row in own)
        assert numbers(one) == Counter({name: n for name, n in status.items() if name})
        assert Counter(row["ly_do_khong_tinh"] for row in own if row["ly_do_khong_tinh"]) == +Counter(
            one["excluded"]
        )
        for name in ("numerator", "denominator", "runs_not", "unknown"):
            assert sum(part[name] for part in one["by_level"]) == one[name]
            assert sum(part[name] for part in one["by_kind"]) == one[name]
    assert len(found["not_running"]) == found["runs_not"]
    assert len(found["without_evidence"]) == found["unknown"]


def test_what_was_declared_stands_beside_and_is_counted_nowhere(history: None) -> None:
    found = ask("signature-coverage", "2022-05-10")
    kinds = {part["kind"]: part for part in found["by_kind"]}
    assert (kinds["party"]["declared"], kinds["party"]["denominator"]) == ({"runs": 5, "runs_not": 0}, 0)
    assert kinds["mass_organisation"]["declared"] == {"runs": 4, "runs_not": 1}
    assert found["declared"]["runs"] > found["numerator"] == direct(SIGNED, "2022-05-10", 1)["runs"]
    assert found["excluded"]["declared_only"] == 10


@pytest.mark.parametrize(("day", "says"), [("2022-05-11", "chưa tới"), ("2020-12-31", "Chưa có cách tính")])
def test_a_day_without_a_figure_is_refused_in_words(history: None, day: str, says: str) -> None:
    ran = CliRunner().invoke(stats.command, ["signature-coverage", "--on", day])
    assert ran.exit_code == 1
    assert says in ran.output


def test_without_json_it_is_a_sentence(history: None) -> None:
    for name, says in (("one-stop-coverage", "Một cửa liên thông: "), ("signature-coverage", "Chữ ký số: ")):
        ran = CliRunner().invoke(stats.command, [name, "--on", "2022-05-10"], catch_exceptions=False)
        assert says in ran.output
        assert " trên " in ran.output
