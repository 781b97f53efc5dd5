"""Addresses of directives, steering bodies and their people."""

from __future__ import annotations

from django.urls import path

from tinhso.plans.views import bodies, directive_items, directives, posts

_DIRECTIVES = "ban-chi-dao/chi-dao/"
_BODIES = "ban-chi-dao/bo-may/"

urlpatterns = [
    path(_DIRECTIVES, directives.directives, name="directives"),
    path(f"{_DIRECTIVES}nhap/", directives.new_directive, name="new_directive"),
    path(f"{_DIRECTIVES}<int:pk>/", directives.directive, name="directive"),
    path(f"{_DIRECTIVES}<int:pk>/tep/", directives.directive_file, name="directive_file"),
    path(f"{_DIRECTIVES}<int:pk>/sua/", directives.edit_directive, name="edit_directive"),
    path(f"{_DIRECTIVES}<int:pk>/them-muc/", directives.add_items, name="add_directive_items"),
    path(f"{_DIRECTIVES}<int:pk>/het-hieu-luc/", directives.end, name="end_directive"),
    path(f"{_DIRECTIVES}muc/<int:pk>/giao/", directive_items.assign_item, name="assign_directive_item"),
    path(f"{_DIRECTIVES}muc/<int:pk>/giai-phap/", directive_items.solve_item, name="solve_directive_item"),
    path(_BODIES, bodies.bodies, name="bodies"),
    path(f"{_BODIES}lap/", bodies.new_body, name="new_body"),
    path(f"{_BODIES}bien-che/", posts.posts, name="posts"),
    path(f"{_BODIES}<int:pk>/", bodies.body, name="body"),
    path(f"{_BODIES}<int:pk>/thanh-vien/", bodies.seat, name="seat_member"),
    path(f"{_BODIES}<int:pk>/ke-hoach/", bodies.work_plan, name="body_work_plan"),
    path(f"{_BODIES}<int:pk>/nhat-ky/", bodies.log, name="body_log"),
    path(f"{_BODIES}<int:pk>/thoi/", bodies.end_of_body, name="end_body"),
    path(f"{_BODIES}thanh-vien/<int:pk>/thoi/", bodies.unseat, name="unseat_member"),
]
