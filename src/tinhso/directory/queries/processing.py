"""The register of processing: which personal data is held, whose, why, by which law, how long, who sees it.

Made from what every model declares (``toolkit.personal``) and from the words and the law of a day. Nothing is written
down twice: a table that is gone is gone from the register, a field that is new stands in it.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from django.apps import apps
from django.db.models import Model

from tinhso.toolkit.personal import Held, Personal, declared_by

#: Tables of the libraries, which cannot declare anything themselves.
LIBRARIES: Final[dict[str, Personal]] = {
    "account.EmailAddress": Personal(Held("user email", "applicant", "account", "person")),
    "account.EmailConfirmation": Personal(Held("key", "applicant", "security", "invitation")),
    "auth.Group": Personal(plain="name"),
    "auth.Group_permissions": Personal(),
    "auth.Permission": Personal(plain="name codename"),
    "contenttypes.ContentType": Personal(plain="app_label model"),
    "mfa.Authenticator": Personal(Held("user data", "applicant", "security", "person")),
    "plans.Target_solutions": Personal(),
    "sessions.Session": Personal(Held("session_key session_data", "applicant", "session", "session_row")),
}


class NoLawForThatDay(LookupError):
    """No version of the data holds on the day."""


@dataclass(frozen=True, slots=True)
class Law:
    """A law that a use of data rests on, on a day; ``checked``: what of it was compared with a text, and where."""

    key: str
    name: str
    says: str
    checked: str


@dataclass(frozen=True, slots=True)
class TableHolds:
    """What one table holds for one use: the fields, the kinds of data in plain words, whose it is, how long."""

    table: str
    label: str
    fields: tuple[str, ...]
    kinds: tuple[str, ...]
    whose: str
    keep: str
    keep_says: str


@dataclass(frozen=True, slots=True)
class Use:
    """One purpose with all that is held for it."""

    key: str
    name: str
    why: str
    seen_by: str
    laws: tuple[Law, ...]
    tables: tuple[TableHolds, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return the kinds of data in plain words, each once."""
        return _each_once(kind for table in self.tables for kind in table.kinds)

    @property
    def whose(self) -> tuple[str, ...]:
        """Return whose data it is, each once."""
        return _each_once(table.whose for table in self.tables)

    @property
    def keeps(self) -> tuple[str, ...]:
        """Return how long, each rule once."""
        return _each_once(table.keep_says for table in self.tables)


@dataclass(frozen=True, slots=True)
class Register:
    """The register on a day. ``empty``: tables whose models say that they hold no personal data."""

    on: dt.date
    uses: tuple[Use, ...]
    empty: tuple[str, ...]
    outside: tuple[dict[str, str], ...]
    rights: tuple[dict[str, Any], ...]
    laws: tuple[Law, ...]


def models_declared() -> Iterator[tuple[type[Model], Personal | None]]:
    """Yield every table's model with what it declares, those between many-to-many sides too, in a fixed order."""
    for model in sorted(apps.get_models(include_auto_created=True), key=lambda one: one._meta.label):
        yield model, declared_by(model) or LIBRARIES.get(model._meta.label)


def processing(on: dt.date) -> dict[str, Any]:
    """Return the words and laws of a day. Raises ``NoLawForThatDay``."""
    return _of_day("processing_2022.json", on)


def retention(on: dt.date) -> dict[str, Any]:
    """Return the rules of how long, as of a day. Raises ``NoLawForThatDay``."""
    return _of_day("retention_2022.json", on)


def kinds_of(label: str, names: Iterable[str], on: dt.date) -> tuple[str, ...]:
    """Return what fields hold in plain words, each once. Raises ``KeyError`` for a field without words."""
    words = _kinds(on)
    return _each_once(words.get(f"{label}.{name}") or words[name] for name in names)


def register(on: dt.date) -> Register:
    """Return the register of a day, from the models as they are."""
    said, rules = processing(on), retention(on)["rules"]
    laws = {
        key: Law(key, one["name"], one["says"], one["checked"])
        for key, one in said["laws"].items()
        if one["valid_from"] <= on.isoformat()
        and (one["valid_to"] is None or on.isoformat() <= one["valid_to"])
    }
    tables: dict[str, list[TableHolds]] = {key: [] for key in said["uses"]}
    empty = []
    for model, personal in models_declared():
        if personal is None or not personal.held:
            empty.append(model._meta.db_table)
            continue
        label = model._meta.label
        for part in personal.held:
            tables[part.use].append(
                TableHolds(
                    table=model._meta.db_table,
                    label=label,
                    fields=part.names,
                    kinds=kinds_of(label, part.names, on),
                    whose=said["whose"][part.whose],
                    keep=part.keep,
                    keep_says=rules[part.keep]["says"],
                )
            )
    return Register(
        on=on,
        uses=tuple(
            Use(
                key=key,
                name=one["name"],
                why=one["why"],
                seen_by=one["seen_by"],
                laws=tuple(laws[law] for law in one["laws"] if law in laws),
                tables=tuple(tables[key]),
            )
            for key, one in said["uses"].items()
            if tables[key]
        ),
        empty=tuple(empty),
        outside=tuple({**one, "keep_says": rules[one["keep"]]["says"]} for one in said["outside"]),
        rights=tuple(said["rights"]),
        laws=tuple(laws.values()),
    )


def register_rows(found: Register) -> Iterator[dict[str, str]]:
    """Yield the register as flat rows, one a table and use: for CSV, JSON and the document."""
    for use in found.uses:
        for one in use.tables:
            yield {
                "muc_dich": use.name,
                "vi_sao": use.why,
                "can_cu": "; ".join(law.name for law in use.laws),
                "bang": one.table,
                "truong": " ".join(one.fields),
                "du_lieu": ", ".join(one.kinds),
                "cua_ai": one.whose,
                "giu_bao_lau": one.keep_says,
                "ai_xem": use.seen_by,
            }


def archive_years(field_name: str, procedure_code: str, on: dt.date) -> int | None:
    """Return how many years an ended dossier is kept before it is anonymised; None: for ever."""
    archive = retention(on)["archive"]
    if procedure_code in archive["years_by_procedure"]:
        years: int | None = archive["years_by_procedure"][procedure_code]
        return years
    if field_name in archive["permanent_fields"]:
        return None
    return int(archive["years_by_field"].get(field_name, archive["default_years"]))


@cache
def _versions(name: str) -> tuple[dict[str, Any], ...]:
    text = files("tinhso.directory").joinpath(f"data/{name}").read_text(encoding="utf-8")
    return tuple(json.loads(text)["versions"])


def _of_day(name: str, on: dt.date) -> dict[str, Any]:
    day = on.isoformat()
    for version in _versions(name):
        if version["valid_from"] <= day and (version["valid_to"] is None or day <= version["valid_to"]):
            return version
    raise NoLawForThatDay(f"{name}: {day}")


def _kinds(on: dt.date) -> dict[str, str]:
    return {name: words for words, names in processing(on)["kinds"].items() for name in names.split()}


def _each_once(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))
