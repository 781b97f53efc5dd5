"""What may stand in the XML of an Office file."""

from __future__ import annotations

import re
from typing import Final

from tinhso.toolkit.text import visible

#: XML 1.0 knows no such signs.
_NO_SIGNS: Final = re.compile("[\ufffe\uffff]")


def written(text: str) -> str:
    """Return the text in NFC without signs that an Office file cannot hold; line ends and tabs stay."""
    return _NO_SIGNS.sub("", visible(text.replace("\r\n", "\n").replace("\r", "\n")))
