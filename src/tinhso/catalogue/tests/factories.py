"""A small published procedure for tests: three working days, five desks, one defect."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from tinhso.catalogue.models import (
    Case,
    ChannelTerm,
    Defect,
    Eligibility,
    Field,
    Procedure,
    ProcedureVersion,
    ProcessStep,
    ServiceLevel,
)

DESKS = (
    ("receive", "counter", "counter_clerk", "receiving", "1"),
    ("check", "unit", "specialist", "handling", "8"),
    ("write", "unit", "specialist", "handling", "4"),
    ("sign", "leader", "leader", "handling", "4"),
    ("seal", "seal", "seal_clerk", "handling", "2"),
    ("give", "counter", "counter_clerk", "receiving", "1"),
)


def make_version(code: str = "9.000001", value: str = "3", unit: str = "wd") -> ProcedureVersion:
    """Make a procedure of the communes, handled and signed where it is received."""
    field, _ = Field.objects.get_or_create(name="Hộ tịch")
    procedure = Procedure.objects.create(
        code=code,
        field=field,
        everyday_name="Xin giấy thử",
        legal_name="Thủ tục cấp giấy thử",
        folded="xin giay thu",
        responsible="Sở Tư pháp",
    )
    version = ProcedureVersion.objects.create(
        procedure=procedure,
        number=1,
        effective_from=dt.date(2021, 1, 1),
        content_hash="0" * 64,
        levels=["commune"],
        handling={"commune": {"handles": "same", "signs": "same"}},
        can_file_online=True,
        texts={},
    )
    case = Case.objects.create(version=version, order=1, key="normal", name="Thường", when_text="")
    for channel in ("online", "counter"):
        ChannelTerm.objects.create(
            case=case,
            channel=channel,
            limit_value=Decimal(value),
            limit_unit=unit,
            fee_vnd=0,
            fee_text="",
            fee_rules=[],
            is_illustrative=False,
            is_unverified=False,
        )
    for order, (key, desk, role, office, hours) in enumerate(DESKS, 1):
        ProcessStep.objects.create(
            case=case,
            order=order,
            key=key,
            name=key,
            public_name=key,
            desk=desk,
            role=role,
            office=office,
            hours=Decimal(hours),
            is_parallel=False,
            signs=desk == "leader",
            is_illustrative=True,
        )
    Defect.objects.create(
        version=version,
        order=1,
        code="C-SCAN-UNCLEAR",
        text="Ảnh mờ, hãy chụp lại đủ bốn góc.",
        kind="supplement",
        is_unverified=False,
    )
    return version


def make_online(
    code: str, since: dt.date = dt.date(2021, 1, 1), *, level: int = 3, eligible: bool = False
) -> Procedure:
    """Make a listed procedure of the communes, published, on a level of service since a day."""
    version = make_version(code)
    version.published_at = dt.datetime.combine(since, dt.time(), dt.UTC)
    version.save()
    procedure = version.procedure
    procedure.is_listed, procedure.executing_levels = True, ["commune"]
    procedure.save()
    decide_level(procedure, level, since)
    if eligible:
        Eligibility.objects.create(
            procedure=procedure,
            is_eligible=True,
            reason="Thử",
            basis="QĐ thử",
            valid_from=dt.date(2021, 1, 1),
            is_illustrative=True,
        )
    return procedure


def decide_level(procedure: Procedure, level: int, first: dt.date, last: dt.date | None = None) -> None:
    """Decide a level of service between two days."""
    ServiceLevel.objects.create(
        procedure=procedure,
        level=level,
        valid_from=first,
        valid_to=last,
        basis="QĐ thử",
        is_illustrative=True,
    )
