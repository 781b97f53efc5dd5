"""What the database refuses of what people are told, whatever the code above it does."""

from __future__ import annotations

import datetime as dt

import pytest

from tinhso.toolkit.tests.constraints import (  # noqa: F401 - pytest finds them here
    NEW_YEAR,
    Case,
    Connection,
    Plain,
    guarded,
    pytest_generate_tests,
    see_refused,
    test_every_guard_has_a_case,
    test_keys_point_somewhere,
    test_nothing_is_left_out,
    test_plain_rows_are_taken,
    test_the_database_refuses_it,
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
