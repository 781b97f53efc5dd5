"""Everything public of a made-up half year, attacked: nothing below five is found, and much is without protection."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.attack_cells import attack
from tests.public_figures import gather, known_to_all
from tinhso.catalogue.api import Field, Procedure
from tinhso.directory.api import SYSTEM, OfficeKind
from tinhso.directory.tests.factories import make_office
from tinhso.measures.models import CountedDay, DayRow
from tinhso.measures.queries.editions import told_months
from tinhso.measures.rules import each_day, last_day_of, month_after
from tinhso.measures.rules.editions import Choice
from tinhso.measures.services import make_edition as service
from tinhso.measures.services.count_day import count_months, sum_day
from tinhso.measures.services.make_edition import make_editions
from tinhso.measures.tests.counted import EARLY, LATE, MOVED, ON_TIME, OVERDUE, RUNNING, WITHDRAWN
from tinhso.toolkit import clock
from tinhso.toolkit.clock import VN

NOW = dt.datetime(2022, 5, 10, 9, tzinfo=VN)
FIRST, LAST = dt.date(2021, 11, 1), dt.date(2022, 4, 30)
MONTHS = [dt.date(2021, 11, 1), dt.date(2021, 12, 1), *(dt.date(2022, n, 1) for n in range(1, 5))]
DOSSIERS = 16_000
ENDS = {EARLY: 52, ON_TIME: 38, LATE: 4, MOVED: 2, WITHDRAWN: 4}


def half_a_year(seed: int) -> None:
    """Count half a year: departments with procedures of their own, communes of three districts that share theirs."""
    draw = random.Random(seed)  # noqa: S311 - test data
    offices: list[tuple[int, list[int]]] = []
    for n in range(4):
        one = make_office(f"Sở Thử {n}", OfficeKind.DEPARTMENT, f"000.00.9{n}.H40")
        offices.append((one.pk, list(range(12 * n, 12 * n + 12))))
    for n in range(3):
        district = make_office(f"UBND huyện Thử {n}", OfficeKind.DISTRICT, f"000.2{n}.90.H40")
        offices.append((district.pk, list(range(48, 62))))
        for m in range(7):
            commune = make_office(f"UBND xã Thử {n}{m}", OfficeKind.COMMUNE, f"000.1{n}.9{m}.H40", district)
            offices.append((commune.pk, list(range(62, 80))))
    fields = [Field.objects.create(name=f"Lĩnh vực thử {n}").pk for n in range(14)]
    procedures = [(f"9.8{n:05}", fields[n // 6]) for n in range(80)]
    Procedure.objects.bulk_create(
        Procedure(code=code, field_id=lies_in, everyday_name=f"Thủ tục {code}", legal_name=code, folded=code)
        for code, lies_in in procedures
    )
    rows: Counter[tuple[Any, ...]] = Counter()
    days = list(each_day(FIRST, LAST))
    weights = [draw.paretovariate(1) for _ in offices]
    for office, able in draw.choices(offices, weights, k=DOSSIERS):
        code, lies_in = procedures[able[int(draw.paretovariate(0.8)) % len(able)]]
        day = draw.choice(days)
        channel = draw.choices(("online", "counter", "post"), (50, 46, 4))[0]
        part = (office, code, channel, lies_in)
        rows[1, day, 0, *part] += 1
        if draw.random() < 0.03:
            while day <= LAST:
                end = last_day_of(day)
                rows[3, end, OVERDUE if draw.random() < 0.4 else RUNNING, *part] += 1
                day = month_after(day)
            continue
        end = min(LAST, day + dt.timedelta(days=draw.randrange(9)))
        rows[2, end, draw.choices(list(ENDS), list(ENDS.values()))[0], *part] += 1
    DayRow.objects.bulk_create(
        (
            DayRow(kind=kind, day=day, cls=cls, office_id=office, procedure_code=code, channel=channel, field_id=one, n=n)
            for (kind, day, cls, office, code, channel, one), n in rows.items()
        ),
        batch_size=5000,
    )  # fmt: skip
    for day in days:
        sum_day(day)
    CountedDay.objects.bulk_create(CountedDay(day=day, counted_at=NOW) for day in days)
    count_months(at=NOW)


@pytest.fixture(scope="module")
def counted(filled: Callable[[Callable[[], object]], None]) -> None:
    """Count the half year, once."""
    filled(lambda: half_a_year(20220510))


@pytest.fixture
def province(counted: None, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in May."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


def attacked(folder: Path) -> dict[str, Any]:
    gathered = gather(folder, MONTHS, known_to_all(LAST))
    assert gathered.files > 100
    return attack(folder)


def test_nothing_below_five_is_found_in_everything_public(province: None, tmp_path: Path) -> None:
    assert make_editions(by=SYSTEM, at=NOW) == len(MONTHS)
    assert len(told_months(FIRST, LAST)) == len(MONTHS)
    report = attacked(tmp_path)
    assert report["found"] == []
    assert report["contradictions"] == []
    assert report["sums"] > 1000
    relations = " ".join(report["relations"])
    for columns in ("chi_so+huyen+thang = tổng chi_so+co_quan+thang", "chi_so+ky_202111_202204+thu_tuc"):
        assert columns in relations, report["relations"]
    assert 0.1 < report["hidden"] / report["cells"] < 0.75


def test_hiding_small_numbers_alone_is_found_out(
    province: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def naive(book: Any, threshold: int, **_: Any) -> Choice:
        small = {cell for cell, n in book.cells.items() if n < threshold}
        small |= {(part, key, "online") for part, key, name in small if name == "offline"}
        return Choice(frozenset(small), 0)

    monkeypatch.setattr(service, "choose", naive)
    make_editions(by=SYSTEM, at=NOW)
    assert len(attacked(tmp_path)["found"]) > 20
