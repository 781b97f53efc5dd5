"""Who is acting: posts of the day, delegation, disabled accounts, the one-time code."""

from __future__ import annotations

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tinhso.directory.models import Account, Delegation, Post
from tinhso.directory.queries import actor_of
from tinhso.directory.rules import ANYBODY, Role
from tinhso.directory.tests.factories import DAY, Cast

ONE = dt.timedelta(days=1)


@pytest.fixture
def delegation(cast: Cast) -> Delegation:
    """Let Sơn sign for Hoa on the day."""
    post = Post.objects.get(person_id=cast.hoa.person_id or 0)
    return Delegation.objects.create(
        post=post,
        to_person_id=cast.son.person_id or 0,
        valid_from=DAY,
        valid_to=DAY,
        decision="QĐ 01/QĐ-UBND",
    )


def test_an_actor_is_found_by_one_query(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        assert actor_of(cast.minh.account_id or 0, DAY).holds(Role.COUNTER_CLERK)


def test_a_delegate_holds_the_post_on_its_days_and_it_names_the_holder(
    cast: Cast, delegation: Delegation
) -> None:
    son = actor_of(cast.son.account_id or 0, DAY)
    post = son.post(cast.commune.pk, Role.LEADER)
    assert post is not None
    assert post.for_name == cast.hoa.name
    for day in (DAY - ONE, DAY + ONE):
        assert not actor_of(cast.son.account_id or 0, day).holds(Role.LEADER)


def test_a_withdrawn_delegation_gives_nothing(cast: Cast, delegation: Delegation) -> None:
    delegation.withdrawn_at = timezone.now()
    delegation.save()
    assert not actor_of(cast.son.account_id or 0, DAY).holds(Role.LEADER)


def test_a_delegated_post_ends_with_the_post(cast: Cast, delegation: Delegation) -> None:
    Post.objects.filter(pk=delegation.post_id).update(valid_to=DAY - ONE)
    assert not actor_of(cast.son.account_id or 0, DAY).holds(Role.LEADER)


def test_a_disabled_or_unknown_account_is_nobody(cast: Cast) -> None:
    Account.objects.filter(pk=cast.minh.account_id or 0).update(is_active=False)
    assert actor_of(cast.minh.account_id or 0, DAY) is ANYBODY
    assert actor_of(0, DAY) is ANYBODY


def test_an_officer_without_a_one_time_code_has_no_posts(cast: Cast) -> None:
    Authenticator.objects.filter(user_id=cast.minh.account_id or 0).delete()
    minh = actor_of(cast.minh.account_id or 0, DAY)
    assert minh.is_signed_in
    assert not minh.is_officer
