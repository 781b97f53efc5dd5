"""Wire the documents: where their files lie."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Files of people and offices, each kept once under the hash of its content."""

    name = "tinhso.documents"
    label = "documents"
    verbose_name = "Kho tệp"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hand the folder of the files, and the one of drawn pages beside it, to the disk's adapter."""
        from pathlib import Path

        from django.conf import settings

        from tinhso.documents.adapters import disk

        root = Path(settings.MEDIA_ROOT)
        disk.use(root, drawn=root.parent / "pages")
