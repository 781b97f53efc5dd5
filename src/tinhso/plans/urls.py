"""Addresses of the plans: the committee's desk, and the public page of progress."""

from __future__ import annotations

from django.urls import URLPattern

from tinhso.plans.views import (
    board_urls,
    directive_urls,
    money_urls,
    plan_urls,
    review_urls,
    target_urls,
    task_urls,
)

app_name = "plans"
urlpatterns: list[URLPattern] = [
    *board_urls.urlpatterns,
    *directive_urls.urlpatterns,
    *plan_urls.urlpatterns,
    *target_urls.urlpatterns,
    *task_urls.urlpatterns,
    *money_urls.urlpatterns,
    *review_urls.urlpatterns,
]
