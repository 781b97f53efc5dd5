"""Addresses of the board, one's own desk, and the public page of progress."""

from __future__ import annotations

from django.urls import path

from tinhso.plans.views import board, desk, progress

urlpatterns = [
    path("ban-chi-dao/", board.board_page, name="board"),
    path("ban-chi-dao/viec-cua-toi/", desk.desk_page, name="desk"),
    path("chuyen-doi-so/", progress.progress_page, name="progress"),
    path("chuyen-doi-so/tien-do.json", progress.progress_json, name="progress_json"),
]
