"""Charts of the pages of figures, each with its finding as title; a part that is not told has no bar and no ground."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from tinhso.design.charts import Bar, Series, figure, hbars, lines, stacked
from tinhso.design.maps import Area, Shape, board, key_words, schematic
from tinhso.directory.api import OfficeKind
from tinhso.measures.queries.documents import document
from tinhso.measures.queries.places import limits, places
from tinhso.measures.views.lines import WHOLE, Line, Told


def bars(told: Told, shown: Sequence[Line], average_words: str) -> dict[str, Any] | None:
    """Return the bars of the highest rates among the parts that may be ranked."""
    found = [
        Bar(line.name, rate, here=line.is_here)
        for line in shown
        if (rate := told.rate(line.key)) and (told.number(line.key, "den") or 0) >= limits().ranked_from
    ][: limits().longest_chart]
    if not found:
        return None
    said_of = (
        _("Trong các nơi nêu được số, trễ nhiều nhất: %(name)s, %(n)s trên 1.000 hồ sơ.")
        if told.hidden
        else _("Trễ nhiều nhất: %(name)s, %(n)s trên 1.000 hồ sơ.")
    )
    title = said_of % {
        "name": found[0].label,
        "n": figure(found[0].value),
    }
    average = told.rate(WHOLE) if WHOLE in told.values else None
    svg = hbars(found, title, average, average_words if average is not None else "")
    return {"title": title, "svg": svg, "n": len(found), "from": limits().ranked_from}


def month_chart(told: Told) -> dict[str, Any] | None:
    """Return late per 1,000 by month as a line, and what was given back as stacked bars."""
    known = [(line, told.rate(line.key)) for line in told.lines if not line.lack]
    rates = [(line, rate) for line, rate in known if rate is not None]
    parts = [
        (
            f"{line.key.month}/{line.key.year % 100:02d}",
            [None if line.lack else told.number(line.key, name) for name in ("on_time", "early", "late")],
        )
        for line in told.lines
    ]
    if len(known) < 2:
        return None
    title = ""
    svg: Any = ""
    if rates:
        line, most = max(rates, key=lambda pair: pair[1])
        said_of = (
            _("Trễ nhiều nhất: tháng %(month)s, %(n)s trên 1.000 hồ sơ.")
            if len(rates) == len(known)
            else _("Trong các tháng nêu được, trễ nhiều nhất: tháng %(month)s, %(n)s trên 1.000 hồ sơ.")
        )
        title = said_of % {"month": line.key.month, "n": figure(most)}
        points = [
            (f"{one.key.month}/{one.key.year % 100:02d}", None if one.lack else told.rate(one.key))
            for one in told.lines
        ]
        svg = lines([Series(_("Trễ"), points)], title, _("hồ sơ trễ trên 1.000"))
    return {
        "title": title,
        "svg": svg,
        "stack": stacked(parts, _("Hồ sơ đã trả từng tháng: đúng hạn, trước hạn, trễ.")),
    }


def borders_of(told: Told) -> tuple[float, ...]:
    """Return where the darker classes of a map begin, late per 1,000: at parts of the average of all."""
    counts = told.values.get(WHOLE, {})
    average = 1000 * counts["bad"] / counts["den"] if counts.get("den") else 0
    steps = [max(place, round(average * part)) for place, part in enumerate(limits().map_classes, 1)]
    return tuple(float(max(step, steps[0] + place)) for place, step in enumerate(steps))


def _area(told: Told, key: Any, tie: str, name: str) -> Area:
    """Return an area of a map; hatched where too little stands behind its rate, or where it is not told."""
    den, rate = told.number(key, "den"), told.rate(key)
    if rate is None or (den or 0) < limits().ranked_from:
        return Area(tie, name, None, "–")
    return Area(tie, name, rate)


def district_map(told: Told) -> dict[str, Any]:
    """Return the schematic of districts."""
    every = places()
    said = document("tiles")
    names = {one["code"]: one["name"] for one in said["districts"]}
    areas = [
        _area(told, line.key, (tie := every[line.key].territory), names.get(tie, every[line.key].tile_name))
        for line in told.lines
        if line.key
    ]
    ranked = sorted((one for one in areas if one.value is not None), key=lambda one: one.value or 0)
    title = (
        _(
            "Sơ đồ huyện, thành phố, tô theo số hồ sơ trễ trên 1.000. Đậm nhất %(a)s %(n)s; nhạt nhất %(b)s %(m)s."
        )
        % {
            "a": ranked[-1].name,
            "n": figure(ranked[-1].value or 0),
            "b": ranked[0].name,
            "m": figure(ranked[0].value or 0),
        }
        if ranked
        else _("Sơ đồ huyện, thành phố. Chưa nơi nào đủ hồ sơ để tô.")
    )
    shapes = [Shape(one["code"], one["points"], one["x"], one["y"], one["size"]) for one in said["districts"]]
    borders = borders_of(told)
    return {
        "svg": schematic(areas, shapes, borders, title, said["view"], said["words"]),
        "key": key_words(borders, _("chưa đủ %(n)d hồ sơ, hoặc không nêu") % {"n": limits().ranked_from}),
        "title": title,
    }


def tile_boards(told: Told) -> list[dict[str, Any]]:
    """Return a board of tiles for each district, its communes by name; all of them, those without a dossier too."""
    every = places()
    boards: list[dict[str, Any]] = []
    borders = borders_of(told)
    districts = [one for one in every.values() if one.kind == OfficeKind.DISTRICT and one.valid_to is None]
    for district in sorted(districts, key=lambda one: one.sort_key):
        communes = [
            one
            for one in every.values()
            if one.kind == OfficeKind.COMMUNE
            and one.district_id == district.pk
            and (one.valid_to is None or one.pk in told.values)
        ]
        communes.sort(key=lambda one: one.sort_key)
        areas = [
            _area(told, one.pk, str(one.pk), one.tile_name)
            if one.pk in told.values
            else Area(str(one.pk), one.tile_name, None, "–")
            for one in communes
        ]
        if not areas:
            continue
        ranked = [one for one in areas if one.value is not None]
        highest = max(ranked, key=lambda one: one.value or 0, default=None)
        title = (
            _("%(place)s: %(n)d xã, phường, thị trấn. Trễ nhiều nhất %(name)s, %(rate)s trên 1.000.")
            % {
                "place": district.tile_name,
                "n": len(areas),
                "name": highest.name,
                "rate": figure(highest.value or 0),
            }
            if highest
            else _("%(place)s: %(n)d xã, phường, thị trấn. Chưa nơi nào đủ hồ sơ để tô.")
            % {"place": district.tile_name, "n": len(areas)}
        )
        boards.append(
            {
                "name": district.tile_name,
                "title": title,
                "svg": board(areas, borders, title, f"h{district.pk}"),
            }
        )
    return boards
