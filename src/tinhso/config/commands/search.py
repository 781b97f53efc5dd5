"""``tinhso search``: find procedures by everyday words."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from tinhso.config.json_lines import LineUnreadable, lines
from tinhso.config.runtime import database


@click.command("search", help="Tìm thủ tục bằng lời nói hằng ngày.")
@click.argument("text", required=False, default="")
@click.option("--queries", "queries", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--on", "on", type=click.DateTime(["%Y-%m-%d"]), help="Ngày áp dụng; mặc định hôm nay.")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 1000))
@click.option("--json", "as_json", is_flag=True)
def command(text: str, queries: Path | None, on: Any, limit: int, *, as_json: bool) -> None:
    """Print the procedures that a text means, or one line for each query of a JSONL file."""
    if bool(text.strip()) == (queries is not None):
        raise click.ClickException("Gõ một câu cần tìm, hoặc --queries với một tệp.")
    with database():
        from tinhso.catalogue.api import Hit, search  # noqa: PLC0415 - models load only once the database is there
        from tinhso.toolkit import clock  # noqa: PLC0415 - settings choose the clock

        day = on.date() if on else clock.today()
        if queries is not None:
            wrong = 0
            for line in _lines(queries):
                if "error" in line:
                    wrong += 1
                    click.echo(json.dumps(line, ensure_ascii=False))
                    continue
                codes = [hit.code for hit in search(line["query"], day)[:limit]]
                click.echo(json.dumps({"id": line["id"], "codes": codes}, ensure_ascii=False))
            if wrong:
                raise click.exceptions.Exit(1)
            return
        search("a", day)  # the words are read into memory once in a process, not at each search
        begun = time.perf_counter()
        hits: list[Hit] = search(text, day)
        spent = (time.perf_counter() - begun) * 1000
    if as_json:
        results = [
            {"code": hit.code, "name": hit.title, "level": hit.level, "score": hit.score}
            for hit in hits[:limit]
        ]
        click.echo(json.dumps({"ms": round(spent, 2), "results": results}, ensure_ascii=False))
        return
    for hit in hits[:limit]:
        click.echo(f"{hit.code}  {hit.title}")
    if not hits:
        click.echo("Chưa thấy thủ tục nào khớp.")


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    """Yield {"id", "query"} of each line, or {"id", "error"} where a line cannot be read."""
    with file.open("rb") as source:
        for place, line in lines(source):
            known = {} if isinstance(line, LineUnreadable) else line
            identity, query = known.get("id"), known.get("query")
            if identity is None or not isinstance(query, str):
                yield {"id": identity, "line": place, "error": "Dòng này không đọc được: cần id và query."}
            else:
                yield {"id": identity, "query": query}
