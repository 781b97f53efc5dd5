"""An installation that serves no page."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
