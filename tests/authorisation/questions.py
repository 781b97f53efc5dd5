"""How each line of the table is asked: the address, the content; and what came of it."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.authorisation import declared, matrix, published, scores, steering
from tests.authorisation.matrix import Line
from tests.authorisation.world import (
    COUNTER_KEY,
    EXPLANATION,
    FRESH_KEY,
    NEW,
    PROCEDURE,
    SEEN,
    World,
    taken_back,
    wanted_papers,
)
from tinhso.catalogue.models import SearchMiss, SearchWord, ServiceLevel, SheetRecord
from tinhso.directory.tests.factories import DAY
from tinhso.dossiers.queries.counter import HOW_RECEIVED
from tinhso.dossiers.queries.opinions import offices_to_ask
from tinhso.dossiers.queries.own_papers import own_papers
from tinhso.dossiers.views import filing

NO_CODE = "0000-0000-0000-0000"
NO_TOKEN = "x" * 22
#: What a request may write without any row being changed: sessions and the cache.
NO_ROWS = ("django_session", "cache_row")
_ONLY_READS = re.compile(
    r"\s*(select|savepoint|release|rollback|set |show |fetch|close|declare)", re.IGNORECASE
)


def every_address(urlconf: str) -> dict[str, str]:
    """Return name → pattern of every address. One without a name is named by its pattern."""
    return dict(_walk(get_resolver(urlconf), "", ""))


def _walk(resolver: URLResolver, spaces: str, path: str) -> Iterator[tuple[str, str]]:
    for one in resolver.url_patterns:
        here = path + str(one.pattern)
        if isinstance(one, URLPattern):
            yield (f"{spaces}{one.name}" if one.name else f"/{here}", here)
        else:
            yield from _walk(one, spaces + (f"{one.namespace}:" if one.namespace else ""), here)


# --- the question ---


@dataclass(frozen=True)
class Question:
    """An address and what is sent to it."""

    url: str
    data: dict[str, Any]

    def fresh(self) -> dict[str, Any]:
        """Return what is sent, files at their beginning."""
        return {key: one.fresh() if isinstance(one, File) else one for key, one in self.data.items()}


def question(line: Line, world: World, state: str) -> Question:
    """Return how the line is asked of the dossier in the state."""
    args, query = _address(line, world, state)
    data = CONTENTS.get((line.name, line.case), _nothing)(world, state) if line.method == "POST" else {}
    return Question(reverse(line.name, args=args) + query, data)


def _address(line: Line, world: World, state: str) -> tuple[list[Any], str]:
    known = ADDRESSES.get((line.name, line.case)) or ADDRESSES.get((line.name, ""))
    return known(world, state) if known else ([], "")


def _nothing(world: World, state: str) -> dict[str, Any]:
    return {}


def _code(world: World, state: str) -> tuple[list[Any], str]:
    return [world.dossiers[state].tracking_code], ""


def _fixed(*args: Any, query: str = "") -> Callable[[World, str], tuple[list[Any], str]]:
    return lambda world, state: (list(args), query)


def _draft(draft: str, *rest: str) -> Callable[[World, str], tuple[list[Any], str]]:
    return lambda world, state: ([world.drafts[draft].token, *rest], "")


def _sheet(*rest: str) -> Callable[[World, str], tuple[list[Any], str]]:
    return lambda world, state: ([world.sheets[state].pk, *rest], "")


def _record(line: int) -> Callable[[World, str], tuple[list[Any], str]]:
    return lambda world, state: ([SheetRecord.objects.get(line=line).pk], "")


def _first_page(world: World) -> str:
    return next(key for key, _title in filing._steps(world.drafts["open"]) if not key.startswith("buoc."))


def _questions(world: World, state: str) -> tuple[list[Any], str]:
    return [world.drafts["open"].token, _first_page(world)], ""


def _act(verb: str) -> Callable[[World, str], tuple[list[Any], str]]:
    return lambda world, state: ([world.dossiers[state].tracking_code, verb], "")


def _slip(world: World, state: str) -> tuple[list[Any], str]:
    return [world.slips[{"issued": "01", "paused": "02", "rejected": "03", "signed": "04"}[state]].token], ""


def _target(world: World) -> int:
    assert world.target is not None
    return world.target.pk


def _counter(token: Callable[[World], str]) -> Callable[[World, str], tuple[list[Any], str]]:
    return lambda world, state: ([PROCEDURE, world.offices["here"].pk, token(world)], "")


def _opinion(world: World, state: str) -> tuple[list[Any], str]:
    opinion = world.dossiers[state].opinions.filter(answered_at=None).first()
    return [world.dossiers[state].tracking_code, opinion.pk if opinion else 999_999], ""


#: The three sittings of the counter, by case.
SITTINGS: dict[str, Callable[[World], str]] = {
    "begun": lambda world: COUNTER_KEY,
    "fresh": lambda world: FRESH_KEY,
    "an applicant's draft": lambda world: world.drafts["open"].token,
}

Address = Callable[[World, str], tuple[list[Any], str]]
ADDRESSES: dict[tuple[str, str], Address] = (
    {
        ("demo:sign_in_as", "one of the cast"): _fixed("lan"),
        ("demo:sign_in_as", ""): _fixed("lan"),
        ("demo:sign_in_as", "nobody of the cast"): _fixed("khong-co"),
        ("demo:sign_in_as", "an account that is not of the cast"): _fixed("uyen"),
        ("portal:search", "a word"): _fixed(query="?q=khai+sinh"),
        ("portal:service", ""): _fixed("1.001193"),
        ("catalogue:procedure", ""): _fixed(PROCEDURE),
        ("catalogue:procedure", "no such one"): _fixed("9.999999"),
        ("catalogue:level", ""): _fixed(PROCEDURE),
        ("catalogue:level", "no such one"): _fixed("9.999999"),
        ("catalogue:import_record", ""): _record(NEW),
        ("catalogue:import_record", "no such one"): _fixed(999_999_999),
        ("catalogue:import_see", ""): _record(NEW),
        ("catalogue:import_see", "no such one"): _fixed(999_999_999),
        ("catalogue:import_unsee", ""): _record(SEEN),
        ("catalogue:import_unsee", "no such one"): _fixed(999_999_999),
        ("catalogue:start", ""): _fixed(PROCEDURE),
        ("catalogue:word_act", "a word"): lambda w, s: (["bo", SearchWord.objects.order_by("pk")[0].pk], ""),
        ("catalogue:word_act", "a miss"): lambda w, s: (["xong", SearchMiss.objects.get().pk], ""),
        ("catalogue:word_act", ""): _fixed("bo", 999_999_999),
        ("catalogue:copy", ""): _fixed(PROCEDURE),
        ("catalogue:end", ""): _fixed(PROCEDURE),
        ("catalogue:compare", ""): _fixed(PROCEDURE, 1, 1),
        ("catalogue:draft", ""): _sheet(),
        ("catalogue:compare_draft", ""): _sheet(),
        ("catalogue:part", ""): _sheet("ten"),
        **{
            ("catalogue:act", verb): _sheet(verb)
            for verb in ("gui-duyet", "bo", "rut-ve", "tra-lai", "duyet", "cong-bo", "no such act")
        },
        ("catalogue:act", ""): _sheet("duyet"),
        ("measures:steps", ""): _fixed(PROCEDURE),
        ("measures:steps", "no such one"): _fixed("9.999999"),
        **{
            (f"measures:{name}", ""): lambda w, s: ([w.offices["here"].code], "")
            for name in ("stats_office", "stats_office_days", "embed_office")
        },
        **{
            (f"measures:{name}", "no such one"): _fixed("999.99.99.H99")
            for name in ("stats_office", "stats_office_days", "embed_office")
        },
        ("measures:stats_procedure", ""): _fixed(PROCEDURE),
        ("measures:stats_procedure", "no such one"): _fixed("9.999999"),
        ("measures:stats_procedure_days", ""): _fixed(PROCEDURE),
        ("measures:stats_procedure_days", "no such one"): _fixed("9.999999"),
        ("measures:stats_field", ""): lambda w, s: ([w.version.procedure.field_id], ""),
        ("measures:stats_field", "no such one"): _fixed(999_999),
        ("measures:stats_month", ""): _fixed("2022-04"),
        ("measures:stats_month", "no such one"): _fixed("2022-13"),
        ("measures:embed", ""): _fixed("tinh"),
        ("measures:open_figures", ""): _fixed("co-quan"),
        ("measures:open_figures", "no such one"): _fixed("khong-co"),
        ("measures:open_figures_file", ""): _fixed("ca-tinh", 2022, "csv"),
        ("measures:open_figures_file", "no such one"): _fixed("ca-tinh", 1999, "csv"),
        ("measures:embed", "no such one"): _fixed("khong-co"),
        ("measures:stats_cases", ""): _fixed(query="?tu=01/05/2022&den=10/05/2022"),
        ("measures:stats_cases", "of an office"): lambda w, s: ([], f"?co-quan={w.offices['here'].code}"),
        ("measures:stats_cases", "as a file"): lambda w, s: (
            [],
            f"?co-quan={w.offices['here'].code}&tai=csv",
        ),
        ("measures:statistics", "no such period"): _fixed(query="?tu=31/02/2022"),
        ("measures:day_rows", "no such period"): _fixed(query="?tu=31/02/2022"),
        ("measures:stats_offices", "as a file"): _fixed(query="?den=30/04/2022&tai=csv"),
        ("measures:stats_compare", "two offices"): lambda w, s: (
            [],
            f"?co-quan={w.offices['here'].code}&co-quan={w.offices['elsewhere'].code}",
        ),
        ("measures:target", ""): lambda w, s: ([_target(w)], ""),
        ("measures:target", "no such one"): _fixed(999_999_999),
        ("measures:declaration", ""): declared.waiting_line,
        ("measures:declaration", "no such one"): _fixed(999_999_999),
        ("measures:declare", "to replace one"): lambda w, s: (
            [],
            f"?thay={declared.waiting_line(w, s)[0][0]}",
        ),
        ("measures:declare", "to replace none"): _fixed(query="?thay=999999999"),
        ("measures:coverage_csv", "no such day"): _fixed(query="?vao=31/02/2022"),
        ("measures:coverage_json", "no such day"): _fixed(query="?vao=31/02/2022"),
        ("measures:dti", "no such set"): _fixed(query="?bo=khong-co"),
        ("measures:dti_ranks", "no such year"): _fixed(query="?nam=1999"),
        **{
            (f"measures:{name}", case): _fixed(code)
            for name in ("publication", "publication_json", "publication_csv", "publication_rows")
            for case, code in (("", published.PUBLISHED), ("prepared", published.PREPARED))
        },
        ("measures:publication", "no such one"): _fixed("cb-1"),
        ("measures:publish_figures", ""): _fixed(published.PUBLISHED),
        ("measures:publish_figures", "changed rows"): _fixed(published.PREPARED),
        ("measures:publish_figures", "no such one"): _fixed("cb-1"),
        ("measures:discard_publication", ""): _fixed(published.PUBLISHED),
        ("measures:discard_publication", "prepared"): _fixed(published.PREPARED),
        ("measures:reported_history", ""): published.reported,
        ("measures:reported_history", "no such one"): _fixed(999_999_999),
        ("measures:time_of_procedure", ""): _fixed(PROCEDURE),
        ("measures:effort_of", ""): _fixed("1.001193"),
        ("measures:effort_of", "no such one"): _fixed("9.999999"),
        ("measures:time_of_office", ""): lambda w, s: ([w.offices["here"].code], ""),
        ("measures:dti_criterion", ""): scores.criterion_address,
        **dict(steering.of("ADDRESSES")),
        ("measures:dti_criterion", "no such one"): _fixed(scores.OPEN, 999_999_999),
        ("measures:set_target", "to replace one"): lambda w, s: ([], f"?thay={_target(w)}"),
        ("measures:set_target", "to replace none"): _fixed(query="?thay=999999999"),
        ("portal:life_event", ""): _fixed("co-con-nho"),
        ("portal:life_event", "no such one"): _fixed("khong-co"),
        ("portal:field", ""): lambda w, s: ([w.version.procedure.field_id], ""),
        ("portal:field", "no such one"): _fixed(999_999),
        ("portal:counters", ""): _fixed("1.001193"),
        ("portal:counters", "no such one"): _fixed("9.999999"),
        ("portal:sample_form", ""): _fixed("1.001193"),
        ("portal:sample_form", "no such one"): _fixed("9.999999"),
        ("portal:print_sheet", ""): _fixed("1.001193"),
        ("portal:print_sheet", "no such one"): _fixed("9.999999"),
        ("portal:print_poster", ""): _fixed("1.001193"),
        ("portal:print_poster", "no such one"): _fixed("9.999999"),
        ("portal:service", "no such procedure"): _fixed("9.999999"),
        ("portal:track", "no such code"): _fixed(query=f"?ma={NO_CODE}"),
        ("portal:track", "a code"): lambda world, state: ([], f"?ma={world.dossiers[state].tracking_code}"),
        ("dossiers:tracked", ""): _code,
        ("dossiers:tracked", "no such dossier"): _fixed(NO_CODE),
        ("dossiers:mine", ""): _code,
        ("dossiers:mine", "no such dossier"): _fixed(NO_CODE),
        ("dossiers:done", ""): _code,
        ("dossiers:supply", ""): _code,
        ("dossiers:withdraw", ""): _code,
        ("dossiers:fetch", ""): _code,
        ("dossiers:start", ""): _fixed("1.001193"),
        ("dossiers:start", "no such procedure"): _fixed("9.999999"),
        ("dossiers:draft_page", ""): _draft("open", filing.OFFICE),
        ("dossiers:draft_page", "questions"): _questions,
        ("dossiers:draft_page", "papers"): _draft("open", filing.PAPERS),
        ("dossiers:draft_page", "remove a file"): _draft("open", filing.PAPERS),
        ("dossiers:draft_page", "check"): _draft("open", filing.CHECK),
        ("dossiers:draft_page", "no such page"): _draft("open", "khong-co"),
        ("dossiers:draft_page", "no such draft"): _fixed(NO_TOKEN, filing.OFFICE),
        ("dossiers:draft_page", "a sent draft"): _draft("sent", filing.OFFICE),
        ("dossiers:autosave", ""): _questions,
        ("dossiers:autosave", "no such page"): _draft("open", "khong-co"),
        ("dossiers:autosave", "a sent draft"): lambda w, s: ([w.drafts["sent"].token, _first_page(w)], ""),
        ("dossiers:upload", ""): _draft("open", "chung-sinh"),
        ("dossiers:upload", "no such paper"): _draft("open", "khong-co"),
        ("dossiers:upload", "a sent draft"): _draft("sent", "chung-sinh"),
        ("dossiers:draft_file", ""): lambda w, s: ([w.drafts["open"].files.order_by("id")[0].token], ""),
        ("dossiers:draft_file", "a sent draft"): lambda w, s: (
            [w.drafts["sent"].files.order_by("id")[0].token],
            "",
        ),
        ("dossiers:reuse", ""): _draft("open"),
        ("dossiers:reuse", "a sent draft"): _draft("sent"),
        ("dossiers:own_picture", ""): lambda w, s: ([w.papers[s].token], ""),
        ("dossiers:own_picture", "a result"): lambda w, s: ([w.dossiers[s].result.token], ""),
        ("dossiers:own_paper", ""): lambda w, s: ([w.papers[s].token], ""),
        ("dossiers:own_paper", "no such one"): _fixed(NO_TOKEN),
        ("dossiers:rebase", ""): _fixed(PROCEDURE),
        ("dossiers:rebase", "no such procedure"): _fixed("9.999999"),
        ("dossiers:find", "a name"): _fixed(query="?q=lan+thu"),
        ("dossiers:desk", ""): _code,
        ("dossiers:desk", "no such dossier"): _fixed(NO_CODE),
        ("dossiers:propose", ""): _code,
        ("dossiers:extend", ""): _code,
        ("dossiers:correct", ""): _code,
        ("dossiers:act", ""): _act("nhan"),
        ("dossiers:draft_pdf", ""): _code,
        ("dossiers:result_page", ""): lambda w, s: ([w.dossiers[s].tracking_code, 1], ""),
        ("dossiers:result_page", "no such page"): lambda w, s: ([w.dossiers[s].tracking_code, 9], ""),
        ("dossiers:paper_page", ""): lambda w, s: ([w.papers[s].token, 1], ""),
        ("dossiers:paper_page", "no such page"): lambda w, s: ([w.papers[s].token, 9], ""),
        ("dossiers:slip", ""): _slip,
        ("dossiers:slip", "no such slip"): _fixed(NO_TOKEN),
        ("dossiers:draft_page", "a draft of the counter"): _draft("counter", filing.OFFICE),
        ("dossiers:ask_opinion", ""): _code,
        ("dossiers:answer_opinion", ""): _opinion,
        ("dossiers:intake_start", ""): lambda w, s: ([PROCEDURE, w.offices["here"].pk], ""),
        ("dossiers:intake_start", "no such procedure"): lambda w, s: (["9.999999", w.offices["here"].pk], ""),
        ("dossiers:intake_done", ""): _code,
    }
    | {
        (f"dossiers:intake_{name}", case): _counter(token)
        for name in ("page", "autosave", "drop")
        for case, token in SITTINGS.items()
    }
    | {
        (line.name, line.case): _act(line.case.replace(" ", "-"))
        for line in matrix.LINES
        if line.name == "dossiers:act"
    }
)


@dataclass(frozen=True)
class File:
    """A file to send, as often as it is asked for."""

    content: bytes

    def fresh(self) -> SimpleUploadedFile:
        """Return it as a browser sends it."""
        return SimpleUploadedFile("giay.pdf", self.content, content_type="application/pdf")


def _file(world: World, state: str) -> dict[str, Any]:
    return {"file": File(world.other_paper)}


def _again(source: str, paper: str = "giay-ket-hon") -> dict[str, Any]:
    return {"source": source, "paper": paper}


def _own_paper(world: World) -> str:
    """Return the token by which the owner is offered a paper of an earlier dossier."""
    return next(one.token for one in own_papers(world.actors["owner"], DAY) if not one.is_result)


def _defect(world: World, state: str) -> dict[str, Any]:
    defect = world.version.defects.order_by("order").first()
    assert defect is not None
    return {"defect": defect.code, "explanation": EXPLANATION}


def _office(world: World, state: str) -> dict[str, Any]:
    return {"office": world.offices["here"].pk}


def _remove(world: World, state: str) -> dict[str, Any]:
    return {"remove": world.drafts["open"].files.order_by("id")[0].token}


def _result(world: World, state: str) -> dict[str, Any]:
    """Return the page of the draft as a specialist sends it: as it was filled in, with one sentence."""
    url = reverse("dossiers:propose", args=[world.dossiers[state].tracking_code])
    with taken_back():
        page = world.browser("specialist").get(url).content.decode()
    return {**filled_in(page), "proposal": "Đủ điều kiện, đề nghị ký."}


def _new_moment(stands: str, **typed: str) -> Callable[[World, str], dict[str, Any]]:
    def content(world: World, state: str) -> dict[str, Any]:
        seen = getattr(world.dossiers[state], stands)
        return {**typed, "reason": EXPLANATION, "seen": seen.isoformat() if seen else ""}

    return content


def _take_in(world: World, state: str) -> dict[str, Any]:
    """Return the counter's page as a clerk sends it: the answers that were kept, the owner, the papers received."""
    line = next(line for line in matrix.LINES if str(line) == "GET dossiers:intake_page begun")
    with taken_back():
        page = world.browser("clerk").get(question(line, world, "").url).content.decode()
    people = {"owner_name": "Trần Thị Lan Thử", "who": "self", "read_back": "on"}
    return {
        **filled_in(page),
        **{f"nguoi-{name}": value for name, value in people.items()},
        **{f"nhan-{key}": next(iter(HOW_RECEIVED)) for key in wanted_papers(world)},
        "commitment": "true",
        "press": "nop",
    }


