"""Look through a PDF for what a paper does not need: scripts, commands, hidden files, films, bombs.

Every object is looked at, also those that no page refers to (ISO 32000-1, clauses 7.11.4, 12.6, 12.7.8, 13).
"""

import zlib
from typing import Any, Final

import pikepdf

from tinhso.documents.rules import Refusal

_MAX_OBJECTS: Final = 300_000
_MAX_STREAM: Final = 100 * 1024 * 1024
_MAX_STREAMS: Final = 300 * 1024 * 1024
_MAX_IMAGE_PIXELS: Final = 150_000_000
_ACTIONS: Final = {
    "/JavaScript": Refusal.SCRIPT,
    "/Launch": Refusal.LAUNCH,
    "/ImportData": Refusal.LAUNCH,
    "/SubmitForm": Refusal.LAUNCH,
    "/GoToE": Refusal.EMBEDDED_FILE,
    "/Rendition": Refusal.MEDIA_IN_PDF,
    "/RichMediaExecute": Refusal.MEDIA_IN_PDF,
    "/Movie": Refusal.MEDIA_IN_PDF,
    "/Sound": Refusal.MEDIA_IN_PDF,
}
_SUBTYPES: Final = {
    "/RichMedia": Refusal.MEDIA_IN_PDF,
    "/3D": Refusal.MEDIA_IN_PDF,
    "/Movie": Refusal.MEDIA_IN_PDF,
    "/Sound": Refusal.MEDIA_IN_PDF,
    "/Screen": Refusal.MEDIA_IN_PDF,
    "/FileAttachment": Refusal.EMBEDDED_FILE,
}


class FoundInPdf(Exception):
    """Something was found for which the PDF is refused."""

    def __init__(self, why: Refusal) -> None:
        """Keep the reason."""
        super().__init__(why)
        self.why = why


def look_through(pdf: pikepdf.Pdf) -> bool:
    """Return whether the PDF carries a signature. Raises ``FoundInPdf``."""
    is_signed = False
    unpacked = 0
    if len(pdf.objects) > _MAX_OBJECTS:
        raise FoundInPdf(Refusal.TOO_COMPLEX)
    for one in pdf.objects:
        if isinstance(one, pikepdf.Stream):
            unpacked += _unpacked(one)
            if unpacked > _MAX_STREAMS:
                raise FoundInPdf(Refusal.TOO_COMPLEX)
        waiting: list[Any] = [one]
        while waiting:
            thing = waiting.pop()
            if isinstance(thing, pikepdf.Array):
                waiting += [inner for inner in thing if _is_direct(inner)]
            elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
                _refuse(thing)
                is_signed = is_signed or ("/ByteRange" in thing and "/Contents" in thing)
                waiting += [inner for _, inner in thing.items() if _is_direct(inner)]
    return is_signed


def _is_direct(thing: Any) -> bool:
    return isinstance(thing, pikepdf.Array | pikepdf.Dictionary) and not thing.is_indirect


def _refuse(thing: Any) -> None:
    action = _name(thing, "/S")
    if action in _ACTIONS and "/K" not in thing and "/P" not in thing:
        raise FoundInPdf(_ACTIONS[action])
    kind = _name(thing, "/Subtype")
    if kind in _SUBTYPES:
        raise FoundInPdf(_SUBTYPES[kind])
    if isinstance(thing.get("/JS"), pikepdf.String | pikepdf.Stream) or "/JavaScript" in thing:
        raise FoundInPdf(Refusal.SCRIPT)
    if (
        _name(thing, "/Type") == "/EmbeddedFile"
        or "/EmbeddedFiles" in thing
        or _carries_file(thing.get("/EF"))
    ):
        raise FoundInPdf(Refusal.EMBEDDED_FILE)
    if isinstance(thing.get("/XFA"), pikepdf.Array | pikepdf.Stream):
        raise FoundInPdf(Refusal.DYNAMIC_FORM)
    by_itself = thing.get("/AA")
    if isinstance(by_itself, pikepdf.Dictionary) and any(_is_action(inner) for _, inner in by_itself.items()):
        raise FoundInPdf(Refusal.SCRIPT)


def _name(thing: Any, key: str) -> str:
    value = thing.get(key)
    return str(value) if isinstance(value, pikepdf.Name) else ""


def _carries_file(thing: Any) -> bool:
    return isinstance(thing, pikepdf.Dictionary) and any(
        isinstance(thing.get(key), pikepdf.Stream) for key in ("/F", "/UF", "/DOS", "/Mac", "/Unix")
    )


def _is_action(thing: Any) -> bool:
    return isinstance(thing, pikepdf.Dictionary) and "/S" in thing


def _unpacked(stream: pikepdf.Stream) -> int:
    """Return how many bytes the stream unfolds to; pictures count by their pixels alone."""
    if _name(stream, "/Subtype") == "/Image":
        wide, high = stream.get("/Width", 0), stream.get("/Height", 0)
        if not (isinstance(wide, int) and isinstance(high, int)):
            raise FoundInPdf(Refusal.BROKEN_PDF)
        if wide * high > _MAX_IMAGE_PIXELS:
            raise FoundInPdf(Refusal.TOO_COMPLEX)
        return 0
    filters = stream.get("/Filter")
    names = [str(one) for one in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]
    content = stream.read_raw_bytes()
    total = 0
    for place, name in enumerate(names):
        if name not in {"/FlateDecode", "/Fl"}:
            break
        is_last = place == len(names) - 1
        size, content = _inflated(content, keep=not is_last)
        total += size
    return total


def _inflated(content: bytes, *, keep: bool) -> tuple[int, bytes]:
    """Return the unfolded length and, if asked, the bytes; damage ends it early, as in a reader."""
    machine = zlib.decompressobj()
    kept = bytearray()
    size = 0
    while content and not machine.eof:
        try:
            part = machine.decompress(content, 1024 * 1024)
        except zlib.error:
            break
        content = machine.unconsumed_tail
        size += len(part)
        if keep:
            kept += part
        if size > _MAX_STREAM:
            raise FoundInPdf(Refusal.TOO_COMPLEX)
        if not part and not content:
            break
    return size, bytes(kept)
