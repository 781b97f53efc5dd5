"""The pages with names, legal bases, the words of the public page, and the form."""

from __future__ import annotations

import copy
from typing import Any

from django.utils.translation import gettext as _

from tinhso.catalogue.forms.cells import SPARE, Block, Cell, Reader, Sheet, day_text, mark, ordered, removable
from tinhso.catalogue.rules import DEFAULT_FORM
from tinhso.catalogue.services.write_draft import with_default_form


def draw_names(sheet: Sheet) -> list[Block]:
    """Draw the names of a procedure."""
    return [
        Block(
            _("Tên"),
            (
                Cell("everyday_name", _("Tên thường gọi"), sheet["everyday_name"], "area", rows=2),
                Cell("legal_name", _("Tên theo quyết định công bố"), sheet["legal_name"], "area", rows=2),
                Cell(
                    "synonyms",
                    _("Tên gọi khác, mỗi dòng một tên"),
                    "\n".join(sheet["synonyms"]),
                    "area",
                    hint=_("Người dân tìm bằng những chữ này."),
                    rows=5,
                ),
                Cell("field", _("Lĩnh vực"), sheet["field"]),
            ),
        ),
        Block(
            _("Mã"),
            (
                Cell("code_note", _("Ghi chú về mã"), sheet["code_note"]),
                Cell("code_unverified", _("Mã chưa kiểm chứng"), mark(sheet["code_unverified"]), "check"),
            ),
        ),
    ]


def take_names(sheet: Sheet, said: Reader) -> Sheet:
    """Take the names."""
    return {
        **sheet,
        "everyday_name": said.text("everyday_name", 1_000, _("Ghi tên thường gọi.")),
        "legal_name": said.text("legal_name", 1_000, _("Ghi tên theo quyết định công bố.")),
        "synonyms": said.lines("synonyms", 300, _("Ghi ít nhất một tên gọi khác.")),
        "field": said.text("field", 200, _("Ghi lĩnh vực, ví dụ Hộ tịch.")),
        "code_note": said.text("code_note", 250),
        "code_unverified": said.is_marked("code_unverified"),
    }


# Legal bases


def draw_legal(sheet: Sheet) -> list[Block]:
    """Draw the legal texts, one a row."""
    laws = sheet["legal"]
    rows = []
    for place in range(len(laws) + SPARE):
        law = laws[place] if place < len(laws) else {}
        rows.append(
            (
                *ordered("law", place, len(laws)),
                Cell(f"law-{place}-number", _("Số, ký hiệu"), law.get("number", "")),
                Cell(f"law-{place}-name", _("Tên văn bản"), law.get("name", ""), "area", rows=2),
                Cell(
                    f"law-{place}-from",
                    _("Hiệu lực từ"),
                    day_text(law.get("effective_from")),
                    is_short=True,
                ),
                Cell(f"law-{place}-to", _("Đến hết"), day_text(law.get("effective_to")), is_short=True),
                Cell(f"law-{place}-later", _("Sau bản này"), mark(law.get("later")), "check"),
                Cell(f"law-{place}-unverified", _("Chưa kiểm chứng"), mark(law.get("unverified")), "check"),
                *removable("law", place),
            )
        )
    return [Block(_("Căn cứ pháp lý"), heads=_heads(rows), rows=tuple(rows))]


def _heads(rows: list[tuple[Cell, ...]]) -> tuple[str, ...]:
    return tuple(cell.label for cell in rows[0])


def take_legal(sheet: Sheet, said: Reader) -> Sheet:
    """Take the legal texts; empty rows are left out."""
    laws = []
    for place in said.rows("law", len(sheet["legal"])):
        at = f"law-{place}"
        if not (said.raw(f"{at}-number") or said.raw(f"{at}-name")):
            continue
        laws.append(
            {
                "number": said.text(f"{at}-number", 200, _("Ghi số văn bản, ví dụ 60/2014/QH13.")),
                "name": said.text(f"{at}-name", 2_000, _("Ghi tên văn bản.")),
                "effective_from": said.day(f"{at}-from"),
                "effective_to": said.day(f"{at}-to"),
                "later": said.is_marked(f"{at}-later"),
                "unverified": said.is_marked(f"{at}-unverified"),
            }
        )
    return {**sheet, "legal": laws}


# Words of the public page

_BOX = (
    ("who", "Ai làm được"),
    ("papers", "Giấy tờ"),
    ("time", "Bao lâu"),
    ("money", "Bao nhiêu tiền"),
    ("where", "Ở đâu"),
)


