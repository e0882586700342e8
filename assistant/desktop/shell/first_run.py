"""The first thing anybody sees: a picture, a sentence, two buttons."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.controls import make_button, make_label
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import size
from assistant.desktop.models.downloads import STARTER, Downloads
from assistant.desktop.models.pull_progress import PullBox
from assistant.desktop.models.starters import missing_starters
from assistant.ipc.engine_messages import ListModels, ModelsListed

PICTURE_SIZE = QSize(320, 200)
COLUMN_PX = 500
AROUND_PX = 24

_OWN_PICTURE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 200"><g fill="none" stroke="{ink}" stroke-width="2"
stroke-linecap="round" stroke-linejoin="round"><rect x="94" y="34" width="96" height="124" rx="8" fill="{card}"/>
<rect x="130" y="46" width="96" height="124" rx="8" fill="{card}"/><path d="M146 72h62M146 108h62M146 126h44" stroke="{line}"/>
<path d="M146 90h48" stroke="{mark}" stroke-width="10"/><path d="M146 90h48" stroke="{ink}"/></g></svg>"""


class Picture(QWidget):
    """A drawing that comes in a light and a dark version, or our plain one where neither is there."""

    def __init__(self, theme: Theme, pictures_dir: Path, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._dir = pictures_dir
        self._name = name
        self._renderer = QSvgRenderer(self)
        self.setAccessibleName(self.tr("A page of notes with a marked line"))
        theme.changed.connect(self._load)
        self._load()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(PICTURE_SIZE.width()), self._theme.px(PICTURE_SIZE.height()))

    def minimumSizeHint(self) -> QSize:
        return PICTURE_SIZE / 2

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wanted = self._renderer.defaultSize().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left = (self.width() - wanted.width()) / 2
        top = (self.height() - wanted.height()) / 2
        self._renderer.render(painter, QRectF(left, top, wanted.width(), wanted.height()))

    def _load(self) -> None:
        for name in (f"{self._name}-{'dark' if self._theme.is_dark else 'light'}.svg", f"{self._name}.svg"):
            path = self._dir / name
            if path.is_file() and self._renderer.load(str(path)):
                self.update()
                return
        tokens = self._theme.tokens
        svg = _OWN_PICTURE.format(ink=tokens.accent, card=tokens.card, line=tokens.line, mark=tokens.mark)
        self._renderer.load(QByteArray(svg.encode()))
        self.update()


class FirstRun(QWidget):
    """Signals:
    folder_wanted, sample_wanted: the two buttons.
    """

    folder_wanted = Signal()
    sample_wanted = Signal()

    def __init__(
        self,
        client: EngineClient,
        theme: Theme,
        pictures_dir: Path,
        parent: QWidget | None = None,
        *,
        downloads: Downloads | None = None,
    ) -> None:
        """downloads: those of the whole window; without it the page has its own."""
        super().__init__(parent)
        self._client = client
        self._theme = theme
        self.choose = make_button(self.tr("Choose a folder…"), "primary")
        self.sample = make_button(self.tr("Try the sample notes"))
        self.choose.clicked.connect(self.folder_wanted)
        self.sample.clicked.connect(self.sample_wanted)
        download = (downloads or Downloads(client, self)).of(STARTER)
        self.pull = PullBox(download, self.tr("Get the starter models"), self, is_centred=True)
        self.pull.pulled.connect(self._on_models)
        self._models_words = make_label("", "small", wraps=True)
        self._models_words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._models = QWidget(self)
        self._lay_out(theme, pictures_dir)
        self._models.hide()
        client.welcomed.connect(self._on_welcomed)

    def _lay_out(self, theme: Theme, pictures_dir: Path) -> None:
        center = Qt.AlignmentFlag.AlignHCenter
        title = make_label(self.tr("Ask your notes anything"), "page-title")
        sentence = make_label(
            self.tr(
                "Give Elephant a folder of notes. It answers from them, shows the exact words, and keeps it all here."
            ),
            "reading",
            wraps=True,
        )
        hint = make_label(
            self.tr("Or drop a folder on this window. Files are only read, never changed."),
            "small",
            wraps=True,
        )
        for label in (title, sentence, hint):
            label.setAlignment(center)
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        buttons.addStretch(1)
        buttons.addWidget(self.choose)
        buttons.addWidget(self.sample)
        buttons.addStretch(1)
        models = QVBoxLayout(self._models)
        models.setContentsMargins(0, 24, 0, 0)
        models.addWidget(self._models_words)
        models.addWidget(self.pull)
        self._column = QWidget(self)
        column = QVBoxLayout(self._column)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addStretch(2)
        column.addWidget(Picture(theme, pictures_dir, "first-run"), 4, center)
        column.addSpacing(20)
        column.addWidget(title)
        column.addSpacing(8)
        column.addWidget(sentence)
        column.addSpacing(24)
        column.addLayout(buttons)
        column.addSpacing(16)
        column.addWidget(hint)
        column.addWidget(self._models)
        column.addStretch(3)
        row = QHBoxLayout(self)
        row.setContentsMargins(AROUND_PX, 16, AROUND_PX, 16)
        row.addStretch(1)
        row.addWidget(self._column)
        row.addStretch(1)
        self._fit()
        theme.changed.connect(self._fit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self._column.setFixedWidth(max(1, min(self._theme.px(COLUMN_PX), self.width() - 2 * AROUND_PX)))

    def _on_welcomed(self, _welcome: object) -> None:
        self._client.request(ListModels(), self._on_models)

    def _on_models(self, listed: ModelsListed) -> None:
        missing = missing_starters(listed.entries)
        self._models.setVisible(bool(missing))
        total = size(sum(entry.size_bytes for entry in missing))
        self._models_words.setText(
            self.tr(
                "To write answers Elephant needs two small models ({size}, fetched once). Search by words works without them."
            ).format(size=total)
        )
