"""Addresses of the one-stop."""

from django.urls import path

from tinhso.dossiers.views import (
    draft_papers,
    drafting,
    files,
    filing,
    intake,
    mine,
    officers,
    opinions,
    rebasing,
)

app_name = "dossiers"
urlpatterns = [
    path("nop/<str:code>/", filing.start, name="start"),
    path("nop/nhap/<str:token>/gui/<str:key>/", filing.upload, name="upload"),
    path("giay-to/nhap/<str:token>.png", files.draft_file, name="draft_file"),
    path("giay-to/cua-toi/<str:token>.png", files.own_picture, name="own_picture"),
    path("giay-to/cua-toi/<str:token>.pdf", files.own_paper, name="own_paper"),
    path("nop/nhap/<str:token>/lay-lai/", draft_papers.reuse, name="reuse"),
    path("nop/nhap/<str:token>/<str:page>/", filing.draft_page, name="draft_page"),
    path("nop/nhap/<str:token>/<str:page>/luu/", filing.autosave, name="autosave"),
    path("nop/xong/<str:code>/", filing.done, name="done"),
    path("tra-cuu/<str:code>/", mine.tracked_page, name="tracked"),
    path("ho-so/<str:code>/", mine.my_dossier, name="mine"),
    path("ho-so/<str:code>/bo-sung/", mine.supply, name="supply"),
    path("ho-so/<str:code>/rut/", mine.withdraw, name="withdraw"),
    path("ho-so/<str:code>/ket-qua/", mine.fetch, name="fetch"),
    path("mot-cua/", officers.inbox, name="inbox"),
    path("mot-cua/tra-cuu/", officers.find_page, name="find"),
    path("mot-cua/nhiem-vu/", officers.switch_duty, name="duty"),
    path("mot-cua/tiep-nhan/", intake.choose, name="intake"),
    path("mot-cua/tiep-nhan/xong/<str:code>/", intake.done, name="intake_done"),
    path("mot-cua/tiep-nhan/<str:code>/<int:office>/", intake.start, name="intake_start"),
    path("mot-cua/tiep-nhan/<str:code>/<int:office>/<str:key>/", intake.page, name="intake_page"),
    path("mot-cua/tiep-nhan/<str:code>/<int:office>/<str:key>/luu/", intake.autosave, name="intake_autosave"),
    path("mot-cua/tiep-nhan/<str:code>/<int:office>/<str:key>/bo/", intake.drop, name="intake_drop"),
    path("mot-cua/ho-so/<str:code>/", officers.desk, name="desk"),
    path("mot-cua/ho-so/<str:code>/soan/", drafting.propose, name="propose"),
    path("mot-cua/ho-so/<str:code>/y-kien/", opinions.ask, name="ask_opinion"),
    path("mot-cua/ho-so/<str:code>/y-kien/<int:opinion>/", opinions.answer, name="answer_opinion"),
    path("mot-cua/ho-so/<str:code>/<str:verb>/", officers.act, name="act"),
    path("mot-cua/doi-ban/", rebasing.rebasing, name="rebasing"),
    path("mot-cua/doi-ban/<str:code>/", rebasing.rebase_page, name="rebase"),
    path("mot-cua/du-thao/<str:code>.pdf", files.draft_pdf, name="draft_pdf"),
    path("mot-cua/du-thao/<str:code>/<int:page>.png", files.result_page, name="result_page"),
    path("giay-to/<str:token>/<int:page>.png", files.paper_page, name="paper_page"),
    path("phieu/<str:token>.pdf", files.slip, name="slip"),
]