def _ask_office(office: str) -> Callable[[World, str], dict[str, Any]]:
    def content(world: World, state: str) -> dict[str, Any]:
        label = next(k for k, one in offices_to_ask(DAY).items() if one.pk == world.offices[office].pk)
        return {"office": label, "question": "Đề nghị cho ý kiến.", "due": ""}

    return content


def _part(world: World, state: str) -> dict[str, Any]:
    """Return a part of the open sheet as the editor's page shows it."""
    url = reverse("catalogue:part", args=[world.sheets["writing"].pk, "ten"])
    with taken_back():
        return filled_in(world.browser("editor").get(url).content.decode())


Content = Callable[[World, str], dict[str, Any]]
LEVEL = {"viec": "muc-do", "level": "2011-3", "reason": "Còn trả kết quả tại quầy"}
ELIGIBLE = {
    "viec": "dieu-kien",
    "eligible": "co",
    "why": "Đủ bước",
    "basis": "12/BB-VP",
    "from": "10/05/2022",
}
DECISION = {"number": "915/QĐ-UBND", "date": "09/05/2022", "day": "01/06/2022"}
AIM = {"month": "05/2022", "count": "1.200", "share": "30", "number": "51/KH-UBND", "date": "09/05/2022"}
NEW_PROCEDURE = {
    "code": "9.000009",
    "name": "Thủ tục cấp giấy thử",
    "field": "Hộ tịch",
    "responsible": "Sở Tư pháp",
    "level-commune": "1",
    "online": "4",
    "basis": "915/QĐ-UBND",
}
CONTENTS: dict[tuple[str, str], Content] = {
    ("account_login", "wrong password"): lambda w, s: {"login": "lan", "password": "khong-dung"},
    ("mfa_authenticate", "a code"): lambda w, s: {"code": "123456"},
    ("portal:verify", "a paper"): _file,
    ("catalogue:words", "a word"): lambda w, s: {"said": "giấy đẻ", "means": "đăng ký khai sinh"},
    ("catalogue:new", "a new one"): lambda w, s: NEW_PROCEDURE,
    ("catalogue:copy", "a copy"): lambda w, s: {"code": "9.000008", "name": "Thủ tục cấp giấy thử"},
    ("catalogue:end", "a decision"): lambda w, s: DECISION,
    ("catalogue:level", "a level"): lambda w, s: {
        **LEVEL,
        **DECISION,
        "seen": ServiceLevel.objects.get(procedure__code=PROCEDURE).pk,
    },
    ("catalogue:level", "eligible"): lambda w, s: ELIGIBLE,
    ("catalogue:import_see", "a note"): lambda w, s: {"note": "Đã hỏi bộ."},
    ("catalogue:part", "as it was shown"): _part,
    ("catalogue:act", "tra-lai"): lambda w, s: {"note": "Xem lại thời hạn."},
    ("catalogue:act", "duyet"): lambda w, s: {"revision": w.sheets[s].revision},
    ("catalogue:act", "cong-bo"): lambda w, s: DECISION,
    **scores.CONTENTS,
    **declared.CONTENTS,
    **published.CONTENTS,
    **dict(steering.of("CONTENTS")),
    ("measures:dti_import", "a table"): lambda w, s: {"file": File(scores.TABLE)},
    ("measures:set_target", "one that is set"): lambda w, s: AIM,
    ("measures:set_target", "a new one"): lambda w, s: {**AIM, "code": PROCEDURE},
    ("measures:copy_targets", "others than seen"): lambda w, s: {**AIM, "seen": "999999999"},
    ("measures:copy_targets", "a decision"): lambda w, s: {**AIM, "seen": str(_target(w))},
    ("dossiers:supply", "a word"): lambda w, s: {"note": "Đã chụp lại."},
    ("dossiers:supply", "a file"): _file,
    ("dossiers:draft_page", "office"): _office,
    ("dossiers:draft_page", "remove a file"): _remove,
    ("dossiers:draft_page", "check"): lambda w, s: {"declared": "1", "key": "k" * 20},
    ("dossiers:upload", "a file"): _file,
    ("dossiers:reuse", "an own paper"): lambda w, s: _again(_own_paper(w)),
    ("dossiers:reuse", "an own result"): lambda w, s: _again(w.dossiers["issued"].result.token),
    ("dossiers:reuse", "no paper chosen"): lambda w, s: _again(_own_paper(w), ""),
    ("dossiers:reuse", "no such paper"): lambda w, s: _again(NO_TOKEN),
    ("dossiers:reuse", "a sent draft"): lambda w, s: _again(_own_paper(w)),
    ("dossiers:propose", "a result"): _result,
    ("dossiers:extend", "a new due moment"): _new_moment("due_at", day="27/05/2022", clock="17 giờ"),
    ("dossiers:correct", "the true moment"): _new_moment(
        "ended_at", day="10/05/2022", clock="10 giờ 30", document="07/BB-UBND"
    ),
    ("dossiers:ask_opinion", "another office"): _ask_office("elsewhere"),
    ("dossiers:ask_opinion", "an office that has not answered yet"): _ask_office("asked"),
    ("dossiers:answer_opinion", "an answer"): lambda w, s: {"agrees": "co", "answer": "Nhất trí."},
    ("dossiers:intake_page", "begun"): _take_in,
    ("dossiers:intake_page", "fresh"): lambda w, s: {"press": "nop", "ban": w.version.pk},
    ("dossiers:act", "bo-sung"): _defect,
    ("dossiers:act", "tu-choi"): _defect,
    ("dossiers:act", "tra-lai"): _defect,
    ("dossiers:act", "tra-ket-qua"): lambda w, s: {"to": "Trần Thị Lan Thử"},
}


