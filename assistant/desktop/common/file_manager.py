"""Shows a file where it lies, in the system's own file manager, and opens documents in their own programs."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QDir, QProcess, QUrl
from PySide6.QtGui import QDesktopServices

OPENED_BY_OTHERS = frozenset(
    (
        ".md .markdown .mdown .txt .text .rst .org .log .csv .tsv .pdf .docx .odt .html .htm .xhtml .mht .mhtml .tex .adoc"
    ).split()
)
"""Endings that the system may be asked to open: documents, nothing that could be run."""


def open_document(path: str) -> bool:
    """Have the system open a note. False, and nothing is opened, for what could be run or lies on another machine."""
    if Path(path).suffix.lower() not in OPENED_BY_OTHERS or path.startswith(("//", "\\\\")):
        return False
    return QDesktopServices.openUrl(QUrl.fromLocalFile(path))


def reveal(path: str) -> None:
    """Open the folder of `path`, with the file selected where the system can do that."""
    target = Path(path)
    if sys.platform == "darwin":
        QProcess.startDetached("open", ["-R", path])
    elif sys.platform == "win32":
        QProcess.startDetached("explorer", ["/select,", QDir.toNativeSeparators(path)])
    else:
        folder = target if target.is_dir() else target.parent
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
