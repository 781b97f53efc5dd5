"""The papers of a draft: which are wanted, taking a file, taking an earlier one again by one press."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tinhso.catalogue import api as catalogue
from tinhso.directory.api import signed_in, who
from tinhso.documents.api import UploadRefused, contents_of, take_upload
from tinhso.dossiers import api
from tinhso.dossiers.models import Draft, DraftFile
from tinhso.dossiers.permissions import DRAFTS, MayDraft
from tinhso.dossiers.queries import draft_steps, whole_draft
from tinhso.dossiers.queries.own_papers import offers
from tinhso.toolkit import clock
from tinhso.toolkit.policy import NotThere

#: How many papers that fit no wanted name are offered; all of them stand on the person's own page.
MOST_OTHERS = 12


class NotTaken(Exception):
    """A file was not taken; the message is the sentence for the person."""


def wanted_papers(draft: Draft) -> list[Any]:
    """Return the papers of which these answers want a file."""
    return [p for p in catalogue.papers(draft.version, draft.answers, clock.today()) if p.is_upload]


def missing_papers(draft: Draft) -> list[Any]:
    """Return the papers that must be sent and have no file yet."""
    have = set(draft.files.values_list("paper_key", flat=True))
    return [p for p in wanted_papers(draft) if p.is_required and p.key not in have]


def shown_papers(request: HttpRequest, draft: Draft, at_paper: str, error: str) -> dict[str, Any]:
    """Return what the papers page shows: each wanted paper with its files, its error, what may be taken again."""
    wanted = wanted_papers(draft)
    files = list(draft.files.select_related("file").order_by("id"))
    mine = api.own_papers(who(request), clock.today())
    again = offers(mine, wanted, files, draft.version.procedure.code)
    return {
        "boxes": [
            (
                paper,
                [file for file in files if file.paper_key == paper.key],
                error if paper.key == at_paper else "",
                again.by_paper[paper.key],
            )
            for paper in wanted
        ],
        "others": again.others[:MOST_OTHERS],
    }


def take_file(request: HttpRequest, draft: Draft, paper: Any) -> DraftFile:
    """Take the posted file under its paper. Raises ``NotTaken`` with a sentence."""
    file = request.FILES.get("file")
    if file is None:
        raise NotTaken(_("Chưa có tệp nào. Chụp ảnh hoặc chọn tệp rồi gửi."))
    now = clock.now()
    try:
        upload = take_upload(contents_of(file), name=file.name or "", at=now)
        return api.add_file(
            by=who(request),
            at=now,
            token=draft.token,
            paper_key=paper.key,
            upload=upload,
            max_files=paper.max_files,
        )
    except UploadRefused as refused:
        raise NotTaken(str(refused.sentence)) from refused
    except api.TooManyFiles as full:
        words = _("Giấy này nhận tối đa %(n)d tệp. Bỏ bớt một tệp rồi gửi lại.")
        raise NotTaken(words % {"n": paper.max_files}) from full


@signed_in
@require_POST
def reuse(request: HttpRequest, token: str) -> HttpResponse:
    """Lay an earlier paper or result under the paper that was chosen, and go back to the papers."""
    now, chosen = clock.now(), request.POST.get("paper", "")
    try:
        draft = whole_draft(DRAFTS.look(who(request), MayDraft.WRITE, token=token))
        paper = next((p for p in wanted_papers(draft) if p.key == chosen), None)
        if paper is None and chosen:
            raise NotThere
        if paper is None:
            messages.warning(request, _("Chưa chọn dùng làm giấy nào. Chọn trong danh sách rồi bấm lại."))
        else:
            taken = api.reuse_file(
                by=who(request),
                at=now,
                token=token,
                paper_key=paper.key,
                source=request.POST.get("source", ""),
                max_files=paper.max_files,
            )
            messages.success(request, _("Đã lấy lại: %(name)s.") % {"name": taken.name})
    except NotThere:
        raise Http404 from None
    except api.NoLongerUsable as why:
        messages.warning(request, str(why))
    except api.TooManyFiles:
        messages.warning(request, _("Giấy này đã đủ số tệp. Bỏ bớt một tệp rồi lấy lại."))
    return redirect("dossiers:draft_page", token=token, page=draft_steps.PAPERS)
