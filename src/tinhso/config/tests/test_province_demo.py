"""The demo's whole province goes out as a folder, into an empty database, and out again: the same bytes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from tinhso.catalogue.api import import_sheets, load_catalogue
from tinhso.config.province.exporting import FolderNotEmpty, export_province
from tinhso.config.tests.province_folder import run
from tinhso.directory.api import SYSTEM, Account, Office, Post, Role, load_demo
from tinhso.signatures.adapters import trust
from tinhso.signatures.adapters.demo_pki import create
from tinhso.signatures.api import Certificate, RevocationReason, enrol_person, enrol_seal
from tinhso.toolkit import clock

pytestmark = pytest.mark.django_db

AT = dt.datetime(2022, 5, 10, 7, 30, tzinfo=clock.VN)


class _AllBack(Exception):
    """Undoes what was loaded."""


def _demo(home: Path) -> None:
    """Load offices, officers, days off, a part of the procedures and of the certificates, a locked account."""
    load_demo(key=settings.SECRET_KEY)
    import_sheets(by=SYSTEM, at=AT)
    load_catalogue(by=SYSTEM, at=AT, only={"1.001193", "2.000815", "1.000094", "1.000105"})
    create(home, base_url="http://127.0.0.1:9")
    before = trust.current()
    trust.use(trust.DemoTrust(home, url="http://127.0.0.1:9"))
    try:
        for post in Post.objects.filter(role=Role.LEADER).select_related("person", "office").order_by("pk")[:8]:
            enrol_person(post.person, office=post.office, post=post.title, by=SYSTEM, at=AT)
            enrol_seal(post.office, by=SYSTEM, at=AT)
    finally:
        trust.use(before)
    one = Certificate.objects.order_by("pk")[0]
    one.revoked_at, one.revocation_reason = AT, RevocationReason.KEY_LOST
    one.save()
    account = Account.objects.get(username="tam")
    account.is_active = False
    account.save()


def _bytes(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_demos_province_goes_out_in_and_out_again_with_the_same_bytes(tmp_path: Path) -> None:
    out, again = tmp_path / "ra", tmp_path / "lai"
    with pytest.raises(_AllBack), transaction.atomic():
        _demo(tmp_path / "pki")
        counts = export_province(out)
        document = run("init", str(out))
        assert (document["errors"], document["warnings"], document["written"]) == ([], [], 0)
        assert document["only_here"] == {}
        raise _AllBack
    assert not Office.objects.exists()
    assert counts["co-quan.csv"] == 319
    assert counts["chung-thu.csv"] > 10
    assert counts["can-bo.csv"] > 1_400
    document = run("init", str(out), "--yes")
    assert (document["errors"], document["warnings"]) == ([], [])
    assert document["written"] == sum(counts.values()) - counts["tinh.csv"]
    assert not Account.objects.get(username="tam").is_active
    assert not any(one.has_usable_password() for one in Account.objects.all())
    assert run("init", str(out), "--yes")["written"] == 0
    export_province(again)
    assert _bytes(again) == _bytes(out)
    assert len(_bytes(out)) == 8 + counts["chung-thu.csv"]


def test_an_export_is_for_one_pair_of_eyes_and_overwrites_nothing(tmp_path: Path) -> None:
    export_province(tmp_path / "ra")
    assert (tmp_path / "ra").stat().st_mode & 0o777 == 0o700
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in (tmp_path / "ra").iterdir())
    with pytest.raises(FolderNotEmpty):
        export_province(tmp_path / "ra")
