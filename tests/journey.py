"""Walk the main path in a real browser on a fresh demo: search, file, accept, draft, sign, seal, download, count.

``python -m tests.journey --out DIR`` starts a demo of its own on free ports, leaves a picture of every page at 360
and 1366 px, the result and ``journey.json`` (steps with address and milliseconds; the figure before and after). Then
the committee's three stories (``tests.committee_journey``, folder ``ban-chi-dao``), and a procedure from an empty page to
filed twice (``tests.office_journey``, folder ``danh-muc``).
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from tests import committee_journey, office_journey
from tests.browser import CHROMIUM, HEIGHT, WIDTHS, Stuck, faults, fresh_demo

PLACE = "Xã Hải Hưng, huyện Hải Hậu, tỉnh Nam Định"
ADDRESS = {"detail": "Xóm 4", "area": PLACE}
IDENTITY = {"kind": "cccd", "number": "036190000001", "issued_on": "20/11/2021", "issued_by": "Cục Cảnh sát"}
#: What Lan types, by the names of the boxes.
ANSWERS: dict[str, Any] = {
    "child_birth": "28/04/2022",
    "child_situation": "cha-me",
    "foreign_parent": "khong",
    "parents_married": "co",
    "birth_proof": "chung-sinh",
    "requester_name": "Trần Thị Lan Thử",
    "requester_relation": "me",
    **{f"requester_address__{k}": v for k, v in ADDRESS.items()},
    **{f"requester_id__{k}": v for k, v in IDENTITY.items()},
    "child_name": "Nguyễn Ví Dụ An",
    "child_sex": "nu",
    "child_ethnicity": "Kinh",
    "child_nationality": "Việt Nam",
    "birthplace": "Trạm y tế xã Hải Hưng, huyện Hải Hậu, tỉnh Nam Định",
    "child_hometown": PLACE,
    "mother_name": "Trần Thị Lan Thử",
    "mother_birth": "01/02/1990",
    "mother_ethnicity": "Kinh",
    "mother_nationality": "Việt Nam",
    **{f"mother_address__{k}": v for k, v in ADDRESS.items()},
    "father_name": "Nguyễn Văn Mẫu",
    "father_birth": "1988",
    "father_ethnicity": "Kinh",
    "father_nationality": "Việt Nam",
    **{f"father_address__{k}": v for k, v in ADDRESS.items()},
    "marriage_number": "12/2019",
    "wants_copies": "co",
    "copies": "2",
    "commitment": "true",
}


#: The target that moves when a dossier filed on line is accepted.
ONLINE_TARGET = "Hồ sơ nộp trực tuyến"


class Walk:
    """One walk: the browser windows of the people in it, and what was seen."""

    def __init__(self, browser: Browser, address: str, out: Path) -> None:
        """Keep where pictures go."""
        self.browser, self.address, self.out = browser, address, out
        self.steps: list[dict[str, Any]] = []
        self.faults: list[str] = []
        self.page: Page = self.window()

    def window(self) -> Page:
        """Open a window of nobody."""
        return self.browser.new_context(viewport={"width": 1366, "height": HEIGHT}, locale="vi-VN").new_page()

    def go(self, path: str) -> None:
        """Open an address of the demo."""
        self.page.goto(self.address + path)

    def seen(self, name: str, began: float) -> None:
        """Note the step and take its picture at both widths."""
        took = round((time.monotonic() - began) * 1000)
        self.steps.append({"step": name, "address": self.page.url.removeprefix(self.address), "ms": took})
        for width in WIDTHS:
            self.faults += faults(self.page, name, width)
            self.page.screenshot(
                path=str(self.out / f"{len(self.steps):02d}-{name}-{width}.png"), full_page=True
            )
        self.page.set_viewport_size({"width": 1366, "height": HEIGHT})

    def press(self, words: str, name: str, *, exact: bool = False) -> None:
        """Press a button or link by its words (all of them where ``exact``) and wait for the next page."""
        began = time.monotonic()
        button = self.page.get_by_role("button", name=words, exact=exact)
        target = button.or_(self.page.get_by_role("link", name=words, exact=exact))
        with self.page.expect_navigation():
            target.first.click()
        self.seen(name, began)

    def sign_in(self, says: str, after: str = "") -> None:
        """Sign in as one of the cast, in a new window unless ``after`` keeps the page that asked for it."""
        if not after:
            self.page = self.window()
            self.go("/tai-khoan/login/")
        self.press(says, "dang-nhap")

    def fill(self, answers: dict[str, Any]) -> None:
        """Type every answer that the page asks for."""
        boxes = self.page.locator("main form input, main form select, main form textarea")
        names = {n for n in (boxes.nth(i).get_attribute("name") for i in range(boxes.count())) if n}
        for name in [key for key in answers if key in names]:
            self._type(self.page.locator(f'main form [name="{name}"]'), str(answers[name]))

    def _type(self, box: Locator, value: str) -> None:
        kind = box.first.get_attribute("type")
        if kind == "radio":
            self.page.locator(
                f'main form [name="{box.first.get_attribute("name")}"][value="{value}"]'
            ).check()
        elif kind == "checkbox":
            box.first.check()
        elif box.first.evaluate("e => e.tagName") == "SELECT":
            box.first.select_option(value)
        else:
            box.first.fill(value)


def _received(address: str) -> int:
    with urllib.request.urlopen(f"{address}/so-lieu/tung-ngay.csv", timeout=20) as answer:  # noqa: S310 - our own server
        rows = csv.DictReader(answer.read().decode().splitlines())
    return sum(int(row["tiep_nhan"]) for row in rows)


def _target(address: str) -> float:
    """Return the numerator of a public target of the committee that counts dossiers filed on line."""
    with urllib.request.urlopen(f"{address}/chuyen-doi-so/tien-do.json", timeout=20) as answer:  # noqa: S310 - our own server
        told = json.loads(answer.read())
    return float(next(one["numerator"] for one in told["targets"] if one["name"] == ONLINE_TARGET))


def walk(browser: Browser, address: str, out: Path) -> dict[str, Any]:
    """Go the whole path and return what ``journey.json`` holds."""
    out.mkdir(parents=True, exist_ok=True)
    before = _received(address)
    w = Walk(browser, address, out)
    began = time.monotonic()
    w.go("/")
    w.seen("trang-dau", began)
    w.page.get_by_role("searchbox").first.fill("khai sinh")
    w.press("Tìm thủ tục", "tim")
    w.press("Làm giấy khai sinh cho con", "thu-tuc")
    w.press("Nộp hồ sơ", "dang-nhap-truoc")
    w.sign_in("Trần Thị Lan Thử", after="service")
    w.press("Nộp hồ sơ", "noi-nop")
    w.page.locator("#office").select_option(label=_office(w.page, "UBND xã Hải Hưng"))
    w.press("Lưu và đi tiếp", "cau-hoi")
    _answer_everything(w)
    _send_files(w, out)
    w.press("Lưu và đi tiếp", "xem-lai")
    w.page.locator("[name=declared]").check()
    w.press("Nộp hồ sơ", "da-nop")
    code = w.page.locator(".slip .code").inner_text().strip()
    moved = _officers(w, code)
    return {**_finish(w, code, before), "target": moved}


def _office(page: Page, name: str) -> str:
    labels = page.locator("#office option").all_inner_texts()
    return next(label for label in labels if label.startswith(name))


def _answer_everything(w: Walk) -> None:
    for _turn in range(20):
        if "/buoc.giay-to/" in w.page.url:
            return
        here = w.page.url
        w.fill(ANSWERS)
        w.press("Lưu và đi tiếp", "cau-hoi")
        if w.page.url == here:
            raise Stuck(f"{here}: {w.page.locator('.err, .errors').all_inner_texts()}")
    raise Stuck("too many pages")


def _send_files(w: Walk, out: Path) -> None:
    boxes = w.page.locator("section.paper")
    for n in range(2):
        began = time.monotonic()
        photo = out / f"anh-{n}.png"
        w.page.screenshot(path=str(photo))
        boxes.nth(n).locator("input[type=file]").set_input_files(str(photo))
        boxes.nth(n).locator(".file img").first.wait_for()
        w.seen("gui-tep", began)


def _officers(w: Walk, code: str) -> dict[str, float]:
    """Let the officers work; return the committee's target before the acceptance and after it, and how long it took.

    ``seconds``: from the press to the first look that saw it moved; two pictures of the page are taken in between.
    """
    desk = f"/mot-cua/ho-so/{code}/"
    w.sign_in("Đỗ Minh Họa")
    w.go(desk)
    w.seen("quay", time.monotonic())
    before = after = _target(w.address)
    began = time.monotonic()
    w.press("Nhận và cấp giấy hẹn", "da-nhan")
    while after == before and time.monotonic() < began + 30:
        time.sleep(0.2)
        after = _target(w.address)
    moved = {"before": before, "after": after, "seconds": round(time.monotonic() - began, 1)}
    w.sign_in("Lê Sơn Ví Dụ")
    w.go(desk)
    w.press("Soạn kết quả, trình ký", "soan")
    w.page.locator("#proposal").fill("Hồ sơ đủ và đúng, đề nghị ký.")
    w.fill({"book": "01/2022", "personal_id": "036322000001"})
    w.press("Trình lãnh đạo ký", "da-trinh")
    w.sign_in("Vũ Thị Hoa Giả Định")
    w.go(desk)
    w.seen("lanh-dao", time.monotonic())
    w.press("Ký và gửi", "da-ky")
    w.sign_in("Ngô Thu Nháp")
    w.go(desk)
    w.press("Cấp số, đóng dấu", "da-dong-dau")
    return moved


def _finish(w: Walk, code: str, before: int) -> dict[str, Any]:
    w.sign_in("Trần Thị Lan Thử")
    w.go(f"/ho-so/{code}/")
    w.seen("ket-qua", time.monotonic())
    with w.page.expect_download() as result:
        w.page.get_by_role("button", name="Tải kết quả").click()
    result.value.save_as(w.out / "result.pdf")
    with w.page.expect_download() as receipt:
        w.page.get_by_role("link", name="Giấy tiếp nhận và hẹn trả").click()
    receipt.value.save_as(w.out / "receipt.pdf")
    deadline, after = time.monotonic() + 20, before
    while after == before and time.monotonic() < deadline:
        time.sleep(0.5)
        after = _received(w.address)
    w.go("/so-lieu/")
    w.seen("so-lieu", time.monotonic())
    return {
        "tracking_code": code,
        "steps": w.steps,
        "figure": {"name": "received", "before": before, "after": after},
        "faults": w.faults,
    }


def main() -> int:
    """Walk once; exit 1 where the figure did not grow by one or a page has a fault."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--out", type=Path, default=Path("out/journey"))
    words.add_argument("--address", help="a demo that runs already")
    chosen = words.parse_args()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM)
        if chosen.address:
            found = walk(browser, chosen.address, chosen.out)
        else:
            with fresh_demo() as demo:
                found = walk(browser, demo.address, chosen.out)
                committee = chosen.out / "ban-chi-dao"
                committee.mkdir(exist_ok=True)
                found["committee"] = committee_journey.walk(Walk(browser, demo.address, committee), demo)
                office = chosen.out / "danh-muc"
                office.mkdir(exist_ok=True)
                found["office"] = office_journey.walk(Walk(browser, demo.address, office), demo)
        browser.close()
    (chosen.out / "journey.json").write_text(json.dumps(found, ensure_ascii=False, indent=1), "utf-8")
    figure, office = found["figure"], found.get("office", {"faults": [], "due": {}, "expected": {}})
    committee = found.get("committee", {"faults": []})
    wrong = [*found["faults"], *committee["faults"], *office["faults"]]
    print(json.dumps(figure), json.dumps(office["due"]), *wrong, sep="\n")
    holds = figure["after"] == figure["before"] + 1 and office["due"] == office["expected"] and not wrong
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
