"""Make up whom a dossier of the demo is about; no such person exists."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tinhso.directory.api import Office, OfficeKind

_SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô", "Đoàn", "Lại", "Mai")
_MIDDLES = ("Văn", "Thị", "Đức", "Ngọc", "Minh", "Thanh", "Hữu", "Thu", "Quốc", "Kim", "Xuân")
_GIVEN = ("Thử", "Mẫu", "Nháp", "Ví Dụ", "Giả Định", "Minh Họa", "Tưởng Tượng", "Đặt Ra")


@dataclass(frozen=True, slots=True)
class Owner:
    """Whom a dossier is about, as it names them. ``person_id`` NULL: nobody with an account."""

    name: str
    identity: str
    phone: str
    address: str
    person_id: int | None = None


def invent_owner(rng: Random, office: Office) -> Owner:
    """Return somebody who lives where the office serves; given names and numbers tell that they are made up."""
    middle = rng.choice(_MIDDLES)
    is_woman = middle in ("Thị", "Thu", "Kim")
    born = rng.randint(1948, 2003)
    century = 2 * (born // 100 - 19) + is_woman
    return Owner(
        f"{rng.choice(_SURNAMES)} {middle} {rng.choice(_GIVEN)}",
        f"036{century}{born % 100:02}{rng.randrange(10**6):06}",
        f"0912000{rng.randrange(1000):03}",
        f"Xóm {rng.randint(1, 18)}, {office.short_name.removeprefix('UBND ')}"
        if office.kind != OfficeKind.DEPARTMENT
        else "Tỉnh Nam Định",
    )
