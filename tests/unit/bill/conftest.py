"""A small frozen program with everything that a real one has, and the environment that it was frozen from."""

from __future__ import annotations

import hashlib
import importlib.metadata
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "packaging"))

import bill
from bill_debian import DebianPackage
from bill_model import Build, Known, Text

from assistant.domain.models import ModelRole
from assistant.models.manifest import Carrier, Manifest, OfferedModel

BUILD = Build("1.2.3", "0123456789ab", 1_790_000_000, "Test system", "3.11.7", "https://example.org/elephant/")
MODULES = frozenset({"alpha", "alpha.core", "space.one", "json", "assistant.domain", "pyimod01_archive"})
MODEL = b"GGUF and a few weights"


class FakeDebian:
    """Knows one package, as DebianFiles would."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def look_up(self, libraries) -> None:
        self.asked += list(libraries)

    def package_of(self, library: str) -> str:
        return "zlib1g" if library.endswith("libz.so.1") else ""

    def package(self, name: str) -> DebianPackage:
        return DebianPackage(
            name, "1:1.2.13", "amd64", "http://zlib.net/", "zlib", "Zlib", (Text("copyright", b"Zlib licence"),)
        )


@dataclass
class Frozen:
    """The program, and what `write_about` is given. Change it before `write`."""

    program: Path
    site: Path
    model_sha256: str = hashlib.sha256(MODEL).hexdigest()
    modules: frozenset[str] = MODULES
    sources: dict[str, str] = field(default_factory=dict)
    build: Build = BUILD

    @property
    def about(self) -> Path:
        return self.program / "_internal" / "about"

    def add(self, name: str, data: bytes = b"content") -> Path:
        path = self.program / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def install(self, name: str, files: dict[str, str], *, version: str = "1.0", metadata: str = "") -> None:
        """A distribution with its files; those of its metadata begin with `@/`."""
        info = f"{name}-{version}.dist-info"
        written = {f"{info}/METADATA": f"Metadata-Version: 2.4\nName: {name}\nVersion: {version}\n{metadata}\n"}
        written |= {path.replace("@", info, 1): text for path, text in files.items()}
        for path, text in written.items():
            file = self.site / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        record = "".join(f"{path},,\n" for path in (*written, f"{info}/RECORD"))
        (self.site / info / "RECORD").write_text(record, "utf-8")

    def write(self):
        manifest = Manifest((
            OfferedModel(
                "tiny", "Tiny", ModelRole.CHAT, ("en",), "MIT", "tiny.gguf", len(MODEL), self.model_sha256, 1,
                "https://huggingface.co/somebody/tiny", Carrier("", "", "tiny.gguf", 1, "", "", "file"), quantisation="Q4_0",
            ),
        ))  # fmt: skip
        return bill.write_about(
            self.program,
            self.build,
            bill.Collected(self.modules, self.sources),
            known=Known(),
            distributions=importlib.metadata.distributions(path=[str(self.site)]),
            manifest=manifest,
            debian=FakeDebian(),
        )


@pytest.fixture
def frozen(tmp_path: Path) -> Frozen:
    made = Frozen(tmp_path / "Elephant", tmp_path / "env" / "site-packages")
    made.install(
        "alpha",
        {"alpha/__init__.py": "", "alpha/core.py": "", "alpha/data.txt": "x", "@/licenses/LICENSE": "Alpha's licence"},
        metadata="License-Expression: MIT\nRequires-Dist: space-one\nProject-URL: Homepage, https://alpha.example/\n",
    )
    made.install(
        "space_one",
        {"space/one.cpython-311-x86_64-linux-gnu.so": "elf", "@/COPYING": "Neither the name of nobody"},
        metadata="License: BSD\n",
    )
    made.install("unused", {"unused.py": ""}, metadata="License: MIT\n")
    made.install("pyinstaller", {"PyInstaller/__init__.py": "", "@/COPYING.txt": "GPL"}, version="6.0")
    made.add("elephant", b"\x7fELF the program")
    made.add("_internal/base_library.zip")
    made.add("_internal/libpython3.11.so.1.0")
    made.add("_internal/alpha/data.txt", b"x")
    made.add("_internal/space/one.cpython-311-x86_64-linux-gnu.so", b"elf")
    made.add("_internal/libz.so.1", b"elf of the system")
    made.add("_internal/resources/icon/elephant.svg")
    made.add("_internal/models/manifest.toml")
    made.add("_internal/models/tiny.gguf", MODEL)
    made.add("_internal/models/tiny.LICENCE.txt", b"Tiny\n\nMIT License")
    return made
