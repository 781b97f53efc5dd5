"""How heavy pages are on a first visit with an old phone: ``python -m bench.light --address http://127.0.0.1:8000``.

A window of 360 pixels, nothing kept from before, a connection of 1.6 Mbit/s with 150 ms, a processor four times
slower. Bytes are those that travelled, fonts and scripts included. Times are of this machine: a figure, not a guard.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from tests.browser import CHROMIUM

MOST_KB = 150
#: Less than anybody sees; Web Vitals calls 0.1 good.
MOST_SHIFT = 0.02
PUBLIC = (
    "/",
    "/tim/?q=khai+sinh",
    "/viec/co-con-nho/",
    "/linh-vuc/",
    "/thu-tuc/1.001193/",
    "/thu-tuc/1.000656/",
)
#: Filed as Lan: a finished form and the default one, and the pages of each that are looked at.
FORMS = {
    "1.001193": ("buoc.noi-nop", "ten-chau", "buoc.giay-to", "buoc.xem-lai"),
    "1.000656": ("buoc.noi-nop", "giay-to-tuy-than", "buoc.giay-to", "buoc.xem-lai"),
}
_WATCH = """
window.lcp = 0; window.shift = 0;
new PerformanceObserver(l => { for (const e of l.getEntries()) window.lcp = e.startTime; })
  .observe({type: 'largest-contentful-paint', buffered: true});
new PerformanceObserver(l => { for (const e of l.getEntries()) if (!e.hadRecentInput) window.shift += e.value; })
  .observe({type: 'layout-shift', buffered: true});
"""


@dataclass(frozen=True)
class Weight:
    """One page on a first visit: kB over the line, largest contentful paint in ms, layout shift."""

    page: str
    kb: float
    lcp_ms: int
    shift: float


def weigh(browser: Browser, address: str) -> list[Weight]:
    """Weigh the public pages as a stranger, the pages of two forms as Lan."""
    found = [_weigh(browser, address, path, None) for path in PUBLIC]
    for code, keys in FORMS.items():
        draft, state = _draft(browser, address, code)
        found += [_weigh(browser, address, f"{draft}{key}/", state) for key in keys]
    return found


def _draft(browser: Browser, address: str, code: str) -> tuple[str, Any]:
    context = browser.new_context(locale="vi-VN")
    page = context.new_page()
    page.goto(f"{address}/tai-khoan/login/")
    page.evaluate("() => document.querySelector(\"form[action*='/vao/lan/']\").submit()")
    page.wait_for_load_state("networkidle")
    page.goto(f"{address}/thu-tuc/{code}/")
    page.locator(f"form[action='/nop/{code}/'] button").click()
    page.wait_for_load_state("networkidle")
    path = page.url.removeprefix(address)
    state = context.storage_state()
    context.close()
    return path[: path.index("/", len("/nop/nhap/")) + 1], state


def _weigh(browser: Browser, address: str, path: str, state: Any) -> Weight:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, device_scale_factor=2, locale="vi-VN", storage_state=state
    )
    page = context.new_page()
    sizes = _count(page)
    page.add_init_script(_WATCH)
    page.goto(f"{address}{path}")
    page.wait_for_load_state("networkidle")
    lcp, shift = page.evaluate("() => [window.lcp, window.shift]")
    context.close()
    shown = path if not path.startswith("/nop/nhap/") else "/nop/nhap/…/" + path.split("/")[-2] + "/"
    return Weight(shown, round(sum(sizes) / 1000, 1), round(lcp), round(shift, 4))


def _count(page: Page) -> list[float]:
    """Throttle the page and return a list to which the bytes of each answer are added."""
    sizes: list[float] = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    slow = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000}
    session.send("Network.emulateNetworkConditions", slow)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    return sizes


def faults(weights: Sequence[Weight]) -> Iterator[str]:
    """Yield what is too heavy or moves while it loads; times are not judged."""
    for one in weights:
        if one.kb > MOST_KB:
            yield f"{one.page}: {one.kb} kB"
        if one.shift > MOST_SHIFT:
            yield f"{one.page}: shift {one.shift}"


def main() -> int:
    """Weigh a running demo and print one JSON document; exit 1 where a page is too heavy or moves."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--address", required=True)
    asked = words.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        weights = weigh(browser, asked.address)
        browser.close()
    wrong = list(faults(weights))
    report = {"pages": [asdict(one) for one in weights], "most_kb": MOST_KB, "faults": wrong}
    sys.stdout.write(json.dumps(report, ensure_ascii=False) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
