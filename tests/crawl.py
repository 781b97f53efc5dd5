"""Find every page of every role: sign in, follow links and question forms, keep one page of each kind.

A crawl asks over HTTP alone and is quick; the browser then opens what was found (``tests.screens``). A kind is the
name of the address, what tells its pages apart (the page of a form, the procedure, the keys of the query) and what
stands on it; so a list of 20,000 dossiers gives as many pages as there are different ones among its first few.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import pypdfium2
from django.urls import Resolver404, get_resolver, resolve
from lxml import html
from playwright.sync_api import APIResponse, BrowserContext

from tests.language import foreign_in_page, foreign_words

#: How many addresses of one name and tab a role fetches at most, and how many kinds of page are kept of them.
FETCHED, KEPT = 6, 3
#: The same where one page of each kind is wanted, whoever sees it.
FETCHED_IN_BRIEF, KEPT_IN_BRIEF = 3, 2
#: Part of the address that makes another page of it, not another row of a list.
TELLS_APART = {"dossiers:draft_page": "page", "portal:service": "code", "plans:task_act": "key"}
#: Lists whose filters make no other kind of page.
FILTERED = frozenset(
    (
        "portal:search",
        "catalogue:office",
        "catalogue:duties",
        "catalogue:levels",
        "catalogue:imports",
        "catalogue:words",
        "measures:coverage",
        "measures:coverage_months",
        "measures:declarations",
        "measures:statistics",
        "measures:stats_cases",
        "measures:stats_compare",
        "measures:stats_days",
        "measures:stats_field",
        "measures:stats_fields",
        "measures:stats_month",
        "measures:stats_office",
        "measures:stats_office_days",
        "measures:stats_offices",
        "measures:stats_procedure",
        "measures:stats_procedure_days",
        "measures:stats_procedures",
        "measures:formulas",
        "measures:index766",
        "measures:times",
        "measures:time_of_procedure",
        "measures:time_of_office",
        "measures:effort",
        "measures:effort_of",
        "measures:nd61",
        "measures:nd61_officers",
        "measures:reports",
        "measures:services_used",
        *(
            f"plans:{name}"
            for name in (
                *(
                    "tasks",
                    "targets",
                    "plans",
                    "window",
                    "directives",
                    "bodies",
                    "posts",
                    "money",
                    "findings",
                ),
                *("inspections", "commendations", "ranking", "reviews", "target_reports", "solutions"),
                *("tracked_services", "assign_task", "assign_in_meeting", "add_target", "task", "task_act"),
                *("money_new", "new_directive", "new_body", "assign_directive_item", "plan", "target"),
            )
        ),
    )
)
#: Procedures with a page of their own; the pages of all others are of one kind.
FINISHED = frozenset(
    path.stem for path in (Path(__file__).parents[1] / "src/tinhso/catalogue/data").glob("[0-9]*.json")
)
#: A term that finds nothing.
NOTHING = "ngoằn ngoèo khuya khoắt"
#: Forms that may be sent empty to see what they answer: nothing is done by them.
SENT_EMPTY = frozenset(
    (
        "account_login",
        "mfa_authenticate",
        "portal:verify",
        "dossiers:draft_page",
        "dossiers:supply",
        "dossiers:propose",
        "dossiers:ask_opinion",
        "dossiers:extend",
        "dossiers:correct",
        "dossiers:answer_opinion",
        "dossiers:intake_page",
        "catalogue:new",
        "catalogue:words",
        "catalogue:copy",
        "catalogue:end",
        "measures:set_target",
        "measures:copy_targets",
        "measures:declare",
        "measures:dti_import",
        "catalogue:level",
        "catalogue:import_see",
    )
)
#: Addresses that no picture shows, and why.
NOT_PAGES = {
    "dossiers:start": "posted: begins a draft and leads to its first page",
    "dossiers:upload": "posted by the script: answers with the row of a file",
    "dossiers:autosave": "posted by the script: answers with a time",
    "dossiers:draft_file": "a picture inside a page",
    "dossiers:paper_page": "a picture inside a page",
    "dossiers:own_picture": "a picture inside a page",
    "dossiers:own_paper": "a PDF that the person sent",
    "dossiers:reuse": "posted: leads to the papers of the draft",
    "dossiers:result_page": "a picture inside a page",
    "dossiers:slip": "a PDF: its words are read",
    "dossiers:draft_pdf": "a PDF: its words are read",
    "dossiers:fetch": "posted: a PDF",
    "dossiers:supply": "posted: answers with the page of the dossier",
    "dossiers:withdraw": "posted: leads to the page of the dossier",
    "dossiers:answer_opinion": "posted: leads to the in-box or back to the desk",
    "dossiers:duty": "posted: chooses one of several posts, leads to the in-box",
    "dossiers:intake_start": "leads to the page of a new sitting",
    "dossiers:intake_autosave": "posted by the script: answers with a time",
    "dossiers:intake_drop": "posted: leads to the choice of a procedure",
    "mfa_authenticate": "opened between password and code only: looked at by name",
    "dossiers:act": "posted: leads to the in-box or back to the desk",
    "measures:day_rows": "a table as a file",
    "measures:embed": "framed by other sites: looked at in the tests of the pages of figures",
    "measures:embed_office": "framed by other sites: looked at in the tests of the pages of figures",
    "measures:open_figures_file": "a table as a file",
    "portal:procedures_csv": "a table as a file",
    "portal:procedures_json": "data as a file",
    "portal:dcat": "data as a file",
    "portal:suggest": "a piece of the search page, fetched by its script",
    "portal:print_sheet": "a PDF: its words are read",
    "portal:sample_form": "a PDF: its words are read",
    "portal:print_poster": "a PDF: its words are read",
    "measures:targets_csv": "a table as a file",
    "measures:coverage_csv": "a table as a file",
    "measures:coverage_json": "data as a file",
    "measures:dti_csv": "a table as a file",
    "measures:dti_json": "data as a file",
    "measures:index766_csv": "a table as a file",
    "measures:publish_figures": "posted: leads to the page of the publication",
    "measures:discard_publication": "posted: leads to the list of publications",
    "measures:publication_json": "data as a file",
    "measures:publication_csv": "a table as a file",
    "measures:publication_rows": "a table as a file",
    "measures:index766_json": "data as a file",
    "measures:services_used_csv": "a table as a file",
    "measures:nd61_csv": "a table as a file",
    "measures:report_csv": "a table as a file",
    "measures:report_pdf": "a PDF",
    "measures:status_json": "data as a file",
    "measures:emc_csv": "a table as a file",
    "measures:emc_json": "data as a file",
    "catalogue:compare": "needs two versions of a procedure: looked at in the tests of the office's pages",
    "catalogue:start": "posted: opens a sheet and leads to its page",
    "catalogue:levels_csv": "a table as a file",
    "catalogue:import_see": "posted: leads to the page of the sheet",
    "catalogue:import_unsee": "posted: leads to the page of the sheet",
    "catalogue:word_act": "posted: leads to the page of words",
    "catalogue:act": "posted: leads to the page of the sheet",
    **dict.fromkeys(
        (
            "plans:annex_excel",
            "plans:annex_word",
            "plans:directive_file",
            "plans:money_csv",
            "plans:money_xlsx",
            "plans:findings_csv",
            "plans:finding_paper",
            "plans:ranking_csv",
            "plans:window_csv",
            "plans:review_word",
            "plans:review_json",
            "plans:review_csv",
            "plans:agenda_paper",
            "plans:conclusion_word",
            "plans:targets_csv",
            "plans:targets_xlsx",
            "plans:target_evidence",
            "plans:tasks_csv",
            "plans:tasks_xlsx",
            "plans:tasks_ics",
            "plans:task_evidence",
            "plans:tracked_csv",
            "plans:progress_json",
        ),
        "a file",
    ),
    **dict.fromkeys(
        (
            "plans:money_of_plan",
            "plans:money_enter",
            "plans:money_reverse",
            "plans:inspection_finding",
            "plans:inspection_conclude",
            "plans:finding_report",
            "plans:finding_answer",
            "plans:window_remind",
            "plans:plan_start",
            "plans:opinion_answer",
            "plans:plan_item_remove",
            "plans:plan_item_move",
            "plans:plan_keep",
            "plans:plan_go_back",
            "plans:opinion_remind",
            "plans:plan_act",
            "plans:lock_review",
            "plans:submit_review",
            "plans:return_review",
            "plans:approve_review",
            "plans:add_review_line",
            "plans:remove_review_line",
            "plans:mark_attendance",
            "plans:write_minutes",
            "plans:draft_conclusion",
            "plans:add_conclusion_line",
            "plans:remove_conclusion_line",
            "plans:write_opening",
            "plans:issue_conclusion",
            "plans:tasks_bulk",
            "plans:answer_task",
        ),
        "posted: leads to the page of the record",
    ),
    "demo:sign_in_as": "posted: signs in as one of the cast",
}


@dataclass(frozen=True)
class Stop:
    """One page to look at: ``of`` is its name and tab, ``sends`` the address of the form to send empty."""

    role: str
    page: str
    address: str
    status: int
    foreign: tuple[str, ...]
    of: tuple[str, tuple[str, ...]]
    shape: frozenset[tuple[str, str, str]]
    sends: str = ""


@dataclass
class Crawl:
    """What one role's browser context reaches on the demo."""

    role: str
    context: BrowserContext
    demo: str
    reached: Counter[str]
    fetched_at_most: int = FETCHED
    kept_at_most: int = KEPT
    #: Kinds that everybody sees and that need not be fetched again.
    public: frozenset[tuple[Any, ...]] = frozenset()
    stops: list[Stop] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    #: Forms to be sent empty when everything was seen: page, address, what they send of themselves.
    _unsent: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    _fetched: Counter[tuple[Any, ...]] = field(default_factory=Counter)
    _kept: Counter[tuple[Any, ...]] = field(default_factory=Counter)
    _kinds: set[tuple[Any, ...]] = field(default_factory=set)

    def sign_in(self) -> None:
        """Sign in as the role, one of the demo's cast."""
        self.get("/tai-khoan/login/")
        self.post(f"/trinh-dien/vao/{self.role}/")

    def get(self, path: str) -> APIResponse:
        """Fetch an address of the demo."""
        return self.context.request.get(self.demo + path)

    def post(self, path: str, typed: dict[str, Any] | None = None) -> APIResponse:
        """Send a form; a value that is a file (name, mimeType, buffer) makes it multipart."""
        token = next((c["value"] for c in self.context.cookies() if c["name"] == "csrftoken"), "")
        body: dict[str, Any] = {"csrfmiddlewaretoken": token, **(typed or {})}
        headers = {"Referer": self.demo + path}
        if any(isinstance(value, dict) for value in body.values()):
            return self.context.request.post(self.demo + path, multipart=body, headers=headers)
        return self.context.request.post(self.demo + path, form=body, headers=headers)

    def run(self, *starts: str) -> None:
        """Follow everything from these addresses."""
        waiting = deque(starts)
        seen = set(starts)
        while waiting:
            path = waiting.popleft()
            for found in self._visit(path, is_start=path in starts):
                if found not in seen:
                    seen.add(found)
                    waiting.append(found)
        for path, action, typed in self._unsent:
            self._send_empty(path, action, typed)
        self._unsent.clear()

    def look(self, path: str, page: str, status: int) -> None:
        """Keep one page that no link leads to, under a name of its own."""
        answer = self.get(path)
        assert answer.status == status, f"{path}: {answer.status}"
        self._keep(page, path, answer, (page, ()))

    def _visit(self, path: str, *, is_start: bool) -> Iterator[str]:
        name, tab = _named(path)
        if not name and not path.startswith("/static/"):
            self.faults.append(f"{self.role}: a link leads to {path}, where nothing is")
        if (
            not name
            or (name, tab) in self.public
            or self._fetched[name, tab] >= self.fetched_at_most
            or self._kept[name, tab] >= self.kept_at_most
        ):
            return
        self._fetched[name, tab] += 1
        answer = self.get(path)
        if answer.status >= 500:
            self.faults.append(f"{self.role} {path}: answers {answer.status}")
            return
        if answer.status == 404:
            if not is_start:
                self.faults.append(f"{self.role}: a link leads to {path}, where nothing is")
            return
        kind = answer.headers.get("content-type", "")
        self.reached[name] += answer.status == 200
        if kind.startswith("application/pdf"):
            self._read_pdf(path, answer.body())
        if not kind.startswith("text/html"):
            return
        landed = answer.url.removeprefix(self.demo)
        if landed.split("?")[0] != path.split("?")[0]:
            yield landed
            return
        root = self._keep(_slug(name, tab), path, answer, (name, tab))
        yield from _links(root, path)
        yield from _questions(root, path)
        for action, form in _posting(root, path).items():
            target, _tab = _named(action)
            self.reached[target] += 1
            if target in SENT_EMPTY:
                self._unsent.append((path, action, _nothing_typed(form)))

    def _send_empty(self, path: str, action: str, typed: dict[str, str]) -> None:
        answer = self.post(action, typed)
        if answer.url.removeprefix(self.demo) == action and answer.status < 500:
            of = _named(path)
            self._keep(f"{_slug(*of)}-loi", path, answer, of, sends=action)

    def _keep(
        self, page: str, path: str, answer: APIResponse, of: tuple[str, tuple[str, ...]], sends: str = ""
    ) -> Any:
        text = answer.text()
        root = html.document_fromstring(text)
        shape = _shape(root)
        kind = (*of, bool(sends), answer.status, shape)
        if kind not in self._kinds:
            self._kinds.add(kind)
            self._kept[of] += not sends
            foreign = tuple(foreign_in_page(text))
            self.stops.append(Stop(self.role, page, path, answer.status, foreign, of, shape, sends))
        return root

    def _read_pdf(self, path: str, body: bytes) -> None:
        words = " ".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(body))
        whole = re.sub("[\x02\ufffe]", "-", words)  # how the reader gives a hyphen at the end of a line
        self.faults += [f"{self.role} {path}: says {word}" for word in foreign_words(whole)]


