"""What the clients of a measurement do, request by request."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Count

from bench import house, stock
from tinhso.catalogue.api import current, pages, papers
from tinhso.catalogue.queries.boxes import scatter
from tinhso.catalogue.queries.checking import as_posted
from tinhso.catalogue.tests.samples import answers
from tinhso.directory.models import Account, Office, Post
from tinhso.dossiers.models import Dossier
from tinhso.toolkit import clock

SPREADS = (50, 1)
CHECK = "buoc.xem-lai"
Queues = list[Iterator[house.Story]]
Prepare = Callable[[house.House, int, int, int], Queues]


@dataclass(frozen=True)
class Scene:
    """One kind of story; ``has_offices``: it is run over many offices and over one."""

    prepare: Prepare
    has_offices: bool = True


def final_click(running: house.House, clients: int, spread: int, n: int) -> Queues:
    """Submit drafts whose files were sent before and whose last page was opened, as everybody does before pressing."""
    where = stock.offices(spread)
    queues: Queues = []
    for visitor in stock.citizens(clients):
        drafts = stock.drafts(visitor, where, -(-n // clients))
        addresses = [f"/nop/nhap/{draft.token}/{CHECK}/" for draft in drafts]
        shown = house.read(running.port, [house.request(one, cookies=visitor.cookies) for one in addresses])
        presses = [_press(visitor, one, page) for one, page in zip(addresses, shown, strict=True)]
        queues.append(map(house.once, presses))
    return queues


def _press(visitor: stock.Visitor, address: str, page: bytes) -> bytes:
    """Return the press of "Nộp hồ sơ" on a last page."""
    found = re.findall(rb'<input type="hidden" name="(key|checked)" value="([^"]*)"', page)
    return post(visitor, address, {"declared": "1", **{k.decode(): v.decode() for k, v in found}})


def post(visitor: stock.Visitor, address: str, fields: dict[str, Any]) -> bytes:
    """Return a form sent by a visitor."""
    return house.request(
        address, cookies=visitor.cookies, csrf=stock.CSRF, body=urlencode(fields, doseq=True).encode()
    )


def posted(keys: list[str], said: dict[str, Any], properties: dict[str, Any]) -> dict[str, str]:
    """Return answers as the boxes of a page post them."""
    boxes = {n: v for key in keys for n, v in scatter(key, properties[key], said.get(key)).items()}
    return {name: str(value) for name, value in as_posted(boxes).items()}


def acceptance(_running: house.House, clients: int, spread: int, n: int) -> Queues:
    """Accept submitted dossiers, each by the clerk of its counter."""
    clerks = _clerks(stock.offices(spread))
    waiting = Dossier.objects.filter(state="submitted", receiving_office__in=clerks).order_by("-id")
    presses = [
        house.once(post(clerks[office], f"/mot-cua/ho-so/{code}/nhan/", {}))
        for code, office in waiting.values_list("tracking_code", "receiving_office_id")[:n]
    ]
    return [iter(presses[k::clients]) for k in range(clients)]


def _clerks(where: list[Office]) -> dict[int, stock.Visitor]:
    """Sign in one counter clerk of each office."""
    return {
        post.office_id: stock.sign_in(Account.objects.get(person_id=post.person_id))
        for post in Post.objects.filter(office__in=where, role="counter_clerk")
    }


def one_post(_running: house.House, clients: int, spread: int, n: int) -> Queues:
    """Take a dossier in at the counter: people, answers and two files of 50 kB by one press, not accepted yet."""
    clerks = cycle(_clerks(stock.offices(spread)).items())
    version = current(stock.CODE, clock.today())
    said = answers(stock.CODE)
    wanted = [
        paper for paper in papers(version, said, clock.today()) if paper.is_upload or paper.kind == "show"
    ]
    uploads = [paper.key for paper in wanted if paper.is_upload]
    fields = {
        "nguoi-owner_name": "Trần Thị Đo Đếm",
        "nguoi-who": "self",
        "nguoi-read_back": "on",
        "ban": str(version.pk),
        "press": "nop",
        **(
            {"nguoi-case": "theo-loi-khai"}
            if any(c.is_chosen_by_officer for c in version.cases.all())
            else {}
        ),
        **{f"nhan-{paper.key}": "seen" for paper in wanted if not paper.is_upload},
        **posted(list(said), said, version.form.schema["properties"]),
    }
    files = stock.pdfs(2 * n)

    def sitting() -> house.Story:
        office, clerk = next(clerks)
        body, media_type = house.multipart(
            list(fields.items()),
            [(f"tep-{uploads[k % len(uploads)]}", f"giay-{k}.pdf", next(files)) for k in range(2)],
        )
        address = f"/mot-cua/tiep-nhan/{stock.CODE}/{office}/{secrets.token_urlsafe(16)}/"
        return house.once(
            house.request(address, cookies=clerk.cookies, csrf=stock.CSRF, body=body, media_type=media_type)
        )

    stories = [sitting() for _ in range(n)]
    return [iter(stories[k::clients]) for k in range(clients)]


def whole_path(_running: house.House, clients: int, spread: int, n: int) -> Queues:
    """File from the first press to the last: begin, office, each page of questions, two files, check, submit."""
    where = cycle(stock.offices(spread))
    files = stock.pdfs(2 * n)
    today = clock.today()
    version, said = current(stock.CODE, today), answers(stock.CODE)
    properties = version.form.schema["properties"]
    said_on = [posted(list(page.fields), said, properties) for page in pages(version.form, said, today)]
    uploads = [paper.key for paper in papers(version, said, today) if paper.is_upload]
    return [
        iter(
            [
                _filing(
                    visitor,
                    next(where),
                    said_on,
                    [(uploads[k % len(uploads)], next(files)) for k in range(2)],
                )
                for _ in range(n // clients)
            ]
        )
        for visitor in stock.citizens(clients)
    ]


def _filing(
    visitor: stock.Visitor, office: Office, said_on: list[dict[str, str]], files: list[tuple[str, bytes]]
) -> house.Story:
    at = (yield post(visitor, f"/nop/{stock.CODE}/", {})).leads_to
    at = (yield post(visitor, at, {"office": office.pk})).leads_to
    for fields in said_on:
        at = (yield post(visitor, at, fields)).leads_to
    draft = at.split("/")[3]
    for key, content in files:
        body, media_type = house.multipart([], [("file", "giay.pdf", content)])
        yield house.request(
            f"/nop/nhap/{draft}/gui/{key}/",
            cookies=visitor.cookies,
            csrf=stock.CSRF,
            body=body,
            media_type=media_type,
        )
    at = (yield post(visitor, at, {})).leads_to
    shown = yield house.request(at, cookies=visitor.cookies)
    yield _press(visitor, at, shown.body)


def samples() -> dict[str, list[dict[str, Any]]]:
    """Return the rows of one submission, in the order in which they can be written again."""
    dossier = Dossier.objects.filter(papers__isnull=False).latest("id")
    with connection.cursor() as cursor:
        own = "dossier_id = %s"
        rows = {
            "documents_storedfile": stock.rows_of(cursor, "documents_storedfile", "true limit 2", []),
            "dossiers_dossier": stock.rows_of(cursor, "dossiers_dossier", "id = %s", [dossier.pk]),
            "dossiers_sentonce": stock.rows_of(cursor, "dossiers_sentonce", own, [dossier.pk]),
            "dossiers_steptaken": stock.rows_of(cursor, "dossiers_steptaken", own, [dossier.pk]),
            "dossiers_paper": stock.rows_of(cursor, "dossiers_paper", own, [dossier.pk]),
            "journal_entry": stock.rows_of(cursor, "journal_entry", "about = %s", [dossier.about]),
        }
        entry = rows["journal_entry"][0]["id"]
        rows["journal_delivery"] = stock.rows_of(cursor, "journal_delivery", "entry_id = %s", [entry])
    for table, some in rows.items():
        for row in some:
            row.pop("id")
            if table == "journal_entry":
                for column in ("xid", "event", "about", "at_ms"):
                    row.pop(column, None)
            if table == "dossiers_dossier":
                row["number"] = None
    return {table: some for table, some in rows.items() if some}


#: In this order: acceptances accept what was submitted before.
SCENES: dict[str, Scene] = {
    "one_post": Scene(one_post),
    "final_click": Scene(final_click),
    "acceptance": Scene(acceptance),
    "whole_path": Scene(whole_path, has_offices=False),
}


def busiest() -> tuple[str, stock.Visitor]:
    """Return the tracking code of a running dossier, and the clerk of the counter where most wait."""
    waiting = Dossier.objects.filter(state="submitted").values("receiving_office").annotate(n=Count("id"))
    office = waiting.order_by("-n", "receiving_office")[0]["receiving_office"]
    code = (
        Dossier.objects.filter(state="in_progress").order_by("-id").values_list("tracking_code", flat=True)[0]
    )
    return code, _clerks([Office.objects.get(pk=office)])[office]
