"""Check the folders against the contracts: the import graph does not see a folder without `__init__.py`."""

from django.urls import URLResolver, get_resolver

from tests.architecture.floors import PACKAGE, ROOT, WITHOUT_ROOMS, floors, modules, roomed
from tinhso.config.settings import FLOORS

LONGEST = 400
LONGEST_TESTS = 600
#: Files that are longer, and how long they may be at most. This list only ever gets shorter.
LONGER: dict[str, int] = {
    "src/tinhso/config/cluster.py": 450,
    "src/tinhso/dossiers/models/__init__.py": 430,
    "src/tinhso/dossiers/rules/__init__.py": 480,
    "src/tinhso/signatures/adapters/checking.py": 480,
    "src/tinhso/signatures/adapters/demo_pki.py": 450,
}
MACHINES = ("/work/", "/root/", "/home/", ".pyenv")
TEXTS = {".py", ".md", ".toml", ".yml", ".yaml", ".html", ".css", ".js", ".cfg", ".json", ""}
IGNORED = {"__pycache__", "vendor", "out"}


def test_every_folder_with_code_is_a_package() -> None:
    bare = {
        str(file.parent.relative_to(ROOT))
        for file in PACKAGE.rglob("*.py")
        if not (file.parent / "__init__.py").exists()
    }
    assert bare == set()


def test_every_module_stands_on_a_floor() -> None:
    assert modules() <= set(floors())


def test_every_module_has_the_same_rooms() -> None:
    assert modules() - WITHOUT_ROOMS == roomed()


def test_the_settings_list_the_modules_in_floor_order() -> None:
    listed = [name.removeprefix("tinhso.") for name in FLOORS]
    assert set(listed) == modules() - {"config", "toolkit"}
    heights = [floors()[name] for name in listed]
    assert heights == sorted(heights, reverse=True)


def test_every_module_with_addresses_is_served() -> None:
    served = {part.app_name for part in get_resolver().url_patterns if isinstance(part, URLResolver)}
    assert {file.parent.name for file in PACKAGE.glob("*/urls.py")} - {"config", "directory"} <= served


def test_no_file_grows_beyond_one_sitting() -> None:
    lengths = {
        str(file.relative_to(ROOT)): len(file.read_text().splitlines())
        for file in PACKAGE.rglob("*.py")
        if "migrations" not in file.parts
    }
    allowed = {name: LONGEST_TESTS if "/tests/" in name else LONGER.get(name, LONGEST) for name in lengths}
    assert {name: lines for name, lines in lengths.items() if lines > allowed[name]} == {}
    assert {name for name in LONGER if lengths.get(name, 0) <= LONGEST} == set(), (
        "shorter now: take it off the list"
    )


def test_nothing_names_a_machine() -> None:
    own = str((PACKAGE.parent.parent / "tests/architecture/test_layout.py").relative_to(ROOT))
    found = []
    for file in ROOT.rglob("*"):
        parts = file.relative_to(ROOT).parts
        if (
            any(part in IGNORED or (part.startswith(".") and part != ".ci") for part in parts[:-1])
            or file.suffix not in TEXTS
            or not file.is_file()
            or str(file.relative_to(ROOT)) == own
        ):
            continue
        text = file.read_text(errors="ignore")
        found += [f"{'/'.join(parts)}: {machine}" for machine in MACHINES if machine in text]
    assert found == []
