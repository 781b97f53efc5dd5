"""Telling people, reading the in-box, and sending."""

import datetime as dt
import smtplib
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tinhso.journal.api import periodic_tasks
from tinhso.messages.adapters import mail, sms
from tinhso.messages.api import (
    Channel,
    LinkLeadsAway,
    Notice,
    NoticeNotThere,
    Outgoing,
    given_up,
    inbox,
    mark_all_read,
    mark_read,
    tell,
    unread_count,
    waiting_count,
)
from tinhso.messages.rules import MAX_ATTEMPTS
from tinhso.messages.services.forget_sent import forget_sent
from tinhso.messages.services.send_waiting import send_waiting
from tinhso.toolkit.clock import VN

AT = dt.datetime(2022, 5, 16, 9, 0, tzinfo=VN)
LAN, TAM = 1, 2
MINUTE = dt.timedelta(minutes=1)


class Broken:
    """A server that takes nothing."""

    def send(self, *, to: str, text: str, reference: str, subject: str = "") -> None:
        """Refuse."""
        raise mail.MailNotSent("SMTPRecipientsRefused")


@pytest.fixture
def offices(db: None) -> Iterator[tuple[mail.NullMail, sms.NullSms]]:
    """Take letters and SMS and send none."""
    before = (mail.office(), mail._Office.public_address, sms.office())
    letters, texts = mail.NullMail(), sms.NullSms()
    mail.use(letters, public_address="https://thu.example")
    sms.use(texts)
    yield letters, texts
    mail.use(before[0], public_address=before[1])
    sms.use(before[2])


Offices = tuple[mail.NullMail, sms.NullSms]


def tell_lan(**more: Any) -> Notice:
    """Tell Lan that the result is there."""
    told: dict[str, Any] = {
        "title": "Hồ sơ đã có kết quả",
        "body": "Mời bạn đến quầy 3.",
        "link": "/ho-so/1/",
        "at": AT,
    }
    return tell(LAN, **(told | more))


def test_a_notice_lies_in_its_own_inbox_only(offices: Offices) -> None:
    notice = tell_lan()
    assert list(inbox(LAN).notices) == [notice]
    assert (unread_count(LAN), unread_count(TAM)) == (1, 0)
    assert not inbox(TAM).notices
    assert not Outgoing.objects.exists()


def test_a_letter_names_the_page_and_an_sms_does_not(offices: Offices) -> None:
    tell_lan(email="lan@thu.example", phone="0912 345 678", body="Mời đến quầy 3. Xem ở www.thu.example.")
    assert waiting_count() == 2
    assert send_waiting(at=AT) == 2
    letters, texts = offices
    (to, subject, letter), (number, text) = letters.kept[0], texts.kept[0]
    assert (to, subject) == ("lan@thu.example", "Hồ sơ đã có kết quả")
    assert "https://thu.example/ho-so/1/" in letter
    assert (number, text) == ("+84912345678", "Hồ sơ đã có kết quả. Mời đến quầy 3.")
    assert send_waiting(at=AT) == 0, "nothing is sent twice"
    assert waiting_count() == 0


def test_an_address_that_nothing_reaches_stops_nobody_and_is_seen(offices: Offices) -> None:
    tell_lan(email="lan", phone="113")
    assert unread_count(LAN) == 1
    assert send_waiting(at=AT) == 0
    assert [one.channel for one in given_up()] == [Channel.EMAIL, Channel.SMS]
    assert all("Hỏi lại người nhận" in one.last_error for one in given_up())


@pytest.mark.parametrize("link", ["https://xa.example", "//xa.example", "/\\xa.example"])
def test_a_notice_leads_to_this_site_only(offices: Offices, link: str) -> None:
    with pytest.raises(LinkLeadsAway):
        tell_lan(link=link)
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(recipient_id=LAN, title="a", link=link, created_at=AT)


def test_the_database_refuses_an_sms_with_a_link(offices: Offices) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Outgoing.objects.create(
            channel="sms", address="+84912345678", text="https://a", created_at=AT, try_after=AT
        )


def test_nothing_is_told_when_the_deed_is_undone(offices: Offices) -> None:
    with transaction.atomic():
        tell_lan(email="lan@thu.example")
        transaction.set_rollback(True)
    assert not Notice.objects.exists()
    assert not Outgoing.objects.exists()


def test_reading_is_noted_once(offices: Offices) -> None:
    notice = tell_lan()
    assert mark_read(LAN, notice.pk, at=AT + MINUTE).read_at == AT + MINUTE
    assert mark_read(LAN, notice.pk, at=AT + 2 * MINUTE).read_at == AT + MINUTE
    assert unread_count(LAN) == 0


def test_nobody_reads_another_persons_notice(offices: Offices) -> None:
    notice = tell_lan()
    with pytest.raises(NoticeNotThere):
        mark_read(TAM, notice.pk, at=AT)
    assert unread_count(LAN) == 1


def test_what_came_after_the_page_was_shown_stays_unread(offices: Offices) -> None:
    shown, later = tell_lan(), tell_lan()
    assert mark_all_read(LAN, up_to=shown.pk, at=AT) == 1
    assert list(inbox(LAN, unread_only=True).notices) == [later]


