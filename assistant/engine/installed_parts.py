"""What Elephant is made of where nothing was built: Python, the libraries that are installed for it, and the models of its shelf."""

from __future__ import annotations

import importlib.metadata
import platform
import re
import sys
import sysconfig
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from assistant import __version__
from assistant.domain.about import LicenceText, Part, PartKind
from assistant.domain.licences import as_spdx, is_licence_file, licence_file_name, stated_licence
from assistant.engine.bundled_parts import is_web
from assistant.engine.paths import DataPaths
from assistant.models.manifest import read_manifest
from assistant.models.starter import licence_file

ELEPHANT = "elephant"
PYTHON = "python"
LICENCE = "Apache-2.0"
HOME = "https://www.python.org/"

_HOMES = (
    "homepage",
    "home",
    "home page",
    "repository",
    "source",
    "source code",
    "code",
    "github",
    "documentation",
    "docs",
)
_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9._-]+)\s*(?:\[([^\]]*)\])?([^;]*)(?:;(.*))?")
_LLAMA = re.compile(r"set\(LLAMA_VERSION\s+([^\s)]+)\)")
_EXTRA = re.compile(r"""extra\s*==\s*['"]([^'"]+)['"]""")


class InstalledParts:
    """Looks at this Python's own packages each time it is asked. Thread: any."""

    def __init__(self, paths: DataPaths) -> None:
        self._models = paths.models

    def parts(self) -> tuple[Part, ...]:
        return (_elephant(), _python(), *_libraries(), *(part for part, _ in self._model_parts()))

    def licence(self, key: str) -> tuple[LicenceText, ...] | None:
        """The texts of the part with that key; None if there is no such part."""
        if key == ELEPHANT:
            return _texts(_own_licences())
        if key == PYTHON:
            return _texts(_python_licences())
        for part, file in self._model_parts():
            if part.key == key:
                return _texts([file])
        found = next((one for one in used_distributions() if _key(one) == key), None)
        return None if found is None else _texts_of(found)

    def _model_parts(self) -> Iterator[tuple[Part, Path]]:
        """The models that Elephant offers, as far as they are here, each with the file of its licence."""
        for model in read_manifest().models:
            file = self._models / model.file
            if file.is_file():
                text = licence_file(file)
                key = f"model:{model.name}"
                yield (
                    Part(key, model.title, "", PartKind.MODEL, model.licence, model.source, text.is_file()),
                    text,
                )


@cache
def _libraries() -> tuple[Part, ...]:
    """By name. Looking through what is installed takes a second, and nothing comes or goes while a process runs."""
    return tuple(sorted((_part(one) for one in used_distributions()), key=lambda part: part.name.casefold()))


def used_distributions() -> list[importlib.metadata.Distribution]:
    """Elephant's requirements and theirs, as far as they are installed; everything that is installed, where Elephant itself is not.

    A requirement that is there counts, whatever system it was meant for: what is installed is what may run.
    """
    installed = {_key(one): one for one in importlib.metadata.distributions()}
    if ELEPHANT not in installed:
        return list(installed.values())
    used: dict[str, importlib.metadata.Distribution] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [(ELEPHANT, "")]
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in seen or name not in installed:
            continue
        seen.add((name, extra))
        used[name] = installed[name]
        for line in installed[name].requires or []:
            waiting += _wanted(line, extra)
    del used[ELEPHANT]
    return list(used.values())


def _wanted(line: str, extra: str) -> list[tuple[str, str]]:
    """What a requirement asks for, once without extras and once for each of them; nothing if it is meant for another extra."""
    found = _REQUIREMENT.fullmatch(line)
    if found is None:
        return []
    name, extras, _versions, marker = found.groups()
    meant_for = [plain_name(one) for one in _EXTRA.findall(marker or "")]
    if meant_for and extra not in meant_for:
        return []
    return [(plain_name(name), plain_name(one.strip())) for one in ("", *(extras or "").split(","))]


