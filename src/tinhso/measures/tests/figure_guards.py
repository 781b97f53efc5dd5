"""The guards of counts and of publications: how each is broken."""

from __future__ import annotations

import datetime as dt

from tinhso.toolkit.tests.constraints import NEW_YEAR, Case, Plain

DAY_ROW, MONTH = "measures_dayrow", "measures_countedmonth"
PUBLICATION, FIGURE, CASE = "measures_publication", "measures_publishedfigure", "measures_publishedcase"
REPORTED = "measures_reportedfigure"
EDITION, EDITION_ROW = "measures_edition", "measures_editionrow"
PUBLISHED = {"published_at": NEW_YEAR, "published_by_id": 2, "document_number": "45/TB"}
PLAIN: Plain = {
    DAY_ROW: {"kind": 1, "n": 1},
    MONTH: {"month": lambda n: dt.date(2022, n, 1)},
    "measures_partsum": {"span": "d"},
    PUBLICATION: PUBLISHED | {"prepared_by_id": 1},
    FIGURE: {"numerator": 1, "denominator": 2},
    EDITION: {"month": lambda n: dt.date(2022, n, 1), "cells": 2, "hidden": 1, "threshold": 5},
    EDITION_ROW: dict.fromkeys(
        ("received", "online", "returned", "early", "on_time", "late", "ended_otherwise", "running_late")
    ),
    REPORTED: {"numerator": None, "denominator": None},
}
ONE_FIGURE = {"publication_id": 1, "version": "v", "office_id": 0}
YESTERDAY = NEW_YEAR.date() - dt.timedelta(days=400)
CASES = (
    Case("a_count_is_of_a_known_kind", DAY_ROW, {"kind": 4}),
    Case("a_counted_month_begins_on_its_first_day", MONTH, {"month": dt.date(2022, 1, 2)}),
    Case("a_figure_is_published_once", FIGURE, twice=ONE_FIGURE),
    Case("an_edition_hides_cells_of_its_own", EDITION, {"hidden": 3}),
    Case("an_edition_is_made_once", EDITION, twice={"month": dt.date(2022, 1, 1), "number": 1}),
    Case("an_edition_is_of_a_whole_month", EDITION, {"month": dt.date(2022, 1, 2)}),
    Case("a_publication_has_a_period", PUBLICATION, {"last": YESTERDAY}),
    Case(
        "a_published_publication_names_who_and_its_document", PUBLICATION, PUBLISHED | {"document_number": ""}
    ),
    Case("a_published_share_is_at_most_whole", FIGURE, {"numerator": 3}),
    Case("a_reported_figure_has_a_period", REPORTED, {"last": YESTERDAY}),
    Case("a_reported_figure_names_its_document", REPORTED, {"document_number": ""}),
    Case("a_second_person_publishes", PUBLICATION, PUBLISHED | {"published_by_id": 1}),
    Case("a_zero_is_not_kept_as_a_row", DAY_ROW, {"n": 0}),
    Case("measures_comparison_publication_id_key", "measures_comparison", twice={"publication_id": 1}),
    Case("measures_countedday_day_key", "measures_countedday", twice={"day": NEW_YEAR.date()}),
    Case("measures_countedmonth_month_key", MONTH, twice={"month": dt.date(2022, 1, 1)}),
    Case("measures_difference_after_check", "measures_difference", {"after": -1}),
    Case("measures_difference_before_check", "measures_difference", {"before": -1}),
    Case("measures_publication_code_key", PUBLICATION, twice={"code": "c"}),
    Case("measures_publication_rows_count_check", PUBLICATION, {"rows_count": -1}),
    Case("measures_publishedcase_cls_check", CASE, {"cls": -1}),
    Case("measures_publishedfigure_denominator_check", FIGURE, {"numerator": -2, "denominator": -1}),
    Case("measures_publishedfigure_numerator_check", FIGURE, {"numerator": -1}),
    Case("measures_reportedfigure_replaces_id_key", REPORTED, twice={"replaces_id": 1}),
    Case("measures_staleday_day_key", "measures_staleday", twice={"day": NEW_YEAR.date()}),
)
TRIGGERS = (
    f"{EDITION}.editions_stay_as_they_are",
    f"{EDITION_ROW}.rows_of_editions_stay_as_they_are",
    f"{EDITION_ROW}.small_numbers_are_not_published",
    f"{PUBLICATION}.publications_stay_as_they_are",
    f"{CASE}.published_cases_are_added_before",
    f"{CASE}.published_cases_are_never_edited",
    f"{CASE}.published_cases_are_not_taken_away",
    f"{FIGURE}.published_figures_are_added_before",
    f"{FIGURE}.published_figures_are_never_edited",
    f"{FIGURE}.published_figures_are_not_taken_away",
    f"{REPORTED}.reported_figures_stay_as_they_are",
)
