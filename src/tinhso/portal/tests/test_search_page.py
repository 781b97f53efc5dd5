"""The search page: a plain form, filters, pages of hits, what is offered while typing, and what is counted."""

from __future__ import annotations

import datetime as dt

import pytest
from django.apps import apps
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from tinhso.catalogue.tests.factories import make_version
from tinhso.toolkit.clock import VN

SearchMiss = apps.get_model("catalogue", "SearchMiss")
AT = dt.datetime(2021, 12, 20, 8, 0, tzinfo=VN)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def many() -> None:
    caches["pages"].clear()
    for number in range(45):
        made = make_version(f"9.{number:06}")
        type(made).objects.filter(pk=made.pk).update(published_at=AT)


def read(client: Client, **asked: str) -> str:
    return client.get(reverse("portal:search"), asked).content.decode()


def test_hits_come_page_by_page_by_plain_links(client: Client) -> None:
    page = read(client, q="giấy thử")
    assert page.count("/thu-tuc/9.") == 20
    assert "trang=2" in page
    assert "45 thủ tục, đang xem 1 đến 20" in page
    last = read(client, q="giấy thử", trang="3")
    assert last.count("/thu-tuc/9.") == 5
    assert "trang=4" not in last
    for odd in ("0", "-1", "x", "99999", "²"):
        assert "/thu-tuc/9." in read(client, q="giấy thử", trang=odd)


def test_filters_are_a_form_without_script_and_stay_in_the_links(client: Client) -> None:
    page = read(client, q="giấy thử", **{"linh-vuc": "Hộ tịch"})
    assert "linh-vuc=H%E1%BB%99+t%E1%BB%8Bch" in page
    assert 'value="Hộ tịch" selected' in page
    none = read(client, q="giấy thử", **{"linh-vuc": "Không có"})
    assert "Không có thủ tục nào qua bộ lọc này" in none
    assert not SearchMiss.objects.exists()


def test_what_is_offered_while_typing_is_short(client: Client) -> None:
    offered = client.get(reverse("portal:suggest"), {"q": "giay th"}).json()["results"]
    assert len(offered) == 7
    assert offered[0]["address"].startswith("/thu-tuc/9.")
    assert client.get(reverse("portal:suggest")).json() == {"results": []}


def test_a_query_that_finds_nothing_is_counted_and_the_page_says_what_to_do(client: Client) -> None:
    assert "Chưa thấy thủ tục nào khớp" in read(client, q="cầu vồng tím")
    assert SearchMiss.objects.get().query == "cau vong tim"
    read(client, q="<script>alert(1)</script>")
    assert SearchMiss.objects.count() == 1


def test_words_that_are_only_guessed_at_find_nothing_and_are_counted(client: Client) -> None:
    assert "Chưa thấy thủ tục nào khớp" in read(client, q="ngoan ngoeo")
    assert SearchMiss.objects.get().query == "ngoan ngoeo"
