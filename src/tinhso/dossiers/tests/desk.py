"""What the tests of officers' pages share: a browser per person, what a page would send, a real file."""

from __future__ import annotations

from html.parser import HTMLParser
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tinhso.directory.api import Account, Actor


def browser(actor: Actor | None) -> Client:
    """Return a browser in which the actor is signed in."""
    client = Client()
    if actor is not None:
        client.force_login(Account.objects.get(pk=actor.account_id or 0))
    return client


def picture(name: str = "giay-to.png", shade: int = 240) -> SimpleUploadedFile:
    """Return a scan of a paper."""
    paper = BytesIO()
    Image.new("RGB", (900, 1200), (shade, shade, shade)).save(paper, "PNG")
    return SimpleUploadedFile(name, paper.getvalue(), "image/png")


def program(name: str = "hong.png") -> SimpleUploadedFile:
    """Return a program that is called a picture."""
    return SimpleUploadedFile(name, b"MZ" + bytes(400), "image/png")


class _Boxes(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, Any] = {}
        self._select = self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        name, kind = has.get("name") or "", has.get("type") or "text"
        if tag == "input" and name and kind not in {"file", "search", "submit"}:
            if kind not in {"radio", "checkbox"} or "checked" in has:
                self.values[name] = has.get("value", "on" if kind in {"radio", "checkbox"} else "") or ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in has:
            self.values[self._select] = has.get("value") or ""
        elif tag == "textarea":
            self._textarea, self.values[name] = name, ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.values[self._textarea] += data.removeprefix("\n")


def boxes_of(page: str) -> dict[str, Any]:
    """Return what a browser would send from the boxes of a page, as they are filled in."""
    found = _Boxes()
    found.feed(page)
    return found.values
