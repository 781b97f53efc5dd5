"""Nobody is left before an empty page."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse


@pytest.mark.django_db
def test_an_address_that_only_takes_what_is_sent_shows_a_way_on() -> None:
    answer = Client().get(reverse("dossiers:start", args=["1.001193"]))
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "Chỗ này không mở thẳng được" in answer.content.decode()
    assert f'href="{reverse("portal:home")}"' in answer.content.decode()


@pytest.mark.django_db
def test_a_script_that_posts_the_wrong_way_gets_no_page() -> None:
    assert Client().put(reverse("dossiers:start", args=["1.001193"])).content == b""
