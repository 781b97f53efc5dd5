"""Check that every environment variable is documented, and nothing else is."""

import re

from tests.architecture.floors import PACKAGE, ROOT

READ = re.compile(r"""(?:environ(?:\.get\(|\[)|getenv\(|setdefault\()\s*["'](TINHSO_[A-Z_]+)""")
DOCUMENTED = re.compile(r"^\| `(TINHSO_[A-Z_]+)`", re.MULTILINE)


def test_every_environment_variable_is_documented() -> None:
    read = {
        name
        for file in PACKAGE.rglob("*.py")
        if "tests" not in file.parts
        for name in READ.findall(file.read_text())
    }
    documented = set(DOCUMENTED.findall((ROOT / "docs/reference/settings.md").read_text()))
    assert read == documented
