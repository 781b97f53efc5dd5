"""No secret stands in the sources, and the search for them finds what it should."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.floors import PACKAGE, ROOT
from tests.security.secrets import scan

#: What looks like a secret and is none: the words, and why. Examples and made-up values of tests.
ALLOWED = {
    "postgresql://owner:password@host": "an example of an address",
    "smtps://user:password@host": "an example of an address",
    "smtps://user:password@mail.example.gov.vn": "an example of an address",
    "smtps://tên:mật-khẩu@máy": "an example of an address",
    "postgresql://owner:mat-khau-rat-bi-mat@db.example": "a test's own; nobody listens there",
    "postgresql://owner:k3Yq9-vB7wTzR2mXcL5p@127.0.0.1": "a test's own; nobody listens there",
    "k3Yq9-vB7wTzR2mXcL5pHd8sGnF4jQ6aUeWi1oZt0y": "a test's own; it signs nothing that is kept",
}
#: Put together here, so that the search of the sources does not find them.
CANARIES = {
    "a private key": "-----BEGIN " + "PRIVATE KEY-----",
    "a key of a cloud": "AKIA" + "IOSFODNN7EXAMPLE",
    "a token of a forge": "ghp_" + "0123456789abcdefghijABCDEFGHIJ012345",
    "a token of a chat": "xoxb-" + "0123456789-abcdef",
    "a signed token": "eyJhbGciOiJIUzI1" + ".eyJzdWIiOiIxMjM0" + ".SflKxwRJSMeKKF2QT4",
    "an address with a password": "postgresql://tinhso:" + "Khong-ai-biet@db.example/tinhso",
    "a random word": "API_" + 'KEY = "' + 'q8Zt1vXw93LmKp0RsYcU5bNdEh"',
}


def test_no_secret_stands_in_the_sources() -> None:
    assert [found for found in scan(ROOT) if found[2] not in ALLOWED] == []


@pytest.mark.parametrize("kind", CANARIES)
def test_a_secret_that_was_left_behind_is_found(tmp_path: Path, kind: str) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src/left.py").write_text(f"# somewhere\n{CANARIES[kind]}\n", "utf-8")
    assert ("src/left.py", kind) in {found[:2] for found in scan(tmp_path)}


def test_scripts_keep_nothing_of_people_in_the_browser() -> None:
    """Only how the page looks is kept there: what people type is saved on the server."""
    kept = {}
    for script in PACKAGE.rglob("static/*/*.js"):
        text = script.read_text("utf-8")
        if names := re.findall(r"localStorage|sessionStorage|indexedDB|document\.cookie|caches\.open", text):
            kept[script.name] = sorted(set(names))
    assert kept == {"design.js": ["localStorage"]}
    design = (PACKAGE / "design/static/design/design.js").read_text("utf-8")
    names = set(re.findall(r"\b(?:keep|recall|remember|remembered|stored|store)\(\s*[\"']([\w-]+)[\"']", design))
    assert not names & {"name", "draft", "answers", "session"}