class _Form(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.data: dict[str, Any] = {}
        self._area = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        name, value = said.get("name") or "", said.get("value") or ""
        if tag == "input" and name and (said.get("type") not in {"radio", "checkbox"} or "checked" in said):
            self.data[name] = value
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in said:
            self.data[self._select] = value
        elif tag == "textarea":
            self._area = name
            self.data[name] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.data[self._area] += data.removeprefix("\n") if not self.data[self._area] else data


def filled_in(page: str) -> dict[str, Any]:
    """Return what a browser would send from the forms of a page as it came."""
    form = _Form()
    form.feed(page)
    form.close()
    return form.data


# --- the answer ---


@dataclass(frozen=True)
class Answer:
    """What came of a question. ``response`` None: the view broke."""

    outcome: str
    response: Any


def ask(world: World, role: str, method: str, sent: Question) -> Answer:
    """Ask as the role, and take everything back."""
    browser = world.browser(role)
    with taken_back(), watched() as wrote:
        try:
            with _silent():
                response = (
                    browser.generic(method, sent.url)
                    if method not in {"GET", "POST"}
                    else (browser.post(sent.url, sent.fresh()) if method == "POST" else browser.get(sent.url))
                )
        except Exception as error:  # noqa: BLE001 - whatever breaks is an answer of the table
            return Answer(f"broke: {type(error).__name__}: {error}", None)
        changed = sorted(changes(world)) if wrote else []
        return Answer(_outcome(response, changed), response)


@contextmanager
def _silent() -> Iterator[None]:
    """Let the log be quiet about pages that are not there."""
    logging.disable(logging.ERROR)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def _outcome(response: Any, changed: list[str]) -> str:
    status = response.status_code
    known = {404: matrix.NOT_THERE, 403: matrix.FORBIDDEN, 405: matrix.NO_METHOD}
    if status in known:
        return known[status] if not changed else f"{known[status]}, but changed {changed}"
    if status == 422:
        return matrix.KEPT if changed else matrix.TOLD
    if status == 200:
        return matrix.DONE if changed else matrix.PAGE
    if status != 302:
        return f"{status}"
    if response["Location"].startswith(reverse(settings.LOGIN_URL)):
        return matrix.SIGN_IN if not changed else f"{matrix.SIGN_IN}, but changed {changed}"
    if changed:
        return matrix.DONE
    return matrix.NOTHING if list(get_messages(response.wsgi_request)) else matrix.LEADS_ON


@contextmanager
def watched() -> Iterator[list[str]]:
    """Gather the statements that might change a row."""
    wrote: list[str] = []

    def look(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        words = sql if isinstance(sql, str) else str(sql)
        if not _ONLY_READS.match(words) and not any(f'"{table}"' in words for table in NO_ROWS):
            wrote.append(words)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield wrote


def fingerprint() -> dict[str, str]:
    """Return a hash of the rows of every table but sessions and the cache."""
    tables = sorted(
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.db_table not in NO_ROWS
    )
    one = "select '{0}', md5(coalesce(string_agg(x::text, '|' order by x::text), '')) from {0} x"
    with connection.cursor() as cursor:
        cursor.execute(" union all ".join(one.format(table) for table in tables))
        return dict(cursor.fetchall())


def changes(world: World) -> set[str]:
    """Return the tables whose rows are not what they were when the world was made."""
    return {table for table, rows in fingerprint().items() if world.rows[table] != rows}


def remember(world: World) -> None:
    """Keep what the rows are now, to compare with."""
    world.rows = fingerprint()
