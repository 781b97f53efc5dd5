"""Draw every file of a machine in service from the templates in `files/`; touch nothing."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tinhso.config.install.choice import HERE, Choice, programs, table

FILES: Final = HERE / "files"
UNITS: Final = "/etc/systemd/system"
#: Apart from data and store: whoever takes away either cannot read the documents in the store.
BACKUP_KEY: Final = "/etc/tinhso/backup.key"
_NAME: Final = re.compile(r"@([a-z_]+)@")
_STYLE: Final = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_ONLY_HERE: Final = "IPAddressDeny=any\nIPAddressAllow=localhost"
#: Lines of the common hardening that the keeper of the heads has in its own way.
_OWN_LINES: Final = (
    "CapabilityBoundingSet",
    "AmbientCapabilities",
    "ReadWritePaths",
    "RestrictAddressFamilies",
    "UMask",
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """One file: where, what, who may read it. A kept file is never written over; a secret one is never shown."""

    path: str
    text: str
    mode: int = 0o644
    is_kept: bool = False
    is_secret: bool = False


def draw(choice: Choice) -> list[Drawn]:
    """Return every file for this choice, in the order of their writing."""
    values = _values(choice)
    return [
        *_settings(choice, values),
        Drawn("/usr/lib/sysusers.d/tinhso.conf", _fill("sysusers.conf", values)),
        Drawn("/usr/lib/tmpfiles.d/tinhso.conf", _fill("tmpfiles.conf", values)),
        Drawn("/etc/logrotate.d/tinhso", _fill("logrotate.conf", values)),
        Drawn("/usr/local/bin/tinhso", _fill("tinhso.sh", values), 0o755),
        *_units(choice, values),
        *_web_server(choice, values),
    ]


def _values(choice: Choice) -> dict[str, str]:
    found = table()
    processes = [f"tinhso-{one['name']}.service" for one in found["processes"]]
    timers = [f"tinhso-{one['name']}.timer" for one in found["timed"]] + ["tinhso-heads.timer"]
    database_unit = "tinhso-postgres.service" if choice.is_embedded else ""
    values = {
        "bin": str(programs()),
        "data": choice.data,
        "backup": choice.backup,
        "backup_key": BACKUP_KEY,
        "domain": choice.domain,
        "files_domain": choice.files_domain,
        "files_name": f" {choice.files_domain}" if choice.files_domain else "",
        "port": str(choice.port),
        "listen_http": str(choice.http),
        "listen_https": str(choice.https),
        "redirect_port": "" if choice.https == 443 else f":{choice.https}",
        "certificate": choice.certificate,
        "key": choice.key,
        "share": "/usr/share/tinhso",
        "members": " ".join(filter(None, (database_unit, "tinhso-prepare.service", *processes, *timers))),
        "database_unit": database_unit,
        "style_hash": _style_hash(),
        **{name: str(value) for name, value in found["limits"].items()},
    }
    hardening = _fill("systemd/hardening.part", values).rstrip()
    values["hardening"] = hardening
    values["hardening_alone"] = "\n".join(
        line for line in hardening.splitlines() if not line.startswith(_OWN_LINES)
    )
    values["account"] = _fill("systemd/account.part", values).rstrip()
    return values


def _settings(choice: Choice, values: Mapping[str, str]) -> Iterator[Drawn]:
    lines = [f"TINHSO_DATABASE_URL='{choice.bare_database}'"] if choice.database else []
    if choice.files_domain:
        lines.append(f"TINHSO_FILES_ADDRESS='https://{choice.files_domain}'")
    own = {"secret": secrets.token_urlsafe(50), "database_line": "\n".join(lines)}
    text = re.sub(r"\n{2,}", "\n", _fill("tinhso.env", {**values, **own}))
    yield Drawn("/etc/tinhso/tinhso.env", text, 0o640, is_kept=True, is_secret=True)
    yield Drawn(BACKUP_KEY, secrets.token_hex(32) + "\n", 0o640, is_kept=True, is_secret=True)
    if choice.owner_password:
        owner = f"# The owner of the database: only tinhso-prepare.service reads this.\nPGPASSWORD='{choice.owner_password}'\n"
        yield Drawn("/etc/tinhso/owner.env", owner, 0o600, is_kept=True, is_secret=True)


def _units(choice: Choice, values: Mapping[str, str]) -> Iterator[Drawn]:
    found = table()

    def unit(name: str, template: str, own: Mapping[str, Any] | None = None) -> Drawn:
        text = _fill(f"systemd/{template}", {**values, **{k: str(v) for k, v in (own or {}).items()}})
        return Drawn(f"{UNITS}/{name}", _without_empty(text))

    yield unit("tinhso.target", "tinhso.target")
    if choice.is_embedded:
        yield unit("tinhso-postgres.service", "tinhso-postgres.service")
    yield unit("tinhso-prepare.service", "tinhso-prepare.service")
    for one in found["processes"]:
        environment = "\n".join(f"Environment={name}={value}" for name, value in one["environment"].items())
        # Whoever needs nothing outside the machine does not reach it; a database of one's own may be outside.
        network = "" if one["outside"] or not choice.is_embedded else _ONLY_HERE
        own = {**one, "environment": environment, "network": network}
        yield unit(f"tinhso-{one['name']}.service", "process.service", own)
    for one in found["timed"]:
        more = "\n".join(one.get("more", ()))
        yield unit(f"tinhso-{one['name']}.service", "timed.service", {**one, "more": more})
        yield unit(f"tinhso-{one['name']}.timer", "timed.timer", one)
    yield unit("tinhso-heads.service", "tinhso-heads.service")
    heads = {"says": "giữ đầu sổ nhật ký mỗi phút", "calendar": "*-*-* *:*:30", "spread": "5s"}
    yield unit("tinhso-heads.timer", "timed.timer", heads)


def _web_server(choice: Choice, values: Mapping[str, str]) -> Iterator[Drawn]:
    site = _fill("nginx/tinhso.conf", values)
    if choice.files_domain:
        site += _fill("nginx/files.conf", values)
    yield Drawn("/etc/nginx/sites-available/tinhso", site)
    for name in ("tls", "common", "pass"):
        yield Drawn(f"/etc/nginx/tinhso/{name}.conf", _fill(f"nginx/{name}.conf", values))
    for page in sorted((FILES / "pages").glob("*.html")):
        yield Drawn(f"/usr/share/tinhso/pages/{page.name}", page.read_text("utf-8"))


def _fill(name: str, values: Mapping[str, str]) -> str:
    """Put the values into a template. Raises KeyError where it names one that is not there."""
    text = (FILES / name).read_text("utf-8")
    return _NAME.sub(lambda found: values[found[1]], text)


def _without_empty(text: str) -> str:
    """Drop what stayed without a value, and lines that stayed empty within a section."""
    lines = [line for line in text.splitlines() if line not in ("Wants=", "After=")]
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"(?<=\S)\n\n(?!\[)", "\n", "\n".join(lines))).rstrip() + "\n"


def _style_hash() -> str:
    """Return the hash by which the pages' one style is let in. Raises ValueError where the pages differ."""
    styles = {_STYLE.findall(page.read_text("utf-8"))[0] for page in (FILES / "pages").glob("*.html")}
    (style,) = styles
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


def read_settings(path: Path) -> dict[str, str]:
    """Return what an environment file sets; quotes are taken off."""
    found = {}
    for line in path.read_text("utf-8").splitlines():
        name, sign, value = line.strip().partition("=")
        if sign and not name.startswith("#"):
            found[name.strip()] = value.strip().strip("'\"")
    return found
