"""Addresses of annexes: in and out, drafts beside each other."""

from __future__ import annotations

from django.urls import path

from tinhso.plans.views import annex

urlpatterns = [
    path("ban-chi-dao/ke-hoach/<int:pk>/phu-luc.xlsx", annex.annex_excel, name="annex_excel"),
    path("ban-chi-dao/ke-hoach/<int:pk>/ke-hoach.docx", annex.annex_word, name="annex_word"),
    path("ban-chi-dao/ke-hoach/<int:pk>/nhap-phu-luc/", annex.annex_import, name="annex_import"),
    path("ban-chi-dao/ke-hoach/<int:pk>/so-sanh/<int:number>/", annex.annex_compare, name="annex_compare"),
]
