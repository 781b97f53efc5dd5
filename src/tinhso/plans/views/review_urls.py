"""Addresses of reviews, meetings, conclusions."""

from __future__ import annotations

from typing import Final

from django.urls import path

from tinhso.plans.views import conclusions, meetings, review_page, reviews

_REVIEWS: Final = "ban-chi-dao/so-ket/"
_REVIEW: Final = f"{_REVIEWS}<slug:code>/"
_MEETINGS: Final = "ban-chi-dao/hoi-nghi/"
_MEETING: Final = f"{_MEETINGS}<int:pk>/"
_CONCLUSION: Final = f"{_MEETING}ket-luan/"

urlpatterns = [
    path(_REVIEWS, reviews.reviews, name="reviews"),
    path(f"{_REVIEWS}soan/", reviews.draft, name="draft_review"),
    path(_REVIEW, review_page.review, name="review"),
    path(f"{_REVIEW}bao-cao.docx", reviews.word, name="review_word"),
    path(f"{_REVIEW}so-lieu.json", reviews.figures_json, name="review_json"),
    path(f"{_REVIEW}so-lieu.csv", reviews.figures_csv, name="review_csv"),
    path(f"{_REVIEW}lech/", review_page.compare, name="review_differences"),
    path(f"{_REVIEW}khoa-lai/", review_page.lock, name="lock_review"),
    path(f"{_REVIEW}trinh/", review_page.submit, name="submit_review"),
    path(f"{_REVIEW}tra-lai/", review_page.send_back, name="return_review"),
    path(f"{_REVIEW}duyet/", review_page.approve, name="approve_review"),
    path(f"{_REVIEW}them/<slug:section>/", review_page.add_line, name="add_review_line"),
    path(f"{_REVIEW}dong/<int:pk>/", review_page.edit_line, name="edit_review_line"),
    path(f"{_REVIEW}dong/<int:pk>/bo/", review_page.remove_line, name="remove_review_line"),
    path(_MEETINGS, meetings.meetings, name="meetings"),
    path(f"{_MEETINGS}moi/", meetings.call, name="call_meeting"),
    path(f"{_MEETINGS}giay/<int:pk>/", meetings.paper, name="agenda_paper"),
    path(_MEETING, meetings.meeting, name="meeting"),
    path(f"{_MEETING}in/", meetings.table_set, name="meeting_set"),
    path(f"{_MEETING}chuong-trinh/", meetings.agenda, name="edit_agenda"),
    path(f"{_MEETING}diem-danh/", meetings.attendance, name="mark_attendance"),
    path(f"{_MEETING}bien-ban/", meetings.minutes, name="write_minutes"),
    path(_CONCLUSION, conclusions.conclusion, name="conclusion"),
    path(f"{_CONCLUSION}soan/", conclusions.draft, name="draft_conclusion"),
    path(f"{_CONCLUSION}viec/", conclusions.add_line, name="add_conclusion_line"),
    path(f"{_CONCLUSION}viec/<int:line>/", conclusions.edit_line, name="edit_conclusion_line"),
    path(f"{_CONCLUSION}viec/<int:line>/bo/", conclusions.remove_line, name="remove_conclusion_line"),
    path(f"{_CONCLUSION}mo-dau/", conclusions.opening, name="write_opening"),
    path(f"{_CONCLUSION}ban-hanh/", conclusions.issue, name="issue_conclusion"),
    path(f"{_CONCLUSION}thong-bao.docx", conclusions.word, name="conclusion_word"),
]
