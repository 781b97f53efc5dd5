"""Follow docs/how-to/install.md word for word in a fresh root, start what it wrote, and speak to it over TLS."""

from __future__ import annotations

import http.client
import json
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.floors import ROOT as CLONE
from tests.install.machine import Machine, build_wheel, can_be_made, fresh_machine, until, warm
from tests.install.units import Ready

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not can_be_made(), reason="needs root and namespaces to make a fresh root directory"),
]
DOMAIN = "dichvucong.example.gov.vn"
FILES_DOMAIN = "tep.dichvucong.example.gov.vn"
_BLOCK = re.compile(r"^```sh debian( started)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADS = "/var/lib/tinhso/journal-heads/heads.jsonl"
_PROCESSES = ("sealer", "web", "worker", "publisher", "prober", "watcher", "archiver")


def blocks() -> list[tuple[bool, str]]:
    """Return the blocks of the how-to: whether everything runs by then, and what is typed."""
    text = (CLONE / "docs/how-to/install.md").read_text("utf-8")
    return [(bool(started), script) for started, script in _BLOCK.findall(text)]


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    folder = tmp_path_factory.mktemp("install")
    with fresh_machine(folder, build_wheel(folder / "release")) as made:
        for started, script in blocks():
            for line in () if started else script.splitlines():
                made.run(f"cd /srv/release && {line}")
                if "-m venv" in line:
                    warm(made)
        _start(made)
        yield made


def _start(made: Machine) -> None:
    ready = Ready(made.root)
    made.start("tinhso-postgres.service", ready=ready)
    assert ready.wait(120) == "READY=1", made.said("tinhso-postgres.service")
    made.run_unit("tinhso-prepare.service")
    for name in _PROCESSES:
        made.start(f"tinhso-{name}.service")
    made.spawn("exec nginx -g 'daemon off;'", "nginx")
    until(lambda: _status(made, "/") == 200, 90)


class _Connection(http.client.HTTPSConnection):
    """A connection to 127.0.0.1 that asks for a name of ours."""

    def __init__(self, name: str, tls: ssl.SSLContext) -> None:
        super().__init__(name, 443, timeout=30, context=tls)
        self._tls = tls

    def connect(self) -> None:
        plain = socket.create_connection(("127.0.0.1", 443), 30)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)


def _tls(machine: Machine) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(machine.root / "etc/tinhso/tls/fullchain.pem"))


def _ask(
    machine: Machine,
    path: str,
    *,
    name: str = DOMAIN,
    method: str = "GET",
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
) -> tuple[int, http.client.HTTPMessage, str]:
    with machine.network():
        connection = _Connection(name, _tls(machine))
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode("utf-8", "replace")
        finally:
            connection.close()


def _status(machine: Machine, path: str) -> int:
    try:
        return _ask(machine, path)[0]
    except OSError:
        return 0


def test_the_site_answers_over_tls_with_each_header_once(machine: Machine) -> None:
    status, headers, text = _ask(machine, "/")
    assert (status, "<html lang=\"vi\"" in text) == (200, True)
    for name in (
        "Strict-Transport-Security",
        "Content-Security-Policy",
        "X-Content-Type-Options",
        "X-Frame-Options",
        "Referrer-Policy",
        "Cross-Origin-Opener-Policy",
        "X-Request-ID",
    ):
        assert len(headers.get_all(name) or ()) == 1, name


def test_no_header_tells_a_version(machine: Machine) -> None:
    for path in ("/", "/khong-co", "/.git/config"):
        _, headers, text = _ask(machine, path)
        assert headers["Server"] == "nginx"
        assert headers["X-Powered-By"] is None
        assert "nginx" not in text


def test_only_tls_1_2_and_later_is_spoken(machine: Machine) -> None:
    with machine.network():
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            tls = _tls(machine)
            tls.minimum_version = tls.maximum_version = version
            connection = _Connection(DOMAIN, tls)
            connection.request("GET", "/tro-giup/")
            assert connection.getresponse().status == 200
            connection.close()
        old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
        old.set_ciphers("ALL:@SECLEVEL=0")
        with pytest.warns(DeprecationWarning):
            old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
        with pytest.raises(ssl.SSLError):
            _Connection(DOMAIN, old).connect()


