"""How a dossier's answers and papers are shown to an officer."""

from __future__ import annotations

from django import template

from tinhso.dossiers.models import Dossier, Paper
from tinhso.dossiers.queries import shown_answers

register = template.Library()


@register.filter
def answers_shown(dossier: Dossier) -> list[tuple[str, str]]:
    """Return label and words of every answer, in the order of the form."""
    return shown_answers(dossier)


@register.filter
def paper_name(paper: Paper) -> str:
    """Return what the procedure calls the paper, or the file's own name."""
    wanted = {p.key: p.name for p in paper.dossier.version.papers.all()}
    return wanted.get(paper.paper_key, paper.name)
