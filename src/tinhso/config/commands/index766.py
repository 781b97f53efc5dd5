"""`tinhso index766`: points of the metrics of Decision 766/QĐ-TTg. Reads one metric a line; needs no database."""

from collections.abc import Mapping

import click

from tinhso.config.json_lines import LineUnreadable, comma, known, lines, refuse, say
from tinhso.measures.queries.indices import index766
from tinhso.measures.rules.index766 import Index

NOT_APPLICABLE = "chưa áp dụng"


@click.command("index766", help="Chấm điểm từng chỉ số của QĐ 766/QĐ-TTg, mỗi dòng JSON một chỉ số.")
@click.option("--set", "version", default="", help="Bộ công thức; mặc định là bộ đang dùng.")
@click.option("--json", "as_json", is_flag=True, help="Mỗi dòng vào cho một dòng JSON.")
def command(version: str, *, as_json: bool) -> None:
    """Answer every line of standard input; exit 1 when one of them could not be answered."""
    index = index766(version)
    if index is None:
        raise click.ClickException(f"Không có bộ công thức “{version}”.")
    failed = False
    for place, line in lines():
        named = known(line, "id", "metric")
        try:
            if isinstance(line, LineUnreadable):
                raise line
            document = _answer(index, line)
        except ValueError as problem:
            failed = True
            refuse(as_json, place, named, problem)
        else:
            told = (
                NOT_APPLICABLE
                if document["score"] is None
                else f"{comma(document['score'])} trên {document['max']} điểm"
            )
            say(as_json, {**named, **document}, f"{line['metric']}: {told}")
    if failed:
        raise SystemExit(1)


def _answer(index: Index, line: Mapping[str, object]) -> dict[str, object]:
    metric = index.metric(line.get("metric"))
    score = index.score(metric, line)
    document: dict[str, object] = {"score": score.points, "max": metric.most}
    if len(metric.parts) > 1:
        document["parts"] = score.parts
    if score.points is None:
        document["state"] = NOT_APPLICABLE
        if score.is_over_nothing and metric.shown_for_zero is not None:
            document["portal_shows"] = metric.shown_for_zero
    if metric.unverified:
        document["unverified"] = metric.unverified
    return document


if __name__ == "__main__":
    command()
