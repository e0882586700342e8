"""Chinese can be typed also where the desktop's input method has no plug-in for the Qt that came with Elephant.

Fcitx, which most Chinese desktops use, brings a plug-in for the distribution's Qt. The Qt of PySide6 is another one and has plug-ins for IBus and for
nothing else of the kind; told to use "fcitx" it uses none, and no Chinese character can be typed. Fcitx 5 also speaks IBus's protocol, for just such programs.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from pathlib import Path

VARIABLE, LIST_VARIABLE = "QT_IM_MODULE", "QT_IM_MODULES"
_OURS = "ibus"


def choose_input_method(environment: MutableMapping[str, str], plugins: Path) -> None:
    """Before Qt starts: have it speak to Fcitx as to IBus, unless there is a plug-in for Fcitx. plugins: the folder of Qt's plug-ins."""
    if any(plugins.glob("platforminputcontexts/*fcitx*")):
        return
    if environment.get(VARIABLE, "").startswith("fcitx"):
        environment[VARIABLE] = _OURS
    wanted = environment.get(LIST_VARIABLE, "").split(";")
    if any(name.startswith("fcitx") for name in wanted) and _OURS not in wanted:
        environment[LIST_VARIABLE] = ";".join([*wanted, _OURS])
