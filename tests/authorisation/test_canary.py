"""No word comes out where it does not belong: a unique word in every text, every answer read in every role."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from tests.authorisation import canary, questions
from tests.authorisation.canary import Garden, Planted, may_read, small_pdf, words_in, words_of_pdf
from tests.authorisation.matrix import KEPT, LINES, PAGE, TOLD, Line
from tests.authorisation.questions import Question, ask, question
from tests.authorisation.readers import NOT_PLANTED, READERS
from tests.authorisation.world import ROLES, World
from tinhso.dossiers.models import Dossier

#: Enough where every role gets the same.
FOR_ALL = ("anonymous", "stranger", "owner", "clerk", "administrator")
_gardens: dict[int, Garden] = {}
#: What the scan must see, or it is blind: line, state, role, field.
MUST_SEE = (
    ("GET dossiers:desk", "submitted", "clerk", "dossiers.Dossier.owner_name"),
    ("GET dossiers:desk", "submitted", "clerk", "dossiers.Dossier.answers"),
    ("GET dossiers:desk", "paused", "clerk", "dossiers.StepTaken.note"),
    ("GET dossiers:desk", "paused", "specialist_asked", "dossiers.Opinion.question"),
    ("GET dossiers:desk", "awaiting_unread", "leader", "dossiers.Result.proposal"),
    ("GET dossiers:desk", "issued", "inspector", "dossiers.Dossier.owner_name"),
    ("GET dossiers:paper_page", "submitted", "clerk", "dossiers.Paper.file"),
    ("GET dossiers:draft_pdf", "awaiting_unread", "specialist", "dossiers.Result.draft"),
    ("GET dossiers:slip", "paused", "owner", "dossiers.Slip.reason"),
    ("GET dossiers:slip", "paused", "owner", "dossiers.DefectFound.detail"),
    ("GET dossiers:slip", "signed", "owner", "dossiers.Slip.content"),
    ("GET dossiers:desk", "issued", "inspector", "dossiers.DueMoved.reason"),
    ("GET dossiers:desk", "issued", "inspector", "dossiers.Correction.by_name"),
    ("GET dossiers:tracked", "issued", "anonymous", "dossiers.Correction.reason"),
    ("GET dossiers:correct", "issued", "leader", "dossiers.Correction.by_title"),
    ("GET measures:dti_criterion", "", "figures_approver", "measures.DtiEvidence.content"),
    ("GET measures:dti_periods", "", "statistician", "measures.DtiPeriod.hand_back_reason"),
    ("POST dossiers:fetch", "issued", "owner", "dossiers.Result.file"),
    ("GET dossiers:own_paper", "issued", "owner", "dossiers.Paper.file"),
    ("GET dossiers:own_picture a paper", "issued", "owner", "dossiers.Paper.file"),
    ("GET dossiers:own_picture a result", "issued", "owner", "dossiers.Result.file"),
    ("GET portal:papers", "", "owner", "dossiers.Result.number"),
    ("GET dossiers:draft_page papers", "", "owner", "dossiers.Slip.by_name"),
    ("GET dossiers:desk", "paused", "clerk", "dossiers.Dossier.number"),
    ("GET dossiers:draft_page check", "", "owner", "dossiers.Draft.answers"),
    ("GET dossiers:draft_file open", "", "owner", "dossiers.DraftFile.file"),
    ("GET portal:my", "", "owner", "messages.Notice.title"),
    ("GET dossiers:mine", "issued", "helper", "dossiers.Paper.name"),
    ("GET dossiers:tracked", "issued", "anonymous", "dossiers.Dossier.number"),
    ("GET portal:my", "", "stranger", "directory.Person.name"),
)


def plant(world: World) -> None:
    """Plant the words once the world is made (the fixture asks for it)."""
    _gardens[id(world)] = canary.plant_everything(world)
    questions.remember(world)


def _reads(line: Line) -> bool:
    """Say whether the line answers with a page or a file: all that is read, and posts that draw a page again."""
    if line.case.startswith("no such"):
        return False
    said = {line.expected(role, state) for role in ROLES for state in line.states}
    return line.method == "GET" or line.name == "dossiers:fetch" or bool(said & {PAGE, TOLD, KEPT})


READING = [line for line in LINES if _reads(line)]


def test_every_text_of_every_table_is_planted_or_says_why_not() -> None:
    known = set(READERS) | set(NOT_PLANTED)
    names = {name for _model, _field, name in canary.text_fields()}
    files = {f"dossiers.{one}" for one in ("Paper.file", "DraftFile.file")}
    results = {f"dossiers.Result.{one}" for one in ("draft", "signed", "file")}
    assert sorted(names - known) == []
    assert sorted(known - names - files - results) == []
    assert set(READERS) & set(NOT_PLANTED) == set()


def test_every_text_that_somebody_may_read_holds_a_word(world: World) -> None:
    planted = {one.field for one in _gardens[id(world)].words.values()}
    assert sorted(set(READERS) - planted) == []


def leaks(world: World, role: str, response: Any, url: str, url_name: str, typed: str = "") -> list[str]:
    """Return the fields of which a word came out to a role that may not read it; ``typed`` is what was sent."""
    garden = _gardens[id(world)]
    found = (words_in(response, url) - {typed}) & set(garden.words)  # a token may look like a word by chance
    return sorted(
        f"{role} reads {garden.words[word].field} ({word}) at {url}"
        for word in found
        if not may_read(world, role, garden.words[word], url_name)
    )


@pytest.mark.parametrize("line", READING, ids=str)
def test_no_word_comes_out_where_it_does_not_belong(line: Line, world: World) -> None:
    wrong: list[str] = []
    for state in line.states:
        sent = question(line, world, state)
        for role in ROLES if line.who else FOR_ALL:
            response = ask(world, role, line.method, sent).response
            assert response is not None, f"{line} broke for {role}"
            wrong += leaks(world, role, response, sent.url, line.name)
    assert not wrong, "\n".join(wrong)


def _masked(response: Any, word: str) -> str:
    return re.sub(r"[0-9A-Za-z]{60,}", "", response.content.decode()).lower().replace(word, "…")


@pytest.mark.parametrize("role", ["clerk_elsewhere", "seals_asked", "administrator"])
def test_searching_for_what_one_may_not_read_finds_exactly_nothing(role: str, world: World) -> None:
    """A page for a word that stands in a dossier is, but for the word, the page for a word that stands nowhere."""
    find, nowhere = reverse("dossiers:find"), "zqzzzzzz"
    empty = _masked(ask(world, role, "GET", Question(f"{find}?q={nowhere}", {})).response, nowhere)
    one_each = {one.field: word for word, one in _gardens[id(world)].words.items() if one.dossier_id}
    for field, word in one_each.items():
        response = ask(world, role, "GET", Question(f"{find}?q={word}", {})).response
        assert leaks(world, role, response, find, "dossiers:find", word) == [], field
        assert _masked(response, word) == empty, field


@pytest.mark.parametrize(("name", "key"), [("portal:search", "q"), ("portal:track", "ma")])
def test_a_stranger_learns_from_no_search_whether_a_word_stands_anywhere(
    name: str, key: str, world: World
) -> None:
    url, nowhere = reverse(name), "zqzzzzzz"
    empty = _masked(ask(world, "anonymous", "GET", Question(f"{url}?{key}={nowhere}", {})).response, nowhere)
    one_each = {one.field: word for word, one in _gardens[id(world)].words.items()}
    for field, word in one_each.items():
        response = ask(world, "anonymous", "GET", Question(f"{url}?{key}={word}", {})).response
        assert leaks(world, "anonymous", response, url, "no page of the code", word) == [], field
        assert _masked(response, word) == empty, field


def test_a_clerk_finds_by_a_word_of_the_name_what_lies_at_ones_own_counter(world: World) -> None:
    dossier = world.dossiers["submitted"]
    word = _gardens[id(world)].of("dossiers.Dossier.owner_name", dossier_id=dossier.pk)
    page = ask(world, "clerk", "GET", Question(f"{reverse('dossiers:find')}?q={word}", {})).response
    assert dossier.tracking_code in page.content.decode()


@pytest.mark.parametrize(("name", "state", "role", "field"), MUST_SEE)
def test_the_scan_sees_what_stands_there(name: str, state: str, role: str, field: str, world: World) -> None:
    sent = question(next(line for line in READING if str(line) == name), world, state)
    response = ask(world, role, name.split(" ")[0], sent).response
    words = _gardens[id(world)].words
    assert field in {words[word].field for word in words_in(response, sent.url) & set(words)}


def test_the_scan_finds_a_leak_in_a_page_a_header_a_pdf_and_behind_a_picture(world: World) -> None:
    dossier = Dossier.objects.get(pk=world.dossiers["submitted"].pk)
    request: HttpRequest = RequestFactory().get("/ro-ri/")

    def leaky(request: HttpRequest) -> HttpResponse:
        return HttpResponse(f"<p>{dossier.owner_name.upper()}</p>")

    header = HttpResponse(
        "", headers={"Content-Disposition": f'attachment; filename="{dossier.owner_phone}"'}
    )
    pdf = HttpResponse(small_pdf(dossier.owner_address), content_type="application/pdf")
    picture = HttpResponse(b"", content_type="image/png")
    of_paper = reverse("dossiers:paper_page", args=[world.papers["submitted"].token, 1])
    for response, url, field in (
        (leaky(request), "/ro-ri/", "Dossier.owner_name"),
        (header, "/ro-ri/", "Dossier.owner_phone"),
        (pdf, "/ro-ri/", "Dossier.owner_address"),
        (picture, of_paper, "Paper.file"),
    ):
        for role in ("anonymous", "stranger", "clerk_elsewhere", "administrator", "disabled"):
            found = leaks(world, role, response, url, "leaky")
            assert [line.split(" ")[2] for line in found] == [f"dossiers.{field}"], role
        assert leaks(world, "clerk", response, url, "leaky") == []


def test_a_word_is_found_in_a_pdf_that_was_packed(world: World) -> None:
    word = Garden().new(Planted("dossiers.Paper.file"))
    assert word not in small_pdf(word).decode("latin-1")
    assert words_of_pdf(small_pdf(word)) == {word}


def test_a_public_answer_of_one_stranger_is_the_answer_of_another(world: World) -> None:
    """Neither a page kept for strangers nor a download carries anything of whoever asked before."""
    for name in ("portal:home", "portal:search", "measures:statistics", "measures:day_rows", "portal:help"):
        with transaction.atomic():
            first = _masked(ask(world, "anonymous", "GET", Question(reverse(name), {})).response, "-")
            ask(world, "owner", "GET", Question(reverse(name), {}))
            second = _masked(ask(world, "anonymous", "GET", Question(reverse(name), {})).response, "-")
        assert first == second
