"""Which running dossiers still follow an earlier version of their procedure, and what moving each would mean."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from tinhso.catalogue.api import (
    Case,
    ChannelTerm,
    ProcedureVersion,
    ProcessStep,
    case_named,
    limit_text,
    obstacles,
    renamed,
    same_step,
    term,
    version_of,
)
from tinhso.directory.api import Actor, office_of
from tinhso.dossiers.lifecycle import LIFECYCLE, State, Verb
from tinhso.dossiers.models import Dossier
from tinhso.dossiers.permissions import POLICY, May
from tinhso.dossiers.queries import NoSuchOffice, Route, route
from tinhso.dossiers.rules import Limit
from tinhso.toolkit.clock import VN
from tinhso.toolkit.words import moment_text

#: The states in which a dossier may be moved: nothing was drafted by the earlier version's template yet.
MOVABLE = tuple(state for state in State if Verb.REBASE in LIFECYCLE.verbs_from(state))


@dataclass(frozen=True, slots=True)
class Outlook:
    """What moving one dossier means: what stands in the way, else what changes; where it would lie and go."""

    dossier: Dossier
    obstacles: tuple[str, ...]
    changes: tuple[str, ...]
    step: ProcessStep | None = None
    where: Route | None = None
    limit: Limit | None = None

    @property
    def called(self) -> str:
        """Return what a dossier is called here: its number, else when and where it came; never its tracking code."""
        if self.dossier.number:
            return self.dossier.number
        said = {"at": moment_text(self.dossier.submitted_at.astimezone(VN))}
        office = self.dossier.receiving_office.short_name
        return _("Chưa có số: nộp %(at)s, %(office)s") % {**said, "office": office}

    @property
    def is_movable(self) -> bool:
        """Say whether nothing stands in the way."""
        return not self.obstacles


def behind(by: Actor, on: dt.date) -> list[tuple[str, str, int]]:
    """Return code, name and number of the movable dossiers of each procedure that has a later version in force."""
    rows = (
        POLICY.rows(by, May.REBASE)
        .filter(state__in=MOVABLE, version__effective_to__lt=on)
        .filter(version__procedure__versions__in=ProcedureVersion.objects.on(on))
        .values_list("procedure_code", "version__procedure__everyday_name")
        .annotate(n=Count("id"))
    )
    return sorted(((code, name, n) for code, name, n in rows), key=lambda row: (-row[2], row[0]))


def running_before(by: Actor, after: ProcedureVersion) -> QuerySet[Dossier]:
    """Return the movable dossiers of versions earlier than ``after``, oldest first; ``outlook`` judges each."""
    return (
        POLICY.rows(by, May.REBASE)
        .filter(procedure_code=after.procedure.code, state__in=MOVABLE, version__number__lt=after.number)
        .select_related("receiving_office")
        .prefetch_related("papers")
        .order_by("submitted_at", "id")
    )


def outlook(dossier: Dossier, after: ProcedureVersion, on: dt.date) -> Outlook:
    """Return what moving one dossier onto a later version (from ``version_of``) means."""
    before = version_of(dossier.version_id)
    case, papers = dossier.case_key, {paper.paper_key for paper in dossier.papers.all()}
    found = obstacles(before, after, case_key=case, answers=dossier.answers, papers=papers, today=on)
    step = same_step(before, after, case_key=dossier.case_key, order=dossier.desk_step)
    if step is None and not found:
        found.append(_("Bước đang làm không có trong quy trình của bản mới."))
    try:
        where = route(after, office_of(dossier.receiving_office_id), on)
    except NoSuchOffice:
        where = None
        found.append(_("Theo bản mới, nơi đã nhận hồ sơ không nhận thủ tục này."))
    if hasattr(dossier, "result"):
        found.append(_("Đã có dự thảo kết quả theo bản cũ."))
    if found or step is None or where is None:
        return Outlook(dossier, tuple(found), ())
    limit, changes = _limit(dossier, after)
    changes += renamed(before, after, case_key=case, papers=papers)
    if where.handling.pk != dossier.handling_office_id:
        changes.append(_("Nơi giải quyết: %(name)s.") % {"name": where.handling.name})
    if where.signing.pk != dossier.signing_office_id:
        changes.append(_("Nơi ký: %(name)s.") % {"name": where.signing.name})
    return Outlook(dossier, (), tuple(changes), step, where, limit)


def _limit(dossier: Dossier, after: ProcedureVersion) -> tuple[Limit | None, list[str]]:
    """Return the limit that a dossier not accepted yet gets; who holds a receipt keeps its due moment."""
    if dossier.accepted_at is not None:
        kept = dossier.due_at is not None
        return None, [
            _("Ngày hẹn trả giữ nguyên như giấy hẹn đã cấp.") if kept else _("Vẫn không có ngày hẹn.")
        ]
    try:
        said = term(case_named(after, dossier.case_key), dossier.channel)
    except (Case.DoesNotExist, ChannelTerm.DoesNotExist):
        return None, []
    new = (said.limit_value, said.limit_unit)
    if new == (dossier.limit_value, dossier.limit_unit):
        return None, []
    words = {
        "old": limit_text(dossier.limit_value, dossier.limit_unit),
        "new": limit_text(said.limit_value, said.limit_unit),
    }
    limit = Limit(said.limit_value, said.limit_unit)  # type: ignore[arg-type]
    return limit, [_("Thời hạn khi tiếp nhận: %(old)s thành %(new)s.") % words]
