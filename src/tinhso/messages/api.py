"""The messages' door: tell people, read the in-box."""

from tinhso.messages.models import Channel, Notice, Outgoing
from tinhso.messages.queries import Inbox, given_up, inbox, unread_count, waiting_count
from tinhso.messages.services.mark_read import NoticeNotThere, mark_all_read, mark_read
from tinhso.messages.services.tell import LinkLeadsAway, tell

__all__ = (
    "Channel",
    "Inbox",
    "LinkLeadsAway",
    "Notice",
    "NoticeNotThere",
    "Outgoing",
    "given_up",
    "inbox",
    "mark_all_read",
    "mark_read",
    "tell",
    "unread_count",
    "waiting_count",
)
