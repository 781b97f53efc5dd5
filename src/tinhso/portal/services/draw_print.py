"""Draw a procedure on one A4 page, and as a poster with a QR code; keep what was drawn in memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

import pikepdf
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from tinhso.catalogue.api import RequiredPaper, ServicePage
from tinhso.documents.api import draw_pdf, qr_svg
from tinhso.toolkit.text import fold

#: Bytes of drawn prints that one process keeps, the least recently asked for leaves first.
MOST_BYTES: Final = 24_000_000
#: How long somebody waits for the pen before being told to come again, in seconds.
PATIENCE: Final = 4.0
#: Size of letters, papers named, cases named, letters of a name; the first that fits on one page is taken.
FITS: Final = (
    (14.5, 10, 6, 400),
    (13.0, 12, 6, 400),
    (11.5, 16, 6, 400),
    (10.5, 18, 6, 300),
    (10.0, 14, 5, 200),
    (10.0, 8, 3, 130),
    (10.0, 5, 2, 90),
)
#: About so many letters of papers and terms fit with each of ``FITS``: where to begin trying.
_ROOM: Final = (600, 650, 900, 1_500, 2_600, 4_000)


#: Width of a poster's name, in points.
_POSTER_WIDTH: Final = 504


class PenBusy(Exception):
    """Others are having prints drawn; ask again in a moment."""


@dataclass(frozen=True, slots=True)
class Printed:
    """What stands on a print beside the procedure: who, the phone, the page's address, whether it is a demo.

    ``ordinary_case``: the case that most people are in; it stands first.
    """

    province: str
    service_name: str
    phone: str
    address: str
    is_demo: bool
    ordinary_case: str = ""


class Prints:
    """Prints drawn before, at most ``MOST_BYTES``; one pen, so that strangers cannot keep more than one core busy."""

    def __init__(self) -> None:
        """Start with nothing drawn."""
        self._pen = threading.Lock()
        self._kept: OrderedDict[tuple[Any, ...], bytes] = OrderedDict()
        self._size = 0
        self._door = threading.Lock()

    def get(self, kind: str, key: tuple[Any, ...], page: ServicePage, printed: Printed) -> bytes:
        """Return the sheet or the poster of a page, drawn now if it is not kept. Raises ``PenBusy``."""
        draw = draw_poster if kind == "poster" else draw_sheet
        return self.drawn((kind, *key), lambda: draw(page, printed))

    def drawn(self, name: tuple[Any, ...], draw: Callable[[], bytes]) -> bytes:
        """Return the print of this name, drawn now if it is not kept. Raises ``PenBusy``."""
        if kept := self._found(name):
            return kept
        if not self._pen.acquire(timeout=PATIENCE):
            raise PenBusy
        try:
            # Somebody may have had it drawn while we waited.
            if kept := self._found(name):
                return kept
            drawn = draw()
            self._keep(name, drawn)
            return drawn
        finally:
            self._pen.release()

    def _found(self, name: tuple[Any, ...]) -> bytes | None:
        with self._door:
            if name in self._kept:
                self._kept.move_to_end(name)
            return self._kept.get(name)

    def _keep(self, name: tuple[Any, ...], drawn: bytes) -> None:
        with self._door:
            self._kept[name] = drawn
            self._size += len(drawn)
            while self._size > MOST_BYTES:
                _name, gone = self._kept.popitem(last=False)
                self._size -= len(gone)


PRINTS: Final = Prints()


def draw_sheet(page: ServicePage, printed: Printed) -> bytes:
    """Return the A4 page: who, which papers, how long, how much, where. Always one page; what is left out is told."""
    letters = sum(len(p.name) + 25 for p in (*page.hand_in, *page.show, *page.state_has))
    letters += sum(len(t["case"]) + len(t["fee"]) + 40 for t in _terms(page, printed))
    letters += 2 * len(page.title)
    begin = sum(letters > room for room in _ROOM)
    drawn = b""
    for size, papers, cases, longest in FITS[begin:]:
        context = _sheet(page, printed, papers, cases, longest) | {"size": f"{size:g}"}
        drawn = draw_pdf(render_to_string("portal/pdf/sheet.html", context))
        if _pages(drawn) == 1:
            return drawn
    return _first_page(drawn)


def draw_poster(page: ServicePage, printed: Printed) -> bytes:
    """Return the A4 poster: the name, a QR code that is read from two metres, what to do in three steps."""
    title = page.title
    # On one line where the letters can still be large; a letter is about 0.58 of its size wide.
    line = _POSTER_WIDTH / (0.58 * max(1, len(title)))
    size = min(44.0, line) if line >= 32 else 36.0 if len(title) < 60 else 29.0 if len(title) < 110 else 20.0
    context = {
        "page": page,
        "printed": printed,
        "title": _short(title, 330),
        "title_size": f"{size:g}",
        "qr": qr_svg(printed.address),
        "links": _plain(printed.address),
    }
    drawn = draw_pdf(render_to_string("portal/pdf/poster.html", context))
    return drawn if _pages(drawn) == 1 else _first_page(drawn)


def _sheet(page: ServicePage, printed: Printed, papers: int, cases: int, longest: int) -> dict[str, Any]:
    rows = [
        *(("□", p.name, _note(p, page), _copies(p)) for p in page.hand_in),
        *(("○", p.name, _("chỉ xem, trả lại ngay"), "") for p in page.show),
    ]
    terms = _terms(page, printed)
    return {
        "page": page,
        "printed": printed,
        "title": _short(page.title, 300),
        "papers": [(mark, _short(name, longest), note, copies) for mark, name, note, copies in rows[:papers]],
        "papers_left": max(0, len(rows) - papers),
        "not_needed": [_short(p.name, min(longest, 90)) for p in page.state_has[:4]],
        "terms": [
            t | {"case": _short(t["case"], min(longest, 120)), "fee": _short(t["fee"], min(longest, 160))}
            for t in terms[:cases]
        ],
        "terms_left": max(0, len(terms) - cases),
        "legal_name": page.legal_name if _adds(page.legal_name, page.title) else "",
        "title_em": "1.75" if len(page.title) < 60 else "1.4" if len(page.title) < 140 else "1.15",
        "who": _short(page.box.who[1], 220),
        "where": _short(page.box.where[1], 220),
        "qr": qr_svg(printed.address),
        "links": _plain(printed.address),
    }


def _terms(page: ServicePage, printed: Printed) -> list[dict[str, Any]]:
    """Return limits and fees, the ordinary case first; channels with the same limit and fee share a row."""
    rows: dict[tuple[str, str, str], dict[str, Any]] = {}
    for t in sorted(page.terms, key=lambda term: term.case != printed.ordinary_case):
        row = rows.setdefault(
            (t.case, t.limit, t.fee),
            {"case": t.case, "limit": t.limit, "fee": t.fee, "channels": [], "is_marked": False},
        )
        row["channels"].append(t.channel if not row["channels"] else t.channel[:1].lower() + t.channel[1:])
        row["is_marked"] |= t.is_limit_illustrative or t.is_fee_illustrative or t.is_unverified
    return [row | {"channel": ", ".join(row["channels"])} for row in rows.values()]


def _note(paper: RequiredPaper, page: ServicePage) -> str:
    if paper.when_text:
        return (paper.when_text[:1].lower() + paper.when_text[1:]).rstrip(". ")
    return "" if paper.is_required or page.has_default_form else _("nếu có")


def _adds(legal_name: str, title: str) -> bool:
    """Tell whether the name in the law says more than the title and is short enough to stand below it."""
    return len(legal_name) < 240 and fold(title) not in fold(legal_name)


def _copies(paper: RequiredPaper) -> str:
    said = []
    if paper.originals:
        said.append(_("%(n)s bản chính") % {"n": paper.originals})
    if paper.copies:
        said.append(_("%(n)s bản sao") % {"n": paper.copies})
    return ", ".join(said)


def _short(text: str, longest: int) -> str:
    text = " ".join(text.split())
    if len(text) <= longest:
        return text
    return f"{text[: longest - 1].rsplit(' ', 1)[0].rstrip(' ,;.:')}…"


def _plain(address: str) -> str:
    return address.partition("://")[2].rstrip("/")


def _pages(drawn: bytes) -> int:
    with pikepdf.open(BytesIO(drawn)) as file:
        return len(file.pages)


def _first_page(drawn: bytes) -> bytes:
    with pikepdf.open(BytesIO(drawn)) as file:
        del file.pages[1:]
        out = BytesIO()
        file.save(out, deterministic_id=True)
        return out.getvalue()
