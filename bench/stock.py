"""What a measurement needs to find in the database: people, drafts with files, sample rows for the floor."""

from __future__ import annotations

import datetime as dt
import os
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from io import BytesIO
from typing import Any

import pikepdf
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from tinhso.catalogue.api import current, papers
from tinhso.catalogue.tests.samples import answers
from tinhso.directory.models import Account, Office, Person
from tinhso.documents.models import StoredFile
from tinhso.dossiers.models import Draft, DraftFile
from tinhso.toolkit import clock
from tinhso.toolkit.text import fold, sort_key

CODE = "1.001193"
CSRF = "b" * 32
FILE_SIZE = 50_000


@dataclass(frozen=True)
class Visitor:
    """A signed-in person: cookies for a request."""

    account: Account
    cookies: str


def sign_in(account: Account) -> Visitor:
    """Make a session as signing in does."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.create()
    return Visitor(account, f"sessionid={session.session_key}; csrftoken={CSRF}")


def citizens(n: int) -> list[Visitor]:
    """Make invented citizens and sign them in."""
    made = []
    for _ in range(n):
        name = f"Trần Thị Đo Đếm {secrets.token_hex(3)}"
        person = Person.objects.create(name=name, folded=fold(name), sort_key=sort_key(name))
        account = Account.objects.create(username=f"do-{secrets.token_hex(6)}", person=person, password="!")
        made.append(sign_in(account))
    return made


def a_pdf() -> bytes:
    """Return a PDF of 50,000 bytes that nobody has sent before."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        pdf.Root.Scan = pikepdf.Stream(pdf, os.urandom(FILE_SIZE - 700))
        out = BytesIO()
        pdf.save(out, static_id=True)
    whole = out.getvalue()
    return whole + b"\n" * (FILE_SIZE - len(whole))


def pdfs(n: int) -> Iterator[bytes]:
    """Yield PDFs of 50,000 bytes, all different, cheaply: the random stream of one is replaced."""
    first = a_pdf()
    start = first.index(b"stream") + 200
    for _ in range(n):
        yield first[:start] + os.urandom(2000) + first[start + 2000 :]


def offices(n: int) -> list[Office]:
    """Return communes that receive the dossiers."""
    return list(Office.objects.on(clock.today()).filter(kind="commune").order_by("id")[:n])


def drafts(visitor: Visitor, where: Sequence[Office], n: int) -> list[Draft]:
    """Make finished drafts with two files each; only the final click is missing."""
    now = clock.now()
    version = current(CODE, now.date())
    said = answers(CODE)
    files = StoredFile.objects.bulk_create(
        StoredFile(
            sha256=sha256(os.urandom(16)).hexdigest(),
            size=FILE_SIZE,
            media_type="application/pdf",
            pages=1,
            created_at=now,
        )
        for _ in range(2 * n)
    )
    made = Draft.objects.bulk_create(
        Draft(
            token=secrets.token_urlsafe(16)[:22],
            person_id=visitor.account.person_id,
            version=version,
            office=where[i % len(where)],
            answers=said,
            created_at=now,
            saved_at=now,
            page="buoc.xem-lai",
        )
        for i in range(n)
    )
    asked = [paper for paper in papers(version, said, now.date()) if paper.is_upload]
    keys = [paper.key for paper in sorted(asked, key=lambda paper: not paper.is_required)][:2]
    DraftFile.objects.bulk_create(
        DraftFile(
            token=secrets.token_urlsafe(16)[:22],
            draft=draft,
            paper_key=keys[k % len(keys)],
            file=files[2 * i + k],
            name=f"giay-{k}.pdf",
            uploaded_at=now,
        )
        for i, draft in enumerate(made)
        for k in range(2)
    )
    return made


def rows_of(cursor: Any, table: str, where: str, values: Sequence[Any]) -> list[dict[str, Any]]:
    """Return sample rows as dictionaries, for the floor to write again."""
    cursor.execute(f"select * from {table} where {where}", values)  # noqa: S608 - our own words
    names = [column.name for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def moment() -> dt.datetime:
    """Return the business time of the demo."""
    return clock.now()
