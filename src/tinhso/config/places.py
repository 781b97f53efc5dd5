"""Name the places this installation uses: the data folder, and what stands in its small files.

Three kinds of installation: a clone keeps its data in `.data` beside the sources; one that `tinhso install` set up
for service keeps them in `/var/lib/tinhso`; one that came by `pip install` alone, in the account's own data folder.
"""

import json
import os
import secrets
from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).resolve().parents[1]
CLONE: Final = PACKAGE.parents[1]
#: Where `tinhso install` writes how a machine in service runs, and where its data lie.
ENVIRONMENT: Final = Path("/etc/tinhso/tinhso.env")
SERVICE_DATA: Final = Path("/var/lib/tinhso")


def is_clone() -> bool:
    """Tell whether this code runs from its sources, and not from a wheel."""
    return PACKAGE == CLONE / "src/tinhso" and (CLONE / "pyproject.toml").exists()


def data() -> Path:
    """Return the data folder: TINHSO_DATA, or the one that belongs to this kind of installation."""
    return Path(os.environ.get("TINHSO_DATA") or _usual()).resolve()


def _usual() -> Path:
    if is_clone():
        return CLONE / ".data"
    if ENVIRONMENT.exists():
        return SERVICE_DATA
    own = os.environ.get("XDG_DATA_HOME") or ""
    return (Path(own) if own.startswith("/") else Path.home() / ".local/share") / "tinhso"


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


def backup_rule() -> dict[str, int]:
    """Return how often a base backup is taken (hours) and how long backups are kept (days)."""
    path = PACKAGE / "config/backup/rule.json"
    found: dict[str, int] = json.loads(path.read_text(encoding="utf-8"))["versions"][-1]
    return found
