"""A browser with real CSRF checks, and a page as a person reads it."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tinhso.directory.api import Account, Actor

_HIDDEN = re.compile(r"<(script|style|head)\b.*?</\1>", re.DOTALL)
_TAGS = re.compile(r"<[^>]+>")
_ENGLISH = re.compile(
    r"\b(error|invalid|exception|traceback|forbidden|bad request|not found|please|csrf)\b", re.I
)
PAGE = {"Accept": "text/html,application/xhtml+xml"}


@dataclass(frozen=True)
class Page:
    """What came back."""

    status: int
    leads_to: str
    body: bytes

    @property
    def html(self) -> str:
        """Return the source of the page."""
        return self.body.decode()

    @property
    def text(self) -> str:
        """Return what a person reads."""
        return re.sub(r"\s+", " ", html.unescape(_TAGS.sub(" ", _HIDDEN.sub(" ", self.html)))).strip()

    def boxes(self) -> dict[str, str]:
        """Return what stands in the boxes of the page: name and value; a chosen button by its value."""
        found = {}
        for tag in re.findall(r"<input\b[^>]*>", self.html):
            parts = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
            if parts.get("type") not in ("radio", "checkbox") or " checked" in tag:
                found[parts.get("name", "")] = html.unescape(parts.get("value", ""))
        for name, value in re.findall(
            r'<textarea\b[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', self.html, re.DOTALL
        ):
            found[name] = html.unescape(value.removeprefix("\n"))
        for name, inside in re.findall(
            r'<select\b[^>]*name="([^"]+)"[^>]*>(.*?)</select>', self.html, re.DOTALL
        ):
            chosen = re.search(r'value="([^"]*)"[^>]*selected', inside)
            found[name] = chosen.group(1) if chosen else ""
        return found

    def says(self, *sentences: str) -> None:
        """Assert that a person reads the sentences, on a whole page, without a foreign word."""
        for sentence in sentences:
            assert sentence in self.text, f"{self.status}: {self.text[:1500]}"
        assert "</html>" in self.html
        assert _ENGLISH.search(self.text) is None, self.text
        assert self.status < 500


class Browser:
    """One person's browser. Every form it sends carries the token of the page, unless told otherwise."""

    def __init__(self, actor: Actor | None = None) -> None:
        """Sign the actor in, if there is one."""
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False, headers=PAGE)
        if actor is not None:
            self.sign_in(actor)

    def sign_in(self, actor: Actor) -> None:
        """Sign in, as the sign-in page does."""
        self.client.force_login(Account.objects.get(pk=actor.account_id or 0))

    def lose_session(self) -> None:
        """Let the session end on the server, as it does after its hours."""
        self.client.session.flush()

    def get(self, path: str, **query: str) -> Page:
        """Open a page."""
        return self._page(self.client.get(path, query))

    def post(
        self, path: str, fields: dict[str, Any] | None = None, *, before: str = "", **headers: str
    ) -> Page:
        """Send a form that stands on the page ``before`` (itself, where not said)."""
        sent = {"csrfmiddlewaretoken": self.token(), **(fields or {})}
        came_from = {"Referer": f"http://testserver{before or path}"} | headers
        return self._page(self.client.post(path, sent, headers=came_from))

    def follow(self, page: Page) -> Page:
        """Go where the page leads, until there is one to read."""
        for _ in range(6):
            if not page.leads_to:
                break
            page = self.get(page.leads_to)
        return page

    def token(self) -> str:
        """Return the token of the forms, from a cookie as a page would set it."""
        if settings.CSRF_COOKIE_NAME not in self.client.cookies:
            self.client.cookies[settings.CSRF_COOKIE_NAME] = "b" * 32
        return self.client.cookies[settings.CSRF_COOKIE_NAME].value

    @staticmethod
    def _page(answer: Any) -> Page:
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return Page(answer.status_code, answer.headers.get("Location", ""), body)


def file(content: bytes, name: str = "giay.pdf") -> SimpleUploadedFile:
    """Return a file as a form sends it."""
    return SimpleUploadedFile(name, content, content_type="application/pdf")
