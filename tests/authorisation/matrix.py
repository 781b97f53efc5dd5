"""The table: every address, every method, and what each role gets.

A line names an address (as ``reverse`` knows it), a method, the case that is asked, what the named roles get, and what
all others get. The words of an outcome:

======== =============================================================================
page     200, and no row changed
done     something was done: rows changed, the answer is a page or leads to one
told     422: the page again with a sentence about what is wrong, no row changed
kept     422 the same, and what was typed was kept
nothing  a way back with a sentence, no row changed
leads on a way to another page, no row changed
sign in  a way to the sign-in page, no row changed
not there, forbidden, no method   404, 403, 405, no row changed
======== =============================================================================

Rows are those of all tables but sessions and the cache. An outcome may depend on the dossier's state: then it is a
table of states, ``ELSE`` for the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.authorisation import steering
from tests.authorisation.world import (
    ASKED,
    ASKED_ONLY_BY_NAME,
    BEFORE_ACCEPTANCE,
    ELSEWHERE,
    HERE,
    KEEPERS,
    OFFICERS,
    OUTSIDE,
    PARTIES,
    PROMOTERS,
    ROLES,
    SHEET_OF,
    SOME_STATES,
    STATES,
    STATISTICIANS,
    WITH_OPINION,
    WITH_RESULT,
)

PAGE, DONE, TOLD, KEPT, NOTHING, LEADS_ON = "page", "done", "told", "kept", "nothing", "leads on"
SIGN_IN, NOT_THERE, FORBIDDEN, NO_METHOD = "sign in", "not there", "forbidden", "no method"

Outcome = str | Mapping[str, str]
ELSE = "else"
#: The sheets of the catalogue's office.
SHEET_STATES = tuple(SHEET_OF)
#: An address without a dossier is asked once.
ONCE = ("",)


@dataclass(frozen=True)
class Line:
    """One line of the table. ``case`` names how ``questions.CASES`` builds the address and the content."""

    name: str
    method: str
    who: Mapping[str, Outcome]
    others: Outcome = NOT_THERE
    case: str = ""
    states: tuple[str, ...] = ONCE

    def expected(self, role: str, state: str) -> str:
        """Return what the role gets, where the dossier stands in the state."""
        outcome = self.who.get(role, self.others)
        return outcome if isinstance(outcome, str) else outcome.get(state, outcome[ELSE])

    def cells(self) -> Iterator[tuple[str, str]]:
        """Yield every (state, role) to ask.

        Whoever is not named is asked in the states in which somebody may do something, else in the first and last.
        """
        live = [s for s in self.states if any(self.expected(r, s) in {DONE, KEPT} for r in self.who)]
        for state in self.states:
            is_telling = state in (live or (self.states[0], self.states[-1]))
            yield from ((state, role) for role in ROLES if role in self.who or is_telling)

    def __str__(self) -> str:
        return " ".join(part for part in (self.method, self.name, self.case) if part)


def these(roles: tuple[str, ...], outcome: Outcome) -> dict[str, Outcome]:
    """Give several roles the same."""
    return dict.fromkeys(roles, outcome)


#: The methods that an address knows; every other one is ``no method`` for everybody.
READ, POST, BOTH = ("GET", "HEAD"), ("POST",), ("GET", "HEAD", "POST")
#: The library's own pages answer OPTIONS too.
METHODS: dict[str, tuple[str, ...]] = {
    "account_login": (*BOTH, "PUT", "OPTIONS"),
    "account_logout": (*BOTH, "OPTIONS"),
    "mfa_authenticate": (*BOTH, "PUT", "OPTIONS"),
    "demo:sign_in_as": POST,
    "portal:home": READ,
    "portal:search": READ,
    "portal:service": READ,
    "portal:my": READ,
    "portal:track": READ,
    "measures:statistics": READ,
    "measures:day_rows": READ,
    "measures:stats_days": READ,
    "measures:stats_offices": READ,
    "measures:stats_office": READ,
    "measures:stats_office_days": READ,
    "measures:stats_procedures": READ,
    "measures:stats_procedure": READ,
    "measures:stats_procedure_days": READ,
    "measures:stats_fields": READ,
    "measures:stats_field": READ,
    "measures:stats_month": READ,
    "measures:stats_compare": READ,
    "measures:formulas": READ,
    "measures:embed": READ,
    "measures:embed_office": READ,
    "measures:open_figures": READ,
    "measures:open_figures_file": READ,
    "measures:stats_cases": READ,
    "portal:verify": BOTH,
    "portal:help": READ,
    "portal:privacy": READ,
    "portal:accessibility": READ,
    "portal:suggest": READ,
    "portal:life_event": READ,
    "portal:fields": READ,
    "portal:field": READ,
    "portal:papers": READ,
    "portal:counters": READ,
    "portal:sample_form": READ,
    "portal:print_sheet": READ,
    "portal:print_poster": READ,
    "portal:open_data": READ,
    "portal:procedures_csv": READ,
    "portal:procedures_json": READ,
    "portal:dcat": READ,
    "catalogue:office": READ,
    "catalogue:new": BOTH,
    "catalogue:worklist": READ,
    "catalogue:duties": READ,
    "catalogue:levels": READ,
    "catalogue:levels_csv": READ,
    "catalogue:level": BOTH,
    "catalogue:imports": READ,
    "catalogue:import_record": READ,
    "catalogue:import_see": POST,
    "catalogue:import_unsee": POST,
    "catalogue:words": BOTH,
    "catalogue:word_act": POST,
    "catalogue:draft": READ,
    "catalogue:compare_draft": READ,
    "catalogue:act": POST,
    "catalogue:part": BOTH,
    "catalogue:procedure": READ,
    "catalogue:start": POST,
    "catalogue:copy": BOTH,
    "catalogue:end": BOTH,
    "catalogue:compare": READ,
    "measures:uptake": READ,
    "measures:giving_up": READ,
    "measures:steps": READ,
    "measures:targets": READ,
    "measures:set_target": BOTH,
    "measures:copy_targets": BOTH,
    "measures:targets_csv": READ,
    "measures:target": READ,
    "measures:coverage": READ,
    "measures:coverage_months": READ,
    "measures:coverage_csv": READ,
    "measures:coverage_json": READ,
    "measures:declarations": READ,
    "measures:declare": BOTH,
    "measures:declaration": BOTH,
    "measures:dti": READ,
    "measures:dti_csv": READ,
    "measures:dti_json": READ,
    "measures:dti_ranks": READ,
    "measures:dti_criteria": READ,
    "measures:dti_periods": BOTH,
    "measures:dti_import": BOTH,
    "measures:dti_criterion": BOTH,
    "measures:times": READ,
    "measures:time_of_procedure": READ,
    "measures:time_of_office": READ,
    "measures:effort": READ,
    "measures:effort_of": READ,
    "measures:wall": READ,
    "measures:leader": READ,
    "measures:publications": READ,
    "measures:publication": READ,
    "measures:publication_json": READ,
    "measures:publication_csv": READ,
    "measures:publication_rows": READ,
    "measures:prepare_publication": BOTH,
    "measures:publish_figures": POST,
    "measures:discard_publication": POST,
    "measures:reported_figures": READ,
    "measures:reported_history": READ,
    "measures:enter_reported": BOTH,
    "measures:index766": READ,
    "measures:index766_csv": READ,
    "measures:index766_json": READ,
    "measures:services_used": READ,
    "measures:services_used_csv": READ,
    "measures:nd61": READ,
    "measures:nd61_csv": READ,
    "measures:nd61_officers": READ,
    "measures:reports": READ,
    "measures:report_csv": READ,
    "measures:report_pdf": READ,
    "measures:status": READ,
    "measures:status_json": READ,
    "measures:monitoring": READ,
    "measures:emc_csv": READ,
    "measures:emc_json": READ,
    "dossiers:start": POST,
    "dossiers:upload": POST,
    "dossiers:draft_file": READ,
    "dossiers:own_picture": READ,
    "dossiers:own_paper": READ,
    "dossiers:reuse": POST,
    "dossiers:draft_page": BOTH,
    "dossiers:autosave": POST,
    "dossiers:done": READ,
    "dossiers:tracked": READ,
    "dossiers:mine": READ,
    "dossiers:supply": POST,
    "dossiers:withdraw": POST,
    "dossiers:fetch": POST,
    "dossiers:inbox": READ,
    "dossiers:find": READ,
    "dossiers:rebasing": READ,
    "dossiers:rebase": BOTH,
    "dossiers:duty": POST,
    "dossiers:intake": READ,
    "dossiers:intake_start": READ,
    "dossiers:intake_page": BOTH,
    "dossiers:intake_autosave": POST,
    "dossiers:intake_drop": POST,
    "dossiers:intake_done": READ,
    "dossiers:ask_opinion": BOTH,
    "dossiers:answer_opinion": POST,
    "dossiers:desk": READ,
    "dossiers:extend": BOTH,
    "dossiers:correct": BOTH,
    "dossiers:propose": BOTH,
    "dossiers:act": POST,
    "dossiers:draft_pdf": READ,
    "dossiers:result_page": READ,
    "dossiers:paper_page": READ,
    "dossiers:slip": READ,
    **dict(steering.of("METHODS")),
}

ALL_SIGN_IN = these(OUTSIDE, SIGN_IN)
SIGNED_IN = tuple(role for role in ROLES if role not in OUTSIDE)
#: Who works on a dossier and reads it as an officer; the office that is asked only once it was asked.
CLERKS = ("clerk", "second_clerk")
ALL_CLERKS = (*CLERKS, "clerk_elsewhere", "clerk_asked")
WORKERS = (*CLERKS, "specialist", "leader", "seals", "deputy", "inspector")
LEADERS = ("leader", "deputy")
#: The clock of the law runs; and the clock of the law ran once and has stopped.
RUNNING_ON = ("in_progress", "awaiting_unread", "awaiting_signature", "signed")
ENDED_AFTER_ACCEPTANCE = ("issued", "handed_over", "rejected", "withdrawn")
ASKED_LATER: Outcome = {**dict.fromkeys(BEFORE_ACCEPTANCE, NOT_THERE), ELSE: PAGE}
READ_AS_OFFICER = {**these(WORKERS, PAGE), **these(ASKED, ASKED_LATER)}
#: Whoever leads an office, and who stands in for one.
LEADERS_OF_ANY = ("leader", "deputy", "leader_elsewhere", "leader_asked", "head", "head_elsewhere")
#: Who holds a post that reads dossiers, some or all of them.
READERS = (*HERE, *ELSEWHERE, *ASKED, *ASKED_ONLY_BY_NAME, "inspector", "head", "head_elsewhere")
READ_ANYHOW = {**READ_AS_OFFICER, **these(PARTIES, PAGE)}


def at(*states: str, then: str = DONE, otherwise: str = NOTHING) -> Outcome:
    """Return an outcome for some states, and another for the rest."""
    return {**dict.fromkeys(states, then), ELSE: otherwise}


def only_with_result(outcomes: Mapping[str, Outcome]) -> dict[str, Outcome]:
    """Return the same, where there is a result."""
    return dict.fromkeys(outcomes, at(*WITH_RESULT, then=PAGE, otherwise=NOT_THERE))


def open_to_all(name: str, method: str = "GET", case: str = "") -> Line:
    """Return the line of a page that looks the same to everybody."""
    return Line(name, method, {}, PAGE, case)


def act(case: str, who: Mapping[str, Outcome]) -> Line:
    """Return the line of one act on a dossier: for all others it is not there."""
    return Line("dossiers:act", "POST", {**ALL_SIGN_IN, **who}, NOT_THERE, case, STATES)


LINES: tuple[Line, ...] = (
    # --- signing in and out ---
    Line("account_login", "GET", these(OUTSIDE, PAGE), LEADS_ON),
    Line("account_login", "POST", these(OUTSIDE, PAGE), LEADS_ON, "nothing typed"),
    Line("account_login", "POST", these(OUTSIDE, PAGE), LEADS_ON, "wrong password"),
    Line("account_logout", "GET", these(OUTSIDE, LEADS_ON), PAGE),
    Line("account_logout", "POST", these(OUTSIDE, LEADS_ON), NOTHING),
    Line("mfa_authenticate", "GET", these(OUTSIDE, SIGN_IN), LEADS_ON),
    Line("mfa_authenticate", "POST", these(OUTSIDE, SIGN_IN), LEADS_ON, "a code"),
    Line("demo:sign_in_as", "POST", {}, DONE, "one of the cast"),
    Line("demo:sign_in_as", "POST", {}, NOT_THERE, "nobody of the cast"),
    Line("demo:sign_in_as", "POST", {}, NOT_THERE, "an account that is not of the cast"),
    # --- what everybody may read ---
    *(
        open_to_all(name)
        for name in (
            "portal:home",
            "portal:search",
            "portal:service",
            "portal:track",
            "measures:coverage",
            "measures:coverage_months",
            "measures:coverage_csv",
            "measures:coverage_json",
            "measures:statistics",
            "measures:day_rows",
            "measures:stats_days",
            "measures:stats_offices",
            "measures:stats_office",
            "measures:stats_office_days",
            "measures:stats_procedures",
            "measures:stats_procedure",
            "measures:stats_procedure_days",
            "measures:stats_fields",
            "measures:stats_field",
            "measures:stats_month",
            "measures:stats_compare",
            "measures:formulas",
            "measures:embed",
            "measures:embed_office",
            "measures:open_figures",
            "measures:open_figures_file",
            "portal:verify",
            "portal:help",
            "portal:privacy",
            "portal:accessibility",
            "portal:suggest",
            "portal:life_event",
            "portal:fields",
            "portal:field",
            "portal:counters",
            "portal:sample_form",
            "portal:print_sheet",
            "portal:print_poster",
            "portal:open_data",
            "portal:procedures_csv",
            "portal:procedures_json",
            "portal:dcat",
            "measures:dti",
            "measures:dti_csv",
            "measures:dti_json",
            "measures:dti_ranks",
            "measures:times",
            "measures:time_of_procedure",
            "measures:time_of_office",
            "measures:effort",
            "measures:effort_of",
            "measures:wall",
            "measures:publications",
            "measures:publication",
            "measures:publication_json",
            "measures:publication_csv",
            "measures:reported_figures",
            "measures:reported_history",
            "measures:index766",
            "measures:index766_csv",
            "measures:index766_json",
            "measures:services_used",
            "measures:services_used_csv",
            "measures:nd61",
            "measures:nd61_csv",
            "measures:status",
            "measures:status_json",
        )
    ),
    *(
        Line(name, "GET", {}, NOT_THERE, "no such one")
        for name in (
            "portal:life_event",
            "portal:field",
            "portal:print_sheet",
            "portal:print_poster",
            "portal:counters",
            "portal:sample_form",
            "measures:stats_office",
            "measures:stats_office_days",
            "measures:stats_procedure",
            "measures:stats_procedure_days",
            "measures:stats_field",
            "measures:stats_month",
            "measures:embed",
            "measures:embed_office",
            "measures:open_figures",
            "measures:open_figures_file",
            "measures:effort_of",
        )
    ),
    # --- publications: what waits is there for those who work on it, the rows for them and for inspectors ---
    Line("measures:leader", "GET", {**ALL_SIGN_IN, **these(LEADERS_OF_ANY, PAGE)}),
    *(
        Line(name, "GET", these(STATISTICIANS, PAGE), case="prepared")
        for name in ("measures:publication", "measures:publication_json", "measures:publication_csv")
    ),
    Line("measures:publication", "GET", {}, case="no such one"),
    Line("measures:publication_rows", "GET", {**ALL_SIGN_IN, **these((*STATISTICIANS, "inspector"), PAGE)}),
    Line("measures:publication_rows", "GET", {**ALL_SIGN_IN, **these(STATISTICIANS, PAGE)}, case="prepared"),
    Line("measures:prepare_publication", "GET", {**ALL_SIGN_IN, "statistician": PAGE}),
    Line(
        "measures:prepare_publication",
        "POST",
        {**ALL_SIGN_IN, "statistician": TOLD},
        case="a month not counted",
    ),
    Line("measures:publish_figures", "POST", ALL_SIGN_IN),
    Line("measures:publish_figures", "POST", {**ALL_SIGN_IN, "figures_approver": TOLD}, case="changed rows"),
    Line("measures:publish_figures", "POST", ALL_SIGN_IN, case="no such one"),
    Line("measures:discard_publication", "POST", ALL_SIGN_IN),
    Line("measures:discard_publication", "POST", {**ALL_SIGN_IN, "statistician": DONE}, case="prepared"),
    Line("measures:reported_history", "GET", {}, case="no such one"),
    Line("measures:enter_reported", "GET", {**ALL_SIGN_IN, "statistician": PAGE}),
    Line("measures:enter_reported", "POST", {**ALL_SIGN_IN, "statistician": DONE}, case="a figure"),
    Line("measures:enter_reported", "POST", {**ALL_SIGN_IN, "statistician": DONE}, case="in place of one"),
    # The dossiers behind a figure: whoever may read some, at the own office or all of them.
    Line("measures:stats_cases", "GET", {**ALL_SIGN_IN, **these(READERS, PAGE)}),
    Line("measures:stats_cases", "GET", {**ALL_SIGN_IN, **these(READERS, PAGE)}, case="of an office"),
    Line("measures:stats_cases", "GET", {**ALL_SIGN_IN, **these(READERS, PAGE)}, case="as a file"),
    open_to_all("measures:statistics", case="no such period"),
    Line("measures:day_rows", "GET", {}, LEADS_ON, "no such period"),
    open_to_all("measures:stats_offices", case="as a file"),
    open_to_all("measures:stats_compare", case="two offices"),
    open_to_all("portal:search", case="a word"),
    Line("portal:service", "GET", {}, NOT_THERE, "no such procedure"),
    open_to_all("portal:track", case="no such code"),
    Line("portal:track", "GET", {}, LEADS_ON, "a code", ("submitted",)),
    open_to_all("portal:verify", "POST", "a paper"),
    Line("portal:verify", "POST", {}, TOLD, "no file"),
    # --- whoever holds the code ---
    Line("dossiers:tracked", "GET", {}, PAGE, states=SOME_STATES),
    Line("dossiers:tracked", "GET", {}, NOT_THERE, "no such dossier"),
    # --- a person's own ---
    Line("portal:my", "GET", ALL_SIGN_IN, PAGE),
    Line("portal:papers", "GET", ALL_SIGN_IN, PAGE),
    Line("dossiers:mine", "GET", {**ALL_SIGN_IN, **these(PARTIES, PAGE)}, states=SOME_STATES),
    Line("dossiers:mine", "GET", ALL_SIGN_IN, NOT_THERE, "no such dossier"),
    Line("dossiers:done", "GET", {**ALL_SIGN_IN, **READ_ANYHOW}, states=SOME_STATES),
    Line(
        "dossiers:supply",
        "POST",
        {**ALL_SIGN_IN, **these(PARTIES, at("incomplete", "paused"))},
        case="a word",
        states=STATES,
    ),
    Line(
        "dossiers:supply",
        "POST",
        {**ALL_SIGN_IN, **these(PARTIES, at("incomplete", "paused"))},
        case="a file",
        states=("submitted", "incomplete", "paused", "supplied", "issued"),
    ),
    Line(
        "dossiers:supply",
        "POST",
        {**ALL_SIGN_IN, **these(PARTIES, TOLD)},
        case="nothing",
        states=("incomplete", "paused"),
    ),
    Line(
        "dossiers:withdraw",
        "POST",
        {
            **ALL_SIGN_IN,
            **these(("owner", "submitter"), at("submitted", "incomplete", "in_progress", "paused")),
        },
        states=STATES,
    ),
    Line(
        "dossiers:fetch",
        "POST",
        {**ALL_SIGN_IN, **these(PARTIES, {"issued": DONE, "handed_over": PAGE, ELSE: NOT_THERE})},
        states=STATES,
    ),
    # --- drafts: their writer's alone, until they are sent ---
    Line("dossiers:start", "POST", {**ALL_SIGN_IN, "owner": LEADS_ON}, DONE),
    Line("dossiers:start", "POST", ALL_SIGN_IN, NOT_THERE, "no such procedure"),
    *(
        Line("dossiers:draft_page", "GET", {**ALL_SIGN_IN, "owner": PAGE}, NOT_THERE, case)
        for case in ("office", "questions", "papers", "check")
    ),
    *(
        Line("dossiers:draft_page", method, ALL_SIGN_IN, NOT_THERE, case)
        for method, case in (
            ("GET", "no such page"),
            ("GET", "no such draft"),
            ("GET", "a draft of the counter"),
        )
    ),
    *(
        Line("dossiers:draft_page", method, {**ALL_SIGN_IN, "owner": LEADS_ON}, NOT_THERE, "a sent draft")
        for method in ("GET", "POST")
    ),
    Line("dossiers:draft_page", "POST", {**ALL_SIGN_IN, "owner": DONE}, NOT_THERE, "office"),
    Line("dossiers:draft_page", "POST", {**ALL_SIGN_IN, "owner": KEPT}, NOT_THERE, "questions"),
    Line("dossiers:draft_page", "POST", {**ALL_SIGN_IN, "owner": DONE}, NOT_THERE, "remove a file"),
    Line("dossiers:draft_page", "POST", {**ALL_SIGN_IN, "owner": DONE}, NOT_THERE, "check"),
    Line("dossiers:autosave", "POST", {**ALL_SIGN_IN, "owner": DONE}, NOT_THERE, "questions"),
    Line("dossiers:autosave", "POST", ALL_SIGN_IN, NOT_THERE, "no such page"),
    Line("dossiers:autosave", "POST", ALL_SIGN_IN, NOT_THERE, "a sent draft"),
    Line("dossiers:upload", "POST", {**ALL_SIGN_IN, "owner": DONE}, NOT_THERE, "a file"),
    Line("dossiers:upload", "POST", {**ALL_SIGN_IN, "owner": TOLD}, NOT_THERE, "no file"),
    Line("dossiers:upload", "POST", ALL_SIGN_IN, NOT_THERE, "no such paper"),
    Line("dossiers:upload", "POST", ALL_SIGN_IN, NOT_THERE, "a sent draft"),
    # An earlier paper is taken again by its owner alone, into a draft of one's own.
    Line("dossiers:reuse", "POST", {**ALL_SIGN_IN, "owner": DONE}, NOT_THERE, "an own paper"),
    Line("dossiers:reuse", "POST", {**ALL_SIGN_IN, "owner": DONE}, NOT_THERE, "an own result"),
    Line("dossiers:reuse", "POST", {**ALL_SIGN_IN, "owner": NOTHING}, NOT_THERE, "no paper chosen"),
    Line("dossiers:reuse", "POST", ALL_SIGN_IN, NOT_THERE, "no such paper"),
    Line("dossiers:reuse", "POST", ALL_SIGN_IN, NOT_THERE, "a sent draft"),
    Line("dossiers:own_picture", "GET", {"owner": PAGE}, NOT_THERE, "a paper", SOME_STATES),
    Line(
        "dossiers:own_picture",
        "GET",
        {"owner": at("issued", "handed_over", then=PAGE, otherwise=NOT_THERE)},
        NOT_THERE,
        "a result",
        WITH_RESULT,
    ),
    Line("dossiers:own_paper", "GET", {"owner": PAGE}, NOT_THERE, states=SOME_STATES),
    Line("dossiers:own_paper", "GET", {}, NOT_THERE, "no such one"),
    Line("dossiers:draft_file", "GET", {"owner": PAGE}, NOT_THERE, "open"),
    Line("dossiers:draft_file", "GET", {}, NOT_THERE, "a sent draft"),
    # --- the officers' desks ---
    Line("dossiers:inbox", "GET", {**ALL_SIGN_IN, **these(OFFICERS, PAGE)}),
    Line("dossiers:find", "GET", {**ALL_SIGN_IN, **these(OFFICERS, PAGE)}),
    Line("dossiers:find", "GET", {**ALL_SIGN_IN, **these(OFFICERS, PAGE)}, case="a name"),
    Line("dossiers:rebasing", "GET", {**ALL_SIGN_IN, "reviewer": PAGE}),
    Line("dossiers:rebase", "GET", {**ALL_SIGN_IN, "reviewer": PAGE}),
    Line("dossiers:rebase", "GET", ALL_SIGN_IN, NOT_THERE, "no such procedure"),
    Line("dossiers:rebase", "POST", {**ALL_SIGN_IN, "reviewer": TOLD}, NOT_THERE, "nothing marked"),
    Line(
        "dossiers:desk",
        "GET",
        {
            **ALL_SIGN_IN,
            **READ_AS_OFFICER,
            # That a leader opened the draft is noted: what was not read cannot be signed.
            **these(LEADERS, at("awaiting_unread", otherwise=PAGE)),
        },
        states=SOME_STATES,
    ),
    Line("dossiers:desk", "GET", ALL_SIGN_IN, NOT_THERE, "no such dossier"),
    Line("dossiers:propose", "GET", {**ALL_SIGN_IN, "specialist": PAGE}, states=SOME_STATES),
    Line(
        "dossiers:propose",
        "POST",
        {**ALL_SIGN_IN, "specialist": at("in_progress")},
        case="a result",
        states=STATES,
    ),
    Line(
        "dossiers:propose",
        "POST",
        {**ALL_SIGN_IN, "specialist": TOLD},
        case="nothing typed",
        states=("in_progress",),
    ),
    act("nhan", these(CLERKS, at("submitted"))),
    act(
        "bo-sung",
        {
            **these(CLERKS, at("submitted", otherwise=NOT_THERE)),
            "specialist": {"submitted": NOT_THERE, "in_progress": DONE, ELSE: NOTHING},
        },
    ),
    act(
        "tu-choi",
        {
            **these(CLERKS, at("submitted", otherwise=NOT_THERE)),
            "specialist": {"submitted": NOT_THERE, "in_progress": DONE, ELSE: NOTHING},
        },
    ),
    # The procedure's unit has one step: there is no further desk before the leader's.
    act("chuyen", {"specialist": NOTHING}),
    act("tra-lai", these(LEADERS, at("awaiting_unread", "awaiting_signature"))),
    act("ky", these(LEADERS, at("awaiting_signature"))),
    act("dong-dau", {"seals": at("signed")}),
    act("tra-ket-qua", these(CLERKS, at("issued"))),
    act("no such act", {}),
    # --- the record: a new due moment, an end set right ---
    *(
        Line(
            name,
            method,
            {**ALL_SIGN_IN, **these(LEADERS, at(*live, then=PAGE if method == "GET" else DONE))},
            case=case,
            states=STATES,
        )
        for name, live, typed in (
            ("dossiers:extend", RUNNING_ON, "a new due moment"),
            ("dossiers:correct", ENDED_AFTER_ACCEPTANCE, "the true moment"),
        )
        for method, case in (("GET", ""), ("POST", typed))
    ),
    Line(
        "dossiers:extend",
        "POST",
        {**ALL_SIGN_IN, **these(LEADERS, TOLD)},
        case="nothing typed",
        states=("in_progress",),
    ),
    Line(
        "dossiers:correct",
        "POST",
        {**ALL_SIGN_IN, **these(LEADERS, TOLD)},
        case="nothing typed",
        states=("issued",),
    ),
    # --- opinions of other offices ---
    Line(
        "dossiers:ask_opinion",
        "GET",
        {**ALL_SIGN_IN, "specialist": at("in_progress", then=PAGE)},
        states=STATES,
    ),
    Line(
        "dossiers:ask_opinion",
        "POST",
        {**ALL_SIGN_IN, "specialist": at("in_progress")},
        case="another office",
        states=STATES,
    ),
    Line(
        "dossiers:ask_opinion",
        "POST",
        {**ALL_SIGN_IN, "specialist": TOLD},
        case="an office that has not answered yet",
        states=("in_progress",),
    ),
    Line(
        "dossiers:answer_opinion",
        "POST",
        {**ALL_SIGN_IN, **these(ASKED, {"issued": NOTHING, "rejected": NOTHING, ELSE: DONE})},
        case="an answer",
        states=WITH_OPINION,
    ),
    Line(
        "dossiers:answer_opinion",
        "POST",
        {**ALL_SIGN_IN, **these(ASKED, TOLD)},
        case="nothing chosen",
        states=("in_progress",),
    ),
    Line("dossiers:answer_opinion", "POST", ALL_SIGN_IN, case="a dossier without one", states=("submitted",)),
    # --- the counter: each clerk's own sittings, at one's own counter ---
    Line("dossiers:duty", "POST", {**ALL_SIGN_IN, **these(OFFICERS, LEADS_ON)}, case="one of them"),
    Line("dossiers:intake", "GET", {**ALL_SIGN_IN, **these(ALL_CLERKS, PAGE)}),
    Line("dossiers:intake_start", "GET", {**ALL_SIGN_IN, **these(CLERKS, LEADS_ON)}),
    Line("dossiers:intake_start", "GET", ALL_SIGN_IN, NOT_THERE, "no such procedure"),
    Line("dossiers:intake_page", "GET", {**ALL_SIGN_IN, "clerk": PAGE}, NOT_THERE, "begun"),
    Line("dossiers:intake_page", "GET", {**ALL_SIGN_IN, **these(CLERKS, PAGE)}, NOT_THERE, "fresh"),
    Line("dossiers:intake_page", "GET", ALL_SIGN_IN, NOT_THERE, "an applicant's draft"),
    Line("dossiers:intake_page", "POST", {**ALL_SIGN_IN, "clerk": DONE}, NOT_THERE, "begun"),
    Line("dossiers:intake_page", "POST", {**ALL_SIGN_IN, **these(CLERKS, KEPT)}, NOT_THERE, "fresh"),
    Line("dossiers:intake_page", "POST", ALL_SIGN_IN, NOT_THERE, "an applicant's draft"),
    Line("dossiers:intake_autosave", "POST", {**ALL_SIGN_IN, "clerk": DONE}, NOT_THERE, "begun"),
    Line("dossiers:intake_autosave", "POST", {**ALL_SIGN_IN, **these(CLERKS, DONE)}, NOT_THERE, "fresh"),
    Line("dossiers:intake_autosave", "POST", ALL_SIGN_IN, NOT_THERE, "an applicant's draft"),
    Line("dossiers:intake_drop", "POST", {**ALL_SIGN_IN, "clerk": DONE}, NOT_THERE, "begun"),
    Line("dossiers:intake_drop", "POST", ALL_SIGN_IN, NOT_THERE, "fresh"),
    Line("dossiers:intake_drop", "POST", ALL_SIGN_IN, NOT_THERE, "an applicant's draft"),
    Line("dossiers:intake_done", "GET", {**ALL_SIGN_IN, **these(CLERKS, PAGE)}, states=SOME_STATES),
    # --- the catalogue's office ---
    *(
        Line(name, "GET", {**ALL_SIGN_IN, **these(KEEPERS, PAGE)})
        for name in (
            "catalogue:office",
            "catalogue:worklist",
            "catalogue:duties",
            "catalogue:levels",
            "catalogue:levels_csv",
            "catalogue:level",
            "catalogue:imports",
            "catalogue:import_record",
            "catalogue:words",
            "catalogue:procedure",
            "catalogue:compare",
        )
    ),
    Line("catalogue:procedure", "GET", ALL_SIGN_IN, NOT_THERE, "no such one"),
    Line("catalogue:level", "GET", ALL_SIGN_IN, NOT_THERE, "no such one"),
    Line("catalogue:level", "POST", {**ALL_SIGN_IN, "reviewer": TOLD}, NOT_THERE, "nothing typed"),
    Line("catalogue:level", "POST", {**ALL_SIGN_IN, "reviewer": DONE}, NOT_THERE, "a level"),
    Line("catalogue:level", "POST", {**ALL_SIGN_IN, "reviewer": DONE}, NOT_THERE, "eligible"),
    Line("catalogue:import_record", "GET", ALL_SIGN_IN, NOT_THERE, "no such one"),
    Line("catalogue:import_see", "POST", {**ALL_SIGN_IN, **these(KEEPERS, DONE)}, NOT_THERE, "a note"),
    Line("catalogue:import_see", "POST", {**ALL_SIGN_IN, **these(KEEPERS, TOLD)}, NOT_THERE, "nothing typed"),
    Line("catalogue:import_see", "POST", ALL_SIGN_IN, NOT_THERE, "no such one"),
    Line("catalogue:import_unsee", "POST", {**ALL_SIGN_IN, **these(KEEPERS, DONE)}),
    Line("catalogue:import_unsee", "POST", ALL_SIGN_IN, NOT_THERE, "no such one"),
    Line("catalogue:words", "POST", {**ALL_SIGN_IN, **these(KEEPERS, DONE)}, NOT_THERE, "a word"),
    Line("catalogue:words", "POST", {**ALL_SIGN_IN, **these(KEEPERS, TOLD)}, NOT_THERE, "nothing typed"),
    Line("catalogue:word_act", "POST", {**ALL_SIGN_IN, **these(KEEPERS, DONE)}, NOT_THERE, "a word"),
    Line("catalogue:word_act", "POST", {**ALL_SIGN_IN, **these(KEEPERS, DONE)}, NOT_THERE, "a miss"),
    Line("catalogue:word_act", "POST", ALL_SIGN_IN, NOT_THERE, "no such word"),
    Line("catalogue:new", "GET", {**ALL_SIGN_IN, "editor": PAGE}),
    Line("catalogue:new", "POST", {**ALL_SIGN_IN, "editor": TOLD}, NOT_THERE, "nothing typed"),
    Line("catalogue:new", "POST", {**ALL_SIGN_IN, "editor": DONE}, NOT_THERE, "a new one"),
    Line("catalogue:start", "POST", {**ALL_SIGN_IN, "editor": DONE}),
    Line("catalogue:copy", "GET", {**ALL_SIGN_IN, "editor": PAGE}),
    Line("catalogue:copy", "POST", {**ALL_SIGN_IN, "editor": TOLD}, NOT_THERE, "nothing typed"),
    Line("catalogue:copy", "POST", {**ALL_SIGN_IN, "editor": DONE}, NOT_THERE, "a copy"),
    Line("catalogue:end", "GET", {**ALL_SIGN_IN, "reviewer": PAGE}),
    Line("catalogue:end", "POST", {**ALL_SIGN_IN, "reviewer": TOLD}, NOT_THERE, "nothing typed"),
    Line("catalogue:end", "POST", {**ALL_SIGN_IN, "reviewer": DONE}, NOT_THERE, "a decision"),
    *(
        Line(name, "GET", {**ALL_SIGN_IN, **these(KEEPERS, PAGE)}, states=SHEET_STATES)
        for name in ("catalogue:draft", "catalogue:compare_draft")
    ),
    Line(
        "catalogue:part",
        "GET",
        {**ALL_SIGN_IN, "editor": at("writing", then=PAGE, otherwise=NOT_THERE)},
        states=SHEET_STATES,
    ),
    Line(
        "catalogue:part",
        "POST",
        {**ALL_SIGN_IN, "editor": at("writing", otherwise=NOT_THERE)},
        NOT_THERE,
        "as it was shown",
        SHEET_STATES,
    ),
    *(
        Line(
            "catalogue:act",
            "POST",
            {**ALL_SIGN_IN, role: at(*states, otherwise=NOT_THERE)},
            NOT_THERE,
            case,
            SHEET_STATES,
        )
        for case, role, states in (
            ("gui-duyet", "editor", ("writing",)),
            ("bo", "editor", ("writing",)),
            ("rut-ve", "editor", ("in_review", "approved")),
            ("tra-lai", "reviewer", ("in_review",)),
            ("duyet", "reviewer", ("in_review",)),
        )
    ),
    Line(
        "catalogue:act",
        "POST",
        {**ALL_SIGN_IN, **these(KEEPERS, at("approved", otherwise=NOT_THERE))},
        NOT_THERE,
        "cong-bo",
        SHEET_STATES,
    ),
    Line("catalogue:act", "POST", ALL_SIGN_IN, NOT_THERE, "no such act", ("writing",)),
    # --- the periodic reports, and the points of officers: whoever holds a post ---
    *(
        Line(name, "GET", {**ALL_SIGN_IN, **these(OFFICERS, PAGE)})
        for name in (
            "measures:nd61_officers",
            "measures:reports",
            "measures:report_csv",
            "measures:report_pdf",
        )
    ),
    # --- those who promote use ---
    *(
        Line(name, "GET", {**ALL_SIGN_IN, **these(PROMOTERS, PAGE)})
        for name in (
            "measures:uptake",
            "measures:giving_up",
            "measures:steps",
            "measures:targets",
            "measures:set_target",
            "measures:copy_targets",
            "measures:targets_csv",
            "measures:target",
        )
    ),
    Line("measures:steps", "GET", ALL_SIGN_IN, NOT_THERE, "no such one"),
    *(
        Line(name, "GET", {**ALL_SIGN_IN, **these(STATISTICIANS, PAGE)})
        for name in ("measures:monitoring", "measures:emc_csv", "measures:emc_json")
    ),
    Line("measures:target", "GET", ALL_SIGN_IN, NOT_THERE, "no such one"),
    # --- what bodies declare, beside the coverage that is counted ---
    *(
        Line(name, "GET", {}, LEADS_ON, "no such day")
        for name in ("measures:coverage_csv", "measures:coverage_json")
    ),
    *(
        Line(name, "GET", {**ALL_SIGN_IN, **these(STATISTICIANS, PAGE)})
        for name in ("measures:declarations", "measures:declaration")
    ),
    Line("measures:declaration", "GET", ALL_SIGN_IN, case="no such one"),
    Line("measures:declare", "GET", {**ALL_SIGN_IN, "statistician": PAGE}),
    Line("measures:declare", "GET", {**ALL_SIGN_IN, "statistician": PAGE}, case="to replace one"),
    Line("measures:declare", "GET", ALL_SIGN_IN, case="to replace none"),
    *(
        Line(f"measures:{page}", "POST", {**ALL_SIGN_IN, role: outcome}, case=case)
        for page, role, case, outcome in (
            ("declare", "statistician", "nothing typed", TOLD),
            ("declare", "statistician", "one that stands", TOLD),
            ("declare", "statistician", "in place of one", DONE),
            ("declaration", "figures_approver", "nothing typed", TOLD),
            ("declaration", "figures_approver", "returned without a reason", TOLD),
            ("declaration", "figures_approver", "returned", DONE),
            ("declaration", "figures_approver", "confirmed", DONE),
        )
    ),
    Line("measures:declaration", "POST", ALL_SIGN_IN, case="no such one"),
    # --- scores of the Digital Transformation Index ---
    Line("measures:dti", "GET", {}, NOT_THERE, "no such set"),
    Line("measures:dti_ranks", "GET", {}, NOT_THERE, "no such year"),
    *(
        Line(name, "GET", {**ALL_SIGN_IN, **these(STATISTICIANS, PAGE)})
        for name in ("measures:dti_criteria", "measures:dti_periods", "measures:dti_criterion")
    ),
    Line("measures:dti_import", "GET", {**ALL_SIGN_IN, "statistician": PAGE}),
    Line("measures:dti_criterion", "GET", ALL_SIGN_IN, case="no such one"),
    *(
        Line(f"measures:dti_{page}", "POST", {**ALL_SIGN_IN, role: outcome}, case=case)
        for page, role, case, outcome in (
            ("criterion", "statistician", "a score", DONE),
            ("criterion", "statistician", "no number", TOLD),
            ("criterion", "statistician", "an office", DONE),
            ("criterion", "figures_approver", "an appraisal", DONE),
            ("criterion", "figures_approver", "a refusal", DONE),
            ("criterion", "figures_approver", "a refusal without a reason", TOLD),
            ("import", "statistician", "nothing chosen", TOLD),
            ("import", "statistician", "a table", PAGE),
            ("periods", "statistician", "a year", DONE),
            ("periods", "statistician", "to be closed", DONE),
            ("periods", "figures_approver", "the other, closed", DONE),
            ("periods", "figures_approver", "the other, handed back", DONE),
        )
    ),
    Line("measures:dti_periods", "POST", ALL_SIGN_IN, case="no such act"),
    Line("measures:set_target", "GET", {**ALL_SIGN_IN, **these(PROMOTERS, PAGE)}, case="to replace one"),
    Line("measures:set_target", "GET", ALL_SIGN_IN, case="to replace none"),
    Line("measures:set_target", "POST", {**ALL_SIGN_IN, **these(PROMOTERS, TOLD)}, case="nothing typed"),
    Line("measures:set_target", "POST", {**ALL_SIGN_IN, **these(PROMOTERS, TOLD)}, case="one that is set"),
    Line("measures:set_target", "POST", {**ALL_SIGN_IN, **these(PROMOTERS, DONE)}, case="a new one"),
    Line("measures:copy_targets", "POST", {**ALL_SIGN_IN, **these(PROMOTERS, TOLD)}, case="nothing typed"),
    Line("measures:copy_targets", "POST", {**ALL_SIGN_IN, **these(PROMOTERS, TOLD)}, case="others than seen"),
    Line("measures:copy_targets", "POST", {**ALL_SIGN_IN, **these(PROMOTERS, DONE)}, case="a decision"),
    # --- files ---
    *(
        Line(name, "GET", only_with_result(READ_AS_OFFICER), states=(*SOME_STATES, "signed"))
        for name in ("dossiers:draft_pdf", "dossiers:result_page")
    ),
    Line("dossiers:result_page", "GET", {}, NOT_THERE, "no such page", ("issued",)),
    Line("dossiers:paper_page", "GET", READ_ANYHOW, states=SOME_STATES),
    Line("dossiers:paper_page", "GET", {}, NOT_THERE, "no such page", ("issued",)),
    Line("dossiers:slip", "GET", READ_ANYHOW, states=("issued", "paused", "rejected", "signed")),
    Line("dossiers:slip", "GET", {}, NOT_THERE, "no such slip"),
    *(line for part in steering.PARTS for line in part.lines()),
)
