"""What must have happened before every kind of page can be seen: dossiers filed, asked about, signed; drafts begun."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lxml import html
from PIL import Image, ImageDraw

from tests.browser import Demo, Stuck
from tests.crawl import Crawl
from tests.journey import ANSWERS

SHEETS = Path(__file__).parents[1] / "src/tinhso/catalogue/data"
OFFICE = "UBND xã Hải Hưng"
COPIES = "2.000815"
DEATH = "1.000656"
OWNER = {
    "nguoi-owner_name": "Phạm Thị Ví Dụ",
    "nguoi-owner_identity": "036160000009",
    "nguoi-owner_phone": "0912000009",
    "nguoi-owner_address": "Xóm 4, xã Hải Hưng",
    "nguoi-who": "self",
    "nguoi-read_back": "on",
}
#: What is typed at the counter into the other boxes, by a part of their names.
BOXES = {
    "nguoi-": "",
    "number": OWNER["nguoi-owner_identity"],
    "_on": "20/11/2021",
    "issued_by": "Cục Cảnh sát",
    "copies": "2",
    "pages": "4",
    "": "Căn cước công dân",
}
#: Imported sheets: one whose papers and fee a person must look at, another content of it, and a cut line.
IMPORTED = {
    "Mã thủ tục": "1.004873",
    "Tên thủ tục": "Cấp Giấy xác nhận tình trạng hôn nhân",
    "Cấp thực hiện": "Cấp Xã",
    "Lĩnh vực": "Hộ tịch",
    "Cách thức thực hiện": [
        {
            "header": ["Hình thức nộp", "Thời hạn giải quyết", "Phí, lệ phí", "Mô tả"],
            "rows": [["Trực tiếp", "3 Ngày làm việc", "Phí : theo quy định", ""]],
        }
    ],
    "Thành phần hồ sơ": [
        {"header": ["Tên giấy tờ", "Mẫu đơn, tờ khai", "Số lượng"], "rows": [["Tờ khai", "", "vài bản"]]}
    ],
}
EXPLANATION = "Ảnh giấy chứng sinh bị mờ, chưa đọc được số. Chụp lại cả trang."


@dataclass(frozen=True)
class Scene:
    """What was made: by account, the addresses that only those who come from a form see; and a signed result."""

    addresses: Mapping[str, tuple[str, ...]]
    result: bytes


def set_the_scene(cast: Mapping[str, Crawl]) -> Scene:
    """Let the cast of Hải Hưng work.

    Lan files three birth registrations: one is signed and sealed, one waits for papers, one waits at the counter.
    Then she fills a fourth but does not send it, and begins a draft of every other procedure filed on line.
    """
    codes = [file_dossier(cast["lan"]) for _n in range(3)]
    result = _see_through(cast, codes[0])
    cast["minh"].post(
        f"/mot-cua/ho-so/{codes[1]}/bo-sung/",
        {"defect": _defect(cast["minh"], codes[1]), "explanation": EXPLANATION},
    )
    _take_in(cast["minh"])
    file_dossier(cast["lan"], sends=False)
    cast["vy"].post(f"/danh-muc/{DEATH}/soan/", {})
    _see_a_sheet(cast["vy"])
    prepared = _prepare_figures(cast["ngan"])
    return Scene(
        {
            "lan": (f"/nop/xong/{codes[2]}/", *_drafts(cast["lan"])),
            "ngan": (prepared, "/so-lieu/so-bao-cao/", "/so-lieu/cong-bo/"),
            "tham": (prepared,),
            "an": (_last_link(cast["an"], "/ban-chi-dao/kiem-tra/"),),
            "su": (_target_to_report(cast["su"]),),
        },
        result,
    )


def import_some_sheets(demo: Demo) -> None:
    """Import sheets into the demo as the machine's administrator does, so that the office has something to look at."""
    path = demo.data / "bang-thu-tuc.jsonl"
    lines = (IMPORTED, {**IMPORTED, "Lĩnh vực": "Tư pháp"}, {**IMPORTED, "Mã thủ tục": "1.001193"})
    path.write_text("".join(json.dumps(one) + "\n" for one in lines) + '{"Mã thủ tục": "1.00', "utf-8")
    subprocess.run(
        [sys.executable, "-m", "tinhso.config.cli", "import-procedures", str(path)],
        env={**os.environ, "TINHSO_DATA": str(demo.data), "TINHSO_DEMO": "1"},
        check=True,
        capture_output=True,
        timeout=120,
    )


def _see_a_sheet(vy: Crawl) -> None:
    """Take one imported sheet off the list, so that a sheet that was seen can be looked at too."""
    page = html.document_fromstring(vy.get("/danh-muc/nhap/").text())
    address = page.xpath("//tbody//a[starts-with(@href, '/danh-muc/nhap/')]/@href")[-1]
    vy.post(f"{address}da-xem/", {"note": "Đã đối chiếu với bản giấy."})


def _last_link(crawl: Crawl, address: str) -> str:
    """Return where the last row of a list leads: the last round of inspection is not concluded yet."""
    page = html.document_fromstring(crawl.get(address).text())
    found: str = page.xpath(f"//tbody//a[starts-with(@href, '{address}')]/@href")[-1]
    return found


def _target_to_report(su: Crawl) -> str:
    """Return the page of a target that the bureau reports itself."""
    page = html.document_fromstring(su.get("/ban-chi-dao/chi-tieu/").text())
    found: str = page.xpath("//a[contains(., 'Cơ quan báo cáo qua hệ thống tỉnh')]/@href")[0]
    return found


