"""Take every page of every role at 360 and 1366 px, and judge each: ``make screens OUT=DIR``.

``python -m tests.screens --out DIR`` starts a demo of its own, sets the scene, crawls as each of the cast, opens what
was found in a real browser and writes ``<role>-<page>-<width>.png`` and ``screens.json`` (page, role, address, status,
axe violations, foreign words, wider than screen; and the addresses that were never reached). ``--judge`` opens one
page of each kind only, whoever sees it, and takes no pictures.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import SystemRandom
from typing import Any

import django
from bench.light import faults as too_heavy
from bench.light import weigh
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import resolve
from playwright.sync_api import Browser, Page, Route, sync_playwright

from tests.browser import (
    CHROMIUM,
    HEIGHT,
    WIDTHS,
    Demo,
    axe_violations,
    fresh_demo,
    is_wider_than_screen,
    speaks_for_itself,
)
from tests.crawl import (
    FETCHED,
    FETCHED_IN_BRIEF,
    KEPT,
    KEPT_IN_BRIEF,
    NOT_PAGES,
    Crawl,
    Stop,
    all_names,
)
from tests.language import foreign_in_page
from tests.scenes import import_some_sheets, set_the_scene

CAST = Path(__file__).parents[1] / "src/tinhso/directory/data/cast.json"
LIST = Path(__file__).parents[1] / "src/tinhso/catalogue/data/catalogue-2022.csv"
ANONYMOUS = "khach"
#: Pages that look alike for everybody are taken for these only; other roles keep what only they see.
FOR_EVERYBODY = frozenset((ANONYMOUS, "lan", "minh"))
PASSWORD = "trinh-dien-2022"
#: Pages that answer when the house burns: drawn here, because nothing in the demo is made to fail.
BROKEN = {"400": 400, "403": 403, "405": 405, "429": 429, "500": 500, "503": 503}
_SEND_EMPTY = """action => {
  const form = [...document.querySelectorAll('main form')].find(f => f.method === 'post' && f.action.endsWith(action))
  for (const box of form.querySelectorAll('input:not([type=hidden]), select, textarea')) {
    if (box.type === 'checkbox' || box.type === 'radio') box.checked = false
    else box.value = ''
  }
  form.requestSubmit(form.querySelector('.btn-main[type=submit]') || form.querySelector('[type=submit]'))
}"""


@dataclass
class Gallery:
    """What was seen: a row for each page, and what is wrong."""

    demo: Demo
    out: Path
    takes_pictures: bool
    rows: list[dict[str, Any]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    _names: Counter[str] = field(default_factory=Counter)

    def look(self, page: Page, role: str, name: str, status: int, foreign: tuple[str, ...] = ()) -> None:
        """Judge the open page at both widths and take its picture."""
        began = time.monotonic()
        self._names[f"{role}-{name}"] += 1
        turn = self._names[f"{role}-{name}"]
        label = f"{role}-{name}" + (f"-{turn}" if turn > 1 else "")
        words = sorted({*foreign, *foreign_in_page(page.content()), *speaks_for_itself(page)})
        row: dict[str, Any] = {
            "page": name,
            "role": role,
            "address": page.url.removeprefix(self.demo.address),
            "status": status,
            "axe": {},
            "foreign": words,
            "wider_than_screen": [],
        }
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            violations = axe_violations(page)
            row["axe"][width] = violations
            self.faults += [f"{label} {width}: axe {one}" for one in violations]
            if is_wider_than_screen(page):
                row["wider_than_screen"].append(width)
                self.faults.append(f"{label} {width}: wider than the screen")
            if self.takes_pictures:
                page.screenshot(path=str(self.out / f"{label}-{width}.png"), full_page=True)
        row["ms"] = round((time.monotonic() - began) * 1000)
        self.faults += [f"{label}: says {word}" for word in words]
        self.rows.append(row)

    def open(self, page: Page, stop: Stop) -> None:
        """Open what the crawl found and look at it."""
        page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
        page.goto(self.demo.address + stop.address)
        if stop.sends:
            with page.expect_navigation():
                page.evaluate(_SEND_EMPTY, stop.sends)
        self.look(page, stop.role, stop.page, stop.status, stop.foreign)


def take(browser: Browser, demo: Demo, out: Path, *, takes_pictures: bool, services: int) -> dict[str, Any]:
    """Crawl and look; return what ``screens.json`` holds."""
    out.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    reached: Counter[str] = Counter()
    names = [one["username"] for one in json.loads(CAST.read_text("utf-8"))]
    most = (FETCHED, KEPT) if takes_pictures else (FETCHED_IN_BRIEF, KEPT_IN_BRIEF)
    crawls = {
        role: Crawl(role, browser.new_context(locale="vi-VN"), demo.address, reached, *most)
        for role in (ANONYMOUS, *names)
    }
    for name in names:
        crawls[name].sign_in()
    import_some_sheets(demo)
    scene = set_the_scene({role: crawls[role] for role in names})
    gallery = Gallery(demo, out, takes_pictures)
    seen: dict[tuple[Any, ...], set[Any]] = {}
    for role, crawl in crawls.items():
        starts = ["/", "/cua-toi/", "/mot-cua/", "/danh-muc/", "/tai-khoan/login/", "/tai-khoan/logout/"]
        if role not in FOR_EVERYBODY:
            crawl.public = frozenset(stop.of for stop in crawls[ANONYMOUS].stops)
        crawl.run(*starts, *scene.addresses.get(role, ()))
        if role in FOR_EVERYBODY:
            crawl.look("/khong-co-trang-nay/", "loi-404", 404)
        gallery.faults += crawl.faults
    crawled = time.monotonic()
    for crawl in crawls.values():
        page = crawl.context.new_page()
        for stop in _worth_a_look(crawl, seen, is_brief=not takes_pictures):
            gallery.open(page, stop)
        page.close()
    _signing_in(browser, gallery)
    _verifying(browser, gallery, scene.result)
    _problems(browser, gallery)
    _services(browser, gallery, services)
    weights = weigh(browser, demo.address)
    gallery.faults += too_heavy(weights)
    unseen = sorted(all_names() - {name for name, n in reached.items() if n} - set(NOT_PAGES))
    gallery.faults += [f"{name}: no page leads there" for name in unseen]
    return {
        "pages": gallery.rows,
        "never_reached": unseen,
        "not_pages": NOT_PAGES,
        "weights": [asdict(one) for one in weights],
        "faults": gallery.faults,
        "seconds": {"crawl": round(crawled - began), "look": round(time.monotonic() - crawled)},
    }


def _worth_a_look(crawl: Crawl, seen: dict[tuple[Any, ...], set[Any]], *, is_brief: bool) -> Iterator[Stop]:
    """Yield the stops to open; in brief only those on which something stands that was not yet seen on such a page."""
    for stop in sorted(crawl.stops, key=lambda stop: bool(stop.sends)):
        known = seen.setdefault((stop.of[0], bool(stop.sends), stop.status), set())
        if not is_brief or not known or not stop.shape <= known:
            known |= stop.shape
            yield stop


def _services(browser: Browser, gallery: Gallery, most: int) -> None:
    """Ask axe about the pages of procedures drawn by lot, at the width of a phone."""
    with LIST.open(encoding="utf-8", newline="") as file:
        codes = [row["code"] for row in csv.DictReader(file)]
    page = browser.new_context(locale="vi-VN", viewport={"width": 360, "height": HEIGHT}).new_page()
    for code in SystemRandom().sample(codes, min(most, len(codes))):
        answer = page.goto(f"{gallery.demo.address}/thu-tuc/{code}/")
        if answer is None or answer.status != 200:
            gallery.faults.append(f"{code}: no page")
            continue
        gallery.faults += [f"{code} 360: axe {one}" for one in axe_violations(page)]
        if is_wider_than_screen(page):
            gallery.faults.append(f"{code} 360: wider than the screen")
    page.context.close()


def _signing_in(browser: Browser, gallery: Gallery) -> None:
    """Look at the wrong password, the one-time code, and the wrong one."""
    page = browser.new_context(locale="vi-VN").new_page()
    page.goto(f"{gallery.demo.address}/tai-khoan/login/")
    for password, name in (("khong-phai", "sai-mat-khau"), (PASSWORD, "ma-mot-lan")):
        page.fill("#id_login", "minh")
        page.fill("#id_password", password)
        _press(page, "form:has(#id_password) [type=submit]")
        gallery.look(page, ANONYMOUS, name, 200)
    page.fill("#id_code", "000000")
    _press(page, "main [type=submit]")
    gallery.look(page, ANONYMOUS, "ma-mot-lan-sai", 200)
    page.context.close()


def _press(page: Page, where: str) -> None:
    with page.expect_navigation():
        page.click(where)


def _verifying(browser: Browser, gallery: Gallery, result: bytes) -> None:
    """Look at what is said of a signed result, and of the same with one byte changed."""
    page = browser.new_context(locale="vi-VN").new_page()
    spoilt = bytearray(result)
    spoilt[len(spoilt) // 3] ^= 1
    for name, body in (("van-ban-that", result), ("van-ban-da-sua", bytes(spoilt))):
        page.goto(f"{gallery.demo.address}/kiem-tra/")
        page.set_input_files("#file", {"name": "ket-qua.pdf", "mimeType": "application/pdf", "buffer": body})
        _press(page, "main [type=submit]")
        gallery.look(page, ANONYMOUS, name, 200)
    page.context.close()


def _problems(browser: Browser, gallery: Gallery) -> None:
    """Look at what is shown when a form is stale, when too much is sent, and when the server fails."""
    page = browser.new_context(locale="vi-VN").new_page()
    page.goto(f"{gallery.demo.address}/kiem-tra/")
    page.evaluate("() => document.querySelectorAll('[name=csrfmiddlewaretoken]').forEach(e => e.value = 'x')")
    _press(page, "main [type=submit]")
    gallery.look(page, ANONYMOUS, "loi-trang-cu", 403)
    for name, status in BROKEN.items():
        drawn = render_to_string(f"design/problems/{name}.html", {}, RequestFactory().get("/"))
        page.route("**/loi-may-chu/", _answering(status, drawn))
        page.goto(f"{gallery.demo.address}/loi-may-chu/")
        page.unroute("**/loi-may-chu/")
        gallery.look(page, ANONYMOUS, f"loi-{name}", status)
    page.context.close()


def _answering(status: int, body: str) -> Callable[[Route], None]:
    return lambda route: route.fulfill(status=status, body=body, content_type="text/html; charset=utf-8")


@contextmanager
def _demo(address: str, data: Path) -> Iterator[Demo]:
    if address:
        yield Demo(address, data, 0)
    else:
        with fresh_demo() as demo:
            yield demo


def _read_the_addresses(demo: Demo) -> None:
    """Load the settings with which the demo runs, for its addresses and its problem pages; no database is asked."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "tinhso.config.settings",
        "TINHSO_DEMO": "1",
        "TINHSO_DATA": str(demo.data),
    }
    django.setup()
    resolve("/")


def main() -> int:
    """Take every page; exit 1 where one has a fault."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--out", type=Path, default=Path("out/screens"))
    words.add_argument("--judge", action="store_true", help="one page of each kind, without pictures")
    words.add_argument("--services", type=int, default=100, help="how many procedures' pages axe looks at")
    words.add_argument("--address", default="", help="a demo that runs already")
    words.add_argument("--data", type=Path, help="where the data of that demo lie")
    chosen = words.parse_args()
    with sync_playwright() as play, _demo(chosen.address, chosen.data) as demo:
        _read_the_addresses(demo)
        browser = play.chromium.launch(executable_path=CHROMIUM)
        found = take(browser, demo, chosen.out, takes_pictures=not chosen.judge, services=chosen.services)
        browser.close()
    (chosen.out / "screens.json").write_text(json.dumps(found, ensure_ascii=False, indent=1), "utf-8")
    print(f"{len(found['pages'])} pages", found["seconds"], *found["faults"], sep="\n")
    return 1 if found["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())
