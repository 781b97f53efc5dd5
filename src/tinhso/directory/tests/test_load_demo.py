"""The demo's province: complete, invented, loaded once."""

from __future__ import annotations

from collections import Counter

from allauth.mfa.models import Authenticator

from tinhso.directory.models import Account, Office, Person, Post, SpecialDay
from tinhso.directory.queries import actor_of
from tinhso.directory.rules import OfficeKind, Role
from tinhso.directory.services.load_demo import PASSWORD, cast, load_demo, one_time_secret
from tinhso.directory.tests.factories import DAY

HANDLERS = {Role.LEADER, Role.SEAL_CLERK, Role.COUNTER_CLERK, Role.SPECIALIST}


def test_it_has_every_office_of_may_2022(province: str) -> None:
    kinds = Counter(Office.objects.values_list("kind", flat=True))
    assert (kinds[OfficeKind.DISTRICT], kinds[OfficeKind.COMMUNE]) == (10, 226)
    for kind in ("party_body", "mass_organisation", "public_unit", "state_enterprise"):
        assert kinds[kind] >= 5
    for column in ("code", "code_2020"):
        codes = list(Office.objects.values_list(column, flat=True))
        assert len(codes) == len(set(codes))
    assert SpecialDay.objects.exists()


def test_every_commune_can_take_a_dossier_to_its_end(province: str) -> None:
    roles: dict[int, set[str]] = {}
    for office, role in Post.objects.values_list("office_id", "role"):
        roles.setdefault(office, set()).add(role)
    for commune in Office.objects.filter(kind=OfficeKind.COMMUNE):
        assert roles[commune.pk] >= HANDLERS, commune


def test_in_a_small_commune_one_person_receives_and_prepares(province: str) -> None:
    held = Counter(Post.objects.filter(office__kind=OfficeKind.COMMUNE).values_list("person", flat=True))
    assert 50 < sum(n == 2 for n in held.values()) < 100


def test_every_officer_has_a_one_time_code_and_no_citizen_has(province: str) -> None:
    officers = set(Account.objects.filter(person__posts__isnull=False).values_list("pk", flat=True))
    assert set(Authenticator.objects.values_list("user_id", flat=True)) == officers
    minh = Authenticator.objects.get(user__username="minh")
    assert minh.data["secret"] == one_time_secret("minh", province)


def test_the_cast_is_there_with_its_posts_and_one_password(province: str) -> None:
    for one in cast():
        account = Account.objects.get(username=one["username"])
        assert {post.role for post in actor_of(account.pk, DAY).posts} == {row[1] for row in one["posts"]}
    assert Account.objects.get(username="lan").check_password(PASSWORD)
    assert Account.objects.values("password").distinct().count() == 1


def test_a_second_load_changes_nothing(province: str) -> None:
    before = Office.objects.count(), Person.objects.count(), Post.objects.count()
    assert load_demo(key=province) is False
    assert (Office.objects.count(), Person.objects.count(), Post.objects.count()) == before
