"""A province without offices, procedures and people still answers every public address, with a page and not an error."""

from __future__ import annotations

import pytest
from django.test import Client

from tinhso.directory.api import Office

pytestmark = pytest.mark.django_db

PUBLIC = (
    "/",
    "/tim/?q=khai+sinh",
    "/linh-vuc/",
    "/tra-cuu/",
    "/kiem-tra/",
    "/tro-giup/",
    "/du-lieu-ca-nhan/",
    "/cam-ket-tiep-can/",
    "/du-lieu-mo/",
    "/du-lieu-mo/thu-tuc.csv",
    "/du-lieu-mo/thu-tuc.json",
    "/du-lieu-mo/dcat.jsonld",
    "/so-lieu/",
    "/trang-thai/",
    "/trang-thai.json",
    "/chuyen-doi-so/",
    "/dang-nhap/",
)


@pytest.mark.parametrize("address", PUBLIC)
def test_an_empty_province_answers(client: Client, address: str) -> None:
    assert not Office.objects.exists()
    answer = client.get(address, follow=True)
    assert answer.status_code == 200, answer.content[:300]
