"""Gather the addresses of every module."""

from allauth.mfa.base.views import authenticate
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from tinhso.config import places
from tinhso.directory import urls as directory
from tinhso.portal.views import sign_in

MODULES = (
    "design",
    "journal",
    "documents",
    "messages",
    "directory",
    "catalogue",
    "signatures",
    "dossiers",
    "measures",
    "portal",
)

urlpatterns = [
    *(
        path("", include(f"tinhso.{name}.urls"))
        for name in MODULES
        if (places.PACKAGE / name / "urls.py").exists()
    ),
    path("tai-khoan/login/", sign_in.SignIn.as_view(), name="account_login"),
    path("tai-khoan/logout/", sign_in.SignOut.as_view(), name="account_logout"),
    path("tai-khoan/2fa/authenticate/", authenticate, name="mfa_authenticate"),
]
if settings.TINHSO_DEMO:
    urlpatterns.append(path("", include((directory.demo, "demo"))))

if (places.PACKAGE / "portal/views/problems.py").exists():
    _problems = "tinhso.portal.views.problems"
    handler400 = f"{_problems}.bad_request"
    handler403 = f"{_problems}.forbidden"
    handler404 = f"{_problems}.not_found"
    handler500 = f"{_problems}.server_error"


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is missing or old."""
    return HttpResponse("Trang đã mở quá lâu. Hãy tải lại trang rồi gửi lại.", status=403)
