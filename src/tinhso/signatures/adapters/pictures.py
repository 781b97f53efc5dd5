"""Draw the visible marks of the demo: a handwritten-looking signature in blue, a round seal in red.

In earnest both are pictures that the office registered. These are made from names, and say "trình diễn".
"""

from __future__ import annotations

import hashlib
import math
import random
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

#: Tinos (OFL), as wide as Times New Roman; Latin and Vietnamese only, and 1,000 units to the em: pyHanko writes
#: widths unscaled, which is right at that size alone.
_FONTS = Path(__file__).parents[2] / "design/static/design/fonts"
_BLUE = (16, 52, 166)
_RED = (206, 17, 38)
_SCALE = 3  # drawn larger, then reduced: smooth edges
_DEMO = "TRÌNH DIỄN"


def serif(*, bold: bool = False) -> Path:
    """Return the file of the serif font for statutory papers."""
    return _FONTS / ("Tinos-Bold.ttf" if bold else "Tinos-Regular.ttf")


@lru_cache(maxsize=64)
def handwriting(name: str) -> Image.Image:
    """Return a blue scribble that always looks the same for ``name``: 560 × 240 pixels, transparent."""
    width, height = 560 * _SCALE, 240 * _SCALE
    chance = random.Random(hashlib.sha256(name.encode()).digest())  # noqa: S311 - a drawing, not a secret
    mask = Image.new("L", (width, height), 0)
    pen = ImageDraw.Draw(mask)
    loops = max(3, min(6, len(name.split()) + 2))
    points: list[tuple[float, float]] = []
    for step in range(loops * 40):
        turn = step / 40
        across = 0.1 + 0.62 * step / (loops * 40)
        swing = 0.30 * math.exp(-0.32 * turn) + 0.05
        lean = 0.07 * math.cos(2 * math.pi * turn + chance.random() * 0.12)
        x = width * (across + lean)
        y = height * (0.46 - swing * math.sin(2 * math.pi * turn * (0.85 + 0.3 * math.sin(turn))))
        points.append((x, y))
    tail = chance.uniform(0.52, 0.66)
    points += [(width * (0.72 + 0.2 * t / 20), height * (0.46 + (tail - 0.46) * t / 20)) for t in range(21)]
    points += [(width * (0.92 - 0.78 * t / 40), height * (tail + 0.06 * math.sin(t / 6))) for t in range(41)]
    for (x0, y0), (x1, y1) in pairwise(points):
        thick = round(_SCALE * (3.2 + 2.2 * abs(math.sin((x0 + y0) / (60 * _SCALE)))))
        pen.line((x0, y0, x1, y1), fill=235, width=thick)
        pen.ellipse((x1 - thick / 2, y1 - thick / 2, x1 + thick / 2, y1 + thick / 2), fill=235)
    font = ImageFont.truetype(serif(), 26 * _SCALE)
    pen.text((width * 0.5, height * 0.88), f"chữ ký mẫu · {_DEMO.lower()}", font=font, fill=200, anchor="mm")
    return _coloured(mask, _BLUE)


@lru_cache(maxsize=256)
def round_seal(office: str) -> Image.Image:
    """Return a red round seal with the office's name around a star: 480 × 480 pixels, transparent."""
    side = 480 * _SCALE
    mask = Image.new("L", (side, side), 0)
    pen = ImageDraw.Draw(mask)
    middle = side / 2
    for radius, thick in ((0.49, 9), (0.455, 3), (0.27, 3)):
        r = side * radius
        pen.ellipse((middle - r, middle - r, middle + r, middle + r), outline=230, width=thick * _SCALE)
    _star(pen, middle, side * 0.15)
    _around(mask, office.upper(), radius=side * 0.36, size=side * 0.098, top=True)
    _around(mask, f"★ {_DEMO} ★".replace("★", "*"), radius=side * 0.36, size=side * 0.062, top=False)
    return _coloured(mask, _RED)


def _star(pen: ImageDraw.ImageDraw, middle: float, radius: float) -> None:
    corners = []
    for i in range(10):
        r = radius if i % 2 == 0 else radius * 0.382
        angle = math.pi * (i / 5 - 0.5)
        corners.append((middle + r * math.cos(angle), middle + r * math.sin(angle)))
    pen.polygon(corners, fill=230)


def _around(mask: Image.Image, text: str, *, radius: float, size: float, top: bool) -> None:
    longest = 1.28 * math.pi * radius if top else 0.6 * math.pi * radius
    font = ImageFont.truetype(serif(bold=True), round(size))
    length = font.getlength(text)
    if length > longest:
        font = ImageFont.truetype(serif(bold=True), max(12, round(size * longest / length)))
        length = font.getlength(text)
    middle = mask.width / 2
    done = 0.0
    for letter in text:
        wide = font.getlength(letter)
        along = (done + wide / 2 - length / 2) / radius
        done += wide
        angle = along - math.pi / 2 if top else math.pi / 2 - along
        tile = Image.new("L", (round(size * 2.4), round(size * 2.4)), 0)
        ImageDraw.Draw(tile).text(
            (tile.width / 2, tile.height / 2),
            letter,
            font=font,
            fill=235,
            anchor="mm" if letter == "*" else "ms",
        )
        turned = tile.rotate(-math.degrees(along if top else -along), resample=Image.Resampling.BICUBIC)
        # the baseline lies on the circle: inside it at the top, and at the bottom letters stand upright
        r = radius - size * 0.30 if top else radius + size * 0.35
        x = middle + r * math.cos(angle) - turned.width / 2
        y = middle + r * math.sin(angle) - turned.height / 2
        mask.paste(255, (round(x), round(y)), turned)


def _coloured(mask: Image.Image, colour: tuple[int, int, int]) -> Image.Image:
    small = mask.resize((mask.width // _SCALE, mask.height // _SCALE), Image.Resampling.LANCZOS)
    picture = Image.new("RGBA", small.size, (*colour, 0))
    picture.putalpha(small)
    return picture
