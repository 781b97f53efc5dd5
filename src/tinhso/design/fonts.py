"""Build the digits-only face "Be Vietnam Pro So" from Be Vietnam Pro (SIL Open Font License 1.1).

Be Vietnam Pro has proportional figures and no ``tnum`` feature, so columns of numbers do not line up. This
face holds the ten digits alone, every one on the same advance and centred on it; the style sheet puts it
before the text face.

Run once when the text face changes: ``python -m tinhso.design.fonts``. The results are kept in
``static/design/fonts``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FOLDER: Final = Path(__file__).parent / "static/design/fonts"
FAMILY: Final = "Be Vietnam Pro So"
DIGITS: Final = range(0x30, 0x3A)
ADVANCE: Final = 660
WEIGHTS: Final = {400: "Regular", 600: "SemiBold"}
_FAMILY_IDS: Final = (1, 16)
_FULL_NAME_IDS: Final = (3, 4)
_POSTSCRIPT_ID: Final = 6
_SUBFAMILY_IDS: Final = (2, 17)


def build(source: Path, target: Path, style: str) -> None:
    """Write ``target`` (woff2) with the ten digits of ``source``, each ``ADVANCE`` units wide and centred.

    ``style`` names the weight inside the font ("Regular", "SemiBold"). Raises ``OSError`` when a file cannot
    be read.
    """
    font = TTFont(source)
    options = Options(layout_features=[], name_IDs=["*"], notdef_outline=True, hinting=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=DIGITS)
    subsetter.subset(font)
    glyphs, metrics = font["glyf"], font["hmtx"]
    for code in DIGITS:
        name = font.getBestCmap()[code]
        glyph = glyphs[name]
        width = glyph.xMax - glyph.xMin
        bearing = (ADVANCE - width) // 2
        glyph.coordinates.translate((bearing - glyph.xMin, 0))
        glyph.recalcBounds(glyphs)
        metrics[name] = (ADVANCE, bearing)
    for record in font["name"].names:
        if record.nameID in _FAMILY_IDS:
            record.string = FAMILY
        elif record.nameID in _SUBFAMILY_IDS:
            record.string = style
        elif record.nameID in _FULL_NAME_IDS:
            record.string = f"{FAMILY} {style}"
        elif record.nameID == _POSTSCRIPT_ID:
            record.string = f"{FAMILY.replace(' ', '')}-{style}"
    font.flavor = "woff2"
    font.save(target)


def main() -> None:
    """Build every weight beside the text face it comes from."""
    for weight, style in WEIGHTS.items():
        build(
            FOLDER / f"be-vietnam-pro-latin-{weight}.woff2",
            FOLDER / f"be-vietnam-pro-so-{weight}.woff2",
            style,
        )


if __name__ == "__main__":
    main()
