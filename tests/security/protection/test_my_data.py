"""A person reads, takes away and corrects one's own data, and nobody else's."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO

import pytest
from django.test import Client

from tests.authorisation.world import NOON, World
from tinhso.directory.api import (
    ANYBODY,
    CannotCorrect,
    LookKind,
    answer_correction,
    ask_correction,
    withdraw_correction,
)
from tinhso.directory.models import Change, DataRequest, Person, SignInTried
from tinhso.documents.api import path_of, read
from tinhso.dossiers.api import note_look
from tinhso.dossiers.models import Paper
from tinhso.journal.models import Entry
from tinhso.portal.services.write_my_data import write_my_data
from tinhso.toolkit.policy import NotThere

pytestmark = pytest.mark.django_db
SECRET = "Thôn Mười Bốn Riêng Tư"


@pytest.fixture(autouse=True)
def person(world: World) -> Person:
    """Give the owner an identity, a home and a commune."""
    here = world.offices["here"]
    Person.objects.filter(pk=world.actors["owner"].person_id or 0).update(
        identity_number="036190000001", phone="0912000111", address=SECRET, commune=here
    )
    return Person.objects.get(pk=world.actors["owner"].person_id or 0)


def taken_away(world: World, role: str) -> zipfile.ZipFile:
    answer = world.browser(role).get("/cua-toi/du-lieu/tai-ve/")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    return zipfile.ZipFile(BytesIO(answer.getvalue()))


def ask(world: World, **more: str) -> DataRequest:
    said = {"field": "name", "wanted": "Trần Thị Lan Anh", "said": "Ghi thiếu chữ, theo căn cước", **more}
    return ask_correction(by=world.actors["owner"], at=NOON, office=world.offices["here"].pk, **said)


def test_the_page_says_what_is_held_and_who_looked(world: World) -> None:
    clerk = world.actors["clerk"]
    dossier = world.dossiers["issued"]
    note_look(by=clerk, at=NOON, named_by="code", name=dossier.tracking_code, kind=LookKind.PAPER)
    page = world.browser("owner").get("/cua-toi/du-lieu/").content.decode()
    for words in ("036190000001", SECRET, clerk.name, str(dossier), "Xem giấy tờ", "2 năm."):
        assert words in page, words
    other = world.browser("stranger").get("/cua-toi/du-lieu/").content.decode()
    for words in ("036190000001", SECRET, clerk.name, str(dossier)):
        assert words not in other, words


def test_the_file_holds_everything_of_the_person_and_every_paper(world: World) -> None:
    SignInTried.objects.create(
        account_id=world.actors["owner"].account_id or 0, at=NOON, outcome="signed_in", address="10.1.2.3"
    )
    whole = taken_away(world, "owner")
    assert {"du-lieu.html", "du-lieu.json"} <= set(whole.namelist())
    data = json.loads(whole.read("du-lieu.json"))
    assert data["nguoi"]["so_giay_to"] == "036190000001"
    assert data["tai_khoan"]["lan_thu_dang_nhap"][0]["dia_chi_mang"] == "10.1.2.3"
    mine = [one for one in world.dossiers.values() if one.owner_person_id == world.actors["owner"].person_id]
    assert {one["ma_tra_cuu"] for one in data["ho_so"]} >= {one.tracking_code for one in mine}
    assert all(one["tra_loi"] for one in data["ho_so"])
    for dossier in mine:
        papers = Paper.objects.filter(dossier=dossier).order_by("pk").select_related("file")
        for n, paper in enumerate(papers, start=1):
            kept = whole.read(f"ho-so/{dossier.tracking_code}/giay-{n:02}.pdf")
            assert kept == read(paper.file)
    page = whole.read("du-lieu.html").decode()
    for one in data["ho_so"]:
        for file in one["tep"]:
            assert file["o"] in whole.namelist()
            assert f'href="{file["o"]}"' in page
    assert len(data["ban_nhap"]) == 1


def test_who_only_sent_a_dossier_takes_none_of_its_answers_and_papers_away(world: World) -> None:
    whole = taken_away(world, "submitter")
    data = json.loads(whole.read("du-lieu.json"))
    assert data["ho_so"]
    assert not [one for one in data["ho_so"] if one["tra_loi"] or one["tep"]]
    assert "036190000001" not in json.dumps(data)
    assert set(whole.namelist()) == {"du-lieu.html", "du-lieu.json"}
    with pytest.raises(NotThere):
        write_my_data(by=ANYBODY, at=NOON)


def test_a_lost_paper_does_not_stop_the_file(world: World) -> None:
    path_of(world.paper_file).unlink()
    whole = taken_away(world, "owner")
    lost = [name for name in whole.namelist() if name.endswith("giay-01.pdf.txt")]
    assert lost
    assert "không còn đọc được" in whole.read(lost[0]).decode()


def test_the_clerk_of_the_commune_corrects_and_both_values_stand_in_the_history(
    world: World, person: Person
) -> None:
    row = ask(world)
    before = Entry.objects.count()
    answer_correction(by=world.actors["clerk"], at=NOON, request=row.pk, done=True, answer_text="")
    person.refresh_from_db()
    assert (person.name, person.folded) == ("Trần Thị Lan Anh", "tran thi lan anh")
    line = Change.objects.filter(about=f"person:{person.pk}").get()
    assert (line.before, line.after) == ("Trần Thị Lan Thử", "Trần Thị Lan Anh")
    entry = Entry.objects.order_by("-pk")[0]
    assert Entry.objects.count() == before + 1
    assert "Lan" not in entry.body
    with pytest.raises(CannotCorrect):
        answer_correction(by=world.actors["clerk"], at=NOON, request=row.pk, done=True, answer_text="")


def test_a_refusal_gives_its_reason(world: World, person: Person) -> None:
    row = ask(world, field="birth_date", wanted="24/05/1990")
    with pytest.raises(CannotCorrect):
        answer_correction(by=world.actors["clerk"], at=NOON, request=row.pk, done=False, answer_text=" ")
    answer_correction(
        by=world.actors["clerk"], at=NOON, request=row.pk, done=False, answer_text="Mang giấy gốc."
    )
    person.refresh_from_db()
    assert person.birth_date is None
    page = world.browser("owner").get("/cua-toi/du-lieu/").content.decode()
    assert "Mang giấy gốc." in page


def test_nobody_else_answers_and_nobody_answers_oneself(world: World) -> None:
    row = ask(world)
    allowed = {"clerk", "second_clerk", "administrator"}
    for role, actor in world.actors.items():
        if role not in allowed:
            with pytest.raises(NotThere):
                answer_correction(by=actor, at=NOON, request=row.pk, done=True, answer_text="")
        if role != "owner":
            with pytest.raises(NotThere):
                withdraw_correction(by=actor, at=NOON, request=row.pk)
    DataRequest.objects.filter(pk=row.pk).update(person=world.actors["clerk"].person_id)
    with pytest.raises(NotThere):
        answer_correction(by=world.actors["clerk"], at=NOON, request=row.pk, done=True, answer_text="")


@pytest.mark.parametrize(
    ("field", "wanted", "said", "wrong"),
    [
        ("birth_date", "31/02/1990", "căn cước", "wanted"),
        ("sex", "khác", "căn cước", "wanted"),
        ("identity_number", "0361", "căn cước", "wanted"),
        ("identity_number", "036190000001", "căn cước", "wanted"),
        ("name", " ", "căn cước", "wanted"),
        ("name", "Trần Thị Lan Thử", "căn cước", "wanted"),
        ("name", "Trần Lan", " ", "said"),
        ("phone", "0912345678", "số mới", "field"),
    ],
)
def test_what_cannot_be_asked_says_why(world: World, field: str, wanted: str, said: str, wrong: str) -> None:
    with pytest.raises(CannotCorrect) as refused:
        ask(world, field=field, wanted=wanted, said=said)
    assert refused.value.field == wrong


def test_one_correction_of_a_field_waits_at_a_time(world: World) -> None:
    row = ask(world)
    with pytest.raises(CannotCorrect):
        ask(world, wanted="Trần Lan")
    withdraw_correction(by=world.actors["owner"], at=NOON, request=row.pk)
    assert ask(world, wanted="Trần Lan").answer == ""


def test_the_number_of_somebody_else_is_not_taken(world: World) -> None:
    Person.objects.filter(pk=world.actors["stranger"].person_id or 0).update(identity_number="036190000009")
    row = ask(world, field="identity_number", wanted="036190000009")
    with pytest.raises(CannotCorrect):
        answer_correction(by=world.actors["clerk"], at=NOON, request=row.pk, done=True, answer_text="")


def test_asking_and_answering_in_the_browser(world: World, person: Person) -> None:
    owner, clerk = world.browser("owner"), world.browser("clerk")
    here = world.offices["here"].pk
    wrong = owner.post(
        "/cua-toi/du-lieu/sua/", {"field": "name", "wanted": "Trần Lan", "said": "", "office": here}
    )
    assert wrong.status_code == 422
    assert "Trần Lan" in wrong.content.decode()
    said = {"field": "name", "wanted": "Trần Lan", "said": "Theo căn cước", "office": here}
    assert owner.post("/cua-toi/du-lieu/sua/", said).status_code == 302
    row = DataRequest.objects.get()
    listed = clerk.get("/bao-ve-du-lieu/yeu-cau/").content.decode()
    assert "Trần Lan" in listed
    address = f"/bao-ve-du-lieu/yeu-cau/{row.pk}/"
    assert clerk.get(address).status_code == 200
    assert clerk.post(address, {"done": "0", "answer_text": ""}).status_code == 422
    assert clerk.post(address, {"done": "1", "answer_text": "Đã so căn cước."}).status_code == 302
    assert clerk.get(address).status_code == 404
    assert "Đã so căn cước." in owner.get("/cua-toi/du-lieu/").content.decode()
    person.refresh_from_db()
    assert person.name == "Trần Lan"
    assert "Đã so căn cước." in clerk.get("/bao-ve-du-lieu/yeu-cau/?xem=het").content.decode()


def test_holds_in_the_browser(world: World) -> None:
    inspector: Client = world.browser("inspector")
    dossier = world.dossiers["issued"]
    base = {"decision": "15/QĐ-TTr", "reason": "Khiếu nại"}
    for kind, code, status in (
        ("dossier", "000-khong-co", 422),
        ("person", "123", 422),
        ("office", "H40", 422),
        ("dossier", str(dossier), 302),
        ("person", "036 190 000 001", 302),
        ("office", world.offices["here"].code, 302),
        ("dossier", dossier.tracking_code, 422),
    ):
        answer = inspector.post("/bao-ve-du-lieu/tam-giu/", {**base, "kind": kind, "code": code})
        assert answer.status_code == status, (kind, code)
    page = inspector.get("/bao-ve-du-lieu/tam-giu/").content.decode()
    for words in (str(dossier), "…0001", world.offices["here"].name):
        assert words in page
    assert "036190000001" not in page
    pk = world.browser("administrator").get("/bao-ve-du-lieu/tam-giu/").context["holds"][0][0].pk
    address = f"/bao-ve-du-lieu/tam-giu/{pk}/thoi/"
    assert inspector.get(address).status_code == 200
    assert inspector.post(address, {"decision": ""}).status_code == 422
    assert inspector.post(address, {"decision": "20/QĐ-TTr"}).status_code == 302
    assert inspector.get(address).status_code == 404
    assert "20/QĐ-TTr" in inspector.get("/bao-ve-du-lieu/tam-giu/?xem=het").content.decode()


def test_the_register_is_whole_for_who_protects_and_plain_for_everybody(world: World) -> None:
    for role in ("inspector", "administrator"):
        browser = world.browser(role)
        assert "dossiers_dossier" in browser.get("/bao-ve-du-lieu/").content.decode()
        sheet = browser.get("/bao-ve-du-lieu/so-dang-ky.csv").content.decode("utf-8-sig")
        data = browser.get("/bao-ve-du-lieu/so-dang-ky.json").json()
        assert len(sheet.strip().splitlines()) == len(data["xu_ly"]) + 1
        assert browser.get("/bao-ve-du-lieu/da-xoa/").status_code == 200
    page = world.browser("anonymous").get("/du-lieu-ca-nhan/").content.decode()
    for words in ("Giải quyết thủ tục hành chính", "20 năm", "số giấy tờ tùy thân", "86/2015/QH13"):
        assert (words in page) is (words != "20 năm"), words
    assert "dossiers_dossier" not in page
