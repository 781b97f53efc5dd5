"""Open data: the catalogue of procedures as CSV, JSON and a DCAT-AP 3 entry."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import threading
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tinhso.catalogue.api import OpenRow, last_published, open_rows
from tinhso.directory.api import reference_stamp
from tinhso.measures.api import OpenFigures, open_figures
from tinhso.portal.adapters.dcat import Dataset, Download, Entry, dcat_entry
from tinhso.portal.rules import PHONE, PROVINCE
from tinhso.toolkit import clock
from tinhso.toolkit.open_answer import open_to_all
from tinhso.toolkit.public_page import public_page
from tinhso.toolkit.spreadsheet import guarded

#: The columns of both files, with what each holds; the order is that of the CSV.
COLUMNS: Final = (
    ("ma_thu_tuc", "Mã thủ tục trong cơ sở dữ liệu quốc gia"),
    ("ten_thu_tuc", "Tên thường gọi"),
    ("ten_theo_quyet_dinh", "Tên theo quyết định công bố"),
    ("linh_vuc", "Lĩnh vực"),
    ("co_quan_chiu_trach_nhiem", "Cơ quan chịu trách nhiệm nội dung"),
    ("cap_thuc_hien", "Cấp thực hiện: xã, huyện, tỉnh, bộ; cách nhau bằng dấu chấm phẩy"),
    ("muc_do", "Mức độ dịch vụ công của ngày xuất; để trống: chưa có quyết định"),
    ("he_muc_do", "Năm của cách chia mức độ: 2011 (mức 1 đến 4) hoặc 2022 (2, 3 một phần, 4 toàn trình)"),
    ("thoi_han", "Thời hạn của trường hợp thường, nộp tại quầy, bằng chữ"),
    ("thoi_han_so", "Thời hạn: con số"),
    (
        "thoi_han_don_vi",
        "Đơn vị, theo thứ tự: giờ làm việc, ngày làm việc, ngày, tháng, trong ngày, không hẹn",
    ),
    ("phi_le_phi", "Phí, lệ phí của trường hợp thường, bằng chữ"),
    ("phi_dong", "Số tiền thường trả, đồng"),
    ("nop_qua_mang", "Nộp được qua mạng trong ngày xuất: co hoặc khong"),
    ("doi_tuong", "Đối tượng thực hiện; cách nhau bằng dấu chấm phẩy"),
    ("hieu_luc_tu", "Ngày nội dung có hiệu lực, năm-tháng-ngày"),
    ("trong_danh_muc_tinh", "Thuộc danh mục của tỉnh: co hoặc khong"),
    ("la_minh_hoa", "Mức độ, thời hạn hoặc phí là số minh họa: co hoặc khong"),
    ("chua_kiem_chung", "Mã, thời hạn hoặc phí chưa kiểm chứng: co hoặc khong"),
    ("trang", "Địa chỉ trang thủ tục"),
)
LEVEL_WORDS: Final = {
    "commune": "xã",
    "district": "huyện",
    "province": "tỉnh",
    "ministry": "bộ",
    "other": "khác",
}
AUDIENCE_WORDS: Final = {
    "citizen": "công dân",
    "household": "hộ gia đình",
    "business": "doanh nghiệp",
    "cooperative": "hợp tác xã",
    "organisation": "tổ chức",
    "foreigner": "người nước ngoài",
    "overseas": "người Việt Nam định cư ở nước ngoài",
    "agency": "cơ quan nhà nước",
    "officer": "cán bộ, công chức",
}
#: The files of the figures: ending, media type, name in the EU's list of formats.
FIGURE_FILES: Final = (
    ("csv", "text/csv", "CSV"),
    ("json", "application/json", "JSON"),
    ("parquet", "application/vnd.apache.parquet", "PARQUET"),
)
#: Rows in one piece of an answer.
PIECE: Final = 200
OPEN_SINCE: Final = dt.date(2022, 5, 1)
_making = threading.Lock()


def cells_of(row: OpenRow, page: str) -> dict[str, str | int | None]:
    """Return a row by the names of ``COLUMNS``; ``page`` is the address of its service page."""
    return {
        "ma_thu_tuc": row.code,
        "ten_thu_tuc": row.name,
        "ten_theo_quyet_dinh": row.legal_name,
        "linh_vuc": row.field,
        "co_quan_chiu_trach_nhiem": row.responsible,
        "cap_thuc_hien": "; ".join(LEVEL_WORDS.get(level, level) for level in row.executing_levels),
        "muc_do": row.level,
        "he_muc_do": row.system,
        "thoi_han": row.limit,
        "thoi_han_so": row.limit_value,
        "thoi_han_don_vi": row.limit_unit,
        "phi_le_phi": row.fee,
        "phi_dong": row.fee_vnd,
        "nop_qua_mang": _yes(row.can_file_online),
        "doi_tuong": "; ".join(AUDIENCE_WORDS.get(one, one) for one in row.audience),
        "hieu_luc_tu": row.effective_from.isoformat(),
        "trong_danh_muc_tinh": _yes(row.is_listed),
        "la_minh_hoa": _yes(row.is_illustrative),
        "chua_kiem_chung": _yes(row.is_unverified),
        "trang": page,
    }


def _yes(fact: bool) -> str:
    return "co" if fact else "khong"


def _address(base: str, code: str) -> str:
    return base + reverse("portal:service", args=[code])


def csv_pieces(rows: Iterator[OpenRow], base: str) -> Iterator[bytes]:
    """Yield the CSV: UTF-8 with a byte order mark, CRLF, every formula guarded."""
    page = io.StringIO(newline="")
    sheet = csv.writer(page, lineterminator="\r\n")
    page.write("\ufeff")
    sheet.writerow([name for name, _says in COLUMNS])
    for n, row in enumerate(rows, 1):
        sheet.writerow([guarded(cell) for cell in cells_of(row, _address(base, row.code)).values()])
        if n % PIECE == 0:
            yield page.getvalue().encode()
            page.seek(0)
            page.truncate()
    yield page.getvalue().encode()


def json_pieces(rows: Iterator[OpenRow], base: str, on: dt.date) -> Iterator[bytes]:
    """Yield ``{"ngay", "thu_tuc": [row], "so_thu_tuc"}``; a row has the names of the columns."""
    piece = [f'{{"ngay": "{on.isoformat()}", "thu_tuc": [']
    count = 0
    for row in rows:
        piece.append(
            f"{',' if count else ''}\n"
            + json.dumps(cells_of(row, _address(base, row.code)), ensure_ascii=False)
        )
        count += 1
        if count % PIECE == 0:
            yield "".join(piece).encode()
            piece = []
    piece.append(f'\n], "so_thu_tuc": {count}}}\n')
    yield "".join(piece).encode()


@lru_cache(maxsize=4)
def _pieces(_stamp: dt.datetime, on: dt.date, kind: str, base: str) -> tuple[bytes, ...]:
    rows = open_rows(on)
    return tuple(csv_pieces(rows, base) if kind == "csv" else json_pieces(rows, base, on))


def _download(request: HttpRequest, kind: str, media_type: str) -> HttpResponseBase:
    """Stream a file. It is made once for each day and state of the catalogue, by one at a time in a process."""
    on, stamp = clock.today(), reference_stamp()
    tag = f'"{on.isoformat()}-{stamp.timestamp():.6f}-{kind}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    with _making:
        pieces = _pieces(stamp, on, kind, f"{request.scheme}://{request.get_host()}")
    response = StreamingHttpResponse(iter(pieces), content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="thu-tuc-{on.isoformat()}.{kind}"'
    response["Content-Length"] = str(sum(map(len, pieces)))
    return open_to_all(response, tag)


@require_safe
def procedures_csv(request: HttpRequest) -> HttpResponseBase:
    """Give the catalogue of the day as CSV."""
    return _download(request, "csv", "text/csv; charset=utf-8")


@require_safe
def procedures_json(request: HttpRequest) -> HttpResponseBase:
    """Give the catalogue of the day as JSON."""
    return _download(request, "json", "application/json")


@require_safe
def dcat(request: HttpRequest) -> HttpResponse:
    """Give the entry for other data portals: DCAT-AP 3 as JSON-LD."""
    stamp = reference_stamp()
    response = HttpResponse(
        json.dumps(dcat_entry(entry_of(request, stamp)), ensure_ascii=False, indent=1),
        content_type="application/ld+json",
    )
    figures = open_figures()
    changed = f"{figures[0].modified.timestamp():.6f}" if figures else "0"
    return open_to_all(response, f'"{clock.today().isoformat()}-{stamp.timestamp():.6f}-{changed}-dcat"')


def entry_of(request: HttpRequest, stamp: dt.datetime) -> Entry:
    """Return what the entry says. ``stamp`` is when the catalogue last changed."""
    at: Callable[[str], str] = lambda name: request.build_absolute_uri(reverse(f"portal:{name}"))  # noqa: E731
    return Entry(
        page=at("open_data"),
        home=at("home"),
        publisher=PROVINCE,
        phone=PHONE,
        licence=_("Dùng tự do, miễn phí, cả để kinh doanh; ghi nguồn (Nghị định 47/2020/NĐ-CP, điều 17)"),
        issued=OPEN_SINCE,
        datasets=(
            Dataset(
                address=f"{at('open_data')}#thu-tuc",
                page=at("open_data"),
                title=_("Danh mục thủ tục hành chính"),
                description=_(
                    "Mỗi thủ tục một dòng: cơ quan, cấp thực hiện, mức độ dịch vụ công, thời hạn, phí. "
                    "Dòng có số minh họa hoặc chưa kiểm chứng đều có đánh dấu."
                ),
                keywords=(_("thủ tục hành chính"), _("dịch vụ công")),
                modified=(last_published() or clock.now()).astimezone(clock.VN),
                frequency="DAILY",
                downloads=(
                    Download(at("procedures_csv"), "text/csv", "CSV", _("Bảng CSV")),
                    Download(at("procedures_json"), "application/json", "JSON", _("Tệp JSON")),
                ),
            ),
            *(_figures_entry(request, one) for one in open_figures()),
        ),
    )


def _figures_entry(request: HttpRequest, one: OpenFigures) -> Dataset:
    """Return what the entry says of a dataset of the figures."""
    page = request.build_absolute_uri(reverse("measures:open_figures", args=[one.dataset.key]))
    return Dataset(
        address=f"{page}#bo-du-lieu",
        page=page,
        title=one.dataset.title,
        description=_("%(says)s Số từ 1 đến 4, và số mà từ đó tính ra được, không nêu.")
        % {"says": one.dataset.says},
        keywords=(_("số liệu"), _("giải quyết thủ tục hành chính")),
        modified=one.modified.astimezone(clock.VN),
        frequency="MONTHLY",
        downloads=tuple(
            Download(
                request.build_absolute_uri(
                    reverse("measures:open_figures_file", args=[one.dataset.key, year, kind])
                ),
                media_type,
                file_type,
                f"{year}, {file_type}",
            )
            for year in one.years
            for kind, media_type, file_type in FIGURE_FILES
        ),
    )


@require_safe
@public_page
def open_data(request: HttpRequest) -> HttpResponse:
    """Show what is open, what each column means and on which terms it may be used."""
    return render(
        request,
        "portal/open_data.html",
        {"figures": open_figures(), "columns": COLUMNS, "today": clock.today(), "changed": last_published()},
    )
