"""Decide what becomes of an office from a day on: a new name, another parent, its end. A later day waits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tinhso.directory.events import OfficeReformDecided
from tinhso.directory.models import Office, OfficeReform, Post
from tinhso.directory.permissions import OFFICES, MayOffice, roles_told
from tinhso.directory.rules import Actor, Role
from tinhso.directory.services.add_office import CannotAddOffice, refuse_taken_code
from tinhso.directory.services.apply_reform import CannotReform, apply_reform, posts_from
from tinhso.directory.services.record_change import record_change
from tinhso.directory.services.register_work import done_since, work_of_office
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.words import date_text, number

KIND_WORDS = {"rename": "Đổi tên", "move": "Chuyển đến cơ quan trên khác", "close": "Đóng"}
#: What becomes of a post when its office is closed.
MOVE, END = "move", "end"


@dataclass(frozen=True, slots=True)
class Reform:
    """What is decided, by row numbers.

    ``name`` and ``short_name`` for a new name; ``parent``, ``code``, ``code_2020`` for a move; ``successors`` (the first
    takes the work) and ``posts`` (post → "move" or "end") for an end.
    """

    kind: str
    effective_date: dt.date
    decision: str
    reason: str
    name: str = ""
    short_name: str = ""
    parent: int | None = None
    code: str = ""
    code_2020: str = ""
    successors: tuple[int, ...] = ()
    posts: Mapping[int, str] = field(default_factory=dict)


@transaction.atomic
def decide_reform(*, by: Actor, at: dt.datetime, office: int, wanted: Reform) -> OfficeReform:
    """Keep the decision; it takes effect now where its day has come. Raises ``NotThere``, ``CannotReform``."""
    row = OFFICES.one(by, MayOffice.ADMINISTER, pk=office)
    _refuse(row, wanted, at)
    plan, parent, successor = _checked(by, row, wanted)
    reform = OfficeReform.objects.create(
        office=row,
        kind=wanted.kind,
        effective_date=wanted.effective_date,
        decision=wanted.decision.strip(),
        reason=wanted.reason.strip(),
        name_before=row.name,
        short_name_before=row.short_name,
        name_after=wanted.name,
        short_name_after=wanted.short_name,
        parent_after=parent,
        successor=successor,
        plan=plan,
        by_id=by.account_id,
        by_name=by.name,
        made_at=at,
    )
    record_change(
        f"office:{row.pk}",
        KIND_WORDS[wanted.kind],
        lambda line: OfficeReformDecided(
            reform.pk, row.pk, reform.kind, reform.effective_date.isoformat(), reform.decision, line
        ),
        by=by,
        at=at,
        before=row.name if wanted.kind == "rename" else (row.parent.name if row.parent else ""),
        after=reform_words(reform),
        reason=f"{reform.reason} ({reform.decision})",
        also=tuple(f"office:{pk}" for pk in wanted.successors),
    )
    if wanted.effective_date <= at.date():
        apply_reform(reform, by=by, at=at)
    return reform


def try_reform(*, by: Actor, at: dt.datetime, office: int, wanted: Reform) -> None:
    """Look whether the decision could be taken; change nothing. Raises ``NotThere``, ``CannotReform``."""
    row = OFFICES.look(by, MayOffice.ADMINISTER, pk=office)
    _refuse(row, wanted, at)
    _checked(by, row, wanted)


def reform_words(reform: OfficeReform) -> str:
    """Return the decision as one sentence."""
    day = date_text(reform.effective_date)
    if reform.kind == "rename":
        return _("%(name)s, từ %(day)s") % {"name": reform.name_after, "day": day}
    if reform.kind == "move" and reform.parent_after is not None:
        return _("Thuộc %(name)s, từ %(day)s") % {"name": reform.parent_after.name, "day": day}
    if reform.successor is not None:
        return _("Đóng từ %(day)s, việc chuyển sang %(name)s") % {"name": reform.successor.name, "day": day}
    return _("Đóng từ %(day)s") % {"day": day}


def _refuse(row: Office, wanted: Reform, at: dt.datetime) -> None:
    day = wanted.effective_date
    if not wanted.decision.strip() or not wanted.reason.strip():
        raise CannotReform(_("Ghi số quyết định và lý do."))
    if row.valid_to is not None:
        raise CannotReform(_("Cơ quan này đã đóng, không đổi được nữa."))
    if day <= row.valid_from:
        raise CannotReform(
            _("Cơ quan hoạt động từ %(day)s. Chọn ngày sau đó.") % {"day": date_text(row.valid_from)}
        )
    waiting = OfficeReform.objects.filter(office=row, applied_at=None, withdrawn_at=None).first()
    if waiting is not None:
        raise CannotReform(
            _("Đang chờ một quyết định khác: %(words)s. Rút quyết định đó trước.")
            % {"words": reform_words(waiting)}
        )
    last = (
        OfficeReform.objects.filter(office=row, applied_at__isnull=False).order_by("-effective_date").first()
    )
    if last is not None and day <= last.effective_date:
        raise CannotReform(
            _("Lần đổi trước có hiệu lực từ %(day)s. Chọn ngày sau đó.")
            % {"day": date_text(last.effective_date)}
        )
    if day < at.date():
        acts = done_since(row.pk, day)
        begun = Post.objects.filter(office=row, valid_from__gte=day).count()
        if acts or begun:
            raise CannotReform(
                _(
                    "Từ %(day)s đến nay cơ quan đã làm %(acts)s việc, có %(posts)s chức vụ mới. Chọn hôm nay hoặc ngày sau."
                )
                % {"day": date_text(day), "acts": number(acts), "posts": number(begun)}
            )


def _checked(by: Actor, row: Office, wanted: Reform) -> tuple[dict[str, Any], Office | None, Office | None]:
    """Return the plan to keep, the new parent and the office that takes the work. Raises ``CannotReform``."""
    if wanted.kind == "rename":
        if not wanted.name or not wanted.short_name:
            raise CannotReform(_("Ghi tên mới và tên gọi tắt mới."))
        if (wanted.name, wanted.short_name) == (row.name, row.short_name):
            raise CannotReform(_("Tên mới giống tên đang dùng."))
        return {}, None, None
    children = Office.objects.filter(parent=row).exclude(valid_to__lt=wanted.effective_date)
    if children.exists():
        raise CannotReform(
            _("Còn %(n)s đơn vị bên dưới. Chuyển hoặc đóng các đơn vị đó trước.")
            % {"n": number(children.count())}
        )
    if wanted.kind == "move":
        return _move(by, row, wanted)
    return _close(by, row, wanted)


def _move(by: Actor, row: Office, wanted: Reform) -> tuple[dict[str, Any], Office | None, Office | None]:
    parent = _open_office(by, wanted.parent or 0, wanted.effective_date)
    if parent.pk in {row.pk, row.parent_id}:
        raise CannotReform(_("Cơ quan đang thuộc nơi này. Chọn cơ quan trên khác."))
    try:
        refuse_taken_code(wanted.code, wanted.effective_date)
    except CannotAddOffice as taken:
        raise CannotReform(str(taken)) from None
    if not wanted.code or not wanted.code_2020:
        raise CannotReform(_("Mã cơ quan đi theo cơ quan trên. Ghi cả hai mã mới."))
    return {"code": wanted.code, "code_2020": wanted.code_2020}, parent, None


def _close(by: Actor, row: Office, wanted: Reform) -> tuple[dict[str, Any], Office | None, Office | None]:
    successors = [_open_office(by, pk, wanted.effective_date) for pk in dict.fromkeys(wanted.successors)]
    if any(one.pk == row.pk for one in successors):
        raise CannotReform(_("Cơ quan không tự nhận việc của mình. Chọn cơ quan khác."))
    posts = posts_from(row, wanted.effective_date)
    works = work_of_office(row.pk)
    chosen = {str(post.pk): wanted.posts.get(post.pk, MOVE if successors else END) for post in posts}
    if not successors:
        if works:
            raise CannotReform(
                _("Còn %(n)s hồ sơ đang chạy. Chọn cơ quan nhận việc.") % {"n": number(len(works))}
            )
        if MOVE in chosen.values():
            raise CannotReform(_("Chưa chọn cơ quan nhận, nên chức vụ chỉ kết thúc được."))
    else:
        moved = {Role(post.role) for post in posts if chosen[str(post.pk)] == MOVE}
        _refuse_empty_desks(
            successors[0], {work.role for work in works if work.role}, moved, wanted.effective_date
        )
    return (
        {"successors": [one.pk for one in successors], "posts": chosen},
        None,
        successors[0] if successors else None,
    )


def _refuse_empty_desks(successor: Office, roles: set[str], moved: set[Role], day: dt.date) -> None:
    """Raise ``CannotReform`` where work would lie on a desk of the successor that nobody holds."""
    held = set(
        Post.objects.filter(office=successor, valid_from__lte=day)
        .filter(Q(valid_to=None) | Q(valid_to__gte=day))
        .values_list("role", flat=True)
    )
    missing = roles - held - {role.value for role in moved}
    if missing:
        raise CannotReform(
            _("Ở %(name)s chưa ai làm được: %(roles)s. Chuyển người đang giữ sang, hoặc giao chức vụ trước.")
            % {"name": successor.short_name, "roles": ", ".join(role_word(one) for one in sorted(missing))}
        )


def role_word(role: str) -> str:
    """Return what a role is called."""
    return str(roles_told()[role]["name"]).lower()


def _open_office(by: Actor, pk: int, day: dt.date) -> Office:
    try:
        office = OFFICES.look(by, MayOffice.ADMINISTER, pk=pk)
    except NotThere:
        raise CannotReform(
            _("Chọn cơ quan trong phần mình quản trị. Việc vượt cấp do quản trị viên tỉnh làm.")
        ) from None
    if office.valid_from > day or (office.valid_to is not None and office.valid_to < day):
        raise CannotReform(
            _("%(name)s không hoạt động vào ngày %(day)s.") % {"name": office.name, "day": date_text(day)}
        )
    return office
