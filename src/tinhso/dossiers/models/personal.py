"""Which personal data each table of the dossiers holds; each model takes its own as ``PERSONAL``."""

from __future__ import annotations

from tinhso.toolkit.personal import Held, Personal

_KEPT = ("dossier", "dossier")

DRAFT = Personal(Held("person answers typed", "applicant", "filing", "draft"), plain="token page furthest")
DRAFT_FILE = Personal(Held("file name", "applicant", "filing", "draft"), plain="token paper_key notice")
DOSSIER = Personal(
    Held(
        "owner_name owner_folded owner_identity owner_phone owner_address owner_person submitter_name submitter_person"
        " helper_person summary",
        "applicant",
        *_KEPT,
    ),
    Held("answers", "named", *_KEPT),
    plain="tracking_code number procedure_code case_key channel state result_by limit_unit desk_role",
)
STEP_TAKEN = Personal(
    # The first step bears the applicant's name, every later one an officer's.
    Held("note", "applicant", *_KEPT),
    Held("by_name by_title", "officer", "duty", "dossier"),
    Held("account_id", "officer", "duty", "record"),
    plain="verb before after",
)
PAUSE = Personal()
PAPER = Personal(Held("file name", "named", *_KEPT), plain="token paper_key")
SLIP = Personal(
    Held("reason content file", "applicant", *_KEPT),
    Held("by_name by_title", "officer", "duty", "dossier"),
    plain="token form",
)
DEFECT_FOUND = Personal(Held("text detail", "applicant", *_KEPT), plain="code paper_key")
OPINION = Personal(
    Held("question answer", "named", *_KEPT),
    Held("asked_by_name answered_by_name", "officer", "duty", "dossier"),
)
RESULT = Personal(
    Held("fields proposal draft signed file handed_over_to", "named", *_KEPT),
    Held(
        "drafted_by_name read_by_name signer_name issuer_name",
        "officer",
        "duty",
        "dossier",
    ),
    Held("drafted_account_id", "officer", "duty", "record"),
    plain="token number handed_over_how",
)
DUE_MOVED = Personal(
    Held("reason account_id by_name", "officer", "duty", "record"),
    plain="cause",
)
CORRECTION = Personal(
    Held("reason account_id by_name by_title", "officer", "duty", "record"), plain="field document_number"
)
NUMBERS = Personal()
BOOK_NUMBER = Personal(plain="book")
SENT_ONCE = Personal(Held("account_id", "applicant", "filing", "dossier"), plain="key body_hash")
