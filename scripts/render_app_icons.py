"""Make the icon files that Windows and macOS want from the drawings in resources/icon.

    python scripts/render_app_icons.py

packaging/windows/elephant.ico fills its square, as icons of Windows do; packaging/macos/elephant.icns leaves the margin that icons in the Dock
have. setup.bmp and setup-side.bmp are the pictures in the corner and at the side of the installer, which takes no transparency.
"""

from __future__ import annotations

import io
import struct
import sys
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from render_icon import ICONS, SMALL

PACKAGING = ICONS.parent.parent / "packaging"
WINDOWS_SIZES = (16, 20, 24, 32, 40, 48, 64, 96, 128, 256)
"""What lists, task bar and desktop ask for at 100 to 250 %; 256 is scaled for everything larger."""
PLAIN_UP_TO = 48
"""Smaller pictures are kept as plain bitmaps: some dialogs read nothing else. Larger ones are PNG, a tenth of the size."""
MACOS_SIZES = (32, 64, 128, 256, 512, 1024)
"""16 to 512 points, most of them at two pixels a point. 16 points at one pixel a point is made from the picture of 32."""
MACOS_BODY = 824 / 984
"""On macOS's grid the body takes 824 of 1,024 pixels; in the drawing it takes 984."""
SETUP_PICTURE = 138
"""Pixels: 55 points at 250 %."""
SETUP_SIDE = (246, 471)
"""Pixels: 164 by 314 points at 150 %."""
GROUND = "#F6F4F0"


def draw(size: int, scale: float = 1.0) -> Image.Image:
    """The drawing in a square of `size` pixels, `scale` of it wide, in its middle."""
    source = ICONS / ("elephant-small.svg" if size <= SMALL else "elephant.svg")
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    side = size * scale
    QSvgRenderer(str(source)).render(painter, QRectF((size - side) / 2, (size - side) / 2, side, side))
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return Image.open(io.BytesIO(buffer.data().data())).convert("RGBA")


def write_ico(path: Path, images: list[Image.Image]) -> None:
    """One file with every picture. Pillow writes each by itself; it cannot write some plain and some as PNG."""
    payloads = []
    for image in images:
        alone = io.BytesIO()
        kind = "bmp" if image.width <= PLAIN_UP_TO else "png"
        image.save(alone, "ICO", sizes=[image.size], bitmap_format=kind)
        payloads.append(alone.getvalue()[22:])  # after a header and one entry
    content = struct.pack("<HHH", 0, 1, len(images))
    place = 6 + 16 * len(images)
    for image, payload in zip(images, payloads, strict=True):
        side = image.width % 256  # 0 stands for 256
        content += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(payload), place)
        place += len(payload)
    path.write_bytes(content + b"".join(payloads))


def write_icns(path: Path, images: list[Image.Image]) -> None:
    images[-1].save(path, "ICNS", append_images=images[:-1])


def write_setup_pictures(folder: Path) -> None:
    """With 64 colours each: three would do, and the others are for smooth edges."""
    ground = Image.new("RGBA", (SETUP_PICTURE, SETUP_PICTURE), "white")
    corner = Image.alpha_composite(ground, draw(SETUP_PICTURE))
    side = Image.new("RGBA", SETUP_SIDE, GROUND)
    width, height = SETUP_SIDE
    side.alpha_composite(draw(width), (0, (height - width) // 2))
    for image, name in ((corner, "setup.bmp"), (side, "setup-side.bmp")):
        image.convert("RGB").quantize(64, dither=Image.Dither.NONE).save(folder / name, "BMP")


def main() -> int:
    app = QGuiApplication(sys.argv)
    write_ico(PACKAGING / "windows" / "elephant.ico", [draw(size) for size in WINDOWS_SIZES])
    write_setup_pictures(PACKAGING / "windows")
    write_icns(PACKAGING / "macos" / "elephant.icns", [draw(size, MACOS_BODY) for size in MACOS_SIZES])
    for name in ("windows/elephant.ico", "windows/setup.bmp", "windows/setup-side.bmp", "macos/elephant.icns"):
        print(f"packaging/{name}: {(PACKAGING / name).stat().st_size:,} bytes")
    del app
    return 0


if __name__ == "__main__":
    sys.exit(main())