def _prepare_figures(ngan: Crawl) -> str:
    """Freeze a month that waits for the second person; return its address."""
    typed = {"title": "Tháng 3 năm 2022, bản hai", "tu": "01/03/2022", "den": "31/03/2022"}
    answer = ngan.post("/so-lieu/cong-bo/soan/", typed)
    if "/cong-bo/cb-" not in answer.url:
        raise Stuck(answer.text())
    return urlsplit(answer.url).path


def file_dossier(lan: Crawl, *, sends: bool = True) -> str:
    """File a birth registration as a person does, page by page, and return the tracking code, if it was sent."""
    lan.get("/thu-tuc/1.001193/")
    answer = lan.post("/nop/1.001193/")
    for _turn in range(20):
        page = answer.url.removeprefix(lan.demo)
        if "/nop/xong/" in page:
            return page.split("/")[3]
        root = html.document_fromstring(answer.text())
        if page.endswith("/buoc.xem-lai/") and not sends:
            return ""
        if page.endswith("/buoc.giay-to/"):
            for box in root.iterfind(".//input[@data-upload-url]"):
                lan.post(box.get("data-upload-url"), {"file": _photo()})
        answer = lan.post(page, _typed(root))
        if answer.url.removeprefix(lan.demo) == page:
            raise Stuck(f"{page}: {html.document_fromstring(answer.text()).text_content()[:2000]}")
    raise Stuck("too many pages")


def _typed(root: Any) -> dict[str, str]:
    """Return what Lan answers to a page: the questions that it asks, of ``ANSWERS``."""
    forms = root.findall(".//main//form[@method='post']")
    if not forms:
        raise Stuck(root.text_content()[:2000])
    form = forms[-1]
    asked = {box.get("name") for box in form.iter("input", "select", "textarea") if box.get("name")}
    typed = {name: str(value) for name, value in ANSWERS.items() if name in asked}
    if "office" in asked:
        chosen = next(o for o in form.iter("option") if (o.text or "").startswith(OFFICE))
        typed["office"] = chosen.get("value")
    if "declared" in asked:
        typed |= {"declared": "1", "key": dict(form.form_values())["key"]}
    return typed


def _photo() -> dict[str, Any]:
    picture = Image.new("RGB", (900, 1270), "#fbf8f2")
    pen = ImageDraw.Draw(picture)
    for line in range(12):
        pen.rectangle((90, 120 + 80 * line, 800 - 37 * (line % 4), 135 + 80 * line), fill="#5b5245")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return {"name": "giay-chung-sinh.png", "mimeType": "image/png", "buffer": out.getvalue()}


def _defect(clerk: Crawl, code: str) -> str:
    page = clerk.get(f"/mot-cua/ho-so/{code}/").text()
    found = re.search(r'name="defect" value="([^"]+)"', page)
    if not found:
        raise Stuck(f"{code}: no defect to choose")
    return found.group(1)


def _see_through(cast: Mapping[str, Crawl], code: str) -> bytes:
    desk = f"/mot-cua/ho-so/{code}/"
    cast["minh"].post(f"{desk}nhan/")
    page = html.document_fromstring(cast["son"].get(f"{desk}soan/").text())
    offered = dict(page.findall(".//main//form[@method='post']")[-1].form_values())
    cast["son"].post(
        f"{desk}soan/",
        offered
        | {"proposal": "Hồ sơ đủ và đúng, đề nghị ký.", "book": "01/2022", "personal_id": "036322000001"},
    )
    cast["hoa"].get(desk)
    cast["hoa"].post(f"{desk}ky/")
    cast["thu"].post(f"{desk}dong-dau/")
    cast["hoa"].run(f"{desk}sua-ngay/")
    answer = cast["lan"].post(f"/ho-so/{code}/ket-qua/")
    if not answer.ok:
        raise Stuck(f"{code} has no result")
    return answer.body()


def _take_in(minh: Crawl) -> None:
    """Take copies to be certified in at the counter: accepted by one press, so that the receipt is there."""
    choices = html.document_fromstring(minh.get("/mot-cua/tiep-nhan/").text())
    chosen = next(a.get("href") for a in choices.iterfind(".//main//a[@href]") if COPIES in a.get("href"))
    answer = minh.get(chosen)
    form = html.document_fromstring(answer.text()).find(".//main//form[@method='post']")
    typed = dict(form.form_values()) | OWNER | {"press": "nhan"}
    for box in form.iter("select"):
        if box.get("name").startswith("nhan-"):
            typed[box.get("name")] = box.value_options[1]
    for box in form.iter("input"):
        if box.get("type") == "radio":
            typed.setdefault(box.get("name"), box.get("value"))
        elif box.get("type") not in ("hidden", "file", "checkbox") and not typed.get(box.get("name")):
            typed[box.get("name")] = next(said for part, said in BOXES.items() if part in box.get("name"))
    done = minh.post(answer.url.removeprefix(minh.demo), typed)
    if "/xong/" not in done.url:
        raise Stuck(html.document_fromstring(done.text()).find(".//main").text_content()[:2000])
    minh.run(done.url.removeprefix(minh.demo))


def _drafts(lan: Crawl) -> Iterator[str]:
    """Begin a draft of every procedure and yield each page that its sheet names."""
    for sheet in sorted(SHEETS.glob("[0-9]*.json")):
        known = json.loads(sheet.read_text("utf-8"))
        if not known["can_file_online"]:
            continue
        first = lan.post(f"/nop/{known['code']}/").url.removeprefix(lan.demo)
        draft = first.rsplit("/", 2)[0]
        keys = [page["key"] for page in known["form"]["schema"]["x-pages"]]
        yield from (f"{draft}/{key}/" for key in ("buoc.noi-nop", *keys, "buoc.giay-to", "buoc.xem-lai"))
