"""Makes parts out of what `bill_files` found: each with its version, licence, the texts of that licence, and what it has inside itself."""

from __future__ import annotations

import importlib.metadata
import json
import platform
import re
import sqlite3
import ssl
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from bill_debian import DebianFiles
from bill_files import LLAMA, QT, QT_PACKAGES, Owned
from bill_model import HERE, BillError, Build, BundledPart, Inside, Known, Text

from assistant.domain.about import PartKind
from assistant.engine.installed_parts import (
    ELEPHANT,
    PYTHON,
    home_page,
    licence_files,
    licence_of,
    llama_version,
    plain_name,
)
from assistant.models.checksums import file_sha256
from assistant.models.manifest import OfferedModel
from assistant.models.starter import licence_file

_NAME = re.compile(r"[A-Za-z0-9._-]+")
_CARRIED = re.compile(r"-[0-9a-f]{8}\.(so|dll)")


class PartMaker:
    """Makes the parts of one build. complaints: what keeps the bill from being complete."""

    def __init__(self, program: Path, build: Build, known: Known, debian: DebianFiles, owned: Owned) -> None:
        self._program = program
        self._build = build
        self._known = known
        self._debian = debian
        self._owned = owned
        self.complaints: list[str] = []

    def parts(self, models: Iterable[OfferedModel]) -> tuple[BundledPart, ...]:
        """Elephant first, then by kind and name. Raises BillError for a part without a licence or without its text."""
        offered = {f"model:{model.name}": model for model in models}
        made = [self._elephant()]
        for key in sorted(set(self._owned.files) | {PYTHON} - {ELEPHANT}):
            if key == ELEPHANT:
                continue
            if key == PYTHON:
                made.append(self._python())
            elif key == QT:
                made.append(self._qt())
            elif key == LLAMA:
                made.append(self._llama())
            elif key in offered:
                made.append(self._model(key, offered[key]))
            elif key.startswith("deb:"):
                made.append(self._system(key))
            elif key.startswith("file:"):
                made.append(self._file(key))
            elif key in self._owned.distributions:
                made.append(self._library(key, self._owned.distributions[key]))
            else:
                self.complaints.append(f"{key} is in the program and not installed in this environment")
        for part in made:
            self._look_at(part)
        if self.complaints:
            raise BillError("\n".join(self.complaints))
        order = list(PartKind)
        return (made[0], *sorted(made[1:], key=lambda part: (order.index(part.kind), part.name.casefold(), part.key)))

    def _look_at(self, part: BundledPart) -> None:
        where = "say it in packaging/licences/known.toml"
        if not part.licence:
            self.complaints.append(f"{part.name} ({part.key}) does not state its licence; {where}")
        elif not part.texts:
            self.complaints.append(f"{part.name} ({part.key}) has no text of its licence ({part.licence}); {where}")

    # ---- each kind -------------------------------------------------------------------------------------------------------

    def _elephant(self) -> BundledPart:
        top = HERE.parent
        return BundledPart(
            ELEPHANT,
            "Elephant",
            self._build.version,
            PartKind.PROGRAM,
            self._known.part(ELEPHANT).get("licence", ""),
            texts=tuple(Text(name, (top / name).read_bytes()) for name in ("LICENSE", "NOTICE")),
            needs=tuple(key for key in sorted(self._owned.files) if key != ELEPHANT),
            facts=(("elephant:commit", self._build.commit), ("elephant:built-on", self._build.system)),
        )

    def _python(self) -> BundledPart:
        places = (Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix))
        files = [path for place in places if (path := place / "LICENSE.txt").is_file()][:1]
        names = [PurePosixPath(name).name.casefold() for names in self._owned.files.values() for name in names]
        inside = []
        if not any("libssl" in name for name in names):
            inside.append(Inside("OpenSSL", ssl.OPENSSL_VERSION.split()[1], "Apache-2.0"))
        if not any("sqlite3." in name and "_sqlite3." not in name for name in names):
            inside.append(Inside("SQLite", sqlite3.sqlite_version, "blessing"))
        return self._own(
            PYTHON,
            "Python",
            platform.python_version(),
            tuple(Text(path.name, path.read_bytes()) for path in files),
            tuple(inside),
        )

    def _qt(self) -> BundledPart:
        """Qt's version is that of the package that carries it."""
        package = next(one for one in sorted(QT_PACKAGES) if one in self._owned.distributions)
        version = self._owned.distributions[package].version
        told = self._known.inside(self._known.part(QT))
        within = {Inside(one["name"], "", one["licence"]) for one in told}
        holders = ("\n".join((f"{one['name']} ({one['licence']})", *one["holders"])) for one in told)
        text = (
            "Whose work Qt has within itself, by its own account, and under which licence:\n\n"
            + "\n\n".join(holders)
            + "\n"
        )
        return self._own(
            QT, "Qt", version, (Text("inside-qt.txt", text.encode()),), tuple(sorted(within | set(self._carried(QT))))
        )

    def _llama(self) -> BundledPart:
        files = self._owned.files[LLAMA]
        ggml = ggml_version(self._owned.distributions) or _version_among(files, "ggml")
        version = llama_version() or _version_among(files, "llama")
        return self._own(LLAMA, "llama.cpp", version, inside=(Inside("ggml", ggml, "MIT"),))

    def _own(
        self, key: str, name: str, version: str, texts: tuple[Text, ...] = (), inside: tuple[Inside, ...] = ()
    ) -> BundledPart:
        """What no package describes well enough; the table of known parts does."""
        entry = self._known.part(key)
        return BundledPart(
            key, name, version, PartKind.LIBRARY, entry.get("licence", ""), entry.get("home", ""),
            f"pkg:generic/{key}@{version}", texts=_unique([*self._known.texts(entry), *texts]), inside=inside,
        )  # fmt: skip

    def _library(self, key: str, distribution: importlib.metadata.Distribution) -> BundledPart:
        entry = self._known.part(key)
        licence = entry.get("licence") or licence_of(distribution)
        texts = _unique(
            [*(Text(name, path.read_bytes()) for name, path in licence_files(distribution)), *self._known.texts(entry)]
        )
        return BundledPart(
            key=key,
            name=distribution.metadata["Name"],
            version=distribution.version,
            kind=PartKind.LIBRARY,
            licence=licence,
            home=entry.get("home") or home_page(distribution),
            purl=f"pkg:pypi/{key}@{distribution.version}",
            texts=texts or self._known.general(licence),
            inside=self._inside(key, distribution, licence),
            needs=tuple(sorted(self._needed_by(distribution))),
        )

    def _needed_by(self, distribution: importlib.metadata.Distribution) -> Iterator[str]:
        for line in distribution.requires or []:
            found = _NAME.match(line.strip())
            if found and "extra ==" not in line and plain_name(found.group()) in self._owned.files:
                yield plain_name(found.group())
        name = plain_name(distribution.metadata["Name"])
        for package, carried in (*((one, QT) for one in QT_PACKAGES), ("llama-cpp-python", LLAMA)):
            if name == package and carried in self._owned.files:
                yield carried

    def _model(self, key: str, model: OfferedModel) -> BundledPart:
        (file,) = (self._program / name for name in self._owned.files[key] if name.endswith(".gguf"))
        sha256 = file_sha256(file)
        if sha256 != model.sha256:
            self.complaints.append(f"{file.name} is not the file that the shelf promises (its SHA-256 is {sha256})")
        own = licence_file(file)
        texts = [Text(own.name, own.read_bytes())] if own.is_file() else []
        return BundledPart(
            key=key,
            name=model.title,
            version=model.quantisation,
            kind=PartKind.MODEL,
            licence=model.licence,
            home=model.source,
            purl=f"pkg:huggingface/{model.source.partition('huggingface.co/')[2]}"
            if "huggingface.co/" in model.source
            else "",
            source=model.carrier.url,
            sha256=sha256,
            texts=_unique([*texts, *self._known.texts(self._known.part(key))]),
            facts=(("elephant:maker", model.maker), ("elephant:languages", ", ".join(model.languages))),
        )

    def _system(self, key: str) -> BundledPart:
        package = self._debian.package(key.removeprefix("deb:"))
        files = [PurePosixPath(name).name for name in self._owned.files[key]]
        entry = self._known.debian(package.name)
        system = "ubuntu" if "ubuntu" in package.version else "debian"
        return BundledPart(
            key=key,
            name=package.name,
            version=package.version,
            kind=PartKind.SYSTEM,
            licence=package.licence or ("see its copyright file" if package.texts else ""),
            home=package.home or entry.get("home", ""),
            purl=f"pkg:deb/{system}/{package.name}@{package.version}?arch={package.architecture}",
            texts=_unique([*package.texts, *self._known.texts(entry)]),
            sha256=file_sha256(self._program / self._owned.files[key][0]) if len(files) == 1 else "",
            facts=(("elephant:source-package", package.source), ("elephant:files", ", ".join(sorted(files)))),
        )

    def _file(self, key: str) -> BundledPart:
        files = self._owned.files[key]
        entry = self._known.file(PurePosixPath(files[0]).name)
        named = ", ".join(sorted(PurePosixPath(name).name for name in files))
        return BundledPart(
            key, entry["part"], "", PartKind.SYSTEM, entry.get("licence", ""), entry.get("home", ""),
            texts=self._known.texts(entry), sha256=file_sha256(self._program / files[0]) if len(files) == 1 else "",
            facts=(("elephant:files", named),),
        )  # fmt: skip

    def _inside(self, key: str, distribution: importlib.metadata.Distribution, licence: str) -> tuple[Inside, ...]:
        """What is in a library by its own bills; of what those call optional, only what it carries as a file."""
        surely, perhaps = own_bill(distribution, licence)
        versions = {one.name.casefold(): one for one in (*surely, *perhaps)}
        carried = {versions.get(one.name.casefold(), one) for one in self._carried(key)}
        return tuple(sorted({*surely, *carried}))

    def _carried(self, key: str) -> Iterator[Inside]:
        """Libraries of others among a package's files: wheels give them names of their own, with a part of their checksum."""
        for name in self._owned.files[key]:
            file = PurePosixPath(name).name
            entry = self._known.carried(file)
            if _CARRIED.search(file) or PurePosixPath(name).parent.name.endswith((".libs", ".dylibs")):
                yield Inside(
                    entry.get("name") or file.partition("-")[0].partition(".")[0], "", entry.get("licence", "")
                )
            elif entry.get("version") == "file":
                yield Inside(entry["name"], _version_after(file), entry.get("licence", ""))


