"""The upgrade itself, step by step; each step can be begun again, and the running release serves until the last."""

from __future__ import annotations

import datetime as dt
import json
import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tinhso.config.supervision.renewing import NotRenewed, renew
from tinhso.config.upgrade import release, state
from tinhso.config.upgrade.release import NoRelease, Release
from tinhso.config.upgrade.rule import Rule
from tinhso.config.upgrade.smoke import smoke
from tinhso.config.upgrade.state import Phase, Progress

#: Run by the new release's own code, as the account of the service.
PREPARE: Final = ("upgrade", "--prepare-only", "--json")
LOOK: Final = ("upgrade", "--look-only", "--json")


class UpgradeFailed(Exception):
    """Say in Vietnamese what failed, what serves now, and what to do."""


@dataclass(frozen=True)
class House:
    """The installation: its data, where the web answers, and who is told of each step."""

    data: Path
    host: str
    port: int
    rule: Rule
    say: Callable[[str], object] = print

    def run(self, of: Release, *words: str) -> tuple[int, dict[str, Any]]:
        """Run a command of a release as the account of the service; return its code and its document."""
        done = subprocess.run(  # noqa: S603 - a release's own command
            [*_as_account(self.data), str(of.python), "-P", "-m", "tinhso.config.cli", *words],
            env={**os.environ, "TINHSO_DATA": str(self.data)},
            capture_output=True,
            text=True,
            check=False,
        )
        lines = done.stdout.strip().splitlines()
        try:
            document = json.loads(lines[-1]) if lines else {}
        except ValueError:
            document = {}
        if done.returncode and "error" not in document:
            document["error"] = (done.stderr or done.stdout).strip()[-400:]
        return done.returncode, document


def _as_account(data: Path) -> Sequence[str]:
    """Return what makes root act as the account that owns the data; nothing for that account itself."""
    owner = data.stat().st_uid
    if os.geteuid() != 0 or owner == 0 or (tool := shutil.which("runuser")) is None:
        return ()
    return (tool, "-u", pwd.getpwuid(owner).pw_name, "--")


def look(house: House, to: Release) -> dict[str, Any]:
    """Return what an upgrade would do, and change nothing. Raises ``UpgradeFailed``."""
    code, found = house.run(to, *LOOK)
    if code:
        raise UpgradeFailed(f"Bản {to.name} chưa xem được cơ sở dữ liệu: {found.get('error')}")
    before = release.current()
    return {
        "from": before.name,
        "to": to.name,
        "side_by_side": to != before,
        "migrations": found["pending"],
        "no_way_back": {name: why for name, why in found["not_back"].items() if name in found["pending"]},
    }


def upgrade(house: House, to: Release) -> Progress:
    """Do what lacks of an upgrade to ``to``, and return how it went. Raises ``UpgradeFailed`` with the sentence to show."""
    with state.alone(house.data) as is_alone:
        if not is_alone:
            raise UpgradeFailed("Một lần nâng cấp khác đang chạy. Chờ nó xong: tinhso upgrade --dry-run.")
        before = release.current()
        progress = state.begin(*_pair(house, before, to), state.read(house.data), dt.datetime.now(dt.UTC))
        try:
            _go(house, to, progress)
        except (UpgradeFailed, NoRelease, NotRenewed) as trouble:
            progress.phase, progress.said = Phase.FAILED, str(trouble)
            state.write(house.data, progress)
            raise UpgradeFailed(str(trouble)) from trouble
    return progress


def _pair(house: House, before: Release, to: Release) -> tuple[str, str]:
    """Return where from and where to; a run that was killed after the link was turned came from elsewhere."""
    found = state.read(house.data)
    if found is not None and found.phase not in state.ENDED and found.after == str(to.folder):
        return found.before, found.after
    return str(before.folder), str(to.folder)


