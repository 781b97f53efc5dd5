"""Addresses of the portal."""

from django.urls import path

from tinhso.portal.views import figures, home, people, statements, verification

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("tim/", home.search_page, name="search"),
    path("thu-tuc/<str:code>/", home.service, name="service"),
    path("cua-toi/", people.my_page, name="my"),
    path("tra-cuu/", people.track, name="track"),
    path("so-lieu/", figures.statistics, name="statistics"),
    path("so-lieu/tung-ngay.csv", figures.day_rows, name="day_rows"),
    path("kiem-tra/", verification.verification, name="verify"),
    path("tro-giup/", statements.help_page, name="help"),
    path("du-lieu-ca-nhan/", statements.privacy, name="privacy"),
    path("cam-ket-tiep-can/", statements.accessibility, name="accessibility"),
]
