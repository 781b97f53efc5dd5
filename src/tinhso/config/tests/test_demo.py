"""One-click sign-in and the printed code exist in the demo and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import validate_totp_code
from click.testing import CliRunner
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tinhso.config import urls
from tinhso.config.commands.demo import command
from tinhso.directory.api import Account, load_demo, one_time_secret

ADDRESS = "/trinh-dien/vao/minh/"
#: Taken in here, while this is no demo: the addresses are settled when they are first read.
OUTSIDE = urls.urlpatterns


@pytest.fixture
def province(db: None) -> None:
    """Load the demo's people."""
    load_demo(key="k")


@pytest.fixture
def demo(settings: Any, province: None) -> None:
    """Be a demo."""
    settings.TINHSO_DEMO = True
    settings.ROOT_URLCONF = "tinhso.config.tests.demo_urls"


def test_outside_the_demo_the_address_does_not_exist(province: None) -> None:
    assert not any("trinh-dien" in str(one.pattern) for one in OUTSIDE)
    client = Client()
    assert client.post(ADDRESS).status_code == 404
    assert SESSION_KEY not in client.session
    with pytest.raises(NoReverseMatch):
        reverse("demo:sign_in_as", args=["minh"])


def test_outside_the_demo_the_sign_in_page_offers_nobody(province: None) -> None:
    page = Client().get(reverse("account_login")).content.decode()
    assert "trinh-dien" not in page
    assert "Đỗ Minh Họa" not in page


def test_in_the_demo_one_click_signs_in_with_the_one_time_code_done(demo: None) -> None:
    client = Client()
    assert client.post(ADDRESS).status_code == 302
    assert int(client.session[SESSION_KEY]) == Account.objects.get(username="minh").pk
    assert [r["method"] for r in client.session["account_authentication_methods"]] == ["mfa"]
    assert client.get(reverse("dossiers:inbox")).status_code == 200


def test_in_the_demo_only_the_cast_has_one_click_and_only_by_post(demo: None) -> None:
    other = Account.objects.exclude(username__in=["minh"]).filter(username__startswith="h40").first()
    assert other is not None
    assert Client().post(f"/trinh-dien/vao/{other.username}/").status_code == 404
    assert Client().get(ADDRESS).status_code == 405


def test_a_changed_password_or_a_disabled_account_ends_the_session(demo: None) -> None:
    client = Client()
    client.post(ADDRESS)
    account = Account.objects.get(username="minh")
    account.set_password("khác hẳn")
    account.save()
    assert client.get(reverse("dossiers:inbox")).status_code == 302


def test_the_printed_code_is_the_accounts_and_only_the_demo_prints_it(settings: Any) -> None:
    refused = CliRunner().invoke(command, ["totp", "minh"])
    assert refused.exit_code == 1
    settings.TINHSO_DEMO = True
    printed = CliRunner().invoke(command, ["totp", "minh"])
    assert validate_totp_code(one_time_secret("minh", settings.SECRET_KEY), printed.output.strip())
