"""The table: who may read which field, wherever it comes out.

======== ==============================================================================================
parties  owner, submitter and helper of the dossier; of a person, those who stand in a dossier with one
workers  officers of the dossier's offices; the office that was asked, once it was asked; inspectors
code     whoever holds the tracking code, and only on the page that the code opens
self     the person whose row it is: account, notice, draft
office   officers, where the person is an officer
scorers  whoever gives and appraises scores of the Digital Transformation Index
steerers whoever oversees every office at the committee's desk
doers    who plans and signs for the bureau whose rows these are; and the other bureau, where it takes part
house    administrators
inside   whoever comes in at the committee's desk at all
all      everybody
======== ==============================================================================================

Nobody else, and where the entry is empty nobody at all. A field that is in neither table fails by name.
"""

from __future__ import annotations

from tests.authorisation import steering

PARTIES, WORKERS, CODE, SELF, OFFICE, ALL = "parties", "workers", "code", "self", "office", "all"
SCORERS = "scorers"
STEERERS, DOERS, INSIDE, HOUSE = "steerers", "doers", "inside", "house"

Kinds = tuple[str, ...]
_BOTH: Kinds = (PARTIES, WORKERS)

READERS: dict[str, Kinds] = {
    # a person as the province knows one
    "directory.Person.name": (SELF, PARTIES, WORKERS, OFFICE),
    "directory.Person.folded": (),
    "directory.Person.sort_key": (),
    "directory.Person.identity_number": (SELF,),
    "directory.Person.phone": (SELF,),
    "directory.Person.email": (SELF,),
    "directory.Person.address": (SELF,),
    "directory.Account.username": (SELF,),
    "directory.Account.password": (),
    "directory.Post.title": (SELF, WORKERS, OFFICE),
    "directory.Delegation.decision": (),
    # a dossier
    "dossiers.Dossier.number": (CODE, *_BOTH),
    "dossiers.Dossier.owner_name": _BOTH,
    "dossiers.Dossier.owner_folded": (),
    "dossiers.Dossier.owner_identity": (WORKERS,),
    "dossiers.Dossier.owner_phone": _BOTH,
    "dossiers.Dossier.owner_address": _BOTH,
    "dossiers.Dossier.submitter_name": _BOTH,
    "dossiers.Dossier.summary": _BOTH,
    "dossiers.Dossier.answers": _BOTH,
    "dossiers.Paper.name": _BOTH,
    "dossiers.Paper.file": _BOTH,
    # its history: what officers write to one another
    "dossiers.StepTaken.by_name": (WORKERS,),
    "dossiers.StepTaken.by_title": (WORKERS,),
    "dossiers.StepTaken.note": (WORKERS,),
    "dossiers.Opinion.question": (WORKERS,),
    "dossiers.Opinion.asked_by_name": (WORKERS,),
    "dossiers.Opinion.answer": (WORKERS,),
    "dossiers.Opinion.answered_by_name": (WORKERS,),
    # what was changed in its record: officers read by whom
    "dossiers.DueMoved.reason": (WORKERS,),
    "dossiers.DueMoved.by_name": (WORKERS,),
    "dossiers.Correction.reason": (CODE, *_BOTH),
    "dossiers.Correction.document_number": (CODE, *_BOTH),
    "dossiers.Correction.by_name": (WORKERS,),
    "dossiers.Correction.by_title": (WORKERS,),
    # what the counter tells the applicant in writing
    "dossiers.Slip.by_name": _BOTH,
    "dossiers.Slip.by_title": _BOTH,
    "dossiers.Slip.reason": _BOTH,
    "dossiers.Slip.content": _BOTH,
    "dossiers.DefectFound.text": _BOTH,
    "dossiers.DefectFound.detail": _BOTH,
    # the result: a draft is the officers' own until it is sealed
    "dossiers.Result.fields": (WORKERS,),
    "dossiers.Result.proposal": (WORKERS,),
    "dossiers.Result.drafted_by_name": (WORKERS,),
    "dossiers.Result.read_by_name": (WORKERS,),
    "dossiers.Result.draft": (WORKERS,),
    "dossiers.Result.signed": (WORKERS,),
    "dossiers.Result.file": _BOTH,
    "dossiers.Result.signer_name": _BOTH,
    "dossiers.Result.number": _BOTH,
    "dossiers.Result.issuer_name": _BOTH,
    "dossiers.Result.handed_over_to": _BOTH,
    # what was typed and not sent
    "dossiers.Draft.answers": (SELF,),
    "dossiers.Draft.typed": (SELF,),
    "dossiers.DraftFile.name": (SELF,),
    "dossiers.DraftFile.notice": (SELF,),
    "dossiers.DraftFile.file": (SELF,),
    # what people are told
    "messages.Notice.title": (SELF,),
    "messages.Notice.body": (SELF,),
    "messages.Notice.link": (SELF,),
    "messages.Outgoing.address": (),
    "messages.Outgoing.subject": (),
    "messages.Outgoing.text": (),
    "messages.Outgoing.last_error": (),
    # what officers write to one another about a score or what a body declared, before it is everybody's
    "measures.Declaration.decision_number": (SCORERS,),
    "measures.DeclarationAnswer.note": (SCORERS,),
    "measures.DtiAppraisal.reason": (SCORERS,),
    "measures.DtiAssessment.link": (SCORERS,),
    "measures.DtiAssignment.note": (SCORERS,),
    "measures.DtiEvidence.content": (SCORERS,),
    "measures.DtiEvidence.number": (SCORERS,),
    "measures.DtiPeriod.hand_back_reason": (SCORERS,),
    # the machine's own
    "dossiers.SentOnce.key": (),
    "dossiers.SentOnce.body_hash": (),
    "dossiers.BookNumber.book": (),
    "journal.Entry.body": (),
    "journal.Delivery.last_error": (),
    "signatures.Certificate.subject": (),
    "signatures.Certificate.post": (),
    "signatures.Certificate.pem": (),
    "signatures.Certificate.serial": (),
    "signatures.Certificate.fingerprint": (),
    **dict(steering.of("READERS")),
}