def _go(house: House, to: Release, progress: Progress) -> None:
    state.write(house.data, progress)
    if not progress.has(Phase.BACKED_UP):
        with _step(house, progress, "Sao lưu trước", Phase.BACKED_UP):
            code, found = house.run(Release(Path(progress.before)), "backup", "now", "--json")
            if code:
                raise UpgradeFailed(f"Chưa sao lưu được nên không nâng cấp. {found.get('error', '')}".strip())
            progress.backup = str(found.get("base", ""))
    if not progress.has(Phase.PREPARED):
        with _step(house, progress, "Đưa bảng và tệp giao diện lên bản mới", Phase.PREPARED):
            code, found = house.run(to, *PREPARE)
            if code:
                raise UpgradeFailed(str(found.get("error", "")))
    _check(house, to)
    if not progress.has(Phase.SWITCHED):
        with _step(house, progress, "Thay các tiến trình", Phase.SWITCHED):
            _turn(house, to)
    wrong = smoke(house.host, house.port, house.rule.ready_seconds)
    if wrong:
        _turn_back(house, progress, wrong)
    progress.reach(Phase.DONE)
    state.write(house.data, progress)


def _check(house: House, to: Release) -> None:
    code, found = house.run(to, "check", "--starting", "--json")
    if code:
        bad = [one["says"] for one in found.get("findings", []) if not one.get("is_fine")]
        raise UpgradeFailed(f"Bản mới không được phép khởi động: {' '.join(bad) or found.get('error')}")


def _turn(house: House, to: Release) -> None:
    """Let the link lead to a release, and have its processes take over; back to the old one where they do not."""
    before = release.current()
    if to != before:
        release.switch(to)
    try:
        renew(house.data, house.rule.restart_seconds)
    except NotRenewed:
        if to != before:
            release.switch(before)
        raise


def _turn_back(house: House, progress: Progress, wrong: list[str]) -> None:
    said = " ".join(wrong)
    if progress.before == progress.after:
        raise UpgradeFailed(f"Đã thay tiến trình nhưng chưa trả lời đúng: {said}")
    _turn(house, Release(Path(progress.before)))
    progress.reached = Phase.PREPARED
    raise UpgradeFailed(f"Bản mới không trả lời đúng nên đã quay về bản cũ. {said}")


def back(house: House) -> Progress:
    """Bring the release before back; the tables stay as they are. Raises ``UpgradeFailed`` where that cannot be."""
    with state.alone(house.data) as is_alone:
        progress = state.read(house.data)
        if (
            not is_alone
            or progress is None
            or progress.phase is Phase.BACK
            or progress.before == progress.after
        ):
            raise UpgradeFailed("Không có lần nâng cấp nào để quay về.")
        old = Release(Path(progress.before))
        if not old.works():
            raise UpgradeFailed(f"Bản cũ ở {old.folder} không còn. Cài lại rồi dùng: tinhso upgrade --to.")
        code, found = house.run(release.current(), *LOOK)
        if code:
            raise UpgradeFailed(f"Chưa xem được cơ sở dữ liệu: {found.get('error')}")
        code, known = house.run(old, *LOOK)
        lives_without = set(found["known"]) - set(known.get("known", ()))
        refused = {
            name: why
            for name, why in found["not_back"].items()
            if name in lives_without and name in found["applied"]
        }
        if refused:
            raise UpgradeFailed(
                "Bản cũ không chạy được với bảng hiện nay: "
                + " ".join(refused.values())
                + f" Muốn quay về phải khôi phục bản sao {progress.backup}: docs/runbooks/restore.md."
            )
        try:
            with _step(house, progress, "Quay về bản cũ", Phase.BACK):
                _turn(house, old)
        except (NoRelease, NotRenewed) as trouble:
            raise UpgradeFailed(str(trouble)) from trouble
        if wrong := smoke(house.host, house.port, house.rule.ready_seconds):
            raise UpgradeFailed(f"Đã quay về bản cũ nhưng: {' '.join(wrong)}")
    return progress


@contextmanager
def _step(house: House, progress: Progress, says: str, reaches: Phase) -> Iterator[None]:
    """Say a step, time it, and note that it is done."""
    house.say(f"… {says}")
    begun = time.monotonic()
    yield
    progress.steps.append({"step": reaches.value, "seconds": round(time.monotonic() - begun, 1)})
    progress.reach(reaches)
    state.write(house.data, progress)
    house.say(f"✓ {says}")


def default_release() -> Release:
    """Return the release that runs, for an upgrade of a clone whose sources are the new ones already."""
    return release.current()
