"""The version resource of the Windows programs is text that PyInstaller evaluates; here the same text is evaluated as strictly."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from packaging_files import load_script

import assistant

version_info = load_script("windows/version_info.py")

FIXED = {"filevers", "prodvers", "mask", "flags", "OS", "fileType", "subtype", "date"}


def strictly(values: dict[str, Any]) -> dict[str, Any]:
    if values.keys() - FIXED:
        raise TypeError(f"unknown: {values.keys() - FIXED}")
    return values


# The structures that PyInstaller knows, with the names of their arguments and the order of those.
STRUCTURES: dict[str, Callable[..., Any]] = {
    "VSVersionInfo": lambda ffi=None, kids=None: ("VSVersionInfo", ffi, kids),
    "FixedFileInfo": lambda **values: strictly(values),
    "StringFileInfo": lambda kids=None: ("StringFileInfo", kids),
    "StringTable": lambda name=None, kids=None: (name, dict(kids)),
    "StringStruct": lambda name=None, val=None: (name, val),
    "VarFileInfo": lambda kids=None: ("VarFileInfo", kids),
    "VarStruct": lambda name=None, kids=None: (name, kids),
}


def evaluated(text: str) -> tuple[dict[str, Any], dict[str, dict[str, str]], list[int]]:
    """(numbers, strings by language, languages), as they would stand in the program."""
    kind, numbers, (strings, variables) = eval(text, {"__builtins__": {}}, STRUCTURES)
    assert (kind, strings[0], variables[0]) == ("VSVersionInfo", "StringFileInfo", "VarFileInfo")
    ((name, languages),) = variables[1]
    assert name == "Translation"
    return numbers, dict(strings[1]), languages


def test_the_resource_holds_the_version_of_the_package(tmp_path: Path) -> None:
    path = tmp_path / "version.txt"
    version_info.write_version_info(path, assistant.__version__)
    numbers, strings, languages = evaluated(path.read_text(encoding="utf-8"))
    assert ".".join(map(str, numbers["filevers"])).startswith(assistant.__version__.split("rc")[0].split(".dev")[0])
    assert numbers["prodvers"] == numbers["filevers"]
    assert languages == [0x0409, 1200, 0x0804, 1200]
    assert set(strings) == {"040904B0", "080404B0"}  # each language announced has its table
    for table in strings.values():
        assert table["FileVersion"] == table["ProductVersion"] == assistant.__version__
        assert table["OriginalFilename"] == "Elephant.exe"
        assert all(table.values())


def test_the_two_programs_are_told_apart_in_both_languages() -> None:
    described = [
        [table["FileDescription"] for table in evaluated(version_info.version_info("1.2", program))[1].values()]
        for program in ("Elephant.exe", "elephant-console.exe")
    ]
    assert described == [["Elephant", "Elephant"], ["Elephant (command line)", "Elephant（命令行）"]]


@pytest.mark.parametrize(
    ("version", "numbers", "flags"),
    [
        ("0.1.0", (0, 1, 0, 0), 0),
        ("2", (2, 0, 0, 0), 0),
        ("1.2.3.4", (1, 2, 3, 4), 0),
        ("0.2.0rc1", (0, 2, 0, 0), 2),
        ("0.2.0.dev3+g12ab", (0, 2, 0, 0), 2),
        ("1.0.post2", (1, 0, 0, 0), 0),
    ],
)
def test_the_numbers_are_those_of_the_release(version: str, numbers: tuple[int, ...], flags: int) -> None:
    found = evaluated(version_info.version_info(version))[0]
    assert (found["filevers"], found["flags"]) == (numbers, flags)


@pytest.mark.parametrize("version", ["", "new", "1.2.3.4.5", "1.70000", "1,2", "1.2 beta", "1.0'); import os"])
def test_a_version_that_windows_cannot_hold_is_refused_in_a_sentence(version: str) -> None:
    with pytest.raises(ValueError, match=r"Windows can.*\.$"):
        version_info.version_info(version)


def test_no_argument_is_one_that_pyinstaller_does_not_know() -> None:
    text = version_info.version_info("1.0")
    for wrong in ("mask=", "kids="):
        assert wrong in text
        with pytest.raises(TypeError):
            evaluated(text.replace(wrong, "author="))
