"""Draws every state of the window into PNG files, with a scripted engine: for judging the look and for the documentation.

xvfb-run -s "-screen 0 1600x1000x24" python scripts/take_screenshots.py OUT [NAME ...]
"""

# ruff: noqa: E402 (the paths come first)

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "gui")]
os.environ["QT_ENABLE_HIGHDPI_SCALING"] = "0"

from fake_engine import (
    FLIGHT,
    STAY,
    FakeLink,
    file_entry,
    folder_entry,
    passage,
)
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication

from assistant.desktop.chat.backups_dialog import BackupsDialog
from assistant.desktop.shell.app import Desktop
from assistant.desktop.shell.application import make_application
from assistant.desktop.shell.drop_overlay import Drop
from assistant.desktop.shell.main_window import MainWindow
from assistant.domain.about import CheckedCopy
from assistant.domain.answers import Conversation
from assistant.domain.errors import FolderUnavailableError, StoreUnavailableError
from assistant.domain.library import FileState, FolderState, IndexProgress, LibraryCounts, Renewal
from assistant.domain.settings import Settings
from assistant.ipc.engine_messages import GetStatus, PartHealth
from assistant.ipc.wire import ErrorMessage

Scene = Callable[[FakeLink, MainWindow], None]

READING = IndexProgress("embedding", 25_540, 41_208, 130.0, 190.0)
READING_COUNTS = LibraryCounts(
    notes=5_722, keyword_ready=2_020, ready=3_290, queued=0, failed=2, chunks=41_208, embedded=25_540
)


def settle(ms: int = 120) -> None:
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()
    QApplication.processEvents()


# ---- scenes ----------------------------------------------------------------------------------------------------------


def open_tree(window: MainWindow) -> None:
    tree = window.library.tree
    model = window.library.model
    tree.expand(model.index(0, 0))
    settle()
    for row in range(4):
        tree.expand(model.index(row, 0, model.index(0, 0)))
    settle()


def empty_chat(_link: FakeLink, window: MainWindow) -> None:
    open_tree(window)


def answered(_link: FakeLink, window: MainWindow) -> None:
    open_tree(window)
    window.chat.ask("When does our flight to Lisbon leave, and 酒店在哪里？")
    settle(300)
    window.show_source(FLIGHT)
    settle(200)


def indexing(link: FakeLink, window: MainWindow) -> None:
    open_tree(window)
    link.move_index(READING, READING_COUNTS)


def searching(_link: FakeLink, window: MainWindow) -> None:
    window.library.search_field.setFocus()
    window.library.search_field.setText("flight lisbon")
    settle(400)


def search_no_hits(link: FakeLink, window: MainWindow) -> None:
    link.passages = ()
    window.library.search_field.setFocus()
    window.library.search_field.setText("zeppelin")
    settle(400)


def chats(_link: FakeLink, window: MainWindow) -> None:
    window.library.switch.choose(1)


def deleted_chat(_link: FakeLink, window: MainWindow) -> None:
    window.library.switch.choose(1)
    settle()
    view = window.library.chats.view
    view.setCurrentIndex(view.model().index(1, 0))
    window.library.chats._delete_current()


def first_run(_link: FakeLink, _window: MainWindow) -> None:
    pass


def drop(_link: FakeLink, window: MainWindow) -> None:
    open_tree(window)
    window.overlay.show_drop(Drop(folders=("/home/ada/Recipes",)))


def models(_link: FakeLink, window: MainWindow) -> None:
    window.show_page(window.models_page)


def settings(_link: FakeLink, window: MainWindow) -> None:
    window.show_page(window.settings_page)


def privacy(_link: FakeLink, window: MainWindow) -> None:
    window.show_page(window.privacy_page)


def about(_link: FakeLink, window: MainWindow) -> None:
    window.show_page(window.about_page)


def about_end(link: FakeLink, window: MainWindow) -> None:
    about(link, window)
    settle(400)
    window.about_page.check.button.click()
    settle(200)
    bar = window.about_page.area.verticalScrollBar()
    bar.setValue(bar.maximum())


def about_damaged(link: FakeLink, window: MainWindow) -> None:
    link.checked = CheckedCopy(
        2_428, ("_internal/libQt6Core.so.6", "elephant"), ("_internal/models/manifest.toml",), ("notes.txt",)
    )
    about_end(link, window)


def about_licence(link: FakeLink, window: MainWindow) -> None:
    about(link, window)
    settle(300)
    window.about_page.parts.choose("numpy")
    window.about_page.parts.open_licence()
    settle(200)


def about_unbuilt(link: FakeLink, window: MainWindow) -> None:
    link.about = replace(
        link.about, is_built=False, made="", built_on="", bill="", bill_sha256="", has_checksums=False, program=""
    )
    about_end_without_check(link, window)


