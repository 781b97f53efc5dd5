"""One small province in which dossiers stand in every state, and everybody who might knock at an address.

It is built by the real services, once for a file of tests, inside one transaction; every question is asked inside a
savepoint that is taken back afterwards, so that questions neither see nor disturb one another.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.test import Client

from tinhso.catalogue import api as catalogue
from tinhso.catalogue.models import Procedure, SheetDraft, SheetRecord
from tinhso.catalogue.services.publish import SHEETS
from tinhso.catalogue.services.review_draft import approve_draft
from tinhso.catalogue.services.see_record import see_record
from tinhso.catalogue.services.write_draft import open_draft, save_draft, send_to_review
from tinhso.catalogue.tests.office import made_whole
from tinhso.catalogue.tests.samples import answers
from tinhso.directory.api import SYSTEM, Account, Actor, Delegation, Office, OfficeKind, Post, Role, actor_of
from tinhso.directory.tests.factories import DAY, OPENED, make_actor, make_cast, make_office
from tinhso.documents.api import PDF, StoredFile, Upload, draw_pdf, store
from tinhso.dossiers import api
from tinhso.dossiers.models import Dossier, Draft, Paper, Slip
from tinhso.measures.models import UseTarget
from tinhso.measures.services.set_target import Aim, Decision, set_target
from tinhso.signatures.api import prepare
from tinhso.toolkit.clock import VN

PROCEDURE = "1.001193"
NINE = dt.datetime(2022, 5, 10, 9, 0, tzinfo=VN)
#: The moment of every question.
NOON = dt.datetime(2022, 5, 10, 11, 0, tzinfo=VN)
PAPER = "<!DOCTYPE html><html lang='vi'><title>Giấy</title><body>{}</body></html>"
EXPLANATION = "Chụp lại trang 2, thấy đủ bốn góc giấy."
DEFECT = api.Defect("C-SCAN-UNCLEAR", "Ảnh mờ, hãy chụp lại đủ bốn góc.", detail="Trang 2 bị mờ.")

#: The key under which a clerk takes a dossier in, and one that nobody used.
COUNTER_KEY, FRESH_KEY = "k" * 22, "f" * 22
#: Nobody; and a counter clerk whose account was disabled while a browser was still open.
OUTSIDE = ("anonymous", "disabled")
PARTIES = ("owner", "submitter", "helper")
#: People who hold no post today. The last two were officers: a post that ended, a post without a one-time code.
CITIZENS = ("stranger", *PARTIES, "former_clerk", "clerk_without_code")
HERE = ("clerk", "second_clerk", "specialist", "leader", "seals", "deputy")
ELSEWHERE = ("clerk_elsewhere", "specialist_elsewhere", "leader_elsewhere", "seals_elsewhere")
ASKED = ("specialist_asked", "leader_asked")
ASKED_ONLY_BY_NAME = ("clerk_asked", "seals_asked")
#: Who keeps the catalogue of procedures; they read no dossier.
KEEPERS = ("editor", "reviewer")
#: Who promotes use; they read no dossier.
PROMOTERS = ("promoter",)
#: Who makes publications, and who approves them; they read no dossier.
STATISTICIANS = ("statistician", "figures_approver")
#: The committee's desk: who oversees every office; who plans, reports and signs for the bureau, and for another one.
STEERERS_OF_ALL = ("chair", "secretary", "plan_appraiser", "budget_officer", "inspector")
STEERED = ("planner", "head")
STEERED_ELSEWHERE = ("planner_elsewhere", "head_elsewhere")
#: Whoever leads any office comes in too.
LEAD_AN_OFFICE = ("leader", "deputy", "leader_elsewhere", "leader_asked")
AT_THE_DESK = (*STEERERS_OF_ALL, *STEERED, *STEERED_ELSEWHERE, *LEAD_AN_OFFICE)
OFFICERS = (
    *(*HERE, *ELSEWHERE, *ASKED, *ASKED_ONLY_BY_NAME, "inspector", "administrator", *KEEPERS),
    *PROMOTERS,
    *STATISTICIANS,
    *("chair", "secretary", "plan_appraiser", "budget_officer"),
    *STEERED,
    *STEERED_ELSEWHERE,
)
ROLES = (*OUTSIDE, *CITIZENS, *OFFICERS)

BEFORE_ACCEPTANCE = ("submitted", "incomplete", "refused")
#: Accepted, and an opinion of another office is awaited.
WITH_OPINION = (
    "in_progress",
    "paused",
    "awaiting_unread",
    "awaiting_signature",
    "signed",
    "issued",
    "rejected",
)
WITH_RESULT = ("awaiting_unread", "awaiting_signature", "signed", "issued", "handed_over")
#: ``awaiting_unread``: before the leader, who has not opened the draft yet.
#: Enough where the state only decides whether there is a result.
SOME_STATES = ("submitted", "paused", "awaiting_unread", "issued")
STATES = (*BEFORE_ACCEPTANCE, "in_progress", "paused", *WITH_RESULT, "rejected", "withdrawn")


#: The imported sheets, by line: one to look at, one that somebody has looked at.
NEW, SEEN = 1, 2
#: The sheets in the catalogue's office, by state: whose they are.
SHEET_OF = {"writing": "1.004873", "in_review": "3.000333", "approved": "2.000815"}


@dataclass
class World:
    """What there is: actors by role, dossiers by state, drafts, slips, papers; ``rows`` is a hash of each table."""

    actors: dict[str, Actor]
    offices: dict[str, Office]
    version: catalogue.ProcedureVersion
    paper_file: StoredFile
    other_paper: bytes
    dossiers: dict[str, Dossier] = field(default_factory=dict)
    slips: dict[str, Slip] = field(default_factory=dict)
    papers: dict[str, Paper] = field(default_factory=dict)
    drafts: dict[str, Draft] = field(default_factory=dict)
    sheets: dict[str, SheetDraft] = field(default_factory=dict)
    target: UseTarget | None = None
    sessions: dict[str, str] = field(default_factory=dict)
    rows: dict[str, str] = field(default_factory=dict)

    def browser(self, role: str) -> Client:
        """Return a browser in which the role is signed in, as it was when the world was made."""
        client = Client()
        if role in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[role]
        return client


@contextmanager
def taken_back() -> Iterator[None]:
    """Undo whatever happens inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def build() -> World:
    """Make everything, inside the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("set local transaction_timeout = 0")
    actors, offices = _people()
    catalogue.import_sheet(SHEETS / f"{PROCEDURE}.json", by=SYSTEM, at=NINE)
    Procedure.objects.update(is_listed=True, life_events=["co-con-nho"])
    version = catalogue.current(PROCEDURE, DAY)
    paper = store(draw_pdf(PAPER.format("Giấy chứng sinh thử")), media_type=PDF, at=NINE, pages=1)
    world = World(actors, offices, version, paper, draw_pdf(PAPER.format("Giấy khác")))
    _dossiers(world)
    _drafts(world)
    _sheets(world)
    _records(world)
    world.target = _target(world)
    catalogue.load_search_words()
    catalogue.record_search_miss("việc chưa ai biết", on=DAY)
    sign_in(world)
    return world


def _people() -> tuple[dict[str, Actor], dict[str, Office]]:
    cast = make_cast()
    here, there = cast.commune, cast.elsewhere
    asked = make_office("UBND xã Hải Nam", OfficeKind.COMMUNE, "000.17.33.H40", there.parent)
    keeping = make_office("Văn phòng Ủy ban nhân dân tỉnh", OfficeKind.DEPARTMENT, "000.00.01.H40")
    clerk, specialist, leader, seals = Role.COUNTER_CLERK, Role.SPECIALIST, Role.LEADER, Role.SEAL_CLERK
    actors = {
        "stranger": cast.binh,
        "owner": cast.lan,
        "submitter": make_actor("nam", "Phạm Nam Giả Định"),
        "helper": make_actor("mai", "Vũ Mai Ví Dụ"),
        "clerk": cast.minh,
        "second_clerk": make_actor("nhan", "Đỗ Nhàn Ví Dụ", (here, clerk, "Công chức một cửa")),
        "specialist": cast.son,
        "leader": cast.hoa,
        "seals": cast.thu,
        "clerk_elsewhere": cast.tam,
        "specialist_elsewhere": make_actor("tien", "Lê Tiến Nháp", (there, specialist, "Công chức")),
        "leader_elsewhere": make_actor("thanh", "Ngô Thanh Mẫu", (there, leader, "Chủ tịch")),
        "seals_elsewhere": make_actor("thao", "Bùi Thảo Thử", (there, seals, "Văn thư")),
        "clerk_asked": make_actor("yen", "Đỗ Yến Họa", (asked, clerk, "Công chức một cửa")),
        "specialist_asked": make_actor("y", "Lê Ý Minh Họa", (asked, specialist, "Công chức địa chính")),
        "leader_asked": make_actor("uyen", "Vũ Uyên Nháp", (asked, leader, "Chủ tịch")),
        "seals_asked": make_actor("ut", "Ngô Út Mẫu", (asked, seals, "Văn thư")),
        "inspector": cast.an,
        "administrator": cast.quan,
        "disabled": make_actor("dat", "Trịnh Đạt Thử", (here, clerk, "Công chức một cửa")),
        "former_clerk": make_actor("phai", "Trịnh Phái Thử", (here, clerk, "Công chức một cửa")),
        "clerk_without_code": make_actor("khoa", "Lê Khoa Thử", (here, clerk, "Công chức một cửa")),
        "deputy": make_actor("pho", "Đinh Phó Ví Dụ"),
        "editor": make_actor("bien", "Lý Biên Ví Dụ", (keeping, Role.CATALOGUE_EDITOR, "Biên tập danh mục")),
        "reviewer": make_actor("duyet", "Tô Duyệt Thử", (keeping, Role.CATALOGUE_REVIEWER, "Duyệt danh mục")),
        "promoter": make_actor("oanh", "Kiều Oanh Nháp", (keeping, Role.PROMOTER, "Thúc đẩy sử dụng")),
        "statistician": make_actor(
            "ngan", "Vương Ngân Mẫu", (keeping, Role.STATISTICIAN, "Tổng hợp số liệu")
        ),
        "figures_approver": make_actor(
            "tham", "Nghiêm Thắm Giả Định", (keeping, Role.FIGURES_APPROVER, "Phó Chánh Văn phòng")
        ),
    }
    province, bureau, other = (
        here.parent.parent if here.parent else None,
        *(
            make_office(name, OfficeKind.DEPARTMENT, code, here.parent.parent if here.parent else None)
            for name, code in (("Sở Giáo dục và Đào tạo", "000.00.15.H40"), ("Sở Tài chính", "000.00.05.H40"))
        ),
    )
    assert province is not None
    actors |= {
        role: make_actor(username, name, (office, held, title))
        for role, username, name, office, held, title in (
            ("chair", "thinh", "Trưởng Thịnh Minh Họa", province, Role.COMMITTEE_CHAIR, "Trưởng ban"),
            ("secretary", "dinh", "Đinh Định Giả Định", keeping, Role.COMMITTEE_SECRETARY, "Thư ký"),
            ("plan_appraiser", "luong", "Lương Thẩm Mẫu", keeping, Role.PLAN_APPRAISER, "Thẩm định"),
            ("budget_officer", "kim", "Kim Ngân Thử", other, Role.BUDGET_OFFICER, "Chuyên viên"),
            ("planner", "du", "Trần Thí Dụ", bureau, Role.PLANNER, "Chuyên viên"),
            ("head", "dien", "Nguyễn Điển Hình", bureau, Role.LEADER, "Giám đốc"),
            ("planner_elsewhere", "su", "Ngô Giả Sử", other, Role.PLANNER, "Chuyên viên"),
            ("head_elsewhere", "truong", "Vũ Trưởng Nháp", other, Role.LEADER, "Giám đốc"),
        )
    }
    former, keyless, deputy = (actors[k] for k in ("former_clerk", "clerk_without_code", "deputy"))
    Post.objects.filter(person_id=former.person_id or 0).update(valid_to=DAY - dt.timedelta(days=1))
    Authenticator.objects.filter(user_id=keyless.account_id).delete()
    Authenticator.objects.create(user_id=deputy.account_id, type="totp", data={"secret": "A" * 32})
    Delegation.objects.create(
        post=Post.objects.get(person_id=cast.hoa.person_id or 0),
        to_person_id=deputy.person_id or 0,
        valid_from=OPENED,
        valid_to=DAY,
        decision="Giấy ủy quyền thử",
    )
    return {role: actor_of(one.account_id or 0, DAY) for role, one in actors.items()}, {
        "here": here,
        "elsewhere": there,
        "asked": asked,
        "province": province,
        "keeping": keeping,
        "bureau": bureau,
        "other": other,
    }


def make_filing(world: World) -> api.Filing:
    """Return a filing with an owner, a submitter and a helper who are three people."""
    who, said = world.actors, answers(PROCEDURE)
    owner = api.Party(who["owner"].name, who["owner"].person_id, "036190000001", "0912000111", "Thôn Mẫu")
    return api.Filing(
        version=world.version,
        case_key=catalogue.case_of(world.version, said, DAY).key,
        channel="online",
        office=world.offices["here"],
        owner=owner,
        submitter=api.Party(who["submitter"].name, who["submitter"].person_id),
        helper_person_id=who["helper"].person_id,
        answers=said,
        files=[api.SentFile("chung-sinh", world.paper_file, "giay-chung-sinh.pdf")],
        fee_vnd=0,
        summary="Đăng ký khai sinh",
    )


def wanted_papers(world: World) -> list[str]:
    """Return the keys of the papers of which the filing wants a file."""
    papers = catalogue.papers(world.version, answers(PROCEDURE), DAY)
    return [paper.key for paper in papers if paper.is_required and paper.kind != "state_has"]


def submitted(world: World) -> str:
    """Submit a dossier and return its tracking code."""
    filing = make_filing(world)
    return api.submit(by=world.actors["submitter"], at=NINE, key=uuid4().hex, filing=filing).tracking_code


def accepted(world: World) -> str:
    """Submit and accept a dossier on which another office answered once and is asked again."""
    who, code = world.actors, submitted(world)
    api.accept(by=who["clerk"], at=NINE, tracking_code=code)
    for answer in ("Nhất trí với đề nghị.", ""):
        opinion = api.ask_opinion(
            by=who["specialist"],
            at=NINE,
            tracking_code=code,
            office=world.offices["asked"],
            question="Đề nghị cho biết ý kiến.",
            due_at=None,
        )
        if answer:
            api.answer_opinion(
                by=who["specialist_asked"],
                at=NINE,
                tracking_code=code,
                opinion_id=opinion.pk,
                agrees=True,
                answer=answer,
            )
    return code


def result_html(world: World, fields: dict[str, Any]) -> str:
    """Return the paper that the fields make."""
    html: str = catalogue.result_html(
        world.version,
        fields,
        answers(PROCEDURE),
        office=world.offices["here"],
        signer=catalogue.Signer(world.actors["leader"].name, "Chủ tịch"),
        on=DAY,
        is_demo=False,
    )
    return html


def proposed(world: World, draft: StoredFile, fields: dict[str, Any]) -> str:
    """Bring a dossier before the leader."""
    code = accepted(world)
    api.propose(
        by=world.actors["specialist"],
        at=NINE,
        tracking_code=code,
        fields=fields,
        proposal="Đủ điều kiện, đề nghị ký.",
        draft=draft,
    )
    return code


def signed(world: World, code: str, *, issue: bool = False, hand_over: bool = False) -> str:
    """Let the leader read and sign; then the clerk of seals and the counter, where asked."""
    who = world.actors
    api.mark_read(by=who["leader"], at=NINE, tracking_code=code)
    api.sign(by=who["leader"], at=NINE, tracking_code=code)
    if issue:
        api.issue(by=who["seals"], at=NINE, tracking_code=code)
    if hand_over:
        api.hand_over(by=who["clerk"], at=NINE, tracking_code=code, to=who["owner"].name)
    return code


def _dossiers(world: World) -> None:
    who = world.actors
    fields = catalogue.draft_result(world.version, answers(PROCEDURE))
    draft = store(prepare(draw_pdf(result_html(world, fields))), media_type=PDF, at=NINE, pages=1)
    ask: dict[str, Any] = {"defects": [DEFECT], "explanation": EXPLANATION}
    refuse: dict[str, Any] = {"ground": DEFECT, "explanation": EXPLANATION}
    codes = {name: submitted(world) for name in BEFORE_ACCEPTANCE}
    codes |= {
        name: accepted(world) for name in ("in_progress", "paused", "supplied", "rejected", "withdrawn")
    }
    codes |= {name: proposed(world, draft, fields) for name in WITH_RESULT}
    api.ask_for_papers(by=who["clerk"], at=NINE, tracking_code=codes["incomplete"], **ask)
    api.refuse(by=who["clerk"], at=NINE, tracking_code=codes["refused"], **refuse)
    api.ask_for_papers(by=who["specialist"], at=NINE, tracking_code=codes["paused"], **ask)
    api.refuse(by=who["specialist"], at=NINE, tracking_code=codes["rejected"], **refuse)
    api.withdraw(by=who["owner"], at=NINE, tracking_code=codes["withdrawn"], reason="Không cần nữa.")
    api.mark_read(by=who["leader"], at=NINE, tracking_code=codes["awaiting_signature"])
    api.ask_for_papers(by=who["specialist"], at=NINE, tracking_code=codes["supplied"], **ask)
    api.supply(by=who["owner"], at=NINE, tracking_code=codes["supplied"], files=(), note="Đã chụp lại.")
    signed(world, codes["signed"])
    signed(world, codes["issued"], issue=True)
    signed(world, codes["handed_over"], issue=True, hand_over=True)
    due_at = Dossier.objects.get(tracking_code=codes["signed"]).due_at
    assert due_at is not None
    api.extend(
        by=who["leader"],
        at=NINE,
        tracking_code=codes["signed"],
        seen=due_at,
        to=dt.datetime(2022, 5, 20, 17, 0, tzinfo=VN),
        reason=EXPLANATION,
    )
    for state, code in codes.items():
        dossier = world.dossiers[state] = Dossier.objects.get(tracking_code=code)
        assert dossier.state == {"awaiting_unread": "awaiting_signature", "supplied": "in_progress"}.get(
            state, state
        )
        world.papers[state] = dossier.papers.get()
    # One of them was taken again from an earlier dossier, and says so wherever it is shown.
    Paper.objects.filter(pk=world.papers["paused"].pk).update(taken_from=world.dossiers["handed_over"])
    for state, form in (("issued", "01"), ("paused", "02"), ("rejected", "03"), ("signed", "04")):
        slip = world.dossiers[state].slips.get(form=form)
        world.slips[form] = api.draw_slip(
            slip, at=NINE, address="http://testserver/", phone="0228 000 1022", is_demo=False
        )


def _drafts(world: World) -> None:
    """Make a whole draft of the owner's that could be sent, one that was sent, and one of a clerk's at the counter."""
    owner = world.actors["owner"]
    clerk, here = world.actors["clerk"], world.offices["here"]
    world.drafts["counter"] = api.start_intake(
        by=clerk, at=NINE, key=COUNTER_KEY, version=world.version, office=here
    )
    api.save_draft(by=clerk, at=NINE, token=COUNTER_KEY, typed=answers(PROCEDURE))
    for name in ("open", "sent"):
        draft = api.start_draft(by=owner, at=NINE, version=world.version, office=world.offices["here"])
        api.save_draft(
            by=owner,
            at=NINE,
            token=draft.token,
            typed={},
            answers=answers(PROCEDURE),
            office=world.offices["here"],
        )
        upload = Upload(world.paper_file, "giay-chung-sinh.pdf", "", was_photo=False)
        for paper in wanted_papers(world):
            api.add_file(by=owner, at=NINE, token=draft.token, paper_key=paper, upload=upload, max_files=3)
        draft.refresh_from_db()
        world.drafts[name] = draft
    api.submit_draft(
        by=owner, at=NINE, key=uuid4().hex, draft=world.drafts["sent"], filing=make_filing(world)
    )


def _sheets(world: World) -> None:
    """Let three sheets be written in the catalogue's office: one is open, one waits for a review, one is approved."""
    editor, reviewer = world.actors["editor"], world.actors["reviewer"]
    for state, code in SHEET_OF.items():
        catalogue.import_sheet(SHEETS / f"{code}.json", by=SYSTEM, at=NINE)
        draft = open_draft(by=editor, at=NINE, code=code)
        draft = save_draft(
            by=editor,
            at=NINE,
            draft=draft.pk,
            revision=draft.revision,
            sheet=made_whole(draft.sheet),
            part="noi-lam",
        )
        if state != "writing":
            send_to_review(by=editor, at=NINE, draft=draft.pk)
        if state == "approved":
            approve_draft(by=reviewer, at=NINE, draft=draft.pk, revision=draft.revision)
        world.sheets[state] = draft


