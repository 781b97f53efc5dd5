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
class Entry:
    """What the entry says. Addresses are absolute; ``modified`` has a time zone."""

    page: str
    home: str
    publisher: str
    phone: str
    title: str
    description: str
    licence: str
    fields: tuple[str, ...]
    issued: dt.date
    modified: dt.datetime
    downloads: tuple[Download, ...]


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
    """Return a ``dcat:Catalog`` with one dataset and its distributions as a JSON-LD document."""
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
    theme = _concept(f"{_VOCABULARY}data-theme/GOVE", "Chính quyền và khu vực công")
    moment = _moment(entry.modified)
    dataset = {
        "@id": f"{entry.page}#thu-tuc",
        "@type": "dcat:Dataset",
        "dct:title": _vi(entry.title),
        "dct:description": _vi(entry.description),
        "dct:identifier": f"{entry.page}#thu-tuc",
        "dct:publisher": {"@id": publisher["@id"]},
        "dct:language": {"@id": language["@id"]},
        "dct:issued": _day(entry.issued),
        "dct:modified": moment,
        "dct:accrualPeriodicity": _is(f"{_VOCABULARY}frequency/DAILY", "dct:Frequency"),
        "dct:accessRights": _is(f"{_VOCABULARY}access-right/PUBLIC", "dct:RightsStatement"),
        "dct:spatial": _is(f"{_VOCABULARY}country/VNM", "dct:Location"),
        "dcat:theme": theme,
        "dcat:keyword": [_vi(word) for word in ("thủ tục hành chính", "dịch vụ công", *entry.fields)],
        "dcat:landingPage": _is(entry.page, "foaf:Document"),
        "dcat:contactPoint": {
            "@id": f"{entry.home}#lien-he",
            "@type": ["vcard:Kind", "vcard:Organization"],
            "vcard:fn": _vi(entry.publisher),
            "vcard:hasTelephone": {"@id": f"tel:{entry.phone.replace(' ', '')}"},
        },
        "dcat:distribution": [
            {
                "@id": f"{one.address}#ban",
                "@type": "dcat:Distribution",
                "dct:title": _vi(one.title),
                "dcat:accessURL": _is(one.address, "foaf:Document"),
                "dcat:downloadURL": {"@id": one.address},
                "dcat:mediaType": _is(f"{_IANA}{one.media_type}", "dct:MediaType"),
                "dct:format": _is(f"{_VOCABULARY}file-type/{one.file_type}", "dct:MediaTypeOrExtent"),
                "dct:license": licence,
                "dct:language": {"@id": language["@id"]},
                "dct:modified": moment,
            }
            for one in entry.downloads
        ],
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
        "dct:modified": moment,
        "dct:spatial": {"@id": f"{_VOCABULARY}country/VNM"},
        "foaf:homepage": _is(entry.home, "foaf:Document"),
        "dcat:themeTaxonomy": {
            "@id": f"{_VOCABULARY}data-theme",
            "@type": "skos:ConceptScheme",
            "dct:title": {"@value": "Data theme", "@language": "en"},
        },
        "dcat:dataset": dataset,
    }
