"""The table of everyday words that search knows, and the queries that found nothing."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tinhso.catalogue.models import SearchMiss, SearchWord
from tinhso.catalogue.services.edit_search_words import (
    SearchWordRefused,
    remove_search_word,
    save_search_word,
    settle_search_miss,
)
from tinhso.catalogue.views.frame import frame, keepers_only
from tinhso.directory.api import who
from tinhso.toolkit import clock

#: Words on a page, and queries of the worklist shown at most.
_A_PAGE, _MOST_MISSES = 50, 50


@require_http_methods(["GET", "HEAD", "POST"])
@keepers_only
def words(request: HttpRequest) -> HttpResponse:
    """Show the words and the worklist; take one word, new or changed."""
    error, typed = "", {name: request.POST.get(name, "") for name in ("said", "means", "note", "word")}
    if request.method == "POST":
        number = typed["word"]
        try:
            save_search_word(
                typed["said"],
                typed["means"],
                note=typed["note"],
                pk=int(number) if number.isascii() and number.isdigit() and len(number) < 10 else None,
                by=who(request),
                at=clock.now(),
            )
        except SearchWordRefused as refused:
            error = str(refused)
        else:
            messages.success(request, _("Đã lưu. Người tìm thấy ngay từ bây giờ."))
            return redirect("catalogue:words")
    elif change := SearchWord.objects.filter(pk=_number(request.GET.get("sua", ""))).first():
        typed = {"said": change.said, "means": change.means, "note": change.note, "word": str(change.pk)}
    elif miss := SearchMiss.objects.filter(pk=_number(request.GET.get("thieu", ""))).first():
        typed["said"] = miss.query[:120]
    wanted = request.GET.get("q", "").strip()[:120]
    rows = SearchWord.objects.order_by("said", "pk")
    if wanted:
        rows = rows.filter(said__icontains=wanted) | rows.filter(means__icontains=wanted)
    waiting = SearchMiss.objects.filter(settled_at=None)
    return render(
        request,
        "catalogue/office/words.html",
        {
            **frame(request, "words"),
            "page": Paginator(rows, _A_PAGE).get_page(request.GET.get("trang")),
            "wanted": wanted,
            "misses": waiting.order_by("-times", "-last_day", "pk")[:_MOST_MISSES],
            "waiting": waiting.count(),
            "typed": typed,
            "error": error,
        },
        status=422 if error else 200,
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@require_POST
@keepers_only
def act(request: HttpRequest, verb: str, number: int) -> HttpResponse:
    """Take a word out, or a query off the worklist."""
    doing = {"bo": remove_search_word, "xong": settle_search_miss}.get(verb)
    if doing is None:
        raise Http404
    doing(number, by=who(request), at=clock.now())
    messages.success(request, _("Đã bỏ khỏi danh sách."))
    return redirect("catalogue:words")
