"""The property lists of the macOS bundle parse and say what macOS must be told, in both languages."""

from __future__ import annotations

import plistlib
import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from packaging_files import PACKAGING, ROOT, load_script

import assistant

bundle = load_script("macos/bundle.py")
MACOS = PACKAGING / "macos"
INFO: dict[str, Any] = bundle.info_plist(assistant.__version__)
ENTITLEMENTS: dict[str, Any] = plistlib.loads((MACOS / "entitlements.plist").read_bytes())
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def strings(language: str) -> dict[str, str]:
    content: dict[str, str] = plistlib.loads((MACOS / f"{language}.lproj" / "InfoPlist.strings").read_bytes())
    return content


def test_the_version_is_that_of_the_package() -> None:
    assert INFO["CFBundleShortVersionString"] == INFO["CFBundleVersion"]
    assert INFO["CFBundleVersion"].split(".") == re.findall(r"\d+", assistant.__version__)[:3]
    assert "@" not in "".join(map(str, INFO.values()))  # nothing is left to be filled in


@pytest.mark.parametrize(
    ("version", "numbers"),
    [("0.1.0", "0.1.0"), ("2", "2.0.0"), ("1.2rc1", "1.2.0"), ("0.2.0~rc1", "0.2.0"), ("1.0.0.dev3", "1.0.0")],
)
def test_macos_gets_three_numbers(version: str, numbers: str) -> None:
    assert bundle.info_plist(version)["CFBundleVersion"] == numbers


@pytest.mark.parametrize("version", ["", "new", "1.2.3.4", "1.x", "<key>"])
def test_a_version_that_macos_cannot_hold_is_refused_in_a_sentence(version: str) -> None:
    with pytest.raises(ValueError, match=r"macOS can.*\.$"):
        bundle.info_plist(version)


def test_the_bundle_is_named_as_the_frozen_program_is() -> None:
    assert INFO["CFBundlePackageType"] == "APPL"
    assert INFO["CFBundleExecutable"] == "elephant"
    assert (MACOS / INFO["CFBundleIconFile"]) == bundle.ICON
    assert bundle.ICON.is_file()
    assert (
        INFO["CFBundleIdentifier"] == "notes.elephant.Elephant"
    )  # changing it loses the folders a user has let Elephant read
    assert INFO["NSHighResolutionCapable"] is True
    assert INFO["LSMinimumSystemVersion"] == "14.0"
    assert "macOS 14 or newer" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_folders_and_model_files_are_offered_and_not_taken_over() -> None:
    kinds = {kind for entry in INFO["CFBundleDocumentTypes"] for kind in entry["LSItemContentTypes"]}
    assert kinds == {"public.folder", "org.ggml.gguf"}
    assert {(entry["CFBundleTypeRole"], entry["LSHandlerRank"]) for entry in INFO["CFBundleDocumentTypes"]} == {
        ("Viewer", "Alternate")
    }
    (imported,) = INFO["UTImportedTypeDeclarations"]
    assert imported["UTTypeIdentifier"] == "org.ggml.gguf"
    assert imported["UTTypeTagSpecification"]["public.filename-extension"] == ["gguf"]
    assert "UTExportedTypeDeclarations" not in INFO  # the type belongs to somebody else


def test_each_language_has_its_folder() -> None:
    assert INFO["CFBundleLocalizations"] == ["en", "zh-Hans"]
    assert {folder for _, folder in bundle.LOCALISATIONS} == {"en.lproj", "zh-Hans.lproj"}
    for file, folder in bundle.LOCALISATIONS:
        assert file == str(MACOS / folder / "InfoPlist.strings")
        assert (MACOS / folder / "InfoPlist.strings").is_file()


def test_whatever_macos_asks_is_explained_in_both_languages() -> None:
    asked = {key for key in INFO if key.endswith("UsageDescription")}
    places = ("Desktop", "Documents", "Downloads")
    assert asked >= {*(f"NS{place}FolderUsageDescription" for place in places), "NSRemovableVolumesUsageDescription"}
    english, chinese = strings("en"), strings("zh-Hans")
    assert english.keys() == chinese.keys() >= asked
    types = {entry["CFBundleTypeName"] for entry in INFO["CFBundleDocumentTypes"]}
    types |= {entry["UTTypeDescription"] for entry in INFO["UTImportedTypeDeclarations"]}
    assert types <= english.keys()
    for key in english:
        assert english[key] == INFO.get(key, key)  # a Mac in a third language shows the same English
        assert CHINESE.search(chinese[key])
    for key in asked:
        assert english[key].endswith(".")
        assert chinese[key].endswith("。")


def test_the_hardened_runtime_is_loosened_in_one_thing_only() -> None:
    assert ENTITLEMENTS == {"com.apple.security.cs.allow-unsigned-executable-memory": True}


@pytest.mark.parametrize(
    "name", ["Info.plist", "entitlements.plist", "en.lproj/InfoPlist.strings", "zh-Hans.lproj/InfoPlist.strings"]
)
def test_no_key_is_given_twice(name: str) -> None:
    """plistlib takes the last one silently."""
    for parent in ET.parse(MACOS / name).getroot().iter("dict"):
        keys = [key.text for key in parent.findall("key")]
        assert len(keys) == len(set(keys))