def own_bill(distribution: importlib.metadata.Distribution, licence: str) -> tuple[set[Inside], set[Inside]]:
    """What a library's own bills (in its metadata, by PEP 770) say is inside it, and what they say may be. What was only needed to build it
    is left out. licence: the library's, which what is of its own source has as well."""
    name = plain_name(distribution.metadata["Name"])
    surely: set[Inside] = set()
    perhaps: set[Inside] = set()
    for file in distribution.files or []:
        if file.parts[0].endswith(".dist-info") and file.parts[1:2] == ("sboms",) and file.suffix == ".json":
            bill = json.loads(Path(str(distribution.locate_file(file))).read_text("utf-8"))
            for component in bill.get("components", []):
                scope = component.get("scope", "required")
                is_itself = plain_name(component["name"]) == name or f"pkg:pypi/{name}@" in component.get("purl", "")
                if not is_itself and scope != "excluded":
                    (perhaps if scope == "optional" else surely).add(_inside(component, licence))
    return surely, perhaps


def _inside(component: dict[str, Any], licence: str) -> Inside:
    """Without places of the machine that made that bill: they are in what follows the version of its address."""
    purl = str(component.get("purl", ""))
    is_own = "download_url=file" in purl
    stated = _stated(component) or (licence if is_own or "github.com/chroma-core/" in purl else "")
    plain = purl.partition("?")[0].partition("#")[0]
    return Inside(str(component["name"]), str(component.get("version", "")), stated, plain)


