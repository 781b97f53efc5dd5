"""What people are shown when something breaks: a way on, and nothing from inside."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.test import Client
from pytest_django import Settings

from tinhso.portal.views import home

pytestmark = pytest.mark.django_db
INNER = "SELECT secret FROM directory_account WHERE password = 'x' /var/lib/tinhso"


@pytest.mark.parametrize("error", [RuntimeError(INNER), OperationalError(INNER), KeyError("SECRET_KEY")])
def test_an_error_page_tells_nothing_inner(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, error: Exception
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise error

    assert not settings.DEBUG
    monkeypatch.setattr(home, "render", breaks)
    client = Client(raise_request_exception=False)
    answer = client.get("/")
    page = answer.content.decode()
    assert answer.status_code == 500
    for words in ("SELECT", "directory_account", "/var/lib", "SECRET_KEY", "Traceback", "RuntimeError", ".py"):
        assert words not in page
    assert "Phần đã lưu vẫn còn" in page
    assert "django" not in str(answer.headers).lower()
