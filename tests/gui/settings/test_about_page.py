"""The page says which Elephant this is, what it is made of under which licences, and whether its files are as they were built."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fake_engine import FakeLink
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QWidget

from assistant.desktop.common.links import LinkQuestion
from assistant.desktop.settings import about_page as module
from assistant.desktop.settings.about_page import AboutPage
from assistant.desktop.settings.licence_dialog import LicenceDialog
from assistant.domain.about import CheckedCopy, LicenceText
from assistant.domain.errors import Cancelled, CopyUnverifiableError, StoreUnavailableError
from assistant.ipc.about_messages import CheckCopy, CopyCheckMoved, GetAbout, ReadLicence
from assistant.ipc.release_messages import CheckForUpdate


def shown_text(widget: QWidget) -> str:
    return "\n".join(label.text().replace("\u200b", "") for label in widget.findChildren(QLabel) if label.isVisible())


def opened(qtbot, client, theme) -> AboutPage:
    page = AboutPage(client, theme)
    qtbot.addWidget(page)
    page.resize(700, 1400)
    page.show()
    page.open()
    qtbot.waitUntil(lambda: not client.is_waiting)
    return page


@pytest.fixture
def page(qtbot, ready_client, theme) -> AboutPage:
    return opened(qtbot, ready_client, theme)


@pytest.fixture
def unbuilt(qtbot, ready_client, theme, link: FakeLink) -> AboutPage:
    link.about = replace(link.about, is_built=False, made="", bill="", bill_sha256="", has_checksums=False)
    return opened(qtbot, ready_client, theme)


def names(page: AboutPage) -> list[str]:
    model = page.parts.model
    return [model.part(model.index(row, 0)).name for row in range(model.rowCount())]


def dialog_of(page: AboutPage) -> LicenceDialog:
    (dialog,) = page.findChildren(LicenceDialog)
    return dialog


# ---- which Elephant this is ------------------------------------------------------------------------------------------


def test_version_build_and_system_are_told(page):
    text = shown_text(page)
    assert "Version 0.1.0" in text
    assert "Built on 24 Nov 2026 from commit 9c0f79b48cd4" in text
    assert "Ubuntu 26.04 LTS x86_64 · Python 3.11.7 · Qt 6.11.3 · llama.cpp 0.5.0" in text
    assert "10 parts" in text


def test_the_details_are_copied_in_english_whatever_the_window_speaks(qtbot, chinese, ready_client, theme, said):
    page = opened(qtbot, ready_client, theme)
    assert "构建于 2026年11月24日" in shown_text(page)
    qtbot.mouseClick(page.copy_details, Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert copied.splitlines() == [
        "Elephant 0.1.0, built 2026-11-24, commit 9c0f79b48cd4",
        "Ubuntu 26.04 LTS x86_64, Python 3.11.7, Qt 6.11.3, llama.cpp 0.5.0",
        "Built on Debian GNU/Linux 12 (bookworm) x86_64",
    ]
    assert said == ["已复制"]


def test_the_page_says_what_the_engine_could_not_answer(qtbot, ready_client, theme, link: FakeLink):
    link.errors[GetAbout] = StoreUnavailableError(store="index", reason="held")
    page = opened(qtbot, ready_client, theme)
    assert page.trouble.isVisible()
    assert not page.copy_details.isEnabled()
    del link.errors[GetAbout]
    with qtbot.waitSignal(page.about_told):
        page.open()
    assert not page.trouble.isVisible()
    assert page.copy_details.isEnabled()


# ---- parts and licences ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("num", ["numpy"]),
        ("MIT", ["llama.cpp", "numpy", "multilingual-e5-small"]),
        ("apache 2.0 library", ["chromadb", "libssl3"]),
        ("system", ["libssl3", "libodd1"]),
        ("3.11", ["Python"]),
    ],
)
def test_parts_are_found_by_name_version_licence_and_kind(qtbot, page, typed, found):
    qtbot.keyClicks(page.parts.search, typed)
    assert names(page) == found
    assert page.parts.count.text() == f"{len(found)} of 10 parts"
    assert page.parts.name.text().startswith(found[0])


def test_what_is_not_found_is_said_and_nothing_stays_chosen(qtbot, page):
    qtbot.keyClicks(page.parts.search, "zeppelin")
    assert page.parts.nothing.isVisible()
    assert not page.parts.view.isVisible()
    assert not page.parts.chosen.isVisible()
    page.parts.search.clear()
    assert page.parts.view.isVisible()
    assert page.parts.chosen.isVisible()


def test_the_chosen_part_stays_chosen_while_one_types(qtbot, page):
    page.parts.choose("numpy")
    qtbot.keyClicks(page.parts.search, "m")
    assert page.parts.name.text() == "numpy 2.4.6"
    assert "BSD-3-Clause AND 0BSD AND MIT AND Zlib AND CC0-1.0 · Library · 3 parts of its own" in shown_text(page)


def test_a_part_is_opened_by_the_keyboard_alone_and_shows_its_licence(qtbot, page, ready_client, link: FakeLink):
    page.parts.search.setFocus()
    qtbot.keyClicks(page.parts.search, "numpy")
    qtbot.keyClick(page.parts.search, Qt.Key.Key_Return)
    assert page.parts.view.hasFocus() or page.focusWidget() is page.parts.view
    qtbot.keyClick(page.parts.view, Qt.Key.Key_Return)
    dialog = dialog_of(page)
    qtbot.waitUntil(lambda: not ready_client.is_waiting)
    assert link.sent_of(ReadLicence) == [ReadLicence("numpy")]
    assert dialog.windowTitle() == "Licence of numpy 2.4.6"
    assert dialog.text.toPlainText().startswith("Do as you like.")
    assert not dialog.said.isVisible()
    qtbot.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == dialog.text.toPlainText()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not dialog.isVisible())


def test_several_files_of_a_licence_are_one_text_with_their_names(qtbot, page, ready_client, link: FakeLink):
    link.licences["qt"] = (LicenceText("GPL.txt", "General"), LicenceText("LGPL.txt", "Lesser"))
    page.parts.choose("qt")
    page.parts.show_licence.click()
    qtbot.waitUntil(lambda: not ready_client.is_waiting)
    text = dialog_of(page).text.toPlainText()
    assert text.index("GPL.txt") < text.index("General") < text.index("LGPL.txt") < text.index("Lesser")


def test_elephant_s_own_licence_is_one_button_away(qtbot, page, ready_client, link: FakeLink):
    qtbot.keyClicks(page.parts.search, "numpy")
    qtbot.mouseClick(page.licence, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not ready_client.is_waiting)
    assert link.sent_of(ReadLicence) == [ReadLicence("elephant")]
    assert "did not come with this copy" in dialog_of(page).said.text()


def test_a_part_without_a_text_says_so_and_has_no_web_page_to_open(page):
    page.parts.choose("deb:libodd")
    assert not page.parts.show_licence.isEnabled()
    assert "did not come" in page.parts.show_licence.toolTip()
    assert not page.parts.show_home.isVisible()
    assert "licence not stated · System library" in shown_text(page)
    page.parts.view.activated.emit(page.parts.view.currentIndex())
    assert page.findChildren(LicenceDialog) == []


def test_a_part_s_web_page_is_shown_in_full_before_it_is_opened(qtbot, page):
    page.parts.choose("numpy")
    qtbot.mouseClick(page.parts.show_home, Qt.MouseButton.LeftButton)
    (question,) = page.findChildren(LinkQuestion)
    assert question.shown.toPlainText() == "https://numpy.org"
    question.reject()


# ---- this copy -------------------------------------------------------------------------------------------------------


def test_a_whole_copy_is_confirmed(qtbot, page, ready_client, said):
    qtbot.mouseClick(page.check.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not ready_client.is_waiting)
    assert page.check.words.text() == "All 2,431 files are as they were built."
    assert page.check.words.property("tone") == ""
    assert not page.check.names.isVisible()
    assert said[-1] == page.check.words.text()


def test_damaged_files_are_named_and_what_to_do(qtbot, page, ready_client, link: FakeLink):
    link.checked = CheckedCopy(2_428, ("a.so", "elephant"), ("gone.txt",), ("more.txt",))
    page.check.button.click()
    qtbot.waitUntil(lambda: not ready_client.is_waiting)
    told = page.check.words.text()
    assert "This copy is not as it was built. Changed: 2. Missing: 1. As they were: 2,428." in told
    assert "Get Elephant again" in told
    assert page.check.words.property("tone") == "warn"
    assert page.check.names.path.splitlines() == [
        "Changed: a.so",
        "Changed: elephant",
        "Missing: gone.txt",
        "Not of the build: more.txt",
    ]
    link.checked = CheckedCopy(2_431, extra=("more.txt",))
    page.check.button.click()
    qtbot.waitUntil(lambda: not ready_client.is_waiting)
    assert "One file lies beside them" in page.check.words.text()
    assert page.check.words.property("tone") == ""


def test_only_so_many_damaged_files_are_named(qtbot, page, ready_client, link: FakeLink):
    link.checked = CheckedCopy(0, tuple(f"file-{number:03}" for number in range(200)))
    page.check.button.click()
    qtbot.waitUntil(lambda: not ready_client.is_waiting)
    lines = page.check.names.path.splitlines()
    assert len(lines) == 21
    assert lines[-1] == "and 180 more"


def test_a_check_shows_how_far_it_is_and_can_be_stopped(qtbot, page, ready_client, link: FakeLink):
    link.held.add(CheckCopy)
    page.check.button.setFocus()
    qtbot.keyClick(page.check.button, Qt.Key.Key_Space)
    assert page.check.is_running
    assert not page.check.button.isVisible()
    assert page.focusWidget() is page.check.stop
    request = link.last_id(CheckCopy)
    with qtbot.waitSignal(ready_client.event_arrived):
        link.answer(request, CopyCheckMoved(120_000_000, 480_000_000), last=False)
    assert page.check.bar.value() * 4 == page.check.bar.maximum()
    assert "120 MB of 480 MB" in page.check.words.text()
    qtbot.keyClick(page.check.stop, Qt.Key.Key_Space)
    assert link.cancelled == [request]
    with qtbot.waitSignal(ready_client.failed):
        link.fail(request, Cancelled())
    assert page.check.words.text() == "Stopped."
    assert page.check.words.property("tone") == ""
    assert not page.check.bar.isVisible()
    assert page.focusWidget() is page.check.button


def test_coming_back_to_the_page_leaves_a_running_check_alone(qtbot, page, ready_client, link: FakeLink):
    link.held.add(CheckCopy)
    page.check.button.click()
    with qtbot.waitSignal(page.about_told):
        page.open()
    assert page.check.is_running
    assert page.check.stop.isVisible()
    assert not page.check.button.isVisible()
    with qtbot.waitSignal(ready_client.failed):
        link.fail(link.last_id(CheckCopy), Cancelled())


def test_a_list_that_cannot_be_trusted_is_told(qtbot, page, ready_client, link: FakeLink):
    link.errors[CheckCopy] = CopyUnverifiableError(reason="malformed")
    with qtbot.waitSignal(ready_client.failed):
        page.check.button.click()
    assert "its list of checksums is damaged" in page.check.words.text()
    assert page.check.button.isVisible()


def test_the_bill_is_found_and_its_checksum_copied_without_the_marks_it_is_broken_at(page, monkeypatch):
    assert page.bill.path == "/opt/elephant/_internal/about/parts.cdx.json"
    page.bill_sum.copy_all()
    assert QGuiApplication.clipboard().text() == "69af238d85370d063f343760b1728ec03bce0f0ef3d238709fdf1df22e58c815"
    revealed: list[str] = []
    monkeypatch.setattr(module, "reveal", revealed.append)
    page.show_bill.click()
    assert revealed == [page.bill.path]


def test_what_was_not_built_says_why_it_cannot_be_checked(unbuilt):
    text = shown_text(unbuilt)
    assert "Runs from its source, at commit 9c0f79b48cd4" in text
    assert "there is no build to compare them with" in text
    assert "No bill of materials came with this copy" in text
    for widget in (unbuilt.check.button, unbuilt.check.bar, unbuilt.bill, unbuilt.bill_sum, unbuilt.show_bill):
        assert not widget.isVisible()


def test_a_build_without_checksums_says_so(qtbot, ready_client, theme, link: FakeLink):
    link.about = replace(link.about, has_checksums=False)
    page = opened(qtbot, ready_client, theme)
    assert "No checksums came with this copy" in shown_text(page)
    assert page.bill.isVisible()
    assert not page.check.button.isVisible()


def test_the_box_that_asks_for_a_new_version_stands_on_the_page_and_asks_nothing_by_itself(page, link: FakeLink):
    assert page.update_box.isVisible()
    assert not [body for body in link.sent if isinstance(body, CheckForUpdate)]


def test_at_any_size_nothing_is_cut_off_at_the_side(qtbot, ready_client, theme):
    theme.choose("light", 2.0)
    page = opened(qtbot, ready_client, theme)
    page.resize(640, 480)
    page.check.button.click()
    qtbot.waitUntil(lambda: not ready_client.is_waiting)
    right = [
        w for w in page.findChildren(QWidget) if w.isVisible() and w.mapTo(page, w.rect().topRight()).x() > page.width()
    ]
    assert right == []
