"""Write a table as Parquet, through DuckDB in memory: its Parquet writer is built in and asks no network."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

#: The type of a column in the file, by the kind of its values.
TYPES: Final = {"text": "varchar", "number": "bigint", "rate": "double", "day": "date"}
_CLOSED: Final[dict[str, str | bool | int | float | list[str]]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "threads": "1",
}


def parquet(columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[Any]]) -> bytes:
    """Return a table as a Parquet file. ``columns`` are (name, kind); None is a null."""
    import duckdb  # noqa: PLC0415 - 38 MB and most of a second, for a process that may never write such a file

    named = ", ".join(f"{_quoted(name)} {TYPES[kind]}" for name, kind in columns)
    with tempfile.TemporaryDirectory(prefix="tinhso-parquet-") as place:
        file = Path(place) / "bang.parquet"
        with duckdb.connect(config=_CLOSED) as memory:
            memory.execute(f"create table bang ({named})")
            if rows:
                values = ", ".join(f"unnest(?::{TYPES[kind]}[])" for _name, kind in columns)
                memory.execute(
                    f"insert into bang select {values}",
                    [list(column) for column in zip(*rows, strict=True)],
                )
            memory.execute(f"copy bang to '{file}' (format parquet, compression zstd)")
        return file.read_bytes()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
