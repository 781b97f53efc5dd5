"""Whoever opens somebody's dossier on duty leaves one row a day; the person reads who it was, and nothing else."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver

from tests.authorisation.world import NOON, PARTIES, World
from tinhso.config import settings
from tinhso.directory.api import LookKind, looks_findings
from tinhso.directory.models import Account, Look
from tinhso.directory.queries.protection import looks_at
from tinhso.dossiers.api import note_listed, note_look
from tinhso.dossiers.middleware import SHOWS, SHOWS_NOTHING
from tinhso.dossiers.models import Dossier
from tinhso.toolkit import clock

pytestmark = pytest.mark.django_db
MIDDLEWARE = "tinhso.dossiers.middleware.LooksMiddleware"
WITH_IT = [one for one in settings.MIDDLEWARE if one != MIDDLEWARE]
WITH_IT.insert(WITH_IT.index("tinhso.config.kept_forms.KeptFormsMiddleware"), MIDDLEWARE)


def open_as(world: World, role: str, address: str) -> int:
    client: Client = world.browser(role)
    with override_settings(MIDDLEWARE=WITH_IT):
        return client.get(address).status_code


def pages(world: World) -> dict[str, LookKind]:
    dossier, paper, slip = world.dossiers["issued"], world.papers["issued"], world.slips["01"]
    code = dossier.tracking_code
    return {
        f"/mot-cua/ho-so/{code}/": LookKind.PAGE,
        f"/giay-to/{paper.token}/1.png": LookKind.PAPER,
        f"/mot-cua/du-thao/{code}.pdf": LookKind.RESULT,
        f"/mot-cua/du-thao/{code}/1.png": LookKind.RESULT,
        f"/phieu/{slip.token}.pdf": LookKind.SLIP,
    }


def test_each_page_paper_result_and_slip_leaves_one_row_a_day(world: World) -> None:
    dossier = world.dossiers["issued"]
    for address in pages(world):
        assert open_as(world, "clerk", address) == 200, address
    row = Look.objects.get()
    assert (row.about, row.person_id) == (dossier.about, dossier.owner_person_id)
    assert row.account_id == world.actors["clerk"].account_id
    assert (row.office_id, row.role) == (dossier.receiving_office_id, "counter_clerk")
    assert row.times == len(pages(world))
    assert row.kinds == LookKind.PAGE | LookKind.PAPER | LookKind.RESULT | LookKind.SLIP


def test_the_next_day_and_another_officer_are_other_rows(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = next(iter(pages(world)))
    for role in ("clerk", "inspector"):
        open_as(world, role, address)
    monkeypatch.setattr(clock, "now", lambda: NOON + dt.timedelta(hours=13))
    open_as(world, "clerk", address)
    assert Look.objects.count() == 3
    assert set(Look.objects.values_list("role", flat=True)) == {"counter_clerk", "inspector"}


def test_who_may_not_open_leaves_nothing(world: World) -> None:
    for address in pages(world):
        for role in ("clerk_elsewhere", "administrator", "stranger", "anonymous", "promoter"):
            assert open_as(world, role, address) != 200
    assert not Look.objects.exists()


def test_nobodys_own_look_is_kept(world: World) -> None:
    dossier = world.dossiers["issued"]
    for role in PARTIES:
        assert open_as(world, role, f"/ho-so/{dossier.tracking_code}/") == 200
    # An officer who filed for oneself is an applicant there, on whichever page.
    Dossier.objects.filter(pk=dossier.pk).update(owner_person=world.actors["clerk"].person_id)
    assert open_as(world, "clerk", f"/mot-cua/ho-so/{dossier.tracking_code}/") == 200
    assert not Look.objects.exists()


def test_the_person_reads_who_and_for_which_office_never_the_hour(world: World) -> None:
    open_as(world, "clerk", next(iter(pages(world))))
    (seen,) = looks_at(world.actors["owner"])
    clerk = world.actors["clerk"]
    assert (seen.day, seen.name, seen.office) == (NOON.date(), clerk.name, clerk.posts[0].office_name)
    assert seen.kinds == ("mở hồ sơ",)
    for role in ("stranger", "submitter", "clerk", "administrator", "inspector"):
        assert looks_at(world.actors[role]) == [], role


def test_a_list_that_was_searched_is_kept_as_a_list(world: World) -> None:
    note_listed(by=world.actors["clerk"], at=NOON, found=list(Dossier.objects.order_by("pk")))
    assert Look.objects.count() == Dossier.objects.count()
    assert set(Look.objects.values_list("kinds", flat=True)) == {int(LookKind.LISTED)}


def test_every_address_of_dossiers_is_decided_about() -> None:
    (part,) = (
        one
        for one in get_resolver().url_patterns
        if isinstance(one, URLResolver) and one.app_name == "dossiers"
    )
    names = {one.name for one in part.url_patterns if isinstance(one, URLPattern)}
    assert names == set(SHOWS) | set(SHOWS_NOTHING)
    assert not set(SHOWS) & set(SHOWS_NOTHING)


def test_opening_the_data_of_many_in_an_hour_is_found(world: World) -> None:
    clerk, inspector = (world.actors[role].account_id or 0 for role in ("clerk", "inspector"))
    since, until = NOON - dt.timedelta(hours=6), NOON + dt.timedelta(hours=6)

    def open_many(account: int, n: int, apart: dt.timedelta) -> None:
        for k in range(n):
            at = since + apart * k
            Look.objects.create(
                account_id=account, about=f"dossier:{k}", day=at.date(), first_at=at, last_at=at, kinds=1
            )

    open_many(inspector, 100, dt.timedelta(minutes=2))
    assert looks_findings(since, until) == [], "thirty in an hour are many, and allowed"
    open_many(clerk, 61, dt.timedelta(seconds=58))
    (found,) = looks_findings(since, until)
    assert (found.account_id, found.persons) == (clerk, 61)
    Look.objects.filter(account_id=clerk, about="dossier:60").delete()
    assert looks_findings(since, until) == []
    Look.objects.filter(account_id=clerk).update(person_id=world.actors["owner"].person_id)
    assert looks_findings(since, until) == [], "all of one person"


def test_two_statements_and_no_more(world: World, django_assert_num_queries: object) -> None:
    code = world.dossiers["issued"].tracking_code
    with django_assert_num_queries(2):  # type: ignore[operator]
        note_look(by=world.actors["clerk"], at=NOON, named_by="code", name=code, kind=LookKind.PAGE)
    assert Account.objects.exists()
