"""Addresses of windows, plans, annexes, opinions."""

from __future__ import annotations

from django.urls import path

from tinhso.plans.views import plan_acts, plan_opinions, plan_rows, plan_windows, plans
from tinhso.plans.views.annex_urls import urlpatterns as annex

_ROOT = "ban-chi-dao/ke-hoach/"
_PLAN = f"{_ROOT}<int:pk>/"
_ROW = f"{_PLAN}nhiem-vu/<int:ordinal>/"

urlpatterns = [
    path(_ROOT, plan_windows.plans, name="plans"),
    path(f"{_ROOT}mo-dot/", plan_windows.window_open, name="window_open"),
    path(f"{_ROOT}dot/<int:pk>/", plan_windows.window, name="window"),
    path(f"{_ROOT}dot/<int:pk>/tai-ve/", plan_windows.window_csv, name="window_csv"),
    path(f"{_ROOT}dot/<int:pk>/nhac/", plan_windows.window_remind, name="window_remind"),
    path(f"{_ROOT}dot/<int:pk>/soan/<int:office>/", plan_windows.plan_start, name="plan_start"),
    path(f"{_ROOT}y-kien/<int:pk>/", plan_opinions.opinion_answer, name="opinion_answer"),
    path(_PLAN, plans.plan, name="plan"),
    path(f"{_PLAN}van-ban/", plans.plan_text, name="plan_text"),
    path(f"{_PLAN}phan-chung/", plan_rows.plan_describe, name="plan_describe"),
    path(f"{_PLAN}nhiem-vu/moi/", plan_rows.plan_item_new, name="plan_item_new"),
    path(_ROW, plan_rows.plan_item, name="plan_item"),
    path(f"{_ROW}bo/", plan_rows.plan_item_remove, name="plan_item_remove"),
    path(f"{_ROW}chuyen/<slug:where>/", plan_rows.plan_item_move, name="plan_item_move"),
    path(f"{_PLAN}ban-nhap/", plan_rows.plan_keep, name="plan_keep"),
    path(f"{_PLAN}ban-nhap/<int:number>/quay-lai/", plan_rows.plan_go_back, name="plan_go_back"),
    path(f"{_PLAN}lay-y-kien/", plan_acts.plan_ask, name="plan_ask"),
    path(f"{_PLAN}gop-y/<int:office>/", plan_opinions.opinion_give, name="opinion_give"),
    path(f"{_PLAN}nhac-gop-y/<int:office>/", plan_opinions.opinion_remind, name="opinion_remind"),
    path(f"{_PLAN}viec/<slug:act>/", plan_acts.plan_act, name="plan_act"),
    *annex,
]
