"""The rule that tells Vietnamese from the rest, and the sentences of Django and allauth that a person may meet."""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.forms import AuthenticationForm
from django.core import validators
from django.forms import fields, formsets, models
from django.template.loader import render_to_string
from django.utils import translation

from tests.language import ALLOWED, foreign_in_page, foreign_words, is_vietnamese
from tinhso.config import places
from tinhso.directory.models import Account

LOCALE = places.PACKAGE / "config/locale/vi/LC_MESSAGES"
VIETNAMESE = "ngoằn nghiêng giếng gì quyền khuỷu thuở ỷ yến xoong ƯỜNG quốc tốt huých của an in to"
FOREIGN = "error None page find the hot chat submit Login field due state them Đắk quoc tôt"
#: What a sentence is filled in with before a person reads it.
GAP = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")
ENTRY = re.compile(r'^msgid ((?:"[^\n]*"\n)+)msgstr ((?:"[^\n]*"\n?)+)', re.M)


def test_a_syllable_is_known_by_its_spelling() -> None:
    assert [word for word in VIETNAMESE.split() if not is_vietnamese(word)] == []


def test_english_is_not_spelt_like_vietnamese() -> None:
    assert [word for word in FOREIGN.split() if is_vietnamese(word)] == []


@pytest.mark.parametrize(
    "text",
    [
        "{{ name",
        "Còn %(n)d chỗ",
        "in_progress",
        "hasResult",
        "dossiers.mine",
        "chung-sinh",
        "<b>Đậm",
        "&amp;",
    ],
)
def test_code_is_found_wherever_it_shows(text: str) -> None:
    assert foreign_words(text)


def test_numbers_of_laws_dossiers_and_files_pass() -> None:
    said = "Theo 61/2018/NĐ-CP, 1.050 hồ sơ như 000.00.15.H40-220510-0001, mã 7K2M-9QXT-4HWB-1ZC8, ảnh so-do-1.jpg"
    assert foreign_words(said) == []


def test_folded_parts_and_spoken_attributes_are_read_too() -> None:
    page = (
        '<html lang="en"><body><details><summary>Xem</summary>hidden</details><img alt="picture">'
        '<input type="submit" value="Send"><kbd>Enter</kbd><script>var code</script></body></html>'
    )
    assert foreign_in_page(page) == ["lang_en", "hidden", "picture", "Send"]


def test_every_foreign_word_that_stays_has_a_reason() -> None:
    assert all(len(reason) > len("a unit") for reason in ALLOWED.values())
    assert not [word for word in ALLOWED if is_vietnamese(word)], "no need to allow what is Vietnamese"


def _sentences() -> Iterator[tuple[str, str]]:
    """Yield every sentence that Django's fields, validators and sign-in, and allauth's forms can say."""
    kinds = [*vars(fields).values(), *vars(models).values(), *vars(formsets).values()]
    sets: list[tuple[str, Any]] = [
        (kind.__name__, vars(kind)["default_error_messages"])
        for kind in kinds
        if isinstance(kind, type) and "default_error_messages" in vars(kind)
    ]
    sets += [
        (kind.__name__, kind.error_messages)
        for kind in (AuthenticationForm, DefaultAccountAdapter, DefaultMFAAdapter)
    ]
    for name, messages in sets:
        yield from ((f"{name} {code}", str(said)) for code, said in messages.items())
    for kind in vars(validators).values():
        if isinstance(kind, type) and isinstance(said := getattr(kind, "message", ""), object):
            yield kind.__name__, str(said)


def test_django_and_allauth_speak_vietnamese() -> None:
    with translation.override("vi"):
        said = {name: GAP.sub("2", sentence) for name, sentence in _sentences()}
    foreign = {name: words for name, sentence in said.items() if (words := foreign_words(sentence))}
    assert foreign == {}


@pytest.mark.parametrize("name", ["logged_in", "logged_out"])
def test_what_allauth_says_after_signing_in_and_out_is_vietnamese(name: str) -> None:
    with translation.override("vi"):
        assert (
            foreign_words(render_to_string(f"account/messages/{name}.txt", {"user": Account(username="lan")}))
            == []
        )


def test_the_compiled_sentences_are_the_written_ones() -> None:
    with (LOCALE / "django.mo").open("rb") as compiled:
        known = gettext.GNUTranslations(compiled)
    written = {_joined(a): _joined(b) for a, b in ENTRY.findall((LOCALE / "django.po").read_text("utf-8"))}
    assert len(written) > 50
    assert {key: known.gettext(key) for key in written if key} == {k: v for k, v in written.items() if k}


def _joined(quoted: str) -> str:
    return "".join(re.findall(r'"(.*)"', quoted)).replace("\\n", "\n")


def test_the_scripts_speak_vietnamese() -> None:
    said = {
        f"{file.name}: {text}"
        for file in Path(places.PACKAGE).glob("*/static/**/*.js")
        if "vendor" not in file.parts
        for text in re.findall(
            r'["\'`]([A-ZĐ][^"\'`\n]*[a-zà-ỹ][^"\'`\n]*)["\'`]', _without_comments(file.read_text("utf-8"))
        )
        if " " in text and foreign_words(re.sub(r"\$\{[^}]*\}", "2", text))
    }
    assert said == set()


def _without_comments(script: str) -> str:
    return re.sub(r"(?<!:)//.*|/\*.*?\*/", "", script, flags=re.S if "/*" in script else 0)
