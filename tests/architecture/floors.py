"""Read the floors and the modules from the contracts, so that they are written down once."""

from configparser import ConfigParser
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
PACKAGE: Final = ROOT / "src/tinhso"
#: Modules without rooms: open to all, or wiring.
WITHOUT_ROOMS: Final = frozenset({"config", "design", "toolkit"})


def _contract(name: str) -> dict[str, str]:
    parser = ConfigParser()
    parser.read(ROOT / ".importlinter")
    return dict(parser[f"importlinter:contract:{name}"])


def floors() -> dict[str, int]:
    """Return module → floor; the lowest floor is 0."""
    rows = [line for line in _contract("floors")["layers"].splitlines() if line.strip()]
    return {name.strip(" ()"): number for number, row in enumerate(reversed(rows)) for name in row.split("|")}


def roomed() -> set[str]:
    """Return the modules whose rooms are checked."""
    return {line.strip().removeprefix("tinhso.") for line in _contract("rooms")["containers"].split()}


def modules() -> set[str]:
    """Return the folders of the package."""
    return {folder.name for folder in PACKAGE.iterdir() if folder.is_dir() and folder.name != "__pycache__"}
