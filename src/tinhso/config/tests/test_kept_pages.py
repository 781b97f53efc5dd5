"""A stranger's page is made once a minute; nobody gets a page that is not theirs or no longer true."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from tinhso.catalogue.services.import_sheet import import_sheets
from tinhso.config import kept_pages
from tinhso.directory.models import Account
from tinhso.directory.rules import SYSTEM
from tinhso.directory.tests.factories import make_cast
from tinhso.toolkit import clock

pytestmark = pytest.mark.django_db
PAGE = "/thu-tuc/1.001193/"


@pytest.fixture(autouse=True)
def keeping(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep pages as in real life, and believe the stamp for no time at all."""
    settings.CACHES = {
        **settings.CACHES,
        "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "kept-in-tests"},
    }
    monkeypatch.setattr(kept_pages, "BELIEVED", -1.0)
    caches["pages"].clear()
    import_sheets(by=SYSTEM, at=clock.now())
    yield
    caches["pages"].clear()


def test_the_second_stranger_gets_the_page_without_a_query_but_the_stamp(
    django_assert_num_queries: Any,
) -> None:
    first = Client().get(PAGE)
    with django_assert_num_queries(1):
        second = Client().get(PAGE)
    assert second.content == first.content
    assert dict(second.items()) == dict(first.items())
    assert "Content-Security-Policy" in second


def test_a_signed_in_person_gets_a_page_of_ones_own() -> None:
    Client().get(PAGE)
    client = Client()
    client.force_login(_account(), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "Đăng xuất" in client.get(PAGE).content.decode()
    assert "Đăng xuất" not in Client().get(PAGE).content.decode()


def test_a_change_of_reference_data_makes_the_page_anew() -> None:
    Client().get(PAGE)
    make_cast()
    fresh = Client().get(PAGE)
    assert fresh.wsgi_request.META["PATH_INFO"] == PAGE
    assert fresh.templates


def test_a_page_with_a_form_or_a_message_is_never_kept() -> None:
    for path in ("/tai-khoan/login/", "/kiem-tra/", "/tra-cuu/"):
        Client().get(path)
        assert Client().get(path).templates, path


def _account() -> Any:
    cast = make_cast()
    return Account.objects.get(pk=cast.lan.account_id or 0)
