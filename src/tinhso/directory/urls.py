"""Addresses of the directory; the demo's stand apart, so that nothing else can bring them in."""

from django.urls import path

from tinhso.directory import views

app_name = "directory"
urlpatterns: list[object] = []
demo = [path("trinh-dien/vao/<str:username>/", views.sign_in_as, name="sign_in_as")]
