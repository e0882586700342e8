"""What there is beside the window: the quick question, the tray, messages, and paths that are handed over."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import pytest
from fake_engine import FakeLink
from PySide6.QtCore import QCoreApplication, Qt, QUrl
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QSystemTrayIcon
from stand_ins import end

from assistant.desktop.common.links import LinkQuestion
from assistant.desktop.shell.app import Desktop
from assistant.desktop.shell.application import Application, app_icon
from assistant.desktop.shell.notifications import Notifications
from assistant.desktop.shell.single_instance import Wish
from assistant.desktop.shell.tray import Tray
from assistant.domain.errors import Cancelled, DownloadError, ModelUnavailableError, StoreUnavailableError
from assistant.domain.library import IndexProgress, LibraryCounts
from assistant.ipc import engine_messages as m


@pytest.fixture
def link() -> FakeLink:
    return FakeLink()


@pytest.fixture
def silent(link: FakeLink) -> FakeLink:
    """An engine that is being started and has not answered. Asked for before `desktop`."""
    link.held.add(m.Hello)
    return link


@pytest.fixture
def desktop(qtbot, qapp, tmp_path, link: FakeLink, monkeypatch):
    quits: list[bool] = []
    monkeypatch.setattr(qapp, "quit", lambda: quits.append(True), raising=False)
    made = Desktop(qapp, tmp_path, link)
    made.quits = quits
    yield made
    end(made)


@pytest.fixture
def running(qtbot, desktop: Desktop) -> Desktop:
    with qtbot.waitSignal(desktop.client.welcomed):
        desktop.start()
    return desktop


# ---- the quick question ----------------------------------------------------------------------------------------------


def ask(qtbot, desktop: Desktop, question: str = "When do we fly?"):
    small = desktop.beside.quick_ask
    small.bring_up()
    small.field.setText(question)
    qtbot.keyClick(small.field, Qt.Key.Key_Return)
    return small


def test_a_quick_question_is_answered_with_the_quote_from_the_notes(qtbot, running, link: FakeLink):
    small = ask(qtbot, running)
    qtbot.waitUntil(lambda: not small.is_answering)
    assert link.sent_of(m.Ask) == [m.Ask("When do we fly?")]
    assert "Lisbon leaves on 3 June" in small.view.answer.markdown
    assert small.area.isVisible()
    assert small.status.text() == "The answer is kept among your chats."
    assert small.windowFlags() & Qt.WindowType.WindowStaysOnTopHint


def test_it_is_opened_in_the_large_window(qtbot, running, link: FakeLink):
    small = ask(qtbot, running)
    qtbot.waitUntil(lambda: not small.is_answering)
    qtbot.mouseClick(small.open_button, Qt.MouseButton.LeftButton)
    assert not small.isVisible()
    assert link.sent_of(m.OpenConversation)[-1].conversation_id == small.view.turn.conversation_id


def test_a_question_before_the_engine_is_there_waits_for_it(qtbot, silent, desktop, link: FakeLink):
    desktop.start(Wish(quick_ask=True))
    assert not desktop.window.isVisible()
    small = ask(qtbot, desktop)
    assert small.is_answering
    assert link.sent_of(m.Ask) == []
    link.answer_held()
    qtbot.waitUntil(lambda: not small.is_answering)
    assert len(link.sent_of(m.Ask)) == 1


def test_escape_stops_the_answer_and_then_puts_it_away(qtbot, running, link: FakeLink):
    link.pace_ms = 5
    small = ask(qtbot, running)
    qtbot.waitUntil(lambda: bool(small.view.answer.markdown))
    qtbot.keyClick(small.field, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not small.is_answering)
    assert small.isVisible()
    qtbot.keyClick(small.field, Qt.Key.Key_Escape)
    assert not small.isVisible()
    assert running.quits == []  # the large window is there


def test_what_went_wrong_is_said_and_the_question_stays(qtbot, running, link: FakeLink):
    link.errors[m.Ask] = StoreUnavailableError(store="catalog", reason="damaged")
    small = ask(qtbot, running)
    qtbot.waitUntil(lambda: not small.is_answering)
    assert len(small.status.text()) > 20
    assert small.field.text() == "When do we fly?"


def test_nothing_can_be_opened_until_it_is_known_which_chat_it_is(qtbot, running, link: FakeLink):
    link.pace_ms = 5
    small = ask(qtbot, running)
    assert not small.open_button.isEnabled()
    qtbot.waitUntil(lambda: bool(small.view.answer.markdown))
    assert small.open_button.isEnabled()


def test_an_engine_that_is_given_up_ends_the_wait_in_words(qtbot, silent, desktop, link: FakeLink):
    desktop.start(Wish(quick_ask=True))
    small = ask(qtbot, desktop)
    link.health("engine", "broken")
    qtbot.waitUntil(lambda: not small.is_answering)
    assert "not started again by itself" in small.status.text()
    assert small.field.text() == "When do we fly?"
    ask(qtbot, desktop)
    assert not small.is_answering


def test_what_the_small_window_offers_with_an_answer_is_done(qtbot, running, link: FakeLink):
    small = ask(qtbot, running)
    qtbot.waitUntil(lambda: not small.is_answering)
    turn = small.view.turn
    buttons = small.view.actions_row.buttons
    buttons["good"].click()
    qtbot.waitUntil(lambda: link.sent_of(m.SetFeedback) != [])
    assert link.sent_of(m.SetFeedback)[-1].turn_id == turn.id
    buttons["edit"].click()
    assert small.field.text() == turn.question
    buttons["again"].click()
    qtbot.waitUntil(lambda: not small.is_answering)
    again = link.sent_of(m.Ask)[-1]
    assert (again.question, again.conversation_id, again.replace_turn) == (
        turn.question,
        turn.conversation_id,
        turn.id,
    )


def test_a_link_of_its_answer_is_asked_about_first(qtbot, running):
    small = ask(qtbot, running)
    qtbot.waitUntil(lambda: not small.is_answering)
    small.view.link_chosen.emit("https://example.org/")
    assert small.findChildren(LinkQuestion)


def test_a_small_window_that_was_minimised_comes_back(qtbot, running):
    small = running.beside.quick_ask
    small.showMinimized()
    small.bring_up()
    assert not small.isMinimized()


def test_another_language_keeps_the_small_window_and_what_is_written_in_it(qtbot, silent, desktop, link: FakeLink):
    link.settings = replace(link.settings, language="zh")
    desktop.start(Wish(quick_ask=True))
    before = desktop.beside.quick_ask
    before.field.setText("When do we")
    link.answer_held()
    qtbot.waitUntil(lambda: desktop.beside.quick_ask is not before)
    small = desktop.beside.quick_ask
    assert small.isVisible()
    assert small.field.text() == "When do we"
    assert small.windowTitle() != "Quick question"
    assert desktop.quits == []


def test_started_for_one_question_alone_elephant_ends_with_it(qtbot, desktop):
    with qtbot.waitSignal(desktop.client.welcomed):
        desktop.start(Wish(quick_ask=True))
    qtbot.keyClick(desktop.beside.quick_ask.field, Qt.Key.Key_Escape)
    assert desktop.quits == [True]


# ---- the tray --------------------------------------------------------------------------------------------------------


def test_without_a_tray_closing_the_window_quits_whatever_was_chosen(qtbot, running, link: FakeLink):
    assert not running.beside.tray.is_there  # the platform of the tests has none
    with qtbot.waitSignal(running.window.settings_changed):
        running.window.settings_page._change("when_closed", "stay")
    running.window.close()
    assert running.quits == [True]


def test_with_a_tray_it_keeps_running_only_if_that_was_chosen_and_says_so_once(qtbot, running, monkeypatch):
    said: list[tuple[str, str]] = []
    monkeypatch.setattr(Tray, "is_there", property(lambda tray: True))
    monkeypatch.setattr(running.beside.tray, "say", lambda *words: said.append(words))
    with qtbot.waitSignal(running.window.settings_changed):
        running.window.settings_page._change("when_closed", "stay")
    for _ in range(2):
        running.window.close()
        assert not running.window.isVisible()
        running.window.come_forward()
        assert running.window.isVisible()
    assert running.quits == []
    assert [title for title, _ in said] == ["Elephant keeps running"]
    running.window.commands.quit.trigger()
    assert running.quits == [True]


def test_quitting_works_from_the_tray_while_the_window_is_away(qtbot, running):
    running.window.stays_when_closed = True
    running.window.close()
    running.beside.tray.quit_asked.emit()
    assert running.quits == [True]


@pytest.mark.qt_log_ignore("QPlatformNativeInterface::systemTrayWindowChanged")
def test_the_icon_opens_the_window_and_its_menu_the_rest(qtbot, qapp, monkeypatch):
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: True)
    tray = Tray(app_icon())
    assert tray.is_there
    assert [action.text() for action in tray.menu.actions() if action.text()] == [
        "Open Elephant",
        "Quick question…",
        "Quit",
    ]
    with qtbot.waitSignal(tray.open_asked):
        tray._on_activated(QSystemTrayIcon.ActivationReason.Trigger)
    with qtbot.waitSignal(tray.quick_ask_asked):
        tray.menu.actions()[1].trigger()
    tray.close()


# ---- messages --------------------------------------------------------------------------------------------------------


class Clock:
    def __init__(self) -> None:
        self.now_s = 1_000.0
        self.is_in_front = False

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def said(ready_client, clock: Clock) -> list[str]:
    made = Notifications(ready_client, clock, lambda: clock.is_in_front, ready_client)
    words: list[str] = []
    made.due.connect(lambda title, text: words.append(f"{title}. {text}"))
    words_of[id(words)] = made
    return words


words_of: dict[int, Notifications] = {}


def index_for(qtbot, client, link: FakeLink, clock: Clock, seconds: float) -> None:
    for progress in (IndexProgress("reading", 1, 9), IndexProgress("idle", 0, 0)):
        with qtbot.waitSignal(client.noticed):
            link.move_index(progress, LibraryCounts(notes=5_310))
        clock.now_s += seconds


@pytest.mark.parametrize(("seconds", "count"), [(61, 1), (59, 0)])
def test_indexing_of_more_than_a_minute_is_told(qtbot, ready_client, link, clock, said, seconds, count):
    index_for(qtbot, ready_client, link, clock, seconds)
    assert said == ["Your notes are read. 5,310 notes"] * count


def test_nothing_is_told_to_somebody_who_looks_or_has_turned_it_off(qtbot, ready_client, link, clock, said):
    clock.is_in_front = True
    index_for(qtbot, ready_client, link, clock, 99)
    clock.is_in_front = False
    words_of[id(said)].is_on = False
    index_for(qtbot, ready_client, link, clock, 99)
    assert said == []


@pytest.mark.parametrize(("seconds", "count"), [(21, 1), (19, 0)])
def test_an_answer_that_took_long_is_told_without_a_word_of_it(qtbot, ready_client, link, clock, said, seconds, count):
    link.pace_ms = 1

    def on_event(_request: int, event: object) -> None:
        if isinstance(event, m.EvidenceFound):
            clock.now_s += seconds

    ready_client.event_arrived.connect(on_event)
    with qtbot.waitSignal(ready_client.finished, check_params_cb=lambda _id, body: isinstance(body, m.Answered)):
        ready_client.send(m.Ask("Where is the key?"))
    assert said == ["Your answer is ready. Open Elephant to read it."] * count


def test_a_model_that_was_fetched_is_told_and_one_that_was_not(qtbot, ready_client, link, clock, said):
    with qtbot.waitSignal(ready_client.finished):
        ready_client.send(m.PullModel("qwen3-4b"))
    assert said == ["The model is here. It was fetched and checked."]
    link.held.add(m.PullModel)
    for error in (DownloadError(reason="offline"), Cancelled()):
        request = ready_client.send(m.PullModel("qwen3-4b"))
        link.answer(request, m.PullProgress("fetching", 1, 2), last=False)
        with qtbot.waitSignal(ready_client.failed):
            link.fail(request, error)
    assert said[1:] == ["The model could not be fetched. Open Elephant to see why."]


def test_a_file_that_is_looked_at_or_copied_is_not_told_as_a_download(qtbot, ready_client, link, said):
    link.held |= {m.InspectModel, m.AddModel}
    checking, copying = m.PullProgress("checking", 1, 2), m.PullProgress("copying", 1, 2)
    for body, stage in ((m.InspectModel("/x.gguf"), checking), (m.AddModel("/x.gguf", True), copying)):
        for error in (ModelUnavailableError(model="x", reason="unreadable"), Cancelled()):
            request = ready_client.send(body)
            link.answer(request, stage, last=False)
            with qtbot.waitSignal(ready_client.failed):
                link.fail(request, error)
    assert said == ["The model could not be copied. Open Elephant to see why."]
    request = ready_client.send(m.AddModel("/x.gguf", True))
    link.answer(request, copying, last=False)
    with qtbot.waitSignal(ready_client.finished):
        link.answer(request, m.ModelsListed((), "", ""))
    assert said[1:] == ["The model is on the shelf. It was copied into the models folder."]


# ---- what is handed over ---------------------------------------------------------------------------------------------


def test_folders_and_model_files_that_were_given_are_opened(qtbot, running, link: FakeLink, tmp_path):
    model = tmp_path / "small.gguf"
    running.grant(Wish(("/home/ada/Recipes", str(model))))
    qtbot.waitUntil(lambda: bool(link.sent_of(m.InspectModel)))
    assert link.sent_of(m.AddFolder) == [m.AddFolder("/home/ada/Recipes")]
    assert link.sent_of(m.InspectModel) == [m.InspectModel(str(model))]
    assert running.window.models_page.isVisible()


def test_a_model_file_given_before_the_engine_is_there_is_added_once_it_is(qtbot, desktop, link: FakeLink):
    desktop.start(Wish(("/home/ada/small.gguf",)))
    assert link.sent_of(m.InspectModel) == []
    qtbot.waitUntil(lambda: bool(link.sent_of(m.InspectModel)))


def test_a_second_start_for_a_quick_question_leaves_the_large_window_where_it_is(qtbot, running):
    running.window.hide()
    running.grant(Wish(quick_ask=True))
    assert running.beside.quick_ask.isVisible()
    assert not running.window.isVisible()
    running.grant(Wish())
    assert running.window.isVisible()


def test_what_macos_hands_over_goes_the_way_of_what_is_dropped(qtbot, running, link: FakeLink):
    """As Finder writes it: an address with its signs escaped, and a slash after a folder."""
    for address in ("file:///home/ada/%E7%AC%94%E8%AE%B0%201/", "file:///home/ada/%E5%B0%8F%201.gguf"):
        running.open_path(QFileOpenEvent(QUrl(address)).file())
    qtbot.waitUntil(lambda: bool(link.sent_of(m.InspectModel)))
    assert link.sent_of(m.AddFolder) == [m.AddFolder("/home/ada/笔记 1/")]
    assert link.sent_of(m.InspectModel) == [m.InspectModel("/home/ada/小 1.gguf")]
    assert running.window.models_page.isVisible()


def test_a_file_that_macos_hands_over_is_opened_also_before_anybody_listens(qtbot):
    taken: list[str] = []

    class Stand:
        """The handler of Application without a second application, which Qt does not allow."""

        early_files: ClassVar[list[str] | None] = []
        take_early_files = Application.take_early_files

        class file_opened:  # noqa: N801
            emit = taken.append

    stand = Stand()
    Application.event(stand, QFileOpenEvent(QUrl.fromLocalFile("/home/ada/a.gguf")))  # type: ignore[arg-type]
    assert stand.take_early_files() == ("/home/ada/a.gguf",)
    Application.event(stand, QFileOpenEvent(QUrl.fromLocalFile("/home/ada/notes")))  # type: ignore[arg-type]
    assert taken == ["/home/ada/a.gguf", "/home/ada/notes"]
    assert QCoreApplication.instance() is not None
