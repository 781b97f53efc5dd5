"""File every procedure of the province once: ``python -m tests.robot [--every N] --json``, on the demo at TINHSO_DATA.

On line where the level of the day allows it, page by page as a person does; else at the counter of an office that
receives it. What was not filed is named with the page and the sentence on which the robot got stuck.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import secrets
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

import django
from django.test import Client


@dataclass(frozen=True)
class Filed:
    """What became of one procedure: ``how`` online or counter; ``stuck`` blank where a dossier was made."""

    code: str
    how: str
    tracking_code: str = ""
    stuck: str = ""


class Stuck(Exception):
    """The robot cannot go on; the message says where."""


def file_all(codes: list[str]) -> list[Filed]:
    """File each code once; never stops at one that fails."""
    from tinhso.catalogue import api as catalogue  # noqa: PLC0415 - models come with the database
    from tinhso.toolkit import clock  # noqa: PLC0415

    robot = Robot()
    filed = []
    for code in codes:
        version = catalogue.current(code, clock.today())
        is_online = catalogue.can_file_online(version, clock.today())
        try:
            made = robot.online(version) if is_online else robot.counter(version)
            filed.append(Filed(code, "online" if is_online else "counter", made))
        except Stuck as why:
            filed.append(Filed(code, "online" if is_online else "counter", stuck=str(why)))
    return filed


class Robot:
    """A citizen and all counter clerks, as browsers."""

    def __init__(self) -> None:
        from tinhso.directory.models import Account  # noqa: PLC0415 - models come with the database

        self.citizen = _signed_in(Account.objects.get(username="lan"))
        self.clerks: dict[int, Client] = {}

    def online(self, version: Any) -> str:
        """File from the public page to the acknowledgement; return the tracking code."""
        from tinhso.catalogue import api as catalogue  # noqa: PLC0415
        from tinhso.dossiers.models import Draft  # noqa: PLC0415
        from tinhso.dossiers.views.filing import CHECK, OFFICE, PAPERS  # noqa: PLC0415
        from tinhso.toolkit import clock  # noqa: PLC0415

        code, said = version.procedure.code, answers_to(version)
        page = self.citizen.get(f"/thu-tuc/{code}/")
        if page.status_code != 200:
            msg = f"service page: {page.status_code}"
            raise Stuck(msg)
        at = _led(self.citizen.post(f"/nop/{code}/"), "start")
        token = at.split("/")[3]
        # A draft begun before goes on where it was left: the office is asked for by its own page.
        asked_where = self.citizen.get(f"/nop/nhap/{token}/{OFFICE}/")
        offices = re.findall(r'<option value="(\d+)"', asked_where.content.decode())
        if not offices:
            msg = "no office receives it"
            raise Stuck(msg)
        _led(self.citizen.post(f"/nop/nhap/{token}/{OFFICE}/", {"office": offices[0]}), OFFICE)
        properties = version.form.schema["properties"]
        for asked in catalogue.pages(version.form, said, clock.today()):
            fields = posted(asked.fields, said, properties)
            _led(self.citizen.post(f"/nop/nhap/{token}/{asked.key}/", fields), asked.key)
        draft = Draft.objects.get(token=token)
        for paper in catalogue.papers(version, draft.answers, clock.today()):
            if paper.is_upload and paper.is_required:
                self._upload(draft, paper.key)
        _led(self.citizen.post(f"/nop/nhap/{token}/{PAPERS}/", {}), PAPERS)
        check = f"/nop/nhap/{token}/{CHECK}/"
        shown = self.citizen.get(check).content.decode()
        hidden = dict(re.findall(r'<input type="hidden" name="(key|checked)" value="([^"]*)"', shown))
        return _led(self.citizen.post(check, {"declared": "1", **hidden}), CHECK).split("/")[-2]

    def _upload(self, draft: Any, paper_key: str) -> None:
        from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415

        from tinhso.documents.api import draw_pdf  # noqa: PLC0415

        pdf = draw_pdf("<html lang=vi><title>Giấy thử</title><p>Giấy thử</p></html>")
        file = SimpleUploadedFile("giay-thu.pdf", pdf, "application/pdf")
        answer = self.citizen.post(f"/nop/nhap/{draft.token}/gui/{paper_key}/", {"file": file})
        if answer.status_code != 200:
            msg = f"{paper_key}: {_sentence(answer)}"
            raise Stuck(msg)

    def counter(self, version: Any) -> str:
        """Take it in at a counter that receives it; return the tracking code."""
        from tinhso.catalogue import api as catalogue  # noqa: PLC0415
        from tinhso.directory.models import Account, Post  # noqa: PLC0415
        from tinhso.dossiers.queries import places_for  # noqa: PLC0415
        from tinhso.toolkit import clock  # noqa: PLC0415

        code, said = version.procedure.code, answers_to(version)
        places = places_for(version, clock.today())
        if not places:
            msg = "no office receives it"
            raise Stuck(msg)
        office = places[0]
        if office.pk not in self.clerks:
            clerk = Post.objects.filter(office=office, role="counter_clerk").first()
            if clerk is None:
                msg = f"{office.name} has no counter clerk"
                raise Stuck(msg)
            self.clerks[office.pk] = _signed_in(Account.objects.get(person_id=clerk.person_id))
        papers = catalogue.papers(version, said, clock.today())
        fields = {
            "nguoi-owner_name": "Trần Thị Lan Thử",
            "nguoi-who": "self",
            "nguoi-read_back": "on",
            "ban": str(version.pk),
            "press": "nop",
            **(
                {"nguoi-case": "theo-loi-khai"}
                if any(c.is_chosen_by_officer for c in version.cases.all())
                else {}
            ),
            **{f"nhan-{paper.key}": "seen" if paper.kind == "show" else "copy" for paper in papers},
            **posted(list(said), said, version.form.schema["properties"]),
        }
        address = f"/mot-cua/tiep-nhan/{code}/{office.pk}/{secrets.token_urlsafe(16)}/"
        return _led(self.clerks[office.pk].post(address, fields), "counter").split("/")[-2]


def answers_to(version: Any) -> dict[str, Any]:
    """Return answers that a form takes: samples for the finished ones, invented ones for the default form."""
    from tinhso.catalogue.tests import samples  # noqa: PLC0415

    if not version.procedure.has_default_form:
        return samples.answers(version.procedure.code)
    cases = version.form.schema["properties"].get("case")
    return {
        **({"case": cases["enum"][0]} if cases else {}),
        "requester_name": "Trần Thị Lan Thử",
        "requester_phone": "0912000111",
        "requester_id": samples.identity(),
        "requester_address": samples.address(),
        "for_whom": "ban-than",
        "request": "Đề nghị giải quyết việc thử nghiệm số 1.",
        "receive": "tai-quay",
        "commitment": True,
    }


def posted(keys: Any, said: dict[str, Any], properties: dict[str, Any]) -> dict[str, str]:
    """Return answers as the boxes of a page post them."""
    from tinhso.catalogue.queries.boxes import scatter  # noqa: PLC0415
    from tinhso.catalogue.queries.checking import as_posted  # noqa: PLC0415

    boxes = {n: v for key in keys for n, v in scatter(key, properties[key], said.get(key)).items()}
    return {name: str(value) for name, value in as_posted(boxes).items()}


def _signed_in(account: Any) -> Client:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(account)
    return client


def _led(answer: Any, where: str) -> str:
    """Return where an answer leads. Raises ``Stuck`` where it leads nowhere."""
    if answer.status_code != 302:
        msg = f"{where}: {answer.status_code} {_sentence(answer)}"
        raise Stuck(msg)
    return str(answer.headers["Location"])


def _sentence(answer: Any) -> str:
    text = re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())
    found = re.search(r"Còn \d+ chỗ cần sửa.{0,200}", text)
    return found[0] if found else text[:200]


def main() -> int:
    """File on a running demo's database; exit 1 where one was not filed."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--json", action="store_true")
    words.add_argument("--every", type=int, default=1, help="only each Nth")
    words.add_argument("--only", nargs="+", metavar="CODE", help="only these procedures")
    asked = words.parse_args()
    os.environ |= {
        "TINHSO_DEMO": "1",
        "TINHSO_ROLE": "app",
        "DJANGO_SETTINGS_MODULE": "tinhso.config.settings",
    }
    django.setup()
    from tinhso.catalogue.models import ProcedureVersion  # noqa: PLC0415
    from tinhso.toolkit import clock  # noqa: PLC0415

    ours = ProcedureVersion.objects.on(clock.today()).exclude(levels=[]).order_by("procedure__code")
    codes = list(ours.values_list("procedure__code", flat=True))[:: asked.every]
    codes = [code for code in codes if not asked.only or code in asked.only]
    began = time.monotonic()
    filed = file_all(codes)
    report = {
        "procedures": len(filed),
        "filed": Counter(one.how for one in filed if one.tracking_code),
        "stuck": [asdict(one) for one in filed if one.stuck],
        "seconds": round(time.monotonic() - began, 1),
    }
    sys.stdout.write(json.dumps(report, ensure_ascii=False, indent=None if asked.json else 1) + "\n")
    return 1 if report["stuck"] else 0


if __name__ == "__main__":
    sys.exit(main())
