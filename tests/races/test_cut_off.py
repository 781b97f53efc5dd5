"""A connection that breaks in the middle of a request: nothing is taken, nothing is lost, the server lives on."""

from __future__ import annotations

import socket

import pytest
from django.urls import reverse

from tests.races.conftest import Town
from tests.races.servers import Server, visitor
from tinhso.documents.models import StoredFile
from tinhso.dossiers.api import save_draft, start_draft
from tinhso.dossiers.models import Draft

TYPED = {"child_name": "Nguyễn Ví Dụ An", "birth_proof": "chung-sinh"}


def begin(server: Server, path: str, cookies: dict[str, str], kind: str, body: bytes, length: int) -> bytes:
    """Send the beginning of a request that promises ``length`` bytes, then hang up; return what came back."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\nContent-Type: {kind}\r\n"
        f"Cookie: {'; '.join(f'{k}={v}' for k, v in cookies.items())}\r\nContent-Length: {length}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port), 20) as line:
        line.sendall(head.encode() + body)
        line.shutdown(socket.SHUT_WR)
        return line.recv(65536)


@pytest.mark.parametrize("sent", ["upload", "form"])
def test_a_request_cut_off_midway_takes_nothing_and_loses_nothing(town: Town, sent: str) -> None:
    lan = visitor(town.cast.lan.account_id)
    draft = start_draft(by=town.cast.lan, at=town.at, version=town.birth, office=town.cast.commune)
    save_draft(by=town.cast.lan, at=town.at, token=draft.token, typed=TYPED, answers=TYPED)
    kept = StoredFile.objects.count()
    token = lan.cookies["csrftoken"]
    if sent == "upload":
        path = reverse("dossiers:upload", args=[draft.token, "chung-sinh"])
        kind = "multipart/form-data; boundary=ranh"
        part = '--ranh\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n'
        body = part.format("csrfmiddlewaretoken", "") + f"{token}\r\n"
        body += part.format("file", '; filename="a.pdf"') + "%PDF-1.7\n" + "x" * 4000
    else:
        path = reverse("dossiers:draft_page", args=[draft.token, "ten-chau"])
        kind = "application/x-www-form-urlencoded"
        body = f"csrfmiddlewaretoken={token}&child_sex=nu&child_na"
    begin(town.servers[0], path, lan.cookies, kind, body.encode(), 50_000)
    page = lan.get(town.servers[0], reverse("dossiers:draft_page", args=[draft.token, "ten-chau"]))
    assert page.status == 200
    assert 'value="Nguyễn Ví Dụ An"' in page.body.decode()
    left = Draft.objects.get(pk=draft.pk)
    assert (left.typed["child_name"], left.answers, left.files.count()) == (TYPED["child_name"], TYPED, 0)
    assert StoredFile.objects.count() == kept
    assert b"Traceback" not in town.servers[0].log.read_bytes()
