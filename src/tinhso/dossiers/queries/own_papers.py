"""What a person gave in earlier dossiers and was given: to be taken again instead of being asked twice.

Only dossiers that the person owns (``May.REUSE``); who sent one for another, or helped, finds nothing of it here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tinhso.catalogue.api import RequiredPaper, ResultKind, version_of
from tinhso.directory.api import Actor, Office
from tinhso.documents.api import StoredFile, size_text
from tinhso.dossiers.lifecycle import State
from tinhso.dossiers.models import Dossier, DraftFile, Paper, Result, Slip
from tinhso.dossiers.permissions import POLICY, May
from tinhso.dossiers.rules import months_after
from tinhso.toolkit.clock import VN
from tinhso.toolkit.text import fold
from tinhso.toolkit.words import date_text

#: The newest papers, and the newest results, that are looked at.
MOST = 100
#: A paper of these may be what was wrong with the dossier, so it is not offered again.
_NOT_TAKEN = frozenset({State.REFUSED, State.REJECTED})


@dataclass(frozen=True, slots=True)
class OwnPaper:
    """One paper that a person gave, or one result that was issued to the person.

    ``day``: given or issued on. ``accepted``: the counter's receipt for the dossier of a paper; None: nobody has
    checked it. ``number``, ``office``, ``kind`` are a result's. ``last_day``: a result holds until then; None: no end
    is known. ``refused``: why it is not offered again, in words; blank where it is. ``used_in``: every own dossier in
    which it lies, oldest first.
    """

    token: str
    name: str
    key: str
    file: StoredFile
    dossier: Dossier
    day: dt.date
    accepted: Slip | None = None
    number: str = ""
    office: Office | None = None
    kind: ResultKind | None = None
    last_day: dt.date | None = None
    refused: str = ""
    used_in: tuple[Dossier, ...] = ()

    @property
    def is_result(self) -> bool:
        """Say whether it was issued to the person, not given by the person."""
        return self.kind is not None

    @property
    def facts(self) -> list[str]:
        """Return when and in which dossier it was given or issued, who checked it, how long it holds: sentences."""
        said = {"day": date_text(self.day), "dossier": str(self.dossier)}
        if self.kind is None:
            given = _("Nộp ngày %(day)s trong hồ sơ %(dossier)s.") % said
            return [given, self._checked()]
        office = self.office.name if self.office else ""
        issued = _("Số %(number)s, %(office)s cấp ngày %(day)s, hồ sơ %(dossier)s.")
        return [issued % {**said, "number": self.number, "office": office}, self._holds()]

    def _checked(self) -> str:
        if self.accepted is None:
            return _("Chưa có cán bộ kiểm.")
        return _("%(name)s, %(office)s đã kiểm khi tiếp nhận ngày %(day)s.") % {
            "name": self.accepted.by_name,
            "office": self.dossier.receiving_office.short_name,
            "day": _day(self.accepted.issued_at),
        }

    def _holds(self) -> str:
        if self.refused or self.kind is None:
            return self.refused
        if self.last_day is not None:
            said = _("Còn giá trị đến hết ngày %(day)s.") % {"day": date_text(self.last_day)}
        else:
            said = f"{self.kind.validity_text or _('Không ghi thời hạn giá trị')}."
        return f"{said} {_('Thời hạn chưa kiểm chứng.')}" if self.kind.is_unverified else said

    @property
    def measure(self) -> str:
        """Return how long and how large the file is: 2 trang, 310 KB."""
        pages = _("%(n)d trang") % {"n": self.file.pages} if self.file.pages else ""
        return ", ".join(filter(None, (pages, size_text(self.file.size))))

    def answers(self, paper: RequiredPaper, procedure_code: str) -> bool:
        """Say whether it is what a procedure asks for: by the same name, or the same paper of the same procedure.

        A result answers a paper whose name holds the result's name.
        """
        wanted, mine = f" {fold(paper.name)} ", fold(self.name)
        if self.is_result:
            return f" {mine} " in wanted
        same = self.dossier.procedure_code == procedure_code and self.key == paper.key
        return same or wanted.strip() == mine


def own_papers(by: Actor, today: dt.date) -> list[OwnPaper]:
    """Return everything that the actor gave or was given, newest first; the same paper given twice stands once."""
    rows = POLICY.rows(by, May.REUSE)
    papers = list(
        Paper.objects.filter(dossier__in=rows)
        .select_related("file", "dossier__receiving_office")
        .order_by("-added_at", "-id")[:MOST]
    )
    results = list(
        Result.objects.filter(dossier__in=rows, issued_at__isnull=False, file__isnull=False)
        .select_related("file", "dossier__signing_office")
        .order_by("-issued_at", "-id")[:MOST]
    )
    used: dict[int, list[Dossier]] = {}
    for paper in reversed(papers):
        used.setdefault(paper.file_id, []).append(paper.dossier)
    receipts = {
        slip.dossier_id: slip
        for slip in Slip.objects.filter(form="01", dossier__in={paper.dossier_id for paper in papers})
    }
    found = [_result(one, today, used) for one in results]
    seen = {one.file.pk for one in found}
    # Of the same content the first counts, before it one that was not refused: the last to be laid down here stays.
    papers.sort(key=lambda paper: paper.dossier.state not in _NOT_TAKEN)
    firsts = {paper.file_id: paper for paper in papers if paper.file_id not in seen}
    found += [_paper(one, receipts, used) for one in firsts.values()]
    return sorted(found, key=lambda one: (one.day, one.dossier.pk, one.token), reverse=True)


def _paper(paper: Paper, receipts: dict[int, Slip], used: dict[int, list[Dossier]]) -> OwnPaper:
    names = {wanted.key: wanted.name for wanted in version_of(paper.dossier.version_id).papers.all()}
    refused = _("Hồ sơ này không được nhận. Nộp giấy mới.") if paper.dossier.state in _NOT_TAKEN else ""
    return OwnPaper(
        token=paper.token,
        name=names.get(paper.paper_key, paper.name),
        key=paper.paper_key,
        file=paper.file,
        dossier=paper.dossier,
        day=paper.added_at.astimezone(VN).date(),
        accepted=receipts.get(paper.dossier_id),
        refused=refused,
        used_in=_each_once(used[paper.file_id]),
    )


def _result(result: Result, today: dt.date, used: dict[int, list[Dossier]]) -> OwnPaper:
    kind = version_of(result.dossier.version_id).result
    assert result.file is not None
    assert result.issued_at is not None
    day = result.issued_at.astimezone(VN).date()
    # Civil Code 2015, article 148: a period in months ends with the same day of its last month.
    last = months_after(day, kind.validity_months) if kind.validity_months else None
    refused = ""
    if last is not None and last < today:
        refused = _("Hết giá trị từ sau ngày %(day)s (%(rule)s).") % {
            "day": date_text(last),
            "rule": kind.validity_text,
        }
    return OwnPaper(
        token=result.token,
        name=kind.name,
        key="",
        file=result.file,
        dossier=result.dossier,
        day=day,
        number=result.number,
        office=result.dossier.signing_office,
        kind=kind,
        last_day=last,
        refused=refused,
        used_in=_each_once(used.get(result.file.pk, ())),
    )


def _each_once(dossiers: Iterable[Dossier]) -> tuple[Dossier, ...]:
    return tuple({one.pk: one for one in dossiers}.values())


@dataclass(frozen=True, slots=True)
class Offers:
    """What may be taken again: by key of the wanted paper, and the rest, that fits no wanted name."""

    by_paper: dict[str, list[OwnPaper]]
    others: list[OwnPaper]


def offers(
    own: Sequence[OwnPaper],
    wanted: Sequence[RequiredPaper],
    files: Collection[DraftFile],
    procedure_code: str,
) -> Offers:
    """Lay what a person has under the papers that are wanted; what lies in the draft already is left out."""
    taken = {file.file_id for file in files}
    left = [one for one in own if one.file.pk not in taken]
    by_paper = {paper.key: [one for one in left if one.answers(paper, procedure_code)] for paper in wanted}
    placed = {one.token for found in by_paper.values() for one in found}
    return Offers(by_paper, [one for one in left if one.token not in placed and not one.refused])


def source_words(row: Paper | DraftFile, by: Actor, *, as_officer: bool = False) -> str:
    """Return where a file was taken from, in words; blank where it was sent new.

    The number of the earlier dossier or result is for its owner, and for the officers of the dossier it lies in now.
    """
    if row.taken_from_id is None:
        return ""
    source = Dossier.objects.select_related("result").get(pk=row.taken_from_id)
    in_full = as_officer or (by.person_id is not None and source.owner_person_id == by.person_id)
    result: Result | None = getattr(source, "result", None)
    if result is not None and result.file_id == row.file_id and result.issued_at is not None:
        said = {"number": result.number, "day": _day(result.issued_at)}
        whole = _("Lấy lại từ kết quả số %(number)s, cấp ngày %(day)s.")
        return whole % said if in_full else _("Lấy lại từ kết quả đã cấp.")
    said = {"number": str(source), "day": _day(source.submitted_at)}
    whole = _("Lấy lại từ hồ sơ %(number)s, nộp ngày %(day)s.")
    return whole % said if in_full else _("Lấy lại từ hồ sơ trước.")


def _day(moment: dt.datetime) -> str:
    return date_text(moment.astimezone(VN).date())
