"""Who may do what: one row for each permission, over everybody who might stand in any relation to a dossier.

Counter, unit and signing office are three different offices here, so that no relation hides behind another.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest

from tinhso.catalogue.tests.factories import make_version
from tinhso.directory.api import ANYBODY, Actor, HeldPost, Office, OfficeKind, Role
from tinhso.directory.tests.factories import make_office, make_person
from tinhso.dossiers.models import Dossier, Draft, Opinion
from tinhso.dossiers.permissions import AT_COUNTER, DRAFTS, POLICY, May, MayDraft
from tinhso.toolkit.clock import VN

AT = dt.datetime(2022, 5, 10, 9, 0, tzinfo=VN)
#: The offices of the dossier, the one that was asked, and one that has nothing to do with it.
OFFICES = ("counter", "unit", "signer", "asked", "elsewhere")
PEOPLE = ("owner", "submitter", "helper", "stranger")

READING_OFFICERS = {
    "counter_clerk@counter",
    "leader@counter",
    "specialist@unit",
    "leader@unit",
    "leader@signer",
    "seal_clerk@signer",
    "specialist@asked",
    "leader@asked",
    *(f"inspector@{office}" for office in OFFICES),
}
#: Who keeps the catalogue moves any dossier onto another version, wherever the post is.
KEEPERS = {f"catalogue_reviewer@{office}" for office in OFFICES}
#: Who holds each permission on the dossier; nobody else does.
HOLDERS: dict[May, set[str]] = {
    May.ACCEPT: {"counter_clerk@counter"},
    May.ANSWER_OPINION: {"specialist@asked", "leader@asked"},
    May.CORRECT: {"leader@unit"},
    May.EXTEND: {"leader@unit", "leader@signer"},
    May.HAND_OVER: {"counter_clerk@counter"},
    May.HANDLE: {"specialist@unit"},
    May.ISSUE: {"seal_clerk@signer"},
    May.READ: {"owner", "submitter", "helper", *READING_OFFICERS},
    May.READ_AS_OFFICER: READING_OFFICERS,
    May.REBASE: KEEPERS,
    May.REUSE: {"owner"},
    May.SIGN: {"leader@signer"},
    May.SUPPLY: {"owner", "submitter", "helper"},
    May.WITHDRAW: {"owner", "submitter"},
}
#: Who holds each permission on the dossier of strangers at the office elsewhere, where nobody was asked.
HOLDERS_ELSEWHERE: dict[May, set[str]] = {
    May.ACCEPT: {"counter_clerk@elsewhere"},
    May.ANSWER_OPINION: set(),
    May.CORRECT: {"leader@elsewhere"},
    May.EXTEND: {"leader@elsewhere"},
    May.HAND_OVER: {"counter_clerk@elsewhere"},
    May.HANDLE: {"specialist@elsewhere"},
    May.ISSUE: {"seal_clerk@elsewhere"},
    May.READ: {
        "stranger",
        *(f"{role}@elsewhere" for role in ("counter_clerk", "specialist", "leader", "seal_clerk")),
        *(f"inspector@{office}" for office in OFFICES),
    },
    May.READ_AS_OFFICER: {
        *(f"{role}@elsewhere" for role in ("counter_clerk", "specialist", "leader", "seal_clerk")),
        *(f"inspector@{office}" for office in OFFICES),
    },
    May.REBASE: KEEPERS,
    May.REUSE: {"stranger"},
    May.SIGN: {"leader@elsewhere"},
    May.SUPPLY: {"stranger"},
    May.WITHDRAW: {"stranger"},
}
#: The drafts that each may touch, as "who: draft"; nobody else touches any.
WRITES = {"owner: online", "counter_clerk@counter: clerk online"}
TAKES_IN = {"counter_clerk@counter: desk", "counter_clerk@elsewhere: desk elsewhere"}
DRAFT_HOLDERS: dict[MayDraft, set[str]] = {
    MayDraft.KEEP: WRITES | TAKES_IN,
    MayDraft.TAKE_IN: TAKES_IN,
    MayDraft.WRITE: WRITES,
}


@dataclass(frozen=True)
class Scene:
    """Everybody, by relation; the dossier, and one that has nothing to do with it."""

    actors: dict[str, Actor]
    offices: dict[str, Office]
    dossier: Dossier
    other: Dossier

    def person(self, who: str) -> int:
        """Return the person behind an actor."""
        return self.actors[who].person_id or 0


def make_row(code: str, people: dict[str, int], **offices: Office) -> Dossier:
    """Make a dossier as the table holds it."""
    version = make_version(code=code)
    return Dossier.objects.create(
        tracking_code=code,
        version=version,
        procedure_code=code,
        case_key="normal",
        channel="online",
        owner_name="Trần Thị Lan Thử",
        owner_folded="tran thi lan thu",
        submitter_name="Phạm Nam Giả Định",
        summary="Xin giấy thử",
        answers={},
        limit_unit="wd",
        submitted_at=AT,
        answer_due_at=AT,
        desk_since=AT,
        **{f"{key}_person_id": person for key, person in people.items()},
        **{f"{key}_office": office for key, office in offices.items()},
    )


@pytest.fixture
def scene(db: None) -> Scene:
    """Make five offices with every role, four people, and two dossiers."""
    offices = {
        name: make_office(name, OfficeKind.COMMUNE, f"000.0{number}.00.H40")
        for number, name in enumerate(OFFICES)
    }
    actors = {"anybody": ANYBODY}
    for name in PEOPLE:
        actors[name] = Actor(len(actors), make_person(name).pk, name)
    for office in OFFICES:
        for role in Role:
            name, held = f"{role.value}@{office}", offices[office]
            post = HeldPost(len(actors), held.pk, role, "Công chức", office)
            actors[name] = Actor(len(actors), make_person(name).pk, name, (post,))
    three = ("owner", "submitter", "helper")
    dossier = make_row(
        "9.000001",
        {who: actors[who].person_id or 0 for who in three},
        receiving=offices["counter"],
        handling=offices["unit"],
        signing=offices["signer"],
    )
    Opinion.objects.create(dossier=dossier, office=offices["asked"], question="?", asked_at=AT)
    there = offices["elsewhere"]
    stranger = actors["stranger"].person_id or 0
    other = make_row(
        "9.000002", dict.fromkeys(three, stranger), receiving=there, handling=there, signing=there
    )
    return Scene(actors, offices, dossier, other)


def test_every_permission_has_a_row_in_the_policy_and_here() -> None:
    assert set(POLICY.rules) == set(HOLDERS) == set(HOLDERS_ELSEWHERE) == set(May)
    assert set(DRAFTS.rules) == set(DRAFT_HOLDERS) == set(MayDraft)


@pytest.mark.parametrize("may", May)
def test_nobody_holds_it_but_those_of_its_row(scene: Scene, may: May) -> None:
    holders = {who for who, actor in scene.actors.items() if POLICY.holds(actor, may, scene.dossier)}
    assert holders == HOLDERS.get(may)


@pytest.mark.parametrize("may", May)
def test_elsewhere_others_hold_it(scene: Scene, may: May) -> None:
    holders = {who for who, actor in scene.actors.items() if POLICY.holds(actor, may, scene.other)}
    assert holders == HOLDERS_ELSEWHERE.get(may)


@pytest.mark.parametrize("may", May)
def test_what_names_no_person_is_not_anybodys(scene: Scene, may: May) -> None:
    there = scene.offices["elsewhere"]
    nameless = make_row("9.000003", {}, receiving=there, handling=there, signing=there)
    assert not POLICY.holds(ANYBODY, may, nameless)


@pytest.mark.parametrize("may", MayDraft)
def test_nobody_touches_a_draft_but_those_of_its_row(scene: Scene, may: MayDraft) -> None:
    drafts = make_drafts(scene)
    holders = {
        f"{who}: {name}"
        for who, actor in scene.actors.items()
        for name, draft in drafts.items()
        if DRAFTS.holds(actor, may, draft)
    }
    assert holders == DRAFT_HOLDERS.get(may)


def make_drafts(scene: Scene) -> dict[str, Draft]:
    """Make drafts on line and at the desk, sent and not, and one at a desk that its writer has left."""
    clerk = "counter_clerk@counter"
    rows = {
        "online": ("owner", "", None, None),
        "sent": ("owner", "", None, scene.dossier),
        "clerk online": (clerk, "", "counter", None),
        "desk": (clerk, AT_COUNTER, "counter", None),
        "desk sent": (clerk, AT_COUNTER, "counter", scene.other),
        "desk elsewhere": ("counter_clerk@elsewhere", AT_COUNTER, "elsewhere", None),
        "desk left": (clerk, AT_COUNTER, "unit", None),
        "desk of a citizen": ("owner", AT_COUNTER, "counter", None),
    }
    return {
        name: Draft.objects.create(
            token=name,
            person_id=scene.person(who),
            version=scene.dossier.version,
            office=scene.offices[office] if office else None,
            page=page,
            created_at=AT,
            saved_at=AT,
            dossier=dossier,
        )
        for name, (who, page, office, dossier) in rows.items()
    }
