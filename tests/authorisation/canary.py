"""Plant a word of its own in every text of every row, and find such words in whatever comes back.

A word is ``zq`` and six consonants: it stands nowhere else, survives upper case, accents taken off and a PDF's font, and
its number tells which field of which row it was planted in.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pikepdf
import pypdfium2
from django.apps import apps
from django.db import models
from django.urls import resolve

from tests.authorisation import declared, published, scores, steering
from tests.authorisation.readers import (
    ALL,
    CODE,
    DOERS,
    HOUSE,
    INSIDE,
    NOT_PLANTED,
    OFFICE,
    PARTIES,
    PUBLIC,
    READERS,
    SCORERS,
    SELF,
    STEERERS,
    WORKERS,
)
from tests.authorisation.world import (
    ASKED,
    AT_THE_DESK,
    HERE,
    NINE,
    NOON,
    OFFICERS,
    STATISTICIANS,
    STEERED,
    STEERERS_OF_ALL,
    WITH_OPINION,
    World,
    sign_in,
)
from tests.authorisation.world import PARTIES as PARTY_ROLES
from tinhso.directory.api import Post
from tinhso.documents.api import PDF, StoredFile, read, store
from tinhso.dossiers import api
from tinhso.dossiers.events import DossierAccepted
from tinhso.dossiers.models import Correction, Dossier, Draft, DraftFile, DueMoved, Paper, Result, Slip
from tinhso.journal.api import announce
from tinhso.journal.models import Delivery
from tinhso.journal.services.deliver import deliver_all
from tinhso.measures.models import DtiCriterion, DtiPeriod
from tinhso.messages.models import Outgoing
from tinhso.toolkit.text import fold

_LETTERS = "bcdghkmnprstvwx"
_WORD = re.compile(r"zq[bcdghkmnprstvwx]{6}", re.IGNORECASE)
#: The rows of these are changed by nobody: the words go in when they are written.
_WRITTEN_ONCE = (
    *("journal.Entry", "dossiers.DueMoved", "dossiers.Correction"),
    *(*scores.WRITTEN_ONCE, *declared.WRITTEN_ONCE, *published.WRITTEN_ONCE),
    *steering.written_once(),
)
#: Answers that are chosen from a list or reckoned with; a free word in them would be no answer.
_CHOSEN = {"format", "enum", "pattern"}


@dataclass(frozen=True)
class Planted:
    """Where a word stands: the field, and the dossier or the person that it tells of."""

    field: str
    dossier_id: int | None = None
    person_id: int | None = None


class Garden:
    """All the words."""

    def __init__(self) -> None:
        """Begin with none."""
        self.words: dict[str, Planted] = {}

    def new(self, planted: Planted) -> str:
        """Return a word that stands for nothing else."""
        n, letters = len(self.words), ""
        for _ in range(6):
            n, digit = divmod(n, len(_LETTERS))
            letters = _LETTERS[digit] + letters
        self.words[f"zq{letters}"] = planted
        return f"zq{letters}"

    def of(self, field: str, **about: int) -> str:
        """Return the word of a field, of the row that tells of a dossier or person."""
        return next(
            word
            for word, planted in self.words.items()
            if planted.field == field and all(getattr(planted, k) == v for k, v in about.items())
        )


def label_of(model: type[models.Model] | models.Model) -> str:
    """Return ``module.Model``."""
    return f"{model.__module__.split('.')[1]}.{model._meta.object_name}"


def text_fields() -> Iterator[tuple[type[models.Model], models.Field[Any, Any], str]]:
    """Yield every field of the project that holds text, with its name: model, field, ``module.Model.field``."""
    for model in apps.get_models():
        if not model.__module__.startswith("tinhso."):
            continue
        for field in model._meta.get_fields():
            if isinstance(field, models.CharField | models.TextField | models.JSONField) or (
                isinstance(field, models.GeneratedField) and isinstance(field.output_field, models.TextField)
            ):
                name = f"{label_of(model)}.{field.name}"
                if not name.startswith(PUBLIC) or name in READERS:
                    yield model, field, name


def plant_everything(world: World) -> Garden:
    """Put a word of its own into every text of every row; draw the papers anew from what is written now."""
    garden = Garden()
    _make_what_is_missing(world, garden)
    for model, field, name in text_fields():
        if name not in NOT_PLANTED and label_of(model) not in _WRITTEN_ONCE:
            _plant(world, garden, model, field, name)
    sign_in(world)  # a changed password has ended every session
    _draw_papers(world, garden)
    return garden


def _make_what_is_missing(world: World, garden: Garden) -> None:
    """Tell people what happened, let a letter wait, write a word into the journal."""
    deliver_all()
    _score_again(world, garden)
    declared.write(world, lambda field: garden.new(Planted(field)))
    steering.plant(world, lambda field: garden.new(Planted(field)))
    _change_the_record(world.dossiers["issued"], garden)
    Outgoing.objects.create(
        channel="email", address="a@example.org", text="x", created_at=NINE, try_after=NINE
    )
    Delivery.objects.filter(done_at=None).update(next_try_at=None, last_error="x")
    word = garden.new(Planted("journal.Entry.body"))
    dossier = world.dossiers["issued"]
    announce(
        DossierAccepted(dossier.pk, word, dossier.receiving_office_id),
        about=f"dossier:{word}",
        by=world.actors["clerk"],
        at=NINE,
    )


def _score_again(world: World, garden: Garden) -> None:
    for period in DtiPeriod.objects.all():
        for criterion in DtiCriterion.objects.all():
            scores.write(world, period, criterion, lambda field: garden.new(Planted(field)))


def _change_the_record(dossier: Dossier, garden: Garden) -> None:
    def words(model: str, *fields: str) -> dict[str, str]:
        return {name: garden.new(Planted(f"dossiers.{model}.{name}", dossier.pk)) for name in fields}

    times: dict[str, Any] = {"dossier": dossier, "before": NINE, "after": NOON, "account_id": 1, "at": NINE}
    DueMoved.objects.create(cause="extension", **times, **words("DueMoved", "reason", "by_name"))
    said = words("Correction", "reason", "document_number", "by_name", "by_title")
    Correction.objects.create(field="ended_at", **times, **said)


def _plant(
    world: World, garden: Garden, model: type[models.Model], field: models.Field[Any, Any], name: str
) -> None:
    for row in model._default_manager.all():
        before = getattr(row, field.name)
        if before in (None, "") and name in {"dossiers.Dossier.number", "dossiers.Opinion.answer"}:
            continue  # there is none yet
        if before == "" and label_of(model) == "signatures.Certificate":
            continue  # a seal has no post
        about = _about(row)
        value: Any
        if isinstance(field, models.JSONField):
            schema = _schema(row, field.name)
            value = _json(before, schema, lambda about=about: garden.new(Planted(name, *about)))
        else:
            value = garden.new(Planted(name, *about))
            if name == "dossiers.Dossier.owner_folded":
                value = f"{fold(Dossier.objects.get(pk=row.pk).owner_name)} {value}"
            elif name == "messages.Notice.link":
                value = f"/{value}"
        model._default_manager.filter(pk=row.pk).update(**{field.name: value})


def _about(row: Any) -> tuple[int | None, int | None]:
    label = label_of(row)
    match label:
        case "dossiers.Dossier":
            return row.pk, None
        case "dossiers.Draft":
            return None, row.person_id
        case "dossiers.DraftFile":
            return None, row.draft.person_id
        case "dossiers.DefectFound":
            return row.slip.dossier_id, None
        case "directory.Person":
            return None, row.pk
        case "messages.Notice":
            return None, row.recipient_id
        case "signatures.Certificate":
            return None, row.holder_id
        case "directory.Delegation":
            return None, row.to_person_id
    return getattr(row, "dossier_id", None), getattr(row, "person_id", None)


def _schema(row: Any, field: str) -> dict[str, Any]:
    version = getattr(row, "version", None) or (row.dossier.version if hasattr(row, "dossier_id") else None)
    if version is None or field == "content":
        return {}
    one = version.result if field == "fields" else version.form
    found: dict[str, Any] = one.schema["properties"]
    return found


def _json(value: Any, schema: dict[str, Any], word: Any) -> Any:
    """Return the value with a word in every text that a person may have written."""
    if not value:
        return {"note": word()}
    return {key: _leaf(key, one, schema.get(key, {}), word) for key, one in value.items()}


def _leaf(key: str, value: Any, asked: dict[str, Any], word: Any) -> Any:
    if isinstance(value, dict):
        inside = {"kind", "commune", "issued_on", "expires_on"}
        return {k: (word() if isinstance(v, str) and k not in inside else v) for k, v in value.items()}
    is_free = isinstance(value, str) and not (_CHOSEN & set(asked)) and "options" not in asked.get("x-ui", {})
    return word() if is_free and not re.fullmatch(r"[\d/-]+", value) else value


def small_pdf(word: str) -> bytes:
    """Return a PDF of one page on which the word stands."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(300, 200))
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=pdf.make_indirect(font)))
    page.Contents = pdf.make_stream(f"BT /F1 18 Tf 30 100 Td ({word}) Tj ET".encode())
    out = io.BytesIO()
    pdf.save(out, compress_streams=True, recompress_flate=True)
    return out.getvalue()


