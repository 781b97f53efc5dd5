"""Gather the addresses of every module."""

from django.conf import settings
from django.urls import include, path

from tinhso.directory import urls as directory
from tinhso.portal.views import sign_in

urlpatterns = [
    path("", include("tinhso.dossiers.urls")),
    path("", include("tinhso.portal.urls")),
    path("danh-muc/", include("tinhso.catalogue.urls")),
    path("", include("tinhso.measures.urls")),
    path("", include("tinhso.plans.urls")),
    path("tai-khoan/login/", sign_in.SignIn.as_view(), name="account_login"),
    path("tai-khoan/logout/", sign_in.SignOut.as_view(), name="account_logout"),
    path("tai-khoan/2fa/authenticate/", sign_in.OneTimeCode.as_view(), name="mfa_authenticate"),
]
if settings.TINHSO_DEMO:
    urlpatterns.append(path("", include((directory.demo, "demo"))))

_problems = "tinhso.portal.views.problems"
handler400 = f"{_problems}.bad_request"
handler403 = f"{_problems}.forbidden"
handler404 = f"{_problems}.not_found"
handler429 = f"{_problems}.too_many"
handler500 = f"{_problems}.server_error"
