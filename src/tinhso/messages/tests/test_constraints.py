"""What the database refuses of what people are told, whatever the code above it does."""

from __future__ import annotations

import datetime as dt

import pytest

from tinhso.toolkit.tests.constraints import (
    NEW_YEAR,
    Case,
    Connection,
    Plain,
    see_keys_held,
    see_nothing_left_out,
    see_refused,
    see_taken,
    without_case,
)

LABEL = "tinhso_messages"
EARLIER = NEW_YEAR - dt.timedelta(days=1)
PLAIN: Plain = {
    "tinhso_messages_notice": {"link": "/ho-so/"},
    "tinhso_messages_outgoing": {"channel": "sms"},
}
CASES = (
    Case("messages_channel_is_known", "tinhso_messages_outgoing", {"channel": "fax"}),
    Case("messages_link_stays_on_this_site", "tinhso_messages_notice", {"link": "//vi-du.vn"}),
    Case("messages_read_after_written", "tinhso_messages_notice", {"read_at": EARLIER}),
    Case("messages_sms_carries_no_link", "tinhso_messages_outgoing", {"text": "Xem HTTPS://vi-du.vn"}),
    Case("tinhso_messages_outgoing_attempts_check", "tinhso_messages_outgoing", {"attempts": -1}),
)
GUARDS = [str(case) for case in CASES]


@pytest.mark.parametrize("link", ["https://vi-du.vn", "ho-so", "/\\vi-du.vn"])
def test_no_notice_leads_away(owner: Connection, link: str) -> None:
    see_refused(
        owner, PLAIN, Case("messages_link_stays_on_this_site", "tinhso_messages_notice", {"link": link})
    )


def test_no_sms_names_a_site(owner: Connection) -> None:
    see_refused(
        owner,
        PLAIN,
        Case("messages_sms_carries_no_link", "tinhso_messages_outgoing", {"text": "WWW.vi-du.vn"}),
    )


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_database_refuses_it(owner: Connection, case: Case) -> None:
    see_refused(owner, PLAIN, case)


def test_plain_rows_are_taken(owner: Connection) -> None:
    see_taken(owner, LABEL, PLAIN)


def test_nothing_is_left_out(owner: Connection) -> None:
    see_nothing_left_out(owner, LABEL, PLAIN)


def test_keys_point_somewhere(owner: Connection) -> None:
    see_keys_held(owner, LABEL, PLAIN)


def test_every_guard_has_a_case(owner: Connection) -> None:
    assert without_case(owner, LABEL, GUARDS) == set()
