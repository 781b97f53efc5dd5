"""Draw a QR code."""

import segno
from django.utils.safestring import SafeString


def qr_svg(text: str, *, title: str = "") -> SafeString:
    """Return the QR code as inline SVG without any style attribute; its size is up to the style sheet.

    ``title`` is read aloud by screen readers. ``text`` is drawn, never written, so nothing needs escaping
    but the title, which the drawer escapes. Raises ``ValueError`` beyond about 2,000 characters.
    """
    drawn = segno.make(text, error="m", micro=False).svg_inline(
        omitsize=True, border=4, title=title or None, svgclass="qr", lineclass=None, dark="#000", light="#fff"
    )
    return SafeString(drawn)


def qr_png_data_uri(text: str, *, scale: int = 6) -> str:
    """Return the QR code as a ``data:`` address of a PNG, for PDFs and letters. Raises ``ValueError``."""
    return str(segno.make(text, error="m", micro=False).png_data_uri(scale=scale, border=4))
