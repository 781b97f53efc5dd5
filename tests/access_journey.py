"""Walk the story of a lost phone in a real browser, a passkey, and a session that is about to end.

``python -m tests.access_journey --out DIR`` starts a demo of its own (``--address`` and ``--data`` name one that runs) and
leaves a picture of every page at 360 and 1366 px and ``access.json``. The story ends at its trail in the journal.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.admin_journey import number_in, trail
from tests.browser import CHROMIUM, Demo, Stuck, fresh_demo
from tests.journey import Walk
from tinhso.directory.services.load_demo import PASSWORD
from tinhso.directory.services.use_second_factor import PERIOD, format_hotp_value, hotp_value

OFFICER, USERNAME = "Đỗ Minh Họa", "minh"
FIRST, SECOND = "Đinh Quân Nháp", "Mạc Trí Mẫu"
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
_SHORTEN = """
import sys, django
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("update django_session set expire_date = now() + interval '100 seconds' where session_key = %s", [sys.argv[1]])
    assert cursor.rowcount == 1
"""


def code_of(secret: str, after: int = 0) -> tuple[str, int]:
    """Return the app's code of now and its step of time, waiting for a step later than ``after``."""
    while (step := int(time.time()) // PERIOD) <= after:
        time.sleep(1)
    return str(format_hotp_value(hotp_value(secret, step))), step


def walk(w: Walk, demo: Demo) -> dict[str, Any]:
    """Go all the ways and return what each ended with."""
    return {
        "lost": _lost(w, demo),
        "passkey": _passkey(w, demo),
        "idle": _idle(w, demo),
        "steps": w.steps,
        "faults": w.faults,
    }


def _submit(w: Walk, name: str, within: str = "main") -> None:
    began = time.monotonic()
    with w.page.expect_navigation():
        w.page.locator(f"{within} button[type=submit]").first.click()
    w.seen(name, began)


def _lost(w: Walk, demo: Demo) -> dict[str, Any]:
    """Report it, let two administrators do their part, set a new factor, sign in."""
    w.page = w.window()
    w.go("/tai-khoan/login/")
    w.seen("dang-nhap", time.monotonic())
    w.press("Cán bộ mất điện thoại có mã", "bao-mat-1")
    w.fill({"login": USERNAME, "password": PASSWORD, "reason": "Rơi điện thoại ngoài đồng"})
    _submit(w, "bao-mat-2")
    w.sign_in(FIRST)
    w.go("/quan-tri/truy-cap/")
    w.seen("danh-sach-cho", time.monotonic())
    w.press("Bắt đầu", "truy-cap-cua-can-bo")
    person = number_in(w.page.url)
    w.fill({"reason": "Gặp mặt, đối chiếu thẻ căn cước"})
    w.press("Bắt đầu cấp khóa thứ hai mới", "cho-nguoi-thu-hai")
    alone = w.page.get_by_role("button", name="Xác nhận và lấy mã").count()
    w.sign_in(SECOND)
    w.go("/quan-tri/truy-cap/")
    w.press("Xác nhận và lấy mã", "ma-mot-lan")
    code = w.page.locator(".bigcode").inner_text().strip()
    w.page = w.window()
    w.go("/tai-khoan/khoa-moi/")
    w.fill({"login": USERNAME, "password": PASSWORD, "code": code})
    _submit(w, "khoa-moi")
    secret = w.page.locator("[data-totp-secret]").get_attribute("data-totp-secret") or ""
    digits, step = code_of(secret)
    w.fill({"code": digits})
    _submit(w, "ma-du-phong")
    kept = w.page.locator(".recovery li").count()
    _submit(w, "ve-dang-nhap")
    w.fill({"login": USERNAME, "password": PASSWORD})
    _submit(w, "hoi-ma", "form[action='/tai-khoan/login/']")
    digits, _step = code_of(secret, step)
    w.fill({"code": digits})
    _submit(w, "vao-roi")
    w.go("/mot-cua/")
    w.seen("ban-lam-viec", time.monotonic())
    heading = w.page.locator("h1").inner_text()
    w.go("/tai-khoan/bao-mat/")
    w.seen("bao-mat-cua-toi", time.monotonic())
    w.sign_in(FIRST)
    w.go(f"/quan-tri/can-bo/{person}/truy-cap/")
    w.seen("lich-su", time.monotonic())
    told = w.page.locator("main").inner_text()
    return {
        "one_alone_may_confirm": alone,
        "recovery_codes": kept,
        "heading": heading,
        "both_named": FIRST in told and SECOND in told,
        "trail": trail(demo, f"person:{person}"),
    }


def _passkey(w: Walk, demo: Demo) -> dict[str, Any]:
    """Add a key of the machine, sign out, and sign in by it alone; at localhost, where browsers allow it without TLS."""
    usual, w.address = w.address, w.address.replace("127.0.0.1", "localhost")
    w.sign_in("Lê Sơn Ví Dụ")
    w.page.set_default_timeout(20_000)
    speaker = w.page.context.new_cdp_session(w.page)
    speaker.send("WebAuthn.enable")
    speaker.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    w.go("/tai-khoan/bao-mat/khoa/them/")
    w.seen("them-khoa", time.monotonic())
    w.press("Tạo khóa trên máy", "khoa-da-them")
    if w.page.locator(".recovery").count():
        _submit(w, "khoa-da-them-2")
    listed = w.page.get_by_text("Khóa trên máy", exact=True).count()
    with w.page.expect_navigation():
        w.page.locator("header form button").last.click()
    w.go("/tai-khoan/login/?next=/mot-cua/")
    w.press("Bằng khóa trên máy", "vao-bang-khoa")
    found = {"listed": listed, "landed": w.page.url.removeprefix(w.address)}
    w.address = usual
    return found


def _idle(w: Walk, demo: Demo) -> dict[str, Any]:
    """Let the browser's clock run to the end of the session, be warned, and go on."""
    w.sign_in("Vũ Thị Hoa Giả Định")
    w.page.clock.install()
    w.go("/mot-cua/")
    (key,) = [one["value"] for one in w.page.context.cookies() if one["name"] == "sessionid"]
    environment = {
        **os.environ,
        "TINHSO_DATA": str(demo.data),
        "TINHSO_DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "tinhso.config.settings",
    }
    subprocess.run([sys.executable, "-W", "ignore", "-c", _SHORTEN, key], env=environment, check=True)
    w.page.clock.fast_forward(13 * 60 * 1000 + 20_000)
    box = w.page.locator("dialog.idle")
    box.wait_for(timeout=10_000)
    w.page.screenshot(path=str(w.out / "sap-het-phien-1366.png"))
    w.page.set_viewport_size({"width": 360, "height": 700})
    w.page.screenshot(path=str(w.out / "sap-het-phien-360.png"))
    words = box.inner_text()
    w.page.get_by_role("button", name="Tiếp tục làm việc").click()
    box.wait_for(state="detached", timeout=10_000)
    answer = w.page.request.get(
        w.address + "/tai-khoan/phien/", headers={"X-Requested-With": "fetch", "Accept": "application/json"}
    )
    return {"warned": words, "left": answer.json()["left"]}


def main() -> int:
    """Walk, write ``access.json``, and fail on faults."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--address", default="")
    parser.add_argument("--data", type=Path)
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    running = nullcontext(Demo(asked.address, asked.data, 0)) if asked.address else fresh_demo()
    with running as demo, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        try:
            found = walk(Walk(browser, demo.address, asked.out), demo)
        except Stuck as stuck:
            print(f"stuck: {stuck}")
            return 2
        finally:
            browser.close()
    (asked.out / "access.json").write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
    for fault in found["faults"]:
        print(fault)
    return 1 if found["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())
