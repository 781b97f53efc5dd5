"""Keep who looked at whose dossier: every answer that shows one to an officer leaves a row before it leaves the house."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from tinhso.directory.api import LookKind, who
from tinhso.dossiers.services.note_look import note_look
from tinhso.toolkit import clock

#: Which addresses show a dossier to an officer: how the address names it, the part that does, what is seen.
SHOWS: Final[dict[str, tuple[str, str, LookKind]]] = {
    **dict.fromkeys(
        (
            *("desk", "propose", "ask_opinion", "answer_opinion", "extend", "correct", "act"),
            *("intake_done", "mine", "done"),
        ),
        ("code", "code", LookKind.PAGE),
    ),
    "paper_page": ("paper", "token", LookKind.PAPER),
    "draft_pdf": ("code", "code", LookKind.RESULT),
    "result_page": ("code", "code", LookKind.RESULT),
    "fetch": ("code", "code", LookKind.RESULT),
    "slip": ("slip", "token", LookKind.SLIP),
}
#: Addresses of dossiers that show an officer nobody else's data, each with why.
SHOWS_NOTHING: Final[dict[str, str]] = {
    "start": "opens a procedure",
    "upload": "one's own draft",
    "draft_file": "one's own draft",
    "draft_page": "one's own draft",
    "autosave": "one's own draft",
    "reuse": "one's own draft",
    "own_picture": "the owner's only",
    "own_paper": "the owner's only",
    "tracked": "the state, for whoever holds the code; no name",
    "supply": "the applicant's own",
    "withdraw": "the applicant's own",
    "inbox": "a list: who works on them is told by the steps",
    "find": "a list: the view itself keeps what it lists",
    "duty": "chooses a post",
    "intake": "chooses a procedure",
    "intake_start": "begins a draft at the counter",
    "intake_page": "a draft at the counter, no dossier yet",
    "intake_autosave": "a draft at the counter",
    "intake_drop": "a draft at the counter",
    "rebasing": "nobody's name is shown",
    "rebase": "nobody's name is shown",
    "calendar": "days off",
}
#: Answers that carry a page: 422 is the page again, with what is wrong.
_SHOWN: Final = (200, 422)


class LooksMiddleware:
    """Stands after the actor is known. A look that cannot be kept is not given: the error goes up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next step."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at what was answered."""
        response = self.get_response(request)
        match = request.resolver_match
        if match is None or match.app_name != "dossiers" or response.status_code not in _SHOWN:
            return response
        found = SHOWS.get(match.url_name or "")
        if found is not None and who(request).is_officer:
            named_by, part, kind = found
            note_look(by=who(request), at=clock.now(), named_by=named_by, name=match.kwargs[part], kind=kind)
        return response
