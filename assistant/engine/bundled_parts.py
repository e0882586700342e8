"""What a build says about itself: its bill of materials (CycloneDX), the licences beside it, and when and from what it was made.

packaging/bill.py writes all of it. It is read here as data that may be damaged: what makes no sense is left out, and no path is taken
from it but names of files below the folder itself.
"""

from __future__ import annotations

import logging
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from assistant.domain.about import LicenceText, Part, PartKind
from assistant.domain.checksum_list import check_name

BILL_NAME = "parts.cdx.json"
BUILD_NAME = "build.json"
KIND, LICENCES = "elephant:kind", "elephant:licences"
"""Properties of a component: what it is to Elephant, and the folder of its licence texts, relative to the bill's."""

log = logging.getLogger(__name__)


class BuildFacts(msgspec.Struct, frozen=True):
    """build.json. made: a day as YYYY-MM-DD. releases: where new versions are announced, or ""."""

    version: str = ""
    commit: str = ""
    made: str = ""
    system: str = ""
    python: str = ""
    releases: str = ""


class _Named(msgspec.Struct):
    id: str = ""
    name: str = ""


class _Licence(msgspec.Struct):
    expression: str = ""
    license: _Named | None = None


class _Reference(msgspec.Struct):
    type: str
    url: str


class _Property(msgspec.Struct):
    name: str
    value: str = ""


class _Component(msgspec.Struct):
    name: str
    ref: str = msgspec.field(name="bom-ref", default="")
    version: str = ""
    licenses: list[_Licence] = []
    references: list[_Reference] = msgspec.field(name="externalReferences", default=[])
    properties: list[_Property] = []
    components: list[_Inside] = []


class _Inside(msgspec.Struct):
    name: str


class _Metadata(msgspec.Struct):
    component: _Component | None = None


class _Bill(msgspec.Struct):
    metadata: _Metadata = msgspec.field(default_factory=_Metadata)
    components: list[_Component] = []


class BundledParts:
    """Reads the folder `about` of one build. Thread: any."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def bill(self) -> Path:
        return self._folder / BILL_NAME

    def facts(self) -> BuildFacts:
        try:
            return msgspec.json.decode((self._folder / BUILD_NAME).read_bytes(), type=BuildFacts)
        except (OSError, msgspec.DecodeError, msgspec.ValidationError) as error:
            log.info("the build's own facts cannot be read: %s", type(error).__name__)
            return BuildFacts()

    def parts(self) -> tuple[Part, ...]:
        """Elephant first, then by kind and name. None where there is no bill, or none that can be read."""
        kinds = list(PartKind)
        parts = (self._part(component) for component in self._components())
        return tuple(sorted(parts, key=lambda part: (kinds.index(part.kind), part.name.casefold())))

    def licence(self, key: str) -> tuple[LicenceText, ...] | None:
        """The texts of the part with that key; None if there is no such part."""
        component = next((one for one in self._components() if one.ref == key), None)
        if component is None:
            return None
        folder = self._texts_folder(component)
        names = sorted(path for path in folder.iterdir() if path.is_file()) if folder else []
        return tuple(LicenceText(path.name, path.read_text("utf-8", "replace")) for path in names)

    def _components(self) -> list[_Component]:
        try:
            bill = msgspec.json.decode(self.bill.read_bytes(), type=_Bill)
        except (OSError, msgspec.DecodeError, msgspec.ValidationError) as error:
            log.info("the bill of materials cannot be read: %s", type(error).__name__)
            return []
        own = bill.metadata.component
        return [*([own] if own else []), *bill.components]

    def _part(self, component: _Component) -> Part:
        return Part(
            key=component.ref,
            name=component.name,
            version=component.version,
            kind=_kind(_property(component, KIND)),
            licence=_licence(component),
            home=next((one.url for one in component.references if one.type == "website" and is_web(one.url)), ""),
            has_text=self._texts_folder(component) is not None,
            inside=len(component.components),
        )

    def _texts_folder(self, component: _Component) -> Path | None:
        name = _property(component, LICENCES)
        try:
            check_name(name)
        except ValueError:
            return None
        folder = (self._folder / name).resolve()
        return folder if folder.is_relative_to(self._folder.resolve()) and folder.is_dir() else None


def is_web(address: str) -> bool:
    """Whether an address may be shown as a page on the web."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def _licence(component: _Component) -> str:
    """One expression, or the names one after the other."""
    found = [
        one.expression or (one.license.id or one.license.name if one.license else "") for one in component.licenses
    ]
    return ", ".join(licence for licence in found if licence)


def _kind(value: str) -> PartKind:
    return PartKind(value) if value in set(PartKind) else PartKind.LIBRARY


def _property(component: _Component, name: str) -> str:
    return next((one.value for one in component.properties if one.name == name), "")