_CODE = "a code of the software's own, not a word of anybody's"
_KEY = "the key by which one asks"
#: Fields in which no word is planted, and why.
NOT_PLANTED: dict[str, str] = {
    "directory.Person.sex": "too short for a word",
    "directory.Post.role": _CODE,
    "directory.SpecialDay.kind": _CODE,
    "directory.SpecialDay.source": "a public decision",
    "directory.SpecialDay.confirmed": _CODE,
    "dossiers.Dossier.tracking_code": _KEY,
    "dossiers.Dossier.procedure_code": _CODE,
    "dossiers.Dossier.case_key": _CODE,
    "dossiers.Dossier.channel": _CODE,
    "dossiers.Dossier.state": _CODE,
    "dossiers.Dossier.result_by": _CODE,
    "dossiers.Dossier.limit_unit": _CODE,
    "dossiers.Dossier.desk_role": _CODE,
    "dossiers.Draft.token": _KEY,
    "dossiers.Draft.page": _CODE,
    "dossiers.Draft.furthest": _CODE,
    "dossiers.DraftFile.token": _KEY,
    "dossiers.DraftFile.paper_key": _CODE,
    "dossiers.Paper.token": _KEY,
    "dossiers.Paper.paper_key": _CODE,
    "dossiers.StepTaken.verb": _CODE,
    "dossiers.StepTaken.before": _CODE,
    "dossiers.StepTaken.after": _CODE,
    "dossiers.DueMoved.cause": _CODE,
    "dossiers.Correction.field": _CODE,
    "dossiers.Slip.token": _KEY,
    "dossiers.Slip.form": _CODE,
    "dossiers.DefectFound.code": _CODE,
    "dossiers.DefectFound.paper_key": _CODE,
    "dossiers.Result.token": _KEY,
    "dossiers.Result.handed_over_how": _CODE,
    "documents.StoredFile.sha256": "derived from the content",
    "documents.StoredFile.media_type": _CODE,
    "messages.Notice.kind": _CODE,
    "messages.Outgoing.channel": _CODE,
    "journal.Entry.event": "derived from the body",
    "journal.Entry.about": "derived from the body",
    "journal.Delivery.listener": _CODE,
    "signatures.Certificate.kind": _CODE,
    "signatures.Certificate.revocation_reason": _CODE,
    "signatures.Signature.kind": _CODE,
    "signatures.Signature.level": _CODE,
    **dict(steering.of("NOT_PLANTED")),
}
#: Whole tables that are everybody's to read, but for fields named above: there is nothing to hide in them.
PUBLIC = ("catalogue.", "measures.", "directory.Office.", "directory.Succession.")
