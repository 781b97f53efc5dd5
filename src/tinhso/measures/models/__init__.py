"""Tables of the measures."""

from tinhso.measures.models.counts import CountedDay, DayCount, StaleDay
from tinhso.measures.models.targets import UseTarget

__all__ = ["CountedDay", "DayCount", "StaleDay", "UseTarget"]
