"""Make up who asks for something in the demo: what a dossier and a form want to know of a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tinhso.directory.api import Account, Actor, actor_of
from tinhso.dossiers.services.submit import Party

_ISSUED_ON, _ISSUED_BY = "2021-11-20", "Cục Cảnh sát quản lý hành chính về trật tự xã hội"


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody who asks: as the dossier names them, the actor where they have an account, words for the form."""

    party: Party
    actor: Actor | None
    words: Mapping[str, Any]


def invent_applicant(row: Mapping[str, Any], plan: Mapping[str, Any], on: dt.date) -> Applicant:
    """Return the person that a row of the plan describes, by the account where it names one."""
    known = dict(row)
    actor = person_id = None
    if "account" in row:
        account = Account.objects.select_related("person").get(username=row["account"])
        actor, person_id = actor_of(account.pk, on), account.person_id
        known |= {
            "name": account.person.name,
            "birth": f"{account.person.birth_date:%Y-%m-%d}",
            "identity": account.person.identity_number,
            "phone": account.person.phone,
        }
    home = written(row["home"], {}, plan)
    born = dt.date.fromisoformat(known["birth"])
    identity = {"kind": "cccd", "number": known["identity"], "issued_on": _ISSUED_ON, "issued_by": _ISSUED_BY}
    words = {
        **{key: known[key] for key in ("name", "birth", "sex", "phone")},
        "home": home,
        "id": identity,
        "fourteen": f"{born.year + 14}-{born:%m}",
        "father": f"{known['name'].split()[0]} Văn Ví Dụ",
        "father_birth": str(born.year - 27),
        "mother_birth": str(born.year - 24),
    }
    return Applicant(
        Party(known["name"], person_id, known["identity"], known["phone"], home["text"]), actor, words
    )


def written(value: Any, words: Mapping[str, Any], plan: Mapping[str, Any]) -> Any:
    """Write a person's own words and whole addresses into a piece of the plan."""
    if isinstance(value, str) and value.startswith("$"):
        return words[value[1:]]
    if isinstance(value, list):
        return [written(one, words, plan) for one in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"detail", "place"}:
        place = plan["places"][value["place"]]
        area = place["area"]
        return {"detail": value["detail"], **place, "text": f"{value['detail']}, {area[0].lower()}{area[1:]}"}
    return {key: written(one, words, plan) for key, one in value.items()}
