"""Check that a template is made of its own module's pieces and of the design system's."""

import re

from tests.architecture.floors import PACKAGE, ROOT

TAKES = re.compile(r"""{%-?\s*(?:extends|include)\s+["']([^"'/]+)/""")
#: Folders of templates that become PDF, which no browser reads.
PRINTED = frozenset({"pdf", "slips"})
#: Folders that allauth and Django look for by name; only their pages may take from them.
FOREIGN = frozenset({"account", "allauth", "mfa", "registration"})


def test_templates_take_only_from_their_module_and_the_design() -> None:
    found = []
    for file in PACKAGE.rglob("templates/**/*.html"):
        module = file.relative_to(PACKAGE).parts[0]
        within = file.relative_to(PACKAGE / module / "templates").parts[0]
        allowed = {module, "design"} | (FOREIGN if within in FOREIGN else set())
        found += [
            f"{file.relative_to(ROOT)}: {taken}"
            for taken in TAKES.findall(file.read_text())
            if taken not in allowed
        ]
    assert found == []


def test_templates_are_filed_under_their_module() -> None:
    stray = [
        str(file.relative_to(ROOT))
        for file in PACKAGE.rglob("templates/**/*.html")
        if (parts := file.relative_to(PACKAGE).parts)[2] not in {parts[0], *FOREIGN, "django"}
    ]
    assert stray == []


def test_no_template_carries_script_or_style_inside() -> None:
    inside = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=", re.IGNORECASE)
    found = [
        f"{file.relative_to(ROOT)}: {match.group()}"
        for file in PACKAGE.rglob("templates/**/*.html")
        if not PRINTED & set(file.parts) and file.name != "leaf.html"
        for match in inside.finditer(file.read_text())
    ]
    assert found == []
