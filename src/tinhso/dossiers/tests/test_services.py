"""A dossier's life through the services: who may, what happens to the clock, what cannot happen."""

from __future__ import annotations

import datetime as dt
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction

from tinhso.catalogue.tests.factories import make_version
from tinhso.directory.api import Role
from tinhso.directory.tests.factories import Cast, make_actor, make_cast
from tinhso.dossiers.lifecycle import LIFECYCLE, State, Verb
from tinhso.dossiers.models import Dossier, Slip
from tinhso.dossiers.permissions import POLICY, May
from tinhso.dossiers.services.accept import accept
from tinhso.dossiers.services.ask_for_papers import Defect, ReasonMissing, ask_for_papers
from tinhso.dossiers.services.forward import NoFurtherStep, forward
from tinhso.dossiers.services.keep_draft import save_draft, start_draft
from tinhso.dossiers.services.keep_step import AlreadyDone
from tinhso.dossiers.services.refuse import refuse
from tinhso.dossiers.services.submit import DraftChanged, KeyReused, submit, submit_draft
from tinhso.dossiers.services.supply import NothingSupplied, supply
from tinhso.dossiers.services.withdraw import withdraw
from tinhso.dossiers.tests.factories import NINE, make_dossier, make_filing
from tinhso.toolkit.clock import VN
from tinhso.toolkit.lifecycle import StepNotAllowed
from tinhso.toolkit.policy import NotThere

LATER = NINE + dt.timedelta(hours=1)
UNCLEAR = Defect("C-SCAN-UNCLEAR", "Ảnh mờ, hãy chụp lại đủ bốn góc.")
WHAT_TO_DO = "Chụp lại trang 2, thấy đủ bốn góc giấy."


def test_submission_gives_a_tracking_code_and_no_due_date(cast: Cast) -> None:
    dossier = make_dossier(cast)
    assert len(dossier.tracking_code) == 19
    assert dossier.number is None
    assert dossier.due_at is None
    assert dossier.answer_due_at == dt.datetime(2022, 5, 11, 9, 0, tzinfo=VN)


def test_acceptance_gives_the_number_starts_the_clock_and_issues_form_01(cast: Cast) -> None:
    dossier = make_dossier(cast, accepted=True)
    dossier.refresh_from_db()
    assert dossier.number == "000.15.33.H40-220510-0001"
    assert dossier.state == State.IN_PROGRESS
    assert dossier.original_due_at == dt.datetime(2022, 5, 13, 17, 0, tzinfo=VN) == dossier.due_at
    assert dossier.slips.get().form == "01"
    assert (dossier.desk_office_id, dossier.desk_role) == (cast.commune.pk, "specialist")


def test_the_same_key_gives_the_same_dossier_and_another_content_is_refused(cast: Cast) -> None:
    version = make_version()
    first = submit(by=cast.lan, at=NINE, key="k", filing=make_filing(cast, version=version))
    again = submit(by=cast.lan, at=LATER, key="k", filing=make_filing(cast, version=version))
    assert first.pk == again.pk
    with pytest.raises(KeyReused):
        submit(by=cast.lan, at=LATER, key="k", filing=make_filing(cast, version=version, name="Người Khác"))
    assert Dossier.objects.count() == 1


def test_a_draft_changed_on_another_device_is_not_sent_as_it_was_read(cast: Cast) -> None:
    filing = make_filing(cast)
    read = start_draft(by=cast.lan, at=NINE, version=filing.version, office=filing.office)
    other = start_draft(by=cast.lan, at=NINE, version=filing.version, office=filing.office)
    save_draft(by=cast.lan, at=NINE, token=read.token, typed={"child_name": "Nguyễn Ví Dụ"})
    with pytest.raises(DraftChanged):
        submit_draft(by=cast.lan, at=LATER, key="k", draft=read, filing=filing)
    with pytest.raises(NotThere):
        submit_draft(by=cast.binh, at=LATER, key="k", draft=read, filing=filing)
    assert not Dossier.objects.exists()
    read.refresh_from_db()
    sent = submit_draft(by=cast.lan, at=LATER, key="k", draft=read, filing=filing)
    assert submit_draft(by=cast.lan, at=LATER, key="another", draft=read, filing=filing).pk == sent.pk
    other.refresh_from_db()
    assert other.dossier is None
    assert Dossier.objects.count() == 1


@pytest.mark.parametrize("who", ["tam", "lan", "binh", "son", "hoa", "thu", "an", "quan"])
def test_nobody_but_the_counter_of_the_office_accepts(cast: Cast, who: str) -> None:
    dossier = make_dossier(cast)
    with pytest.raises(NotThere):
        accept(by=getattr(cast, who), at=LATER, tracking_code=dossier.tracking_code)


def test_who_may_read_a_dossier(cast: Cast) -> None:
    dossier = make_dossier(cast, accepted=True)
    readers = {
        who
        for who in ("lan", "binh", "minh", "son", "hoa", "thu", "tam", "an", "quan")
        if POLICY.holds(getattr(cast, who), May.READ, dossier)
    }
    assert readers == {"lan", "minh", "son", "hoa", "thu", "an"}


def test_a_second_clerk_reads_who_was_first(cast: Cast) -> None:
    dossier = make_dossier(cast, accepted=True)
    second = make_actor("mai", "Trịnh Mai Thử", (cast.commune, Role.COUNTER_CLERK, "Công chức một cửa"))
    with pytest.raises(AlreadyDone) as first:
        accept(by=second, at=LATER, tracking_code=dossier.tracking_code)
    assert first.value.by_name == "Đỗ Minh Họa"


