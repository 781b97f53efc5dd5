"""Signing, sealing, keeping; the registry of certificates."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from tinhso.directory.api import SYSTEM, Office, Person
from tinhso.documents.api import PDF, read, store
from tinhso.journal.api import history
from tinhso.signatures import api
from tinhso.signatures.adapters import demo_pki, trust
from tinhso.signatures.tests.conftest import TrustProcess
from tinhso.signatures.tests.factories import make_office, make_person
from tinhso.signatures.tests.papers import draw

pytestmark = pytest.mark.django_db

HEAD = "Chủ tịch"


@pytest.fixture
def office() -> Office:
    """Make a commune."""
    return make_office("Ủy ban nhân dân xã Giả Định", "000.98.15.H40")


@pytest.fixture
def leader(services: TrustProcess, office: Office) -> Person:
    """Its chair, with a certificate; the commune has one for its seal."""
    person = make_person("Trần Văn Thử")
    api.enrol_person(person, office=office, post=HEAD, by=SYSTEM, at=services.now())
    api.enrol_seal(office, by=SYSTEM, at=services.now())
    return person


def approve(content: bytes, leader: Person, office: Office, at: dt.datetime) -> api.Signed:
    return api.approve(content, person_id=leader.pk, office_id=office.pk, post=HEAD, at=at)


def test_a_result_is_approved_sealed_kept_and_checked(
    services: TrustProcess, leader: Person, office: Office, draft: bytes
) -> None:
    at = services.now()
    first = store(draft, media_type=PDF, at=at, pages=1)
    approved = api.keep(approve(read(first), leader, office, at), before=first, at=at)
    sealed = api.issue(
        read(approved.file),
        office_id=office.pk,
        number="01/UBND-XN",
        date="Giả Định, ngày 10 tháng 5 năm 2022",
        at=at,
    )
    issued = api.keep(sealed, before=approved.file, at=at)
    report = api.verify(read(issued.file), at=services.now())
    assert report.is_good
    assert [s.serial for s in report.signatures] == [
        s.certificate.serial for s in api.signatures_of(issued.file_id)
    ]
    assert [(s.kind, s.level) for s in api.signatures_of(issued.file_id)] == [
        (api.Kind.APPROVE, api.Level.LT),
        (api.Kind.SEAL, api.Level.LTA),
    ]
    assert read(first) == draft


def test_an_approval_is_quick_enough_for_a_leader(
    services: TrustProcess, leader: Person, office: Office, draft: bytes
) -> None:
    approve(draft, leader, office, services.now())
    began = time.perf_counter()
    approve(draft, leader, office, services.now())
    assert time.perf_counter() - began < 3


def test_a_leader_of_another_office_cannot_sign(services: TrustProcess, leader: Person, draft: bytes) -> None:
    other = make_office("Ủy ban nhân dân xã Ví Dụ", "000.97.15.H40")
    with pytest.raises(api.CertificateMissing, match="chưa có chứng thư"):
        approve(draft, leader, other, services.now())
    with pytest.raises(api.CertificateMissing, match="con dấu"):
        api.issue(draft, office_id=other.pk, at=services.now())


def test_a_post_that_was_not_enrolled_cannot_sign(
    services: TrustProcess, leader: Person, office: Office, draft: bytes
) -> None:
    with pytest.raises(api.CertificateMissing):
        api.approve(draft, person_id=leader.pk, office_id=office.pk, post="Phó Chủ tịch", at=services.now())


def test_the_seal_waits_for_the_leader(
    services: TrustProcess, leader: Person, office: Office, draft: bytes
) -> None:
    with pytest.raises(api.SigningRefused, match="lãnh đạo chưa ký"):
        api.issue(draft, office_id=office.pk, number="1", at=services.now())


def test_nothing_is_signed_or_sealed_twice(
    services: TrustProcess, leader: Person, office: Office, draft: bytes
) -> None:
    at = services.now()
    approved = approve(draft, leader, office, at).content
    with pytest.raises(api.SigningRefused):
        approve(approved, leader, office, at)
    issued = api.issue(approved, office_id=office.pk, number="1", at=at).content
    with pytest.raises(api.SigningRefused):
        api.issue(issued, office_id=office.pk, number="2", at=at)


def test_an_expired_certificate_cannot_sign(services: TrustProcess, office: Office, draft: bytes) -> None:
    person = make_person("Đỗ Văn Mẫu")
    at = services.now()
    api.enrol_person(
        person,
        office=office,
        post=HEAD,
        by=SYSTEM,
        at=at,
        valid_to=at.replace(microsecond=0) - dt.timedelta(days=1),
    )
    with pytest.raises(api.CertificateMissing):
        approve(draft, person, office, at)


def test_a_revoked_certificate_cannot_sign_and_the_authority_lists_it(
    services: TrustProcess, office: Office, draft: bytes
) -> None:
    person = make_person("Hồ Thị Mẫu")
    at = services.now()
    certificate = api.enrol_person(person, office=office, post=HEAD, by=SYSTEM, at=at)
    api.revoke(certificate.pk, reason=api.RevocationReason.POST_LEFT, by=SYSTEM, at=at)
    with pytest.raises(api.CertificateMissing):
        approve(draft, person, office, services.now())
    assert int(certificate.serial, 16) in services.authority.revoked()
    with pytest.raises(api.AlreadyRevoked):
        api.revoke(certificate.pk, reason=api.RevocationReason.POST_LEFT, by=SYSTEM, at=at)
    again = api.enrol_person(person, office=office, post=HEAD, by=SYSTEM, at=at)
    assert (again.edition, again.revoked_at) == (1, None)
    approve(draft, person, office, services.now())


def test_the_authoritys_list_counts_even_where_the_registry_is_behind(
    services: TrustProcess, office: Office, draft: bytes
) -> None:
    person = make_person("Ngô Thị Mẫu")
    certificate = api.enrol_person(person, office=office, post=HEAD, by=SYSTEM, at=services.now())
    services.authority.revoke(int(certificate.serial, 16), at=services.now(), reason="key_lost")
    trust.use(services.client())
    with pytest.raises(api.SigningRefused, match="thu hồi"):
        approve(draft, person, office, services.now() + dt.timedelta(seconds=2))


def test_a_certificate_is_issued_once_and_told_to_the_journal(
    services: TrustProcess, leader: Person, office: Office
) -> None:
    first = api.certificate_of_person(person_id=leader.pk, office_id=office.pk, post=HEAD, at=services.now())
    assert first is not None
    assert api.enrol_person(leader, office=office, post=HEAD, by=SYSTEM, at=services.now()) == first
    assert len(history(f"certificate:{first.serial}")) == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"valid_to": dt.datetime(2019, 1, 1, tzinfo=dt.UTC)}, "a_certificate_ends_after_it_begins"),
        ({"post": ""}, "a_person_approves_and_an_office_seals"),
        ({"revocation_reason": "key_lost"}, "a_revocation_has_a_known_reason"),
    ],
)
def test_the_database_guards_the_registry(
    services: TrustProcess, leader: Person, office: Office, change: dict[str, object], sentence: str
) -> None:
    rows = api.Certificate.objects.filter(holder=leader)
    with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
        rows.update(**change)


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        (api.Kind.APPROVE, "a_post_has_one_certificate_that_is_not_revoked"),
        (api.Kind.SEAL, "a_seal_has_one_certificate_that_is_not_revoked"),
    ],
)
def test_a_holder_has_one_certificate_that_counts(
    services: TrustProcess, leader: Person, office: Office, kind: api.Kind, sentence: str
) -> None:
    twin = api.Certificate.objects.get(office=office, kind=kind)
    twin.pk, twin.serial, twin.fingerprint = None, "ff", "f" * 64
    with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
        twin.save(force_insert=True)


def test_the_database_guards_the_signings(
    services: TrustProcess, leader: Person, office: Office, draft: bytes
) -> None:
    at = services.now()
    file = store(draft, media_type=PDF, at=at)
    other = store(draw(), media_type=PDF, at=at)
    good = {
        "file": file,
        "before": other,
        "certificate": api.Certificate.objects.get(holder=leader),
        "kind": api.Kind.APPROVE,
        "level": api.Level.LT,
        "signed_at": at,
    }
    for change, sentence in (
        ({"before": file}, "signing_changes_the_file"),
        ({"kind": "glance"}, "a_signature_is_of_a_known_kind"),
        ({"level": api.Level.B}, "an_official_signature_can_be_checked_for_long"),
    ):
        with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
            api.Signature.objects.create(**{**good, **change})


def test_without_time_stamps_nothing_is_signed_and_the_leader_reads_why(
    services: TrustProcess, leader: Person, office: Office, draft: bytes
) -> None:
    at = services.now()
    approved = approve(draft, leader, office, at).content
    patience = trust.Patience(timeout=1, pauses=())
    trust.use(trust.DemoTrust(services.home / "pki", url="http://127.0.0.1:1", patience=patience))
    attempts: list[Callable[[], object]] = [
        lambda: approve(draft, leader, office, at),
        lambda: api.issue(approved, office_id=office.pk, number="1", at=at),
    ]
    for attempt in attempts:
        with pytest.raises(api.TimeStampUnavailable) as refused:
            attempt()
        assert str(refused.value).startswith("Chưa ký được: máy chủ cấp dấu thời gian không trả lời.")
        assert isinstance(refused.value, api.CANNOT_SIGN)
    assert api.Signature.objects.count() == 0


def test_a_process_that_knows_no_services_signs_nothing(
    services: TrustProcess, leader: Person, office: Office, draft: bytes
) -> None:
    trust.use(trust.NullTrust())
    with pytest.raises(api.CertificateMissing, match="khóa ký"):
        approve(draft, leader, office, services.now())
    with pytest.raises(demo_pki.AuthorityMissing):
        api.enrol_person(leader, office=office, post="Khác", by=SYSTEM, at=services.now())
    certificate = api.Certificate.objects.get(holder=leader)
    with pytest.raises(demo_pki.AuthorityMissing):
        api.revoke(certificate.pk, reason=api.RevocationReason.KEY_LOST, by=SYSTEM, at=services.now())
    assert not api.verify(draft, at=services.now()).is_good
