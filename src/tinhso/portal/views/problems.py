"""Pages for when something is not there, not allowed or broken: what happened, what became of it, another way."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def _problem(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    return render(request, "portal/problem.html", {"title": title, "text": text}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that cannot be read."""
    return _problem(
        request, 400, _("Trang này chưa đọc được yêu cầu"), _("Quay lại trang trước và gửi lại. Phần đã lưu vẫn còn.")
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a person who may not open the page."""
    return _problem(
        request, 403, _("Trang này dành cho người khác"), _("Đăng nhập bằng tài khoản được giao việc này rồi mở lại.")
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that leads nowhere, or nowhere for this person: the two look the same."""
    return _problem(
        request, 404, _("Không tìm thấy trang này"), _("Địa chỉ có thể gõ nhầm, hoặc trang thuộc tài khoản khác.")
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer when we failed."""
    return _problem(
        request, 500, _("Trang này đang hỏng, lỗi ở phía chúng tôi"), _("Phần đã lưu vẫn còn. Thử lại sau ít phút.")
    )
