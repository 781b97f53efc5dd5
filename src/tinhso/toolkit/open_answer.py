"""Answers of open data: the same for all, kept for an hour, read from other sites."""

from __future__ import annotations

from typing import TypeVar

from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

Answer = TypeVar("Answer", bound=HttpResponseBase)


def open_to_all(response: Answer, tag: str) -> Answer:
    """Let everybody keep the answer for an hour and read it from other sites; ``tag`` names this state of it."""
    response["ETag"] = tag
    response["Cache-Control"] = "public, max-age=3600"
    response["Access-Control-Allow-Origin"] = "*"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
