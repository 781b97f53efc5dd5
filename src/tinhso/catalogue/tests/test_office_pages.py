"""The office's pages: who gets in, what is kept on a mistake, and a whole walk by ordinary forms."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from tinhso.catalogue import api
from tinhso.catalogue.forms.cells import Reader, overlaid
from tinhso.catalogue.forms.parts import parts
from tinhso.catalogue.models import SheetDraft
from tinhso.catalogue.tests.office import AT, Keepers, approved, draft_of, make_keepers, published
from tinhso.catalogue.tests.samples import CODES, sheet
from tinhso.directory.api import SYSTEM, Account, Actor
from tinhso.directory.tests.factories import make_cast

CODE = "1.004873"

pytestmark = pytest.mark.django_db


@pytest.fixture
def keepers() -> Keepers:
    api.import_sheets(by=SYSTEM, at=AT)
    return make_keepers()


def client_of(actor: Actor) -> Client:
    assert actor.account_id is not None
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account_id))
    return client


def boxes(content: bytes) -> dict[str, str]:
    """Return what the page's largest form would send."""
    form = max(html.fromstring(content.decode()).forms, key=lambda one: len(list(one.inputs)))
    return {name: str(value) for name, value in form.form_values() if name != "csrfmiddlewaretoken"}


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("key", parts())
def test_saving_a_part_unchanged_changes_nothing(code: str, key: str) -> None:
    whole = sheet(code)
    whole["facts"] = {
        "audience": ["citizen"],
        "executing_levels": ["commune"],
        "is_listed": True,
        "is_project_06": False,
    }
    part = parts()[key]
    typed: dict[str, str] = {}
    for block in part.draw(whole):
        for cell in (*block.cells, *(cell for row in block.rows for cell in row)):
            if cell.kind != "check" or cell.value:
                typed[cell.name] = cell.value
    said = Reader(typed)
    assert part.take(whole, said) == whole
    assert said.wrong == {}
    again = overlaid(part.draw(whole), typed, {})
    assert again == part.draw(whole)


def test_strangers_find_no_office(keepers: Keepers) -> None:
    cast = make_cast()
    draft = approved(keepers, CODE)
    addresses = [
        reverse("catalogue:office"),
        reverse("catalogue:worklist"),
        reverse("catalogue:duties"),
        reverse("catalogue:new"),
        reverse("catalogue:procedure", args=[CODE]),
        reverse("catalogue:draft", args=[draft.pk]),
        reverse("catalogue:compare_draft", args=[draft.pk]),
        reverse("catalogue:part", args=[draft.pk, "ten"]),
        reverse("catalogue:copy", args=[CODE]),
        reverse("catalogue:end", args=[CODE]),
    ]
    for stranger in (cast.lan, cast.minh, cast.quan):
        client = client_of(stranger)
        assert {client.get(address).status_code for address in addresses} == {404}
        assert client.post(reverse("catalogue:act", args=[draft.pk, "cong-bo"])).status_code == 404
    assert {Client().get(address).status_code for address in addresses} == {302}
    khoa = client_of(keepers.khoa)
    for name, args in (("new", []), ("copy", [CODE]), ("part", [draft.pk, "ten"])):
        assert khoa.get(reverse(f"catalogue:{name}", args=args)).status_code == 404
    assert client_of(keepers.vy).get(reverse("catalogue:end", args=[CODE])).status_code == 404


def test_a_mistake_is_said_at_its_box_and_nothing_typed_is_lost(keepers: Keepers) -> None:
    draft = draft_of(keepers, CODE)
    vy, address = client_of(keepers.vy), reverse("catalogue:part", args=[draft.pk, "truong-hop"])
    typed = boxes(vy.get(address).content)
    typed |= {"case-0-counter-value": "ba ngày", "case-0-counter-vnd": "28.000", "case-0-name": "Tên mới"}
    answer = vy.post(address, typed)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Ghi bằng chữ số, ví dụ 4 hoặc 7,5." in text
    assert boxes(answer.content) == typed
    assert SheetDraft.objects.get().sheet == draft.sheet
    typed["case-0-counter-value"] = "3"
    assert vy.post(address, typed).status_code == 302
    kept = SheetDraft.objects.get().sheet["cases"][0]
    (counter,) = [term for term in kept["terms"] if term["channel"] == "counter"]
    assert (kept["name"], counter["limit"]["value"], counter["fee"]["vnd"]) == ("Tên mới", "3", 28_000)


