"""Draw a PDF from our own HTML."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

#: The design system's fonts: the only files of the machine that a drawing may use.
FONTS: Final = Path(__file__).resolve().parents[2] / "design/static/design/fonts"
_FONT_TYPES: Final[Mapping[str, str]] = {".woff2": "font/woff2", ".ttf": "font/ttf", ".otf": "font/otf"}


class OutsideFile(FatalURLFetchingError):  # type: ignore[misc]
    """The HTML asked for something that is neither one of our fonts nor written into it (``data:``)."""


class _OurFontsOnly(URLFetcher):  # type: ignore[misc]
    """Serve fonts of the design system by name, and ``data:``; refuse everything else."""

    def __init__(self) -> None:
        """Allow no protocol but ``data:``."""
        super().__init__(allowed_protocols={"data"}, allow_redirects=False, fail_on_errors=True)

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """Return the font or the data. Raises ``OutsideFile``."""
        if url[:5].lower() == "data:":
            return super().fetch(url, headers)
        name = url.partition("?")[0].rpartition("/")[2]
        font = FONTS / name
        if not url.startswith(FONTS.as_uri() + "/") or font.suffix not in _FONT_TYPES or not font.is_file():
            raise OutsideFile(url[:200])
        return URLFetcherResponse(url, font.read_bytes(), {"Content-Type": _FONT_TYPES[font.suffix]})


def draw_pdf(html: str, stylesheets: Sequence[str] = ()) -> bytes:
    """Return the HTML as a tagged PDF with embedded fonts; the same text gives the same bytes.

    ``stylesheets`` are texts of CSS. Fonts are named by their file alone, as in
    ``url("be-vietnam-pro-latin-400.woff2")``. About 40 ms for a page.
    Raises ``OutsideFile`` when anything else is asked for.
    """
    base = FONTS.as_uri() + "/"
    fonts = FontConfiguration()
    fetcher = _OurFontsOnly()
    sheets = [CSS(string=text, base_url=base, url_fetcher=fetcher, font_config=fonts) for text in stylesheets]
    mark = sha256("\0".join([html, *stylesheets]).encode()).digest()[:16]
    page = HTML(string=html, base_url=base, url_fetcher=fetcher)
    return bytes(page.write_pdf(stylesheets=sheets, font_config=fonts, pdf_identifier=mark, pdf_tags=True))
