"""Models and the first run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from fake_engine import FakeLink
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from assistant.desktop.common.dialogs import Question
from assistant.desktop.models.models_page import ModelCard, ModelsPage
from assistant.desktop.shell.first_run import FirstRun
from assistant.desktop.shell.sample_notes import SampleNotes
from assistant.domain.errors import Cancelled, DownloadError, ModelUnavailableError
from assistant.domain.models import ModelRole
from assistant.ipc import engine_messages as m


def shown_text(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if not label.isHidden())


def button(widget: QWidget, text: str) -> QPushButton:
    return next(found for found in widget.findChildren(QPushButton) if found.text() == text and not found.isHidden())


def opened(qtbot, client, page):
    """A page that is shown and has its answers."""
    qtbot.addWidget(page)
    page.resize(700, 800)
    page.show()
    page.open()
    qtbot.waitUntil(lambda: not client.is_waiting)
    QApplication.processEvents()  # rows made just now are shown with the next turn of the loop
    return page


# ---- models ----------------------------------------------------------------------------------------------------------


def test_the_shelf_says_what_is_here_and_what_is_in_use(qtbot, ready_client, theme):
    page = opened(qtbot, ready_client, ModelsPage(ready_client, theme))
    text = shown_text(page)
    assert "SmolLM2 135M" in text
    assert "98 MB" in text
    assert "In use" in text
    assert "not here yet" in text


def test_another_model_is_put_to_use(qtbot, ready_client, theme, link: FakeLink):
    link.models = tuple(replace(entry, installed=True) for entry in link.models)
    page = opened(qtbot, ready_client, ModelsPage(ready_client, theme))
    with qtbot.waitSignal(ready_client.noticed):
        qtbot.mouseClick(button(page, "Use"), Qt.MouseButton.LeftButton)
    assert link.sent_of(m.UseModel) == [m.UseModel("qwen3-4b")]


def test_the_starter_models_are_fetched_by_one_button(qtbot, ready_client, theme, link: FakeLink):
    link.models = tuple(replace(entry, installed=False) for entry in link.models)
    page = opened(qtbot, ready_client, ModelsPage(ready_client, theme))
    with qtbot.waitSignal(page.starter.pulled):
        qtbot.mouseClick(page.starter.button, Qt.MouseButton.LeftButton)
    assert link.sent_of(m.PullModel) == [m.PullModel("starter")]
    assert page.starter.isHidden()


def test_a_download_shows_how_far_it_is_and_can_be_stopped(qtbot, ready_client, theme, link: FakeLink):
    link.models = tuple(replace(entry, installed=False) for entry in link.models)
    page = opened(qtbot, ready_client, ModelsPage(ready_client, theme))
    link.held.add(m.PullModel)
    qtbot.mouseClick(page.starter.button, Qt.MouseButton.LeftButton)
    request_id = link.last_id(m.PullModel)
    with qtbot.waitSignal(ready_client.event_arrived):
        link.answer(request_id, m.PullProgress("fetching", 50_000_000, 100_000_000), last=False)
    assert page.starter.words == "50 MB of 100 MB"
    qtbot.mouseClick(page.starter.stop, Qt.MouseButton.LeftButton)
    assert link.cancelled == [request_id]
    with qtbot.waitSignal(ready_client.failed):
        link.fail(request_id, Cancelled())
    assert page.starter.words == ""
    assert not page.starter.button.isHidden()


def test_a_download_goes_on_in_sight_when_the_shelf_is_shown_anew(qtbot, ready_client, theme, link: FakeLink):
    link.models = (replace(link.models[0], installed=False), *link.models[1:])
    page = opened(qtbot, ready_client, ModelsPage(ready_client, theme))
    link.held.add(m.PullModel)
    qtbot.mouseClick(button(page, "Get it"), Qt.MouseButton.LeftButton)
    request_id = link.last_id(m.PullModel)
    for _time in range(2):
        with qtbot.waitSignal(ready_client.finished):
            page.open()
        QApplication.processEvents()
    with qtbot.waitSignal(ready_client.event_arrived):
        link.answer(request_id, m.PullProgress("fetching", 50_000_000, 100_000_000), last=False)
    assert "50 MB of 100 MB" in shown_text(page)
    (card,) = [card for card in page.findChildren(ModelCard) if "SmolLM2 135M" in shown_text(card)]
    stop = button(card, "Stop")
    assert stop.isVisible()
    qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
    assert link.cancelled == [request_id]
    with qtbot.waitSignal(ready_client.failed):
        link.fail(request_id, Cancelled())
    assert button(card, "Get it").isVisible()


def test_a_model_that_was_fetched_is_no_longer_offered(qtbot, ready_client, theme, link: FakeLink):
    link.models = (replace(link.models[0], installed=False), *link.models[1:])
    page = opened(qtbot, ready_client, ModelsPage(ready_client, theme))
    with qtbot.waitSignal(ready_client.finished):
        qtbot.mouseClick(button(page, "Get it"), Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert not [found for found in page.findChildren(QPushButton) if found.text() == "Get it" and found.isVisible()]


def test_a_failed_download_says_what_to_do(qtbot, ready_client, theme, link: FakeLink):
    link.models = tuple(replace(entry, installed=False) for entry in link.models)
    page = opened(qtbot, ready_client, ModelsPage(ready_client, theme))
    link.errors[m.PullModel] = DownloadError(name="smollm2", reason="no-network")
    with qtbot.waitSignal(ready_client.failed):
        qtbot.mouseClick(page.starter.button, Qt.MouseButton.LeftButton)
    assert "Check the connection, then try again." in page.starter.words


def test_a_file_that_is_no_model_is_refused_in_words(qtbot, ready_client, theme, link: FakeLink):
    page = opened(qtbot, ready_client, ModelsPage(ready_client, theme))
    link.errors[m.AddModel] = ModelUnavailableError(model="notes.gguf", reason="not-gguf")
    with qtbot.waitSignal(ready_client.failed):
        page.add_file("/tmp/notes.gguf")
    assert page.trouble.text().startswith("“notes.gguf” cannot be used. This is no GGUF file.")


def test_removing_a_model_asks_first(qtbot, ready_client, theme, link: FakeLink):
    link.models = tuple(replace(entry, installed=True) for entry in link.models)
    page = opened(qtbot, ready_client, ModelsPage(ready_client, theme))
    qtbot.mouseClick(button(page, "Remove…"), Qt.MouseButton.LeftButton)
    (question,) = page.findChildren(Question)
    assert link.sent_of(m.RemoveModel) == []
    with qtbot.waitSignal(ready_client.finished):
        qtbot.mouseClick(question.yes, Qt.MouseButton.LeftButton)
    assert link.sent_of(m.RemoveModel) == [m.RemoveModel("qwen3-4b")]


def test_removing_says_what_becomes_of_the_file(qtbot, ready_client, theme, link: FakeLink):
    mine = replace(
        link.models[1], name="mine", title="Mine", installed=True, is_user=True, file="/opt/models/mine.gguf"
    )
    link.models = (*link.models, replace(mine, is_elsewhere=True))
    page = opened(qtbot, ready_client, ModelsPage(ready_client, theme))
    (card,) = [card for card in page.findChildren(ModelCard) if "Mine" in shown_text(card)]
    qtbot.mouseClick(button(card, "Remove…"), Qt.MouseButton.LeftButton)
    (question,) = page.findChildren(Question)
    assert "Its file stays where it is: /opt/models/mine.gguf" in shown_text(question)
    assert "deleted" not in shown_text(question)


def test_a_file_that_is_no_model_says_why_in_words_and_can_be_taken_away(qtbot, ready_client, theme, link: FakeLink):
    broken = replace(link.models[1], name="broken", title="Broken", is_user=True, note="unsupported-version")
    link.models = (*link.models, broken)
    page = opened(qtbot, ready_client, ModelsPage(ready_client, theme))
    (card,) = [card for card in page.findChildren(ModelCard) if "Broken" in shown_text(card)]
    assert "This version of GGUF is not supported." in shown_text(card)
    assert "unsupported-version" not in shown_text(card)
    assert button(card, "Remove…").isVisible()


def test_a_reranker_has_its_own_place_and_can_be_taken_away_while_in_use(qtbot, ready_client, theme, link: FakeLink):
    section = "Putting the best passages first"
    page = opened(qtbot, ready_client, ModelsPage(ready_client, theme))
    assert section not in shown_text(page)
    ranker = replace(
        link.models[0], name="ranker", title="My ranker", role=ModelRole.RERANKER, is_starter=False, is_user=True
    )
    link.models, link.reranker = (*link.models, ranker), "ranker"
    page = opened(qtbot, ready_client, ModelsPage(ready_client, theme))
    assert section in shown_text(page)
    (card,) = [card for card in page.findChildren(ModelCard) if "My ranker" in shown_text(card)]
    assert "In use" in shown_text(card)
    assert not hasattr(card, "use"), "it is neither a chat model nor an embedder"
    qtbot.mouseClick(button(card, "Remove…"), Qt.MouseButton.LeftButton)
    (question,) = page.findChildren(Question)
    with qtbot.waitSignal(ready_client.finished):
        qtbot.mouseClick(question.yes, Qt.MouseButton.LeftButton)
    assert link.sent_of(m.RemoveModel) == [m.RemoveModel("ranker")]


def test_a_model_with_a_long_name_leaves_the_page_its_width(qtbot, ready_client, theme, link: FakeLink):
    name = "_".join(["DeepSeek-R1-Distill-Qwen-14B", "abliterated", "imatrix", "Q4_K_M"] * 2)
    link.models = (*link.models, replace(link.models[0], name=name, title=name, is_user=True))
    page = ModelsPage(ready_client, theme)
    opened(qtbot, ready_client, page)
    page.resize(500, 480)
    widget = page.area.widget()
    assert widget is not None
    qtbot.waitUntil(lambda: widget.width() == page.area.viewport().width())


def test_a_model_that_does_not_fit_says_so(qtbot, ready_client, theme, link: FakeLink):
    link.models = tuple(replace(entry, fits=entry.name != "qwen3-4b") for entry in link.models)
    page = opened(qtbot, ready_client, ModelsPage(ready_client, theme))
    told = [card for card in page.findChildren(ModelCard) if "more memory than" in shown_text(card)]
    assert len(told) == 1


# ---- first run -------------------------------------------------------------------------------------------------------


def first_run(qtbot, client, theme) -> FirstRun:
    page = FirstRun(client, theme, Path("no-pictures-here"))
    qtbot.addWidget(page)
    page.resize(800, 700)
    page.show()
    with qtbot.waitSignal(client.finished, check_params_cb=lambda _id, body: isinstance(body, m.ModelsListed)):
        client.start() if client.welcome is None else client.say_hello()
    return page


def test_the_first_run_offers_two_ways_to_begin(qtbot, client, theme):
    page = first_run(qtbot, client, theme)
    with qtbot.waitSignal(page.folder_wanted):
        qtbot.mouseClick(page.choose, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(page.sample_wanted):
        qtbot.mouseClick(page.sample, Qt.MouseButton.LeftButton)


def test_missing_models_are_offered_only_when_they_are_missing(qtbot, client, theme, link: FakeLink):
    page = first_run(qtbot, client, theme)
    assert page.pull.isHidden() or page._models.isHidden()
    link.models = tuple(replace(entry, installed=False) for entry in link.models)
    with qtbot.waitSignal(client.finished, check_params_cb=lambda _id, body: isinstance(body, m.ModelsListed)):
        client.say_hello()
    assert page._models.isVisible()
    assert "172 MB" in page._models_words.text()
    with qtbot.waitSignal(page.pull.pulled):
        qtbot.mouseClick(page.pull.button, Qt.MouseButton.LeftButton)
    assert page._models.isHidden()


def test_sample_notes_are_copied_once_and_never_written_over(qtbot, tmp_path):
    source = tmp_path / "shipped"
    source.mkdir()
    (source / "Welcome.md").write_text("hello", encoding="utf-8")
    samples = SampleNotes(source, tmp_path / "Documents", "Sample notes")
    with qtbot.waitSignal(samples.copied) as copied:
        samples.copy()
    note = Path(copied.args[0], "Welcome.md")
    note.write_text("changed by the user", encoding="utf-8")
    with qtbot.waitSignal(samples.copied):
        samples.copy()
    assert note.read_text(encoding="utf-8") == "changed by the user"


def test_samples_that_cannot_be_copied_say_why(qtbot, tmp_path):
    samples = SampleNotes(tmp_path / "not there", tmp_path, "Sample notes")
    with qtbot.waitSignal(samples.failed) as failed:
        samples.copy()
    assert failed.args[0]
