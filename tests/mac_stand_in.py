"""A stand-in for a Mac: an app bundle, and tools that write down what they are asked instead of doing it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from packaging_files import PACKAGING

MACOS = PACKAGING / "macos"
COMMON = "awk base64 basename bash cat cp cut dirname find grep ln mkdir mktemp rm sleep sort".split()
"""What the scripts and the stand-ins may use of the machine that tests them: a Mac has the real tools of Apple beside these."""


class Mac:
    """A folder with an app bundle in it, and another with the stand-ins, which note each call in one file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tools = folder / "tools"
        self.tools.mkdir()
        self.calls_file = folder / "calls"
        self.calls_file.touch()
        self.app = folder / "two words" / "Elephant.app"
        self.variables: dict[str, str] = {"ELEPHANT_DMG_WAIT": "0"}
        for name in COMMON:
            (self.tools / name).symlink_to(str(shutil.which(name)))
        for name in ("codesign", "xattr", "hdiutil", "xcrun", "spctl", "security"):
            self.tool(name)
        self.tool(
            "file", 'case "$2" in *.txt | *.sh) echo "ASCII text" ;; *) echo "Mach-O 64-bit bundle arm64" ;; esac'
        )
        self.tool("openssl", "echo 0123456789abcdef")
        self.tool("ditto", 'cp -R "$1" "$2"')
        self.tool("plutil", 'case "$2" in status) echo Accepted ;; id) echo 1234 ;; esac')

    def tool(self, name: str, body: str = "") -> None:
        path = self.tools / name
        note = f'{{ printf "%s" {name}; printf "|%s" "$@"; echo; }} >> "{self.calls_file}"\n'
        path.write_text(f"#!/bin/sh\n{note}{body}\n", encoding="utf-8")
        path.chmod(0o755)

    def make_app(self) -> None:
        frameworks = self.app / "Contents" / "Frameworks"
        qt = frameworks / "PySide6" / "Qt" / "lib" / "QtCore.framework" / "Versions" / "A"
        within = qt / "Frameworks" / "Within.framework"
        for path in (self.app / "Contents" / "MacOS", within, frameworks / "llama_cpp" / "lib"):
            path.mkdir(parents=True)
        (self.app / "Contents" / "Info.plist").write_text("<plist/>", encoding="utf-8")
        for path in (
            self.app / "Contents" / "MacOS" / "elephant",
            frameworks / "Python",
            frameworks / "llama_cpp" / "lib" / "libllama.dylib",
            frameworks / "helper.sh",
            qt / "QtCore",
            within / "Within",
        ):
            path.write_bytes(b"code")
            path.chmod(0o755)
        (frameworks / "plain.txt").write_text("text", encoding="utf-8")

    def run(self, script: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": str(self.tools), "HOME": str(self.folder), **self.variables}
        command = [str(shutil.which("bash")), str(MACOS / script), *map(str, arguments)]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=self.folder)

    def calls(self, tool: str) -> list[list[str]]:
        lines = self.calls_file.read_text(encoding="utf-8").splitlines()
        return [line.split("|")[1:] for line in lines if line.split("|")[0] == tool]
