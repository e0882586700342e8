"""Names, titles, tags, searches and chats that are made to break a window or to be taken for markup: shown as what they are, and no more."""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from faults.conftest import Fault
from faults.hostile_strings import OWN, hostile_strings, markdown_examples
from gui.fake_engine import (
    DEFAULT_FOLDERS,
    FLIGHT,
    NOW_S,
    FakeLink,
    citation,
    file_entry,
    folder_entry,
    sample_answer,
    sample_document,
)
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QAction, QDesktopServices, QTextDocument
from PySide6.QtGui import Qt as GuiQt  # PySide6 keeps what the namespace has about text apart
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QWidget

from assistant.desktop.chat.answer_view import AnswerView
from assistant.desktop.markdown.markdown_render import IMAGE_NAME, LINK
from assistant.desktop.markdown.markdown_view import CITE, RichView
from assistant.desktop.shell.app import Desktop
from assistant.desktop.source.source_view import SourceView
from assistant.documents.limits import ReaderLimits
from assistant.documents.reading import read_document
from assistant.domain.answers import Answer, Conversation, SentenceCheck, Support, Turn, TurnState
from assistant.domain.errors import NoteUnreadableError

pytestmark = [pytest.mark.timeout(600), pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")]

PLACES = 5  # name, title, tag, search, chat
BATCH = 40


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every address that was handed to the system."""
    found: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: found.append(url.toString()))
    return found


@pytest.fixture
def asked_for(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every resource that a page of ours was asked for and that is not a picture of our own."""
    found: list[str] = []
    original = RichView.loadResource

    def watched(self: RichView, kind: int, name: Any) -> Any:
        text = name if isinstance(name, str) else name.toString()
        if not text.startswith(IMAGE_NAME):
            found.append(text)
        return original(self, kind, name)

    monkeypatch.setattr(RichView, "loadResource", watched)
    return found


@pytest.fixture
def desktop(qtbot, qapp: QApplication, tmp_path: Path) -> Iterator[tuple[Desktop, FakeLink]]:
    """The whole window on a scripted engine."""
    link = FakeLink()
    made = Desktop(qapp, tmp_path, link)
    with qtbot.waitSignal(made.client.welcomed):
        made.start()
    yield made, link
    made.close()
    QLocale.setDefault(QLocale(QLocale.Language.English))


@contextmanager
def opened_under(folder: Path) -> Iterator[Callable[[], int]]:
    """How often a file in a folder was opened by anybody, native code included. Elsewhere than on Linux: always 0."""
    if not sys.platform.startswith("linux"):
        yield lambda: 0
        return
    libc = ctypes.CDLL(None, use_errno=True)
    handle = libc.inotify_init1(os.O_NONBLOCK)
    assert libc.inotify_add_watch(handle, os.fsencode(folder), 0x20) > 0  # IN_OPEN

    def count() -> int:
        try:
            data = os.read(handle, 1 << 16)
        except BlockingIOError:
            return 0
        at = events = 0
        while at < len(data):
            (length,) = struct.unpack_from("I", data, at + 12)
            at, events = at + 16 + length, events + (length > 0)  # without a name it is the folder itself
        return events

    try:
        yield count
    finally:
        os.close(handle)


# ---- strings in every place ----------------------------------------------------------------------------------------------


def test_hostile_strings_are_shown_as_they_are_everywhere(
    qtbot,
    fault: Fault,
    scale: Callable[[int, int], int],
    desktop: tuple[Desktop, FakeLink],
    opened: list[str],
    asked_for: list[str],
) -> None:
    made, link = desktop
    window = made.window
    strings = hostile_strings() if scale(0, 1) else OWN[::3]
    for at in range(0, len(strings), BATCH):
        batch = strings[at : at + BATCH]
        told(link, batch)
        with qtbot.waitSignal(made.client.welcomed):
            made.client.say_hello()
        window.library.search_field.clear()
        settle(window)
        for text in batch:
            with fault.trial():
                window.library.search_field.setText(text)  # as a search, and as the beginning of a filter's value
                window.library.search_field.setText("tag:" + text)
                link.answer_made = answer_of(text)
                link.documents = {"hostile.md": read(text, window)}
                window.chat.ask(text.strip() or "x")
                window.show_source(link.answer_made.citations[0])
                QTest.qWait(1)
        settle(window)
        assert_plain(window)
        window.open_conversation(1)
        settle(window)
        assert_plain(window)
        fault.count((PLACES - 1) * len(batch), (PLACES - 1) * len(batch))
        window.chat.new_chat()
    assert opened == []
    assert asked_for == []


def told(link: FakeLink, batch: Sequence[str]) -> None:
    """The strings become names of folders and notes, titles of chats and notes, tags, headings, passages and reasons."""
    names = [text.replace("/", "∕").replace("\0", "") or "x" for text in batch]
    link.folders = tuple(replace(DEFAULT_FOLDERS[0], id=1, path=f"/n/{name}", name=name) for name in names[:1])
    link.tree = {
        (1, ""): tuple([file_entry(f"{name}.md") for name in names] + [folder_entry(f"f {name}", 1) for name in names])
    }
    link.attention = tuple(file_entry(name, reason=name) for name in names)
    link.conversations = tuple(
        Conversation(number + 1, text, NOW_S, NOW_S, turns=1) for number, text in enumerate(batch)
    )
    link.turns = {
        1: tuple(Turn(number + 1, 1, text, answer_of(text), TurnState.DONE, NOW_S) for number, text in enumerate(batch))
    }
    link.passages = tuple(
        replace(FLIGHT, note=f"{name}.md", title=text, text=text or "x", heading_path=(text,))
        for name, text in zip(names, batch, strict=True)
    )
    link.filter_values = {"folder": tuple(batch), "tag": tuple(batch), "type": ("md",)}
    link.questions = tuple(batch[:4])
    link.chat_model_title = batch[0]


def answer_of(text: str) -> Answer:
    said = f"{text}\n\nAnd {text}."
    source = replace(FLIGHT, note="hostile.md", title=text, text=text or "x", heading_path=(text,))
    found = citation(1, said, source)
    return replace(
        sample_answer(),
        text=said,
        quote=replace(sample_answer().quote, text=text or "x", title=text, heading_path=(text,), marks=()),
        sentences=(SentenceCheck(0, len(said), Support.SUPPORTED, 1),),
        citations=(found,),
        passages=(source,),
    )


def read(text: str, window: QWidget) -> Any:
    folder = Path(os.environ["HOME"])
    path = folder / "hostile.md"
    path.write_text(f"---\ntitle: {text[:50]!r}\ntags: [a]\n---\n# {text}\n\n{text}", "utf-8", errors="surrogatepass")
    try:
        return read_document(path, limits=ReaderLimits())
    except NoteUnreadableError:
        return sample_document()  # half a character, or a NUL, makes a file that is no text


def settle(window: QWidget) -> None:
    QTest.qWait(30)
    window.grab()


def assert_plain(window: QWidget) -> None:
    """Nothing that is shown was taken for markup: labels, tips, lists, pages."""
    for label in window.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText or not GuiQt.mightBeRichText(label.text()), label.text()
    tips = [widget.toolTip() for widget in window.findChildren(QWidget)] + [
        act.toolTip() for act in window.findChildren(QAction)
    ]
    for view in window.findChildren(QAbstractItemView):
        model = view.model()
        for row in range(model.rowCount() if model is not None else 0):
            tips.append(model.index(row, 0).data(Qt.ItemDataRole.ToolTipRole) or "")
    for tip in tips:
        assert_inert_tip(str(tip))
    for page in window.findChildren(RichView):
        for form in page.document().allFormats():
            if form.isImageFormat():
                assert form.toImageFormat().name().startswith(IMAGE_NAME)
            elif form.isCharFormat() and form.toCharFormat().anchorHref():
                assert form.toCharFormat().anchorHref().startswith((CITE, LINK))


def assert_inert_tip(tip: str) -> None:
    if not GuiQt.mightBeRichText(tip):
        return
    page = QTextDocument()
    page.setHtml(tip)
    for form in page.allFormats():
        assert not form.isImageFormat(), tip
        assert not (form.isCharFormat() and form.toCharFormat().anchorHref()), tip


# ---- pictures, links, frames, styles and pixels --------------------------------------------------------------------------

SHAPES = (
    "![x]({0})", "[![x]({0})]({0})", "![x][r]\n\n[r]: {0}", "![[{0}]]", "<img src=\"{0}\">", "<img srcset='{0} 1x' width=1 height=1>",
    "<iframe src=\"{0}\"></iframe>", "<link rel=stylesheet href=\"{0}\">", "<style>@import '{0}'; body {{ background: url({0}) }}</style>",
    "<div style=\"background-image: url('{0}')\">x</div>", "<object data=\"{0}\"></object><embed src=\"{0}\">", "<a href=\"{0}\">go</a> [go]({0}) <{0}>",
    "| a |\n|---|\n| ![x]({0}) |", "> - ![x]({0} \"t\")", "<svg><image href=\"{0}\"/></svg><video poster=\"{0}\" src=\"{0}\"></video>",
)  # fmt: skip
TARGETS = ("file://{0}", "{0}", "http://leak.invalid/p.png?q=words", "file://leak.invalid/share/p.png")


def test_pictures_links_frames_and_styles_open_nothing(
    qtbot, theme_of_the_window, tmp_path: Path, fault: Fault, opened: list[str], asked_for: list[str]
) -> None:
    """A table of 60: 15 shapes of reference, 4 targets, each in an answer and in a note."""
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "canary.png").write_bytes(b"\x89PNG not really")
    os.mkfifo(secret / "pipe.png") if hasattr(os, "mkfifo") else None
    with opened_under(secret) as opens:
        (secret / "canary.png").read_bytes()
        assert opens() == (1 if sys.platform.startswith("linux") else 0)  # it sees what is opened
        for number, shape in enumerate(SHAPES):
            for target in TARGETS:
                # A named pipe now and then: whoever opens one hangs.
                where = target.format(secret / ("pipe.png" if number % 3 == 2 else "canary.png"))
                text = f"Before. {shape.format(where)}\n\nAfter."
                with fault.trial():
                    show_answer(qtbot, theme_of_the_window, text)
                    show_note(qtbot, theme_of_the_window, text, tmp_path)
                    assert opens() == 0, text
    assert asked_for == []
    assert opened == []