def _named(path: str) -> tuple[str, tuple[str, ...]]:
    """Return the name of an address and what tells its pages apart; no name where there is no page."""
    parts = urlsplit(path)
    try:
        match = resolve(parts.path)
    except Resolver404:
        return "", ()
    apart = match.kwargs.get(TELLS_APART.get(match.view_name, ""), "")
    if match.view_name == "portal:service" and apart not in FINISHED:
        apart = "mac-dinh"
    keys = {key for key, value in parse_qsl(parts.query) if value}
    if match.view_name in FILTERED:
        keys &= {"q"}
    return match.view_name, (str(apart), *sorted(keys))


def _slug(name: str, tab: tuple[str, ...]) -> str:
    return re.sub(r"[^a-z0-9]+", "-", "-".join((name, *filter(None, tab))).lower()).strip("-")


def _shape(root: Any) -> frozenset[tuple[str, str, str]]:
    """Return what stands in the main part of a page: its elements by tag, class and type, once each."""
    return frozenset(
        (element.tag, element.get("class") or "", element.get("type") or "")
        for main in root.iter("main")
        for element in main.iter()
        if isinstance(element.tag, str)
    )


def _posting(root: Any, path: str) -> dict[str, Any]:
    """Return the posting forms of the page's main part by address, the first of each."""
    found: dict[str, Any] = {}
    for form in root.iterfind(".//main//form[@method='post']"):
        found.setdefault(urljoin(path, form.get("action") or path), form)
    return found


