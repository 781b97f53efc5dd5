"""Measure whether the clock tells accounts from names that are nobody's: ``python -m bench.access --json``.

A fresh demo; each page where a name is typed is sent known and unknown names in turn, from a new address each time, so
that no pace slows them. ``difference_ms`` is that of the medians; 5 ms are allowed.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Sequence
from http.cookiejar import CookieJar
from typing import Any

import django

from bench import house

#: page → the fields beside the name
PAGES: dict[str, dict[str, str]] = {
    "/tai-khoan/login/": {"password": "khong phai mat khau nay"},
    "/tai-khoan/quen-mat-khau/": {},
    "/tai-khoan/dat-lai/": {"code": "SAIS-SAIS-SAIS"},
    "/tai-khoan/kich-hoat/": {"code": "SAIS-SAIS-SAIS"},
    "/tai-khoan/mat-khoa/": {"password": "khong phai mat khau nay"},
}
ALLOWED = 5.0


def main() -> int:
    """Measure and print; exit 1 where a difference is larger than allowed."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--json", action="store_true", help="one JSON document")
    words.add_argument("--times", type=int, default=60, help="names of each kind")
    asked = words.parse_args()
    with house.fresh_house() as running:
        django.setup()
        from tinhso.directory.models import Account, Person  # noqa: PLC0415 - models cannot be imported before

        Person.objects.filter(account__isnull=False).update(phone="0912000000", email="ai.do@example.vn")
        known = list(Account.objects.order_by("?").values_list("username", flat=True)[: asked.times])
        report = {page: _measure(running.address, page, more, known) for page, more in PAGES.items()}
    report["all_within"] = all(one["difference_ms"] <= ALLOWED for one in report.values())
    sys.stdout.write(json.dumps(report, indent=None if asked.json else 2) + "\n")
    return 0 if report["all_within"] else 1


def _measure(address: str, page: str, more: dict[str, str], known: Sequence[str]) -> dict[str, Any]:
    unknown = [f"{name[:-1]}{name[-1]}khong" for name in known]
    turns = [(True, name) for name in known] + [(False, name) for name in unknown]
    random.Random(7).shuffle(turns)  # noqa: S311 - an order, no secret
    took: dict[bool, list[float]] = {True: [], False: []}
    for n, (is_known, name) in enumerate(turns):
        took[is_known].append(_send(address, page, {"login": name, **more}, n))
    medians = {is_known: statistics.median(times) for is_known, times in took.items()}
    return {
        "known_ms": round(medians[True], 1),
        "unknown_ms": round(medians[False], 1),
        "difference_ms": round(abs(medians[True] - medians[False]), 1),
        "n": len(turns),
    }


def _send(address: str, page: str, fields: dict[str, str], n: int) -> float:
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar := CookieJar()))
    there = {"X-Forwarded-For": f"203.0.{n // 250}.{n % 250 + 1}"}
    opener.open(urllib.request.Request(address + page, headers=there), timeout=30).read()  # noqa: S310 - our own server
    token = next(cookie.value for cookie in jar if cookie.name == "csrftoken") or ""
    sent = urllib.parse.urlencode({**fields, "csrfmiddlewaretoken": token}).encode()
    request = urllib.request.Request(address + page, data=sent, headers=there)  # noqa: S310 - our own server
    began = time.perf_counter()
    try:
        opener.open(request, timeout=30).read()
    except urllib.error.HTTPError as answered:
        answered.read()
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    sys.exit(main())