def _draw_papers(world: World, garden: Garden) -> None:
    for paper in Paper.objects.all():
        Paper.objects.filter(pk=paper.pk).update(file=_kept(garden, "dossiers.Paper.file", paper))
    for file in DraftFile.objects.all():
        DraftFile.objects.filter(pk=file.pk).update(file=_kept(garden, "dossiers.DraftFile.file", file))
    for result in Result.objects.all():
        files = [name for name in ("draft", "signed", "file") if getattr(result, f"{name}_id")]
        kept = {name: _kept(garden, f"dossiers.Result.{name}", result) for name in files}
        Result.objects.filter(pk=result.pk).update(**kept)
    for form, slip in world.slips.items():
        Slip.objects.filter(pk=slip.pk).update(file=None)
        world.slips[form] = api.draw_slip(
            Slip.objects.get(pk=slip.pk), at=NINE, address="http://testserver/", phone="0228", is_demo=False
        )
    for state, dossier in world.dossiers.items():
        world.dossiers[state] = Dossier.objects.get(pk=dossier.pk)
    for name, draft in world.drafts.items():
        world.drafts[name] = Draft.objects.get(pk=draft.pk)


def _kept(garden: Garden, field: str, row: Any) -> StoredFile:
    content = small_pdf(garden.new(Planted(field, *_about(row))))
    return store(content, media_type=PDF, at=NINE, pages=1)