def test_an_unknown_name_gets_no_certificate(machine: Machine) -> None:
    with machine.network(), pytest.raises((ssl.SSLError, OSError)):
        _Connection("mao-danh.example.vn", _tls(machine)).connect()


def test_http_leads_to_https(machine: Machine) -> None:
    with machine.network():
        connection = http.client.HTTPConnection("127.0.0.1", 80, timeout=30)
        connection.request("GET", "/tra-cuu/?ma=1", headers={"Host": DOMAIN})
        answer = connection.getresponse()
        assert (answer.status, answer.headers["Location"]) == (301, f"https://{DOMAIN}/tra-cuu/?ma=1")
        connection.close()


def test_trace_is_refused(machine: Machine) -> None:
    assert _ask(machine, "/", method="TRACE")[0] == 405
    assert _ask(machine, "/", method="PROPFIND")[0] == 405


@pytest.mark.parametrize("path", ["/.git/config", "/.env", "/static/../../secret", "/static/", "/livez", "/readyz", "/metrics"])
def test_what_nobody_may_see_is_not_there(machine: Machine, path: str) -> None:
    status, _, text = _ask(machine, path)
    assert status in (400, 404)
    assert "secret" not in text


def test_a_body_that_is_too_large_is_refused_in_our_words(machine: Machine) -> None:
    sent = {"Content-Type": "application/octet-stream"}
    status, headers, text = _ask(machine, "/tra-cuu/", method="POST", body=b"x" * 7_000_000, headers=sent)
    assert (status, "lớn quá" in text) == (413, True)
    assert headers["Strict-Transport-Security"]


def test_the_request_id_of_the_answer_stands_in_the_log_and_a_query_does_not(machine: Machine) -> None:
    forged = {"X-Request-ID": "0" * 32}
    _, headers, _ = _ask(machine, "/tim/?q=benh-hiem-ngheo", headers=forged)
    assert headers["X-Request-ID"] != forged["X-Request-ID"]
    log = machine.root / "var/log/nginx/tinhso.access.log"
    until(lambda: headers["X-Request-ID"] in log.read_text("utf-8"), 10)
    assert "benh-hiem-ngheo" not in log.read_text("utf-8")


