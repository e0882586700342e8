"""A file of the user's: looked at first, asked about, then used where it lies or copied, with progress and a way to stop."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fake_engine import FakeLink
from page_looks import opened, settle, shown_text
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from assistant.desktop.models.adding_model import AddQuestion
from assistant.desktop.models.models_page import ModelsPage
from assistant.domain.errors import Cancelled, ModelUnavailableError
from assistant.domain.models import ModelRole, ShelfEntry
from assistant.ipc import engine_messages as m

LEFT = Qt.MouseButton.LeftButton
PATH = "/media/stick/tiny.gguf"
FILE = ShelfEntry(
    "tiny",
    "Tiny",
    ModelRole.CHAT,
    ("en",),
    "MIT",
    3_000_000_000,
    4_000_000_000,
    True,
    "",
    PATH,
    is_user=True,
    is_elsewhere=True,
)


@pytest.fixture
def page(qtbot, ready_client, theme) -> ModelsPage:
    return opened(qtbot, ready_client, ModelsPage(ready_client, theme))


def asked(qtbot, client, page: ModelsPage) -> AddQuestion:
    page.add_file(PATH)
    settle(qtbot, client)
    return page.findChildren(AddQuestion)[-1]


def test_what_the_file_is_comes_before_the_question_what_to_do_with_it(qtbot, ready_client, page, link: FakeLink):
    question = asked(qtbot, ready_client, page)
    assert link.sent_of(m.AddModel) == []
    text = shown_text(question)
    assert "Put tiny on the shelf?" in text
    assert "1.7 billion parameters · Q4_K_M" in text
    assert "Fits comfortably: it needs 1.5 GB" in text
    assert "Takes 1.0 GB; 50.0 GB are free." in text


@pytest.mark.parametrize("copy", [False, True])
def test_it_is_used_where_it_lies_or_copied(qtbot, ready_client, page, link: FakeLink, copy: bool):
    question = asked(qtbot, ready_client, page)
    if copy:
        question.copy.setFocus()
        qtbot.keyClick(question.copy, Qt.Key.Key_Space)
    qtbot.mouseClick(question.yes, LEFT)
    settle(qtbot, ready_client)
    assert link.sent_of(m.AddModel) == [m.AddModel(PATH, copy)]
    assert page.news.text() == "tiny is on the shelf now."


def test_no_leaves_everything_as_it_was(qtbot, ready_client, page, link: FakeLink):
    question = asked(qtbot, ready_client, page)
    qtbot.mouseClick(question.no, LEFT)
    settle(qtbot, ready_client)
    assert link.sent_of(m.AddModel) == []
    assert page.adding.isHidden()


def test_a_disk_without_room_offers_only_the_place_where_it_lies(qtbot, ready_client, page, link: FakeLink):
    link.held.add(m.InspectModel)
    page.add_file(PATH)
    link.answer(link.last_id(m.InspectModel), m.ModelInspected(FILE, disk_free_bytes=1_000_000_000))
    settle(qtbot, ready_client)
    (question,) = page.findChildren(AddQuestion)
    assert not question.copy.isEnabled()
    assert "it takes 3.0 GB, and 1.0 GB are free" in shown_text(question)


def test_copying_shows_how_far_it_is_and_can_be_stopped(qtbot, ready_client, page, link: FakeLink):
    question = asked(qtbot, ready_client, page)
    link.held.add(m.AddModel)
    question.copy.setChecked(True)
    qtbot.mouseClick(question.yes, LEFT)
    request_id = link.last_id(m.AddModel)
    with qtbot.waitSignal(ready_client.event_arrived):
        link.answer(request_id, m.PullProgress("copying", 500_000_000, 1_000_000_000, 250e6, 2.0), last=False)
    assert page.adding.words == "Copying · 500 MB of 1.0 GB · 250 MB/s · less than a minute left"
    qtbot.mouseClick(page.adding.stop, LEFT)
    assert link.cancelled == [request_id]
    with qtbot.waitSignal(ready_client.failed):
        link.fail(request_id, Cancelled())
    assert page.adding.isHidden()
    assert page.trouble.isHidden()


def settle_but_for(qtbot, link: FakeLink, inspected: int) -> None:
    qtbot.waitUntil(lambda: len(link.sent_of(m.InspectModel)) == inspected)


def test_of_several_files_each_waits_for_the_one_before(qtbot, ready_client, page, link: FakeLink):
    def looked_at() -> list[str]:
        return [request.path.rsplit("/", 1)[-1] for request in link.sent_of(m.InspectModel)]

    for name in ("one.gguf", "two.gguf", "three.gguf", "four.gguf"):
        page.add_file(f"/media/stick/{name}")
    settle(qtbot, ready_client)
    assert looked_at() == ["one.gguf"]
    qtbot.mouseClick(page.findChildren(AddQuestion)[-1].no, LEFT)
    settle(qtbot, ready_client)
    assert looked_at() == ["one.gguf", "two.gguf"]
    link.held.add(m.InspectModel)
    qtbot.mouseClick(page.findChildren(AddQuestion)[-1].yes, LEFT)
    settle_but_for(qtbot, link, 3)
    assert looked_at() == ["one.gguf", "two.gguf", "three.gguf"]
    link.fail(link.last_id(m.InspectModel), ModelUnavailableError(model="three", reason="not-gguf"))
    settle_but_for(qtbot, link, 4)
    link.answer(link.last_id(m.InspectModel), m.ModelInspected(replace(FILE, is_elsewhere=False)))
    settle(qtbot, ready_client)
    assert [request.path.rsplit("/", 1)[-1] for request in link.sent_of(m.AddModel)] == ["two.gguf", "four.gguf"]
    assert "This is no GGUF file." in page.trouble.text(), "what went wrong stays to be read"


def test_a_file_that_is_no_model_is_refused_in_words(qtbot, ready_client, page, link: FakeLink):
    link.errors[m.InspectModel] = ModelUnavailableError(model="notes.gguf", reason="not-gguf")
    with qtbot.waitSignal(ready_client.failed):
        page.add_file("/tmp/notes.gguf")
    assert page.trouble.text().startswith("“notes.gguf” cannot be used. This is no GGUF file.")


def test_the_same_bytes_elsewhere_are_told_and_nothing_is_added(qtbot, ready_client, page, link: FakeLink):
    link.held.add(m.InspectModel)
    page.add_file(PATH)
    link.answer(link.last_id(m.InspectModel), m.ModelInspected(FILE, known_as="smollm2-135m"))
    settle(qtbot, ready_client)
    assert page.news.text() == "This model is on the shelf already, as SmolLM2 135M. Nothing was added."
    assert page.findChildren(AddQuestion) == []
    assert link.sent_of(m.AddModel) == []


def test_the_file_itself_once_more_is_added_again_so_that_it_may_be_tried_again(
    qtbot, ready_client, page, link: FakeLink
):
    link.models = (*link.models, FILE)
    page.open()
    settle(qtbot, ready_client)
    link.held.add(m.InspectModel)
    page.add_file(PATH)
    link.answer(link.last_id(m.InspectModel), m.ModelInspected(FILE, known_as="tiny"))
    settle(qtbot, ready_client)
    assert link.sent_of(m.AddModel) == [m.AddModel(PATH, False)]


def test_a_file_in_the_models_folder_needs_no_question(qtbot, ready_client, page, link: FakeLink):
    link.held.add(m.InspectModel)
    page.add_file(PATH)
    link.answer(link.last_id(m.InspectModel), m.ModelInspected(replace(FILE, is_elsewhere=False)))
    settle(qtbot, ready_client)
    QApplication.processEvents()
    assert link.sent_of(m.AddModel) == [m.AddModel(PATH, False)]


def test_of_several_files_each_is_told_by_its_name(qtbot, ready_client, page, link: FakeLink):
    link.held.add(m.InspectModel)
    for name in ("one", "two", "three"):
        page.add_file(f"/models/{name}.gguf")
    for count, name in enumerate(("one", "two"), 1):
        settle_but_for(qtbot, link, count)
        file = replace(FILE, is_elsewhere=False, file=f"/models/{name}.gguf")
        link.answer(link.last_id(m.InspectModel), m.ModelInspected(file))
    settle_but_for(qtbot, link, 3)
    link.fail(link.last_id(m.InspectModel), ModelUnavailableError(model="three", reason="not-gguf"))
    settle(qtbot, ready_client)
    assert page.news.text() == "one is on the shelf now.\ntwo is on the shelf now."
    assert page.news.isVisible()
    assert "This is no GGUF file." in page.trouble.text()
