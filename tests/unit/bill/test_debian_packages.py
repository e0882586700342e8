"""Libraries of the system are named by their package, and its licence in the words of SPDX where its copyright file can be read by a program."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from bill_debian import DebianFiles, licence_in
from bill_model import Known

HEAD = "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nUpstream-Name: x\n\n"


@pytest.mark.parametrize(
    ("named", "licence"),
    [
        ("Expat", "MIT"),
        ("LGPL-2.1+", "LGPL-2.1-or-later"),
        ("BSD-3-clause or GPL-2", "BSD-3-Clause OR GPL-2.0-only"),
        ("LGPL-2+, LGPL-2.1+", "LGPL-2.0-or-later AND LGPL-2.1-or-later"),
        ("BSD-variant", "BSD-variant"),
        ("GPL-2+ or AFL-2.1, and Expat", "GPL-2+ or AFL-2.1, and Expat"),
    ],
)
def test_the_licence_of_the_main_files_is_the_package_s(named: str, licence: str) -> None:
    text = f"{HEAD}Files: debian/*\nLicense: GPL-3\n\nFiles: *\nCopyright: somebody\nLicense: {named}\n text of it\n"
    assert licence_in(text) == licence


def test_a_file_for_people_says_nothing_to_a_program() -> None:
    assert licence_in("This package was debianized by somebody.\n\nLicense: see below\n") == ""


@pytest.mark.skipif(shutil.which("dpkg-query") is None, reason="no dpkg on this system")
def test_a_library_of_this_system_is_found_by_its_path_and_by_its_name() -> None:
    library = next(Path("/lib").resolve().glob("*-linux-gnu/libc.so.6"))
    debian = DebianFiles(Known())
    debian.look_up([str(library), "libc.so.6", "/nowhere/libnothing.so.1"])
    assert debian.package_of(str(library)) == debian.package_of("libc.so.6") == "libc6"
    assert debian.package_of("/nowhere/libnothing.so.1") == ""
    package = debian.package("libc6")
    assert package.version
    assert package.texts[0].name == "copyright"
    assert any("LGPL" in text.name for text in package.texts)


def test_without_dpkg_nothing_is_known(monkeypatch) -> None:
    monkeypatch.setattr("bill_debian.shutil.which", lambda _name: None)
    debian = DebianFiles(Known())
    debian.look_up(["libc.so.6"])
    assert debian.package_of("libc.so.6") == ""
