"""Draw resources/icon/elephant.svg as PNG files in the sizes that desktops ask for.

    python scripts/render_icon.py

Up to 24 pixels the picture comes from elephant-small.svg, which leaves out what would only blur there.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ICONS = Path(__file__).resolve().parent.parent / "resources" / "icon"
SIZES = (16, 32, 48, 64, 128, 256, 512)
SMALL = 24


def render(source: Path, size: int) -> QImage:
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(str(source)).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return image


def main() -> int:
    app = QGuiApplication(sys.argv)
    for size in SIZES:
        source = ICONS / ("elephant-small.svg" if size <= SMALL else "elephant.svg")
        target = ICONS / f"elephant-{size}.png"
        if not render(source, size).save(str(target)):
            print(f"cannot write {target}", file=sys.stderr)
            return 1
        print(target.relative_to(ICONS.parent.parent))
    del app
    return 0


if __name__ == "__main__":
    sys.exit(main())
