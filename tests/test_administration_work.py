"""Dossiers go on when people leave and offices close: nothing lies on an empty desk, and no past figure moves."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection

from tinhso.catalogue.tests.factories import make_version
from tinhso.directory.models import HandOver, Post
from tinhso.directory.queries import actor_of
from tinhso.directory.rules import Role
from tinhso.directory.services.apply_reform import CannotReform
from tinhso.directory.services.decide_reform import Reform, decide_reform
from tinhso.directory.services.register_work import done_since, hangs_on, work_of_office, work_on_desks
from tinhso.directory.services.release_officer import CannotRelease, Release, release_officer
from tinhso.directory.tests.administration import Branch, make_branch
from tinhso.directory.tests.factories import DAY
from tinhso.dossiers import api
from tinhso.dossiers.counters import _CASES
from tinhso.dossiers.models import Dossier, Draft
from tinhso.dossiers.tests.factories import NINE, make_dossier
from tinhso.journal.api import history
from tinhso.messages.api import Notice

LATER = NINE + dt.timedelta(hours=2)
PAPER = {"decision": "12/QĐ-UBND", "reason": "Sắp xếp bộ máy"}


@pytest.fixture
def branch(db: None) -> Branch:
    return make_branch()


def twelve(branch: Branch) -> list[Dossier]:
    """Lay twelve accepted dossiers on Sơn's desk."""
    version = make_version()
    return [make_dossier(branch.cast, version=version, accepted=True) for _n in range(12)]


def released(branch: Branch, **more: Any) -> HandOver | None:
    son = branch.cast.son
    (post,) = Post.objects.filter(person_id=son.person_id or 0)
    receivers = {post.pk: more["to"]} if "to" in more else {}
    wanted = Release(day=DAY, posts=[post.pk], receivers=receivers, **PAPER)
    done = release_officer(by=branch.quyen, at=LATER, person=son.person_id or 0, wanted=wanted)
    return done.hand_overs[0] if done.hand_overs else None


def cases(day: dt.date) -> list[tuple[Any, ...]]:
    """Return what the figures of a day count, by number and office."""
    start = dt.datetime.combine(day, dt.time(), NINE.tzinfo)
    with connection.cursor() as cursor:
        cursor.execute(
            f"select number, office_id, accepted, due, ended, how from ({_CASES}) c order by number",
            {"start": start, "end": start + dt.timedelta(days=1), "known": LATER + dt.timedelta(days=400)},
        )
        return cursor.fetchall()


def test_the_last_holder_of_a_desk_with_work_leaves_only_by_handing_it_over(branch: Branch) -> None:
    dossiers, minh = twelve(branch), branch.cast.minh
    with pytest.raises(CannotRelease, match="12 hồ sơ"):
        released(branch)
    made = released(branch, to=minh.person_id or 0)
    assert made is not None
    made.refresh_from_db()
    assert {line["work"] for line in made.lines} == {one.about for one in dossiers}
    assert all(line["number"] and line["due"] for line in made.lines)
    assert branch.cast.lan.name not in str(made.lines), "administrators read no names of citizens"
    for one in dossiers:
        assert history(one.about)[0].event == "directory.WorkPassedOn"
    again = actor_of(minh.account_id or 0, DAY)
    assert again.holds(Role.SPECIALIST)
    notice = Notice.objects.get(recipient_id=minh.person_id or 0)
    assert dossiers[0].number is not None
    assert "12 hồ sơ" in notice.title
    assert dossiers[0].number in notice.body
    assert not actor_of(branch.cast.son.account_id or 0, DAY).is_officer


def test_a_closed_offices_work_lies_on_the_successors_desks_at_once(branch: Branch) -> None:
    cast = branch.cast
    version = make_version()
    new = make_dossier(cast, version=version)
    running = make_dossier(cast, version=version, accepted=True)
    draft = api.start_draft(by=cast.lan, at=NINE, version=version, office=cast.commune)
    before = cases(DAY)
    assert before
    assert done_since(cast.commune.pk, DAY) > 0
    assert any("bản nháp" in one.words for one in hangs_on(cast.commune.pk, LATER))
    seen = {work.number for work in work_of_office(cast.commune.pk)}
    assert seen == {new.tracking_code, running.number}
    decide_reform(
        by=branch.quyen,
        at=LATER,
        office=cast.commune.pk,
        wanted=Reform("close", DAY, **PAPER, successors=(cast.elsewhere.pk,)),
    )
    for one in (new, running, draft):
        one.refresh_from_db()
    assert {new.desk_office_id, running.desk_office_id, running.handling_office_id} == {cast.elsewhere.pk}
    assert running.signing_office_id == cast.elsewhere.pk
    assert new.receiving_office_id == cast.elsewhere.pk, "not accepted yet: the successor gives the number"
    assert running.receiving_office_id == cast.commune.pk, "the number bears the code of who received it"
    assert Draft.objects.get(pk=draft.pk).office_id == cast.elsewhere.pk
    assert cases(DAY) == before, "no figure moves"
    assert history(running.about)[0].event == "directory.WorkMoved"
    tam = actor_of(cast.tam.account_id or 0, DAY)
    assert api.accept(by=tam, at=LATER, tracking_code=new.tracking_code).number is not None
    son = actor_of(cast.son.account_id or 0, DAY)
    assert {d.pk for d in Dossier.objects.filter(desk_office__in=son.offices(Role.SPECIALIST))} >= {
        running.pk
    }
    assert work_on_desks([(cast.commune.pk, Role.SPECIALIST)]) == []


def test_an_office_with_work_is_not_closed_without_hands_to_do_it(branch: Branch) -> None:
    make_dossier(branch.cast, accepted=True)
    commune, elsewhere = branch.cast.commune, branch.cast.elsewhere

    def close(**more: Any) -> None:
        wanted = Reform("close", DAY, **PAPER, **more)
        decide_reform(by=branch.quyen, at=LATER, office=commune.pk, wanted=wanted)

    with pytest.raises(CannotReform, match="Chọn cơ quan nhận việc"):
        close()
    ends = dict.fromkeys(Post.objects.filter(office=commune).values_list("pk", flat=True), "end")
    with pytest.raises(CannotReform, match="chưa ai làm được"):
        close(successors=(elsewhere.pk,), posts=ends)
    with pytest.raises(CannotReform, match="việc"):
        decide_reform(
            by=branch.quyen,
            at=LATER + dt.timedelta(days=1),
            office=commune.pk,
            wanted=Reform("close", DAY, **PAPER, successors=(elsewhere.pk,)),
        )
