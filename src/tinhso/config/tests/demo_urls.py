"""The addresses of a demo, for tests of what exists only there."""

from django.urls import include, path

from tinhso.config.urls import urlpatterns as everywhere
from tinhso.directory import urls as directory

urlpatterns = [*everywhere, path("", include((directory.demo, "demo")))]
