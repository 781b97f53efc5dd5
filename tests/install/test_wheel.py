"""The wheel carries all that runs, nothing else, and runs without the repository."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import sysconfig
import time
import zipfile
from pathlib import Path

import pytest

from tests.architecture.floors import PACKAGE
from tests.browser import copy_of_the_province, free_port
from tests.install.machine import build_wheel

#: What the tests alone need.
_LEFT_OUT = ("config/testing.py", "config/fixtures.py", "config/settings_for_tests.py")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("wheel"))


def test_it_carries_every_file_of_the_package_and_no_test(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        inside = {name.removeprefix("tinhso/") for name in packed.namelist() if name.startswith("tinhso/")}
    wanted = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and "tests" not in path.parts
    }
    assert inside == (wanted - set(_LEFT_OUT)) | {"config/install/requirements.lock"}


def test_two_builds_of_the_same_sources_are_equal(wheel: Path, tmp_path: Path) -> None:
    assert build_wheel(tmp_path / "again").read_bytes() == wheel.read_bytes()


@pytest.mark.journey
def test_it_runs_from_an_empty_folder_without_the_repository(
    wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The packages it needs are those of these tests, by a path; the wheel itself is installed by pip."""
    for name in list(os.environ):
        if name.startswith(("TINHSO_", "DJANGO_")):
            monkeypatch.delenv(name)
    tmp_path.chmod(0o711)
    home, place, here = tmp_path / "home", tmp_path / "venv", tmp_path / "here"
    here.mkdir()
    data = home / ".local/share/tinhso"
    data.parent.mkdir(parents=True)
    copy_of_the_province(data)
    subprocess.run([sys.executable, "-m", "venv", place], check=True)
    site = place / Path(sysconfig.get_path("purelib")).relative_to(sys.prefix)
    # A path line is not read for further path files, so the clone's own does not come along.
    (site / "packages.pth").write_text(sysconfig.get_path("purelib"), "ascii")
    (place / "bin/granian").write_text(
        f"#!{place}/bin/python\nimport sys\nfrom granian.cli import entrypoint\nsys.exit(entrypoint())\n", "ascii"
    )
    (place / "bin/granian").chmod(0o755)
    subprocess.run([place / "bin/pip", "install", "-q", "--no-deps", "--no-index", wheel], check=True)
    port = free_port()
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(home),
        "TINHSO_PORT": str(port),
        "TINHSO_TRUST_PORT": str(free_port()),
    }
    log = tmp_path / "up.log"
    with log.open("wb") as out:
        running = subprocess.Popen(
            [place / "bin/tinhso", "up"], cwd=here, env=environment, stdout=out, stderr=out
        )
    try:
        deadline = time.monotonic() + 300
        while "Ctrl-C" not in log.read_text("utf-8"):
            assert running.poll() is None, log.read_text("utf-8")
            assert time.monotonic() < deadline, log.read_text("utf-8")
            time.sleep(0.2)
        for path in ("/", "/tim/?q=khai+sinh", "/so-lieu/", "/static/design/favicon.svg"):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read()
            assert (answer.status, bool(body)) == (200, True), path
            connection.close()
        said = Path(f"/proc/{running.pid}/environ").read_bytes()
        assert str(PACKAGE).encode() not in said
    finally:
        running.send_signal(signal.SIGINT)
        assert running.wait(60) == 0, log.read_text("utf-8")
    assert os.listdir(here) == []
