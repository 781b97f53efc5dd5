"""Whatever is due goes, whole and provably, with its files; what is counted stays the same to the last digit."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection

from tinhso.catalogue.api import import_sheets
from tinhso.catalogue.models import SearchMiss
from tinhso.config.identities import IDENTITIES
from tinhso.config.protection import due, retention
from tinhso.config.protection.retention import keys_hash, run_retention
from tinhso.directory.api import SYSTEM, load_demo
from tinhso.directory.models import Account, Erasure, Invitation, Look, OpenSession, SignInTried
from tinhso.directory.services.forget_person import ERASED
from tinhso.dossiers.api import drafts_by_step, filing_times
from tinhso.dossiers.models import Dossier, Draft
from tinhso.dossiers.services.load_abandoned import load_abandoned
from tinhso.dossiers.services.load_history import load_history
from tinhso.journal.models import Entry
from tinhso.measures.api import count_stale_days
from tinhso.messages.models import Notice, Outgoing
from tinhso.toolkit import clock

NOW = dt.datetime(2022, 5, 10, 7, 30, tzinfo=clock.VN)
#: All of 2022 is twenty years old, and some.
LATER = NOW.replace(year=2043)
LIVES = 300
OLD = NOW - dt.timedelta(days=800)


@pytest.fixture(scope="module")
def loaded(filled: Callable[[Callable[[], object]], None]) -> None:
    """Load a small history with its figures, and drafts that people gave up."""

    def load() -> None:
        load_demo(key="k")
        import_sheets(by=SYSTEM, at=NOW)
        load_history(key="k", until=NOW, lives=LIVES)
        load_abandoned(until=NOW)
        count_stale_days(at=NOW)

    filled(load)


@pytest.fixture
def history(loaded: None, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand at the demo's first morning; every procedure's archive lasts twenty years."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(due, "archive_years", lambda field, code, day: 20)


def run(at: dt.datetime = LATER, **more: Any) -> retention.Outcome:
    return run_retention(at=at, now=at, **more)


def figures() -> dict[str, Any]:
    """Return what is counted of dossiers and drafts: every table of figures, and the counts made when asked."""
    start, end = NOW - dt.timedelta(days=200), NOW
    counted: dict[str, Any] = {
        "steps": drafts_by_step(start, end, untouched_since=NOW),
        "times": filing_times(start, end),
    }
    with connection.cursor() as cursor:
        for table in ("dayrow", "monthrow", "partsum", "timerow", "parttime", "timestat"):
            cursor.execute(f"select md5(string_agg(t::text, '|' order by t::text)) from measures_{table} t")
            counted[table] = cursor.fetchone()
        cursor.execute(
            "select state, channel, procedure_code, receiving_office_id, submitted_at, accepted_at, due_at, ended_at,"
            " number, tracking_code, fee_vnd, limit_value from dossiers_dossier order by id"
        )
        counted["dossiers"] = cursor.fetchall()
        cursor.execute(
            "select dossier_id, verb, before, after, by_office_id, at from dossiers_steptaken order by id"
        )
        counted["taken"] = cursor.fetchall()
    return counted


def broken() -> set[str]:
    return {finding.name for finding in (check() for check in IDENTITIES) if not finding.is_fine}


def test_ended_dossiers_lose_their_people_and_nothing_that_is_counted(history: None) -> None:
    before = figures()
    names = set(Dossier.objects.exclude(ended_at=None).values_list("owner_name", flat=True))
    ended = list(Dossier.objects.exclude(ended_at=None).values_list("pk", flat=True))
    running = Dossier.objects.filter(ended_at=None).count()
    assert len(ended) > 100
    assert running > 0

    outcome = run()

    assert outcome.taken["dossier", "dossiers_dossier", "anonymised"] == len(ended)
    gone = Dossier.objects.filter(pk__in=ended)
    for row in gone.values(
        "owner_name", "owner_folded", "owner_identity", "owner_phone", "owner_address", "summary", "answers"
    ):
        assert row == {
            "owner_name": ERASED,
            "owner_folded": "",
            "owner_identity": "",
            "owner_phone": "",
            "owner_address": "",
            "summary": "",
            "answers": {},
        }
    assert not gone.exclude(owner_person=None, submitter_person=None, helper_person=None).exists()
    assert Dossier.objects.filter(ended_at=None).exclude(owner_name=ERASED).count() == running
    left = set(Dossier.objects.filter(ended_at=None).values_list("owner_name", flat=True))
    with connection.cursor() as cursor:
        for table in ("steptaken", "slip", "opinion", "result", "paper"):
            # Officers whose names stand in running dossiers stay; applicants are named nowhere else.
            cursor.execute(
                f"select t::text from dossiers_{table} t"
                + (" where dossier_id = any(%s)" if table != "defectfound" else ""),
                [ended],
            )
            whole = "\n".join(text for (text,) in cursor.fetchall())
            assert not [name for name in names - left if name and name in whole], table
    assert figures() == before
    assert broken() == set()


def test_every_row_that_went_is_proved_and_the_journal_knows_the_run(history: None) -> None:
    ended = list(Dossier.objects.exclude(ended_at=None).order_by("pk").values_list("pk", flat=True))
    entries = Entry.objects.count()
    outcome = run()
    proofs = Erasure.objects.filter(run__startswith=outcome.run)
    assert sum(proof.n for proof in proofs) == outcome.rows
    batches = [ended[i : i + retention.BATCH] for i in range(0, len(ended), retention.BATCH)]
    assert [
        (proof.n, proof.keys_hash)
        for proof in proofs.filter(rule="dossier", table="dossiers_dossier").order_by("pk")
    ] == [(len(keys), keys_hash(keys)) for keys in batches]
    news = list(Entry.objects.filter(about=f"retention:{outcome.run}"))
    assert len(news) == Entry.objects.count() - entries > 0
    assert sum(int(json.loads(one.body)["data"]["rows"]) for one in news) == outcome.rows
    assert run().of("dossier") == 0, "the second run finds nothing"


def test_drafts_are_emptied_and_still_counted(history: None) -> None:
    before = figures()
    drafts = Draft.objects.count()
    assert drafts > 50
    writers = set(Draft.objects.values_list("person", flat=True))
    outcome = run(NOW + dt.timedelta(days=400))
    assert outcome.taken["draft", "dossiers_draft", "anonymised"] == drafts
    assert not Draft.objects.exclude(answers={}, typed={}).exists()
    assert not Draft.objects.filter(person__in=writers).exists()
    after = figures()
    assert (after["steps"], after["times"]) == (before["steps"], before["times"])


def _plant(age: dt.timedelta) -> dict[str, int]:
    """Lay a row down in every table that a rule of days empties, that old; return how many by rule."""
    at, account = NOW - age, Account.objects.order_by("pk")[0]
    Invitation.objects.create(
        account=account,
        purpose="password",
        code_hash="a" * 64,
        created_at=at - dt.timedelta(1),
        expires_at=at,
    )
    OpenSession.objects.create(account=account, began_at=at, seen_at=at, ended_at=at, address="10.0.0.1")
    OpenSession.objects.create(
        account=account, began_at=at, seen_at=at, session_key="open", address="10.0.0.1"
    )
    SignInTried.objects.create(account=account, at=at, outcome="signed_in", address="10.0.0.1")
    Session.objects.create(session_key="x" * 32, session_data="s", expire_date=at)
    Notice.objects.create(recipient_id=account.person_id, kind="k", title="t", created_at=at)
    for sent, attempts in ((at, 0), (None, 5), (None, 1)):
        Outgoing.objects.create(
            channel="email",
            address="a@example.vn",
            text="t",
            created_at=at,
            try_after=at,
            sent_at=sent,
            attempts=attempts,
        )
    SearchMiss.objects.create(query="tìm ông Nguyễn Văn Thử", last_day=at.date())
    Look.objects.create(
        account=account, about="dossier:1", day=at.date(), first_at=at, last_at=at, kinds=1, role="leader"
    )
    return {
        "invitation": 1,
        "session": 1,
        "session_row": 1,
        "sign_in": 1,
        "notice": 1,
        "outgoing": 2,
        "miss": 1,
        "look": 1,
    }


def test_rows_that_are_old_enough_go_and_younger_ones_stay(history: None) -> None:
    OpenSession.objects.all().delete()
    Session.objects.all().delete()
    planted = _plant(dt.timedelta(days=800))
    outcome = run(NOW)
    assert {rule: outcome.of(rule) for rule in planted} == planted
    assert OpenSession.objects.filter(session_key="open").exists(), "an open session is not an ended one"
    assert Outgoing.objects.filter(address="a@example.vn").count() == 1, "what is still tried waits"
    assert run(NOW).rows == 0
    OpenSession.objects.all().delete()
    _plant(dt.timedelta(days=1))
    assert {rule for rule in planted if run(NOW).of(rule)} <= {"session_row"}


def test_a_dry_run_counts_and_changes_nothing(history: None) -> None:
    _plant(dt.timedelta(days=800))
    before = figures(), Entry.objects.count(), Outgoing.objects.count()
    dry = run(is_dry=True)
    assert dry.of("dossier") > 100
    assert dry.of("outgoing") == 2
    assert (figures(), Entry.objects.count(), Outgoing.objects.count()) == before
    assert not Erasure.objects.exists()


def test_an_account_closed_long_ago_is_emptied(history: None) -> None:
    account = Account.objects.exclude(
        person__in=Dossier.objects.exclude(owner_person=None).values("owner_person")
    )
    account = account.filter(person__posts=None).order_by("pk")
    one = account[0]
    Account.objects.filter(pk=one.pk).update(is_active=False, closed_at=OLD)
    SignInTried.objects.create(account=one, at=NOW, outcome="signed_in")
    outcome = run(NOW)
    assert outcome.taken["person", "directory_account", "anonymised"] == 1
    one.refresh_from_db()
    person = one.person
    assert (one.username, one.is_active, person.name) == (f"da-xoa-{one.pk}", False, ERASED)
    assert (person.identity_number, person.phone, person.email, person.birth_date) == ("", "", "", None)
    assert not SignInTried.objects.filter(account=one).exists()
