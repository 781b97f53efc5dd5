"""Who holds several posts chooses whose desk the in-box shows; rights stay those of all posts."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from tinhso.catalogue.tests.factories import make_version
from tinhso.directory.api import Role
from tinhso.directory.tests.factories import Cast, make_actor
from tinhso.dossiers.models import Dossier
from tinhso.dossiers.tests.desk import browser
from tinhso.dossiers.tests.factories import NINE, make_dossier
from tinhso.toolkit import clock


@pytest.fixture(autouse=True)
def _ten_in_the_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NINE + dt.timedelta(hours=1))


def desk(dossier: Dossier) -> str:
    return reverse("dossiers:desk", args=[dossier.tracking_code])


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_who_holds_several_posts_chooses_whose_desk_the_in_box_shows(cast: Cast) -> None:
    both = make_actor(
        "both",
        "Hồ Kiêm Thử",
        (cast.commune, Role.COUNTER_CLERK, "Công chức một cửa"),
        (cast.commune, Role.SPECIALIST, "Công chức tư pháp"),
    )
    version = make_version()
    new = make_dossier(cast, version=version)
    running = make_dossier(cast, version=version, accepted=True)
    client, inbox = browser(both), reverse("dossiers:inbox")
    page = text(client, inbox)
    assert "2 chức danh" in page
    assert new.tracking_code in page
    assert str(running.number) in page
    client.post(reverse("dossiers:duty"), {"duty": both.posts[1].post_id})
    page = text(client, inbox)
    assert new.tracking_code not in page
    assert str(running.number) in page
    assert client.get(desk(new)).status_code == 200
    for unknown in ("", "999999", "x"):
        client.post(reverse("dossiers:duty"), {"duty": unknown})
        assert new.tracking_code in text(client, inbox)


def test_a_duty_of_somebody_else_shows_nothing_more(cast: Cast) -> None:
    new = make_dossier(cast)
    client = browser(cast.tam)
    client.post(reverse("dossiers:duty"), {"duty": cast.minh.posts[0].post_id})
    assert new.tracking_code not in text(client, reverse("dossiers:inbox"))
    assert browser(cast.lan).post(reverse("dossiers:duty"), {"duty": "1"}).status_code == 404


def test_who_holds_one_post_reads_office_and_title(cast: Cast) -> None:
    page = text(browser(cast.minh), reverse("dossiers:inbox"))
    assert "<b>UBND xã Hải Hưng</b>" in page
    assert "Công chức một cửa" in page
    assert reverse("dossiers:duty") not in page
