"""`tinhso nd61`: points and class by Decree 61/2018/NĐ-CP, article 31. Reads one criterion a line; needs no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import click

from tinhso.config.json_lines import LineUnreadable, comma, known, lines, refuse, say
from tinhso.measures.queries.indices import nd61
from tinhso.measures.rules.nd61 import Criteria, points_of
from tinhso.measures.rules.scores import ScoreRefused


@dataclass(slots=True)
class Rated:
    """What the lines said of one office or officer."""

    kind: object
    points: dict[str, Fraction | None] = field(default_factory=dict)


@click.command("nd61", help="Chấm điểm và xếp loại theo Điều 31 NĐ 61/2018, mỗi dòng JSON một chỉ số.")
@click.option("--set", "version", default="", help="Bộ chỉ số; mặc định là bộ đang dùng.")
@click.option("--json", "as_json", is_flag=True, help="Mỗi cơ quan hoặc cán bộ một dòng JSON.")
def command(version: str, *, as_json: bool) -> None:
    """Answer for every id once all lines are read; exit 1 when a line could not be used."""
    criteria = nd61(version)
    if criteria is None:
        raise click.ClickException(f"Không có bộ chỉ số “{version}”.")
    rated: dict[str | int, Rated] = {}
    failed = False
    for place, line in lines():
        try:
            if isinstance(line, LineUnreadable):
                raise line
            _take(criteria, rated, line)
        except ValueError as problem:
            failed = True
            named = known(line, "id", "criterion")
            refuse(as_json, place, named, problem)
    for identity, one in rated.items():
        _tell(criteria, identity, one, as_json=as_json)
    if failed:
        raise SystemExit(1)


def _take(criteria: Criteria, rated: dict[str | int, Rated], line: Mapping[str, object]) -> None:
    identity = line.get("id")
    if isinstance(identity, bool) or not isinstance(identity, str | int) or identity == "":
        raise ScoreRefused("Thiếu “id” của cơ quan hoặc cán bộ.")
    name = line.get("kind", rated[identity].kind if identity in rated else next(iter(criteria.kinds)))
    kind = criteria.kind(name)
    one = rated.get(identity) or Rated(name)
    if one.kind != name:
        raise ScoreRefused("Dòng trước của “id” này ghi “kind” khác.")
    criterion = criteria.criterion(line.get("criterion"), kind)
    if criterion.number in one.points:
        raise ScoreRefused(f"Chỉ số {criterion.number} của “id” này đã có ở dòng trước.")
    one.points[criterion.number] = points_of(criterion, line)
    rated[identity] = one


def _tell(criteria: Criteria, identity: str | int, one: Rated, *, as_json: bool) -> None:
    kind = criteria.kind(one.kind)
    rating = criteria.rate(kind, {key: points for key, points in one.points.items() if points is not None})
    document: dict[str, object] = {
        "id": identity,
        "kind": one.kind,
        "points": rating.points,
        "max": rating.most,
        "class": rating.grade or None,
        "criteria": {key: one.points.get(key) for key in kind.criteria},
    }
    if rating.missing:
        document["missing"] = rating.missing
    if not rating.grade:
        document["state"] = "chưa áp dụng" if rating.points is None else kind.unverified or "chưa đủ chỉ số"
    told = (
        "chưa áp dụng"
        if rating.points is None
        else f"{comma(f'{float(rating.points):g}')} trên {rating.most} điểm"
    )
    say(as_json, document, f"{identity}: {told}, {rating.grade or document['state']}")


if __name__ == "__main__":
    command()
