"""Walk the administrators' stories in a real browser: a first day, a transfer, a delegation, a closed office.

``python -m tests.admin_journey --out DIR`` starts a demo of its own (``--address`` and ``--data`` name one that runs) and
leaves a picture of every page at 360 and 1366 px and ``admin.json``. Each story ends at its trail in the journal.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import hmac
import json
import os
import re
import struct
import subprocess
import sys
import time
import urllib.request
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.browser import CHROMIUM, Demo, Stuck, fresh_demo
from tests.journey import Walk

DISTRICT, CLERK, SPECIALIST = "Thạch Quyên Minh Họa", "Đỗ Minh Họa", "Lê Sơn Ví Dụ"
CHAIR, ABOVE = "Vũ Thị Hoa Giả Định", "Cao Long Minh Họa"
NEW, PASSWORD = "Hồ Thị Nhập Môn", "mat-khau-ngay-dau-2022"
PAPER = {"decision": "88/QĐ-UBND", "reason": "Điều động theo nhu cầu công việc"}
CLOSED, HEIR = "Hải Sơn", "Hải Tân"
#: What the accepting of dossiers must bring the specialist's desk to.
TWELVE = 12

_TRAIL = """
import sys, json, django
django.setup()
from tinhso.journal.api import history
print(json.dumps([entry.event for entry in history(sys.argv[1])]))
"""


def trail(demo: Demo, about: str) -> list[str]:
    """Return what the journal says of a thing, the newest first."""
    environment = {
        **os.environ,
        "TINHSO_DATA": str(demo.data),
        "TINHSO_DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "tinhso.config.settings",
    }
    said = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _TRAIL, about],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    events: list[str] = json.loads(said.stdout.strip().splitlines()[-1])
    return events


def number_in(address: str) -> int:
    """Return the row's number in an address."""
    found = re.search(r"/(\d+)/", address)
    if found is None:
        raise Stuck(address)
    return int(found[1])


def walk(w: Walk, demo: Demo) -> dict[str, Any]:
    """Go all the ways and return what each ended with."""
    return {
        "first_day": _first_day(w, demo),
        "transfer": _transfer(w, demo),
        "delegation": _delegation(w, demo),
        "closed": _close(w, demo),
        "steps": w.steps,
        "faults": w.faults,
    }


def _first_day(w: Walk, demo: Demo) -> dict[str, Any]:
    """Invite, hand the code over, begin, see the own desk."""
    w.sign_in(DISTRICT)
    w.go("/quan-tri/co-quan/")
    w.seen("cay-co-quan", time.monotonic())
    w.go("/quan-tri/can-bo/moi/")
    w.fill(
        {
            **PAPER,
            "name": NEW,
            "email": "nhap.mon@example.vn",
            "office": "UBND xã Hải Hưng",
            "role": "counter_clerk",
            "title": "Công chức một cửa",
            "valid_from": "10/05/2022",
        }
    )
    w.page.locator("[name=office]").fill("Ủy ban nhân dân xã Hải Hưng")
    w.press("Mời và lấy mã", "ma-dung-mot-lan")
    code = w.page.locator(".bigcode").inner_text().strip()
    username = w.page.locator(".codeslip dd code").first.inner_text().strip()
    w.press("Đã trao, xem cán bộ", "can-bo-moi")
    person = number_in(w.page.url)
    if code in w.page.content():
        raise Stuck("the code is shown twice")
    return {
        "username": username,
        "began": _begin(w, username, code),
        "trail": trail(demo, f"person:{person}"),
    }


def _begin(w: Walk, username: str, code: str) -> str:
    """Set password and second factor by the code, and return the heading of the own desk; "" without such a page."""
    w.page = w.window()
    address = _activation(w)
    if not address:
        return ""
    w.go(address)
    w.seen("kich-hoat", time.monotonic())
    for _turn in range(6):
        if "/mot-cua/" in w.page.url:
            break
        boxes = {"login": username, "username": username, "account": username, "code": code}
        boxes |= dict.fromkeys(("password", "password1", "password2", "new_password", "again"), PASSWORD)
        secret = w.page.locator("[data-totp-secret]")
        if secret.count():
            boxes["code"] = _totp(secret.first.get_attribute("data-totp-secret") or secret.first.inner_text())
        w.fill(boxes)
        with w.page.expect_navigation():
            w.page.locator("main form button[type=submit]").first.click()
        w.seen("kich-hoat-tiep", time.monotonic())
    w.go("/mot-cua/")
    w.seen("ban-cua-minh", time.monotonic())
    return w.page.locator("h1").inner_text()


