"""Gather the addresses of every module."""

from django.conf import settings
from django.urls import include, path

from tinhso.config.operations import ready
from tinhso.directory import urls as directory
from tinhso.portal.views import close_account, sign_in

urlpatterns = [
    path("livez", ready.lives, name="livez"),
    path("readyz", ready.ready, name="readyz"),
    path("", include("tinhso.dossiers.urls")),
    path("", include("tinhso.portal.urls")),
    path("danh-muc/", include("tinhso.catalogue.urls")),
    path("", include("tinhso.measures.urls")),
    path("", include("tinhso.plans.urls")),
    path("quan-tri/", include("tinhso.directory.urls")),
    path("tai-khoan/login/", sign_in.SignIn.as_view(), name="account_login"),
    path("tai-khoan/logout/", sign_in.SignOut.as_view(), name="account_logout"),
    path("tai-khoan/2fa/authenticate/", sign_in.OneTimeCode.as_view(), name="mfa_authenticate"),
    path("tai-khoan/khoa/", sign_in.passkey, name="mfa_login_webauthn"),
    path("tai-khoan/da-dong/", close_account.closed, name="account_closed"),
    path("tai-khoan/dong/", close_account.close, name="account_close"),
    path("tai-khoan/", include(directory.account)),
]
if settings.TINHSO_DEMO:
    urlpatterns.append(path("", include((directory.demo, "demo"))))

_problems = "tinhso.portal.views.problems"
handler400 = f"{_problems}.bad_request"
handler403 = f"{_problems}.forbidden"
handler404 = f"{_problems}.not_found"
handler429 = f"{_problems}.too_many"
handler500 = f"{_problems}.server_error"
