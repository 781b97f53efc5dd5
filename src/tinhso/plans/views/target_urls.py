"""Addresses of targets, their actuals and reports."""

from __future__ import annotations

from django.urls import path

from tinhso.plans.views import target_reports, targets

urlpatterns = [
    path("ban-chi-dao/chi-tieu/", targets.targets, name="targets"),
    path("ban-chi-dao/chi-tieu/them/", targets.add, name="add_target"),
    path("ban-chi-dao/chi-tieu/quy-tac/", targets.rule, name="target_rule"),
    path("ban-chi-dao/chi-tieu/chi-tieu.csv", targets.targets_csv, name="targets_csv"),
    path("ban-chi-dao/chi-tieu/chi-tieu.xlsx", targets.targets_xlsx, name="targets_xlsx"),
    path("ban-chi-dao/chi-tieu/bao-cao/", target_reports.reports, name="target_reports"),
    path("ban-chi-dao/chi-tieu/bao-cao/<int:pk>/", target_reports.report, name="target_report"),
    path(
        "ban-chi-dao/chi-tieu/bao-cao/<int:pk>/minh-chung.pdf",
        target_reports.evidence,
        name="target_evidence",
    ),
    path("ban-chi-dao/chi-tieu/<int:pk>/", targets.target, name="target"),
    path("ban-chi-dao/chi-tieu/<int:pk>/gia-tri/", targets.change, name="change_target"),
    path("ban-chi-dao/chi-tieu/<int:pk>/bao-cao/", target_reports.report_new, name="report_target"),
    path("ban-chi-dao/chi-tieu/<int:pk>/giai-phap/", targets.solution, name="target_solution"),
    path("ban-chi-dao/giai-phap/", targets.solutions, name="solutions"),
]
