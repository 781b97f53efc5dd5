"""The office's pages in their order."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tinhso.catalogue.forms import places, words, work
from tinhso.catalogue.forms.cells import Part
from tinhso.catalogue.queries.office import PART_WORDS


def parts() -> dict[str, Part]:
    """Return the pages by key, in their order, with titles in the reader's language."""
    made = (
        ("ten", _("Người dân thấy tên thường gọi."), words.draw_names, words.take_names),
        ("noi-lam", _("Ai nộp, nộp ở đâu, ai xử lý."), places.draw_places, places.take_places),
        (
            "truong-hop",
            _("Mỗi trường hợp có thời hạn và phí riêng theo cách nộp."),
            work.draw_cases,
            work.take_cases,
        ),
        ("giay-to", _("Mỗi giấy một dòng, có số lượng."), work.draw_papers, work.take_papers),
        ("quy-trinh", _("Tổng giờ các bước phải vừa thời hạn."), work.draw_process, work.take_process),
        ("can-cu", _("Văn bản làm căn cứ."), words.draw_legal, words.take_legal),
        ("trang", _("Câu ngắn, dễ hiểu, tối đa 15 chữ một câu."), words.draw_texts, words.take_texts),
        ("mau-don", _("Câu hỏi trong mẫu giữ nguyên."), words.draw_form, words.take_form),
    )
    return {key: Part(key, PART_WORDS[key], lead, draw, take) for key, lead, draw, take in made}
