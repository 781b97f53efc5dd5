"""Tell a person something."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.messages.adapters import mail
from tinhso.messages.models import Channel, Notice, Outgoing
from tinhso.messages.rules import MAX_ATTEMPTS, is_own_path, mail_address, phone_number, sms_text


class LinkLeadsAway(ValueError):
    """A notice may lead to a page of this site only, given as a path."""


@transaction.atomic
def tell(
    recipient_id: int,
    *,
    title: str,
    body: str,
    at: dt.datetime,
    kind: str = "",
    link: str = "",
    email: str | None = None,
    phone: str | None = None,
) -> Notice:
    """Put a notice into the person's in-box, and write the letter and SMS that go with it.

    Title and body speak of the recipient's own matters and hold no data of anybody else; whoever calls sees
    to that. The letter ends with the page's address; the SMS never carries a link, so a sentence of the body
    with one is left out there. An address that nothing can reach is kept as given up, with the reason, and
    stops nobody. Raises ``LinkLeadsAway``.
    """
    if link and not is_own_path(link):
        raise LinkLeadsAway(link)
    notice = Notice.objects.create(
        recipient_id=recipient_id, kind=kind, title=title, body=body, link=link, created_at=at
    )
    if email:
        _write(Channel.EMAIL, email, mail_address(email), title, _letter(body, link), at)
    if phone:
        _write(Channel.SMS, phone, phone_number(phone), "", sms_text(title, body), at)
    return notice


def _letter(body: str, link: str) -> str:
    parts = [body]
    if link:
        parts.append(_("Xem tại: %(address)s") % {"address": mail.page(link)})
    parts.append(
        _("Thư này gửi tự động, xin đừng trả lời. Không ai được hỏi mật khẩu hay mã xác nhận của bạn.")
    )
    return "\n\n".join(parts)


def _write(
    channel: Channel, given: str, usable: str | None, subject: str, text: str, at: dt.datetime
) -> None:
    Outgoing.objects.create(
        channel=channel,
        address=usable or given[:254],
        subject=subject,
        text=text,
        created_at=at,
        try_after=at,
        attempts=0 if usable else MAX_ATTEMPTS,
        last_error="" if usable else _("Địa chỉ ghi sai nên không gửi được. Hỏi lại người nhận."),
    )
