"""Addresses of tasks, the services of Project 06, the calendar file."""

from __future__ import annotations

from typing import Final

from django.urls import path

from tinhso.plans.views import (
    task_acts,
    task_assign,
    task_calendar,
    task_files,
    task_page,
    tasks,
    tracked_services,
)

_TASKS: Final = "ban-chi-dao/nhiem-vu/"
_TASK: Final = f"{_TASKS}<slug:code>/"
_PROJECT_06: Final = "ban-chi-dao/de-an-06/"

urlpatterns = [
    path(_TASKS, tasks.tasks, name="tasks"),
    path(f"{_TASKS}nhieu-viec/", tasks.tasks_bulk, name="tasks_bulk"),
    path(f"{_TASKS}nhiem-vu.csv", task_calendar.tasks_csv, name="tasks_csv"),
    path(f"{_TASKS}nhiem-vu.xlsx", task_calendar.tasks_xlsx, name="tasks_xlsx"),
    path(f"{_TASKS}han.ics", task_calendar.tasks_ics, name="tasks_ics"),
    path(f"{_TASKS}giao/", task_assign.assign, name="assign_task"),
    path(f"{_TASKS}giao-trong-hop/", task_assign.assign_in_meeting, name="assign_in_meeting"),
    path(_TASK, task_page.task, name="task"),
    path(f"{_TASK}bao-cao/", task_files.report, name="report_task"),
    path(f"{_TASK}ket-luan/", task_page.answer, name="answer_task"),
    path(f"{_TASK}bang-chung/<int:pk>/", task_files.evidence, name="task_evidence"),
    path(f"{_TASK}<slug:key>/", task_acts.task_act, name="task_act"),
    path(_PROJECT_06, tracked_services.tracked_services, name="tracked_services"),
    path(f"{_PROJECT_06}25-dich-vu.csv", tracked_services.tracked_csv, name="tracked_csv"),
    path(f"{_PROJECT_06}<int:ordinal>/", tracked_services.tracked_service, name="tracked_service"),
]
