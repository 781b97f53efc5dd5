"""The page with who may file, who carries it out, where; and how an office is named in a process."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tinhso.catalogue.forms.cells import Block, Cell, Choices, Reader, Sheet, mark
from tinhso.catalogue.models import LEVELS
from tinhso.catalogue.queries.compare import AUDIENCE_WORDS, LEVEL_WORDS
from tinhso.toolkit.text import fold

_EXECUTING = (*LEVELS, "ministry")
#: Where a dossier is handled or signed, seen from where it is received.
_UNITS = (("division", "Phòng của huyện có tên"), ("department", "Sở, ban có tên"))
_SIDES = (("same", "Chính nơi nhận"), *_UNITS)
_OFFICES = (
    ("handling", "Nơi xử lý"),
    ("receiving", "Nơi nhận"),
    ("asked", "Cán bộ chọn khi hỏi"),
    *_UNITS,
)
_OTHER = ("khac", "Theo câu trả lời của người nộp")
_LONGEST = 60


def _split(value: str, choices: Choices) -> tuple[str, str]:
    """Return the choice and the words of a stored office, such as ``division:tai-chinh|ke-hoach``."""
    kind, colon, names = value.partition(":")
    if colon and kind in dict(_UNITS):
        return kind, ", ".join(name.replace("-", " ") for name in names.split("|"))
    return (value if value in dict(choices) else _OTHER[0]), ""


def _where(at: str, value: str, choices: Choices, labels: tuple[str, str]) -> tuple[Cell, Cell]:
    chosen, names = _split(value, choices)
    offered = [*choices, *([_OTHER] if chosen == _OTHER[0] else [])]
    return (
        Cell(at, labels[0], chosen, "choice", tuple(offered)),
        Cell(f"{at}-names", labels[1], names),
    )


def _take_where(at: str, old: str, choices: Choices, said: Reader) -> str:
    """Return an office as the sheet keeps it."""
    chosen = said.choice(at, [*choices, *([_OTHER] if old and _split(old, choices)[0] == _OTHER[0] else [])])
    if chosen == _OTHER[0]:
        return old
    if chosen not in dict(_UNITS):
        return chosen
    names = [fold(name).replace(" ", "-") for name in said.raw(f"{at}-names").split(",") if fold(name)]
    if not names:
        said.refuse(f"{at}-names", _("Ghi vài chữ trong tên phòng, sở, ví dụ tài chính."))
    value = f"{chosen}:{'|'.join(names)}"
    if len(value) > _LONGEST:
        said.refuse(f"{at}-names", _("Tên dài quá. Chỉ ghi vài chữ đủ để tìm."))
    return value


def step_office(at: str, value: str) -> tuple[Cell, Cell]:
    """Return the boxes for the office of a step."""
    return _where(f"{at}-office", value, _OFFICES, (_("Nơi làm"), _("Tên phòng, sở")))


def take_step_office(at: str, old: str, said: Reader) -> str:
    """Return the office of a step."""
    return _take_where(f"{at}-office", old, _OFFICES, said)


def draw_places(sheet: Sheet) -> list[Block]:
    """Draw who may file, who carries it out, where, and how."""
    facts = sheet.get("facts", {})
    return [
        Block(
            _("Ai được nộp"),
            tuple(
                Cell(f"audience-{key}", words, mark(key in facts.get("audience", ())), "check")
                for key, words in AUDIENCE_WORDS.items()
            ),
        ),
        Block(
            _("Cơ quan thực hiện"),
            (
                Cell("responsible", _("Cơ quan chịu trách nhiệm nội dung"), sheet["responsible"]),
                *(
                    Cell(
                        f"executing-{key}",
                        LEVEL_WORDS[key],
                        mark(key in facts.get("executing_levels", ())),
                        "check",
                    )
                    for key in _EXECUTING
                ),
            ),
        ),
        Block(
            _("Nơi nhận hồ sơ"),
            (
                *(
                    Cell(f"level-{key}", LEVEL_WORDS[key], mark(key in sheet["levels"]), "check")
                    for key in LEVELS
                ),
                Cell("can_file_online", _("Nhận qua mạng"), mark(sheet["can_file_online"]), "check"),
            ),
            hint=_("Thủ tục của bộ, ngành thì để trống các cấp nhận."),
        ),
        *(_handling(key, sheet["handling"].get(key, {})) for key in LEVELS),
        Block(
            _("Câu hỏi chọn nơi nộp"),
            (
                Cell("question_title", _("Câu hỏi"), sheet["office_question"]["title"]),
                Cell("question_hint", _("Gợi ý dưới câu hỏi"), sheet["office_question"]["hint"]),
            ),
        ),
    ]


def _handling(level: str, rule: Sheet) -> Block:
    return Block(
        _("Khi nộp ở %(level)s") % {"level": LEVEL_WORDS[level].lower()},
        (
            *_where(
                f"handles-{level}",
                rule.get("handles", "same"),
                _SIDES,
                (_("Nơi xử lý"), _("Tên phòng, sở xử lý, cách nhau dấu phẩy")),
            ),
            *_where(
                f"signs-{level}",
                rule.get("signs", "same"),
                _SIDES,
                (_("Nơi ký"), _("Tên phòng, sở ký, cách nhau dấu phẩy")),
            ),
        ),
    )


def take_places(sheet: Sheet, said: Reader) -> Sheet:
    """Take them."""
    facts = sheet.get("facts", {"is_listed": False, "is_project_06": False})
    levels = [key for key in LEVELS if said.is_marked(f"level-{key}")]
    handling = {
        key: {
            side: _take_where(f"{side}-{key}", sheet["handling"].get(key, {}).get(side, ""), _SIDES, said)
            for side in ("handles", "signs")
        }
        for key in levels
    }
    return {
        **sheet,
        "responsible": said.text("responsible", 200, _("Ghi cơ quan chịu trách nhiệm, ví dụ Sở Tư pháp.")),
        "levels": levels,
        "handling": handling,
        "can_file_online": said.is_marked("can_file_online"),
        "office_question": {
            "title": said.text("question_title", 200, _("Ghi câu hỏi, ví dụ Nộp ở đâu?")),
            "hint": said.text("question_hint", 300),
        },
        "facts": {
            **facts,
            "audience": [key for key in AUDIENCE_WORDS if said.is_marked(f"audience-{key}")],
            "executing_levels": [key for key in _EXECUTING if said.is_marked(f"executing-{key}")],
        },
    }
