"""Hand letters to a mail server."""

import smtplib
import ssl
from collections import deque
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Final, Protocol
from urllib.parse import unquote, urlsplit

_TIMEOUT: Final = 10
_FAULTS: Final = (smtplib.SMTPException, OSError)


class MailNotSent(Exception):
    """The server did not take the letter; the text says why, without the address."""


class Mail(Protocol):
    """Somebody who takes letters."""

    def send(self, *, to: str, subject: str, text: str, reference: str) -> None:
        """Hand over one letter. ``reference`` is the same at every attempt. Raises ``MailNotSent``."""


class NullMail:
    """Take letters and send none; the last hundred can be looked at."""

    def __init__(self) -> None:
        """Begin empty."""
        self.kept: deque[tuple[str, str, str]] = deque(maxlen=100)

    def send(self, *, to: str, subject: str, text: str, reference: str) -> None:
        """Keep the letter."""
        self.kept.append((to, subject, text))


class SmtpMail:
    """A mail server reached over TLS: ``smtps://user:password@host:465`` or ``smtp://…:587`` (STARTTLS)."""

    def __init__(self, host: str, port: int, *, user: str, password: str, sender: str, wraps: bool) -> None:
        """Remember how to reach the server; nothing is connected yet."""
        self._host, self._port, self._user, self._password = host, port, user, password
        self._sender, self._wraps = sender, wraps

    @classmethod
    def at(cls, address: str, sender: str) -> "SmtpMail":
        """Return the server at this address. Raises ``ValueError`` when address or sender look otherwise."""
        parts = urlsplit(address)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or "@" not in parseaddr(sender)[1]:
            raise ValueError("TINHSO_SMTP: smtps://tên:mật-khẩu@máy:465. TINHSO_MAIL_FROM: một địa chỉ thư.")
        wraps = parts.scheme == "smtps"
        return cls(
            parts.hostname,
            parts.port or (465 if wraps else 587),
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            sender=sender,
            wraps=wraps,
        )

    def send(self, *, to: str, subject: str, text: str, reference: str) -> None:
        """Connect, hand over the letter, leave. Raises ``MailNotSent``."""
        letter = EmailMessage()
        letter["From"], letter["To"] = self._sender, to
        letter["Subject"] = " ".join(subject.split())
        domain = parseaddr(self._sender)[1].rpartition("@")[2]
        letter["Message-ID"] = f"<{reference}@{domain}>"
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(text)
        try:
            with self._connected() as server:
                if self._user:
                    server.login(self._user, self._password)
                server.send_message(letter)
        except smtplib.SMTPResponseException as error:
            raise MailNotSent(f"{type(error).__name__} {error.smtp_code}") from error
        except _FAULTS as error:
            raise MailNotSent(type(error).__name__) from error

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self._wraps:
            return smtplib.SMTP_SSL(self._host, self._port, timeout=_TIMEOUT, context=context)
        server = smtplib.SMTP(self._host, self._port, timeout=_TIMEOUT)
        try:
            server.starttls(context=context)
        except _FAULTS:
            server.close()
            raise
        return server


class _Office:
    mail: Mail = NullMail()
    public_address: str = ""


def use(mail: Mail, *, public_address: str) -> None:
    """Send through this server from now on; letters name pages below ``public_address``."""
    _Office.mail, _Office.public_address = mail, public_address


def office() -> Mail:
    """Return who takes letters."""
    return _Office.mail


def page(link: str) -> str:
    """Return the full address of a path on this site."""
    return _Office.public_address + link
