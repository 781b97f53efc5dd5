"""`tinhso observatory`: the published rules of the French observatory. Reads one service a line; needs no database."""

import click

from tinhso.config.json_lines import LineUnreadable, comma, known, lines, refuse, say
from tinhso.measures.queries.indices import observatory


@click.command(
    "observatory", help="Chấm dịch vụ theo quy tắc công bố của Đài quan sát Pháp, mỗi dòng JSON một dịch vụ."
)
@click.option("--set", "version", default="", help="Bộ quy tắc; mặc định là bộ đang dùng.")
@click.option("--json", "as_json", is_flag=True, help="Mỗi dòng vào cho một dòng JSON.")
def command(version: str, *, as_json: bool) -> None:
    """Answer every line of standard input; exit 1 when one of them could not be answered."""
    rules = observatory(version)
    if rules is None:
        raise click.ClickException(f"Không có bộ quy tắc “{version}”.")
    failed = False
    for place, line in lines():
        named = known(line, "id", "service")
        try:
            if isinstance(line, LineUnreadable):
                raise line
            document = rules.score(line)
        except ValueError as problem:
            failed = True
            refuse(as_json, place, named, problem)
        else:
            name = named.get("service", named.get("id", place))
            say(as_json, {**named, "version": rules.version, **document}, f"{name}: {_told(document)}")
    if failed:
        raise SystemExit(1)


def _told(document: dict[str, object]) -> str:
    speed = document.get("speed")
    if not isinstance(speed, dict):
        return "không có điểm khả dụng và tốc độ"
    if speed["points"] is None:
        return str(speed["state"])
    return f"{comma(speed['points'])} trên 10 điểm, mức {speed['colour']}"


if __name__ == "__main__":
    command()
