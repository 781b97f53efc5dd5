"""How a dossier's answers and papers are shown to an officer."""

from __future__ import annotations

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tinhso.directory.api import who
from tinhso.documents.api import qr_svg
from tinhso.dossiers.models import Dossier, DraftFile, Paper, Slip
from tinhso.dossiers.queries import shown_answers
from tinhso.dossiers.queries.changes import record_sentences
from tinhso.dossiers.queries.own_papers import source_words
from tinhso.toolkit.clock import VN

register = template.Library()


@register.filter
def answers_shown(dossier: Dossier) -> list[tuple[str, str]]:
    """Return label and words of every answer, in the order of the form."""
    return shown_answers(dossier.version, dossier.answers, dossier.submitted_at.astimezone(VN).date())


@register.filter
def paper_name(paper: Paper) -> str:
    """Return what the procedure calls the paper, or the file's own name."""
    wanted = {p.key: p.name for p in paper.dossier.version.papers.all()}
    return wanted.get(paper.paper_key, paper.name)


@register.filter
def slip_name(slip: Slip) -> str:
    """Return what people call the slip."""
    return {
        "01": _("Giấy tiếp nhận và hẹn trả"),
        "02": _("Phiếu yêu cầu bổ sung"),
        "03": _("Phiếu từ chối"),
        "04": _("Phiếu xin lỗi và hẹn lại"),
    }[slip.form]


@register.filter
def changes_said(dossier: Dossier) -> list[str]:
    """Return the extensions and corrections of the dossier as the applicant reads them."""
    return record_sentences(dossier)


@register.simple_tag(takes_context=True)
def taken_from(context: template.Context, row: Paper | DraftFile, as_officer: bool = False) -> str:
    """Return from which earlier dossier or result a file was taken again; blank where it was sent new."""
    return source_words(row, who(context["request"]), as_officer=as_officer)


@register.simple_tag(takes_context=True)
def tracking_qr(context: template.Context, dossier: Dossier) -> SafeString:
    """Return the QR code that leads to the tracking page, with its code in it."""
    address = reverse("dossiers:tracked", args=[dossier.tracking_code])
    return qr_svg(context["request"].build_absolute_uri(address), title=_("Mã QR của trang theo dõi"))