def _nothing_typed(form: Any) -> dict[str, str]:
    """Return what a form sends of itself: hidden values, and its main button."""
    typed = {box.get("name"): box.get("value") or "" for box in form.iterfind(".//input[@type='hidden']")}
    buttons = [button for button in form.iter("button") if button.get("type") == "submit"]
    main = next((button for button in buttons if "btn-main" in (button.get("class") or "")), None)
    if main is not None and main.get("name"):
        typed[main.get("name")] = main.get("value") or ""
    return {name: value for name, value in typed.items() if name and name != "csrfmiddlewaretoken"}


def _links(root: Any, path: str) -> Iterator[str]:
    for link in root.iterfind(".//a[@href]"):
        address = urljoin(path, link.get("href"))
        parts = urlsplit(address)
        if not parts.scheme and not parts.netloc and parts.path.startswith("/"):
            yield address.split("#")[0]


def _questions(root: Any, path: str) -> Iterator[str]:
    """Yield the addresses that the forms of a page lead to without changing anything: as they are, and finding nothing."""
    for form in root.iter("form"):
        if (form.get("method") or "get").lower() == "get":
            action = urljoin(path, form.get("action") or urlsplit(path).path)
            given = dict(form.form_values())
            typed = [
                box.get("name") for box in form.iter("input") if box.get("type") in (None, "text", "search")
            ]
            yield f"{action}?{urlencode(given)}"
            yield f"{action}?{urlencode(given | dict.fromkeys(filter(None, typed), NOTHING))}"
            for box in form.iter("select"):
                if len(box.value_options) > 1:
                    yield f"{action}?{urlencode(given | {box.get('name'): box.value_options[1]})}"


def all_names() -> set[str]:
    """Return the names of all addresses that the installation serves."""
    found: set[str] = set()
    waiting: list[tuple[str, Any]] = [("", get_resolver())]
    while waiting:
        prefix, resolver = waiting.pop()
        for pattern in resolver.url_patterns:
            if hasattr(pattern, "url_patterns"):
                inner = f"{pattern.namespace}:" if pattern.namespace else ""
                waiting.append((prefix + inner, pattern))
            elif pattern.name:
                found.add(prefix + pattern.name)
    return found
