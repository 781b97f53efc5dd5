"""Walk a procedure from an empty page to published, filed, published anew and filed again, in a real browser.

Run by ``tests.journey`` on its demo, after the main path: two keepers of the catalogue, a citizen, a counter clerk.
Each dossier keeps the deadline of the version under which it was filed.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

from tests.browser import Demo, Stuck

if TYPE_CHECKING:
    from tests.journey import Walk

CODE = "9.000123"
NAME = "Xác nhận việc thử nghiệm"
VY, KHOA, LAN, MINH = "Lý Vy Ví Dụ", "Tô Khoa Giả Định", "Trần Thị Lan Thử", "Đỗ Minh Họa"
#: What Vy makes first and then, by the names of the boxes: five days and 30.000 đ, two days and 20.000 đ.
FIRST = {"value": "5", "unit": "wd", "limit-basis": "915/QĐ-UBND", "vnd": "30.000", "fee-text": "30.000 đ"}
SECOND = {"value": "2", "vnd": "20.000", "fee-text": "20.000 đ"}
HOURS = {"first": ("2", "24", "8", "2", "2"), "second": ("1", "8", "4", "1", "1")}
#: When each is due: filed and accepted on Tuesday 10 May 2022, then on Wednesday.
DUE = {"first": "17/05/2022", "second": "13/05/2022"}
MORROW = "2022-05-11T08:00+07:00"
ANSWERS: dict[str, Any] = {
    "requester_name": LAN,
    "requester_phone": "0912000111",
    "requester_id__kind": "cccd",
    "requester_id__number": "036190000001",
    "requester_id__issued_on": "20/11/2021",
    "requester_id__issued_by": "Cục Cảnh sát",
    "requester_address__detail": "Xóm 4",
    "requester_address__area": "Xã Hải Hưng, huyện Hải Hậu, tỉnh Nam Định",
    "for_whom": "ban-than",
    "request": "Xác nhận một việc đặt ra để thử.",
    "receive": "qua-mang",
    "commitment": "true",
}


def walk(w: Walk, demo: Demo) -> dict[str, Any]:
    """Go the whole way; return the due days that the pages of both dossiers show, and the steps."""
    _from_empty(w)
    _publish(w, "915/QĐ-UBND", "10/05/2022")
    _service_shows(w, "30.000 đ")
    old = _file_and_accept(w)
    _second_version(w)
    _publish(w, "916/QĐ-UBND", "11/05/2022")
    _move_clock(demo)
    _service_shows(w, "20.000 đ")
    new = _file_and_accept(w)
    due = {"first": _due(w, old), "second": _due(w, new)}
    return {"due": due, "expected": DUE, "steps": w.steps, "faults": w.faults}


def _from_empty(w: Walk) -> None:
    w.sign_in(VY)
    w.go("/danh-muc/moi/")
    _set(
        w,
        {
            "code": CODE,
            "name": NAME,
            "field": "Hộ tịch",
            "responsible": "Sở Tư pháp",
            "level-commune": True,
            "online": "4",
            "basis": "915/QĐ-UBND",
        },
    )
    w.press("Mở bản soạn", "soan-moi")
    draft = w.page.url.rstrip("/").rsplit("/", 1)[-1]
    terms = {f"case-0-{channel}-{key}": v for channel in ("online", "counter") for key, v in FIRST.items()}
    marks = {f"case-0-{channel}-unverified": False for channel in ("online", "counter")}
    parts: dict[str, dict[str, Any]] = {
        "noi-lam": {"audience-citizen": True},
        "truong-hop": {**terms, **marks},
        "giay-to": {"paper-0-name": "Đơn đề nghị", "paper-0-originals": "1", "paper-0-upload": True},
        "quy-trinh": _hours("first"),
        "can-cu": {"law-0-number": "61/2018/NĐ-CP", "law-0-name": "Nghị định một cửa"},
        "trang": {"how": "Gửi đơn.\nNhận giấy.", "result_name": "Giấy xác nhận"},
    }
    for part, boxes in parts.items():
        _part(w, draft, part, boxes)
    w.go(f"/danh-muc/ban-soan/{draft}/")


def _second_version(w: Walk) -> None:
    w.sign_in(VY)
    w.go(f"/danh-muc/{CODE}/")
    w.press("Soạn bản mới", "soan-ban-sau")
    draft = w.page.url.rstrip("/").rsplit("/", 1)[-1]
    terms = {f"case-0-{channel}-{key}": v for channel in ("online", "counter") for key, v in SECOND.items()}
    _part(w, draft, "truong-hop", terms)
    w.go(f"/danh-muc/ban-soan/{draft}/")
    w.seen("quy-trinh-dai-hon-thoi-han", time.monotonic())
    shown = w.page.inner_text("main")
    offered = w.page.get_by_role("button", name="Gửi duyệt").count()
    if offered or "cộng 38 giờ làm việc, thời hạn chỉ có 16 giờ" not in shown:
        raise Stuck("a process longer than the limit may be sent to review")
    _part(w, draft, "quy-trinh", _hours("second"))
    w.go(f"/danh-muc/ban-soan/{draft}/")


def _hours(which: str) -> dict[str, Any]:
    return {f"step-0-{n}-hours": hours for n, hours in enumerate(HOURS[which])}


def _part(w: Walk, draft: str, part: str, boxes: dict[str, Any]) -> None:
    w.go(f"/danh-muc/ban-soan/{draft}/{part}/")
    _set(w, boxes)
    w.press("Lưu phần này", f"phan-{part}")
    if w.page.locator(".errors").count():
        raise Stuck(f"{part}: {w.page.locator('.errors').inner_text()}")


def _set(w: Walk, boxes: dict[str, Any]) -> None:
    """Fill boxes by their names, whatever kind they are."""
    for name, value in boxes.items():
        box = w.page.locator(f'main form [name="{name}"]').first
        if isinstance(value, bool):
            box.set_checked(value)
        elif box.evaluate("e => e.tagName") == "SELECT":
            box.select_option(value)
        else:
            box.fill(value)


def _publish(w: Walk, number: str, first: str) -> None:
    """Vy sends the draft that her page shows, Khoa approves, Vy publishes by a decision."""
    address = w.page.url.removeprefix(w.address)
    vy = w.page
    w.press("Gửi duyệt", "gui-duyet")
    w.sign_in(KHOA)
    w.go(address)
    w.press("Duyệt bản này", "duyet")
    w.page = vy
    w.go(address)
    _set(w, {"number": number, "date": "10/05/2022", "day": first})
    w.press("Công bố", "cong-bo", exact=True)
    if w.page.locator(".errors").count():
        raise Stuck(w.page.locator(".errors").inner_text())


def _service_shows(w: Walk, fee: str) -> None:
    w.sign_in(LAN)
    w.go(f"/thu-tuc/{CODE}/")
    w.seen("thu-tuc-moi", time.monotonic())
    if fee not in w.page.inner_text("main"):
        raise Stuck(f"the service page does not say {fee}")


def _file_and_accept(w: Walk) -> str:
    """File as the citizen whose window is open, accept at the counter; return the tracking code."""
    w.press("Nộp hồ sơ", "noi-nop")
    labels = w.page.locator("#office option").all_inner_texts()
    w.page.locator("#office").select_option(
        label=next(label for label in labels if label.startswith("UBND xã Hải Hưng"))
    )
    w.press("Lưu và đi tiếp", "cau-hoi")
    for _turn in range(12):
        if "/buoc.giay-to/" in w.page.url:
            break
        here = w.page.url
        w.fill(ANSWERS)
        w.press("Lưu và đi tiếp", "cau-hoi")
        if w.page.url == here:
            raise Stuck(f"{here}: {w.page.locator('.err, .errors').all_inner_texts()}")
    photo = w.out / "don.png"
    w.page.screenshot(path=str(photo))
    w.page.locator("section.paper input[type=file]").first.set_input_files(str(photo))
    w.page.locator("section.paper .file img").first.wait_for()
    w.press("Lưu và đi tiếp", "xem-lai")
    w.page.locator("[name=declared]").check()
    w.press("Nộp hồ sơ", "da-nop")
    code = w.page.locator(".slip .code").inner_text().strip()
    w.sign_in(MINH)
    w.go(f"/mot-cua/ho-so/{code}/")
    w.press("Nhận và cấp giấy hẹn", "da-nhan")
    return code


def _due(w: Walk, code: str) -> str:
    """Return the due day that the clerk's page of a dossier shows."""
    w.go(f"/mot-cua/ho-so/{code}/")
    found = re.search(r"Hẹn trả\D+(\d{2}/\d{2}/\d{4})", w.page.inner_text("main"))
    return found.group(1) if found else ""


def _move_clock(demo: Demo) -> None:
    """Let the demo's next morning come."""
    subprocess.run(
        [sys.executable, "-m", "tinhso.config.cli", "clock", "--to", MORROW],
        env={**os.environ, "TINHSO_DATA": str(demo.data), "TINHSO_DEMO": "1"},
        check=True,
        capture_output=True,
    )