def plain_name(name: str) -> str:
    """A distribution's name as it is compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def version_of(name: str) -> str:
    """The version of an installed distribution, "" if it is not there."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def home_page(distribution: importlib.metadata.Distribution) -> str:
    """Where a library is at home, by its own metadata; "" if it does not say."""
    urls = dict(_labelled(line) for line in distribution.metadata.get_all("Project-URL") or [])
    candidates = [field(distribution, "Home-page"), *(urls.get(label, "") for label in _HOMES)]
    return next((one for one in candidates if is_web(one)), "")


def _labelled(line: str) -> tuple[str, str]:
    label, _, url = line.partition(",")
    return label.strip().casefold(), url.strip()


def field(distribution: importlib.metadata.Distribution, name: str) -> str:
    """The first value of a field of its metadata, "" if it is not there."""
    return next(iter(distribution.metadata.get_all(name) or []), "")


def licence_of(distribution: importlib.metadata.Distribution) -> str:
    """What it states, as SPDX where that can be told; its texts are read only if its metadata leaves it open."""
    expression, licence = field(distribution, "License-Expression"), field(distribution, "License")
    classifiers = distribution.metadata.get_all("Classifier") or []
    stated = stated_licence(expression, licence, classifiers)
    if expression or as_spdx(stated):
        return stated
    text = "\n".join(path.read_text("utf-8", "replace") for _, path in licence_files(distribution)[:2])
    return stated_licence(expression, licence, classifiers, text)


def llama_version() -> str:
    """The version of the llama.cpp inside llama-cpp-python, as its own build file has it; "" if nothing says."""
    try:
        files = importlib.metadata.distribution("llama-cpp-python").files or []
    except importlib.metadata.PackageNotFoundError:
        return ""
    for file in files:
        if file.name == "llama-config.cmake":
            found = _LLAMA.search(file.read_text("utf-8"))
            return found.group(1) if found else ""
    return ""


def licence_files(distribution: importlib.metadata.Distribution) -> list[tuple[str, Path]]:
    """What each file is called, and where it lies."""
    files = [str(one) for one in distribution.files or [] if is_licence_file(str(one))]
    named = [(licence_file_name(one), Path(str(distribution.locate_file(one)))) for one in sorted(files)]
    return [(name, path) for name, path in named if path.is_file()]


def _key(distribution: importlib.metadata.Distribution) -> str:
    return plain_name(distribution.metadata["Name"])


def _part(distribution: importlib.metadata.Distribution) -> Part:
    return Part(
        key=_key(distribution),
        name=distribution.metadata["Name"],
        version=distribution.version,
        kind=PartKind.LIBRARY,
        licence=licence_of(distribution),
        home=home_page(distribution),
        has_text=bool(licence_files(distribution)),
    )


def _texts_of(distribution: importlib.metadata.Distribution) -> tuple[LicenceText, ...]:
    return tuple(LicenceText(name, path.read_text("utf-8", "replace")) for name, path in licence_files(distribution))


def _elephant() -> Part:
    return Part(ELEPHANT, "Elephant", __version__, PartKind.PROGRAM, LICENCE, has_text=bool(_own_licences()))


def _python() -> Part:
    version = platform.python_version()
    return Part(PYTHON, "Python", version, PartKind.LIBRARY, "PSF-2.0", HOME, has_text=bool(_python_licences()))


def _own_licences() -> list[Path]:
    """Those of a checkout, else those of the package."""
    top = Path(__file__).resolve().parents[2]
    found = [top / name for name in ("LICENSE", "NOTICE") if (top / name).is_file()]
    if found:
        return found
    try:
        return [path for _, path in licence_files(importlib.metadata.distribution(ELEPHANT))]
    except importlib.metadata.PackageNotFoundError:
        return []


def _python_licences() -> list[Path]:
    places = (Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix))
    return [path for place in places if (path := place / "LICENSE.txt").is_file()][:1]


def _texts(files: list[Path]) -> tuple[LicenceText, ...]:
    return tuple(LicenceText(path.name, path.read_text("utf-8", "replace")) for path in files if path.is_file())
