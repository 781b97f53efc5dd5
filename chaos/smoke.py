"""Ten ways through a restored province, over HTTP: what strangers, citizens, clerks and leaders do first."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.browser import Demo, Stuck

from chaos.province import Visitor, superuser

_DESK = re.compile(r'href="(/mot-cua/ho-so/[^"/]+/)"')
_PAPER = re.compile(r'src="(/giay-to/[^"]+\.png)"')


def walk(demo: Demo) -> dict[str, str]:
    """Walk all ten; each is "ok", or what went wrong."""
    ways: dict[str, Callable[[Demo], None]] = {
        "home": lambda demo: _opens(Visitor(demo.address), "/", "Dịch vụ công"),
        "search": lambda demo: _opens(Visitor(demo.address), "/tim/?q=khai+sinh", "1.001193"),
        "service page": lambda demo: _opens(Visitor(demo.address), "/thu-tuc/1.001193/", "khai sinh"),
        "track a code": _track,
        "verification page": lambda demo: _opens(Visitor(demo.address), "/kiem-tra/", "Kiểm tra"),
        "sign in, my page": lambda demo: _opens(_as(demo, "lan"), "/cua-toi/", "ồ sơ"),
        "begin a dossier": _begin,
        "desk and a paper on it": _desk,
        "statistics": lambda demo: _opens(Visitor(demo.address), "/so-lieu/", "hồ sơ"),
        "the committee's board": lambda demo: _opens(_as(demo, "dinh"), "/ban-chi-dao/", "hỉ tiêu"),
    }
    found = {}
    for name, way in ways.items():
        try:
            way(demo)
        except (Stuck, OSError) as error:
            found[name] = str(error)[:300]
        else:
            found[name] = "ok"
    return found


def _as(demo: Demo, name: str) -> Visitor:
    visitor = Visitor(demo.address)
    visitor.sign_in(name)
    return visitor


def _opens(visitor: Visitor, path: str, words: str) -> str:
    code, _, content = visitor.get(path)
    page = content.decode(errors="replace")
    if code != 200 or words not in page:
        raise Stuck(f"{path}: {code}, “{words}” {'not ' if words not in page else ''}there")
    return page


def _track(demo: Demo) -> None:
    with superuser(demo.data) as connection:
        row = connection.execute("select tracking_code from dossiers_dossier order by id desc limit 1").fetchone()
    if row is None:
        raise Stuck("no dossier was restored")
    _opens(Visitor(demo.address), f"/tra-cuu/{row[0]}/", "ồ sơ")


def _begin(demo: Demo) -> None:
    """Write something: a restored province must take dossiers again."""
    lan = _as(demo, "lan")
    lan.get("/thu-tuc/1.001193/")
    code, _, content = lan.post("/nop/1.001193/", {})
    if code != 200 or "office" not in content.decode(errors="replace"):
        raise Stuck(f"/nop/1.001193/: {code}")


def _desk(demo: Demo) -> None:
    """Find a dossier on the clerk's desk that has a paper, and look at the paper: its file was decrypted and is served."""
    for name in ("minh", "hoa"):
        officer = _as(demo, name)
        inbox = _opens(officer, "/mot-cua/", "ồ sơ")
        for desk in list(dict.fromkeys(_DESK.findall(inbox)))[:20]:
            for paper in _PAPER.findall(_opens(officer, desk, "ồ sơ"))[:1]:
                code, kind, content = officer.get(paper)
                if code == 200 and kind == "image/png" and content.startswith(b"\x89PNG"):
                    return
                raise Stuck(f"{paper}: {code} {kind}")
    raise Stuck("no dossier with a paper on the desk")
