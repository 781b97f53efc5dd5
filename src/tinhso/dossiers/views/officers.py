"""The officers' pages: in-box, dossier desk, the acts on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tinhso.directory.api import Actor, Role, holders_only, who
from tinhso.dossiers import api
from tinhso.dossiers.lifecycle import State
from tinhso.dossiers.models import Dossier
from tinhso.dossiers.permissions import POLICY, May
from tinhso.dossiers.queries import acts_on, asked_of, counts, find, journey, on_my_desks
from tinhso.dossiers.queries.counter import counter_notes
from tinhso.dossiers.queries.opinions import history
from tinhso.toolkit import clock, words
from tinhso.toolkit.lifecycle import StepNotAllowed
from tinhso.toolkit.policy import NotThere

PAGE = 25
#: The tab of the draft result among the papers.
DRAFT = "du-thao"
#: Where the session keeps the post whose desk the in-box shows.
DUTY = "duty"
#: Who has business at the committee's desk: its page is linked from theirs.
_AT_THE_COMMITTEE = (
    *(Role.COMMITTEE_CHAIR, Role.COMMITTEE_SECRETARY, Role.PLANNER, Role.LEADER, Role.PLAN_APPRAISER),
    *(Role.BUDGET_OFFICER, Role.INSPECTOR),
)


def on_duty(request: HttpRequest) -> Actor:
    """Return the officer with the post chosen in the header only, for lists; rights stay with all the posts."""
    actor = who(request)
    chosen = tuple(post for post in actor.posts if str(post.post_id) == request.session.get(DUTY))
    return Actor(actor.account_id, actor.person_id, actor.name, chosen) if chosen else actor


def frame(request: HttpRequest, current: str) -> dict[str, Any]:
    """Return what every officer's page needs: the side menu with its badges, the duty in the header."""
    return {"menu": _menu(request, current), "duty": _duty(request)}