def about_end_without_check(link: FakeLink, window: MainWindow) -> None:
    about(link, window)
    settle(300)
    bar = window.about_page.area.verticalScrollBar()
    bar.setValue(bar.maximum())


def attention(_link: FakeLink, window: MainWindow) -> None:
    window.ways.show_attention()
    settle()


def library(link: FakeLink, window: MainWindow) -> None:
    states = {"engine": "running", "model": "stopped", "vectors": "running", "reader": "resting"}
    link.parts = tuple(PartHealth(part, state) for part, state in states.items())
    window.ways.show_library()
    settle()


def library_end(link: FakeLink, window: MainWindow) -> None:
    library(link, window)
    settle(400)
    bar = window.library_page.area.verticalScrollBar()
    bar.setValue(bar.maximum())


def library_busy(link: FakeLink, window: MainWindow) -> None:
    link.troubles = (ErrorMessage("disk-full", fields={"needed_bytes": 500_000_000, "free_bytes": 12_000_000}),)
    link.counts = READING_COUNTS
    link.progress = replace(READING, current="Travel/Lisbon 2026.md")
    library(link, window)


def library_renewing(link: FakeLink, window: MainWindow) -> None:
    link.renewal = Renewal("bge-m3", IndexProgress("embedding", 12_000, 41_208), "multilingual-e5-small")
    library(link, window)


def library_error(link: FakeLink, window: MainWindow) -> None:
    link.errors[GetStatus] = StoreUnavailableError(store="catalog", reason="damaged")
    library(link, window)


def library_files(_link: FakeLink, window: MainWindow) -> None:
    window.ways.show_library()
    window.library_page._show_files(6)
    settle()


def chunks(_link: FakeLink, window: MainWindow) -> None:
    open_tree(window)
    window.show_chunks(FLIGHT)
    settle(500)


def backups(_link: FakeLink, window: MainWindow) -> None:
    window.upkeep.show_backups()
    settle(200)


def backups_restored(link: FakeLink, window: MainWindow) -> None:
    backups(link, window)
    window.findChild(BackupsDialog)._restore(11)
    settle(200)


def restored_notice(_link: FakeLink, window: MainWindow) -> None:
    open_tree(window)


def restarting(link: FakeLink, window: MainWindow) -> None:
    open_tree(window)
    link.die()


def broken(link: FakeLink, window: MainWindow) -> None:
    open_tree(window)
    link.die("broken", 3)


def model_restarted(link: FakeLink, window: MainWindow) -> None:
    open_tree(window)
    link.health("model", "restarting", 1)


def error_notice(link: FakeLink, window: MainWindow) -> None:
    from assistant.ipc.engine_messages import AddFolder

    open_tree(window)
    link.errors[AddFolder] = FolderUnavailableError(path="/media/stick", reason="missing")
    window.adding.add("/media/stick")


def unplugged(link: FakeLink, window: MainWindow) -> None:
    folders = (link.folders[0], replace(link.folders[1], state=FolderState.MISSING))
    link.change_folders(folders)
    open_tree(window)


def no_model(_link: FakeLink, window: MainWindow) -> None:
    open_tree(window)


def left_drawer(_link: FakeLink, window: MainWindow) -> None:
    window.panes.set_open("left", True)
    settle(250)
    open_tree(window)


def right_drawer(_link: FakeLink, window: MainWindow) -> None:
    window.chat.ask("When does our flight to Lisbon leave?")
    settle(300)
    window.show_source(FLIGHT)
    settle(400)


def prepare(name: str, link: FakeLink) -> None:
    if "first-run" in name:
        link.folders, link.counts = (), LibraryCounts()
        link.conversations = ()
        if "models" in name:
            link.models = tuple(replace(entry, installed=False) for entry in link.models)
            link.chat_model = link.chat_model_title = ""
    if name == "library-empty":
        link.reasons = ()
        link.backups = ()
        link.counts = LibraryCounts()
        link.folders = (replace(link.folders[0], counts=LibraryCounts(), last_scan=None, last_change=None),)
    if "restored" in name and "backups" not in name:
        link.restored_name, link.restored = "conversations-000012.sqlite", link.backups[0]
    if "no-model" in name:
        link.chat_model = link.chat_model_title = ""
    link.passages = (
        replace(FLIGHT, note="Travel/Tickets and hotel.pdf"),
        passage(
            "Packing for the flight: passports, adapters, the small bag. Lisbon in June is warm but windy by the river.",
            "Travel/Lisbon 2026.md",
            heading_path=("Packing",),
        ),
        STAY,
        passage(
            "三月预算：出差机票和酒店共 12,400 元，Lisbon 行程另计。", "会议/三月预算讨论.md", heading_path=("差旅",)
        ),
    )
    if name == "many":
        link.tree[1, ""] = tuple(
            [folder_entry(f"Folder {n:03}", n) for n in range(40)]
            + [file_entry(f"Note {n:05}.md", FileState.READY) for n in range(100_000)]
        )
        link.conversations = tuple(
            Conversation(n, f"Question number {n}", 1.79e9, 1.79e9 - n * 4000) for n in range(1, 501)
        )


