"""Addresses of the catalogue's office."""

from django.urls import path

from tinhso.catalogue.views import editing, imports, levels, office, words

app_name = "catalogue"
urlpatterns = [
    path("", office.office, name="office"),
    path("moi/", office.new, name="new"),
    path("dang-soan/", office.worklist, name="worklist"),
    path("nghia-vu/", office.duties, name="duties"),
    path("tu-hay-dung/", words.words, name="words"),
    path("tu-hay-dung/<str:verb>/<int:number>/", words.act, name="word_act"),
    path("muc-do/", levels.levels, name="levels"),
    path("muc-do/chua-len-muc-do-4.csv", levels.levels_csv, name="levels_csv"),
    path("nhap/", imports.imports, name="imports"),
    path("nhap/<int:number>/", imports.record, name="import_record"),
    path("nhap/<int:number>/da-xem/", imports.see, name="import_see"),
    path("nhap/<int:number>/xem-lai/", imports.unsee, name="import_unsee"),
    path("ban-soan/<int:draft>/", editing.draft_page, name="draft"),
    path("ban-soan/<int:draft>/so-sanh/", editing.compare_draft, name="compare_draft"),
    path("ban-soan/<int:draft>/viec/<str:verb>/", editing.act, name="act"),
    path("ban-soan/<int:draft>/<str:part>/", editing.part_page, name="part"),
    path("<str:code>/", office.procedure, name="procedure"),
    path("<str:code>/muc-do/", levels.level, name="level"),
    path("<str:code>/soan/", editing.start, name="start"),
    path("<str:code>/chep/", office.copy, name="copy"),
    path("<str:code>/het-hieu-luc/", office.end, name="end"),
    path("<str:code>/so-sanh/<int:before>/<int:after>/", office.compare_versions, name="compare"),
]