def test_another_s_save_is_not_written_over_and_the_typing_stays(keepers: Keepers) -> None:
    draft = draft_of(keepers, CODE)
    vy, yen = client_of(keepers.vy), client_of(keepers.yen)
    address = reverse("catalogue:part", args=[draft.pk, "ten"])
    typed = boxes(vy.get(address).content) | {"everyday_name": "Xin xác nhận độc thân"}
    assert yen.post(address, boxes(yen.get(address).content)).status_code == 302
    answer = vy.post(address, typed)
    assert answer.status_code == 409
    assert "Kiều Yên Nháp vừa lưu bản này" in answer.content.decode()
    again = boxes(answer.content)
    assert again["everyday_name"] == "Xin xác nhận độc thân"
    assert vy.post(address, again).status_code == 302
    assert SheetDraft.objects.get().sheet["everyday_name"] == "Xin xác nhận độc thân"


def test_rows_are_added_moved_and_taken_away_by_ordinary_boxes(keepers: Keepers) -> None:
    draft = draft_of(keepers, CODE)
    vy, address = client_of(keepers.vy), reverse("catalogue:part", args=[draft.pk, "giay-to"])
    typed = boxes(vy.get(address).content)
    n = len(draft.sheet["papers"])
    typed |= {f"paper-{n}-name": "Giấy mới", f"paper-{n}-originals": "1", f"paper-{n}-thu-tu": "1"}
    typed |= {f"paper-{n}-kind": "hand_in", "paper-0-thu-tu": "2", "paper-1-bo": "1"}
    assert vy.post(address, typed).status_code == 302
    names = [paper["name"] for paper in SheetDraft.objects.get().sheet["papers"]]
    assert names[:2] == ["Giấy mới", draft.sheet["papers"][0]["name"]]
    assert draft.sheet["papers"][1]["name"] not in names
    assert len(names) == n


@pytest.mark.parametrize("key", parts())
def test_no_box_brings_a_page_down(key: str) -> None:
    whole = sheet(CODE)
    part = parts()[key]
    cells = [cell for block in part.draw(whole) for row in (block.cells, *block.rows) for cell in row]
    typed = {cell.name: cell.value for cell in cells}
    for wild in ("\x00", "x" * 5_000, "９", "-1", "1e9", "9" * 20, "nan", "31/02/2022", ""):
        part.take(whole, Reader(dict.fromkeys(typed, wild)))
        for name in typed:
            part.take(whole, Reader({**typed, name: wild}))
    assert whole == sheet(CODE)


def test_the_list_the_history_and_the_duties_are_drawn(keepers: Keepers) -> None:
    version = published(keepers, CODE, AT.date().replace(month=6))
    for actor in (keepers.vy, keepers.khoa):
        client = client_of(actor)
        for name, args, words in (
            ("office", [], "6 thủ tục"),
            ("worklist", [], "Không có bản nào đang soạn"),
            ("duties", [], "915/QĐ-UBND"),
            ("procedure", [CODE], "Công bố bản 2 theo 915/QĐ-UBND"),
            ("compare", [CODE, 1, version.number], "chỗ khác"),
            ("draft", [SheetDraft.objects.get().pk], "Đã công bố thành bản 2"),
            ("compare_draft", [SheetDraft.objects.get().pk], "Xem cả phần"),
        ):
            answer = client.get(reverse(f"catalogue:{name}", args=args))
            assert answer.status_code == 200, name
            assert words in answer.content.decode(), name


def test_the_list_takes_any_filter(keepers: Keepers) -> None:
    vy = client_of(keepers.vy)
    for query in (
        "q=khai%00sinh",
        "linh-vuc=99999999999999999999",
        "cap=x",
        "muc-do=9",
        "sau=%00",
        "tinh-trang=y",
    ):
        assert vy.get(f"{reverse('catalogue:office')}?{query}").status_code == 200
        assert vy.get(f"{reverse('catalogue:duties')}?{query}&thieu=zz").status_code == 200


def test_two_publish_the_second_reads_who_was_first(keepers: Keepers) -> None:
    draft = approved(keepers, CODE)
    said: dict[str, Any] = {"number": "915/QĐ-UBND", "date": "10/05/2022", "day": "01/06/2022"}
    address = reverse("catalogue:act", args=[draft.pk, "cong-bo"])
    wrong = client_of(keepers.vy).post(address, {**said, "day": "mai"})
    assert wrong.status_code == 422
    assert 'value="915/QĐ-UBND"' in wrong.content.decode()
    assert client_of(keepers.khoa).post(address, said).status_code == 302
    late = client_of(keepers.vy).post(address, said)
    assert late.status_code == 422
    assert "Tô Khoa Giả Định đã công bố bản này trước" in late.content.decode()
