"""The bare floor: the rows and fsyncs of one submission written by psycopg from two processes, without a web."""

from __future__ import annotations

import json
import multiprocessing
import os
import secrets
import threading
import time
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

Rows = Mapping[str, list[dict[str, Any]]]
PROCESSES = 2


def floor(address: Mapping[str, str], rows: Rows, files: Path | None, clients: int, seconds: float) -> float:
    """Return transactions per second. ``rows`` are sample rows by table; with ``files``, two files each are kept too."""
    processes = min(PROCESSES, clients)
    done: multiprocessing.Queue[int] = multiprocessing.get_context("spawn").Queue()
    starts = time.time() + 4.0
    workers = [
        multiprocessing.get_context("spawn").Process(
            target=_process,
            args=(dict(address), rows, files, clients // processes, starts, seconds, done),
        )
        for _ in range(processes)
    ]
    for worker in workers:
        worker.start()
    total = sum(done.get() for _ in workers)
    for worker in workers:
        worker.join()
    return round(total / seconds, 1)


def _process(
    address: dict[str, str],
    rows: Rows,
    files: Path | None,
    clients: int,
    starts: float,
    seconds: float,
    done: multiprocessing.Queue[int],
) -> None:
    counts = [0] * clients
    threads = [
        threading.Thread(target=_client, args=(address, rows, files, starts, seconds, counts, n))
        for n in range(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done.put(sum(counts))


def _client(
    address: dict[str, str],
    rows: Rows,
    files: Path | None,
    starts: float,
    seconds: float,
    counts: list[int],
    n: int,
) -> None:
    with psycopg.connect(**address) as connection:  # type: ignore[arg-type]
        statements = {
            table: sql.SQL("insert into {} ({}) values ({}) returning id").format(
                sql.Identifier(table),
                sql.SQL(", ").join(map(sql.Identifier, some[0])),
                sql.SQL(", ").join(sql.Placeholder() * len(some[0])),
            )
            for table, some in rows.items()
        }
        time.sleep(max(0.0, starts - time.time()))
        ends = time.time() + seconds
        while time.time() < ends:
            if files is not None:
                _keep(files, os.urandom(50_000))
                _keep(files, os.urandom(50_000))
            ids: dict[str, int] = {}
            for table, some in rows.items():
                for row in some:
                    values = [_fresh(column, value, ids) for column, value in row.items()]
                    answer = connection.execute(statements[table], values).fetchone()
                    assert answer is not None
                    ids[table] = answer[0]
            connection.commit()
            counts[n] += 1


def _fresh(column: str, value: Any, ids: Mapping[str, int]) -> Any:
    """Return a sample value anew: keys and codes are fresh, references point to the rows just written."""
    if column in ("token", "tracking_code", "key"):
        return secrets.token_urlsafe(16)[:19]
    if column == "dossier_id":
        return ids.get("dossiers_dossier")
    if column == "entry_id":
        return ids.get("journal_entry")
    if column == "sha256":
        return sha256(os.urandom(16)).hexdigest()
    return json.dumps(value) if isinstance(value, dict | list) else value


def _keep(files: Path, content: bytes) -> None:
    digest = sha256(content).hexdigest()
    folder = files / digest[:2]
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f".{secrets.token_hex(8)}"
    with fresh.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / digest)
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    os.fsync(handle)
    os.close(handle)
