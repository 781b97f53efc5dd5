"""The demo begins on a morning on which everybody finds work that others did before: real papers, signatures, seals."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable

import pypdfium2
import pytest
from django.db import connection

from tinhso.catalogue.api import check_answers
from tinhso.config import demo
from tinhso.config.identities import IDENTITIES
from tinhso.config.tests.test_stats import NATIONAL, STRICT
from tinhso.directory.api import Account, Actor, Role, actor_of
from tinhso.directory.api import cast as cast_of_the_demo
from tinhso.documents.api import read
from tinhso.dossiers.models import Dossier, Opinion, Result, SentOnce
from tinhso.dossiers.queries import drafts_of, mine, on_my_desks
from tinhso.measures import api as measures
from tinhso.signatures.services.verify import verify
from tinhso.toolkit import clock

NOW = dt.datetime(2022, 5, 10, 7, 30, tzinfo=clock.VN)
DESKS = {Role.COUNTER_CLERK, Role.SPECIALIST, Role.LEADER, Role.SEAL_CLERK}
#: Điển signs plans; no dossier of the demo comes to her.
CLERKS_AND_LEADERS = [
    row["username"]
    for row in cast_of_the_demo()
    if DESKS & {Role(role) for _, role, _ in row["posts"]} and row["username"] != "dien"
]


@pytest.fixture(scope="module")
def loaded(filled: Callable[[Callable[[], object]], None]) -> list[str]:
    """Load the demo as a first start does, with a small history; see what it said."""
    said: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: NOW)
        filled(lambda: demo.load(said.append, lives=3000))
    return said


@pytest.fixture
def morning(loaded: list[str], db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand at half past seven of the first morning."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


def actor(username: str) -> Actor:
    """Return somebody of the cast."""
    return actor_of(Account.objects.get(username=username).pk, NOW.date())


def played() -> list[Dossier]:
    """Return the dossiers that went through the services."""
    ids = SentOnce.objects.filter(key__startswith="trinh-dien-").values("dossier")
    return list(Dossier.objects.filter(pk__in=ids).select_related("version__form", "version__result"))


@pytest.mark.parametrize("username", CLERKS_AND_LEADERS)
def test_every_officer_of_the_cast_finds_work(morning: None, username: str) -> None:
    assert on_my_desks(actor(username)).exists()


def test_opinions_wait_at_the_offices_that_were_asked(morning: None) -> None:
    waiting = set(Opinion.objects.filter(answered_at=None).values_list("office__short_name", flat=True))
    assert {"UBND xã Hải Hưng", "Phòng Kinh tế và Hạ tầng", "Phòng Tài nguyên và Môi trường"} <= waiting


def test_one_dossier_is_late_one_is_near_and_one_waits_too_long_at_the_counter(morning: None) -> None:
    son, minh = actor("son"), actor("minh")
    assert on_my_desks(son).filter(due_at__lt=NOW).exists()
    assert on_my_desks(son).filter(due_at__range=(NOW, NOW + dt.timedelta(hours=10))).exists()
    new = on_my_desks(minh).filter(state="submitted")
    assert new.filter(answer_due_at__lt=NOW).exists()
    assert new.filter(answer_due_at__gt=NOW).exists()


def test_lan_sees_a_dossier_of_every_kind_and_a_draft(morning: None) -> None:
    lan = actor("lan")
    states = set(mine(lan).values_list("state", flat=True))
    assert {"submitted", "incomplete", "in_progress", "handed_over", "refused"} <= states
    asked = mine(lan).get(state="incomplete").slips.get(form="02")
    assert asked.defects.count() == 2
    (draft,) = drafts_of(lan)
    assert draft.answers["owner_name"] == "Trần Thị Lan Thử"
    assert "business_name" not in draft.answers


def test_every_answer_and_every_result_passes_its_real_form(morning: None) -> None:
    for dossier in played():
        day = dossier.submitted_at.astimezone(clock.VN).date()
        assert [
            f for f in check_answers(dossier.version.form, dossier.answers, day) if not f.is_warning
        ] == []
    for result in Result.objects.select_related("dossier__version__result"):
        kind = result.dossier.version.result
        assert [f for f in check_answers(kind, result.fields, NOW.date()) if not f.is_warning] == []


def test_results_are_signed_and_sealed_at_their_own_moment(morning: None) -> None:
    issued = list(Result.objects.exclude(file=None).select_related("file"))
    assert len(issued) == 4
    for result in issued:
        assert result.file is not None
        assert result.signed_at is not None
        assert result.issued_at is not None
        report = verify(read(result.file), at=NOW)
        assert report.is_good, report.verdict
        stamped = [found.signed_at for found in report.signatures]
        assert [moment.astimezone(clock.VN) for moment in stamped if moment] == [
            result.signed_at.astimezone(clock.VN),
            result.issued_at.astimezone(clock.VN),
        ]


def test_every_procedure_has_papers_that_say_they_are_invented(morning: None) -> None:
    assert len({dossier.procedure_code for dossier in played() if dossier.papers.exists()}) == 6
    papers = [p for dossier in played() for p in dossier.papers.select_related("file")]
    said = []
    for file in {paper.file.sha256: paper.file for paper in papers}.values():
        with pypdfium2.PdfDocument(read(file)) as pdf:
            said.append(pdf[0].get_textpage().get_text_range())
    drawn = [words for words in said if words]  # a photo holds no words
    assert 5 < len(drawn) < len(said)
    assert all("GIẤY TỜ TRÌNH DIỄN" in words for words in drawn)


def test_numbers_run_on_from_the_history_in_the_order_of_acceptance(morning: None) -> None:
    by_day: dict[tuple[int, dt.date], list[int]] = defaultdict(list)
    for dossier in Dossier.objects.exclude(number=None).order_by("accepted_at", "id"):
        assert dossier.accepted_at is not None
        day = dossier.accepted_at.astimezone(clock.VN).date()
        by_day[dossier.receiving_office_id, day].append(int(str(dossier.number)[-4:]))
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in by_day.values())


def test_every_identity_holds_and_both_figures_equal_a_direct_count(morning: None) -> None:
    assert [f for f in (check() for check in IDENTITIES) if not f.is_fine] == []
    first = dt.date(2022, 1, 1)
    start = dt.datetime.combine(first, dt.time(), clock.VN)
    for formula, query in (("strict", STRICT), ("national", NATIONAL)):
        with connection.cursor() as cursor:
            cursor.execute(query, {"start": start, "end": NOW})
            direct = cursor.fetchone()
        classes = measures.classes_of(measures.period(first, NOW.date(), NOW))
        found = measures.figure(measures.usual(formula, NOW.date()), classes)
        assert (found.numerator, found.denominator) == direct


def test_a_second_start_adds_nothing(morning: None, loaded: list[str]) -> None:
    before = Dossier.objects.count(), Result.objects.count()
    said: list[str] = []
    demo.load(said.append)
    assert (Dossier.objects.count(), Result.objects.count()) == before
    assert said == []
    assert any("chữ ký và con dấu" in line for line in loaded)
