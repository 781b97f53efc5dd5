"""Reports with evidence: papers come in with a report, and go out to whoever may read the task."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tinhso.directory.api import Actor, who
from tinhso.documents.api import StoredFile, UploadRefused, read, take_upload
from tinhso.plans.forms.task_acts import ReportForm
from tinhso.plans.models import Evidence, Task
from tinhso.plans.permissions.tasks import TASKS, MayTask
from tinhso.plans.queries.task_page import TaskPage, task_page
from tinhso.plans.services.report_task import CannotReport, Claim, Progress, report_task
from tinhso.plans.services.take_task_step import CannotTakeStep
from tinhso.plans.views.frame import frame, insiders_only
from tinhso.toolkit import clock
from tinhso.toolkit.text import tidy, visible

#: So many pieces are offered at first, and by one more press.
ROWS: Final = 3
MORE_ROWS: Final = 12
_SALT: Final = "plans.evidence"
_LONGEST: Final = 300


@dataclass(slots=True)
class Row:
    """One piece as it was typed: ``kept``: a paper that was taken already, signed for whoever sent it."""

    number: int
    label: str = ""
    quantity: str = ""
    link: str = ""
    kept: str = ""
    kept_name: str = ""
    file: StoredFile | None = None
    wrong: str = ""

    @property
    def is_blank(self) -> bool:
        """Say whether nothing was typed and nothing sent."""
        return not (self.label or self.quantity or self.link or self.file)


@require_http_methods(["GET", "HEAD", "POST"])
@insiders_only
def report(request: HttpRequest, code: str) -> HttpResponse:
    """Report what is done, with a paper or an address for each piece; papers that were taken stay when a box is wrong."""
    by = who(request)
    TASKS.look(by, MayTask.REPORT, code=code)
    page = task_page(by, code, clock.today())
    if MayTask.REPORT not in page.offered or page.waiting_report is not None:
        messages.warning(request, _("Lúc này chưa báo cáo được. Xem trạng thái của nhiệm vụ bên dưới."))
        return redirect("plans:task", code=code)
    if request.method != "POST":
        many = MORE_ROWS if "them" in request.GET else ROWS
        form = ReportForm(initial={"progress": page.row.percent, "blocker": page.row.task.blocker})
        return _shown(request, page, form, [Row(n) for n in range(1, many + 1)])
    rows = _rows(request, by)
    form = ReportForm(_posted(request, page))
    if form.is_valid() and not any(row.wrong for row in rows):
        try:
            made = report_task(
                by=by,
                at=clock.now(),
                code=code,
                progress=Progress(
                    form.cleaned_data["text"],
                    form.cleaned_data["progress"],
                    form.cleaned_data["blocker"],
                    form.cleaned_data["expected_on"],
                ),
                claims=_claims(rows, page.row.task),
                is_final=form.cleaned_data["is_final"],
            )
        except (CannotReport, CannotTakeStep) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request,
                _("Đã báo hoàn thành. Chờ Ban Chỉ đạo xác nhận.")
                if made.is_final
                else _("Đã gửi báo cáo. Chờ Ban Chỉ đạo xác nhận."),
            )
            return redirect("plans:task", code=code)
    return _shown(request, page, form, rows, status=422)


@require_safe
@insiders_only
def evidence(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Give the paper of a piece of evidence to whoever may read its task."""
    tasks = TASKS.rows(who(request), MayTask.READ).filter(code=code)
    piece = (
        Evidence.objects.filter(pk=pk, report__task__in=tasks, file__isnull=False)
        .select_related("file")
        .first()
    )
    if piece is None or piece.file is None:
        raise Http404
    response = HttpResponse(read(piece.file), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{code.lower()}-bang-chung-{pk}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def _posted(request: HttpRequest, page: TaskPage) -> dict[str, Any]:
    """Return what was typed; a task in pieces is reckoned from them, so its percent is not asked."""
    data = request.POST.copy()
    if page.row.task.quantity:
        data["progress"] = str(page.row.percent)
    return data


def _rows(request: HttpRequest, by: Actor) -> list[Row]:
    """Return the pieces as typed; their papers are taken now, so that they need not be chosen again."""
    rows = []
    for n in range(1, MORE_ROWS + 1):
        if f"minh-chung-{n}" not in request.POST:
            continue
        row = Row(
            n,
            label=_line(request, f"minh-chung-{n}"),
            quantity=_line(request, f"so-luong-{n}"),
            link=_line(request, f"duong-dan-{n}"),
        )
        upload = request.FILES.get(f"tep-{n}")
        if isinstance(upload, UploadedFile):
            _take(row, upload, by)
        elif kept := request.POST.get(f"da-nhan-{n}", ""):
            _again(row, kept, by)
        if not row.wrong:
            row.wrong = _wrong(row)
        rows.append(row)
    return rows


def _take(row: Row, upload: UploadedFile[bytes], by: Actor) -> None:
    try:
        taken = take_upload(upload.read(), name=upload.name or "", at=clock.now())
    except UploadRefused as refused:
        row.wrong = refused.sentence
        return
    row.file, row.kept_name = taken.file, taken.name
    row.kept = signing.dumps([taken.file.pk, taken.name, by.account_id], salt=_SALT)


def _again(row: Row, kept: str, by: Actor) -> None:
    """Take up a paper that this person sent a moment ago; anything else was not sent."""
    try:
        pk, name, account = signing.loads(kept, salt=_SALT, max_age=86_400)
    except signing.BadSignature:
        return
    if account == by.account_id:
        row.file, row.kept_name, row.kept = StoredFile.objects.filter(pk=pk).first(), name, kept


def _wrong(row: Row) -> str:
    if row.quantity and not (row.quantity.isascii() and row.quantity.isdigit()):
        return _("Số lượng là số nguyên, ví dụ 2.")
    if not row.is_blank and not row.label:
        return _("Ghi bằng chứng này cho thấy điều gì, ví dụ: xã Hải Lý đã nối.")
    return ""


def _claims(rows: list[Row], task: Task) -> list[Claim]:
    return [
        Claim(
            label=row.label,
            quantity=int(row.quantity[:9] or 0) if task.quantity else 0,
            file=row.file,
            file_name=row.kept_name[:200],
            link=row.link,
        )
        for row in rows
        if not row.is_blank
    ]


def _line(request: HttpRequest, name: str) -> str:
    return tidy(visible(request.POST.get(name, "")))[:_LONGEST]


def _shown(
    request: HttpRequest, page: TaskPage, form: ReportForm, rows: list[Row], status: int = 200
) -> HttpResponse:
    if page.row.task.quantity:
        del form.fields["progress"]
    context = {
        **frame(request, "tasks"),
        "page": page,
        "task": page.row.task,
        "row": page.row,
        "form": form,
        "rows": rows,
        "wrong_rows": [row for row in rows if row.wrong],
        "may_add": len(rows) < MORE_ROWS,
    }
    return render(request, "plans/task_report.html", context, status=status)
