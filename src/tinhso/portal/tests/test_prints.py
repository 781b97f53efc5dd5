"""Prints of a procedure: one A4 page each, drawn once, and never more than one at a time."""

from __future__ import annotations

import datetime as dt
import re
import threading
from dataclasses import replace
from typing import Any

import pypdfium2
import pytest
from django.test import Client

from tinhso.catalogue.api import ServicePage, import_sheets, service_page
from tinhso.directory.api import SYSTEM, load_demo
from tinhso.portal.services import draw_print
from tinhso.portal.services.draw_print import PenBusy, Printed, Prints, draw_poster, draw_sheet
from tinhso.portal.views import prints as views
from tinhso.toolkit import clock
from tinhso.toolkit.text import fold

TODAY = dt.date(2022, 5, 10)
AT = dt.datetime(2022, 5, 10, 7, 30, tzinfo=clock.VN)
PRINTED = Printed("Tỉnh Mẫu", "Dịch vụ công", "0228 000 1022", "https://vi-du.test/thu-tuc/1.001193/", True)


@pytest.fixture
def page(db: None, monkeypatch: pytest.MonkeyPatch) -> ServicePage:
    monkeypatch.setattr(clock, "now", lambda: AT)
    load_demo(key="thử")
    import_sheets(by=SYSTEM, at=AT)
    return service_page("1.001193", TODAY)


def words(drawn: bytes) -> tuple[int, str]:
    """Return the number of pages of a PDF and its words in one line, without marks."""
    file = pypdfium2.PdfDocument(drawn)
    try:
        text = " ".join(sheet.get_textpage().get_text_range() for sheet in file)
        return len(file), fold(re.sub(r"\s+", " ", text))
    finally:
        file.close()


def test_the_sheet_says_who_which_papers_how_long_how_much_where(page: ServicePage) -> None:
    pages, said = words(draw_sheet(page, PRINTED))
    assert pages == 1
    for needed in (
        "Ai làm được",
        "Giấy tờ cần mang",
        "Bao lâu",
        "Bao nhiêu tiền",
        "Nộp ở đâu",
        page.title,
        "0228 000 1022",
    ):
        assert fold(needed) in said
    assert all(fold(paper.name) in said for paper in page.hand_in)


def test_a_very_long_procedure_still_fits_on_one_page_and_says_what_is_left_out(page: ServicePage) -> None:
    long = "Giấy tờ rất dài, ghi đủ mọi trường hợp mà văn bản nêu ra. " * 60
    papers = tuple(page.hand_in[0] for _n in range(80))
    terms = tuple(replace(page.terms[0], case=f"{n} {long}", fee=long) for n in range(30))
    pages, said = words(draw_sheet(replace(page, hand_in=papers, terms=terms, title=long[:900]), PRINTED))
    assert pages == 1
    assert "quet ma o tren de xem du" in said


def test_the_poster_leads_to_the_page(page: ServicePage) -> None:
    pages, said = words(draw_poster(page, PRINTED))
    assert pages == 1
    assert fold("Mở máy ảnh, quét mã này") in said
    assert "vi-du.test/thu-tuc/1.001193" in said
    assert words(draw_poster(replace(page, title="Tên dài " * 120), PRINTED))[0] == 1


def test_a_print_is_drawn_once_and_the_oldest_leaves(
    page: ServicePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []

    def draw(_page: ServicePage, printed: Printed) -> bytes:
        drawn.append(printed.address)
        return b"x" * 400

    monkeypatch.setattr(draw_print, "draw_sheet", draw)
    monkeypatch.setattr(draw_print, "MOST_BYTES", 1_000)
    prints = Prints()
    for key in (1, 1, 2, 1, 3, 1, 2):
        prints.get("sheet", (key,), page, replace(PRINTED, address=str(key)))
    assert drawn == ["1", "2", "3", "2"]


def test_who_waits_too_long_for_the_pen_is_told_to_come_again(
    page: ServicePage, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draw_print, "PATIENCE", 0.05)
    prints = Prints()
    monkeypatch.setattr(views, "PRINTS", prints)
    entered, leave = threading.Event(), threading.Event()

    def slow(*_args: Any) -> bytes:
        entered.set()
        leave.wait(5)
        return b"x"

    monkeypatch.setattr(draw_print, "draw_sheet", slow)
    first = threading.Thread(target=prints.get, args=("sheet", ("slow",), page, PRINTED))
    first.start()
    entered.wait(5)
    try:
        with pytest.raises(PenBusy):
            prints.get("sheet", ("other",), page, PRINTED)
        answer = client.get("/thu-tuc/1.001193/to-in.pdf")
        assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    finally:
        leave.set()
        first.join()


@pytest.mark.usefixtures("page")
def test_both_prints_are_given_to_anybody_and_kept_by_the_browser(client: Client) -> None:
    for name in ("to-in.pdf", "ap-phich.pdf"):
        answer = client.get(f"/thu-tuc/1.001193/{name}")
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        assert answer.content.startswith(b"%PDF-")
        again = client.get(f"/thu-tuc/1.001193/{name}", headers={"If-None-Match": answer["ETag"]})
        assert again.status_code == 304
        assert client.get(f"/thu-tuc/0.000000/{name}").status_code == 404
