"""Take the people out of dossiers whose time in the archive is over; what is counted of them stays to the last digit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, transaction

from tinhso.directory.api import ERASED, forget_who_was_looked_at
from tinhso.documents.api import StoredFile
from tinhso.dossiers.models import Draft
from tinhso.dossiers.services.forget_drafts import forget_drafts

#: One statement a table; each returns the keys of its rows. Numbers, codes, states, moments and offices are not touched.
_EMPTIED: Final[dict[str, str]] = {
    "dossiers_dossier": """
update dossiers_dossier set owner_name = %(gone)s, owner_folded = '', owner_identity = '', owner_phone = '',
  owner_address = '', owner_person_id = null, submitter_name = %(gone)s, submitter_person_id = null,
  helper_person_id = null, summary = '', answers = '{}' where id = any(%(ids)s) returning id""",
    "dossiers_steptaken": """
update dossiers_steptaken set by_name = %(gone)s, by_title = '', note = '',
  account_id = case when by_office_id is null then null else account_id end
where dossier_id = any(%(ids)s) returning id""",
    "dossiers_paper": """
update dossiers_paper set file_id = %(blank)s, name = %(gone)s
where dossier_id = any(%(ids)s) returning id""",
    "dossiers_slip": """
update dossiers_slip set by_name = %(gone)s, by_title = '', content = '{}', file_id = null,
  reason = case when form = '01' then '' else %(gone)s end where dossier_id = any(%(ids)s) returning id""",
    "dossiers_defectfound": """
update dossiers_defectfound set text = %(gone)s, detail = ''
where slip_id in (select id from dossiers_slip where dossier_id = any(%(ids)s)) returning id""",
    "dossiers_opinion": """
update dossiers_opinion set question = %(gone)s, asked_by_name = %(gone)s,
  answer = case when answered_at is null then '' else %(gone)s end,
  answered_by_name = case when answered_at is null then '' else %(gone)s end
where dossier_id = any(%(ids)s) returning id""",
    "dossiers_result": """
update dossiers_result set fields = '{}', proposal = '', drafted_by_name = %(gone)s, draft_id = %(blank)s,
  signed_id = case when signed_id is null then null else %(blank)s end,
  file_id = case when file_id is null then null else %(blank)s end, read_by_name = '', signer_name = '',
  issuer_name = '', handed_over_to = '' where dossier_id = any(%(ids)s) returning id""",
}
_SENT: Final = "delete from dossiers_sentonce where dossier_id = any(%(ids)s) returning id"
_FILES: Final = """
select file_id from dossiers_paper where dossier_id = any(%(ids)s)
union select file_id from dossiers_slip where dossier_id = any(%(ids)s)
union select unnest(array[draft_id, signed_id, file_id]) from dossiers_result where dossier_id = any(%(ids)s)
"""
_PEOPLE: Final = """
select unnest(array[owner_person_id, submitter_person_id, helper_person_id]) from dossiers_dossier where id = any(%(ids)s)
"""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What went: keys of emptied rows and of deleted ones by table, files let go, people who stood in the dossiers."""

    emptied: dict[str, Sequence[int]]
    deleted: dict[str, Sequence[int]]
    files: frozenset[int]
    people: frozenset[int]


@transaction.atomic
def forget_dossiers(numbers: Collection[int], *, blank: StoredFile) -> Forgotten:
    """Empty ended dossiers and all that hangs on them; ``blank`` takes the place of papers and results.

    The search index goes with its column. The ledgers of due moments and corrections hold no applicant and stay.
    """
    ids = list(numbers)
    given = {"ids": ids, "gone": ERASED, "blank": blank.pk}
    files, people = _asked(_FILES, given), _asked(_PEOPLE, given)
    drafts = Draft.objects.filter(dossier__in=ids).values_list("pk", flat=True)
    emptied_drafts, draft_files = forget_drafts(list(drafts))
    emptied = {table: _asked(statement, given) for table, statement in _EMPTIED.items()}
    forget_who_was_looked_at([f"dossier:{pk}" for pk in ids])
    return Forgotten(
        emptied={**emptied, "dossiers_draft": emptied_drafts},
        deleted={"dossiers_sentonce": _asked(_SENT, given), "dossiers_draftfile": draft_files},
        files=frozenset(files) - {blank.pk},
        people=frozenset(people),
    )


def _asked(statement: str, given: dict[str, Any]) -> Sequence[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return sorted(key for (key,) in cursor.fetchall() if key is not None)
