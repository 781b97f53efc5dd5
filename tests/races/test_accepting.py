"""Accepting and opening papers through two servers at once."""

from __future__ import annotations

from uuid import uuid4

from django.urls import reverse

from tests.races.conftest import Town
from tests.races.servers import Answer, all_at_once, visitor
from tinhso.documents.models import StoredFile
from tinhso.dossiers.lifecycle import State, Verb
from tinhso.dossiers.models import DayNumber, Dossier
from tinhso.dossiers.services.submit import submit
from tinhso.dossiers.tests.factories import make_filing
from tinhso.toolkit import words
from tinhso.toolkit.clock import VN

CLERKS = 8
ACCEPTANCES = 200


def submitted(town: Town) -> Dossier:
    """Return a dossier of Lan's that waits at the counter."""
    filing = make_filing(town.cast, version=town.version)
    return submit(by=town.cast.lan, at=town.at, key=uuid4().hex, filing=filing)


def last_number(town: Town) -> int:
    """Return the last running number that the counter gave today."""
    return sum(DayNumber.objects.filter(office=town.cast.commune).values_list("n", flat=True))


def test_two_hundred_acceptances_over_two_servers_give_two_hundred_numbers_without_gap_or_double(
    town: Town,
) -> None:
    waiting = [submitted(town) for _ in range(ACCEPTANCES)]
    clerks = [visitor(clerk.account_id) for clerk in town.clerks]
    last = last_number(town)

    def accept(n: int) -> Answer:
        address = reverse("dossiers:act", args=[waiting[n].tracking_code, "nhan"])
        return clerks[n % CLERKS].again().post(town.servers[n % 2], address)

    given = all_at_once(accept, ACCEPTANCES, at_a_time=16)
    assert {(answer.status, answer.leads_to) for answer in given} == {(302, reverse("dossiers:inbox"))}
    rows = Dossier.objects.filter(pk__in=[dossier.pk for dossier in waiting])
    prefix = f"{town.cast.commune.code}-220510-"
    expected = {f"{prefix}{n:04d}" for n in range(last + 1, last + 1 + ACCEPTANCES)}
    numbers = list(rows.values_list("number", flat=True))
    assert len(numbers) == ACCEPTANCES
    assert set(numbers) == expected
    assert last_number(town) == last + ACCEPTANCES
    assert {dossier.slips.filter(form="01").count() for dossier in rows} == {1}


def test_eight_clerks_accept_one_dossier_one_succeeds_and_seven_read_who_was_first_and_when(
    town: Town,
) -> None:
    dossier = submitted(town)
    clerks = [visitor(clerk.account_id) for clerk in town.clerks]
    last = last_number(town)
    address = reverse("dossiers:act", args=[dossier.tracking_code, "nhan"])

    def accept(n: int) -> Answer:
        server = town.servers[n % 2]
        return clerks[n].follow(server, clerks[n].post(server, address))

    pages = all_at_once(accept, CLERKS)
    dossier.refresh_from_db()
    taken = dossier.steps.get(verb=Verb.ACCEPT)
    moment = words.moment_text(taken.at.astimezone(VN))
    first = f"{taken.by_name} đã làm việc này trước, lúc {moment}. Hồ sơ không đổi thêm."
    winners = [n for n, page in enumerate(pages) if f"Đã nhận, số hồ sơ {dossier.number}" in page.text]
    readers = [n for n, page in enumerate(pages) if first in page.text]
    assert [town.clerks[n].name for n in winners] == [taken.by_name]
    assert sorted(winners + readers) == list(range(CLERKS))
    assert (dossier.state, dossier.slips.count()) == (State.IN_PROGRESS, 1)
    assert last_number(town) == last + 1


def test_a_receipt_opened_first_by_two_servers_at_once_is_one_file(town: Town) -> None:
    dossier = submitted(town)
    clerk, lan = visitor(town.clerks[0].account_id), visitor(town.cast.lan.account_id)
    clerk.post(town.servers[0], reverse("dossiers:act", args=[dossier.tracking_code, "nhan"]))
    slip = dossier.slips.get()
    assert slip.file is None
    kept = StoredFile.objects.count()
    address = reverse("dossiers:slip", args=[slip.token])
    given = all_at_once(lambda n: lan.again().get(town.servers[n % 2], address), 4)
    assert {answer.status for answer in given} == {200}
    assert len({answer.body for answer in given}) == 1
    assert given[0].body.startswith(b"%PDF")
    assert StoredFile.objects.count() == kept + 1
    slip.refresh_from_db()
    assert slip.file is not None
