"""The window's few icons: our own line drawings on a 24-unit grid, coloured by the theme."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from assistant.desktop.common.theme import Theme

STROKE_WIDTH = 1.7

_DRAWINGS = {
    "search": '<circle cx="11" cy="11" r="6"/><path d="m15.5 15.5 4 4"/>',
    "clear": '<path d="m7 7 10 10M17 7 7 17"/>',
    "back": '<path d="m14 6-6 6 6 6"/>',
    "forward": '<path d="m10 6 6 6-6 6"/>',
    "more": '<path d="M5 7h14M5 12h14M5 17h14"/>',
    "left-pane": '<rect x="4" y="5" width="16" height="14" rx="2.5"/><path d="M9.5 5v14"/>',
    "right-pane": '<rect x="4" y="5" width="16" height="14" rx="2.5"/><path d="M14.5 5v14"/>',
    "pause": '<path d="M9 7v10M15 7v10"/>',
    "play": '<path d="M9 6.5v11l8.5-5.5z"/>',
    "new": '<path d="M12 6v12M6 12h12"/>',
    "folder": '<path d="M4 8a2 2 0 0 1 2-2h3.5l2 2H18a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2z"/>',
    "drop": '<path d="M12 4v10m0 0-4-4m4 4 4-4"/><path d="M5 15v2.5A2.5 2.5 0 0 0 7.5 20h9a2.5 2.5 0 0 0 2.5-2.5V15"/>',
    "reset": '<path d="M6 9.5h8.2a4.4 4.4 0 0 1 0 8.8H10"/><path d="m9.2 6-3.5 3.5L9.2 13"/>',
    "lock": '<rect x="6" y="11" width="12" height="8" rx="2"/><path d="M9 11V8.5a3 3 0 0 1 6 0V11"/>',
    "passages": '<path d="M5 6h14M5 10h14M5 14h9"/><path d="M5 18.5h6"/>',
    "filter": '<path d="M5 8h14M8 12.5h8M10.5 17h3"/>',
    "clock": '<circle cx="12" cy="12" r="7"/><path d="M12 8v4.2l2.8 1.8"/>',
    "sort": '<path d="M8 6v12m0 0-3-3m3 3 3-3"/><path d="M16 18V6m0 0-3 3m3-3 3 3"/>',
    "check": '<path d="m6 12.5 4 4 8-9"/>',
}


def draw_icon(name: str, color: QColor, size_px: int, ratio: float = 1.0) -> QPixmap:
    """One icon as a picture. ratio: device pixels per pixel of the screen it is for."""
    key = f"{name} {color.name()} {size_px} {ratio}"
    pixmap = QPixmap()
    if QPixmapCache.find(key, pixmap):
        return pixmap
    stroke = f'stroke="{color.name()}" stroke-width="{STROKE_WIDTH}" stroke-linecap="round" stroke-linejoin="round"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><g fill="none" {stroke}>{_DRAWINGS[name]}</g></svg>'
    pixmap = QPixmap(round(size_px * ratio), round(size_px * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, size_px, size_px))
    painter.end()
    QPixmapCache.insert(key, pixmap)
    return pixmap


def make_icon(theme: Theme, name: str, color: str = "soft", size_px: int = 18) -> QIcon:
    """An icon in a colour of the theme. Make it again when the theme changes."""
    icon = QIcon()
    for ratio in (1.0, 2.0):
        icon.addPixmap(draw_icon(name, theme.color(color), size_px, ratio))
        icon.addPixmap(draw_icon(name, theme.color("faint"), size_px, ratio), QIcon.Mode.Disabled)
    return icon
