"""Files that cannot be taken: the sentence at the right paper, everything else as it was."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from tests.bad_input.browser import file
from tests.bad_input.conftest import Story
from tinhso.documents.rules import MAX_BYTES
from tinhso.documents.tests.corpus import HOSTILE, pdf
from tinhso.dossiers.views.filing import PAPERS

PAPER = "chung-sinh"
CASES = {
    "an empty file": (b"", "a.pdf", "Tệp trống, chưa có nội dung. Mở thử tệp trên máy rồi chọn lại."),
    "an oversized file": (
        b"%PDF-1.7\n" + bytes(MAX_BYTES),
        "a.pdf",
        "Tệp nặng 20,1 MB, tối đa 20 MB. Tách thành vài tệp nhỏ rồi tải lên.",
    ),
    "a zip named pdf": (
        HOSTILE["kind/zip"][0](),
        "giay.pdf",
        "Đây là tệp nén. Giải nén rồi tải từng tệp PDF hoặc ảnh lên.",
    ),
    "a program named pdf": (
        HOSTILE["kind/windows program"][0](),
        "giay.pdf",
        "Đây là chương trình máy tính, không phải giấy tờ. Chọn tệp PDF hoặc ảnh.",
    ),
    "a pdf with a script": (
        HOSTILE["script/at opening"][0](),
        "a.pdf",
        "Tệp PDF có mã tự chạy. In ra PDF mới rồi tải lên.",
    ),
    "half a pdf": (pdf()[:200], "a.pdf", "Tệp PDF bị hỏng hoặc tải chưa hết. Lấy lại tệp gốc rồi tải lên."),
}


@pytest.mark.parametrize("case", CASES)
def test_a_file_that_cannot_be_taken_says_how_to_mend_it(story: Story, case: str) -> None:
    content, name, sentence = CASES[case]
    before, typed = story.rows(), story.typed()
    page = story.lan.post(story.page(PAPERS), {"paper": PAPER, "file": file(content, name)})
    page.says(sentence)
    assert page.status == 422
    box = page.html[page.html.index(f'id="p-{PAPER}"') :]
    assert sentence in box[: box.index("</section>")]
    by_script = story.lan.post(
        reverse("dossiers:upload", args=[story.draft.token, PAPER]), {"file": file(content, name)}
    )
    assert by_script.status == 422
    assert json.loads(by_script.body) == {"error": sentence}
    assert (story.rows(), story.typed()) == (before, typed)


def test_no_file_chosen_says_to_choose_one(story: Story) -> None:
    before = story.rows()
    story.lan.post(story.page(PAPERS), {"paper": PAPER}).says(
        "Chưa có tệp nào. Chụp ảnh hoặc chọn tệp rồi gửi."
    )
    assert story.rows() == before


def test_more_files_than_a_paper_takes_says_how_many_it_takes(story: Story) -> None:
    story.add_papers(*[PAPER] * 5)
    before = story.draft.files.count()
    page = story.lan.post(story.page(PAPERS), {"paper": PAPER, "file": file(pdf())})
    page.says("Giấy này nhận tối đa 5 tệp. Bỏ bớt một tệp rồi gửi lại.")
    assert story.draft.files.count() == before == 5


def test_a_file_under_a_paper_that_nobody_asks_for_is_not_taken(story: Story) -> None:
    before = story.rows()
    unasked = reverse("dossiers:upload", args=[story.draft.token, "lam-chung"])
    story.lan.post(unasked, {"file": file(pdf())}).says("Không có trang này")
    assert story.rows() == before


def test_a_name_that_pretends_with_turned_letters_is_shown_as_what_it_is(story: Story) -> None:
    page = story.lan.post(
        reverse("dossiers:upload", args=[story.draft.token, PAPER]),
        {"file": file(pdf(), "giay\u202efdp.exe")},
    )
    assert page.status == 200
    assert "giayfdp.pdf" in page.text
    assert story.draft.files.get().name == "giayfdp.pdf"


def test_the_same_file_taken_away_twice_leads_to_the_papers_again(story: Story) -> None:
    story.add_papers()
    token = story.draft.files.filter(paper_key=PAPER).get().token
    for _ in range(2):
        again = story.lan.follow(story.lan.post(story.page(PAPERS), {"remove": token}))
        again.says("Giấy tờ gửi kèm")
    assert story.draft.files.count() == 1
