"""Wire the signatures: where the trust services are."""

from django.apps import AppConfig


class SignaturesConfig(AppConfig):
    """Official signatures, the registry of certificates, and the check of any PDF."""

    name = "tinhso.signatures"
    label = "signatures"
    verbose_name = "Chữ ký số"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the adapter where the demo authority lies and listens, and which further roots are trusted."""
        from django.conf import settings

        from tinhso.signatures.adapters import trust

        port = getattr(settings, "TINHSO_TRUST_PORT", trust.DEFAULT_PORT)
        trust.use(
            trust.DemoTrust(
                settings.TINHSO_DATA / "pki",
                url=f"http://127.0.0.1:{port}",
                further_anchors=settings.TINHSO_DATA / "trust",
            )
        )
