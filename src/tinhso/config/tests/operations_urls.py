"""The real addresses, and views that fail in the ways that give people's words away."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from tinhso.config import urls

handler400, handler403, handler404, handler500 = (
    urls.handler400,
    urls.handler403,
    urls.handler404,
    urls.handler500,
)


@csrf_exempt
def raise_words(request: HttpRequest) -> HttpResponse:
    """Fail with the person's own words in the error and in a local variable, caused by another such error."""
    name = request.POST.get("name") or request.GET.get("name", "")
    try:
        int(name)
    except ValueError as error:
        raise RuntimeError(f"cannot read {name}") from error
    return HttpResponse()


@csrf_exempt
def break_a_rule(request: HttpRequest) -> HttpResponse:
    """Write the same row twice: the database quotes it."""
    with connection.cursor() as cursor:
        cursor.execute("create temporary table told (name text primary key)")
        for _ in range(2):
            cursor.execute("insert into told values (%s)", [request.POST["name"]])
    return HttpResponse()


@csrf_exempt
def ask_nonsense(request: HttpRequest) -> HttpResponse:
    """Give the database a name where it wants a number: it quotes the name in the first line of its error."""
    with connection.cursor() as cursor:
        cursor.execute("select cast(%s as integer)", [request.POST["name"]])
    return HttpResponse()


urlpatterns = [
    path("hong/loi/", raise_words, name="raise_words"),
    path("hong/luat/", break_a_rule, name="break_a_rule"),
    path("hong/kieu/", ask_nonsense, name="ask_nonsense"),
    *urls.urlpatterns,
]