def _activation(w: Walk) -> str:
    """Return the address of the page that takes a code, where this installation has one."""
    for address in ("/tai-khoan/kich-hoat/",):
        answer = w.page.request.get(w.address + address)
        if answer.status == 200:
            return address
    return ""


def _totp(secret: str) -> str:
    """Return the code of now (RFC 6238: SHA-1, 30 seconds, six digits)."""
    key = base64.b32decode(secret.strip().replace(" ", ""))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    (value,) = struct.unpack(">I", digest[digest[-1] & 15 :][:4])
    return f"{(value & 0x7FFFFFFF) % 1_000_000:06}"


def _transfer(w: Walk, demo: Demo) -> dict[str, Any]:
    """Bring the specialist's desk to twelve dossiers, then send the specialist elsewhere."""
    w.sign_in(CLERK)
    wanted = TWELVE - _lying(w)
    w.go("/mot-cua/")
    links = w.page.locator("main a[href*='/mot-cua/ho-so/']").all()
    for address in [link.get_attribute("href") or "" for link in links]:
        w.go(address)
        if wanted > 0 and w.page.get_by_role("button", name="Nhận và cấp giấy hẹn").count():
            w.press("Nhận và cấp giấy hẹn", "da-nhan")
            wanted -= 1
    w.sign_in(DISTRICT)
    w.go("/quan-tri/can-bo/?tim=le+son+vi+du")
    w.seen("tim-can-bo", time.monotonic())
    w.press(SPECIALIST, "can-bo")
    person = number_in(w.page.url)
    w.press("Chuyển công tác", "chuyen-cong-tac")
    w.page.locator("select[name^=nhan-]").first.select_option(label=f"{CLERK} (sẽ được giao vai trò này)")
    w.fill({**PAPER, "day": "10/05/2022", "role": "specialist", "title": "Công chức tư pháp – hộ tịch"})
    w.page.locator("[name=office]").fill("Ủy ban nhân dân xã Hải Bắc")
    w.press("Bàn giao và chuyển", "bien-ban")
    rows = w.page.locator("table tbody tr").count()
    works = [row.inner_text() for row in w.page.locator("table tbody th").all()]
    w.sign_in(CLERK)
    w.go("/mot-cua/")
    w.seen("nguoi-nhan-thay", time.monotonic())
    return {
        "handed_over": rows,
        "numbers": works,
        "seen": sum(number in w.page.content() for number in works),
        "trail": trail(demo, f"person:{person}"),
    }


def _lying(w: Walk) -> int:
    """Return how many dossiers lie on the specialist's desk, as the administrator's page says."""
    page = w.browser.new_context(locale="vi-VN").new_page()
    before, w.page = w.page, page
    try:
        w.go("/tai-khoan/login/")
        with page.expect_navigation():
            page.get_by_role("button", name=DISTRICT).first.click()
        w.go("/quan-tri/can-bo/?tim=le+son+vi+du")
        with page.expect_navigation():
            page.get_by_role("link", name=SPECIALIST).first.click()
        return int(page.locator("aside .ledger dd").first.inner_text().replace(".", ""))
    finally:
        w.page = before
        page.context.close()


def _delegation(w: Walk, demo: Demo) -> dict[str, Any]:
    """Let the chair lend the post for a week, the delegate sign with both names, and take the loan back."""
    w.sign_in(CHAIR)
    w.go("/quan-tri/uy-quyen/")
    w.seen("uy-quyen", time.monotonic())
    w.go("/quan-tri/uy-quyen/them/?ten=cao+long")
    w.fill(
        {
            "valid_from": "10/05/2022",
            "valid_to": "16/05/2022",
            "decision": "07/GUQ-UBND",
            "reason": "Đi học một tuần",
        }
    )
    w.page.locator("[name=to_person]").select_option(index=1)
    _send(w, "da-uy-quyen")
    w.sign_in(ABOVE)
    w.go("/mot-cua/")
    w.seen("dang-lam-thay", time.monotonic())
    banner = "Đang làm thay" in w.page.inner_text("body")
    signed = _sign_one(w)
    w.sign_in(CHAIR)
    w.go("/quan-tri/uy-quyen/")
    w.press(f"Thu lại {ABOVE}", "thu-lai")
    w.fill({"reason": "Về sớm"})
    _send(w, "da-thu-lai")
    line = w.page.locator("table").count()
    w.sign_in(ABOVE)
    w.go("/mot-cua/")
    return {
        "banner": banner,
        "signed": signed,
        "left": line,
        "after": "Đang làm thay" in w.page.inner_text("body"),
        "trail": trail(demo, f"person:{_person(w, CHAIR)}"),
    }


