"""Say how PostgreSQL must log so that its log holds no row and no word of anybody (merged into ``cluster.SETTINGS``).

By default an error is logged with its DETAIL (the row that is there already) and with the STATEMENT; Django puts the
values into the statement, so ``log_parameter_max_length=0`` does not help, and neither may slow statements be logged:
``pg_stat_statements`` counts them instead, with every constant taken out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SETTINGS: Final[Mapping[str, str]] = {
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
#: Needs the library at the start of the server; about 2 % of the time of short statements.
COUNT_STATEMENTS: Final[Mapping[str, str]] = {
    "shared_preload_libraries": "pg_stat_statements",
    "pg_stat_statements.max": "2000",
    "pg_stat_statements.track_utility": "off",
    "pg_stat_statements.save": "on",
}
#: For the roles that serve people: the first line of an error may quote a value too ("invalid input syntax for type
#: integer: …"), and the application logs its kind and code anyway. Errors of the server's own processes stay.
OF_ROLES: Final[Mapping[str, str]] = {"log_min_messages": "log"}
