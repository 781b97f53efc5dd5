"""Nothing under a hold goes; what goes takes its files along, off the disk; and nobody else's file is lost."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db.models import Q

from tests.authorisation.world import NINE, NOON, World
from tinhso.config.protection import blobs, due
from tinhso.config.protection.retention import Outcome, run_retention
from tinhso.directory.api import CannotHold, LookKind, hold_data, lift_hold
from tinhso.directory.models import Change, LegalHold, Look
from tinhso.directory.services.forget_person import ERASED
from tinhso.documents.adapters import disk
from tinhso.documents.api import PDF, StoredFile, path_of, store
from tinhso.dossiers.api import note_look
from tinhso.dossiers.models import Dossier, Paper, Result, Slip
from tinhso.journal.models import Entry
from tinhso.signatures.models import Signature
from tinhso.toolkit.policy import NotThere

pytestmark = pytest.mark.django_db
LATER = NOON.replace(year=2043)
DECISION, REASON = "15/QĐ-TTr", "Khiếu nại về kết quả"


@pytest.fixture(autouse=True)
def twenty_years(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due, "archive_years", lambda field, code, day: 20)


def run(at: dt.datetime = LATER, **more: Any) -> Outcome:
    return run_retention(at=at, now=at, **more)


def about(world: World, state: str) -> str:
    return world.dossiers[state].about


def kept_files(dossier: Dossier) -> set[int]:
    """Return the files that a dossier names."""
    result = Result.objects.get(dossier=dossier)
    papers = set(Paper.objects.filter(dossier=dossier).values_list("file", flat=True))
    slips = set(Slip.objects.filter(dossier=dossier, file__isnull=False).values_list("file", flat=True))
    return papers | slips | {one for one in (result.draft_id, result.signed_id, result.file_id) if one}


def test_papers_results_and_slips_leave_the_disk_with_the_dossier(world: World) -> None:
    handed = world.dossiers["handed_over"]
    # A running dossier keeps the paper that all of them share.
    running = world.papers["in_progress"].file
    mine = store(b"%PDF-1.7 only here", media_type=PDF, at=NINE, pages=1)
    Paper.objects.filter(dossier=handed).update(file=mine)
    before = {one.sha256: path_of(one) for one in StoredFile.objects.filter(pk__in=kept_files(handed))}
    assert len(before) >= 3
    assert all(path.exists() for path in before.values())
    signed = Signature.objects.filter(file=Result.objects.get(dossier=handed).file_id)
    assert signed.exists()
    disk.keep_drawn(mine.sha256, 1, 160, b"picture")

    first = run()
    shared = {running.sha256, Result.objects.get(dossier=world.dossiers["awaiting_signature"]).draft.sha256}
    gone = {digest: path for digest, path in before.items() if digest not in shared}
    assert first.taken["file", "documents_storedfile", "off_disk"] >= len(gone)
    assert [path for path in gone.values() if path.exists()] == []
    assert disk.drawn(mine.sha256, 1, 160) is None
    assert not StoredFile.objects.filter(sha256__in=gone).exists()
    assert path_of(running).exists()
    left = StoredFile.objects.filter(pk__in=kept_files(handed))
    assert {one.media_type for one in left} == {"text/plain"}
    assert not signed.exists()

    second = run(settle_after=0)
    assert second.off_disk >= len(gone)
    aside = blobs._aside()
    assert not [digest for digest in gone if (aside / digest).exists()]


def test_a_content_that_is_brought_again_in_between_is_put_back(world: World) -> None:
    content = b"%PDF-1.7 brought twice"
    file = store(content, media_type=PDF, at=NINE, pages=1)
    run(NOON + dt.timedelta(days=8))
    assert not path_of(file).exists()
    # Whoever had looked just before the content moved has its row, and no content.
    StoredFile.objects.create(sha256=file.sha256, size=file.size, media_type=PDF, pages=1, created_at=LATER)
    assert run(NOON + dt.timedelta(days=9), settle_after=0).put_back == 1
    assert path_of(file).read_bytes() == content
    # Whoever brings it later writes it anew.
    other = store(b"%PDF-1.7 brought later", media_type=PDF, at=NINE, pages=1)
    run(NOON + dt.timedelta(days=8))
    store(b"%PDF-1.7 brought later", media_type=PDF, at=NOON, pages=1)
    run(NOON + dt.timedelta(days=3), settle_after=0)
    assert path_of(other).read_bytes() == b"%PDF-1.7 brought later"


def test_a_run_that_fails_leaves_rows_and_contents_as_they_were(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = store(b"%PDF-1.7 stays", media_type=PDF, at=NINE, pages=1)

    def full(*_: Any, **__: Any) -> int:
        raise OSError("no room for the proof")

    monkeypatch.setattr("tinhso.config.protection.retention._prove", full)
    with pytest.raises(OSError, match="no room"):
        run(NOON + dt.timedelta(days=8), rules=[one for one in due.RULES if one.key == "file"])
    assert StoredFile.objects.filter(pk=file.pk).exists()
    assert path_of(file).read_bytes() == b"%PDF-1.7 stays"


@pytest.mark.parametrize("held", ["dossier", "person", "office"])
def test_what_is_held_stays_until_it_is_lifted(world: World, held: str) -> None:
    who, dossier = world.actors, world.dossiers["handed_over"]
    key = {
        "dossier": dossier.about,
        "person": f"person:{who['owner'].person_id}",
        "office": f"office:{dossier.receiving_office_id}",
    }[held]
    hold = hold_data(by=who["inspector"], at=NOON, about=key, decision=DECISION, reason=REASON)
    run()
    dossier.refresh_from_db()
    assert dossier.owner_name != ERASED
    assert all(path_of(one).exists() for one in StoredFile.objects.filter(pk__in=kept_files(dossier)))
    lift_hold(by=who["administrator"], at=NOON, hold=hold.pk, decision="20/QĐ-TTr")
    run()
    dossier.refresh_from_db()
    assert dossier.owner_name == ERASED


def test_only_inspectors_and_administrators_of_the_province_hold_and_lift(world: World) -> None:
    hold = LegalHold.objects.create(about="dossier:1", decision="7/QĐ", reason="r", set_at=NOON)
    for role, actor in world.actors.items():
        if role in {"inspector", "administrator"}:
            continue
        with pytest.raises(NotThere):
            hold_data(by=actor, at=NOON, about="dossier:1", decision="1", reason="r")
        with pytest.raises(NotThere):
            lift_hold(by=actor, at=NOON, hold=hold.pk, decision="2")


def test_a_hold_names_its_decision_and_leaves_its_trail(world: World) -> None:
    inspector = world.actors["inspector"]
    for wrong in ({"decision": " "}, {"reason": ""}, {"about": "everything"}, {"about": "dossier:0"}):
        with pytest.raises(CannotHold):
            hold_data(
                **{
                    "by": inspector,
                    "at": NOON,
                    "about": "dossier:5",
                    "decision": DECISION,
                    "reason": REASON,
                    **wrong,
                }  # type: ignore[arg-type]
            )
    hold = hold_data(by=inspector, at=NOON, about="dossier:5", decision=DECISION, reason=REASON)
    with pytest.raises(CannotHold):
        hold_data(by=inspector, at=NOON, about="dossier:5", decision=DECISION, reason=REASON)
    assert Change.objects.get(about=f"hold:{hold.pk}").after == "dossier:5"
    body = Entry.objects.filter(about=f"hold:{hold.pk}").get().body
    assert DECISION in body
    assert REASON not in body
    with pytest.raises(CannotHold):
        lift_hold(by=inspector, at=NOON, hold=hold.pk, decision="")


def test_people_that_nothing_names_any_more_are_emptied_with_the_last_dossier(world: World) -> None:
    person = world.actors["owner"].person_id
    code = world.dossiers["handed_over"].tracking_code
    note_look(by=world.actors["clerk"], at=NOON, named_by="code", name=code, kind=LookKind.PAGE)
    assert Look.objects.get(about=about(world, "handed_over")).person_id == person
    run(LATER - dt.timedelta(days=365 * 2))
    look = Look.objects.filter(about=about(world, "handed_over"))
    assert not look.filter(~Q(person=None)).exists()
