"""Load the demo province, once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

from django.conf import settings
from django.db import transaction

from tinhso.catalogue.api import import_sheets, load_catalogue, load_search_words
from tinhso.directory.api import SYSTEM, Post, Role, load_demo
from tinhso.documents.adapters import sandbox
from tinhso.dossiers.services.load_abandoned import load_abandoned
from tinhso.dossiers.services.load_history import LIVES, load_history
from tinhso.dossiers.services.load_morning import first_acceptances, load_morning
from tinhso.measures.api import count_stale_days, load_dti, load_published, load_targets, make_editions
from tinhso.measures.services.load_declarations import load_declarations
from tinhso.plans.api import load_committee
from tinhso.signatures import api as signatures
from tinhso.signatures.adapters import trust
from tinhso.signatures.adapters.demo_pki import create
from tinhso.signatures.adapters.trust_server import TrustServer
from tinhso.signatures.models import Certificate
from tinhso.toolkit import clock

#: The history ends here, or now where the demo's clock stands earlier.
HISTORY_ENDS = dt.datetime(2022, 5, 10, 7, 30, tzinfo=clock.VN)


def load(say: Callable[[str], object] = lambda _: None, *, lives: int = LIVES) -> None:
    """Load what is not there yet, and ``say`` each step."""
    now = clock.now()
    until = min(now, HISTORY_ENDS)
    if load_demo(key=settings.SECRET_KEY):
        say("Đã dựng tỉnh trình diễn: cơ quan, cán bộ, lịch làm việc.")
    import_sheets(by=SYSTEM, at=now)
    if n := load_catalogue(by=SYSTEM, at=now):
        say(f"Đã đưa {n} thủ tục của danh mục 2022 vào, dùng tờ khai chung.")
    load_search_words()
    if n := enrol_every_office(at=until):
        say(f"Đã ghi {n} chứng thư số trình diễn vào sổ: người ký và con dấu của mọi cơ quan.")
    with transaction.atomic():
        leave = first_acceptances(until.date())
        if n := load_history(key=settings.SECRET_KEY, until=until, lives=lives, leave=leave):
            say(f"Đã dựng {n} hồ sơ từ đầu năm 2022, mọi tên đều do đặt ra.")
            with authority_of_the_past(until) as stamp_at:
                n = load_morning(until=until, is_demo=settings.TINHSO_DEMO, stamp_at=stamp_at)
            sandbox.stop()
            say(f"Đã đi {n} hồ sơ của những ngày cuối, có giấy tờ, chữ ký và con dấu trình diễn.")
            if n := load_abandoned(until=until):
                say(f"Đã dựng {n} bản nháp, gửi rồi và bỏ dở, của những người do đặt ra.")
    if days := count_stale_days(at=now):
        say(f"Đã đếm số liệu của {days} ngày.")
    if n := make_editions(by=SYSTEM, at=now):
        say(f"Đã lập bản công khai của {n} tháng đã hết.")
    if n := load_published(until=until):
        say(f"Đã khóa và công bố số liệu của {n} tháng đã hết.")
    if n := load_targets(until=until):
        say(f"Đã đặt {n} chỉ tiêu sử dụng minh họa.")
    if n := load_declarations(until=until):
        say(f"Đã ghi {n} dòng văn bản khai minh họa.")
    if n := load_dti(until=until):
        say(f"Đã chấm thử {n} chỉ tiêu chuyển đổi số minh họa.")
    load_committee(until=until, say=say)


@transaction.atomic
def enrol_every_office(*, at: dt.datetime) -> int:
    """Have a certificate issued for every leader and every seal that a clerk keeps, once; return how many."""
    if Certificate.objects.exists():
        return 0
    create(settings.TINHSO_DATA / "pki", base_url=f"http://127.0.0.1:{settings.TINHSO_TRUST_PORT}")
    day = at.date()
    posts = (
        Post.objects.filter(valid_from__lte=day).exclude(valid_to__lt=day).select_related("person", "office")
    )
    sealed: set[int] = set()
    n = 0
    for post in posts.filter(role__in=(Role.LEADER, Role.SEAL_CLERK)).order_by("office_id", "id"):
        if post.role == Role.LEADER:
            signatures.enrol_person(post.person, office=post.office, post=post.title, by=SYSTEM, at=at)
        elif post.office_id not in sealed:
            signatures.enrol_seal(post.office, by=SYSTEM, at=at)
            sealed.add(post.office_id)
        else:
            continue
        n += 1
    return n


@contextmanager
def authority_of_the_past(starts: dt.datetime) -> Iterator[Callable[[dt.datetime], object]]:
    """Serve the demo's own authority from this process while the past is played; yield what sets its clock.

    The demo's authority tells business time, and while the past is played that is the moment of each act: a result
    issued on the ninth bears a time stamp of the ninth. Same keys and lists as ``tinhso trust-services`` afterwards.
    """
    folder, port = settings.TINHSO_DATA / "pki", settings.TINHSO_TRUST_PORT
    authority = create(folder, base_url=f"http://127.0.0.1:{port}")
    moments = [starts]
    server = TrustServer(authority, port=0, now=lambda: moments[-1])
    serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    serving.start()
    before = trust.current()

    def stamp_at(moment: dt.datetime) -> None:
        moments.append(moment)
        # A new client each time: it would keep the lists of an earlier moment for a second.
        trust.use(trust.DemoTrust(folder, url=f"http://127.0.0.1:{server.server_address[1]}"))

    try:
        yield stamp_at
    finally:
        trust.use(before)
        server.shutdown()
        server.server_close()
        serving.join()


def welcome() -> list[str]:
    """Return what to try first, a line each."""
    return [
        "Bấm Đăng nhập, chọn một người trong danh sách, không cần mật khẩu.",
        "Thử trước: lan nộp hồ sơ, minh tiếp nhận, son soạn, hoa ký, thu đóng dấu (xã Hải Hưng).",
        "Ban Chỉ đạo: dinh là thư ký, thinh là Trưởng ban, du soạn kế hoạch của Sở Giáo dục và Đào tạo.",
        "Số liệu: ngan soạn bản công bố, tham duyệt, hoa xem tuần của cơ quan; ai cũng xem được ở mục Số liệu.",
        "Tài khoản cũng vào được bằng mật khẩu trinh-dien-2022; mã dùng một lần: tinhso demo totp TÊN.",
    ]
