"""What the directory does by itself: decisions and hand-overs whose day has come, sessions that ran out."""

from django.utils import timezone

from tinhso.directory.services.do_due import do_due
from tinhso.directory.services.end_session import end_run_out
from tinhso.directory.services.pace_sign_in import forget_paces
from tinhso.journal.api import every
from tinhso.toolkit import clock


@every(20, "directory.do_due")
def do_what_is_due() -> None:
    """Look every 20 seconds; nothing is done twice."""
    do_due(at=clock.now())


@every(60, "directory.end_run_out")
def end_sessions_that_ran_out() -> None:
    """Write down which sessions ended by themselves, and forget old counts of wrong tries."""
    end_run_out(real_at=timezone.now())
    forget_paces(real_at=timezone.now())