def test_public_examples_of_markdown_open_nothing(
    qtbot,
    theme_of_the_window,
    tmp_path: Path,
    fault: Fault,
    scale: Callable[[int, int], int],
    opened: list[str],
    asked_for: list[str],
) -> None:
    examples = markdown_examples()[:: scale(10, 1)]
    if not examples:
        pytest.skip("ELEPHANT_CORPORA names no folder with the CommonMark specification")
    for text in examples:
        with fault.trial():
            show_answer(qtbot, theme_of_the_window, text)
            show_note(qtbot, theme_of_the_window, text or "x", tmp_path)
    assert asked_for == []
    assert opened == []


@pytest.fixture
def theme_of_the_window(desktop: tuple[Desktop, FakeLink]) -> Any:
    return desktop[0]._theme


def show_answer(qtbot, theme: Any, text: str) -> None:
    view = AnswerView(theme)
    qtbot.addWidget(view)
    view.resize(500, 300)
    view.show()
    view.start()
    for at in range(0, len(text), 7):  # as it streams in
        view.append(text[at : at + 7])
        view.flush()
    view.finish()
    view.grab()
    click_links(qtbot, view)
    assert not any(form.isImageFormat() for form in view.document().allFormats())
    view.close()


def show_note(qtbot, theme: Any, text: str, folder: Path) -> None:
    for name in ("note.md", "note.html"):
        (folder / name).write_text(text, "utf-8")
        try:
            document = read_document(folder / name, limits=ReaderLimits())
        except NoteUnreadableError:
            continue  # there is no text in it
        view = SourceView(theme)
        qtbot.addWidget(view)
        view.resize(500, 300)
        view.show()
        view.show_document(document)
        view.grab()
        click_links(qtbot, view)
        view.close()


def click_links(qtbot, view: RichView) -> None:
    """Click whatever is a link; what it leads to is only told."""
    block = view.document().begin()
    while block.isValid():
        fragments = block.begin()
        while not fragments.atEnd():
            fragment = fragments.fragment()
            if fragment.charFormat().anchorHref().startswith(LINK):
                rects = view.rects_of(fragment.position(), fragment.position() + 1)
                if rects:
                    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=rects[0].center().toPoint())
            fragments += 1
        block = block.next()
