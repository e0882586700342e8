"""A dialog for files is gone when it is closed: each one that stays holds a model of the whole file system."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from fake_engine import sample_answer
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from assistant.desktop.chat.exporting import Exporting
from assistant.desktop.chat.saving import SavingAnswer
from assistant.desktop.models.models_page import ModelsPage
from assistant.desktop.shell.adding import Adding


def save(client, _theme, holder: QWidget) -> None:
    SavingAnswer(client, holder).save("When do we fly?", sample_answer())


def export(client, theme, holder: QWidget) -> None:
    Exporting(client, theme, holder).export_all()


def add_folder(client, _theme, holder: QWidget) -> None:
    Adding(client, Path(), holder).choose_folder()


def add_model(client, theme, holder: QWidget) -> None:
    ModelsPage(client, theme, holder).add_button.click()


@pytest.mark.parametrize("ask", [save, export, add_folder, add_model])
@pytest.mark.parametrize("leave", [QFileDialog.reject, QFileDialog.accept])
def test_a_dialog_is_gone_when_it_is_closed(
    qtbot, ready_client, theme, tmp_path, ask: Callable[..., None], leave: Callable[[QFileDialog], None]
):
    holder = QWidget()
    qtbot.addWidget(holder)
    ask(ready_client, theme, holder)
    (dialog,) = holder.findChildren(QFileDialog)
    assert dialog.isVisible()
    if leave is QFileDialog.accept:
        (tmp_path / "any.gguf").touch()
        dialog.setDirectory(str(tmp_path))
        dialog.selectFile(str(tmp_path / "any.gguf"))
    QFileDialog.done(dialog, int(leave is QFileDialog.accept))
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert holder.findChildren(QFileDialog) == []
