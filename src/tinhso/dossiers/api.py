"""What other modules may call of the dossiers."""

from tinhso.dossiers.lifecycle import LIFECYCLE, State, Verb
from tinhso.dossiers.queries import drafts_of, journey, mine, tracked
from tinhso.dossiers.queries.account import fullest_account
from tinhso.dossiers.queries.bodies import Passed, Served, passed_second_office, served_by_bodies
from tinhso.dossiers.queries.changes import changes_since
from tinhso.dossiers.queries.counter import receives
from tinhso.dossiers.queries.draft_steps import DraftPage, DraftsOf, Step, drafts_by_step
from tinhso.dossiers.queries.draft_times import FilingTime, filing_times
from tinhso.dossiers.queries.due_soon import Due, due_soon
from tinhso.dossiers.queries.index_counts import digitised, electronic_results, reused
from tinhso.dossiers.queries.own_papers import OwnPaper, own_papers
from tinhso.dossiers.queries.quality import (
    Marks,
    OfficerMarks,
    office_contacts,
    office_opinions,
    office_times,
    officer_marks,
)
from tinhso.dossiers.queries.readable import readable_as_officer
from tinhso.dossiers.services.accept import accept
from tinhso.dossiers.services.ask_for_papers import Defect, ReasonMissing, ask_for_papers
from tinhso.dossiers.services.ask_opinion import (
    AlreadyAsked,
    AskedOneself,
    NoLongerNeeded,
    WordsMissing,
    answer_opinion,
    ask_opinion,
)
from tinhso.dossiers.services.correct import DocumentMissing, NotCorrectable, correct
from tinhso.dossiers.services.draw_slip import draw_slip
from tinhso.dossiers.services.extend import MomentMoved, MomentRefused, NotExtendable, extend
from tinhso.dossiers.services.forward import NoFurtherStep, forward
from tinhso.dossiers.services.hand_over import fetch_result, hand_over
from tinhso.dossiers.services.keep_draft import (
    TooManyFiles,
    add_file,
    drop_draft,
    remove_file,
    save_draft,
    start_draft,
    start_intake,
)
from tinhso.dossiers.services.keep_step import AlreadyDone
from tinhso.dossiers.services.propose import mark_read, propose, return_result
from tinhso.dossiers.services.rebase import NotRebasable, VersionMoved, rebase
from tinhso.dossiers.services.recount import recount
from tinhso.dossiers.services.refuse import refuse
from tinhso.dossiers.services.renew_draft import renew_draft
from tinhso.dossiers.services.reuse_file import NoLongerUsable, reuse_file
from tinhso.dossiers.services.sign_result import NotReadYet, issue, sign
from tinhso.dossiers.services.submit import DraftChanged, Filing, KeyReused, Party, submit, submit_draft
from tinhso.dossiers.services.supply import NothingSupplied, SentFile, supply
from tinhso.dossiers.services.take_in import take_in
from tinhso.dossiers.services.withdraw import withdraw
from tinhso.signatures.api import CANNOT_SIGN

__all__ = [
    "CANNOT_SIGN",
    "LIFECYCLE",
    "AlreadyAsked",
    "AlreadyDone",
    "AskedOneself",
    "Defect",
    "DocumentMissing",
    "DraftChanged",
    "DraftPage",
    "DraftsOf",
    "Due",
    "Filing",
    "FilingTime",
    "KeyReused",
    "Marks",
    "MomentMoved",
    "MomentRefused",
    "NoFurtherStep",
    "NoLongerNeeded",
    "NoLongerUsable",
    "NotCorrectable",
    "NotExtendable",
    "NotReadYet",
    "NotRebasable",
    "NothingSupplied",
    "OfficerMarks",
    "OwnPaper",
    "Party",
    "Passed",
    "ReasonMissing",
    "SentFile",
    "Served",
    "State",
    "Step",
    "TooManyFiles",
    "Verb",
    "VersionMoved",
    "WordsMissing",
    "accept",
    "add_file",
    "answer_opinion",
    "ask_for_papers",
    "ask_opinion",
    "changes_since",
    "correct",
    "digitised",
    "drafts_by_step",
    "drafts_of",
    "draw_slip",
    "drop_draft",
    "due_soon",
    "electronic_results",
    "extend",
    "fetch_result",
    "filing_times",
    "forward",
    "fullest_account",
    "hand_over",
    "issue",
    "journey",
    "mark_read",
    "mine",
    "office_contacts",
    "office_opinions",
    "office_times",
    "officer_marks",
    "own_papers",
    "passed_second_office",
    "propose",
    "readable_as_officer",
    "rebase",
    "receives",
    "recount",
    "refuse",
    "remove_file",
    "renew_draft",
    "return_result",
    "reuse_file",
    "reused",
    "save_draft",
    "served_by_bodies",
    "sign",
    "start_draft",
    "start_intake",
    "submit",
    "submit_draft",
    "supply",
    "take_in",
    "tracked",
    "withdraw",
]
