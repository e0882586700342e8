"""The bill of a small made build: every file is somebody's, every part has its licence, and the same build gives the same bytes."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import bill
import pytest
from bill_model import BillError
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from assistant.domain.checksum_list import read_list
from assistant.engine.bundled_parts import BundledParts


def written(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_parts_are_those_whose_files_or_modules_are_in_the_program(frozen) -> None:
    parts = {part.key: part for part in frozen.write()}
    assert set(parts) == {"elephant", "python", "alpha", "space-one", "pyinstaller", "deb:zlib1g", "model:tiny"}
    assert parts["alpha"].licence == "MIT"
    assert parts["alpha"].home == "https://alpha.example/"
    assert parts["alpha"].needs == ("space-one",)
    assert parts["space-one"].licence == "BSD-3-Clause"
    assert parts["pyinstaller"].licence == "GPL-2.0-or-later WITH Bootloader-exception"
    assert (parts["deb:zlib1g"].version, parts["deb:zlib1g"].licence) == ("1:1.2.13", "Zlib")
    assert parts["model:tiny"].sha256 == frozen.model_sha256
    assert all(part.licence and part.texts for part in parts.values())


def test_the_engine_reads_back_what_was_written(frozen) -> None:
    made = frozen.write()
    read = BundledParts(frozen.about)
    parts = read.parts()
    assert {(p.key, p.name, p.version, p.kind, p.licence, p.home) for p in parts} == {
        (p.key, p.name, p.version, p.kind, p.licence, p.home) for p in made
    }
    assert parts[0].key == "elephant"
    assert all(part.has_text for part in parts)
    (text,) = read.licence("alpha") or ()
    assert (text.name, text.text) == ("LICENSE", "Alpha's licence")
    facts = read.facts()
    assert (facts.version, facts.commit, facts.made) == ("1.2.3", "0123456789ab", "2026-09-21")
    assert facts.releases == "https://example.org/elephant/"


def test_the_bill_keeps_to_the_rules_of_cyclonedx(frozen) -> None:
    frozen.write()
    text = (frozen.about / "parts.cdx.json").read_text("utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    values = json.loads(text)
    assert values["metadata"]["timestamp"] == "2026-09-21T14:13:20+00:00"
    assert values["metadata"]["component"]["type"] == "application"
    model = next(one for one in values["components"] if one["name"] == "Tiny")
    assert model["type"] == "machine-learning-model"
    assert model["hashes"] == [{"alg": "SHA-256", "content": frozen.model_sha256}]
    assert model["purl"] == "pkg:huggingface/somebody/tiny"
    needs = {one["ref"]: one.get("dependsOn", []) for one in values["dependencies"]}
    assert needs["alpha"] == ["space-one"]
    assert "deb:zlib1g" in needs["elephant"]


def test_the_same_build_gives_the_same_bytes_and_another_one_another_number(frozen) -> None:
    frozen.write()
    first = written(frozen.about)
    frozen.write()
    assert written(frozen.about) == first
    frozen.build = replace(frozen.build, commit="ba9876543210")
    frozen.write()
    serial = json.loads(first["parts.cdx.json"])["serialNumber"]
    assert json.loads((frozen.about / "parts.cdx.json").read_text("utf-8"))["serialNumber"] != serial


def test_a_part_without_a_licence_fails_the_build_and_is_named(frozen) -> None:
    frozen.install("silent", {"silent/__init__.py": ""})
    frozen.modules |= {"silent"}
    with pytest.raises(BillError, match=r"silent \(silent\) does not state its licence"):
        frozen.write()


def test_a_part_without_the_text_of_its_licence_fails_the_build(frozen) -> None:
    frozen.install("terse", {"terse/__init__.py": ""}, metadata="License: MIT\n")
    frozen.modules |= {"terse"}
    with pytest.raises(BillError, match=r"terse \(terse\) has no text of its licence \(MIT\)"):
        frozen.write()


def test_a_licence_that_names_no_holder_has_its_text_from_us(frozen) -> None:
    frozen.install("terse", {"terse/__init__.py": ""}, metadata="License: Apache 2.0\n")
    frozen.modules |= {"terse"}
    frozen.write()
    (text,) = BundledParts(frozen.about).licence("terse") or ()
    assert "Apache License" in text.text


def test_a_file_that_is_nobodys_fails_the_build_and_is_named(frozen) -> None:
    frozen.write()
    before = written(frozen.about)
    frozen.add("_internal/stray/blob.bin")
    frozen.modules |= {"unheard.of"}
    with pytest.raises(BillError, match=r"_internal/stray/blob\.bin\n  module unheard\.of"):
        frozen.write()
    assert written(frozen.about) == before


def test_a_model_that_is_not_the_promised_one_fails_the_build(frozen) -> None:
    frozen.model_sha256 = "0" * 64
    with pytest.raises(BillError, match=r"tiny\.gguf is not the file that the shelf promises"):
        frozen.write()


def test_a_folder_of_modules_that_several_libraries_share_is_nobodys(frozen) -> None:
    frozen.modules |= {"space"}
    assert {part.key for part in frozen.write()} >= {"space-one"}


def test_a_shared_library_laid_beside_the_others_is_known_by_its_content(frozen) -> None:
    hashed = "libtiff-20b7e810.so.6.3.0"
    frozen.install(
        "pictures",
        {f"pictures.libs/{hashed}": "elf", "@/licenses/LICENSE": "x"},
        metadata="License-Expression: MIT\n",
    )
    frozen.add(f"_internal/{hashed}", b"elf")
    parts = {part.key: part for part in frozen.write()}
    assert [(one.name, one.licence) for one in parts["pictures"].inside] == [("libtiff", "libtiff")]


def test_a_library_s_own_bill_is_taken_over_without_what_only_built_it(frozen) -> None:
    own = {
        "components": [
            {
                "name": "crate",
                "version": "1",
                "purl": "pkg:cargo/crate@1?download_url=file:///home/x",
                "scope": "required",
            },
            {"name": "other", "version": "2", "purl": "pkg:cargo/other@2", "licenses": [{"expression": "MIT"}]},
            {"name": "compiler", "scope": "excluded"},
            {"name": "codec", "scope": "optional"},
        ]
    }
    frozen.install(
        "rusty",
        {"rusty/__init__.py": "", "@/sboms/rusty.cyclonedx.json": json.dumps(own), "@/licenses/LICENSE": "x"},
        metadata="License-Expression: ISC\n",
    )
    frozen.modules |= {"rusty"}
    parts = {part.key: part for part in frozen.write()}
    assert [(one.name, one.licence, one.purl) for one in parts["rusty"].inside] == [
        ("crate", "ISC", "pkg:cargo/crate@1"),
        ("other", "MIT", "pkg:cargo/other@2"),
    ]
    read = BundledParts(frozen.about)
    assert next(part.inside for part in read.parts() if part.key == "rusty") == 2
    assert {text.name for text in read.licence("rusty") or ()} == {"LICENSE", "inside.txt"}
    assert "/home/x" not in (frozen.about / "parts.cdx.json").read_text("utf-8")


def test_qt_and_llama_cpp_are_parts_of_their_own_beside_what_binds_them_to_python(frozen) -> None:
    frozen.install(
        "pyside6_essentials",
        {"PySide6/QtCore.abi3.so": "", "PySide6/Qt/lib/libQt6Core.so.6": "", "PySide6/Qt/lib/libicuuc.so.73": ""},
        version="6.11.3",
        metadata="License: LGPL-3.0-only\n",
    )
    frozen.install("llama_cpp_python", {"llama_cpp/llama.py": "", "@/LICENSE.md": "x"}, metadata="License: MIT\n")
    for name in ("PySide6/QtCore.abi3.so", "PySide6/Qt/lib/libQt6Core.so.6", "PySide6/Qt/lib/libicuuc.so.73"):
        frozen.add(f"_internal/{name}")
    frozen.add("_internal/llama_cpp/lib/libllama.so.0.5.1")
    frozen.add("_internal/llama_cpp/lib/cpu/libggml-cpu-haswell.so")
    frozen.modules |= {"llama_cpp.llama"}
    parts = {part.key: part for part in frozen.write()}
    assert (parts["qt"].version, parts["qt"].licence) == ("6.11.3", "LGPL-3.0-only")
    assert {"LGPL-3.0-only.txt", "GPL-3.0-only.txt", "qt-and-lgpl.txt"} <= {text.name for text in parts["qt"].texts}
    assert {"ICU", "PCRE2"} <= {one.name for one in parts["qt"].inside}
    assert parts["pyside6-essentials"].needs == ("qt",)
    assert parts["llama-cpp-python"].needs == ("llama.cpp",)
    assert parts["llama.cpp"].version
    assert b"The ggml authors" in parts["llama.cpp"].texts[0].data


def test_a_bundle_of_macos_is_listed_from_where_the_program_looks(frozen) -> None:
    contents = frozen.program.parent / "Elephant.app" / "Contents"
    contents.mkdir(parents=True)
    (frozen.program / "_internal").rename(contents / "Frameworks")
    (contents / "MacOS").mkdir()
    (frozen.program / "elephant").rename(contents / "MacOS" / "elephant")
    (contents / "Resources").mkdir()
    (contents / "Frameworks" / "alpha").rename(contents / "Resources" / "alpha")
    (contents / "Frameworks" / "alpha").symlink_to("../Resources/alpha")
    frozen.program = contents.parent
    assert "alpha" in {part.key for part in frozen.write()}
    listed = read_list((contents / "Frameworks" / "about" / "checksums.txt").read_text("utf-8"))
    assert {"Resources/alpha/data.txt", "Frameworks/base_library.zip"} <= set(listed)
    assert "MacOS/elephant" not in listed  # sealing changes it afterwards, and guards it better


def test_every_file_but_the_list_itself_has_its_checksum(frozen) -> None:
    frozen.write()
    listed = read_list((frozen.about / "checksums.txt").read_text("utf-8"))
    files = set(written(frozen.program))
    assert set(listed) == files - {"_internal/about/checksums.txt"}
    frozen.add("share/doc/elephant.1", b"added afterwards")
    bill.write_checksums(frozen.program)
    assert "share/doc/elephant.1" in read_list((frozen.about / "checksums.txt").read_text("utf-8"))


def test_a_name_that_could_not_be_read_back_fails_the_build(frozen) -> None:
    frozen.write()
    frozen.add("_internal/resources/odd\nname")
    with pytest.raises(BillError, match="character that it may not have"):
        bill.write_checksums(frozen.program)


def test_what_pyinstaller_found_is_kept_for_later(tmp_path: Path) -> None:
    pure = [("alpha", "/env/site-packages/alpha/__init__.py", "PYMODULE")]
    binaries = [("libz.so.1", "/lib/libz.so.1", "BINARY"), ("a\\b.dll", "c:\\b.dll", "EXTENSION")]
    file = tmp_path / "build" / "collected.json"
    bill.write_collected(file, pure, binaries)
    kept = bill.read_collected(file)
    assert kept.modules == {"alpha"}
    assert kept.sources == {"libz.so.1": "/lib/libz.so.1", "a/b.dll": "c:\\b.dll"}


def test_only_licences_without_a_choice_or_an_exception_are_to_be_looked_at(frozen) -> None:
    parts = frozen.write()
    assert bill.strict_parts(parts) == []
    strict = replace(parts[1], name="readline", version="8", licence="GPL-3.0-or-later")
    weak = replace(parts[1], licence="LGPL-2.1-or-later")
    either = replace(parts[1], licence="GPL-2.0-only OR BSD-3-Clause")
    assert bill.strict_parts([strict, weak, either]) == ["readline 8: GPL-3.0-or-later"]


def test_a_folder_that_is_no_frozen_program_is_refused(tmp_path: Path, capsys, monkeypatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    assert bill.main([str(tmp_path), "--checksums"]) == 1
    assert "is not the top folder of a frozen program" in capsys.readouterr().err


def test_without_a_time_the_build_is_refused_where_nothing_else_says_it(monkeypatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.setattr(bill, "_git", lambda *_arguments: "")
    with pytest.raises(BillError, match="SOURCE_DATE_EPOCH"):
        bill.this_build()


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not part of this system")
def test_the_system_s_own_tool_reads_the_list(frozen) -> None:
    import subprocess

    frozen.write()
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet", "_internal/about/checksums.txt"],
        cwd=frozen.program,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