def _menu(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    n = counts(on_duty(request))
    entries: list[tuple[str, str, str, int | None]] = [
        ("inbox", _("Hồ sơ cần xử lý"), "inbox", n["desk"] + n["opinions"])
    ]
    if who(request).holds(Role.COUNTER_CLERK):
        entries.append(("intake", _("Tiếp nhận tại quầy"), "user-plus", None))
    entries.append(("find", _("Tra cứu"), "search", None))
    menu = [
        {
            "url": reverse(f"dossiers:{key}"),
            "label": label,
            "icon": icon,
            "count": count,
            "current": key == current,
        }
        for key, label, icon, count in entries
    ]
    if who(request).holds(Role.CATALOGUE_EDITOR, Role.CATALOGUE_REVIEWER):
        menu.append({"url": reverse("catalogue:office"), "label": _("Danh mục thủ tục"), "icon": "list"})
    if who(request).holds(Role.CATALOGUE_REVIEWER):
        address = reverse("dossiers:rebasing")
        moving = {"url": address, "label": _("Chuyển sang bản mới"), "icon": "refresh-cw"}
        menu.append({**moving, "current": current == "rebasing"})
    if who(request).holds(Role.LEADER):
        menu.append({"url": reverse("measures:leader"), "label": _("Cơ quan tuần này"), "icon": "chart-line"})
    if who(request).holds(Role.STATISTICIAN, Role.FIGURES_APPROVER):
        menu += [
            {"url": reverse(f"measures:{key}"), "label": label, "icon": icon}
            for key, label, icon in (
                ("publications", _("Công bố số liệu"), "lock"),
                ("dti_criteria", _("Chấm điểm DTI"), "clipboard-check"),
                ("declarations", _("Khai báo độ phủ"), "landmark"),
                ("monitoring", _("Lượt mở và tình trạng"), "chart-line"),
            )
        ]
    if who(request).holds(Role.PROMOTER):
        menu.append({"url": reverse("measures:uptake"), "label": _("Mức sử dụng"), "icon": "chart-column"})
    if who(request).holds(Role.ADMINISTRATOR):
        address = reverse("dossiers:calendar")
        days = {"url": address, "label": _("Lịch làm việc"), "icon": "calendar"}
        menu.append({**days, "current": current == "calendar"})
    if who(request).holds(*_AT_THE_COMMITTEE):
        page = "desk" if who(request).holds(Role.PLANNER, Role.LEADER) else "board"
        label = _("Ban Chỉ đạo chuyển đổi số")
        menu.append({"url": reverse(f"plans:{page}"), "label": label, "icon": "clipboard-check"})
    return menu


def _duty(request: HttpRequest) -> dict[str, Any]:
    posts, seen = who(request).posts, on_duty(request).posts
    if len(posts) == 1:
        return {"office": posts[0].office_name, "role": posts[0].title}
    whole = len(seen) == len(posts)
    choices = [
        {
            "value": post.post_id,
            "label": f"{post.title}, {post.office_name}"
            + (_(" (thay %(name)s)") % {"name": post.for_name} if post.for_name else ""),
            "current": seen == (post,),
        }
        for post in posts
    ]
    return {
        "office": _("Mọi nhiệm vụ") if whole else seen[0].office_name,
        "role": _("%(n)d chức danh") % {"n": len(posts)} if whole else seen[0].title,
        "choices": [{"value": "", "label": _("Mọi nhiệm vụ"), "current": whole}, *choices],
        "action": reverse("dossiers:duty"),
    }


#: Lets only holders of a post in.
officers_only = holders_only()


@require_safe
@officers_only
def inbox(request: HttpRequest) -> HttpResponse:
    """List what lies on the officer's desks and what the office was asked, first what is due first."""
    actor = on_duty(request)
    rows = on_my_desks(actor)
    page = Paginator(rows, PAGE).get_page(request.GET.get("trang"))
    now = clock.now()
    return render(
        request,
        "dossiers/inbox.html",
        {
            **frame(request, "inbox"),
            "page": page,
            "asked": asked_of(actor),
            "may_take_in": actor.holds(Role.COUNTER_CLERK),
            "rows": [journey(d, now) for d in page],
            "now": now,
            "total": page.paginator.count,
        },
    )


@officers_only
@require_POST
def switch_duty(request: HttpRequest) -> HttpResponse:
    """Keep in the session which of several posts the in-box shows; an unknown one means all of them."""
    request.session[DUTY] = request.POST.get("duty", "")
    return redirect("dossiers:inbox")


@require_safe
@officers_only
def find_page(request: HttpRequest) -> HttpResponse:
    """Find a dossier by number, name (with or without marks), identity number or phone."""
    term = request.GET.get("q", "").strip()
    now = clock.now()
    found = [journey(d, now) for d in find(who(request), term)] if term else []
    return render(
        request,
        "dossiers/find.html",
        {**frame(request, "find"), "term": term, "rows": found},
    )


@require_safe
@officers_only
def desk(request: HttpRequest, code: str) -> HttpResponse:
    """Show a dossier: answers and papers left, the file centre, deadline and history right, the acts below."""
    try:
        dossier = POLICY.look(who(request), May.READ_AS_OFFICER, tracking_code=code)
    except NotThere:
        raise Http404 from None
    return show_desk(request, dossier)


def show_desk(
    request: HttpRequest, dossier: Dossier, *, answered: Mapping[str, str] | None = None, error: str = ""
) -> HttpResponse:
    """Draw the desk; ``answered`` and ``error`` are an opinion as typed and what is wrong with it."""
    actor, now = who(request), clock.now()
    result = getattr(dossier, "result", None)
    wanted = request.GET.get("giay", DRAFT if result else "")
    shows_draft = result is not None and wanted == DRAFT
    if shows_draft and dossier.state == State.AWAITING_SIGNATURE and POLICY.holds(actor, May.SIGN, dossier):
        api.mark_read(by=actor, at=now, tracking_code=dossier.tracking_code)
    papers = list(dossier.papers.select_related("file").order_by("round", "id"))
    chosen = None if shows_draft else next((p for p in papers if p.token == wanted), next(iter(papers), None))
    return render(
        request,
        "dossiers/desk.html",
        {
            **frame(request, "inbox"),
            "dossier": dossier,
            "j": journey(dossier, now),
            "history": history(dossier),
            "papers": papers,
            "chosen": chosen,
            "pages": range(1, (chosen.file.pages or 1) + 1) if chosen else (),
            "acts": acts_on(actor, dossier),
            "defects": dossier.version.defects.order_by("order"),
            "opinions": dossier.opinions.select_related("office").order_by("-id"),
            "to_answer": asked_of(actor).filter(dossier=dossier),
            "answered": answered or {},
            "error": error,
            "notes": counter_notes(dossier),
            "slips": dossier.slips.order_by("id"),
            "result": result,
            "draft": DRAFT,
            "draft_pages": range(1, (result.draft.pages or 1) + 1) if result and shows_draft else (),
        },
        status=422 if error else 200,
    )


def _done(request: HttpRequest, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("dossiers:inbox")


@officers_only
@require_POST
def act(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """Do one act on a dossier and go back to the list; what could not be done says why and keeps the words."""
    try:
        return _ACTS[verb](request, code)
    except (NotThere, KeyError):
        raise Http404 from None
    except api.AlreadyDone as first:
        moment = words.moment_text(first.at.astimezone(clock.VN)) if first.at else ""
        sentence = _("%(name)s đã làm việc này trước, lúc %(moment)s. Hồ sơ không đổi thêm.")
        messages.warning(request, sentence % {"name": first.by_name, "moment": moment})
    except StepNotAllowed:
        messages.warning(request, _("Hồ sơ đã sang bước khác. Xem lại tình trạng bên dưới."))
    except api.NoFurtherStep:
        messages.warning(request, _("Bộ phận này không còn bước nào sau. Soạn kết quả để trình lãnh đạo."))
    except api.ReasonMissing:
        messages.error(request, _("Chọn ít nhất một lỗi và viết rõ cần làm gì, từ 20 chữ cái trở lên."))
    except api.NotReadYet:
        messages.error(request, _("Bản dự thảo vừa đổi. Mở đọc lại rồi mới ký được."))
    except api.CANNOT_SIGN as stopped:
        messages.error(request, str(stopped))
    return redirect("dossiers:desk", code=code)


def _accept(request: HttpRequest, code: str) -> HttpResponse:
    dossier = api.accept(by=who(request), at=clock.now(), tracking_code=code)
    return _done(request, _("Đã nhận, số hồ sơ %(number)s.") % {"number": dossier.number})


def _defects(request: HttpRequest, code: str) -> list[api.Defect]:
    dossier = POLICY.look(who(request), May.READ_AS_OFFICER, tracking_code=code)
    known = {d.code: d for d in dossier.version.defects.all()}
    chosen = [known[c] for c in request.POST.getlist("defect") if c in known]
    return [api.Defect(d.code, d.text, detail=request.POST.get(f"detail-{d.code}", "")) for d in chosen]


def _ask(request: HttpRequest, code: str) -> HttpResponse:
    api.ask_for_papers(
        by=who(request),
        at=clock.now(),
        tracking_code=code,
        defects=_defects(request, code),
        explanation=request.POST.get("explanation", ""),
    )
    return _done(request, _("Đã gửi một danh sách bổ sung đầy đủ cho người nộp."))


def _refuse(request: HttpRequest, code: str) -> HttpResponse:
    grounds = _defects(request, code)
    if len(grounds) != 1:
        raise api.ReasonMissing
    api.refuse(
        by=who(request),
        at=clock.now(),
        tracking_code=code,
        ground=grounds[0],
        explanation=request.POST.get("explanation", ""),
    )
    return _done(request, _("Đã từ chối bằng văn bản, có nêu lý do."))


def _forward(request: HttpRequest, code: str) -> HttpResponse:
    api.forward(by=who(request), at=clock.now(), tracking_code=code, note=request.POST.get("note", ""))
    return _done(request, _("Đã chuyển sang bước sau."))


def _return(request: HttpRequest, code: str) -> HttpResponse:
    api.return_result(
        by=who(request), at=clock.now(), tracking_code=code, reason=request.POST.get("explanation", "")
    )
    return _done(request, _("Đã trả lại người soạn, kèm lý do."))


def _sign(request: HttpRequest, code: str) -> HttpResponse:
    api.sign(by=who(request), at=clock.now(), tracking_code=code)
    return _done(request, _("Đã ký. Hồ sơ chuyển đến văn thư đóng dấu."))


def _issue(request: HttpRequest, code: str) -> HttpResponse:
    dossier = api.issue(by=who(request), at=clock.now(), tracking_code=code)
    return _done(request, _("Đã đóng dấu, số văn bản %(number)s.") % {"number": dossier.result.number})


def _hand_over(request: HttpRequest, code: str) -> HttpResponse:
    api.hand_over(by=who(request), at=clock.now(), tracking_code=code, to=request.POST.get("to", ""))
    return _done(request, _("Đã ghi việc trả kết quả."))


_ACTS: dict[str, Callable[[HttpRequest, str], HttpResponse]] = {
    "nhan": _accept,
    "bo-sung": _ask,
    "tu-choi": _refuse,
    "chuyen": _forward,
    "tra-lai": _return,
    "ky": _sign,
    "dong-dau": _issue,
    "tra-ket-qua": _hand_over,
}
