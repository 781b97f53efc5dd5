"""Addresses of money, inspections, commendations, the ranking."""

from __future__ import annotations

from django.urls import path

from tinhso.plans.views import commendations, findings, inspections, money, money_files, ranking

_MONEY, _ROUNDS = "ban-chi-dao/kinh-phi/", "ban-chi-dao/kiem-tra/"
_FINDINGS, _PRAISE, _RANKS = f"{_ROUNDS}kien-nghi/", "ban-chi-dao/khen-thuong/", "ban-chi-dao/xep-hang/"

urlpatterns = [
    path(_MONEY, money.money, name="money"),
    path(f"{_MONEY}tai-csv/", money_files.money_csv, name="money_csv"),
    path(f"{_MONEY}tai-excel/", money_files.money_xlsx, name="money_xlsx"),
    path(f"{_MONEY}them/", money.money_new, name="money_new"),
    path(f"{_MONEY}dinh-muc/", money.money_norms, name="money_norms"),
    path(f"{_MONEY}co-quan/<int:pk>/", money.money_office, name="money_office"),
    path(f"{_MONEY}tu-ke-hoach/<int:pk>/", money.money_of_plan, name="money_of_plan"),
    path(f"{_MONEY}dong/<int:pk>/", money.money_line, name="money_line"),
    path(f"{_MONEY}dong/<int:pk>/sua/", money.money_change, name="money_change"),
    path(f"{_MONEY}dong/<int:pk>/ghi/", money.money_enter, name="money_enter"),
    path(f"{_MONEY}but-toan/<int:pk>/dao/", money.money_reverse, name="money_reverse"),
    path(_ROUNDS, inspections.inspections, name="inspections"),
    path(f"{_ROUNDS}them/", inspections.inspection_new, name="inspection_new"),
    path(f"{_ROUNDS}<int:pk>/", inspections.inspection, name="inspection"),
    path(f"{_ROUNDS}<int:pk>/sua/", inspections.inspection_change, name="inspection_change"),
    path(f"{_ROUNDS}<int:pk>/ghi-kien-nghi/", inspections.inspection_finding, name="inspection_finding"),
    path(f"{_ROUNDS}<int:pk>/ket-luan/", inspections.inspection_conclude, name="inspection_conclude"),
    path(_FINDINGS, findings.findings, name="findings"),
    path(f"{_FINDINGS}tai-csv/", findings.findings_csv, name="findings_csv"),
    path(f"{_FINDINGS}<int:pk>/", findings.finding, name="finding"),
    path(f"{_FINDINGS}<int:pk>/khac-phuc/", findings.finding_report, name="finding_report"),
    path(f"{_FINDINGS}<int:pk>/xet/", findings.finding_answer, name="finding_answer"),
    path(f"{_FINDINGS}<int:pk>/giay/", findings.finding_paper, name="finding_paper"),
    path(_PRAISE, commendations.commendations, name="commendations"),
    path(f"{_PRAISE}them/", commendations.commendation_new, name="commendation_new"),
    path(_RANKS, ranking.ranking_page, name="ranking"),
    path(f"{_RANKS}tai-csv/", ranking.ranking_csv, name="ranking_csv"),
    path(f"{_RANKS}<int:pk>/", ranking.ranking_office, name="ranking_office"),
]