def _send(w: Walk, name: str) -> None:
    """Press the button of the form that changes something: a link of the menu bears the same words."""
    began = time.monotonic()
    with w.page.expect_navigation():
        w.page.locator("main form[method=post] button[type=submit]").last.click()
    w.seen(name, began)


def _sign_one(w: Walk) -> str:
    """Sign the first dossier of the commune on the lent desk; return the line of its history that names both."""
    links = w.page.locator("main a[href*='/mot-cua/ho-so/']")
    for address in [link.get_attribute("href") or "" for link in links.all()]:
        w.go(address)
        if w.page.get_by_role("button", name="Ký và gửi").count():
            w.press("Ký và gửi", "ky-thay")
            w.go(address)
            w.seen("da-ky-thay", time.monotonic())
            lines = w.page.locator("ol.line .quiet").all_inner_texts()
            return next((line for line in lines if "ủy quyền" in line), "")
    return ""


def _person(w: Walk, name: str) -> int:
    w.sign_in(DISTRICT)
    w.go(f"/quan-tri/can-bo/?tim={name.replace(' ', '+')}")
    with w.page.expect_navigation():
        w.page.get_by_role("link", name=name).first.click()
    return number_in(w.page.url)


def _past(address: str) -> str:
    """Return the day rows of everybody's figures before today."""
    with urllib.request.urlopen(f"{address}/so-lieu/tung-ngay.csv", timeout=60) as answer:  # noqa: S310 - our own server
        return "\n".join(row for row in answer.read().decode().splitlines() if "2022-05-10" not in row)


def _close(w: Walk, demo: Demo) -> dict[str, Any]:
    """Close a commune into its neighbour: look first, then decide; its work lies there, figures stay."""
    before = _past(w.address)
    w.sign_in(DISTRICT)
    w.go(f"/quan-tri/co-quan/?tim=xa+{CLOSED.replace(' ', '+')}")
    w.seen("tim-co-quan", time.monotonic())
    w.press(f"Ủy ban nhân dân xã {CLOSED}", "co-quan")
    office = number_in(w.page.url)
    works = int(w.page.locator("aside .ledger dd").first.inner_text().replace(".", ""))
    w.press("Đóng cơ quan", "dong-co-quan")
    w.fill({**PAPER, "effective_date": "10/05/2022"})
    w.page.locator("[name=successor]").fill(f"Ủy ban nhân dân xã {HEIR}")
    w.press("Xem trước", "xem-truoc-dong")
    w.press("Đóng cơ quan", "da-dong")
    still, elsewhere = (
        int(one.inner_text().replace(".", "")) for one in w.page.locator("aside .ledger dd").all()
    )
    w.go("/quan-tri/co-quan/?xem=dong")
    w.seen("cac-noi-da-dong", time.monotonic())
    return {
        "works": works,
        "left": still - elsewhere,
        "past_is_the_same": _past(w.address) == before,
        "trail": trail(demo, f"office:{office}"),
    }


def main() -> int:
    """Walk once; exit 1 where a page has a fault."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--out", type=Path, default=Path("out/admin"))
    words.add_argument("--address", help="a demo that runs already")
    words.add_argument("--data", type=Path, help="where its data lie")
    chosen = words.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    running = Demo(chosen.address, chosen.data, 0) if chosen.address else None
    with nullcontext(running) if running else fresh_demo() as demo, sync_playwright() as play:
        assert demo is not None
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        found = walk(Walk(browser, demo.address, chosen.out), demo)
        browser.close()
    (chosen.out / "admin.json").write_text(json.dumps(found, ensure_ascii=False, indent=1), "utf-8")
    print(json.dumps({k: v for k, v in found.items() if k != "steps"}, ensure_ascii=False, indent=1))
    return 1 if found["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())
