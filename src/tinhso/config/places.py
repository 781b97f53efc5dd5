"""Name the places this installation uses: the clone, the data folder, and what stands in its small files."""

import os
import secrets
from pathlib import Path
from typing import Final

CLONE: Final = Path(__file__).resolve().parents[3]
PACKAGE: Final = Path(__file__).resolve().parents[1]


def data() -> Path:
    """Return the data folder: TINHSO_DATA, or `.data` in the clone."""
    return Path(os.environ.get("TINHSO_DATA") or CLONE / ".data").resolve()


def is_demo(folder: Path) -> bool:
    """Tell whether the data in `folder` are a demo: TINHSO_DEMO, or what the first start wrote down."""
    chosen = os.environ.get("TINHSO_DEMO", "")
    if chosen:
        return chosen == "1"
    mode = folder / "mode"
    return mode.exists() and mode.read_text(encoding="ascii").strip() == "demo"


def keep_mode(folder: Path, *, is_demo: bool) -> None:
    """Write down whether these data are a demo, so that every later command knows it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "mode").write_text("demo\n" if is_demo else "service\n", encoding="ascii")


def secret(folder: Path) -> str:
    """Return the secret kept in `folder`, made on first use and readable by this account alone."""
    file = folder / "secret"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / f"secret.{os.getpid()}"
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(50))
        try:
            file.hardlink_to(fresh)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return file.read_text(encoding="ascii").strip()
