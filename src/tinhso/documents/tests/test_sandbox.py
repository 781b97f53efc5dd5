"""The reader of strangers' files."""

import threading

import pytest

from tinhso.documents.adapters import sandbox
from tinhso.documents.tests import corpus


def test_a_reader_that_was_killed_is_replaced() -> None:
    sandbox.ask("inspect", corpus.pdf())
    process = sandbox._warm.process
    assert process is not None
    process.kill()
    process.wait()
    assert sandbox.ask("inspect", corpus.pdf())[0]["pages"] == 1


def test_what_the_reader_cannot_do_is_said() -> None:
    with pytest.raises(sandbox.ReadingFailed, match="KeyError"):
        sandbox.ask("something else", b"x")
    with pytest.raises(sandbox.ReadingFailed):
        sandbox.ask("draw_page", b"no pdf", page=1, width=160)


def test_many_may_ask_at_once() -> None:
    content, pages = corpus.pdf(pages=3), []
    askers = [
        threading.Thread(target=lambda: pages.append(sandbox.ask("inspect", content)[0]["pages"]))
        for _ in range(8)
    ]
    for one in askers:
        one.start()
    for one in askers:
        one.join()
    assert pages == [3] * 8


def test_the_reader_ends_when_told_and_comes_back_when_asked() -> None:
    sandbox.ask("inspect", corpus.pdf())
    sandbox.stop()
    assert sandbox._warm.process is None
    assert sandbox.ask("inspect", corpus.pdf())[0]["pages"] == 1
