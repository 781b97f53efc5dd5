"""What other modules may call of the catalogue."""

from tinhso.catalogue.models import (
    Case,
    ChannelTerm,
    Defect,
    Field,
    FormVersion,
    LegalBasis,
    Procedure,
    ProcedureVersion,
    ProcessStep,
    RequiredPaper,
    ResultKind,
    ServiceLevel,
)
from tinhso.catalogue.queries.asking import (
    AskedForm,
    AskedPaper,
    AskedQuestion,
    Asking,
    asked_form,
    asking_on,
)
from tinhso.catalogue.queries.boxes import Commune
from tinhso.catalogue.queries.browsing import LifeEvent, fields_on, life_events, of_field, of_life_event
from tinhso.catalogue.queries.catalogue import (
    AnswerBox,
    ProcedureNotFound,
    ServicePage,
    can_file_online,
    case_named,
    case_of,
    code_today,
    current,
    defects,
    draft_result,
    fee,
    form_for,
    limit_text,
    papers,
    result_fields,
    result_kind,
    service_level,
    service_page,
    steps,
    term,
    version_of,
    versions_on,
)
from tinhso.catalogue.queries.checking import Found, check_answers
from tinhso.catalogue.queries.checks import Problem
from tinhso.catalogue.queries.duties import DutiesKept, duties_kept
from tinhso.catalogue.queries.forms import (
    AnswersForm,
    Page,
    PageUnknown,
    form_class,
    pages,
)
from tinhso.catalogue.queries.leaves import Signer, form_html, result_html
from tinhso.catalogue.queries.levels import Levels, service_levels
from tinhso.catalogue.queries.moving import obstacles, renamed, same_step
from tinhso.catalogue.queries.online import OnlineService, level_and_field_on, online_services
from tinhso.catalogue.queries.open_data import OpenRow, last_published, open_rows
from tinhso.catalogue.queries.reading import Said, prefilled, readable, summary
from tinhso.catalogue.queries.report_counts import FieldCount, procedures_by_field
from tinhso.catalogue.queries.samples import Sample, sample_of
from tinhso.catalogue.queries.search import Choices, Filters, Hit, choices, search, suggest
from tinhso.catalogue.rules import FeeLine, FeeLines, UnknownRule, relevant
from tinhso.catalogue.services.edit_search_words import load_search_words
from tinhso.catalogue.services.import_records import import_records
from tinhso.catalogue.services.import_sheet import import_sheet, import_sheets
from tinhso.catalogue.services.load_catalogue import load_catalogue
from tinhso.catalogue.services.publish import SheetNotPublishable, VersionNotLater, publish
from tinhso.catalogue.services.publish_records import publish_records
from tinhso.catalogue.services.record_search_miss import record_search_miss

__all__ = [
    "AnswerBox",
    "AnswersForm",
    "AskedForm",
    "AskedPaper",
    "AskedQuestion",
    "Asking",
    "Case",
    "ChannelTerm",
    "Choices",
    "Commune",
    "Defect",
    "DutiesKept",
    "FeeLine",
    "FeeLines",
    "Field",
    "FieldCount",
    "Filters",
    "FormVersion",
    "Found",
    "Hit",
    "LegalBasis",
    "Levels",
    "LifeEvent",
    "OnlineService",
    "OpenRow",
    "Page",
    "PageUnknown",
    "Problem",
    "Procedure",
    "ProcedureNotFound",
    "ProcedureVersion",
    "ProcessStep",
    "RequiredPaper",
    "ResultKind",
    "Said",
    "Sample",
    "ServiceLevel",
    "ServicePage",
    "SheetNotPublishable",
    "Signer",
    "UnknownRule",
    "VersionNotLater",
    "asked_form",
    "asking_on",
    "can_file_online",
    "case_named",
    "case_of",
    "check_answers",
    "choices",
    "code_today",
    "current",
    "defects",
    "draft_result",
    "duties_kept",
    "fee",
    "fields_on",
    "form_class",
    "form_for",
    "form_html",
    "import_records",
    "import_sheet",
    "import_sheets",
    "last_published",
    "level_and_field_on",
    "life_events",
    "limit_text",
    "load_catalogue",
    "load_search_words",
    "obstacles",
    "of_field",
    "of_life_event",
    "online_services",
    "open_rows",
    "pages",
    "papers",
    "prefilled",
    "procedures_by_field",
    "publish",
    "publish_records",
    "readable",
    "record_search_miss",
    "relevant",
    "renamed",
    "result_fields",
    "result_html",
    "result_kind",
    "same_step",
    "sample_of",
    "search",
    "service_level",
    "service_levels",
    "service_page",
    "steps",
    "suggest",
    "summary",
    "term",
    "version_of",
    "versions_on",
]