def test_the_inbox_comes_in_pages(offices: Offices) -> None:
    told = [tell_lan() for _ in range(5)][::-1]
    first = inbox(LAN, limit=2)
    second = inbox(LAN, limit=2, before=first.older)
    third = inbox(LAN, limit=2, before=second.older)
    assert [*first.notices, *second.notices, *third.notices] == told
    assert third.older is None


def test_a_letter_that_fails_is_tried_later_and_given_up_after_five_times(offices: Offices) -> None:
    tell_lan(email="lan@thu.example")
    mail.use(Broken(), public_address="")
    assert send_waiting(at=AT) == 0
    letter = Outgoing.objects.get()
    assert (letter.attempts, letter.try_after, letter.last_error) == (1, AT + MINUTE, "SMTPRecipientsRefused")
    assert send_waiting(at=AT + MINUTE / 2) == 0
    at = AT
    for _ in range(MAX_ATTEMPTS):
        at += dt.timedelta(hours=3)
        send_waiting(at=at)
    assert [one.attempts for one in given_up()] == [MAX_ATTEMPTS]
    assert waiting_count() == 0


def test_one_bad_letter_does_not_hold_up_the_others(offices: Offices) -> None:
    letters, _ = offices

    class Picky:
        def send(self, *, to: str, subject: str, text: str, reference: str) -> None:
            if to.startswith("bad"):
                raise mail.MailNotSent("550")
            letters.send(to=to, subject=subject, text=text, reference=reference)

    mail.use(Picky(), public_address="")
    tell_lan(email="bad@thu.example")
    tell_lan(email="lan@thu.example")
    assert send_waiting(at=AT) == 1
    assert len(letters.kept) == 1


def test_what_was_sent_is_forgotten_after_ninety_days(offices: Offices) -> None:
    tell_lan(email="lan@thu.example")
    send_waiting(at=AT)
    assert forget_sent(at=AT + dt.timedelta(days=89)) == 0
    assert forget_sent(at=AT + dt.timedelta(days=91)) == 1
    assert unread_count(LAN) == 1, "the notice stays"


def test_the_worker_is_asked_to_send_and_to_forget(offices: Offices) -> None:
    tell_lan(email="lan@thu.example")
    Outgoing.objects.update(try_after=dt.datetime(2000, 1, 1, tzinfo=VN))
    periodic_tasks()["messages.send_waiting"].do()
    periodic_tasks()["messages.forget_sent"].do()
    assert len(offices[0].kept) == 1


class Server:
    """A mail server that writes down what it is told."""

    said: list[Any]

    def __init__(self, host: str, port: int, **more: Any) -> None:
        """Note who was called."""
        Server.said = [(host, port)]

    def __enter__(self) -> "Server":
        """Begin."""
        return self

    def __exit__(self, *why: object) -> None:
        """End."""

    def starttls(self, **more: Any) -> None:
        """Note that the line is safe."""
        self.said.append("tls")

    def login(self, user: str, password: str) -> None:
        """Note who came."""
        self.said.append((user, password))

    def send_message(self, letter: Any) -> None:
        """Note the letter, or refuse it as a server does, naming the address."""
        if "refused" in letter["To"]:
            raise smtplib.SMTPRecipientsRefused({letter["To"]: (550, b"no such user")})
        self.said.append(letter)


@pytest.mark.parametrize(
    ("address", "door", "port", "before"),
    [
        ("smtps://so:m%40t@may.example", "SMTP_SSL", 465, [("so", "m@t")]),
        ("smtp://so:mk@may.example:2587", "SMTP", 2587, ["tls", ("so", "mk")]),
        ("smtp://may.example", "SMTP", 587, ["tls"]),
    ],
)
def test_letters_leave_over_a_safe_line(
    monkeypatch: pytest.MonkeyPatch, address: str, door: str, port: int, before: list[Any]
) -> None:
    monkeypatch.setattr(smtplib, door, Server)
    office = mail.SmtpMail.at(address, "Tỉnh Số <so@thu.example>")
    office.send(to="lan@thu.example", subject="Tin\nBcc: x", text="Xin chào", reference="tinhso-7")
    assert Server.said[:-1] == [("may.example", port), *before]
    letter = Server.said[-1]
    assert letter["Subject"] == "Tin Bcc: x"
    assert letter["Message-ID"] == "<tinhso-7@thu.example>"
    assert letter["Bcc"] is None


def test_why_a_letter_failed_is_told_without_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtplib, "SMTP_SSL", Server)
    office = mail.SmtpMail.at("smtps://may.example", "so@thu.example")
    with pytest.raises(mail.MailNotSent) as failed:
        office.send(to="refused@thu.example", subject="a", text="b", reference="c")
    assert str(failed.value) == "SMTPRecipientsRefused"


@pytest.mark.parametrize(
    ("address", "sender"), [("http://a", "a@b.vn"), ("smtps://", "a@b.vn"), ("smtps://a", "")]
)
def test_a_mail_server_written_wrongly_is_noticed_at_the_start(address: str, sender: str) -> None:
    with pytest.raises(ValueError, match="TINHSO_SMTP"):
        mail.SmtpMail.at(address, sender)