# --- who may read it ---


def may_read(world: World, role: str, planted: Planted, url_name: str) -> bool:
    """Say whether the table lets the role read the field of this row in the answer of this address."""
    kinds = READERS[planted.field]
    actor = world.actors.get(role)
    about = next((s for s, d in world.dossiers.items() if d.pk == planted.dossier_id), "")
    works = role in (*HERE, "inspector") or (role in ASKED and about in (*WITH_OPINION, *_ASKED_TOO))
    is_party = planted.person_id in {world.actors[one].person_id for one in PARTY_ROLES}
    if planted.dossier_id is None:  # of a person
        works = is_party and role in (*HERE, *ASKED, "inspector")
    return (
        ALL in kinds
        or (CODE in kinds and url_name in {"dossiers:tracked", "portal:track"})
        or (PARTIES in kinds and (planted.dossier_id is not None or is_party) and role in PARTY_ROLES)
        or (WORKERS in kinds and works)
        or (
            SELF in kinds
            and actor is not None
            and role != "disabled"
            and planted.person_id == actor.person_id
        )
        or (SCORERS in kinds and role in STATISTICIANS)
        or (STEERERS in kinds and role in STEERERS_OF_ALL)
        or (HOUSE in kinds and role == "administrator")
        or (DOERS in kinds and role in STEERED)
        or (INSIDE in kinds and role in AT_THE_DESK)
        or (OFFICE in kinds and role in OFFICERS and _is_officer(planted.person_id))
    )


#: The office was asked on these too, before they ended.
_ASKED_TOO = ("supplied", "withdrawn", "handed_over")


def _is_officer(person_id: int | None) -> bool:
    return Post.objects.filter(person_id=person_id or 0).exists()


# --- finding them ---


def words_in(response: Any, url: str) -> set[str]:
    """Return every planted word in an answer: text, headers, PDF, and the paper behind a picture."""
    found = words_of(" ".join(f"{key}: {value}" for key, value in response.items()))
    content = response.getvalue()
    kind = response.get("Content-Type", "")
    if "pdf" in kind:
        return found | words_of_pdf(content)
    if kind.startswith("image/"):
        return found | words_of_pdf(read(behind(url)))
    return found | words_of(content.decode("utf-8", "replace"))


def words_of(text: str) -> set[str]:
    """Return the planted words in a text."""
    return {word.lower() for word in _WORD.findall(html.unescape(text))}


@lru_cache(maxsize=512)
def words_of_pdf(content: bytes) -> frozenset[str]:
    """Return the words on the pages of a PDF, and those hidden in its strings, streams and metadata."""
    document = pypdfium2.PdfDocument(content)
    seen = "".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    hidden: list[str] = []
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for one in [*pdf.objects, pdf.trailer]:
            if isinstance(one, pikepdf.Stream):
                try:
                    hidden.append(one.read_bytes().decode("latin-1"))
                except pikepdf.PdfError:  # a picture's own packing
                    hidden.append(one.read_raw_bytes().decode("latin-1"))
            hidden.extend(_strings(one))
    joined = re.sub(r"\s+|\u00ad|-\n", "", seen)
    return frozenset(words_of(seen) | words_of(joined) | words_of("\n".join(hidden)))


def _strings(thing: Any, depth: int = 0) -> Iterator[str]:
    if isinstance(thing, pikepdf.String):
        yield str(thing)
    elif isinstance(thing, pikepdf.Array) and depth < 6:
        for one in thing:
            yield from _strings(one, depth + 1)
    elif isinstance(thing, pikepdf.Dictionary) and depth < 6 and "/Parent" not in thing:
        for one in thing.values():
            yield from _strings(one, depth + 1)


def behind(url: str) -> StoredFile:
    """Return the file of which an address gives a picture."""
    match = resolve(url.partition("?")[0])
    said = match.kwargs
    if match.view_name == "dossiers:paper_page":
        return Paper.objects.get(token=said["token"]).file
    if match.view_name == "dossiers:draft_file":
        return DraftFile.objects.get(token=said["token"]).file
    if match.view_name == "dossiers:own_picture":
        paper = Paper.objects.filter(token=said["token"]).first()
        return paper.file if paper else _sealed(Result.objects.get(token=said["token"]))
    assert match.view_name == "dossiers:result_page", (
        f"a picture that the scan cannot read: {match.view_name}"
    )
    result = Result.objects.get(dossier__tracking_code=said["code"])
    return result.file or result.signed or result.draft


def _sealed(result: Result) -> StoredFile:
    assert result.file is not None
    return result.file
