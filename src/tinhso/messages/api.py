"""The messages' door: tell people, read the in-box."""

from tinhso.messages.models import Channel, Notice, Outgoing
from tinhso.messages.queries import Inbox, Post, given_up, inbox, post, unread_count, waiting_count
from tinhso.messages.services.mark_read import NoticeNotThere, mark_all_read, mark_read
from tinhso.messages.services.retry_outgoing import (
    AddressReachesNobody,
    OutgoingNotGivenUp,
    retry_outgoing,
)
from tinhso.messages.services.tell import LinkLeadsAway, tell

__all__ = (
    "AddressReachesNobody",
    "Channel",
    "Inbox",
    "LinkLeadsAway",
    "Notice",
    "NoticeNotThere",
    "Outgoing",
    "OutgoingNotGivenUp",
    "Post",
    "given_up",
    "inbox",
    "mark_all_read",
    "mark_read",
    "post",
    "retry_outgoing",
    "tell",
    "unread_count",
    "waiting_count",
)
