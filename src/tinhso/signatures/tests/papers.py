"""A paper to sign, drawn as results are."""

from __future__ import annotations

from weasyprint import HTML

_PAPER = """
<html lang="vi"><title>Giấy xác nhận</title>
<style>@page {{ size: A4; margin: 20mm }} a {{ display: block }} body {{ font: 13pt serif }}</style>
<p>ỦY BAN NHÂN DÂN XÃ GIẢ ĐỊNH</p>
<div style="display: flex">Số: <a href="tinhso:number" style="width: 60mm; height: 7mm"></a></div>
<a href="tinhso:date" style="width: 100mm; height: 7mm; margin-left: 70mm"></a>
<h1>GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN</h1><p>Xác nhận bà Phạm Thị Mẫu chưa đăng ký kết hôn.</p>
<p><a href="https://example.org/" style="display: inline">Xem thêm</a></p>
<div style="margin-left: 90mm; width: 75mm">CHỦ TỊCH{places}Trần Văn Thử</div>
</html>"""
_SIGNATURE = '<a href="tinhso:signature" style="width: 70mm; height: 30mm"></a>'


def draw(*, places: str = _SIGNATURE) -> bytes:
    """Draw a one-page paper with marked places and tags."""
    return bytes(HTML(string=_PAPER.format(places=places)).write_pdf(pdf_tags=True, pdf_identifier=b"0" * 16))
