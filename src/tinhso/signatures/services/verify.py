"""Check any PDF: who signed it, whether it is whole, and what was changed afterwards, in plain words."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tinhso.signatures.adapters import trust as trust_services
from tinhso.signatures.adapters.checking import Checked, Found, Ground, Stamp, check
from tinhso.signatures.adapters.trust import RevocationListUnavailable
from tinhso.signatures.rules import Kind, Trouble
from tinhso.toolkit.clock import VN


@dataclass(frozen=True)
class Report:
    """What a check found. ``is_good`` is the one answer: every signature whole and trusted, nothing changed after."""

    sha256: str
    signatures: tuple[Found, ...]
    stamps: tuple[Stamp, ...]
    changed_after: tuple[str, ...]
    problems: tuple[str, ...]
    verdict: str
    is_good: bool
    #: Whether today's list of revoked certificates could be asked too, beside the lists kept in the file.
    has_fresh_lists: bool
    checked_at: dt.datetime

    def as_json(self) -> dict[str, Any]:
        """Return the report as the command prints it (docs/reference/commands.md)."""
        return {
            "sha256": self.sha256,
            "signatures": [_signature_as_json(found) for found in self.signatures],
            "timestamps": [
                {"field": s.field, "at": _moment(s.at), "intact": s.intact, "trusted": s.trusted}
                for s in self.stamps
            ],
            "changed_after": list(self.changed_after),
            "verdict": self.verdict,
            "problems": list(self.problems),
            "fresh_lists": self.has_fresh_lists,
            "checked_at": _moment(self.checked_at),
        }


def _signature_as_json(found: Found) -> dict[str, Any]:
    return {
        "signer": found.signer,
        "office": found.office,
        "post": found.post,
        "kind": found.kind.value,
        "level": found.level.value if found.level else None,
        "intact": found.intact,
        "trusted": found.trusted,
        "signed_at": _moment(found.signed_at),
        "field": found.field,
        "certificate": found.serial,
        "filled_after": list(found.filled),
    }


def _moment(moment: dt.datetime | None) -> str | None:
    return moment.astimezone(VN).isoformat() if moment else None


def verify(content: bytes, *, at: dt.datetime) -> Report:
    """Check ``content``, which may be anything at all, as things stand at ``at``. Never raises, keeps nothing.

    Trusted are the roots that this process was told of. Addresses in the file are not followed: a signature proves
    itself by what the file carries; today's list of revoked certificates is asked from the trust services where
    they answer. About 0.2 s for a result with two signatures; needs no database.
    """
    trust = trust_services.current()
    try:
        lists = trust.fresh_lists()
    except RevocationListUnavailable:
        lists = []
    ground = Ground(at, trust.anchors(), trust.intermediates(), lists)
    checked = check(content, ground)
    changed = _changed_after(checked)
    problems = _problems(checked, changed)
    return Report(
        sha256=hashlib.sha256(content).hexdigest(),
        signatures=checked.signatures,
        stamps=checked.stamps,
        changed_after=changed,
        problems=problems,
        verdict=_verdict(checked, problems),
        is_good=bool(checked.signatures) and not problems,
        has_fresh_lists=bool(lists),
        checked_at=at,
    )


def _changed_after(checked: Checked) -> tuple[str, ...]:
    changed: list[str] = []
    for found in checked.signatures:
        for page in found.changed:
            words = (
                _("Trang %(page)d bị sửa sau khi %(signer)s ký.")
                if page
                else _("Cấu trúc tệp bị sửa sau khi %(signer)s ký.")
            )
            changed.append(words % {"page": page, "signer": found.signer})
    if checked.stray_bytes:
        changed.append(_("Có %(count)d byte thêm vào cuối tệp.") % {"count": checked.stray_bytes})
    return tuple(dict.fromkeys(changed))


def _problems(checked: Checked, changed: tuple[str, ...]) -> tuple[str, ...]:
    if checked.trouble is not None:
        return (_file_words(checked.trouble),)
    problems = [_signature_words(found) for found in checked.signatures if found.trouble]
    if not checked.signatures:
        problems.append(_("Tệp chỉ có dấu thời gian, không có chữ ký của người hay cơ quan nào."))
    for stamp in checked.stamps:
        if not stamp.intact:
            problems.append(_("Nội dung tệp không còn khớp với dấu thời gian lưu trữ."))
        elif not stamp.trusted:
            problems.append(_("Dấu thời gian lưu trữ không do nơi được tin cậy cấp."))
    if changed and not any(found.trouble is Trouble.CHANGED_AFTER for found in checked.signatures):
        problems.extend(changed)
    return tuple(dict.fromkeys(problems))


def _file_words(trouble: Trouble) -> str:
    return {
        Trouble.NOT_A_PDF: _("Đây không phải tệp PDF."),
        Trouble.LOCKED: _("Tệp có mật khẩu nên không đọc được chữ ký."),
        Trouble.BROKEN: _("Tệp bị hỏng hoặc bị sửa, không đọc được chữ ký."),
    }.get(trouble, _("Tệp này chưa được ký số."))


def _signature_words(found: Found) -> str:
    words = {
        Trouble.TAMPERED: _("Nội dung đã bị sửa: không còn khớp với chữ ký của %(signer)s."),
        Trouble.CHANGED_AFTER: _("Tệp bị sửa sau khi %(signer)s ký."),
        Trouble.UNKNOWN_AUTHORITY: _("Chứng thư của %(signer)s không do nơi được tin cậy cấp."),
        Trouble.EXPIRED: _("Chứng thư của %(signer)s không còn hạn khi ký."),
        Trouble.REVOKED: _("Chứng thư của %(signer)s đã bị thu hồi trước khi ký."),
        Trouble.REVOCATION_UNKNOWN: _(
            "Tệp không kèm đủ bằng chứng là chứng thư của %(signer)s còn hiệu lực khi ký."
        ),
    }.get(
        found.trouble or Trouble.NOT_TRUSTED,
        _("Chưa xác định được chữ ký của %(signer)s có đáng tin hay không."),
    )
    return words % {"signer": found.signer}


def _verdict(checked: Checked, problems: tuple[str, ...]) -> str:
    if checked.trouble is Trouble.UNSIGNED:
        return _("Tệp này chưa được ký số.")
    if problems:
        return _("Chưa thể tin tệp này. %(why)s") % {"why": problems[0]}
    seal = next((s for s in checked.signatures if s.kind is Kind.SEAL), None)
    person = next((s for s in checked.signatures if s.kind is Kind.APPROVE), None)
    if seal and person:
        return _("Tệp nguyên vẹn. %(signer)s đã ký, %(office)s đã đóng dấu.") % {
            "signer": person.signer,
            "office": seal.office,
        }
    only = seal or person
    return _("Tệp nguyên vẹn, có chữ ký của %(signer)s.") % {"signer": only.signer if only else ""}
