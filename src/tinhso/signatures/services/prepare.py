"""Turn the marked places of a drawn paper into form fields, before anybody signs."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from tinhso.signatures.rules import Box, Field, seal_box

_SCHEME = "tinhso:"
_PRINT = 4
_LOCKED = 128
_LEFT, _CENTRED = 0, 1
#: No change of any kind but long-term data after the seal (ISO 32000-2, 12.8.2.2.2).
_NO_CHANGES = 1


class PlaceMissing(Exception):
    """The drawn paper does not mark a place that it needs (for its authors, not for people)."""


def find_places(pdf: pikepdf.Pdf) -> dict[Field, tuple[Box, Any]]:
    """Return the places that ``pdf`` marks by links to ``tinhso:<field>``, each with its annotation."""
    places: dict[Field, tuple[Box, Any]] = {}
    for number, page in enumerate(pdf.pages):
        for annotation in page.obj.get(Name.Annots, Array()):
            action = annotation.get(Name.A, Dictionary())
            target = str(action.get(Name.URI, ""))
            if target.startswith(_SCHEME):
                x0, y0, x1, y1 = (float(n) for n in annotation.Rect)
                box = Box(number, min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
                places[Field(target.removeprefix(_SCHEME))] = (box, annotation)
    return places


def prepare(content: bytes) -> bytes:
    """Return ``content`` with the form fields ``signature``, ``number``, ``date`` and ``seal``.

    The template marks each place with an empty block link of the wanted size, ``<a href="tinhso:signature">``;
    ``number`` and ``date`` are left out where the paper has none, and ``seal`` where it stands over the
    signature's left third. Number and date are fields because the clerk gives them after the leader signed:
    filling a field is the one change that the leader's signature permits. Raises ``PlaceMissing``.
    """
    with pikepdf.open(io.BytesIO(content)) as pdf:
        places = find_places(pdf)
        if Field.SIGNATURE not in places:
            msg = f"no link to {_SCHEME}{Field.SIGNATURE} in the paper"
            raise PlaceMissing(msg)
        _leave_structure(pdf, {link.objgen for _box, link in places.values()})
        fields = [_become_field(pdf, field, box, link) for field, (box, link) in places.items()]
        if Field.SEAL not in places:
            box = seal_box(places[Field.SIGNATURE][0])
            fields.append(_add_field(pdf, Field.SEAL, box))
        pdf.Root.AcroForm = pdf.make_indirect(
            Dictionary(Fields=Array(fields), SigFlags=3, DR=Dictionary(), DA=String("0 g"))
        )
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


def _become_field(pdf: pikepdf.Pdf, field: Field, box: Box, annotation: Any) -> Any:
    for key in list(annotation.keys()):
        del annotation[key]
    return _fill_in(pdf, annotation, field, box)


def _leave_structure(pdf: pikepdf.Pdf, annotations: set[tuple[int, int]]) -> None:
    """Take the links out of the tree of tags: what a signature leaves open may be used from nowhere else."""
    todo = [pdf.Root.get(Name.StructTreeRoot)]
    seen: set[tuple[int, int]] = set()
    while todo:
        element = todo.pop()
        if not isinstance(element, Dictionary) or Name.K not in element:
            continue
        if element.is_indirect and element.objgen in seen:
            continue
        seen.add(element.objgen)
        kids = list(element.K) if isinstance(element.K, Array) else [element.K]
        kept = [kid for kid in kids if not _is_one_of(kid, annotations)]
        if len(kept) < len(kids):
            element.K = Array(kept)
        todo += kept


def _is_one_of(kid: Any, annotations: set[tuple[int, int]]) -> bool:
    return isinstance(kid, Dictionary) and Name.Obj in kid and kid.Obj.objgen in annotations


def _add_field(pdf: pikepdf.Pdf, field: Field, box: Box) -> Any:
    annotation = pdf.make_indirect(Dictionary())
    page = pdf.pages[box.page].obj
    page.Annots = Array([*page.get(Name.Annots, Array()), annotation])
    return _fill_in(pdf, annotation, field, box)


def _fill_in(pdf: pikepdf.Pdf, annotation: Any, field: Field, box: Box) -> Any:
    empty = pdf.make_stream(
        b"",
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array([0, 0, round(box.width, 2), round(box.height, 2)]),
    )
    annotation.Type = Name.Annot
    annotation.Subtype = Name.Widget
    annotation.T = String(field.value)
    annotation.Rect = Array([round(n, 2) for n in (box.left, box.bottom, box.right, box.top)])
    annotation.P = pdf.pages[box.page].obj
    annotation.AP = Dictionary(N=empty)
    if field in {Field.SIGNATURE, Field.SEAL}:
        annotation.FT = Name.Sig
        annotation.F = _PRINT | _LOCKED
    else:
        annotation.FT = Name.Tx
        annotation.F = _PRINT
        annotation.DA = String("0 g")
        annotation.Q = _CENTRED if field is Field.DATE else _LEFT
    if field is Field.SEAL:
        annotation.Lock = Dictionary(Type=Name.SigFieldLock, Action=Name.All, P=_NO_CHANGES)
    return annotation
