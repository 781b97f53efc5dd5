"""`tinhso dti`: the Digital Transformation Index of provinces, with ranks. Reads one row a line; needs no database."""

import click

from tinhso.config.json_lines import LineUnreadable, comma, known, lines, refuse, say
from tinhso.measures.queries.indices import dti
from tinhso.measures.rules.dti import ranks


@click.command("dti", help="Tính và xếp hạng chỉ số chuyển đổi số, mỗi dòng JSON một tỉnh.")
@click.option("--set", "version", default="", help="Bộ chỉ số; mặc định là bộ đang dùng.")
@click.option("--json", "as_json", is_flag=True, help="Mỗi dòng vào cho một dòng JSON.")
def command(version: str, *, as_json: bool) -> None:
    """Answer every line in its order once all are read; exit 1 when one of them could not be answered."""
    index = dti(version)
    if index is None:
        raise click.ClickException(f"Không có bộ chỉ số “{version}”.")
    read = list(lines())
    values = {}
    problems = {}
    for place, line in read:
        try:
            if isinstance(line, LineUnreadable):
                raise line
            values[place] = index.value(line)
        except ValueError as problem:
            problems[place] = problem
    ranked = dict(zip(values, ranks(list(values.values())), strict=True))
    for place, line in read:
        named = known(line, "id", "province")
        if place in problems:
            refuse(as_json, place, named, problems[place])
            continue
        document = {**named, "dti": values[place], "rank": ranked[place]}
        if values[place] is None:
            document["state"] = "chưa áp dụng"
        told = "chưa áp dụng" if values[place] is None else f"{comma(values[place])}, hạng {ranked[place]}"
        say(as_json, document, f"{named.get('province', named.get('id', place))}: {told}")
    if problems:
        raise SystemExit(1)


if __name__ == "__main__":
    command()
