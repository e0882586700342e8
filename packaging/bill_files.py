"""Whose each file of the frozen program is: Elephant's, Python's, a library's, a package's of the system, a model.

A build may hold nothing that nobody answers for. What no rule here claims is an error that names the files.
"""

from __future__ import annotations

import filecmp
import importlib.metadata
import os
import re
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from bill_debian import DebianFiles
from bill_model import BillError, Known

from assistant.domain.checksum_list import files_below
from assistant.engine.installed_parts import ELEPHANT, PYTHON, plain_name

QT, LLAMA, PYINSTALLER = "qt", "llama.cpp", "pyinstaller"
LLAMA_PACKAGE = "llama-cpp-python"
QT_PACKAGES = frozenset({"pyside6-essentials", "pyside6-addons", "pyside6"})
OURS = ("assistant", "resources", "models")
MOST_NAMED = 40

_SHARED = re.compile(r"\.(so(\.[0-9.]+)?|dll|dylib)$")
_QT_FILE = re.compile(r"(^|/)((lib)?Qt6|(lib)?icu(data|i18n|uc)|opengl32sw|d3dcompiler)[^/]*$")
_QT_FOLDER = re.compile(r"(^|/)PySide6/(Qt|plugins|translations|resources)/")
_LLAMA_FILE = re.compile(r"(^|/)(lib)?(llama|ggml|mtmd)[^/]*\.(so|dll|dylib|metal)[^/]*$")
_PYTHON_FILE = re.compile(
    r"(^|/)(libpython3[^/]*|python3[^/]*\.dll|Python|base_library\.zip|_sysconfigdata[^/]*)$|(^|/)lib-dynload/"
)


@dataclass
class Owned:
    """Files (paths with `/` below the program's top folder) by the key of their part. sources: where a file was taken from on the build
    machine, as far as that is known."""

    files: dict[str, list[str]] = field(default_factory=dict)
    distributions: dict[str, importlib.metadata.Distribution] = field(default_factory=dict)

    def add(self, key: str, name: str) -> None:
        self.files.setdefault(key, []).append(name)


class Installed:
    """Which distribution of the build's environment a file, or a module, came from."""

    def __init__(self, distributions: Iterable[importlib.metadata.Distribution]) -> None:
        self.named: dict[str, importlib.metadata.Distribution] = {}
        self._by_path: dict[str, str] = {}
        self._by_module: dict[str, str] = {}
        self._by_name: dict[str, list[tuple[str, Path]]] = {}
        self._above: set[str] = set()
        for distribution in distributions:
            name = plain_name(distribution.metadata["Name"])
            if name == ELEPHANT:
                continue
            self.named.setdefault(name, distribution)
            for file in distribution.files or []:
                path = str(file)
                self._by_path.setdefault(path, name)
                module = module_of(path)
                if module:
                    self._by_module.setdefault(module, name)
                    self._above |= set(_parents(module))
                if _SHARED.search(file.name):
                    self._by_name.setdefault(file.name, []).append((name, Path(str(distribution.locate_file(file)))))

    def of_file(self, path: str) -> str | None:
        """path: as it stands below the folder of packages."""
        return self._by_path.get(path)

    def of_source(self, source: str) -> str | None:
        """source: anywhere on this machine."""
        parts = PurePosixPath(source.replace("\\", "/")).parts
        for start in range(len(parts) - 1, 0, -1):
            if parts[start - 1] in {"site-packages", "dist-packages"}:
                return self._by_path.get("/".join(parts[start:]))
        return None

    def of_same_library(self, library: Path) -> str | None:
        """By its name and its content: freezing tools lay shared libraries beside each other, out of their packages' folders."""
        alike = self._by_name.get(library.name, [])
        return next(
            (name for name, file in alike if file.is_file() and filecmp.cmp(library, file, shallow=False)), None
        )

    def of_library_name(self, name: str) -> str | None:
        """By its name alone, where only one distribution has such a file."""
        names = {distribution for distribution, _ in self._by_name.get(name, [])}
        return names.pop() if len(names) == 1 else None

    def of_module(self, module: str) -> str | None:
        return self._by_module.get(module)

    def is_above(self, module: str) -> bool:
        """Whether a module only holds others, which may be of several distributions."""
        return module in self._above


def _parents(module: str) -> Iterator[str]:
    while "." in module:
        module = module.rpartition(".")[0]
        yield module


def module_of(path: str) -> str:
    """The module that a file of a distribution is, "" if it is none."""
    if path.endswith("/__init__.py"):
        return path.removesuffix("/__init__.py").replace("/", ".")
    if path.endswith(".py"):
        return path.removesuffix(".py").replace("/", ".")
    if path.endswith((".so", ".pyd")):
        folder, _, name = path.rpartition("/")
        return f"{folder}/{name.partition('.')[0]}".lstrip("/").replace("/", ".")
    return ""