SCENES: dict[str, tuple[Scene, tuple[int, int], Settings]] = {}


def add(name: str, scene: Scene, size: tuple[int, int] = (1360, 860), **values: object) -> None:
    SCENES[name] = (scene, size, Settings(**({"language": "en", "theme": "light"} | values)))  # type: ignore[arg-type]


for kind, theme in (("", "light"), ("-dark", "dark")):
    add("empty-chat" + kind, empty_chat, theme=theme)
    add("answered" + kind, answered, theme=theme)
    add("indexing" + kind, indexing, theme=theme)
    add("search" + kind, searching, theme=theme)
    add("first-run" + kind, first_run, theme=theme)
    add("drop" + kind, drop, theme=theme)
    add("models" + kind, models, theme=theme)
    add("settings" + kind, settings, theme=theme)
    add("attention" + kind, attention, theme=theme)
    add("about" + kind, about, theme=theme)
    add("about-licence" + kind, about_licence, theme=theme)
    add("broken" + kind, broken, theme=theme)
    add("library" + kind, library, theme=theme)
    add("library-busy" + kind, library_busy, theme=theme)
    add("library-files" + kind, library_files, theme=theme)
    add("chunks" + kind, chunks, theme=theme)
    add("backups" + kind, backups, theme=theme)
    add("backups-restored" + kind, backups_restored, theme=theme)
for scene_name, scene_made in (
    ("search-no-hits", search_no_hits),
    ("chats", chats),
    ("chat-deleted", deleted_chat),
    ("first-run-models", first_run),
    ("privacy", privacy),
    ("about-end", about_end),
    ("about-damaged", about_damaged),
    ("about-unbuilt", about_unbuilt),
    ("restarting", restarting),
    ("model-restarted", model_restarted),
    ("error", error_notice),
    ("unplugged", unplugged),
    ("no-model", no_model),
    ("library-end", library_end),
    ("library-renewing", library_renewing),
    ("library-error", library_error),
    ("library-empty", library),
    ("restored", restored_notice),
):
    add(scene_name, scene_made)
for scene_name, scene_made in (
    ("answered", answered),
    ("indexing", indexing),
    ("search", searching),
    ("first-run", first_run),
    ("settings", settings),
    ("models", models),
    ("privacy", privacy),
    ("about", about),
    ("about-damaged", about_damaged),
    ("attention", attention),
    ("broken", broken),
    ("drop", drop),
    ("library", library),
    ("library-end", library_end),
    ("library-files", library_files),
    ("chunks", chunks),
    ("backups", backups),
    ("restored", restored_notice),
):
    add(f"{scene_name}-zh", scene_made, language="zh")
add("narrow", answered, (640, 480))
add("narrow-left", left_drawer, (640, 480))
add("narrow-right", right_drawer, (640, 480))
add("narrow-first-run", first_run, (640, 480))
add("narrow-settings", settings, (640, 480))
add("narrow-about", about, (640, 480))
add("narrow-about-end", about_end, (640, 480))
add("narrow-library", library, (700, 760))
add("narrow-library-files", library_files, (640, 480))
add("narrow-attention", attention, (700, 760))
add("narrow-chunks", chunks, (700, 760))
add("narrow-backups", backups, (640, 480))
add("drawer-right", right_drawer, (980, 700))
add("large-text-about", about, (640, 480), font_scale=1.6)
add("large-text", answered, (1360, 860), font_scale=1.6)
add("many", empty_chat)


def shoot(app: QApplication, name: str, out: Path) -> None:
    scene, size, chosen = SCENES[name]
    link = FakeLink()
    link.settings = chosen
    if chosen.language == "zh":
        link.questions = (
            "去里斯本的航班几点起飞？",
            "三月的预算是多少？",
            "屋顶报价是多少？",
            "哪些论文提到注意力机制？",
        )
    prepare(name, link)
    with tempfile.TemporaryDirectory() as folder:
        desktop = Desktop(app, Path(folder), link)
        desktop.start()
        settle(150)
        desktop.window.resize(*size)
        settle(150)
        scene(link, desktop.window)
        settle(250)
        dialog = app.activeModalWidget()
        (dialog or desktop.window).grab().save(str(out / f"{name}.png"))
        if dialog is not None:
            dialog.close()
        desktop.close()
        desktop.window.close()
        desktop.window.deleteLater()
        desktop.deleteLater()
        settle(30)


def main() -> int:
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    app = make_application()
    app.setQuitOnLastWindowClosed(False)
    QCursor.setPos(1590, 990)
    for name in sys.argv[2:] or list(SCENES):
        shoot(app, name, out)
        print(name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
