"""Places become fields; marks stand where the law wants them."""

from __future__ import annotations

import io

import pikepdf
import pytest

from tinhso.signatures.adapters.pictures import handwriting, round_seal
from tinhso.signatures.rules import SEAL_DIAMETER, Box, Gap, Level, is_seal, level, seal_box
from tinhso.signatures.services.prepare import PlaceMissing, prepare
from tinhso.signatures.tests.papers import draw


def fields_of(content: bytes) -> dict[str, list[float]]:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return {str(field.T): [float(n) for n in field.Rect] for field in pdf.Root.AcroForm.Fields}


def test_marked_places_become_fields_and_other_links_stay(draft: bytes) -> None:
    fields = fields_of(draft)
    assert set(fields) == {"signature", "number", "date", "seal"}
    with pikepdf.open(io.BytesIO(draft)) as pdf:
        targets = [str(a.A.URI) for a in pdf.pages[0].Annots if "/A" in a]
    assert targets == ["https://example.org/"]


def test_the_seal_covers_the_left_third_of_the_signature_in_real_size(draft: bytes) -> None:
    fields = fields_of(draft)
    x0, y0, x1, y1 = fields["signature"]
    s0, t0, s1, t1 = fields["seal"]
    assert s1 == pytest.approx(x0 + (x1 - x0) / 3, abs=0.1)
    assert [s1 - s0, t1 - t0] == pytest.approx([SEAL_DIAMETER, SEAL_DIAMETER], abs=0.1)
    assert (t0 + t1) / 2 == pytest.approx((y0 + y1) / 2, abs=0.1)


def test_a_paper_may_place_its_seal_itself() -> None:
    places = (
        '<a href="tinhso:signature" style="width: 70mm; height: 30mm"></a>'
        '<a href="tinhso:seal" style="width: 36mm; height: 36mm"></a>'
    )
    fields = fields_of(prepare(draw(places=places)))
    assert len(fields) == 4
    assert fields["seal"][1] < fields["signature"][1]


def test_a_paper_without_a_place_to_sign_is_a_fault_of_its_template() -> None:
    with pytest.raises(PlaceMissing):
        prepare(draw(places=""))


def test_preparing_twice_gives_the_same_bytes() -> None:
    paper = draw()
    assert prepare(paper) == prepare(paper)


def test_a_signature_is_blue_and_a_seal_is_red() -> None:
    assert handwriting("Trần Văn Thử").tobytes()[:4] == bytes((16, 52, 166, 0))
    assert round_seal("Ủy ban nhân dân xã Giả Định").tobytes()[:4] == bytes((206, 17, 38, 0))
    assert handwriting("Trần Văn Thử") is handwriting("Trần Văn Thử")
    assert handwriting("Trần Văn Thử").tobytes() != handwriting("Lê Thị Mẫu").tobytes()


def test_a_long_name_still_fits_around_a_seal() -> None:
    name = "Ủy ban nhân dân thị trấn Giả Định Rất Dài huyện Ví Dụ Cũng Dài tỉnh Nam Định"
    assert round_seal(name).getchannel("A").getbbox() == round_seal("Xã Ví Dụ").getchannel("A").getbbox()


@pytest.mark.parametrize(
    ("stamped", "lists", "archived", "expected"),
    [
        (False, True, True, Level.B),
        (True, False, True, Level.T),
        (True, True, False, Level.LT),
        (True, True, True, Level.LTA),
    ],
)
def test_a_level_needs_every_level_below_it(
    *, stamped: bool, lists: bool, archived: bool, expected: Level
) -> None:
    assert level(stamped=stamped, has_revocation_data=lists, archived=archived) is expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"<30af0000>", True),
        (b"<30AF0000>", True),
        (b"<30aF0000>", False),
        (b"<30af0001>", False),
        (b"(30af0000>", False),
        (b"<30af0000)", False),
    ],
)
def test_nothing_hides_in_the_hole_of_a_signature(*, content: bytes, expected: bool) -> None:
    assert Gap(content, 2).is_canonical() is expected


def test_an_office_is_told_from_a_person() -> None:
    assert is_seal({"organization_identifier": "NTRVN-1", "common_name": "A"})
    assert is_seal({"organization_name": "Sở Tư pháp", "common_name": "Sở Tư pháp"})
    assert not is_seal({"organization_name": "Sở Tư pháp", "common_name": "Trần Văn Thử"})
    assert not is_seal({})


def test_a_box_knows_its_size() -> None:
    box = seal_box(Box(0, 100, 100, 190, 160))
    assert (box.page, box.right, box.bottom + box.height / 2) == (0, 130, 130)
