"""A read sheet as JSON, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any, Final

from tinhso.catalogue.adapters.sheets.shape import (
    CaseRead,
    FeeRead,
    Flag,
    LegalRead,
    PaperRead,
    ReadSheet,
    TermRead,
)

#: What people call each part of a read sheet.
READ_LABELS: Final = {
    "name": "Tên thủ tục",
    "field_name": "Lĩnh vực",
    "decision": "Số quyết định",
    "kind": "Loại thủ tục",
    "levels": "Cấp thực hiện",
    "audience": "Đối tượng thực hiện",
    "sequence": "Trình tự thực hiện",
    "terms": "Cách thức thực hiện",
    "cases": "Thành phần hồ sơ",
    "executing_body": "Cơ quan thực hiện",
    "authority": "Cơ quan có thẩm quyền",
    "address": "Địa chỉ tiếp nhận hồ sơ",
    "delegated": "Cơ quan được ủy quyền",
    "coordinating": "Cơ quan phối hợp",
    "results": "Kết quả thực hiện",
    "legal": "Căn cứ pháp lý",
    "conditions": "Yêu cầu, điều kiện thực hiện",
    "keywords": "Từ khóa",
    "note": "Mô tả",
}


def as_json(sheet: ReadSheet) -> dict[str, Any]:
    """Return the sheet as plain JSON values; amounts of time as text. ``flags`` are kept beside it, not in it."""
    kept: dict[str, Any] = asdict(sheet)
    del kept["flags"]
    for term in kept["terms"]:
        term["value"] = None if term["value"] is None else str(term["value"])
    return kept


def from_json(kept: Mapping[str, Any], flags: list[dict[str, str]]) -> ReadSheet:
    """Return the sheet that ``as_json`` gave, with its flags."""
    values = dict(kept)
    for key in ("levels", "audience", "results", "keywords"):
        values[key] = tuple(values[key])
    values["terms"] = tuple(
        TermRead(
            **{
                **term,
                "value": None if term["value"] is None else Decimal(term["value"]),
                "fees": tuple(FeeRead(**fee) for fee in term["fees"]),
            }
        )
        for term in values["terms"]
    )
    values["cases"] = tuple(
        CaseRead(case["name"], tuple(PaperRead(**paper) for paper in case["papers"]))
        for case in values["cases"]
    )
    values["legal"] = tuple(LegalRead(**law) for law in values["legal"])
    return ReadSheet(**values, flags=tuple(Flag(**flag) for flag in flags))
