"""Ask once: what a person gave or was given is offered again, by reference and with its source."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from tinhso.catalogue import api as catalogue
from tinhso.directory.api import SYSTEM, Actor, one_stamp
from tinhso.directory.tests.factories import DAY, Cast, make_actor
from tinhso.documents.api import PDF, StoredFile, Upload, draw_pdf, store
from tinhso.dossiers import api
from tinhso.dossiers.models import Dossier, Draft, DraftFile, Paper, Result
from tinhso.dossiers.queries.own_papers import MOST, own_papers
from tinhso.dossiers.tests.desk import browser
from tinhso.dossiers.tests.factories import NINE
from tinhso.toolkit import clock
from tinhso.toolkit.policy import NotThere

BIRTH, SINGLE, RECORD = "1.001193", "1.004873", "3.000333"
LATER = NINE + dt.timedelta(days=2)


@pytest.fixture(autouse=True)
def _two_days_later(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    monkeypatch.setattr(clock, "now", lambda: LATER)
    catalogue.import_sheets(by=SYSTEM, at=NINE)


def answers(code: str) -> dict[str, Any]:
    return catalogue.sample_of(catalogue.current(code, DAY)).answers


def paper(words: str) -> StoredFile:
    return store(
        draw_pdf(f'<html lang="vi"><title>{words}</title><p>{words}</p>'), media_type=PDF, at=NINE, pages=1
    )


def filing(cast: Cast, code: str, files: list[api.SentFile], owner: Actor | None = None) -> api.Filing:
    version, said = catalogue.current(code, DAY), answers(code)
    party = api.Party((owner or cast.lan).name, (owner or cast.lan).person_id)
    return api.Filing(
        version=version,
        case_key=catalogue.case_of(version, said, DAY).key,
        channel="online",
        office=cast.commune,
        owner=party,
        submitter=party,
        helper_person_id=None,
        answers=said,
        files=files,
        fee_vnd=0,
        summary=version.procedure.everyday_name,
    )


def filed(cast: Cast, one: api.Filing, *, accepted: bool = True) -> Dossier:
    sent = api.submit(by=cast.lan, at=NINE, key=uuid4().hex, filing=one)
    return api.accept(by=cast.minh, at=NINE, tracking_code=sent.tracking_code) if accepted else sent


def birth_draft(cast: Cast, by: Actor) -> Draft:
    draft = api.start_draft(by=by, at=LATER, version=catalogue.current(BIRTH, DAY), office=cast.commune)
    return api.save_draft(by=by, at=LATER, token=draft.token, typed={}, answers=answers(BIRTH))


def papers_page(draft: Draft, by: Actor) -> str:
    address = reverse("dossiers:draft_page", args=[draft.token, "buoc.giay-to"])
    return browser(by).get(address).content.decode()


def take(draft: Draft, by: Actor, source: str, key: str = "chung-sinh") -> Any:
    address = reverse("dossiers:reuse", args=[draft.token])
    return browser(by).post(address, {"paper": key, "source": source}, follow=True)


def test_a_paper_given_before_is_offered_taken_by_reference_and_shown_with_its_source_to_the_officer(
    cast: Cast,
) -> None:
    kept = paper("Giấy chứng sinh")
    first = filed(cast, filing(cast, BIRTH, [api.SentFile("chung-sinh", kept, "anh.pdf")]))
    draft = birth_draft(cast, cast.lan)
    page = papers_page(draft, cast.lan)
    source = first.papers.get().token
    assert f"Nộp ngày 10/05/2022 trong hồ sơ {first.number}." in page
    assert "Đỗ Minh Họa, xã Hải Hưng đã kiểm khi tiếp nhận ngày 10/05/2022." in page.replace("UBND ", "")
    files = StoredFile.objects.count()

    take(draft, cast.lan, source)
    twice = take(draft, cast.lan, source).content.decode()
    row = draft.files.get()
    assert (row.file_id, row.taken_from_id, StoredFile.objects.count()) == (kept.pk, first.pk, files)
    from_where = f"Lấy lại từ hồ sơ {first.number}, nộp ngày 10/05/2022."
    assert from_where in twice
    assert source not in twice

    draft.refresh_from_db()
    sent = api.submit_draft(
        by=cast.lan,
        at=LATER,
        key="k" * 20,
        draft=draft,
        filing=filing(cast, BIRTH, [api.SentFile(row.paper_key, row.file, row.name, row.taken_from_id)]),
    )
    assert sent.papers.get().file.sha256 == kept.sha256
    for who, name in ((cast.minh, "desk"), (cast.lan, "mine"), (cast.lan, "done")):
        address = reverse(f"dossiers:{name}", args=[sent.tracking_code])
        assert from_where in browser(who).get(address).content.decode(), name


def test_who_only_sent_or_helped_learns_nothing_of_the_earlier_dossier(cast: Cast) -> None:
    kept = paper("Giấy chứng sinh")
    first = filed(cast, filing(cast, BIRTH, [api.SentFile("chung-sinh", kept, "anh.pdf")]))
    again = api.SentFile("chung-sinh", kept, "Giấy chứng sinh", first.pk)
    second = filed(
        cast, replace(filing(cast, BIRTH, [again]), submitter=api.Party(cast.binh.name, cast.binh.person_id))
    )
    address = reverse("dossiers:mine", args=[second.tracking_code])
    assert str(first.number) in browser(cast.lan).get(address).content.decode()
    theirs = browser(cast.binh).get(address).content.decode()
    assert "Lấy lại từ hồ sơ trước." in theirs
    assert str(first.number) not in theirs


def test_it_is_undone_like_any_file(cast: Cast) -> None:
    first = filed(cast, filing(cast, BIRTH, [api.SentFile("chung-sinh", paper("một"), "a.pdf")]))
    draft = birth_draft(cast, cast.lan)
    take(draft, cast.lan, first.papers.get().token)
    address = reverse("dossiers:draft_page", args=[draft.token, "buoc.giay-to"])
    browser(cast.lan).post(address, {"remove": draft.files.get().token})
    assert not DraftFile.objects.exists()
    assert first.papers.get().token in papers_page(draft, cast.lan)


def test_the_check_page_sends_the_source_along_and_says_it(cast: Cast) -> None:
    keys = ("chung-sinh", "giay-tuy-than")
    sent = [api.SentFile(key, paper(key), f"{key}.pdf") for key in keys]
    first = filed(cast, filing(cast, BIRTH, sent))
    draft = birth_draft(cast, cast.lan)
    for one in first.papers.all():
        take(draft, cast.lan, one.token, one.paper_key)
    address = reverse("dossiers:draft_page", args=[draft.token, "buoc.xem-lai"])
    lan = browser(cast.lan)
    assert lan.get(address).content.decode().count("Lấy lại từ hồ sơ") == len(keys)
    assert lan.post(address, {"declared": "1", "key": "k" * 20}).status_code == 302
    again = Paper.objects.filter(taken_from=first).exclude(dossier=first)
    before = first.papers.values_list("paper_key", "file")
    assert sorted(again.values_list("paper_key", "file")) == sorted(before)


def test_a_paper_of_another_name_waits_among_the_others_until_it_is_told_what_for(cast: Cast) -> None:
    other = filed(cast, filing(cast, SINGLE, [api.SentFile("ly-hon", paper("ly hôn"), "b.pdf")]))
    draft = birth_draft(cast, cast.lan)
    page = papers_page(draft, cast.lan)
    assert "Giấy tờ khác đã nộp" in page
    assert "Bản án hoặc quyết định ly hôn" in page.split("Giấy tờ khác đã nộp")[1]
    assert (
        "Chưa chọn dùng làm giấy nào" in take(draft, cast.lan, other.papers.get().token, "").content.decode()
    )
    take(draft, cast.lan, other.papers.get().token)
    assert draft.files.get().name == "Bản án hoặc quyết định ly hôn"


def test_the_same_paper_of_another_procedure_is_known_by_its_name(cast: Cast) -> None:
    """Both sheets ask for a paper of authority; they call it by different names, and by the same key."""
    other = filed(cast, filing(cast, SINGLE, [api.SentFile("uy-quyen", paper("ủy quyền"), "u.pdf")]))
    mine = own_papers(cast.lan, LATER.date())[0]
    wanted = {p.key: p for p in catalogue.current(SINGLE, DAY).papers.all()}
    named_otherwise = {p.key: p for p in catalogue.current(BIRTH, DAY).papers.all()}["uy-quyen"]
    assert mine.dossier == other
    assert mine.answers(wanted["uy-quyen"], "9.999999")
    assert not mine.answers(named_otherwise, BIRTH)
    assert not mine.answers(wanted["ly-hon"], SINGLE)


@pytest.mark.parametrize("role", ["submitter", "helper", "stranger", "officer"])
def test_nobody_takes_a_file_of_a_dossier_that_is_about_another(cast: Cast, role: str) -> None:
    kept = [api.SentFile("chung-sinh", paper("của Bình"), "c.pdf")]
    one = replace(
        filing(cast, BIRTH, kept, owner=cast.binh),
        submitter=api.Party(cast.lan.name, cast.lan.person_id if role == "submitter" else None),
        helper_person_id=cast.lan.person_id if role == "helper" else None,
    )
    token = filed(cast, one).papers.get().token
    me = cast.minh if role == "officer" else cast.lan
    draft = birth_draft(cast, me)
    assert own_papers(me, LATER.date()) == []
    assert token not in papers_page(draft, me)
    assert take(draft, me, token).status_code == 404
    assert not draft.files.exists()
    for name in ("own_picture", "own_paper"):
        assert browser(me).get(reverse(f"dossiers:{name}", args=[token])).status_code == 404
        assert browser(cast.binh).get(reverse(f"dossiers:{name}", args=[token])).status_code == 200
    with pytest.raises(NotThere):
        api.reuse_file(by=me, at=LATER, token=draft.token, paper_key="chung-sinh", source=token, max_files=9)


def test_a_file_goes_only_into_a_draft_of_ones_own_and_only_while_there_is_room(cast: Cast) -> None:
    first = filed(cast, filing(cast, BIRTH, [api.SentFile("chung-sinh", paper("một"), "a.pdf")]))
    token = first.papers.get().token
    theirs = birth_draft(cast, cast.binh)
    assert take(theirs, cast.lan, token).status_code == 404
    mine = birth_draft(cast, cast.lan)
    full = next(p.max_files for p in catalogue.current(BIRTH, DAY).papers.all() if p.key == "chung-sinh")
    for n in range(full):
        upload = Upload(paper(f"tờ {n}"), "t.pdf", "", was_photo=False)
        api.add_file(
            by=cast.lan, at=LATER, token=mine.token, paper_key="chung-sinh", upload=upload, max_files=full
        )
    assert "đã đủ số tệp" in take(mine, cast.lan, token).content.decode()
    assert mine.files.filter(taken_from=None).count() == mine.files.count() == full


def test_what_was_refused_is_struck_out_and_a_paper_given_twice_stands_once(cast: Cast) -> None:
    kept = paper("Giấy chứng sinh")
    sent = [api.SentFile("chung-sinh", kept, "a.pdf")]
    refused = filed(cast, filing(cast, BIRTH, sent), accepted=False)
    defect = api.Defect("C-SCAN-UNCLEAR", "Ảnh mờ, hãy chụp lại đủ bốn góc.", detail="Trang 2 bị mờ.")
    api.refuse(
        by=cast.minh, at=NINE, tracking_code=refused.tracking_code, ground=defect, explanation="x" * 30
    )
    (only,) = own_papers(cast.lan, LATER.date())
    assert only.refused
    draft = birth_draft(cast, cast.lan)
    assert "<s>Giấy chứng sinh</s>" in papers_page(draft, cast.lan)
    assert take(draft, cast.lan, only.token).status_code == 200
    assert not draft.files.exists()
    accepted = filed(cast, filing(cast, BIRTH, sent))
    (only,) = own_papers(cast.lan, LATER.date())
    assert (only.dossier, only.refused, len(only.used_in)) == (accepted, "", 2)


def issued(cast: Cast, dossier: Dossier, at: dt.datetime) -> Result:
    file = paper(f"Kết quả {dossier.pk}")
    return Result.objects.create(
        dossier=dossier,
        token=uuid4().hex[:22],
        proposal="Đồng ý.",
        drafted_by_name=cast.son.name,
        drafted_at=at,
        draft=file,
        signed=file,
        number="7/UBND-XNTTHN",
        issued_at=at,
        file=file,
    )


def test_a_result_is_offered_as_long_as_it_holds(cast: Cast) -> None:
    """Six months from the day of issue (NĐ 123/2015, article 23): the same day of the sixth month is the last."""
    result = issued(cast, filed(cast, filing(cast, SINGLE, [])), NINE)
    last = dt.date(2022, 11, 10)
    (good,) = own_papers(cast.lan, last)
    assert (good.last_day, good.refused) == (last, "")
    (gone,) = own_papers(cast.lan, last + dt.timedelta(days=1))
    assert "Hết giá trị" in gone.refused
    wanted = {p.key: p for p in catalogue.current(SINGLE, DAY).papers.all()}["giay-cu"]
    wanted.name = "Giấy xác nhận tình trạng hôn nhân của hai bên"
    assert good.answers(wanted, "9.999999")
    draft = birth_draft(cast, cast.lan)
    with pytest.raises(api.NoLongerUsable):
        api.reuse_file(
            by=cast.lan,
            at=LATER.replace(month=12),
            token=draft.token,
            paper_key="chung-sinh",
            source=result.token,
            max_files=9,
        )
    taken = api.reuse_file(
        by=cast.lan, at=LATER, token=draft.token, paper_key="chung-sinh", source=result.token, max_files=9
    )
    assert taken.file_id == result.file_id
    assert "Lấy lại từ kết quả số 7/UBND-XNTTHN, cấp ngày 10/05/2022." in papers_page(draft, cast.lan)


def test_a_result_that_is_not_issued_is_nobodys_yet(cast: Cast) -> None:
    result = issued(cast, filed(cast, filing(cast, SINGLE, [])), NINE)
    Result.objects.filter(pk=result.pk).update(issued_at=None)
    assert own_papers(cast.lan, LATER.date()) == []
    picture = reverse("dossiers:own_picture", args=[result.token])
    assert browser(cast.lan).get(picture).status_code == 404


def test_ones_own_store_shows_where_each_paper_was_used(cast: Cast) -> None:
    kept = paper("Giấy chứng sinh")
    dossiers = [filed(cast, filing(cast, BIRTH, [api.SentFile("chung-sinh", kept, "a.pdf")])) for _ in "ab"]
    page = browser(cast.lan).get(reverse("portal:papers")).content.decode()
    for dossier in dossiers:
        assert reverse("dossiers:mine", args=[dossier.tracking_code]) in page
    assert page.count("Tải giấy này") == 1
    assert "Tải giấy này" not in browser(cast.binh).get(reverse("portal:papers")).content.decode()
    pdf = browser(cast.lan).get(reverse("dossiers:own_paper", args=[dossiers[0].papers.get().token]))
    assert pdf.getvalue().startswith(b"%PDF")


def test_the_store_is_read_by_a_handful_of_queries(cast: Cast, django_assert_max_num_queries: Any) -> None:
    for n in range(4):
        filed(cast, filing(cast, BIRTH, [api.SentFile("chung-sinh", paper(f"{n}"), "a.pdf")]))
    own_papers(cast.lan, LATER.date())
    with one_stamp(), django_assert_max_num_queries(4):
        assert len(own_papers(cast.lan, LATER.date())) == 4 < MOST


def test_what_the_account_knows_is_filled_in_and_says_so(cast: Cast) -> None:
    mai = make_actor("mai", "Vũ Mai Ví Dụ")
    client = browser(mai)
    begun = client.post(reverse("dossiers:start", args=[SINGLE]))
    draft = Draft.objects.get(person_id=mai.person_id or 0)
    assert begun.status_code == 302
    assert draft.typed["requester_name"] == "Vũ Mai Ví Dụ"
    assert draft.answers == {}
    page_of = {k: p["key"] for p in draft.version.form.schema["x-pages"] for k in p["fields"]}
    address = reverse("dossiers:draft_page", args=[draft.token, page_of["requester_name"]])
    assert "Lấy từ tài khoản: " in client.get(address).content.decode()
    api.save_draft(by=mai, at=LATER, token=draft.token, typed={"requester_name": "Vũ Thị Khác"})
    assert "Lấy từ tài khoản" not in client.get(address).content.decode()
