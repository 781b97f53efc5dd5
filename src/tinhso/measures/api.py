"""What other modules may call of the measures."""

from tinhso.measures.queries.coverage import Covered, coverage
from tinhso.measures.queries.facts import Case, Period, cases_of, classes_of, period
from tinhso.measures.queries.figures import By, Tally, Wanted, counting, tallies, tally
from tinhso.measures.queries.formulas import every_formula, usual
from tinhso.measures.queries.open_figures import OpenFigures, open_figures
from tinhso.measures.queries.publications import BesideComputed, reported_figures
from tinhso.measures.queries.services_used import ServicesUsed, services_used
from tinhso.measures.queries.uptake import Uptake, Use, giving_up, thresholds, uptake
from tinhso.measures.rules import Received
from tinhso.measures.rules.coverage import Reason as LeftOut
from tinhso.measures.rules.coverage import Status as Running
from tinhso.measures.rules.coverage import System
from tinhso.measures.rules.formulas import Figure, Formula, figure
from tinhso.measures.services.compare_publication import compare_published
from tinhso.measures.services.count_day import count_day, count_stale_days
from tinhso.measures.services.load_dti import load_dti
from tinhso.measures.services.load_published import load_published
from tinhso.measures.services.load_targets import load_targets
from tinhso.measures.services.make_edition import make_editions

__all__ = [
    "BesideComputed",
    "By",
    "Case",
    "Covered",
    "Figure",
    "Formula",
    "LeftOut",
    "OpenFigures",
    "Period",
    "Received",
    "Running",
    "ServicesUsed",
    "System",
    "Tally",
    "Uptake",
    "Use",
    "Wanted",
    "cases_of",
    "classes_of",
    "compare_published",
    "count_day",
    "count_stale_days",
    "counting",
    "coverage",
    "every_formula",
    "figure",
    "giving_up",
    "load_dti",
    "load_published",
    "load_targets",
    "make_editions",
    "open_figures",
    "period",
    "reported_figures",
    "services_used",
    "tallies",
    "tally",
    "thresholds",
    "uptake",
    "usual",
]
