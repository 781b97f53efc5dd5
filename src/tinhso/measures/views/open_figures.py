"""Open data of the figures: a page for each dataset with its dictionary and what was promised, and its files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tinhso.measures.adapters.parquet import parquet
from tinhso.measures.models import Edition
from tinhso.measures.queries.documents import document
from tinhso.measures.queries.formulas import every_formula
from tinhso.measures.queries.open_figures import (
    Dataset,
    Freshness,
    dataset_of,
    every_edition,
    freshness,
    rows_of,
)
from tinhso.measures.views.sheets import KINDS
from tinhso.toolkit import clock, words
from tinhso.toolkit.open_answer import open_to_all
from tinhso.toolkit.public_page import public_page
from tinhso.toolkit.spreadsheet import guarded


@require_safe
@public_page
def open_figures_page(request: HttpRequest, key: str) -> HttpResponse:
    """Show one dataset: its files by year, its columns, its months with what was promised and kept."""
    dataset = _dataset(key)
    today = clock.today()
    months = freshness(today)
    told = [one.edition for one in months if one.edition and not one.edition.is_withheld]
    kept = sum(one.days_late(today) == 0 for one in months)
    return render(
        request,
        "measures/open_figures.html",
        {
            "dataset": dataset,
            "said": document("open_figures"),
            "years": [
                (year, [(label, _address(dataset, year, kind)) for kind, (label, _type) in KINDS.items()])
                for year in sorted({one.month.year for one in told}, reverse=True)
            ],
            "months": [_month(one) for one in months],
            "kept": (kept, len(months)),
            "formulas": sorted({one.formula for one in told}),
            "rules": sorted({(one.rule, one.threshold) for one in told}),
            "numbers": len(dataset.measures),
        },
    )


def _dataset(key: str) -> Dataset:
    found = dataset_of(key)
    if found is None:
        raise Http404
    return found


def _address(dataset: Dataset, year: int, kind: str) -> str:
    return reverse("measures:open_figures_file", args=[dataset.key, year, kind])


def _month(one: Freshness) -> dict[str, Any]:
    edition, late = one.edition, one.days_late(clock.today())
    if edition is None:
        state = _("chưa có")
    elif edition.is_withheld:
        state = _("chỉ nêu cả tỉnh: chưa che được số nhỏ của từng phần")
    else:
        state = _("%(a)s trên %(b)s ô không nêu") % {
            "a": words.number(edition.hidden),
            "b": words.number(edition.cells),
        }
    return {
        "month": one.month,
        "promised": one.promised,
        "first_made": one.first_made,
        "late": _("đúng hẹn") if not late else _("muộn %(n)s ngày") % {"n": words.number(late)},
        "is_late": bool(late),
        "edition": edition,
        "state": state,
    }


@require_safe
def open_figures_file(request: HttpRequest, key: str, year: int, kind: str) -> HttpResponseBase:
    """Give a year of a dataset as a file."""
    dataset = _dataset(key)
    months = tuple(one for one in every_edition() if one.month.year == year and not one.is_withheld)
    if kind not in KINDS or not months:
        raise Http404
    tag = f'"{dataset.key}-{year}-{"-".join(str(one.pk) for one in months)}.{kind}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    content = _content(dataset, year, kind, tuple(one.pk for one in months))
    response = HttpResponse(content, content_type=KINDS[kind][1])
    response["Content-Disposition"] = f'attachment; filename="so-lieu-{dataset.key}-{year}.{kind}"'
    return open_to_all(response, tag)


@lru_cache(maxsize=32)
def _content(dataset: Dataset, year: int, kind: str, _editions: tuple[int, ...]) -> bytes:
    """Return a file; it is made once for each set of editions."""
    months = [one for one in every_edition() if one.pk in _editions]
    rows = rows_of(dataset, months)
    names = [name for name, _says in dataset.columns]
    if kind == "csv":
        return _csv(names, rows)
    if kind == "parquet":
        n_words = 1 + len(dataset.labels)
        kinds = ["text"] * n_words + ["number"] * (len(names) - n_words)
        return parquet(list(zip(names, kinds, strict=True)), rows)
    return json.dumps(_document(dataset, year, months, names, rows), ensure_ascii=False).encode()


def _csv(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """Return UTF-8 with a byte order mark, every formula guarded; what stays away is empty."""
    text = io.StringIO(newline="")
    text.write("\ufeff")
    sheet = csv.writer(text)
    sheet.writerow(names)
    sheet.writerows([guarded(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def _document(
    dataset: Dataset,
    year: int,
    months: Sequence[Edition],
    names: Sequence[str],
    rows: Sequence[Sequence[Any]],
) -> dict[str, Any]:
    said = document("open_figures")
    formulas = {one.formula for one in months}
    address = settings.TINHSO_PUBLIC_ADDRESS
    return {
        "bo_du_lieu": dataset.title,
        "nam": year,
        "don_vi": "hồ sơ",
        "nguon": _("đếm từ hồ sơ của hệ thống"),
        "dieu_kien": said["licence"],
        "hen_cap_nhat": said["promised"],
        "de_trong": _("null: số nhỏ, hoặc số mà từ đó tính ra được số nhỏ; phần không có dòng là 0"),
        "trang": address + reverse("measures:open_figures", args=[dataset.key]),
        "dinh_nghia": address + reverse("measures:formulas"),
        "cong_thuc": [
            {
                "version": one.version,
                "source": one.source,
                "sha256": one.source_hash,
                "verified": one.is_verified,
            }
            for one in every_formula().every
            if one.version in formulas
        ],
        "thang": [
            {
                "thang": f"{one.month:%Y-%m}",
                "ban": one.number,
                "dem_luc": one.counted_at.astimezone(clock.VN).isoformat(timespec="seconds"),
                "lap_luc": one.made_at.astimezone(clock.VN).isoformat(timespec="seconds"),
                "cong_thuc": one.formula,
                "quy_tac_che": one.rule,
                "nguong": one.threshold,
                "so_o": one.cells,
                "so_o_khong_neu": one.hidden,
            }
            for one in months
        ],
        "cot": [{"ten": name, "noi_dung": says} for name, says in dataset.columns],
        "dong": [dict(zip(names, row, strict=True)) for row in rows],
    }
