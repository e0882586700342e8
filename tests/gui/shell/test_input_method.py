"""Where Fcitx is asked for and has no plug-in for this Qt, it is spoken to as IBus is; nothing else is changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.desktop.shell.input_method import choose_input_method


@pytest.fixture
def plugins(tmp_path: Path) -> Path:
    folder = tmp_path / "platforminputcontexts"
    folder.mkdir()
    (folder / "libibusplatforminputcontextplugin.so").touch()
    return tmp_path


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {}),
        ({"QT_IM_MODULE": "fcitx"}, {"QT_IM_MODULE": "ibus"}),
        ({"QT_IM_MODULE": "fcitx5"}, {"QT_IM_MODULE": "ibus"}),
        ({"QT_IM_MODULE": "ibus"}, {"QT_IM_MODULE": "ibus"}),
        ({"QT_IM_MODULE": "compose"}, {"QT_IM_MODULE": "compose"}),
        ({"QT_IM_MODULES": "wayland;fcitx"}, {"QT_IM_MODULES": "wayland;fcitx;ibus"}),
        ({"QT_IM_MODULES": "wayland;fcitx;ibus"}, {"QT_IM_MODULES": "wayland;fcitx;ibus"}),
    ],
)
def test_fcitx_is_spoken_to_as_ibus(plugins: Path, before: dict[str, str], after: dict[str, str]) -> None:
    environment = dict(before)
    choose_input_method(environment, plugins)
    assert environment == after


def test_a_plug_in_for_fcitx_is_used(plugins: Path) -> None:
    (plugins / "platforminputcontexts" / "libfcitx5platforminputcontextplugin.so").touch()
    environment = {"QT_IM_MODULE": "fcitx"}
    choose_input_method(environment, plugins)
    assert environment == {"QT_IM_MODULE": "fcitx"}
