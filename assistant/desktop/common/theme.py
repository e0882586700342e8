"""Colours, fonts and the style sheet of the window, in light and dark.

The tokens are the only colours of the window; everything painted by hand or by the style sheet takes them from here. The theme
follows the system while the setting says so, and tells everybody who paints by hand when it has changed.
"""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from string import Template

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QStyle, QStyleFactory


@dataclass(frozen=True, slots=True)
class Tokens:
    """Colours as #RRGGBB. The names say the use; the style sheet uses the same names."""

    ground: str
    pane: str
    card: str
    line: str
    control: str
    ink: str
    soft: str
    faint: str
    accent: str
    accent_hover: str
    accent_ground: str
    on_accent: str
    mark: str
    warn: str
    warn_ground: str
    bubble: str
    hover: str
    code_keyword: str
    code_string: str
    code_number: str
    code_comment: str
    code_name: str
    shadow: str


LIGHT = Tokens(
    ground="#F6F4F0",
    pane="#FBFAF7",
    card="#FFFFFF",
    line="#E4E0D8",
    control="#8C8982",
    ink="#23272B",
    soft="#636967",
    faint="#767C79",
    accent="#1F6F68",
    accent_hover="#185B55",
    accent_ground="#E3F0EE",
    on_accent="#FFFFFF",
    mark="#FFE8A3",
    warn="#AA4D26",
    warn_ground="#FDF4EF",
    bubble="#ECE8E0",
    hover="#F0EDE6",
    code_keyword="#7B3F94",
    code_string="#3F6B1F",
    code_number="#9A4A00",
    code_comment="#5F6563",
    code_name="#1F5AA6",
    shadow="#1A000000",
)

DARK = Tokens(
    ground="#17191A",
    pane="#1C1F20",
    card="#23272A",
    line="#31363A",
    control="#70767B",
    ink="#E8E6E1",
    soft="#A3A8A5",
    faint="#8A908D",
    accent="#5CC2B6",
    accent_hover="#74CFC4",
    accent_ground="#1E3835",
    on_accent="#10201E",
    mark="#5E4B12",
    warn="#E58A5C",
    warn_ground="#35261E",
    bubble="#282D2F",
    hover="#262A2C",
    code_keyword="#DCBDEC",
    code_string="#A6CB8C",
    code_number="#EABE87",
    code_comment="#BAC0BD",
    code_name="#A9CBF4",
    shadow="#50000000",
)

READING_PX = 15.0
INTERFACE_PX = 14.0
SMALL_PX = 12.5
TITLE_PX = 15.0
PAGE_TITLE_PX = 22.0
READING_LINE_HEIGHT = 1.6
COMPACT_LINE_HEIGHT = 1.4

SIZES_PX = {
    "reading": READING_PX,
    "interface": INTERFACE_PX,
    "small": SMALL_PX,
    "title": TITLE_PX,
    "page-title": PAGE_TITLE_PX,
    "code": 13.5,
}

COMPACT_ROWS = 0.86
COMPACT_GAPS = 0.65

CJK_FAMILIES = ("Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei UI", "Microsoft YaHei", "WenQuanYi Micro Hei")
# Where no desktop says what its interface font is, Qt falls back to a font made for terminals of the nineties.
BARE_SYSTEM_FAMILIES = ("Inter", "Cantarell", "Ubuntu", "Noto Sans", "DejaVu Sans")
_GENERIC_FAMILIES = frozenset({"", "sans", "sans serif", "sans-serif", "dejavu sans", "bitstream vera sans"})


