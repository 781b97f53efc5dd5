"""Walk the Steering Committee's three stories in a real browser, on the morning of the conference.

Run by ``tests.journey`` on its demo: a district registers its plan from an Excel annex; the chair assigns a task in the
meeting and sees it confirmed with evidence; the secretary makes the review, the chair approves it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from io import BytesIO
from typing import TYPE_CHECKING, Any

import xlsxwriter
from python_calamine import CalamineWorkbook

from tests.browser import Demo, Stuck

if TYPE_CHECKING:
    from tests.journey import Walk

CHAIR, SECRETARY, APPRAISER = "Trưởng Thịnh Minh Họa", "Đinh Thị Giả Định", "Lương Thẩm Định Mẫu"
DISTRICT, BUREAU = "Trịnh Văn Nháp", "Ngô Văn Giả Sử"
#: The district's chair is nobody of the cast: signs in by account and one-time code.
SIGNER, PASSWORD = "h40.33.leader", "trinh-dien-2022"
TASK = "Công bố danh sách xã đã nối mạng chuyên dùng"
NEW_ROW = "Lắp màn hình tra cứu hồ sơ tại bộ phận một cửa"
WIDE = 1920


def walk(w: Walk, demo: Demo) -> dict[str, Any]:
    """Go all three ways; return what the pages said at the end of each."""
    registered = _register(w, demo)
    done = _assign_and_confirm(w)
    review = _review(w)
    return {"registered": registered, "task": done, "review": review, "steps": w.steps, "faults": w.faults}


def _register(w: Walk, demo: Demo) -> str:
    """Let the district register its plan of 2022 from an Excel annex; return how many offices have."""
    w.sign_in(DISTRICT)
    w.go("/ban-chi-dao/viec-cua-toi/")
    w.seen("viec-cua-huyen", time.monotonic())
    w.press("Kế hoạch chuyển đổi số năm 2022", "ke-hoach")
    plan = w.page.url.removeprefix(w.address)
    with w.page.expect_download() as sheet:
        w.page.get_by_role("link", name="Tải Excel").first.click()
    changed = w.out / "phu-luc.xlsx"
    changed.write_bytes(_with_a_row(sheet.value.path().read_bytes()))
    w.press("Nhập lại từ Excel", "nhap-excel")
    w.page.locator("input[type=file]").set_input_files(str(changed))
    w.press("Xem trước chỗ khác", "xem-truoc")
    if NEW_ROW not in w.page.inner_text("main"):
        raise Stuck(w.page.inner_text("main")[:600])
    w.press("Nhập 9 nhiệm vụ", "da-nhap")
    w.press("Gửi lấy ý kiến", "hoi-y-kien")
    w.page.get_by_label("Sở Thông tin và Truyền thông").check()
    w.press("Gửi lấy ý kiến", "da-hoi")
    w.sign_in(BUREAU)
    w.go(plan)
    w.press("Góp ý", "gop-y")
    w.page.get_by_label("Nhất trí").check()
    w.press("Gửi góp ý", "da-gop-y")
    w.sign_in(DISTRICT)
    w.go(plan)
    w.press("Gửi thẩm định", "da-gui-tham-dinh")
    w.sign_in(APPRAISER)
    w.go(plan)
    w.press("Thẩm định đạt", "da-tham-dinh")
    _sign_in_by_account(w, demo, SIGNER)
    w.go(plan)
    w.press("Ký kế hoạch", "da-ky-ke-hoach")
    w.sign_in(DISTRICT)
    w.go(plan)
    w.page.locator("#so").fill("77/KH-UBND")
    w.press("Ban hành và đăng ký", "da-dang-ky")
    w.go("/ban-chi-dao/ke-hoach/")
    w.seen("cac-ke-hoach", time.monotonic())
    found = re.search(r"(\d+) trên (\d+) cơ quan", w.page.inner_text("h1"))
    return found.group(0) if found else w.page.inner_text("h1")


def _with_a_row(content: bytes) -> bytes:
    """Return the downloaded annex as a person gives it back: the same table with one row more."""
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    last = next(row for row in reversed(rows) if any("Hướng dẫn người dân" in str(cell) for cell in row))
    more = [NEW_ROW if "Hướng dẫn người dân" in str(cell) else cell for cell in last]
    at = rows.index(last) + 1
    numbered = [cell + 1 if n == 0 and isinstance(cell, float) else cell for n, cell in enumerate(more)]
    written = BytesIO()
    with xlsxwriter.Workbook(written, {"default_date_format": "dd/mm/yyyy"}) as book:
        page = book.add_worksheet()
        for place, row in enumerate([*rows[:at], numbered]):
            for column, cell in enumerate(row):
                page.write(place, column, cell)
    return written.getvalue()


def _sign_in_by_account(w: Walk, demo: Demo, username: str) -> None:
    w.page = w.window()
    w.go("/tai-khoan/login/")
    w.page.locator("#id_login").fill(username)
    w.page.locator("[name=password]").fill(PASSWORD)
    with w.page.expect_navigation():
        w.page.locator("form:has(#id_login) button[type=submit]").click()
    w.seen("mat-khau", time.monotonic())
    said = subprocess.run(
        [sys.executable, "-m", "tinhso.config.cli", "demo", "totp", username],
        env={**os.environ, "TINHSO_DATA": str(demo.data), "TINHSO_DEMO": "1"},
        check=True,
        capture_output=True,
        text=True,
    )
    w.page.locator("[name=code]").fill(said.stdout.strip().splitlines()[-1])
    with w.page.expect_navigation():
        w.page.locator("form:has([name=code]) button[type=submit]").click()


def _assign_and_confirm(w: Walk) -> str:
    """Let the chair assign in the meeting, the bureau report with a paper, the secretary confirm; return how it stands."""
    w.sign_in(CHAIR)
    w.go("/ban-chi-dao/")
    w.seen("bang-dieu-hanh", time.monotonic())
    w.page.set_viewport_size({"width": WIDE, "height": 1080})
    w.page.screenshot(path=str(w.out / f"{len(w.steps):02d}-bang-dieu-hanh-{WIDE}.png"), full_page=True)
    w.page.set_viewport_size({"width": 1366, "height": 900})
    w.go("/ban-chi-dao/nhiem-vu/giao-trong-hop/")
    w.fill(
        {
            "title": TASK,
            "lead": "Sở Thông tin và Truyền thông",
            "due": "31/05/2022",
            "product": "Danh sách trên cổng",
        }
    )
    w.press("Giao rồi viết việc tiếp", "da-giao")
    w.press(TASK, "viec-da-giao")
    task, chair = w.page.url.removeprefix(w.address), w.page
    w.sign_in(BUREAU)
    w.go(f"{task}bao-cao/")
    w.fill({"text": "Đã công bố danh sách 88 xã.", "minh-chung-1": "Danh sách đã công bố"})
    w.page.locator("[name=tep-1]").set_input_files(str(_paper(w)))
    w.page.locator("[name=is_final]").check()
    w.press("Gửi báo cáo", "da-bao-cao")
    w.sign_in(SECRETARY)
    w.go(task)
    w.page.get_by_label("Xác nhận", exact=True).first.check()
    w.press("Xác nhận 1 bằng chứng", "da-xac-nhan")
    w.page = chair
    w.go(task)
    w.seen("truong-ban-thay", time.monotonic())
    return w.page.locator(".tagrow-r").inner_text()


def _paper(w: Walk) -> Any:
    photo = w.out / "danh-sach.png"
    w.page.screenshot(path=str(photo))
    return photo


def _review(w: Walk) -> str:
    """Let the secretary make the review of the four months and the chair approve it; return its state."""
    w.sign_in(SECRETARY)
    w.go("/ban-chi-dao/so-ket/")
    w.fill({"first": "01/01/2022", "last": "10/05/2022"})
    w.press("Soạn sơ kết", "so-ket")
    review = w.page.url.removeprefix(w.address)
    if "1.605" not in w.page.inner_text("main"):
        raise Stuck("the review does not count the services")
    with w.page.expect_download() as report:
        w.page.get_by_role("link", name="Tải Word").first.click()
    if not report.value.path().read_bytes().startswith(b"PK"):
        raise Stuck("the report is no Word file")
    w.press("Trình Trưởng ban", "da-trinh-so-ket")
    w.sign_in(CHAIR)
    w.go(review)
    w.page.locator("#so_number").fill("15/BC-BCĐ")
    w.press("Duyệt báo cáo", "da-duyet-so-ket")
    return "15/BC-BCĐ" if "15/BC-BCĐ" in w.page.inner_text("main") else w.page.inner_text("main")[:300]
