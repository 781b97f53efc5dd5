"""Tell Vietnamese from everything else: no page may carry English, a code word or a trace of the machinery.

The rule is the spelling of the language itself, so no list of foreign words is needed: a word that is not a
Vietnamese syllable (onset, rime with its vowel marks, a tone that the final allows) is foreign. What the rule cannot
tell ("the", "can") is named in ``ENGLISH_IN_DISGUISE``; what is foreign and stays is in ``ALLOWED``, with the reason.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from lxml import html

_ONSETS = "ngh ng nh kh ph th tr ch gh gi qu b c d đ g h k l m n p r s t v x"
_RIMES = """
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong oong op ot
ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
u ua uân uâng uât uây uc uê uêch uênh ui um un ung uôc uôi uôm uôn uông uôt uơ up ut uy uya uych uyên uyêt uynh
uyt uyu ư ưa ưc ưi ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu
y yêm yên yêt yêu yêng
"""
#: English that is spelt like a Vietnamese syllable without marks; official Vietnamese does not use these so.
_ENGLISH_IN_DISGUISE = "the them then on be he by my day pay say buy sum him hi us"

LIST = Path(__file__).parents[1] / "src/tinhso/catalogue/data/catalogue-2022.csv"
ONSETS = tuple(_ONSETS.split())
RIMES = frozenset(_RIMES.split())
ENGLISH_IN_DISGUISE = frozenset(_ENGLISH_IN_DISGUISE.split())
#: "gi" swallows the i of these rimes ("giêng" is gi + iêng); "qu" swallows the u.
AFTER_GI = frozenset(("", "n", "êng", "êm", "êt", "êu", "m", "p", "t"))
TONES = "\u0300\u0301\u0303\u0309\u0323"
#: A syllable that ends in a stop carries the rising or the heavy tone: "tốt", "một", never "chat".
TONES_BEFORE_A_STOP = "\u0301\u0323"
STOPS = ("c", "ch", "p", "t")
#: What is foreign and stays, and why.
ALLOWED = {
    "pdf": "the name of the file format; the law writes it so",
    "qr": "the name of the code on slips",
    **dict.fromkeys(("word", "ics"), "names of file formats of plans and calendars"),
    "mbps": "a unit of speed, as plans write it",
    **dict.fromkeys(
        (
            "vp",
            "kh",
            "nn",
            "ptnt",
            "gtvt",
            "tn",
            "mt",
            "tt",
            "vhttdl",
            "cn",
            "gd",
            "bql",
            "kcn",
            "ttpvhcc",
            "bhxh",
        ),
        "how offices are abbreviated on a tile of the board",
    ),
    **dict.fromkeys(
        ("bllđ", "vpcp", "kgvx"), "documents from which the days off come, as they abbreviate themselves"
    ),
    "csv": "the name of the file format of the day rows",
    "parquet": "the name of the file format of the tables of figures",
    **dict.fromkeys(("json", "dcat"), "names of a file format and of the standard of the open data"),
    **dict.fromkeys(("excel", "libreoffice"), "programs with which people open the open data"),
    "wcag": "the name of the standard that the accessibility statement commits to",
    "aa": "a level of that standard",
    "ubnd": "Ủy ban nhân dân, the administration's own abbreviation",
    "ttpvhcc": "Trung tâm Phục vụ hành chính công, the administration's own abbreviation",
    "cn": "Chủ nhật, over the thread of days",
    "mb": "the unit of a file's size",
    "kb": "the unit of a file's size",
    "đ": "đồng, the sign of money after a sum",
    "m": "the metre",
    "stt": "số thứ tự, the head of a column in statutory forms",
    "vt": "văn thư, in the line 'Lưu' that Decree 30/2020 puts under every paper",
    **dict.fromkeys(("b", "lta"), "the level of a signature, B-LTA, as its standard names it"),
    **dict.fromkeys(("email", "website"), "asked for by the statutory form of a business household"),
    "fax": "asked for by the statutory form of a business household",
    **dict.fromkeys(("cmnd", "cccd"), "asked for by the statutory form of a criminal record"),
    "nđ": "nghị định, in the name of a decree's form",
    "qđ": "quyết định, before the number of a decision",
    "tp": "thành phố, in names of provinces as they are printed",
    **dict.fromkeys(("đắk", "lắk"), "the name of a province"),
    "dti": "the Digital Transformation Index, as its decision abbreviates it",
    "web": "asked for by the same form",
    **dict.fromkeys(("sct", "bs"), "the sign of the book of certified copies"),
    "photo": "the everyday word for a copy, 'bản photo'",
    **dict.fromkeys(("bru", "brâu", "hmông", "hrê", "mnông", "xtiêng", "glai"), "part of a people's name"),
}

PASSES = re.compile(
    r"\d[\w.-]*(?:/[\w.-]+)+|\bm²"  # numbers of laws: 61/2018/NĐ-CP
    r"|\b[0-9A-Z]{4}(?:-?\W{0,3}[0-9A-Z]{4}){3}\b"  # tracking codes, broken over lines in a PDF too
    r"|\b[0-9A-Z]{4}/(?:TNHS|HDHS|TCHS)\b"  # numbers of slips, which end like the tracking code before acceptance
    r"|\b\d{3}(?:\.\d\d)+\.H\d\d-\d{6}-\d{4}\b"  # numbers of dossiers
    r"|(?<![\w])[0-9a-f]{4}(?:\s+[0-9a-f]{4})+(?![\w])"  # hashes in groups of four
    r"|[\w-]+\.(?:pdf|png|jpe?g|heic|csv)\b"  # names of files
    r"|\b(?:https://)?[\w-]+(?:\.[\w-]+)*\.vn\b"  # addresses of sites
    r"|\b[A-Z]{2,4}[- ]\d[\d-]*\b"  # numbers of certificates and drawings: NDI-00000001
    r"|\b[IVX]+\b"  # Roman numbers
    r"|\bT[2-7]\b"  # days of the week over the thread
)
CODE = re.compile(
    r"\{\{|\}\}|\{%|%\(|%[sd]\b|\[\]|<[a-z/]|&[a-z]+;"  # templates and formats that were not filled in
    r"|\b\w+_\w+\b"  # snake_case
    r"|\b[a-zđ]+[A-Z]\w*\b|\b[A-Z][a-z]+[A-Z]\w*\b"  # camelCase
    r"|\b[A-Za-z]\w*\.[A-Za-z]\w*\b"  # dotted.names
    r"|\b[a-z]+(?:-[a-z]+)+\b"  # kebab-case: keys of answers
)
WORD = re.compile(r"[^\W\d_]+")
SPOKEN = ("title", "alt", "aria-label", "aria-description", "aria-roledescription", "placeholder", "data-h")
BUTTONS = ("submit", "button", "reset", "image")
#: Nobody reads these; kbd names a key as it is printed on the keyboard, code a column as it stands in a file, and bdi
#: repeats what people typed.
SILENT = frozenset(("script", "style", "template", "noscript", "kbd", "code", "bdi"))


@cache
def is_vietnamese(word: str) -> bool:
    """Tell whether a word is spelt as one Vietnamese syllable."""
    marks = unicodedata.normalize("NFD", word.lower())
    tones = [sign for sign in marks if sign in TONES]
    plain = unicodedata.normalize("NFC", "".join(sign for sign in marks if sign not in TONES))
    if len(tones) > 1 or (not tones and plain in ENGLISH_IN_DISGUISE):
        return False
    if plain.endswith(STOPS) and (not tones or tones[0] not in TONES_BEFORE_A_STOP):
        return False
    if plain in RIMES:
        return True
    for onset in ONSETS:
        rime = plain.removeprefix(onset)
        if rime == plain:
            continue
        if rime in RIMES or (onset == "gi" and rime in AFTER_GI) or (onset == "qu" and "u" + rime in RIMES):
            return True
    return False


def foreign_words(text: str) -> list[str]:
    """Return what is not Vietnamese in a text, each once, in order of appearance."""
    return [word for word in _foreign(text) if word not in official_words()]


def _foreign(text: str) -> list[str]:
    text = PASSES.sub(" ", unicodedata.normalize("NFC", text))
    found = dict.fromkeys(match.group() for match in CODE.finditer(text))
    text = CODE.sub(" ", text)
    for word in WORD.findall(text):
        if word.lower() not in ALLOWED and not is_vietnamese(word):
            found[word] = None
    return list(found)


@cache
def official_words() -> frozenset[str]:
    """Return the foreign words of the State's own names of procedures and fields: LPG, BHXH, internet …, as written."""
    with LIST.open(encoding="utf-8", newline="") as file:
        names = [f"{row['name']} {row['field']}" for row in csv.DictReader(file)]
    return frozenset(word for name in names for word in _foreign(name))


def texts(page: str) -> Iterator[str]:
    """Yield every text of an HTML page that somebody sees or hears: text nodes, folded parts too, and attributes."""
    root = html.document_fromstring(page)
    language = root.get("lang")
    if language != "vi":
        yield f"lang_{language}"
    for element in root.iter():
        tag = element.tag
        if not isinstance(tag, str) or tag in SILENT:
            yield element.tail or ""
            continue
        yield element.text or ""
        yield element.tail or ""
        for name in SPOKEN:
            yield element.get(name) or ""
        if tag == "input" and element.get("type") in BUTTONS:
            yield element.get("value") or ""


def foreign_in_page(page: str) -> list[str]:
    """Return what is not Vietnamese on an HTML page, each once."""
    return list(dict.fromkeys(word for text in texts(page) for word in foreign_words(text)))