class Theme(QObject):
    """The look that is in force. Lives on the UI thread.

    Signals:
        changed: colours or sizes are others now; whoever paints by hand or holds a font takes them again.
    """

    changed = Signal()

    def __init__(self, app: QApplication, styles_dir: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._template = Template(_read_styles(styles_dir))
        self._styles_dir = styles_dir
        self._choice = "system"
        self._scale = 1.0
        self._is_compact = False
        self._moves = True
        self._families = _interface_families()
        self._mono_families = _mono_families()
        self._dark = self._wants_dark()
        app.styleHints().colorSchemeChanged.connect(self._on_system_changed)

    # ---- what panes ask --------------------------------------------------------------------------------------------------

    @property
    def tokens(self) -> Tokens:
        return DARK if self._dark else LIGHT

    @property
    def is_dark(self) -> bool:
        return self._dark

    @property
    def scale(self) -> float:
        return self._scale

    def color(self, name: str) -> QColor:
        """A token as a colour, for painting by hand."""
        return QColor(getattr(self.tokens, name))

    def px(self, pixels: float) -> int:
        """A length that follows the font-size setting, in device-independent pixels."""
        return max(1, round(pixels * self._scale))

    def row_px(self, pixels: float) -> int:
        """The height of a row or a control: as px, and less where rows are to stand close."""
        return self.px(pixels * (COMPACT_ROWS if self._is_compact else 1.0))

    def gap_px(self, pixels: float) -> int:
        """Space between things: as px, and less where they are to stand close."""
        return self.px(pixels * (COMPACT_GAPS if self._is_compact else 1.0))

    @property
    def line_height(self) -> float:
        """Of text for reading, as a factor."""
        return COMPACT_LINE_HEIGHT if self._is_compact else READING_LINE_HEIGHT

    def font(self, role: str = "interface", *, bold: bool = False) -> QFont:
        """role: reading, interface, small, title, page-title or code."""
        font = QFont()
        font.setFamilies(list(self._mono_families if role == "code" else self._families))
        font.setPixelSize(self.px(SIZES_PX[role]))
        if bold or role in {"title", "page-title"}:
            font.setWeight(QFont.Weight.DemiBold)
        return font

    def motion_ms(self, wanted_ms: int = 150) -> int:
        """Length of a movement; 0 when the system or the user asks for none."""
        moves = self._moves and self._app.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration)
        return wanted_ms if moves else 0

    # ---- what the composition root and the settings page set -------------------------------------------------------------

    def install(self) -> None:
        """Put the look on the application."""
        style = QStyleFactory.create("Fusion")
        if style is not None:
            self._app.setStyle(style)
        self._apply()

    def choose(self, choice: str, scale: float, density: str = "comfortable", motion: str = "system") -> None:
        """choice: system, light or dark; density: comfortable or compact; motion: system or none. As in the settings."""
        before = (self._dark, self._scale, self._is_compact)
        self._choice, self._scale = choice, scale
        self._is_compact, self._moves = density == "compact", motion != "none"
        self._dark = self._wants_dark()
        if (self._dark, self._scale, self._is_compact) != before:
            self._apply()

    def style_sheet(self) -> str:
        return self._template.substitute(self._values())

    # ---- inside ----------------------------------------------------------------------------------------------------------

    def _wants_dark(self) -> bool:
        if self._choice != "system":
            return self._choice == "dark"
        return self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark

    def _on_system_changed(self, _scheme: Qt.ColorScheme) -> None:
        dark_before = self._dark
        self._dark = self._wants_dark()
        if self._dark != dark_before:
            self._apply()

    def _apply(self) -> None:
        self._app.setPalette(self._palette())
        self._app.setFont(self.font())
        self._app.setStyleSheet(self.style_sheet())
        self.changed.emit()

    def _values(self) -> dict[str, str]:
        values: dict[str, str] = asdict(self.tokens)
        values |= {f"{role.replace('-', '_')}_px": f"{self.px(size)}px" for role, size in SIZES_PX.items()}
        values |= {f"s{n}": f"{self.row_px(n)}px" for n in (20, 22, 26, 28, 32, 36, 40, 44)}
        values |= {f"g{n}": f"{self.gap_px(n)}px" for n in (4, 6)}
        values |= {f"w{n}": f"{self.px(n)}px" for n in (4, 8, 10, 12, 14, 22, 24)}
        values["dot_radius"] = f"{(self.px(14) + 2) // 2}px"
        values["chip_radius"] = f"{(self.row_px(22) + 2) // 2}px"
        values["icons"] = (self._styles_dir / ("dark" if self._dark else "light")).as_posix()
        return values

    def _palette(self) -> QPalette:
        palette = QPalette()
        roles = QPalette.ColorRole
        for role, name in (
            (roles.Window, "ground"),
            (roles.Base, "card"),
            (roles.AlternateBase, "pane"),
            (roles.Button, "card"),
            (roles.ToolTipBase, "card"),
            (roles.WindowText, "ink"),
            (roles.Text, "ink"),
            (roles.ButtonText, "ink"),
            (roles.ToolTipText, "ink"),
            (roles.PlaceholderText, "soft"),
            (roles.Highlight, "accent"),
            (roles.HighlightedText, "on_accent"),
            (roles.Link, "accent"),
            (roles.LinkVisited, "accent"),
            (roles.Accent, "accent"),
            (roles.Mid, "line"),
            (roles.Light, "card"),
            (roles.Midlight, "hover"),
            (roles.Dark, "line"),
            (roles.Shadow, "line"),
        ):
            palette.setColor(role, self.color(name))
        for role in (roles.WindowText, roles.Text, roles.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.color("faint"))
        return palette


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, 1 to 21. Source: WCAG 2.2, relative luminance."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: str) -> float:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _read_styles(styles_dir: Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(styles_dir.glob("*.qss")))


def _interface_families() -> tuple[str, ...]:
    family = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    first = [family]
    if sys.platform.startswith("linux") and family.casefold() in _GENERIC_FAMILIES:
        installed = set(QFontDatabase.families())
        first = [name for name in BARE_SYSTEM_FAMILIES if name in installed][:1] + first
    return (*first, *CJK_FAMILIES)


def _mono_families() -> tuple[str, ...]:
    family = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()
    return (family, "Noto Sans Mono CJK SC", *CJK_FAMILIES)
