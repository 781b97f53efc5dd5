"""Addresses of the measures: pages for those who promote use."""

from django.urls import path

from tinhso.measures.views import targets, uptake

app_name = "measures"
urlpatterns = [
    path("", uptake.uptake_page, name="uptake"),
    path("bo-do/", uptake.giving_up_page, name="giving_up"),
    path("bo-do/<str:code>/", uptake.steps_page, name="steps"),
    path("chi-tieu/", targets.targets_page, name="targets"),
    path("chi-tieu/dat/", targets.set_page, name="set_target"),
    path("chi-tieu/chep/", targets.copy_page, name="copy_targets"),
    path("chi-tieu/tai-ve.csv", targets.targets_csv, name="targets_csv"),
    path("chi-tieu/<int:pk>/", targets.target_page, name="target"),
]
