"""Addresses of the measures: figures for everybody, pages for those who keep them and who promote use."""

from django.urls import path

from tinhso.measures.views import targets, uptake

app_name = "measures"
urlpatterns = [
    path("thuc-day/", uptake.uptake_page, name="uptake"),
    path("thuc-day/bo-do/", uptake.giving_up_page, name="giving_up"),
    path("thuc-day/bo-do/<str:code>/", uptake.steps_page, name="steps"),
    path("thuc-day/chi-tieu/", targets.targets_page, name="targets"),
    path("thuc-day/chi-tieu/dat/", targets.set_page, name="set_target"),
    path("thuc-day/chi-tieu/chep/", targets.copy_page, name="copy_targets"),
    path("thuc-day/chi-tieu/tai-ve.csv", targets.targets_csv, name="targets_csv"),
    path("thuc-day/chi-tieu/<int:pk>/", targets.target_page, name="target"),
    # Monitoring: the meter, the status page, visits.
    # Coverage of the one-stop and of official signatures.
    # The Digital Transformation Index.
    # Statistics: province, offices, fields, procedures; maps; time; the wall screen.
    # Indices of Decision 766 and Decree 61; periodic reports.
    # Publications and reported figures.
    # Open data.
]