def find_owners(
    program: Path,
    bundle: Path,
    modules: Iterable[str],
    sources: Mapping[str, str],
    *,
    installed: Installed,
    debian: DebianFiles,
    known: Known,
    model_files: Mapping[str, str],
) -> Owned:
    """Claim every file and every module.

    program: its top folder; bundle: where what is bundled lies in it. modules: those inside the executable. sources: by path in the bundle.
    model_files: the key of a model by its file's name. Raises BillError.
    """
    owned = Owned()
    unclaimed = []
    inner = bundle.relative_to(program).as_posix()
    files = list(_to_be_claimed(program, inner))
    claimed = {
        name: _owner(program / name, inside, sources.get(inside, ""), installed, model_files) for name, inside in files
    }
    debian.look_up(sources.get(inside) or (program / name).name for name, inside in files if not claimed[name])
    for name, inside in files:
        key = claimed[name] or _owner_in_system(program / name, sources.get(inside, ""), installed, debian, known)
        if key:
            owned.add(key, name)
        else:
            unclaimed.append(name)
    if (bundle / "base_library.zip").is_file():
        owned.files.setdefault(PYINSTALLER, [])  # its loader is in the executable
    for module in sorted(set(modules)):
        key = _owner_of_module(module, installed)
        if key is None and not installed.is_above(module):
            unclaimed.append(f"module {module}")
        elif key:
            owned.files.setdefault(key, [])
    if unclaimed:
        shown = "\n".join(f"  {name}" for name in unclaimed[:MOST_NAMED])
        raise BillError(
            f"{len(unclaimed)} files of the program belong to no part that is known:\n{shown}\n"
            "Leave them out of the program, or say in packaging/licences/known.toml whose they are."
        )
    used = {key for key in owned.files if key in installed.named}
    owned.distributions = {key: installed.named[key] for key in used}
    return owned


def _to_be_claimed(program: Path, inner: str) -> Iterator[tuple[str, str]]:
    """Each file's path below the program and below the bundle. A link within the program is claimed under what it leads to."""
    top = program.resolve()
    for name in files_below(program):
        path, inside = program / name, _inside(name, inner)
        is_link_within = path.is_symlink() and path.exists() and path.resolve().is_relative_to(top)
        if not is_link_within and not inside.startswith("about/"):
            yield name, inside


def _inside(name: str, inner: str) -> str:
    """A file's path below the bundle; "" for what lies beside it. On macOS a second folder holds what is no code."""
    if inner == ".":
        return name
    folders = (inner, "Resources") if inner == "Frameworks" else (inner,)
    return next((name.removeprefix(f"{folder}/") for folder in folders if name.startswith(f"{folder}/")), "")


def _owner(
    path: Path,
    inside: str,
    source: str,
    installed: Installed,
    model_files: Mapping[str, str],
) -> str | None:
    base = path.name
    if not inside:
        return ELEPHANT  # what lies beside the bundle is the program itself and what we put there
    top = inside.partition("/")[0]
    if top == "models":
        return model_files.get(base) or model_files.get(_of_licence(base)) or ELEPHANT
    if top == "llama_cpp":
        return _finer(LLAMA_PACKAGE, inside, source)  # also what a build of our own has beside the published files
    if top in OURS or inside in {"LICENSE", "NOTICE"}:
        return ELEPHANT
    distribution = installed.of_source(source) or installed.of_file(inside) or installed.of_same_library(path)
    if distribution is None and source and _is_ours(source):
        return ELEPHANT
    if distribution is not None:
        return _finer(distribution, inside, source)
    if _PYTHON_FILE.search(inside) or (source and _is_pythons(source)):
        return PYTHON
    return QT if _QT_FILE.search(inside) else None


def _owner_in_system(path: Path, source: str, installed: Installed, debian: DebianFiles, known: Known) -> str | None:
    """Of what no distribution has as it is: a library of the system, or one that the freezing tool has changed."""
    package = debian.package_of(source or path.name)
    if package:
        return f"deb:{package}"
    entry = known.file(path.name)
    return f"file:{entry['part']}" if entry else installed.of_library_name(path.name)


def _finer(distribution: str, inside: str, source: str) -> str:
    """Two libraries carry a larger one along that has a licence of its own."""
    place = source.replace("\\", "/") or inside
    if distribution in QT_PACKAGES and (_QT_FILE.search(place) or _QT_FOLDER.search(place)):
        return QT
    if distribution == LLAMA_PACKAGE and _LLAMA_FILE.search(inside):
        return LLAMA
    return distribution


def _of_licence(name: str) -> str:
    return name.replace(".LICENCE.txt", ".gguf")


def _is_ours(source: str) -> bool:
    top = Path(__file__).resolve().parents[1]
    return Path(source).resolve().is_relative_to(top)


def _is_pythons(source: str) -> bool:
    standard = Path(sysconfig.get_path("stdlib")).resolve()
    return Path(os.path.abspath(source)).is_relative_to(standard)  # noqa: PTH100 (a link is not followed)


def _owner_of_module(module: str, installed: Installed) -> str | None:
    found = installed.of_module(module)
    if found:
        return found
    top = module.partition(".")[0]
    if top == "assistant":
        return ELEPHANT
    if top.startswith(("pyi_rth", "pyimod", "_pyi", "PyInstaller")):
        return PYINSTALLER
    is_pythons = top in sys.stdlib_module_names or top in sys.builtin_module_names or top.startswith("_sysconfigdata")
    return PYTHON if is_pythons else None


def bundled_modules(program: Path) -> set[str]:
    """The modules inside the executable, read with PyInstaller's own reader. Empty if no file at the top carries any."""
    from PyInstaller.archive.readers import ArchiveReadError, CArchiveReader

    found: set[str] = set()
    for file in sorted(path for path in program.iterdir() if path.is_file()):
        try:
            archive = CArchiveReader(str(file))
        except (ArchiveReadError, OSError, ValueError):
            continue
        for name, entry in archive.toc.items():
            if entry[-1] == "z":
                found |= set(archive.open_embedded_archive(name).toc)
            elif entry[-1] in {"m", "M"}:
                found.add(name)
    return found