def test_sixty_officers_behind_one_address_sign_in_and_a_guesser_is_told_to_wait(machine: Machine) -> None:
    seen = [_ask(machine, "/tai-khoan/login/", method="POST", body=b"login=x", headers=_FORM)[0] for _ in range(60)]
    assert 429 not in seen
    told = [0]

    def guess() -> None:
        for _ in range(60):
            status, headers, text = _ask(machine, "/tai-khoan/login/", method="POST", body=b"login=x", headers=_FORM)
            if status == 429:
                told[0] += 1
                assert "Đợi một phút" in text
                assert headers["Retry-After"] == "60"

    crowd = [threading.Thread(target=guess) for _ in range(4)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert told[0] > 0
    assert _ask(machine, "/tai-khoan/login/")[0] == 200


_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def test_when_the_application_is_away_a_page_of_ours_says_so(machine: Machine) -> None:
    machine.run("cp /etc/nginx/sites-available/tinhso /tmp/kept", network=False)
    machine.run(
        "sed -i 's/127.0.0.1:8000/127.0.0.1:9/' /etc/nginx/sites-available/tinhso && nginx -s reload", network=False
    )
    try:
        until(lambda: _status(machine, "/") == 503, 20)
        _, headers, text = _ask(machine, "/")
        assert "khởi động lại" in text
        assert headers["Retry-After"] == "60"
    finally:
        machine.run("cp /tmp/kept /etc/nginx/sites-available/tinhso && nginx -s reload", network=False)
        until(lambda: _status(machine, "/") == 200, 20)


def test_the_name_for_files_shows_nothing_else(machine: Machine) -> None:
    for path in ("/", "/tai-khoan/login/", "/static/design/base.css"):
        assert _ask(machine, path, name=FILES_DOMAIN)[0] == 404


def test_every_part_keeps_running(machine: Machine) -> None:
    for process in machine.running:
        assert process.poll() is None
    for name in _PROCESSES:
        assert "Traceback" not in machine.said(f"tinhso-{name}.service")


def test_data_and_secrets_are_closed_to_others(machine: Machine) -> None:
    listed = machine.run(
        "stat -c '%a %U %n' /var/lib/tinhso /etc/tinhso/tinhso.env /etc/tinhso/backup.key /etc/tinhso/tls/key.pem"
        " /var/lib/tinhso/pg18 /run/tinhso",
        network=False,
    ).stdout
    assert listed.split("\n")[:6] == [
        "700 tinhso /var/lib/tinhso",
        "640 root /etc/tinhso/tinhso.env",
        "640 root /etc/tinhso/backup.key",
        "600 root /etc/tinhso/tls/key.pem",
        "700 tinhso /var/lib/tinhso/pg18",
        "700 tinhso /run/tinhso",
    ]


def test_the_heads_of_the_journal_are_kept_by_another_account(machine: Machine) -> None:
    source = machine.root / "var/lib/tinhso/journal-heads/heads.jsonl"
    if not source.exists():
        machine.run(
            "install -d -o tinhso -g tinhso -m 700 /var/lib/tinhso/journal-heads;"
            f"echo '{{}}' | setpriv --reuid tinhso --clear-groups tee -a {_HEADS}; chmod 600 {_HEADS}",
            network=False,
        )
    machine.run_unit("tinhso-heads.service")
    kept = machine.run("stat -c '%U %s' /var/lib/tinhso-heads/heads.jsonl", network=False).stdout.split()
    assert kept[0] == "tinhso-heads"
    assert int(kept[1]) > 0
    refused = machine.run(
        "setpriv --reuid tinhso --clear-groups tee -a /var/lib/tinhso-heads/heads.jsonl < /dev/null",
        network=False,
        check=False,
    )
    assert refused.returncode != 0


def test_the_check_of_the_how_to_names_what_a_person_must_still_do_and_nothing_else(machine: Machine) -> None:
    machine.run_unit("tinhso-heads.service")
    (script,) = [script for started, script in blocks() if started]
    done = machine.run(f"{script.strip()} --json", network=False, check=False)
    told = json.loads(done.stdout)
    assert done.returncode == 1
    red = {one["name"] for one in told["findings"] if not one["is_fine"]}
    assert red == {"mail", "backup_store", "certificate", "ntp", "administrators", "authority"}, told


def test_a_second_run_changes_nothing(machine: Machine) -> None:
    before = (machine.root / "etc/tinhso/tinhso.env").read_text("utf-8")
    command = next(line for _, script in blocks() for line in script.splitlines() if "tinhso install" in line)
    told = machine.run(f"{command} --json", network=False).stdout
    assert '"written": []' in told
    assert (machine.root / "etc/tinhso/tinhso.env").read_text("utf-8") == before


def test_systemd_understands_every_unit_and_finds_them_well_closed(machine: Machine) -> None:
    told = machine.run("systemd-analyze verify --man=no /etc/systemd/system/tinhso*", network=False, check=False)
    assert (told.returncode, told.stdout + told.stderr) == (0, "")
    folder = machine.root / "etc/systemd/system"
    for unit in sorted(path.name for path in folder.glob("tinhso*.service")):
        scored = machine.run(
            f"systemd-analyze security --offline=yes --no-pager /etc/systemd/system/{unit}", network=False, check=False
        ).stdout
        level = float(re.findall(r"Overall exposure level for \S+: ([\d.]+)", scored)[0])
        assert level <= 2.5, f"{unit} {level}"


def test_logs_are_rotated(machine: Machine) -> None:
    machine.run("logrotate --debug /etc/logrotate.d/tinhso", network=False)


def test_the_release_needs_no_clone(machine: Machine) -> None:
    found = machine.run(f"ls -A {CLONE}; /opt/tinhso/bin/python -P -c 'import tinhso; print(tinhso.__path__[0])'", network=False)
    assert found.stdout.strip() == "/opt/tinhso/lib/python3.11/site-packages/tinhso"
