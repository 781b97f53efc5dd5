"""The operations screen: who sees it, what it says when all is well, when not, when nobody looks; retrying with a reason."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from tinhso.directory.api import Account, Role
from tinhso.directory.tests.factories import Cast, make_actor, make_cast
from tinhso.dossiers.events import DossierAccepted
from tinhso.journal.api import listeners_of
from tinhso.journal.models import Delivery, Entry
from tinhso.journal.services import listen
from tinhso.messages.models import Outgoing
from tinhso.portal.adapters import operations, runbooks

PAGES = ("", "viec/", "thu/", "co-so-du-lieu/", "loi/", "sao-luu/", "phien-ban/", "cam-nang/jobs-dead/")
SECRET = "Nguyễn Thị Bí Mật"


@pytest.fixture
def ops(tmp_path: Path) -> Iterator[Path]:
    """Use an empty `ops` folder."""
    (tmp_path / "ops").mkdir()
    with override_settings(TINHSO_DATA=tmp_path):
        yield tmp_path / "ops"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def signed_in(account_id: int | None) -> Client:
    client = Client()
    assert account_id is not None
    client.force_login(Account.objects.get(pk=account_id))
    return client


@pytest.fixture
def keeper(cast: Cast, ops: Path) -> Client:
    """Quân, an administrator of the whole province."""
    return signed_in(cast.quan.account_id)


def part(key: str, state: str = "ok", **facts: Any) -> dict[str, Any]:
    return {
        "key": key,
        "name": f"Phần {key}",
        "state": state,
        "measured": "Đo được",
        "alarm_when": "hỏng",
        "todo": "" if state == "ok" else "Làm ngay.",
        "runbook": "web-failing",
        "since": "2026-12-01T09:00:00+07:00",
        "facts": facts,
    }


def write(ops: Path, *parts: dict[str, Any], at: dt.datetime | None = None) -> None:
    document = {"at": (at or timezone.now()).isoformat(), "parts": parts, "build": {"tinhso": "1.0"}}
    (ops / "health.json").write_text(json.dumps(document), encoding="utf-8")


def body(client: Client, page: str = "") -> str:
    answer = client.get(f"/van-hanh/{page}")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_only_an_administrator_of_the_whole_province_sees_it(page: str, cast: Cast, ops: Path) -> None:
    local = make_actor("vinh", "Hồ Vinh Thử", (cast.commune, Role.ADMINISTRATOR, "Quản trị xã"))
    for account in (cast.lan, cast.minh, cast.hoa, cast.an, local):
        assert signed_in(account.account_id).get(f"/van-hanh/{page}").status_code == 404
    stranger = Client().get(f"/van-hanh/{page}")
    assert (stranger.status_code, "/login/" in stranger["Location"]) == (302, True)
    assert signed_in(cast.quan.account_id).get(f"/van-hanh/{page}").status_code == 200


def test_before_anybody_looked_it_says_so(keeper: Client) -> None:
    said = body(keeper)
    assert "Chưa đo lần nào" in said
    assert "tinhso watcher" in said


def test_the_worst_is_said_first_and_what_to_do_is_linked(keeper: Client, ops: Path) -> None:
    write(ops, part("web", "bad"), part("jobs", "warn", dead=3), part("mail", "unknown"), part("clock"))
    said = body(keeper)
    assert "1 trên 4 phần chạy tốt, 1 phần hỏng, 1 phần cần xem, 1 phần chưa đo" in said
    assert "Người dân có thể không nộp được hồ sơ" in said
    assert said.count("/van-hanh/cam-nang/web-failing/") == 3
    assert "Số đo đã cũ" not in said


def test_old_figures_are_not_shown_as_if_they_were_of_now(keeper: Client, ops: Path) -> None:
    write(ops, part("web"), at=timezone.now() - dt.timedelta(minutes=10))
    assert "Số đo đã cũ: máy canh đã dừng" in body(keeper)


def test_the_page_asks_again_and_is_told_where_nothing_changed(keeper: Client, ops: Path) -> None:
    write(ops, part("web"))
    whole = keeper.get("/van-hanh/").content.decode()
    assert 'hx-trigger="every 15s"' in whole
    asked = {"HX-Request": "true"}
    first = keeper.get("/van-hanh/", headers=asked)
    assert "<html" not in first.content.decode()
    again = keeper.get("/van-hanh/", headers={**asked, "If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    write(ops, part("web", "bad"))
    changed = keeper.get("/van-hanh/", headers={**asked, "If-None-Match": first["ETag"]})
    assert changed.status_code == 200


@pytest.mark.parametrize("content", ["", "{", "[]", '{"at": 5}', '{"at": "x", "parts": []}'])
def test_a_broken_file_is_like_none(content: str, keeper: Client, ops: Path) -> None:
    for name in ("health.json", "backup.json", "restore-drill.json", "errors.jsonl", "restore-drills.jsonl"):
        (ops / name).write_text(content, encoding="utf-8")
    for page in PAGES:
        body(keeper, page)


def test_errors_are_counted_by_kind_with_the_ids_of_requests(keeper: Client, ops: Path) -> None:
    at = timezone.now().isoformat()
    rows = [
        {
            "at": at,
            "kind": "django.db.utils.OperationalError",
            "where": "a.py:1",
            "view": "x:y",
            "request": f"id-{n}",
        }
        for n in range(7)
    ]
    old = {**rows[0], "at": "2020-01-01T00:00:00+07:00", "request": "old"}
    (ops / "errors.jsonl").write_text("\n".join(json.dumps(row) for row in [old, *rows]), encoding="utf-8")
    said = body(keeper, "loi/")
    assert "7 lỗi của máy trong 24 giờ" in said
    assert "Cơ sở dữ liệu không trả lời" in said
    assert "id-6" in said
    assert "id-1<" not in said, "five ids at most"
    assert "old" not in said.split("<main")[1]


def test_drills_and_the_backup_are_shown_with_their_findings(keeper: Client, ops: Path) -> None:
    findings = [{"says": "Thiếu 1 đoạn.", "is_fine": False}]
    (ops / "backup.json").write_text(
        json.dumps({"at": timezone.now().isoformat(), "ok": False, "findings": findings})
    )
    (ops / "restore-drill.json").write_text(json.dumps({"at": "2026-11-29T02:00:00+07:00", "ok": True}))
    said = body(keeper, "sao-luu/")
    assert "Thiếu 1 đoạn." in said
    assert "Đạt, Chủ nhật, 29/11/2026" in said


# failed work


@pytest.fixture
def dead(db: None) -> Delivery:
    entry = Entry.objects.create(
        body='{"event":"dossiers.DossierAccepted","about":"dossier:ABC","by":"account:1","at_ms":0,"data":{}}'
    )
    return Delivery.objects.create(
        entry=entry,
        listener="dossiers.tell_accepted",
        attempts=8,
        next_try_at=None,
        last_error=f"ValueError: {SECRET} 036199012345",
    )


def test_failed_work_is_told_in_words_without_the_text_of_the_error(keeper: Client, dead: Delivery) -> None:
    said = body(keeper, "viec/")
    assert "Báo người nộp: hồ sơ đã tiếp nhận" in said
    assert "<code>ValueError</code>" in said
    assert SECRET not in said + body(keeper)
    assert "036199012345" not in said + body(keeper)


def test_work_is_tried_again_with_a_reason_and_the_journal_keeps_who(
    keeper: Client, dead: Delivery, cast: Cast
) -> None:
    refused = keeper.post(f"/van-hanh/viec/{dead.pk}/lam-lai/", {"ly_do": SECRET}, follow=True)
    assert "Chưa chọn lý do" in refused.content.decode()
    dead.refresh_from_db()
    assert dead.next_try_at is None
    done = keeper.post(f"/van-hanh/viec/{dead.pk}/lam-lai/", {"ly_do": "mended"}, follow=True)
    assert "sẽ được làm lại ngay" in done.content.decode()
    dead.refresh_from_db()
    assert (dead.attempts, dead.next_try_at is None) == (0, False)
    entry = json.loads(Entry.objects.get(event="journal.DeliveryRetried").body)
    assert entry["by"] == cast.quan.ref
    assert entry["data"]["reason"] == "mended"


def test_dead_work_is_let_go_with_a_reason(keeper: Client, dead: Delivery) -> None:
    keeper.post(f"/van-hanh/viec/{dead.pk}/bo/", {"ly_do": "done_by_hand"})
    dead.refresh_from_db()
    assert dead.done_at is not None
    assert Entry.objects.filter(event="journal.DeliveryDropped").count() == 1
    assert keeper.post(f"/van-hanh/viec/{dead.pk}/bo/", {"ly_do": "done_by_hand"}).status_code == 404


@pytest.mark.parametrize("act", ["lam-lai", "bo"])
def test_nobody_else_decides_about_work(act: str, cast: Cast, ops: Path, dead: Delivery) -> None:
    for account in (cast.minh, cast.an, cast.hoa):
        answer = signed_in(account.account_id).post(f"/van-hanh/viec/{dead.pk}/{act}/", {"ly_do": "mended"})
        assert answer.status_code == 404
    dead.refresh_from_db()
    assert (dead.next_try_at, dead.done_at) == (None, None)
    assert not Entry.objects.filter(event__startswith="journal.").exists()


def given_up(address: str, why: str = "SMTPConnectError") -> Outgoing:
    at = timezone.now()
    return Outgoing.objects.create(
        channel="email", address=address, text=SECRET, created_at=at, try_after=at, attempts=5, last_error=why
    )


def test_a_letter_that_was_given_up_is_sent_again_and_its_address_is_not_shown(keeper: Client) -> None:
    letter = given_up("bimat@thu.example")
    said = body(keeper, "thu/")
    assert "Không nối được máy chủ thư" in said
    assert "bimat" not in said
    assert SECRET not in said
    keeper.post(f"/van-hanh/thu/{letter.pk}/gui-lai/", {"ly_do": "partner_back"})
    letter.refresh_from_db()
    assert (letter.attempts, letter.last_error) == (0, "")
    assert Entry.objects.filter(event="messages.OutgoingRetried").count() == 1
    assert keeper.post(f"/van-hanh/thu/{letter.pk}/gui-lai/", {"ly_do": "partner_back"}).status_code == 404


def test_a_letter_whose_address_is_wrong_is_not_sent_again(keeper: Client) -> None:
    letter = given_up("khong phai dia chi", "Địa chỉ ghi sai nên không gửi được. Hỏi lại người nhận.")
    answer = keeper.post(f"/van-hanh/thu/{letter.pk}/gui-lai/", {"ly_do": "try"}, follow=True)
    assert "gửi lại cũng không đến" in answer.content.decode()
    letter.refresh_from_db()
    assert letter.attempts == 5


def test_every_listener_has_a_name_for_people() -> None:
    assert listeners_of(DossierAccepted)
    known = {
        name for rows in listen._listeners.values() for name in rows if not name.startswith(("a.", "test."))
    }
    assert known <= set(operations.words()["listeners"])


# runbooks


def test_every_runbook_is_drawn_whole() -> None:
    for key in runbooks.known():
        blocks = runbooks.runbook(key) or []
        assert blocks[0].kind == "title"
        assert {"head"} <= {block.kind for block in blocks}
        drawn = "".join(words for block in blocks for line in block.lines for _, words in line)
        for mark in ("**", "](", "`"):
            assert mark not in drawn, f"{key}: {mark}"


@pytest.mark.parametrize("key", ["../settings", "README", "khong-co", "a"])
def test_no_other_file_is_read(key: str) -> None:
    assert runbooks.runbook(key) is None
