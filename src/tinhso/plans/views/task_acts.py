"""One page for each act on a task: what it means, what it asks, the button; a refusal stays on the page with what was typed."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tinhso.directory.api import Actor, who
from tinhso.plans.models import Task
from tinhso.plans.permissions.tasks import EXTENSIONS, TASKS, MayAnswerTask, MayTask
from tinhso.plans.queries.task_duplicates import likely_duplicates
from tinhso.plans.queries.task_page import offered
from tinhso.plans.queries.task_views import places
from tinhso.plans.views.frame import frame, insiders_only
from tinhso.plans.views.task_act_table import ACTS, REFUSALS, Act, Press
from tinhso.toolkit import clock

#: So many tasks that say nearly the same are shown.
MOST_DUPLICATES: Final = 5


@require_http_methods(["GET", "HEAD", "POST"])
@insiders_only
def task_act(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Show the page of an act, or do it: then the task's page says what was done."""
    act = ACTS.get(key)
    if act is None:
        raise Http404
    by = who(request)
    task = _task(by, act, code)
    if act.may is not None and act.may not in _offered(by, task):
        messages.warning(request, _("Nhiệm vụ đang ở bước khác nên không làm được việc này. Xem bên dưới."))
        return redirect("plans:task", code=code)
    form = act.form(Press(by, clock.now(), task, _posted(request)))
    if request.method == "POST" and (form is None or form.is_valid()):
        press = Press(by, clock.now(), task, request.POST, form)
        try:
            said = act.press(press)
        except REFUSALS as refused:
            if form is None:
                messages.warning(request, str(refused))
                return redirect("plans:task", code=code)
            form.add_error(act.box if act.box in form.fields else None, str(refused))
        else:
            messages.success(request, said)
            return redirect("plans:task", code=press.goes_to or code)
    return render(
        request,
        "plans/task_act.html",
        _context(request, act, task, form),
        status=422 if request.method == "POST" else 200,
    )


def _task(by: Actor, act: Act, code: str) -> Task:
    """Return the task on which the actor may do this; the answer to a request of extension has a table of its own."""
    if act.may is not None:
        return TASKS.look(by, act.may, code=code)
    extension = EXTENSIONS.look(by, MayAnswerTask.ANSWER_EXTENSION, task__code=code)
    return extension.task


def _offered(by: Actor, task: Task) -> frozenset[MayTask]:
    return offered(
        by,
        task,
        report_waits=task.reports.filter(answer="").exists(),
        extension_waits=task.extensions.filter(answer="").exists(),
    )


def _duplicates(by: Actor, task: Task) -> list[tuple[Task, int]]:
    """Return the tasks that say nearly the same, each with how alike in percent, the most alike first."""
    pairs = likely_duplicates(by, code=task.code, limit=MOST_DUPLICATES)
    return [(pair.into if pair.task.pk == task.pk else pair.task, pair.percent) for pair in pairs]


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _context(request: HttpRequest, act: Act, task: Task, form: Form | None) -> dict[str, Any]:
    today = clock.today()
    return {
        **frame(request, "tasks"),
        "act": act,
        "task": task,
        "form": form,
        "consequences": act.consequences(task),
        "places": places(today) if act.asks_office else (),
        "duplicates": _duplicates(who(request), task) if act.shows_duplicates else (),
        "extension": task.extensions.filter(answer="").first() if act.may is None else None,
    }