def draw_texts(sheet: Sheet) -> list[Block]:
    """Draw the five short answers, the sequence, mistakes, questions and the result."""
    texts = sheet["texts"]
    questions = texts["questions"]
    return [
        Block(
            _("Năm câu trả lời ngắn đầu trang"),
            heads=(_("Câu hỏi"), _("Trả lời ngắn"), _("Nói thêm")),
            rows=tuple(
                (
                    Cell(
                        f"box-{key}-short",
                        _("%(title)s, trả lời ngắn") % {"title": title},
                        texts["box"][key]["short"],
                    ),
                    Cell(
                        f"box-{key}-more",
                        _("%(title)s, nói thêm") % {"title": title},
                        texts["box"][key]["more"],
                    ),
                )
                for key, title in _BOX
            ),
            titles=tuple(title for _key, title in _BOX),
            hint=_("Giữ cho khớp với thời hạn, phí và giấy tờ đã ghi."),
        ),
        Block(
            _("Trình tự và lưu ý"),
            (
                Cell(
                    "how", _("Trình tự thực hiện, mỗi bước một dòng"), "\n".join(texts["how"]), "area", rows=5
                ),
                Cell(
                    "mistakes",
                    _("Lỗi hay gặp, mỗi lỗi một dòng"),
                    "\n".join(texts["mistakes"]),
                    "area",
                    rows=4,
                ),
            ),
        ),
        Block(
            _("Câu hỏi thường gặp"),
            heads=(_("Câu hỏi"), _("Trả lời")),
            rows=tuple(
                (
                    Cell(f"faq-{n}-question", _("Câu hỏi"), said.get("question", "")),
                    Cell(f"faq-{n}-answer", _("Trả lời"), said.get("answer", ""), "area", rows=2),
                )
                for n, said in enumerate([*questions, *({} for _n in range(SPARE))])
            ),
            hint=_("Xóa trắng cả dòng để bỏ câu hỏi."),
        ),
        Block(
            _("Kết quả"),
            (
                Cell("result_name", _("Người nộp nhận được gì"), sheet["result"]["name"], "area", rows=2),
                Cell("validity", _("Kết quả có giá trị"), sheet["result"]["validity_text"]),
                Cell("signer_title", _("Chức danh người ký"), sheet["result"]["signer_title"]),
                Cell("sealed_by", _("Cơ quan đóng dấu"), sheet["result"]["sealed_by"]),
            ),
        ),
    ]


def take_texts(sheet: Sheet, said: Reader) -> Sheet:
    """Take the words."""
    need = _("Ghi một câu ngắn.")
    box = {
        key: {
            "short": said.text(f"box-{key}-short", 120, need),
            "more": said.text(f"box-{key}-more", 300),
        }
        for key, _title in _BOX
    }
    questions: list[dict[str, Any]] = []
    for place in range(len(sheet["texts"]["questions"]) + SPARE):
        question, answer = f"faq-{place}-question", f"faq-{place}-answer"
        if not (said.raw(question) or said.raw(answer)):
            continue
        questions.append(
            {
                "question": said.text(question, 300, _("Ghi câu hỏi.")),
                "answer": said.text(answer, 1_000, _("Ghi câu trả lời.")),
            }
        )
    made = copy.deepcopy(sheet)
    made["texts"] = {
        **made["texts"],
        "box": box,
        "how": said.lines("how", 1_000, _("Ghi trình tự, mỗi bước một dòng.")),
        "mistakes": said.lines("mistakes", 300, _("Ghi ít nhất một lỗi hay gặp.")),
        "questions": questions,
    }
    made["result"].update(
        name=said.text("result_name", 4_000, _("Ghi giấy tờ người nộp sẽ nhận.")),
        validity_text=said.text("validity", 200),
        signer_title=said.text("signer_title", 150, _("Ghi chức danh người ký.")),
        sealed_by=said.text("sealed_by", 150, _("Ghi cơ quan đóng dấu.")),
    )
    return made


# The form

_KEEP, _DEFAULT = "giu", "mac-dinh"


def _form_choices(sheet: Sheet) -> list[tuple[str, str]]:
    if sheet["form"]["key"] == DEFAULT_FORM:
        return [(_DEFAULT, _("Mẫu chung của cổng"))]
    return [
        (_KEEP, _("Giữ mẫu riêng đang có")),
        (_DEFAULT, _("Đổi sang mẫu chung của cổng")),
    ]


def draw_form(sheet: Sheet) -> list[Block]:
    """Draw the choice between the form that is there and the default one."""
    form = sheet["form"]
    choices = _form_choices(sheet)
    told = [
        _("Đang dùng: %(name)s") % {"name": form["statutory_name"] or form["annex"]},
        _("%(n)s câu hỏi") % {"n": len(form["schema"]["properties"])},
    ]
    return [
        Block(
            _("Mẫu đơn"),
            (
                Cell(
                    "form",
                    _("Dùng mẫu nào"),
                    choices[0][0],
                    "choice",
                    tuple(choices),
                    hint=_(
                        "Mẫu chung hỏi người nộp, việc cần làm và giấy tờ. Điều kiện theo mẫu riêng sẽ bỏ."
                    ),
                ),
            ),
            facts=tuple(told),
        )
    ]


def take_form(sheet: Sheet, said: Reader) -> Sheet:
    """Keep the form, or lay the default one in its place."""
    chosen = said.choice("form", _form_choices(sheet))
    if chosen == _DEFAULT and sheet["form"]["key"] != DEFAULT_FORM:
        return with_default_form(sheet)
    return sheet
