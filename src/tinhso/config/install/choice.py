"""What the administrator chose, and the names that follow from it."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit, urlunsplit

HERE: Final = Path(__file__).parent
_DOMAIN: Final = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


class ChoiceNotPossible(Exception):
    """Say in one Vietnamese sentence which choice cannot be, and what to write instead."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What `tinhso install` was told. `database` is empty for the packaged PostgreSQL, else its owner's address."""

    domain: str
    files_domain: str = ""
    database: str = ""
    data: str = "/var/lib/tinhso"
    backup: str = "/var/backups/tinhso"
    certificate: str = "/etc/tinhso/tls/fullchain.pem"
    key: str = "/etc/tinhso/tls/key.pem"
    port: int = 8000
    http: int = 80
    https: int = 443

    def refuse_impossible(self) -> None:
        """Raise ChoiceNotPossible where a name or an address cannot be right."""
        for name in filter(None, (self.domain, self.files_domain)):
            if not _DOMAIN.fullmatch(name):
                raise ChoiceNotPossible(
                    f"“{name}” chưa phải là tên miền. Viết chữ thường, không có https://, ví dụ: dichvucong.example.gov.vn."
                )
        if self.files_domain == self.domain:
            raise ChoiceNotPossible(
                "Tên miền cho tệp phải khác tên miền chính, ví dụ: tep.dichvucong.example.gov.vn."
            )
        if self.database and urlsplit(self.database).scheme not in ("postgresql", "postgres"):
            raise ChoiceNotPossible(
                "Địa chỉ cơ sở dữ liệu phải có dạng postgresql://owner:password@host/database, hoặc viết: embedded."
            )
        if any(mark in f"{self.database}{self.data}{self.backup}{self.certificate}{self.key}" for mark in "'\n\\"):
            raise ChoiceNotPossible("Đường dẫn và địa chỉ không được có dấu nháy đơn, dấu \\ hoặc xuống dòng.")

    @property
    def is_embedded(self) -> bool:
        """Tell whether the packaged PostgreSQL runs on this machine."""
        return not self.database

    @property
    def bare_database(self) -> str:
        """Return the owner's address without the password: what every part may know."""
        parts = urlsplit(self.database)
        host = f"[{parts.hostname}]" if parts.hostname and ":" in parts.hostname else parts.hostname or ""
        place = f"{quote(parts.username or '')}@{host}" + (f":{parts.port}" if parts.port else "")
        return urlunsplit((parts.scheme, place, parts.path, parts.query, ""))

    @property
    def owner_password(self) -> str:
        """Return the password of the database's owner, which only the migration gets."""
        return urlsplit(self.database).password or ""


def table() -> dict[str, Any]:
    """Return the processes, timers and limits of `processes.json`."""
    found: dict[str, Any] = json.loads((HERE / "processes.json").read_text("utf-8"))
    return found


def programs() -> Path:
    """Return the folder of this Python's programs, where `tinhso` and `granian` lie."""
    return Path(sys.executable).parent
