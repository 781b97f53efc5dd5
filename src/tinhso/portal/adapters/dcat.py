"""The entry of our open data for a national data portal: DCAT-AP 3 as JSON-LD."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

_VOCABULARY: Final = "http://publications.europa.eu/resource/authority/"
CONTEXT: Final[dict[str, Any]] = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_IANA: Final = "http://www.iana.org/assignments/media-types/"


@dataclass(frozen=True, slots=True)
class Download:
    """A file of the data: its address, media type, its name in the EU's list of formats, and its title."""

    address: str
    media_type: str
    file_type: str
    title: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """One dataset: ``address`` names it, ``page`` shows it. ``frequency`` is from the EU's list."""

    address: str
    page: str
    title: str
    description: str
    keywords: tuple[str, ...]
    modified: dt.datetime
    frequency: str
    downloads: tuple[Download, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """What the entry says. Addresses are absolute; every ``modified`` has a time zone."""

    page: str
    home: str
    publisher: str
    phone: str
    licence: str
    issued: dt.date
    datasets: tuple[Dataset, ...]


def _vi(text: str) -> dict[str, str]:
    return {"@value": text, "@language": "vi"}


def _day(day: dt.date) -> dict[str, str]:
    return {"@value": day.isoformat(), "@type": "xsd:date"}


def _moment(at: dt.datetime) -> dict[str, str]:
    return {"@value": at.isoformat(timespec="seconds"), "@type": "xsd:dateTime"}


def _is(address: str, kind: str) -> dict[str, Any]:
    return {"@id": address, "@type": kind}


def _concept(address: str, label: str) -> dict[str, Any]:
    return {"@id": address, "@type": "skos:Concept", "skos:prefLabel": _vi(label)}


def dcat_entry(entry: Entry) -> dict[str, Any]:
    """Return a ``dcat:Catalog`` with its datasets and their distributions as a JSON-LD document."""
    publisher = {
        "@id": f"{entry.home}#co-quan",
        "@type": ["foaf:Organization", "foaf:Agent"],
        "foaf:name": _vi(entry.publisher),
    }
    language = _is(f"{_VOCABULARY}language/VIE", "dct:LinguisticSystem")
    licence = {
        "@id": f"{entry.page}#dieu-kien",
        "@type": "dct:LicenseDocument",
        "dct:title": _vi(entry.licence),
    }
    return {
        "@context": CONTEXT,
        "@id": f"{entry.page}#danh-muc",
        "@type": "dcat:Catalog",
        "dct:title": _vi(f"Dữ liệu mở, {entry.publisher}"),
        "dct:description": _vi(f"Dữ liệu mở về thủ tục hành chính của {entry.publisher}."),
        "dct:publisher": publisher,
        "dct:language": language,
        "dct:license": licence,
        "dct:issued": _day(entry.issued),
        "dct:modified": _moment(max(one.modified for one in entry.datasets)),
        "dct:spatial": {"@id": f"{_VOCABULARY}country/VNM"},
        "foaf:homepage": _is(entry.home, "foaf:Document"),
        "dcat:themeTaxonomy": {
            "@id": f"{_VOCABULARY}data-theme",
            "@type": "skos:ConceptScheme",
            "dct:title": {"@value": "Data theme", "@language": "en"},
        },
        "dcat:dataset": [_dataset(entry, one, publisher, language, licence) for one in entry.datasets],
    }


def _dataset(
    entry: Entry,
    one: Dataset,
    publisher: dict[str, Any],
    language: dict[str, Any],
    licence: dict[str, Any],
) -> dict[str, Any]:
    """Return one dataset of the catalogue."""
    return {
        "@id": one.address,
        "@type": "dcat:Dataset",
        "dct:title": _vi(one.title),
        "dct:description": _vi(one.description),
        "dct:identifier": one.address,
        "dct:publisher": {"@id": publisher["@id"]},
        "dct:language": {"@id": language["@id"]},
        "dct:issued": _day(entry.issued),
        "dct:modified": _moment(one.modified),
        "dct:accrualPeriodicity": _is(f"{_VOCABULARY}frequency/{one.frequency}", "dct:Frequency"),
        "dct:accessRights": _is(f"{_VOCABULARY}access-right/PUBLIC", "dct:RightsStatement"),
        "dct:spatial": _is(f"{_VOCABULARY}country/VNM", "dct:Location"),
        "dcat:theme": _concept(f"{_VOCABULARY}data-theme/GOVE", "Chính quyền và khu vực công"),
        "dcat:keyword": [_vi(word) for word in one.keywords],
        "dcat:landingPage": _is(one.page, "foaf:Document"),
        "dcat:contactPoint": {
            "@id": f"{entry.home}#lien-he",
            "@type": ["vcard:Kind", "vcard:Organization"],
            "vcard:fn": _vi(entry.publisher),
            "vcard:hasTelephone": {"@id": f"tel:{entry.phone.replace(' ', '')}"},
        },
        "dcat:distribution": [
            {
                "@id": f"{file.address}#ban",
                "@type": "dcat:Distribution",
                "dct:title": _vi(file.title),
                "dcat:accessURL": _is(file.address, "foaf:Document"),
                "dcat:downloadURL": {"@id": file.address},
                "dcat:mediaType": _is(f"{_IANA}{file.media_type}", "dct:MediaType"),
                "dct:format": _is(f"{_VOCABULARY}file-type/{file.file_type}", "dct:MediaTypeOrExtent"),
                "dct:license": licence,
                "dct:language": {"@id": language["@id"]},
                "dct:modified": _moment(one.modified),
            }
            for file in one.downloads
        ],
    }