def test_a_supplement_stops_the_clock_and_moves_the_due_moment_by_what_was_paused(cast: Cast) -> None:
    dossier = make_dossier(cast, accepted=True)
    code = dossier.tracking_code
    ask_for_papers(by=cast.son, at=LATER, tracking_code=code, defects=[UNCLEAR], explanation=WHAT_TO_DO)
    half_an_hour_on = LATER + dt.timedelta(minutes=30)
    supply(by=cast.lan, at=half_an_hour_on, tracking_code=code, files=(), note="Đã chụp lại.")
    dossier.refresh_from_db()
    assert dossier.original_due_at == dt.datetime(2022, 5, 13, 17, 0, tzinfo=VN)
    assert dossier.due_at == dt.datetime(2022, 5, 16, 7, 30, tzinfo=VN)
    assert Slip.objects.get(form="02").defects.get().code == "C-SCAN-UNCLEAR"


def test_a_supplement_needs_a_defect_and_words(cast: Cast) -> None:
    dossier = make_dossier(cast)
    for defects, words in (([], WHAT_TO_DO), ([UNCLEAR], "Thiếu")):
        with pytest.raises(ReasonMissing):
            ask_for_papers(
                by=cast.minh,
                at=LATER,
                tracking_code=dossier.tracking_code,
                defects=defects,
                explanation=words,
            )
    dossier.refresh_from_db()
    assert dossier.state == State.SUBMITTED


def test_before_acceptance_a_supplement_starts_no_pause_and_comes_back_to_the_counter(cast: Cast) -> None:
    dossier = make_dossier(cast)
    code = dossier.tracking_code
    ask_for_papers(by=cast.minh, at=LATER, tracking_code=code, defects=[UNCLEAR], explanation=WHAT_TO_DO)
    with pytest.raises(NothingSupplied):
        supply(by=cast.lan, at=LATER, tracking_code=code, files=())
    supply(by=cast.lan, at=LATER, tracking_code=code, files=(), note="Đã chụp lại.")
    dossier.refresh_from_db()
    assert (dossier.state, dossier.desk_role, dossier.pauses.count()) == (State.SUBMITTED, "counter_clerk", 0)


def test_a_refusal_ends_the_dossier_with_form_03(cast: Cast) -> None:
    dossier = make_dossier(cast)
    refuse(
        by=cast.minh, at=LATER, tracking_code=dossier.tracking_code, ground=UNCLEAR, explanation=WHAT_TO_DO
    )
    dossier.refresh_from_db()
    assert (dossier.state, dossier.ended_at, dossier.number) == (State.REFUSED, LATER, None)
    with pytest.raises(StepNotAllowed):
        accept(by=cast.minh, at=LATER, tracking_code=dossier.tracking_code)


def test_forwarding_stops_before_the_leader(cast: Cast) -> None:
    dossier = make_dossier(cast, accepted=True)
    assert forward(by=cast.son, at=LATER, tracking_code=dossier.tracking_code).desk_step == 3
    with pytest.raises(NoFurtherStep):
        forward(by=cast.son, at=LATER, tracking_code=dossier.tracking_code)


def test_only_the_owner_withdraws(cast: Cast) -> None:
    dossier = make_dossier(cast, accepted=True)
    with pytest.raises(NotThere):
        withdraw(by=cast.minh, at=LATER, tracking_code=dossier.tracking_code)
    withdraw(by=cast.lan, at=LATER, tracking_code=dossier.tracking_code)
    dossier.refresh_from_db()
    assert (dossier.state, dossier.desk_office_id) == (State.WITHDRAWN, None)


def test_every_state_is_reachable_and_the_drawing_in_the_readme_is_the_codes() -> None:
    assert LIFECYCLE.reachable() == set(State)
    with pytest.raises(StepNotAllowed):
        LIFECYCLE.after(State.HANDED_OVER, Verb.ACCEPT)


@pytest.mark.parametrize(
    "change",
    [
        {"number": "000.15.33.H40-220510-0009"},
        {"state": "unheard_of"},
        {"state": "in_progress"},
        {"state": "withdrawn"},
        {"channel": "pigeon"},
        {"ended_at": NINE - dt.timedelta(days=1)},
        {"due_at": NINE},
    ],
)
def test_the_database_refuses_what_no_service_would_write(cast: Cast, change: dict[str, object]) -> None:
    dossier = make_dossier(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Dossier.objects.filter(pk=dossier.pk).update(**change)


@pytest.mark.django_db(transaction=True)
def test_parallel_acceptances_give_numbers_without_gap_or_double_and_one_dossier_has_one_winner() -> None:
    cast = make_cast()
    version = make_version()
    codes = [make_dossier(cast, version=version).tracking_code for _ in range(24)]
    clerks = [
        make_actor(f"clerk{i}", f"Mẫu Số {i}", (cast.commune, Role.COUNTER_CLERK, "Công chức"))
        for i in range(8)
    ]
    barrier = Barrier(8)
    losers: list[str] = []

    def work(i: int) -> None:
        try:
            barrier.wait(10)
            for code in codes[i * 3 : i * 3 + 3]:
                accept(by=clerks[i], at=LATER, tracking_code=code)
            barrier.wait(20)
            try:
                accept(by=clerks[i], at=LATER, tracking_code=shared)
            except AlreadyDone as first:
                losers.append(first.by_name)
        finally:
            connection.close()

    shared = make_dossier(cast, version=version).tracking_code
    threads = [Thread(target=work, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    numbers = sorted(int(n[-4:]) for n in Dossier.objects.values_list("number", flat=True) if n)
    assert numbers == list(range(1, 26))
    assert len(losers) == 7
    assert len(set(losers)) == 1
