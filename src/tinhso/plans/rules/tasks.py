"""In which states of a task an office or the committee can do what, beyond the verbs of the life-cycle."""

from __future__ import annotations

from typing import Final

from tinhso.plans.lifecycle import TaskState

_S: Final = TaskState
#: The lead may report: a task that was not begun is begun by its first report.
REPORTABLE: Final = (_S.NOT_STARTED, _S.RUNNING, _S.REDO)
#: Parts may be given.
SPLITTABLE: Final = (_S.NOT_STARTED, _S.RUNNING, _S.REDO)
#: An office owes something, so it may be urged; in the other states the committee has to answer first.
URGED: Final = (_S.NOT_STARTED, _S.RUNNING, _S.REDO)
#: A later due day may be asked for.
EXTENDABLE: Final = (_S.NOT_STARTED, _S.RUNNING, _S.REDO, _S.POSTPONED)
#: Another office may be given the lead.
MOVABLE: Final = (_S.NOT_STARTED, _S.RUNNING, _S.REDO, _S.POSTPONED, _S.REFUSED)
#: A whole takes no part back.
CLOSED: Final = (_S.WAITING, _S.DONE, _S.WITHDRAWN)
