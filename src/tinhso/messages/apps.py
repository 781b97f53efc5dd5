"""Wire the messages: the post offices and the sender."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """Notices, mail and SMS. The label differs from the module's name because Django's own app took it."""

    name = "tinhso.messages"
    label = "tinhso_messages"
    verbose_name = "Thông báo"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Choose the mail server of the settings, or none, and register the sender."""
        from django.conf import settings

        from tinhso.messages.adapters import mail, sms

        address = getattr(settings, "TINHSO_SMTP", "")
        sender = getattr(settings, "TINHSO_MAIL_FROM", "")
        mail.use(
            mail.SmtpMail.at(address, sender) if address else mail.NullMail(),
            public_address=settings.TINHSO_PUBLIC_ADDRESS,
        )
        sms.use(sms.NullSms())
        import tinhso.messages.tasks  # noqa: F401 - registers what is due every so often
