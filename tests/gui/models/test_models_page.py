"""The shelf: what its cards say, getting, choosing and taking away."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fake_engine import FakeLink
from page_looks import button, has_button, opened, settle, shown_text
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from assistant.desktop.common.controls import make_label
from assistant.desktop.common.dialogs import Question
from assistant.desktop.models.downloads import Downloads
from assistant.desktop.models.model_card import ModelCard
from assistant.desktop.models.model_words import good_for, pull_words
from assistant.desktop.models.models_page import ModelsPage
from assistant.desktop.models.pull_progress import PullBox
from assistant.domain.errors import Cancelled, DownloadError, ModelUnavailableError
from assistant.domain.models import ModelRole, ShelfEntry
from assistant.ipc import engine_messages as m

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def page(qtbot, ready_client, theme, link: FakeLink) -> ModelsPage:
    """Opened by the test itself once the shelf is as it wants it."""
    made = ModelsPage(ready_client, theme)
    made.look = lambda: opened(qtbot, ready_client, made)
    return made


def card(page: ModelsPage, title: str) -> ModelCard:
    return next(c for c in page.findChildren(ModelCard) if c.entry.title == title and not c.isHidden())


def all_here(link: FakeLink) -> None:
    link.models = tuple(replace(entry, installed=True) for entry in link.models)


def nothing_here(link: FakeLink) -> None:
    link.models = tuple(replace(entry, installed=False) for entry in link.models)


MINE = ShelfEntry(
    "mine", "Mine", ModelRole.CHAT, (), "", 900_000_000, 1_200_000_000, True, "", "/opt/models/mine.gguf", is_user=True
)

# ---- what a card says ------------------------------------------------------------------------------------------------


def test_a_card_says_what_a_model_is_and_what_is_in_use(page: ModelsPage):
    page.look()
    text = shown_text(card(page, "SmolLM2 135M"))
    for words in (
        "In use",
        "Hugging Face · 135 million parameters · Q4_1",
        "English · licence Apache-2.0",
        "98 MB · on this machine",
        "It reasons little",
        "Fits comfortably: it needs 260 MB of memory, and 6.0 GB of 8.0 GB are free.",
    ):
        assert words in text
    assert "not here yet" in shown_text(card(page, "Qwen3 4B Instruct"))


def test_what_a_file_does_not_say_is_called_so(page: ModelsPage, link: FakeLink):
    link.models = (*link.models, MINE)
    page.look()
    text = shown_text(card(page, "Mine"))
    for words in ("Maker not said by the file", "Languages not said by the file", "licence not said by the file"):
        assert words in text


@pytest.mark.parametrize(
    ("memory", "words", "is_warning"),
    [
        ((6_000_000_000, 8_000_000_000), "Fits tightly", False),
        ((3_000_000_000, 8_000_000_000), "Does not fit now: it needs 4.2 GB of memory, and 3.0 GB", True),
        (
            (3_000_000_000, 4_000_000_000),
            "Does not fit this machine: it needs 4.2 GB of memory, and there are 4.0 GB",
            True,
        ),
        ((0, 0), "It needs 4.2 GB of memory.", False),
    ],
)
def test_whether_a_model_fits_is_said_with_the_figures(
    page: ModelsPage, link: FakeLink, memory: tuple[int, int], words: str, is_warning: bool
):
    link.memory = memory
    page.look()
    label = next(
        label for label in card(page, "Qwen3 4B Instruct").findChildren(type(page.news)) if words in label.text()
    )
    assert (label.property("role") == "warn") is is_warning


def test_a_larger_model_is_praised_for_more():
    sizes = (135_000_000, 1_500_000_000, 4_000_000_000, 8_000_000_000, 70_000_000_000)
    sentences = [good_for(replace(MINE, parameters=count)) for count in sizes]
    assert len(set(sentences)) == len(sizes)
    assert good_for(MINE) == ""


def test_a_file_that_is_no_model_says_why_in_words_and_can_be_taken_away(page: ModelsPage, link: FakeLink):
    link.models = (*link.models, replace(MINE, installed=False, note="unsupported-version"))
    page.look()
    broken = card(page, "Mine")
    assert "This version of GGUF is not supported." in shown_text(broken)
    assert "unsupported-version" not in shown_text(broken)
    assert "not said" not in shown_text(broken)
    assert "900 MB · /opt/models/mine.gguf" in shown_text(broken)
    assert not has_button(broken, "Use")
    assert button(broken, "Remove…").isVisible()


def test_a_model_with_a_long_name_leaves_the_page_its_width(qtbot, page: ModelsPage, link: FakeLink):
    name = "_".join(["DeepSeek-R1-Distill-Qwen-14B", "abliterated", "imatrix", "Q4_K_M"] * 2)
    link.models = (*link.models, replace(MINE, name=name, title=name, file=f"/opt/{name}.gguf", is_elsewhere=True))
    page.look()
    page.resize(500, 480)
    widget = page.area.widget()
    assert widget is not None
    qtbot.waitUntil(lambda: widget.width() == page.area.viewport().width())


def test_a_long_shelf_ends_where_its_last_line_ends(qtbot, page: ModelsPage, link: FakeLink):
    """Were each label as tall as in a narrow column, the page would end in a blank of its own height."""
    link.models = tuple(replace(MINE, name=f"m{n}", title=f"m{n}", parameters=10**8) for n in range(12))
    page.look()
    bar = page.area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum())
    widget = page.area.widget()
    assert widget is not None
    end = page.mirror.mapTo(widget, page.mirror.rect().bottomLeft()).y()
    assert widget.height() - end < 100


def test_a_reranker_has_its_own_place_and_can_be_taken_away_while_in_use(
    qtbot, ready_client, page: ModelsPage, link: FakeLink
):
    section = "Putting the best passages first"
    page.look()
    assert section not in shown_text(page)
    link.models = (*link.models, replace(MINE, role=ModelRole.RERANKER))
    link.reranker = "mine"
    page.look()
    assert section in shown_text(page)
    ranker = card(page, "Mine")
    assert "In use" in shown_text(ranker)
    assert not has_button(ranker, "Use"), "it is neither a chat model nor an embedder"
    qtbot.mouseClick(button(ranker, "Remove…"), LEFT)
    (question,) = page.findChildren(Question)
    qtbot.mouseClick(question.yes, LEFT)
    settle(qtbot, ready_client)
    assert link.sent_of(m.RemoveModel) == [m.RemoveModel("mine")]


def test_every_button_says_of_which_model_it_is(page: ModelsPage, link: FakeLink):
    all_here(link)
    page.look()
    buttons = card(page, "Qwen3 4B Instruct").findChildren(QPushButton)
    assert {found.accessibleName() for found in buttons} >= {"Use Qwen3 4B Instruct", "Remove… Qwen3 4B Instruct"}


# ---- choosing --------------------------------------------------------------------------------------------------------


def test_another_model_is_put_to_use(qtbot, ready_client, page: ModelsPage, link: FakeLink):
    all_here(link)
    page.look()
    qtbot.mouseClick(button(card(page, "Qwen3 4B Instruct"), "Use"), LEFT)
    settle(qtbot, ready_client)
    assert link.sent_of(m.UseModel) == [m.UseModel("qwen3-4b")]
    assert "In use" in shown_text(card(page, "Qwen3 4B Instruct"))
    assert page.news.text() == "Qwen3 4B Instruct writes your answers now."


def test_while_a_model_is_being_loaded_its_card_says_so_and_it_can_be_stopped(
    qtbot, ready_client, page: ModelsPage, link: FakeLink
):
    all_here(link)
    page.look()
    link.held.add(m.UseModel)
    qtbot.mouseClick(button(card(page, "Qwen3 4B Instruct"), "Use"), LEFT)
    QApplication.processEvents()
    loading = card(page, "Qwen3 4B Instruct")
    assert "Loading it" in shown_text(loading)
    qtbot.mouseClick(button(loading, "Cancel"), LEFT)
    assert link.cancelled == [link.last_id(m.UseModel)]
    with qtbot.waitSignal(ready_client.failed):
        link.fail(link.last_id(m.UseModel), Cancelled())
    QApplication.processEvents()
    assert has_button(card(page, "Qwen3 4B Instruct"), "Use")
    assert "cannot" not in shown_text(card(page, "Qwen3 4B Instruct"))
    assert "In use" in shown_text(card(page, "SmolLM2 135M"))


def test_a_model_that_fails_to_load_says_why_on_its_card_and_the_old_one_stays(
    qtbot, ready_client, page: ModelsPage, link: FakeLink
):
    all_here(link)
    page.look()
    link.errors[m.UseModel] = ModelUnavailableError(
        model="Qwen3 4B Instruct", reason="too-large-for-memory", needed_bytes=4_200_000_000, free_bytes=1_000_000_000
    )
    qtbot.mouseClick(button(card(page, "Qwen3 4B Instruct"), "Use"), LEFT)
    settle(qtbot, ready_client)
    told = shown_text(card(page, "Qwen3 4B Instruct"))
    assert "This model needs 4.2 GB of memory and 1.0 GB are free." in told
    assert "The one in use stays in use." in told
    assert "In use" in shown_text(card(page, "SmolLM2 135M"))
    link.errors.clear()
    qtbot.mouseClick(button(card(page, "Qwen3 4B Instruct"), "Use"), LEFT)
    settle(qtbot, ready_client)
    assert "stays in use" not in shown_text(card(page, "Qwen3 4B Instruct"))


def test_the_keyboard_stays_on_the_card_it_was_on(qtbot, ready_client, page: ModelsPage, link: FakeLink):
    all_here(link)
    page.look()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    button(card(page, "Qwen3 4B Instruct"), "Remove…").setFocus()
    page.open()
    settle(qtbot, ready_client)
    focused = QApplication.focusWidget()
    assert isinstance(focused, QPushButton)
    assert focused.accessibleName() == "Remove… Qwen3 4B Instruct"


# ---- taking away -----------------------------------------------------------------------------------------------------


def asked_to_remove(qtbot, page: ModelsPage, title: str) -> Question:
    qtbot.mouseClick(button(card(page, title), "Remove…"), LEFT)
    return page.findChildren(Question)[-1]


def test_removing_asks_first_and_says_how_much_comes_free(qtbot, ready_client, page: ModelsPage, link: FakeLink):
    all_here(link)
    page.look()
    question = asked_to_remove(qtbot, page, "Qwen3 4B Instruct")
    assert "2.5 GB come free" in shown_text(question)
    assert "in use" not in shown_text(question)
    assert link.sent_of(m.RemoveModel) == []
    qtbot.mouseClick(question.yes, LEFT)
    settle(qtbot, ready_client)
    assert link.sent_of(m.RemoveModel) == [m.RemoveModel("qwen3-4b")]
    assert page.news.text() == "Qwen3 4B Instruct is off the shelf; 2.5 GB came free."


def test_the_shelf_says_what_all_of_it_takes(page: ModelsPage, link: FakeLink):
    link.models = (
        *link.models,
        replace(MINE, is_elsewhere=True),
        replace(MINE, name="half", installed=False, partial_bytes=28_037_568),
    )
    page.look()
    assert page.disk.text() == "All models here take 200 MB; 50.0 GB of the disk are free."


def test_a_file_used_where_it_lies_is_only_forgotten(qtbot, page: ModelsPage, link: FakeLink):
    link.models = (*link.models, replace(MINE, is_elsewhere=True))
    page.look()
    question = asked_to_remove(qtbot, page, "Mine")
    assert "Its file stays where it is: /opt/models/mine.gguf" in shown_text(question)
    assert "deleted" not in shown_text(question)


@pytest.mark.parametrize(
    ("others", "words"),
    [
        ((), "No model writes answers then; search and the quotes from your notes still work."),
        ((MINE,), "It is in use now; answers are then written by Mine."),
    ],
)
def test_removing_the_chat_model_in_use_says_what_is_used_instead(
    qtbot, page: ModelsPage, link: FakeLink, others: tuple[ShelfEntry, ...], words: str
):
    link.models = (*link.models, *others)
    page.look()
    assert words in shown_text(asked_to_remove(qtbot, page, "SmolLM2 135M"))


def test_removing_the_only_embedder_says_what_search_can_do_then(qtbot, page: ModelsPage):
    page.look()
    assert "by their words only" in shown_text(asked_to_remove(qtbot, page, "Multilingual E5 small"))


def test_a_file_that_cannot_be_deleted_is_told(qtbot, ready_client, page: ModelsPage, link: FakeLink):
    all_here(link)
    page.look()
    link.errors[m.RemoveModel] = ModelUnavailableError(model="qwen3-4b", reason="not-removable")
    qtbot.mouseClick(asked_to_remove(qtbot, page, "Qwen3 4B Instruct").yes, LEFT)
    settle(qtbot, ready_client)
    assert "Its file could not be deleted" in page.trouble.text()


# ---- getting ---------------------------------------------------------------------------------------------------------


def test_the_starter_models_are_fetched_by_one_button(qtbot, page: ModelsPage, link: FakeLink):
    nothing_here(link)
    page.look()
    with qtbot.waitSignal(page.starter.pulled):
        qtbot.mouseClick(page.starter.button, LEFT)
    assert link.sent_of(m.PullModel) == [m.PullModel("starter")]
    assert page.starter.isHidden()


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (m.PullProgress("fetching", 50_000_000, 100_000_000), "50 MB of 100 MB"),
        (m.PullProgress("fetching", 5, 100_000_000, 3_000_000, 130.0), "5 bytes of 100 MB · 3 MB/s · about 2 min left"),
        (m.PullProgress("checking", 50_000_000, 100_000_000, 9e8, 1.0), "Checking · 50 MB of 100 MB · 900 MB/s"),
        (m.PullProgress("copying", 1_000_000, 2_000_000), "Copying · 1 MB of 2 MB"),
        (m.PullProgress("building", 0, 0), "Preparing"),
        (m.PullProgress("waiting", 0, 0), "Waiting for another download"),
    ],
)
def test_progress_says_how_far_how_fast_and_how_long(progress: m.PullProgress, words: str):
    assert pull_words(progress) == words


def started(qtbot, client, page: ModelsPage, link: FakeLink) -> int:
    nothing_here(link)
    page.look()
    link.held.add(m.PullModel)
    qtbot.mouseClick(page.starter.button, LEFT)
    request_id = link.last_id(m.PullModel)
    with qtbot.waitSignal(client.event_arrived):
        link.answer(request_id, m.PullProgress("fetching", 50_000_000, 100_000_000), last=False)
    assert page.starter.words == "50 MB of 100 MB"
    return request_id


def test_a_paused_download_says_what_is_here_and_goes_on(qtbot, ready_client, page: ModelsPage, link: FakeLink):
    request_id = started(qtbot, ready_client, page, link)
    qtbot.mouseClick(page.starter.pause, LEFT)
    assert link.cancelled == [request_id]
    with qtbot.waitSignal(ready_client.failed):
        link.fail(request_id, Cancelled())
    assert page.starter.words == "Paused: 50 MB of 100 MB are here."
    assert link.sent_of(m.DropPull) == []
    assert page.starter.button.text() == "Go on"
    qtbot.mouseClick(page.starter.button, LEFT)
    assert len(link.sent_of(m.PullModel)) == 2


def test_a_stopped_download_throws_away_what_has_come(qtbot, ready_client, page: ModelsPage, link: FakeLink):
    request_id = started(qtbot, ready_client, page, link)
    qtbot.mouseClick(page.starter.stop, LEFT)
    assert link.cancelled == [request_id]
    with qtbot.waitSignal(ready_client.failed):
        link.fail(request_id, Cancelled())
    settle(qtbot, ready_client)
    assert link.sent_of(m.DropPull) == [m.DropPull("starter")]
    assert page.starter.words == ""
    assert page.starter.button.text() == "Get the starter models"


def test_what_an_earlier_start_has_left_can_be_gone_on_with_or_discarded(
    qtbot, ready_client, page: ModelsPage, link: FakeLink
):
    nothing_here(link)
    link.models = tuple(
        replace(e, fetch_bytes=100_000_000, partial_bytes=40_000_000) if e.name == "smollm2-135m" else e
        for e in link.models
    )
    page.look()
    smol = card(page, "SmolLM2 135M")
    assert "Paused: 40 MB of 100 MB are here." in shown_text(smol)
    assert has_button(smol, "Go on")
    qtbot.mouseClick(button(smol, "Discard"), LEFT)
    settle(qtbot, ready_client)
    assert link.sent_of(m.DropPull) == [m.DropPull("smollm2-135m")]
    assert has_button(card(page, "SmolLM2 135M"), "Get it")


def test_a_download_goes_on_in_sight_when_the_shelf_is_shown_anew(
    qtbot, ready_client, page: ModelsPage, link: FakeLink
):
    link.models = (replace(link.models[0], installed=False), *link.models[1:])
    page.look()
    link.held.add(m.PullModel)
    qtbot.mouseClick(button(page, "Get it"), LEFT)
    request_id = link.last_id(m.PullModel)
    for _time in range(2):
        with qtbot.waitSignal(ready_client.finished):
            page.open()
        QApplication.processEvents()
    with qtbot.waitSignal(ready_client.event_arrived):
        link.answer(request_id, m.PullProgress("fetching", 50_000_000, 100_000_000), last=False)
    smol = card(page, "SmolLM2 135M")
    assert "50 MB of 100 MB" in shown_text(smol)
    assert button(smol, "Pause").isVisible()
    qtbot.mouseClick(button(smol, "Pause"), LEFT)
    assert link.cancelled == [request_id]
    with qtbot.waitSignal(ready_client.failed):
        link.fail(request_id, Cancelled())
    assert button(smol, "Go on").isVisible()


def test_a_model_that_was_fetched_is_no_longer_offered(qtbot, ready_client, page: ModelsPage, link: FakeLink):
    link.models = (replace(link.models[0], installed=False), *link.models[1:])
    page.look()
    qtbot.mouseClick(button(page, "Get it"), LEFT)
    settle(qtbot, ready_client)
    assert not has_button(page, "Get it")


def test_a_failed_download_says_what_to_do(qtbot, ready_client, page: ModelsPage, link: FakeLink):
    nothing_here(link)
    page.look()
    link.errors[m.PullModel] = DownloadError(name="smollm2", reason="no-network")
    with qtbot.waitSignal(ready_client.failed):
        qtbot.mouseClick(page.starter.button, LEFT)
    assert "Check the connection, then try again." in page.starter.words


def test_the_first_run_shows_all_its_words_while_it_fetches(qtbot, ready_client, theme, link: FakeLink):
    nothing_here(link)
    link.held.add(m.PullModel)
    downloads = Downloads(ready_client, ready_client)
    box = PullBox(downloads.of("starter"), "Get the starter models", is_centred=True)
    qtbot.addWidget(box)
    box.resize(400, box.heightForWidth(400))
    box.show()
    qtbot.mouseClick(box.button, LEFT)
    request_id = link.last_id(m.PullModel)
    with qtbot.waitSignal(ready_client.event_arrived):
        link.answer(request_id, m.PullProgress("fetching", 41_000_000, 92_000_000, 1_300_000, 170.0), last=False)
    box.resize(400, box.heightForWidth(400))
    QApplication.processEvents()
    words = next(label for label in box.findChildren(type(make_label())) if label.isVisible())
    assert words.height() >= words.heightForWidth(words.width())
    with qtbot.waitSignal(ready_client.failed):
        link.fail(request_id, Cancelled())


# ---- the mirror ------------------------------------------------------------------------------------------------------


def test_a_mirror_is_saved_and_shown(qtbot, ready_client, page: ModelsPage, link: FakeLink):
    page.look()
    assert not page.mirror.save.isEnabled()
    qtbot.keyClicks(page.mirror.field, "https://mirror.example")
    qtbot.mouseClick(page.mirror.save, LEFT)
    settle(qtbot, ready_client)
    assert link.sent_of(m.ChangeSettings) == [m.ChangeSettings({"model_mirror": "https://mirror.example"})]
    assert "this mirror first" in page.mirror.words.text()
    page.open()
    settle(qtbot, ready_client)
    assert page.mirror.field.text() == "https://mirror.example"


@pytest.mark.parametrize("address", ["http://mirror.example", "mirror.example", "https://me:word@mirror.example"])
def test_an_unsafe_mirror_is_refused_in_words_and_what_was_typed_stays(
    qtbot, page: ModelsPage, link: FakeLink, address: str
):
    page.look()
    qtbot.keyClicks(page.mirror.field, address)
    qtbot.keyClick(page.mirror.field, Qt.Key.Key_Return)
    assert link.sent_of(m.ChangeSettings) == []
    assert "cannot be used" in page.mirror.words.text()
    assert page.mirror.field.text() == address
