"""The icon files of Windows and macOS hold every size they should, and in each the picture that the window has."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from packaging_files import PACKAGING, ROOT
from PIL import Image, ImageChops, ImageStat
from PIL.IcnsImagePlugin import IcnsImageFile
from PIL.IcoImagePlugin import IcoImageFile

ICO = PACKAGING / "windows" / "elephant.ico"
ICNS = PACKAGING / "macos" / "elephant.icns"
PNG_MARK = b"\x89PNG"


def opened(path: Path) -> Image.Image:
    return Image.open(io.BytesIO(path.read_bytes()))


def source(size: int) -> Image.Image:
    return opened(ROOT / "resources" / "icon" / f"elephant-{size}.png").convert("RGBA")


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of two pictures on a grey ground, 0 to 255."""
    grounds = [Image.new("RGBA", one.size, (128, 128, 128, 255)) for _ in range(2)]
    drawn = [
        Image.alpha_composite(ground, image).convert("RGB") for ground, image in zip(grounds, (one, other), strict=True)
    ]
    return max(ImageStat.Stat(ImageChops.difference(*drawn)).mean)


def framed(image: Image.Image, size: int, scale: float) -> Image.Image:
    """The picture as a Dock icon: smaller, with a margin around it."""
    side = round(size * scale)
    inner = image.resize((side, side), Image.Resampling.LANCZOS)
    framed_image = Image.new("RGBA", (size, size))
    framed_image.paste(inner, ((size - side) // 2, (size - side) // 2))
    return framed_image


def test_the_windows_icon_has_every_size() -> None:
    image = opened(ICO)
    assert isinstance(image, IcoImageFile)
    assert image.info["sizes"] == {(size, size) for size in (16, 20, 24, 32, 40, 48, 64, 96, 128, 256)}


@pytest.mark.parametrize("size", [16, 32, 48, 64, 128, 256])
def test_the_windows_icon_shows_the_picture_of_the_window(size: int) -> None:
    image = opened(ICO)
    assert isinstance(image, IcoImageFile)
    shown = image.ico.getimage((size, size)).convert("RGBA")
    assert difference(shown, source(size)) < 1
    assert difference(shown, Image.new("RGBA", shown.size)) > 20  # the measure does tell pictures apart


def test_small_pictures_are_plain_bitmaps_and_large_ones_png() -> None:
    data = ICO.read_bytes()
    for number in range(data[4]):
        entry = data[6 + 16 * number : 22 + 16 * number]
        place = int.from_bytes(entry[12:16], "little")
        assert (data[place : place + 4] == PNG_MARK) == (entry[0] == 0 or entry[0] > 48)


def test_the_mac_icon_has_every_size() -> None:
    image = opened(ICNS)
    assert isinstance(image, IcnsImageFile)
    pixels = {width * scale for width, _, scale in image.icns.itersizes()}
    points = {width for width, _, _ in image.icns.itersizes()}
    assert pixels == {32, 64, 128, 256, 512, 1024}
    assert points == {16, 32, 128, 256, 512}


@pytest.mark.parametrize("size", [64, 128, 256, 512, 1024])
def test_the_mac_icon_shows_the_picture_with_the_margin_of_the_dock(size: int) -> None:
    image = opened(ICNS)
    assert isinstance(image, IcnsImageFile)
    (width, height, scale) = next(found for found in image.icns.itersizes() if found[0] * found[2] == size)
    shown = image.icns.getimage((width, height, scale)).convert("RGBA")
    assert difference(shown, framed(source(512), size, 824 / 984)) < 8  # their margins differ by half a pixel
    assert difference(shown, source(512).resize((size, size))) > 30  # without the margin it would be another picture


@pytest.mark.parametrize(("name", "size"), [("setup.bmp", (138, 138)), ("setup-side.bmp", (246, 471))])
def test_the_installer_has_its_pictures(name: str, size: tuple[int, int]) -> None:
    image = opened(PACKAGING / "windows" / name)
    assert (image.format, image.size) == ("BMP", size)
    inner = image.convert("RGBA").crop((0, (size[1] - size[0]) // 2, size[0], (size[1] + size[0]) // 2))
    on_ground = Image.alpha_composite(
        Image.new("RGBA", inner.size, image.convert("RGBA").getpixel((0, 0))), source(512).resize(inner.size)
    )
    assert difference(inner, on_ground) < 3


@pytest.mark.parametrize("path", [ICO, ICNS], ids=lambda path: path.name)
def test_an_icon_file_is_small(path: Path) -> None:
    assert path.stat().st_size < 200_000