def _stated(component: dict[str, Any]) -> str:
    found = []
    for one in component.get("licenses", []):
        named = one.get("license", {})
        found.append(one.get("expression") or named.get("id") or named.get("name") or "")
    found = [one for one in found if one and one != "Unknown"]
    return " ".join(" AND ".join(f"({one})" if len(found) > 1 and " " in one else one for one in found).split())


def ggml_version(distributions: Mapping[str, importlib.metadata.Distribution]) -> str:
    """As llama.cpp's own build file has it; "" if nothing says."""
    package = distributions.get("llama-cpp-python")
    for file in (package.files or []) if package else []:
        if file.name == "ggml-config-version.cmake":
            found = re.search(r'set\(PACKAGE_VERSION "([^"]+)"\)', file.read_text("utf-8"))
            return found.group(1) if found else ""
    return ""


def _version_among(names: Iterable[str], library: str) -> str:
    return next((found for name in names if (found := _version_of_file(name, library))), "")


def _version_of_file(name: str, library: str) -> str:
    found = re.search(rf"(?:lib)?{library}(?:-base)?\.(?:so\.(\d+\.\d+\.\d+)|(\d+\.\d+\.\d+)\.dylib)$", name)
    return next((group for group in found.groups() if group), "") if found else ""


def _version_after(name: str) -> str:
    found = re.search(r"\.so\.([0-9.]+)$|\.([0-9.]+)\.dylib$", name)
    return next((group for group in found.groups() if group), "") if found else ""


def _unique(texts: Iterable[Text]) -> tuple[Text, ...]:
    """The same text once; of two texts with one name the later is numbered."""
    kept: dict[str, Text] = {}
    for text in texts:
        if any(one.data == text.data for one in kept.values()):
            continue
        name, count = text.name, 2
        while name.casefold() in {known.casefold() for known in kept}:
            stem, dot, end = text.name.partition(".")
            name, count = f"{stem}-{count}{dot}{end}", count + 1
        kept[name] = Text(name, text.data)
    return tuple(kept.values())
