"""Say what a statutory limit is, and by which convention a province counts it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Final, Literal, get_args

Unit = Literal["h", "wd", "d", "m", "sameday", "handover", "none"]

_HALF: Final = Decimal("0.5")
_LONGEST: Final = 10_000
_COUNTED_UNITS: Final[Mapping[str, str]] = {
    "h": "giờ làm việc",
    "wd": "ngày làm việc",
    "d": "ngày",
    "m": "tháng",
}
_OTHER_UNITS: Final[Mapping[str, str]] = {
    "sameday": "trả trong ngày",
    "handover": "chuyển trong ngày",
    "none": "không có ngày hẹn",
}


class DeadlineNotCountable(ValueError):
    """The limit or the pauses make no sense; the sentence says what to correct."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit: so many working hours (h), working days (wd), days (d), months (m), or one of three words.

    `value` means nothing for "sameday", "handover" and "none". A fraction of a day is its working hours;
    half a month is 15 days (Civil Code, article 146). Raises DeadlineNotCountable for a value that is not
    above 0.
    """

    value: Decimal
    unit: Unit

    def __post_init__(self) -> None:
        """Refuse what cannot be counted."""
        if self.unit not in get_args(Unit):
            raise DeadlineNotCountable(f"Không có đơn vị thời hạn “{self.unit}”.")
        if self.unit not in _COUNTED_UNITS:
            return
        if not self.value.is_finite() or self.value <= 0:
            raise DeadlineNotCountable("Thời hạn phải lớn hơn 0.")
        if self.value > _LONGEST:
            raise DeadlineNotCountable("Thời hạn dài quá, không tính được.")
        if self.unit == "m" and self.value % _HALF:
            raise DeadlineNotCountable("Thời hạn theo tháng chỉ nhận số tháng hoặc nửa tháng.")

    @property
    def text(self) -> str:
        """Say the limit: "10 ngày làm việc", "0,5 ngày làm việc", "trả trong ngày"."""
        if self.unit in _COUNTED_UNITS:
            return f"{_number(self.value)} {_COUNTED_UNITS[self.unit]}"
        return _OTHER_UNITS[self.unit]


@dataclass(frozen=True, slots=True)
class Convention:
    """How a province counts, from the day on which it began to."""

    code: str
    effective_from: date
    source: str
    first_day_counts: bool = False
    moves_off_rest_days: bool = True
    cutoff: time = time(15, 0)
    day_end: time = time(17, 0)


def conventions_from(rows: Iterable[Mapping[str, object]]) -> tuple[Convention, ...]:
    """Read conventions from rows of ISO texts and truth values, oldest first."""
    found = [
        Convention(
            code=str(row["code"]),
            effective_from=date.fromisoformat(str(row["effective_from"])),
            source=str(row["source"]),
            first_day_counts=bool(row["first_day_counts"]),
            moves_off_rest_days=bool(row["moves_off_rest_days"]),
            cutoff=time.fromisoformat(str(row["cutoff"])),
            day_end=time.fromisoformat(str(row["day_end"])),
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda convention: convention.effective_from))


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}".replace(".", ",")
