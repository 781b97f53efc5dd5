"""An annex as a spreadsheet, and a plan with its annex as a Word file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from tinhso.plans.adapters.sheets import SheetColumn, write_rows
from tinhso.plans.adapters.word import Column, OfficialDocument
from tinhso.plans.queries.plan_paper import BULLET, GROUND, HEADING, PlanPaper
from tinhso.plans.rules.annex_columns import Shape, in_unit
from tinhso.plans.rules.plans import Row, millions
from tinhso.plans.rules.sheet_cells import Cell
from tinhso.toolkit.words import date_text

#: Rows below the last one that have the lists of choices too.
_SPARE: Final = 200
_KINDS: Final = {"order": "number", "day": "date", "money": "money"}
_GUIDE: Final = (
    "Mỗi dòng một nhiệm vụ. Cột có thể đổi chỗ, tên cột giữ như mẫu hoặc cách gọi thường dùng.",
    "Bắt buộc: nội dung, chủ trì, bắt đầu, hoàn thành, sản phẩm và nhóm.",
    "Nhóm ghi ở cột Nhóm, hoặc một dòng riêng ở trên như “I. Nhận thức số”.",
    "Ngày ghi như 30/06/2022. Ghi 06/2022, quý II/2022 hay 2022 thì lấy ngày đầu hoặc ngày cuối của kỳ.",
    "Kinh phí tính bằng triệu đồng: 180 hoặc 1.250,5. Có kinh phí thì ghi nguồn.",
    "Một ô sai thì chưa nhập gì: trang nhập liệu chỉ rõ từng ô để sửa.",
)


def annex_sheet(
    plan_title: str, rows: Sequence[Row], shape: Shape, *, made_at: dt.datetime, mark: str = ""
) -> bytes:
    """Return the annex as XLSX, amounts in millions of VND without loss; what comes in again is the same annex."""
    columns = [column for column in shape.columns if column.kind != "span"]
    choices = {"group": tuple(shape.groups.values()), "source": tuple(shape.sources.values())}
    title = ["PHỤ LỤC NHIỆM VỤ", plan_title, *([mark] if mark else []), "Đơn vị tính: triệu đồng"]
    return write_rows(
        title,
        [
            SheetColumn(
                column.label, column.width, _KINDS.get(column.kind, "text"), choices.get(column.key, ())
            )
            for column in columns
        ],
        [[_cell(column.key, place, row, shape) for column in columns] for place, row in enumerate(rows, 1)],
        name="Phụ lục",
        made_at=made_at,
        notes=_GUIDE,
        spare=_SPARE,
    )


def _cell(key: str, place: int, row: Row, shape: Shape) -> Cell:
    match key:
        case "ordinal":
            return Decimal(place)
        case "amount":
            return in_unit(row.amount)
        case "group":
            return shape.groups.get(row.group, row.group)
        case "source":
            return shape.sources.get(row.source, row.source)
    found: str | dt.date = getattr(row, key)
    return found


def plan_word(paper: PlanPaper, shape: Shape, *, made_at: dt.datetime) -> bytes:
    """Return the plan with its annex as DOCX in the layout of Decree 30/2020; equal plans make equal bytes."""
    made = OfficialDocument(
        paper.authority,
        paper.issuer,
        paper.number,
        paper.place,
        paper.on,
        "Kế hoạch",
        paper.about,
        mark=paper.mark,
        made_at=made_at,
    )
    for part in paper.parts:
        if part.kind == HEADING:
            made.heading(part.text)
        elif part.kind == BULLET:
            made.bullet(part.text)
        else:
            made.paragraph(part.text, italic=part.kind == GROUND)
    made.sign(paper.signs_for, paper.title, paper.name)
    made.receivers(paper.receivers)
    made.annex("Phụ lục", paper.annex_title, paper.annex_note)
    made.table(
        [
            Column("STT", 11),
            Column("Nội dung nhiệm vụ", 66),
            Column("Chủ trì", 34),
            Column("Phối hợp", 32),
            Column("Bắt đầu, hoàn thành", 25),
            Column("Sản phẩm", 42),
            Column("Kinh phí", 20, is_number=True),
            Column("Nguồn", 22),
        ],
        [
            cells
            for part in paper.annex
            for cells in (
                [part.name],
                *(
                    [
                        str(place),
                        row.content,
                        row.lead,
                        row.partners,
                        f"{date_text(row.starts)}\n{date_text(row.ends)}",
                        row.product,
                        millions(row.amount),
                        shape.sources.get(row.source, row.source),
                    ]
                    for place, row in part.rows
                ),
            )
        ],
        ["", "Cộng", "", "", "", "", millions(paper.total), ""],
    )
    return made.content()
