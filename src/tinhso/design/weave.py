"""Vân kiểm chứng: a SHA-256 drawn as a basket weave, for the eye only. The proof is the signature."""

from __future__ import annotations

from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

SIZE: Final = 13
HALF: Final = 7
_HEX_LENGTH: Final = 64


def cells(sha256: str) -> list[list[bool]]:
    """Return the 13 × 13 weave of ``sha256`` (64 hexadecimal digits): True is weft, False warp.

    The first 49 bits fill the top left quarter row by row, with the middle row and column; the rest is its
    mirror. Raises ``ValueError`` when the text is not a SHA-256.
    """
    digits = sha256.replace(" ", "")
    if len(digits) != _HEX_LENGTH:
        msg = "a SHA-256 has 64 hexadecimal digits"
        raise ValueError(msg)
    bits = f"{int(digits, 16):0256b}"
    fold = [min(place, SIZE - 1 - place) for place in range(SIZE)]
    return [[bits[HALF * row + column] == "1" for column in fold] for row in fold]


def svg(sha256: str, size: int = 132) -> SafeString:
    """Draw the weave ``size`` pixels wide. Colours are attributes, so it prints without a style sheet.

    Raises ``ValueError`` when the text is not a SHA-256.
    """
    warp: list[str] = []
    weft: list[str] = []
    for row, line in enumerate(cells(sha256)):
        for column, is_weft in enumerate(line):
            if is_weft:
                weft.append(f"M{10 * column - 0.5} {10 * row + 2.5}h11v5h-11z")
            else:
                warp.append(f"M{10 * column + 3} {10 * row - 0.5}h4v11h-4z")
    return format_html(
        '<svg class="weave" viewBox="-6 -6 142 142" width="{}" height="{}" role="img" aria-label="{}">'
        '<rect class="bed" x="-6" y="-6" width="142" height="142" fill="#F3EEE3"/>'
        '<path class="warp" fill="#C79A3B" d="{}"/><path class="weft" fill="#1B4A80" d="{}"/></svg>',
        size,
        size,
        _("Vân kiểm chứng: hình dệt từ dãy số của tệp, chỉ để so bằng mắt"),
        SafeString("".join(warp)),
        SafeString("".join(weft)),
    )


def grouped(sha256: str) -> str:
    """Return the digits in groups of four, as they stand beside every weave."""
    digits = sha256.replace(" ", "").lower()
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))
