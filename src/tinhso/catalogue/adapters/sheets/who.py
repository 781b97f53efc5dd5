"""Who carries a procedure out, and for whom it is."""

from __future__ import annotations

import re
from typing import Final

from tinhso.catalogue.adapters.sheets.plain import line, short
from tinhso.catalogue.adapters.sheets.shape import LEVELS, Flag
from tinhso.toolkit.text import fold

_LEVELS: Final = {
    "cap bo": "ministry",
    "bo": "ministry",
    "cap bo nganh": "ministry",
    "cap tinh": "province",
    "tinh": "province",
    "cap tinh/thanh pho": "province",
    "cap quan/huyen": "district",
    "cap huyen": "district",
    "huyen": "district",
    "cap xa": "commune",
    "xa": "commune",
    "cap xa/phuong/thi tran": "commune",
    "cap xa/phuong/dac khu": "commune",
    "co quan khac": "other",
}
#: Longest first: each is one entry of the published list, though some hold a comma.
_AUDIENCE: Final = (
    ("to chuc (khong bao gom doanh nghiep, htx)", "organisation"),
    ("doanh nghiep co von dau tu nuoc ngoai", "business"),
    ("nguoi viet nam dinh cu o nuoc ngoai", "overseas"),
    ("nguoi nuoc ngoai cu tru tai viet nam", "foreigner"),
    ("can bo, cong chuc, vien chuc", "officer"),
    ("doanh nghiep nuoc ngoai", "business"),
    ("doanh nghiep viet nam", "business"),
    ("to chuc nuoc ngoai", "organisation"),
    ("to chuc viet nam", "organisation"),
    ("cong dan viet nam", "citizen"),
    ("nguoi nuoc ngoai", "foreigner"),
    ("ho kinh doanh", "household"),
    ("ho gia dinh", "household"),
    ("hop tac xa", "cooperative"),
    ("doanh nghiep", "business"),
    ("co quan nha nuoc", "agency"),
    ("to chuc", "organisation"),
    ("cong dan", "citizen"),
    ("ca nhan", "citizen"),
)
AUDIENCE: Final = (
    "citizen",
    "household",
    "business",
    "cooperative",
    "organisation",
    "foreigner",
    "overseas",
    "agency",
    "officer",
)
_KEYS: Final = dict(_AUDIENCE)
_ENTRY: Final = re.compile(
    r"\s*(?:" + "|".join(re.escape(words) for words, _key in _AUDIENCE) + r")\s*(?=[,;\n]|$)|[^,;\n]+"
)


def levels_of(cell: str, flags: list[Flag]) -> tuple[str, ...]:
    """Return the executing levels, from the commune up. What is no known level is flagged."""
    text = line(cell)
    found = set()
    for part in re.split(r"[,;]", text):
        if not (words := fold(part)):
            continue
        if words in _LEVELS:
            found.add(_LEVELS[words])
        else:
            flags.append(Flag("levels", "Không nhận ra cấp thực hiện.", short(part.strip())))
    if not text:
        flags.append(Flag("levels", "Nguồn không ghi cấp thực hiện.", ""))
    return tuple(level for level in LEVELS if level in found)


def audience_of(cell: str, flags: list[Flag]) -> tuple[str, ...]:
    """Return for whom the procedure is, as keys. Who is not of the published list is flagged."""
    text = line(cell)
    if not text:
        flags.append(Flag("audience", "Nguồn không ghi ai làm được.", ""))
    found = set()
    for entry in _ENTRY.findall(fold(text)):
        words = entry.strip()
        if words in _KEYS:
            found.add(_KEYS[words])
        elif words:
            flags.append(Flag("audience", "Không nhận ra đối tượng thực hiện.", short(words)))
    return tuple(key for key in AUDIENCE if key in found)