def _records(world: World) -> None:
    """Keep two imported sheets that could not be taken: one is new, one was seen by the reviewer."""
    for line in (NEW, SEEN):
        SheetRecord.objects.create(
            code=PROCEDURE,
            name="Thủ tục thử",
            shape="word",
            source="bang.jsonl",
            line=line,
            outcome="listed",
            reason="Dòng bị cắt giữa chừng.",
            content_hash=str(line),
            raw={},
            imported_at=NINE,
        )
    number = SheetRecord.objects.get(line=SEEN).pk
    see_record(by=world.actors["reviewer"], at=NINE, number=number, note="Đã xem bản giấy.")


def _target(world: World) -> UseTarget:
    """Set a target of use for the month."""
    aim = Aim(DAY.replace(day=1), None, "", 40, None)
    return set_target(
        by=world.actors["promoter"], at=NINE, aim=aim, decision=Decision("45/KH-UBND", DAY.replace(day=4))
    )


def sign_in(world: World) -> None:
    """Let everybody sign in; then disable the account that is disabled."""
    for role, actor in world.actors.items():
        client = Client()
        client.force_login(Account.objects.get(pk=actor.account_id or 0))
        world.sessions[role] = client.cookies[settings.SESSION_COOKIE_NAME].value
        assert SessionStore(world.sessions[role]).exists(world.sessions[role])
    Account.objects.filter(pk=world.actors["disabled"].account_id or 0).update(is_active=False)
