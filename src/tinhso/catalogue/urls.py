"""Addresses of the catalogue's office."""

from django.urls import path

from tinhso.catalogue.views import editing, office, words

app_name = "catalogue"
urlpatterns = [
    path("", office.office, name="office"),
    path("moi/", office.new, name="new"),
    path("dang-soan/", office.worklist, name="worklist"),
    path("nghia-vu/", office.duties, name="duties"),
    path("tu-hay-dung/", words.words, name="words"),
    path("tu-hay-dung/<str:verb>/<int:number>/", words.act, name="word_act"),
    path("ban-soan/<int:draft>/", editing.draft_page, name="draft"),
    path("ban-soan/<int:draft>/so-sanh/", editing.compare_draft, name="compare_draft"),
    path("ban-soan/<int:draft>/viec/<str:verb>/", editing.act, name="act"),
    path("ban-soan/<int:draft>/<str:part>/", editing.part_page, name="part"),
    path("<str:code>/", office.procedure, name="procedure"),
    path("<str:code>/soan/", editing.start, name="start"),
    path("<str:code>/chep/", office.copy, name="copy"),
    path("<str:code>/het-hieu-luc/", office.end, name="end"),
    path("<str:code>/so-sanh/<int:before>/<int:after>/", office.compare_versions, name="compare"),
]
