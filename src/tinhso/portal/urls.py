"""Addresses of the portal."""

from django.urls import path

from tinhso.portal.views import (
    browse,
    counters,
    home,
    open_data,
    people,
    prints,
    search,
    statements,
    verification,
)

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("tim/", search.search_page, name="search"),
    path("tim/goi-y/", search.suggestions, name="suggest"),
    path("thu-tuc/<str:code>/", home.service, name="service"),
    path("viec/<str:key>/", browse.life_event, name="life_event"),
    path("linh-vuc/", browse.fields, name="fields"),
    path("linh-vuc/<int:number>/", browse.field, name="field"),
    path("cua-toi/", people.my_page, name="my"),
    path("cua-toi/giay-to/", people.my_papers, name="papers"),
    path("tra-cuu/", people.track, name="track"),
    path("kiem-tra/", verification.verification, name="verify"),
    path("tro-giup/", statements.help_page, name="help"),
    path("du-lieu-ca-nhan/", statements.privacy, name="privacy"),
    path("cam-ket-tiep-can/", statements.accessibility, name="accessibility"),
    path("thu-tuc/<str:code>/noi-nop/", counters.counters, name="counters"),
    path("thu-tuc/<str:code>/to-khai-mau.pdf", prints.sample_form, name="sample_form"),
    path("thu-tuc/<str:code>/to-in.pdf", prints.sheet, name="print_sheet"),
    path("thu-tuc/<str:code>/ap-phich.pdf", prints.poster, name="print_poster"),
    path("du-lieu-mo/", open_data.open_data, name="open_data"),
    path("du-lieu-mo/thu-tuc.csv", open_data.procedures_csv, name="procedures_csv"),
    path("du-lieu-mo/thu-tuc.json", open_data.procedures_json, name="procedures_json"),
    path("du-lieu-mo/dcat.jsonld", open_data.dcat, name="dcat"),
]
