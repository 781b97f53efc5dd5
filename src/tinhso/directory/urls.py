"""Addresses of the directory; the demo's stand apart, so that nothing else can bring them in."""

from django.urls import URLPattern, URLResolver, path

from tinhso.directory.views import (
    access_admin,
    access_contact,
    access_death,
    access_mine,
    access_prove,
    access_start,
    loans,
    officers,
    offices,
    reforms,
    releases,
    roles,
)
from tinhso.directory.views.sign_in_as import sign_in_as

app_name = "directory"
#: Below ``quan-tri/``.
urlpatterns: list[URLPattern | URLResolver] = [
    path("co-quan/", offices.offices, name="offices"),
    path("co-quan/<int:pk>/", offices.office, name="office"),
    path("co-quan/<int:pk>/them/", offices.new_office, name="new_office"),
    path("co-quan/<int:pk>/doi-ten/", reforms.rename_office, name="rename_office"),
    path("co-quan/<int:pk>/chuyen/", reforms.move_office, name="move_office"),
    path("co-quan/<int:pk>/dong/", reforms.close_office, name="close_office"),
    path("quyet-dinh/<int:pk>/rut/", reforms.take_back, name="withdraw_reform"),
    path("can-bo/", officers.officer_list, name="officers"),
    path("can-bo/moi/", officers.invite, name="invite"),
    path("can-bo/<int:pk>/", officers.officer, name="officer"),
    path("can-bo/<int:pk>/chuc-vu/", officers.new_post, name="new_post"),
    path("can-bo/<int:pk>/nghi-viec/", releases.leave, name="leave"),
    path("can-bo/<int:pk>/chuyen-cong-tac/", releases.transfer, name="transfer"),
    path("can-bo/<int:pk>/khoa/", officers.lock, name="lock"),
    path("can-bo/<int:pk>/mo-khoa/", officers.unlock, name="unlock"),
    path("can-bo/<int:pk>/ma-moi/", officers.new_code, name="new_code"),
    path("ban-giao/<int:pk>/", releases.hand_over_record, name="hand_over"),
    path("vai-tro/", roles.roles, name="roles"),
    path("uy-quyen/", loans.loan_list, name="loans"),
    path("uy-quyen/them/", loans.lend, name="lend"),
    path("uy-quyen/<int:pk>/thu/", loans.end_loan, name="end_loan"),
    # access
    path("truy-cap/", access_admin.requests, name="access_requests"),
    path("truy-cap/<int:pk>/xac-nhan/", access_admin.confirm, name="access_confirm"),
    path("truy-cap/<int:pk>/tu-choi/", access_admin.refuse, name="access_refuse"),
    path("truy-cap/phien/<int:pk>/ngat/", access_admin.end, name="access_end"),
    path("nguoi-mat/", access_death.death, name="record_death"),
    path("can-bo/<int:pk>/truy-cap/", access_admin.person, name="access_person"),
    path("can-bo/<int:pk>/truy-cap/khoa-moi/", access_admin.start, name="access_start"),
    path("can-bo/<int:pk>/truy-cap/mat-khau/", access_admin.password_code, name="access_password"),
]
#: Below ``tai-khoan/``, under names of their own: where strangers begin and everybody looks after the own access.
account: list[URLPattern | URLResolver] = [
    path("kich-hoat/", access_start.activate, name="account_activate"),
    path("quen-mat-khau/", access_start.forgotten, name="account_forgotten"),
    path("dat-lai/", access_start.reset, name="account_reset"),
    path("mat-khoa/", access_start.lost, name="account_lost_factor"),
    path("khoa-moi/", access_start.new_factor, name="account_new_factor"),
    path("ma-du-phong/", access_start.recovery, name="account_recovery"),
    path("xac-nhan/", access_prove.prove, name="account_prove"),
    path("phien/", access_mine.session_left, name="account_session"),
    path("bao-mat/", access_mine.security, name="account_security"),
    path("bao-mat/lien-he/", access_contact.contact, name="account_contact"),
    path("bao-mat/mat-khau/", access_mine.password, name="account_password"),
    path("bao-mat/phien/<int:pk>/ngat/", access_mine.end_one, name="account_end_session"),
    path("bao-mat/phien-khac/ngat/", access_mine.end_others, name="account_end_others"),
    path("bao-mat/khoa/them/", access_mine.passkey, name="account_passkey"),
    path("bao-mat/ung-dung/", access_mine.app, name="account_app"),
    path("bao-mat/khoa/<int:pk>/go/", access_mine.remove, name="account_remove_factor"),
    path("bao-mat/khoa/<int:pk>/ten/", access_mine.rename, name="account_rename_factor"),
    path("bao-mat/ma-du-phong/", access_mine.recovery_codes, name="account_recovery_codes"),
]
demo = [
    path("trinh-dien/vao/<str:username>/", sign_in_as, name="sign_in_as"),
    path("trinh-dien/xac-nhan/", access_prove.prove_as, name="prove_as"),
]
