"""Keep the journal's heads where neither the database nor the application can change them.

Called by `tinhso-heads.service` under an account of its own, as ``python -m tinhso.config.install.heads FROM INTO``.
It knows no Django and no secret. New heads are appended; where what was kept is no longer the beginning of what the
sealer shows, the new file is laid beside the kept one and the exit code is 1. Before the first head there is no file.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Final

KEPT: Final = "heads.jsonl"


class HeadsDiffer(Exception):
    """The sealer's file no longer begins with what was kept: somebody rewrote it, or an old state was restored."""


def keep(source: Path, folder: Path) -> int:
    """Append what is new in `source` to the kept file in `folder`; return how many bytes. Raises HeadsDiffer."""
    whole = source.read_bytes() if source.exists() else b""
    whole = whole[: whole.rfind(b"\n") + 1]
    kept = folder / KEPT
    known = kept.read_bytes() if kept.exists() else b""
    if not whole.startswith(known):
        aside = folder / f"heads-{int(time.time())}.jsonl"
        aside.write_bytes(whole)
        raise HeadsDiffer(
            f"Đầu sổ nhật ký ở {source} không còn nối tiếp bản đã giữ. Bản mới nằm ở {aside}; "
            f"hãy gõ: tinhso verify-journal --heads {kept}"
        )
    with kept.open("ab") as out:
        out.write(whole[len(known) :])
        out.flush()
        os.fsync(out.fileno())
    # Also where nothing is new: its age tells that this still runs.
    os.utime(kept)
    return len(whole) - len(known)


def main() -> int:
    """Return 0 when the heads are kept, or 1 after a sentence."""
    source, folder = map(Path, sys.argv[1:3])
    try:
        keep(source, folder)
    except (OSError, HeadsDiffer) as trouble:
        sys.stderr.write(f"✗ {trouble}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
