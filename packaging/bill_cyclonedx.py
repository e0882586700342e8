"""Writes the parts of a build as CycloneDX 1.6 JSON. The same parts give the same bytes: nothing is asked of the clock or of chance."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime

from bill_model import Build, BundledPart, Inside
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, Property, XsUri
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense, License, LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.spdx import is_expression, is_supported_id
from packageurl import PackageURL

from assistant.domain.about import PartKind
from assistant.engine.bundled_parts import KIND, LICENCES

TYPES = {
    PartKind.PROGRAM: ComponentType.APPLICATION,
    PartKind.LIBRARY: ComponentType.LIBRARY,
    PartKind.MODEL: ComponentType.MACHINE_LEARNING_MODEL,
    PartKind.SYSTEM: ComponentType.LIBRARY,
}
SERIALS = uuid.UUID("3b0f4c1e-5a7d-5c0e-9f57-0d6e1d0f9a11")
"""The space in which serial numbers are made from the content."""


def bill_text(parts: Iterable[BundledPart], folders: dict[str, str], build: Build) -> str:
    """parts: Elephant first. folders: where each part's texts lie, relative to the bill. Indented, with a newline at its end."""
    own, *others = parts
    bom = Bom(version=1)
    components = {part.key: _component(part, folders[part.key]) for part in (own, *others)}
    made = datetime.fromtimestamp(build.made_at_s, UTC)
    bom.metadata = BomMetaData(component=components[own.key], timestamp=made)
    for part in others:
        bom.components.add(components[part.key])
    for part in (own, *others):
        bom.register_dependency(components[part.key], [components[key] for key in part.needs if key in components])
    return _with_serial(bom)


def _with_serial(bom: Bom) -> str:
    """The serial number is made from all the rest."""
    bom.serial_number = uuid.UUID(int=0)
    content = json.dumps(json.loads(JsonV1Dot6(bom).output_as_string()), sort_keys=True)
    bom.serial_number = uuid.uuid5(SERIALS, hashlib.sha256(content.encode()).hexdigest())
    return JsonV1Dot6(bom).output_as_string(indent=1) + "\n"


def _component(part: BundledPart, folder: str) -> Component:
    links = [(ExternalReferenceType.WEBSITE, part.home), (ExternalReferenceType.DISTRIBUTION, part.source)]
    facts = [(KIND, part.kind.value), (LICENCES, folder if part.texts else ""), *part.facts]
    component = Component(
        name=part.name,
        type=TYPES[part.kind],
        bom_ref=part.key,
        version=part.version or None,
        purl=_purl(part.purl),
        licenses=_licences(part.licence),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=part.sha256)] if part.sha256 else [],
        external_references=[ExternalReference(type=kind, url=XsUri(url)) for kind, url in links if url],
        properties=[Property(name=name, value=value) for name, value in facts if value],
    )
    for number, one in enumerate(part.inside):
        component.components.add(_inside(f"{part.key}/{number}", one))
    return component


def _inside(ref: str, one: Inside) -> Component:
    """ref: unlike any other, or the library would make one up by chance."""
    return Component(
        name=one.name,
        type=ComponentType.LIBRARY,
        bom_ref=ref,
        version=one.version or None,
        purl=_purl(one.purl),
        licenses=_licences(one.licence),
    )


def _purl(text: str) -> PackageURL | None:
    """What is no address of a package by the rules is left out: the name and the version say the same."""
    try:
        return PackageURL.from_string(text) if text else None
    except ValueError:
        return None


def _licences(licence: str) -> list[License]:
    if not licence:
        return []
    if is_supported_id(licence):
        return [DisjunctiveLicense(id=licence)]
    if is_expression(licence):
        return [LicenseExpression(licence)]
    return [DisjunctiveLicense(name=licence)]
