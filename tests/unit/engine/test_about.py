"""Which Elephant this is, built or not; a build's own account is read as something that may be damaged."""

from __future__ import annotations

import importlib.metadata
import json
from pathlib import Path
from typing import Any

import pytest

from assistant import __version__
from assistant.domain import resources
from assistant.domain.about import PartKind
from assistant.domain.errors import BadRequestError
from assistant.engine import installed_parts
from assistant.engine.about import about, checkout_commit, licence
from assistant.engine.bundled_parts import BundledParts
from assistant.engine.paths import DataPaths

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def component(name: str, **other: Any) -> dict[str, Any]:
    return {"name": name, "bom-ref": name.lower(), "type": "library", "version": "1.0"} | other


def properties(**values: str) -> list[dict[str, str]]:
    return [{"name": f"elephant:{name}", "value": value} for name, value in values.items()]


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a build puts into its folder `about`, with everything around it as in a frozen program."""
    folder = tmp_path / "Elephant" / "_internal" / "about"
    (folder / "licences" / "alpha").mkdir(parents=True)
    (folder / "licences" / "alpha" / "LICENSE").write_text("Do what you like.", "utf-8")
    (folder / "secret.txt").write_text("not for everybody", "utf-8")
    bill = {
        "metadata": {"component": component("Elephant", properties=properties(kind="program"))},
        "components": [
            component(
                "Alpha",
                licenses=[{"expression": "MIT OR Apache-2.0"}],
                externalReferences=[{"type": "website", "url": "https://alpha.example/"}],
                properties=properties(kind="library", licences="licences/alpha"),
                components=[{"name": "inner"}],
            ),
            component(
                "beta", licenses=[{"license": {"id": "Zlib"}}], properties=properties(kind="system", licences="..")
            ),
            component(
                "Gamma",
                licenses=[{"license": {"name": "public domain"}}],
                externalReferences=[{"type": "website", "url": "javascript:alert(1)"}],
                properties=properties(kind="nonsense", licences="licences/gone"),
            ),
            component("llama.cpp", version="0.5.0"),
            component("Qt", version="6.11.3"),
        ],
    }
    (folder / "parts.cdx.json").write_text(json.dumps(bill), "utf-8")
    facts = {
        "version": "9.8.7",
        "commit": COMMIT[:12],
        "made": "2026-09-21",
        "system": "Debian",
        "releases": "https://r.example/",
    }
    (folder / "build.json").write_text(json.dumps(facts), "utf-8")
    monkeypatch.setattr(resources.sys, "_MEIPASS", str(folder.parent), raising=False)
    monkeypatch.setattr(resources.sys, "executable", str(folder.parents[1] / "elephant"))
    return folder


@pytest.fixture
def paths(tmp_path: Path) -> DataPaths:
    return DataPaths(tmp_path / "data")


def test_a_built_copy_tells_what_its_build_says(bundle: Path, paths: DataPaths) -> None:
    told = about(paths)
    assert (told.version, told.commit, told.made, told.built_on) == ("9.8.7", COMMIT[:12], "2026-09-21", "Debian")
    assert (told.qt, told.llama, told.releases) == ("6.11.3", "0.5.0", "https://r.example/")
    assert told.is_built
    assert not told.has_checksums
    assert told.bill == str(bundle / "parts.cdx.json")
    assert len(told.bill_sha256) == 64
    assert told.program == str(bundle.parents[1])
    by_name = {part.name: part for part in told.parts}
    assert [part.name for part in told.parts] == ["Elephant", "Alpha", "Gamma", "llama.cpp", "Qt", "beta"]
    alpha = by_name["Alpha"]
    assert (alpha.licence, alpha.home, alpha.inside, alpha.has_text) == (
        "MIT OR Apache-2.0",
        "https://alpha.example/",
        1,
        True,
    )
    assert by_name["Gamma"].licence == "public domain"
    assert by_name["Gamma"].home == ""
    assert by_name["Gamma"].kind is PartKind.LIBRARY
    assert by_name["beta"].kind is PartKind.SYSTEM
    (bundle / "checksums.txt").write_text("x", "utf-8")
    assert about(paths).has_checksums


def test_a_licence_is_read_from_its_own_folder_only(bundle: Path, paths: DataPaths) -> None:
    assert [(text.name, text.text) for text in licence(paths, "alpha")] == [("LICENSE", "Do what you like.")]
    assert licence(paths, "beta") == ()  # its bill points above the folder of licences
    assert licence(paths, "gamma") == ()
    for key in ("nothing", "../secret.txt", ""):
        with pytest.raises(BadRequestError):
            licence(paths, key)


def test_a_folder_of_licences_that_is_a_link_elsewhere_is_not_followed(bundle: Path) -> None:
    outside = bundle.parents[2] / "outside"
    outside.mkdir()
    (outside / "private.txt").write_text("x", "utf-8")
    (bundle / "licences" / "gone").symlink_to(outside)
    assert BundledParts(bundle).licence("gamma") == ()


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b'{"components": 3}', b"\xff"])
def test_a_damaged_bill_leaves_the_rest_of_the_page(bundle: Path, paths: DataPaths, data: bytes) -> None:
    (bundle / "parts.cdx.json").write_bytes(data)
    (bundle / "build.json").write_bytes(data)
    told = about(paths)
    assert told.parts == ()
    assert told.version == __version__
    assert told.is_built


def test_what_is_not_built_tells_of_what_is_installed(paths: DataPaths) -> None:
    told = about(paths)
    assert told.version == __version__
    assert not told.is_built
    assert told.bill == told.made == ""
    names = [part.name for part in told.parts]
    assert names[:2] == ["Elephant", "Python"]
    assert {"numpy", "chromadb", "msgspec"} <= set(names)
    assert all(part.licence for part in told.parts)
    (text, *_) = licence(paths, "msgspec")
    assert "Redistribution" in text.text
    assert "Apache License" in licence(paths, "elephant")[0].text


def test_models_that_are_here_are_parts_with_their_licence(paths: DataPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = paths.root / "models"
    folder.mkdir(parents=True)
    monkeypatch.setenv("ELEPHANT_MODELS_DIR", str(folder))
    assert not [part for part in about(paths).parts if part.kind is PartKind.MODEL]
    (folder / "multilingual-e5-small.Q4_0.gguf").write_bytes(b"x")
    (folder / "multilingual-e5-small.Q4_0.LICENCE.txt").write_text("MIT and so on", "utf-8")
    (model,) = [part for part in about(paths).parts if part.kind is PartKind.MODEL]
    assert (model.name, model.licence, model.has_text) == ("multilingual-e5-small", "MIT", True)
    assert licence(paths, model.key)[0].text == "MIT and so on"


def test_only_what_elephant_asks_for_counts_as_a_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def add(name: str, *requires: str) -> None:
        folder = tmp_path / f"{name}-1.0.dist-info"
        folder.mkdir()
        lines = "".join(f"Requires-Dist: {one}\n" for one in requires)
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{lines}\n", "utf-8")

    add("elephant", "Server[fast_loop]>=1", 'Win.Only; sys_platform == "win32"', 'tests; extra == "dev"', "absent>=2")
    add("server", 'loop; extra == "fast-loop"', 'slow; extra == "other"', "elephant")
    add("win_only")
    for name in ("loop", "slow", "tests", "pytest"):
        add(name)
    found = importlib.metadata.distributions(path=[str(tmp_path)])
    monkeypatch.setattr(installed_parts.importlib.metadata, "distributions", lambda: found)
    assert sorted(one.metadata["Name"] for one in installed_parts.used_distributions()) == [
        "loop",
        "server",
        "win_only",
    ]


@pytest.mark.parametrize("packed", [False, True])
def test_the_commit_of_a_checkout_is_read_without_git(tmp_path: Path, *, packed: bool) -> None:
    git = tmp_path / ".git"
    (git / "refs" / "heads").mkdir(parents=True)
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    if packed:
        (git / "packed-refs").write_text(f"# pack-refs with: peeled\n{COMMIT} refs/heads/main\n")
    else:
        (git / "refs" / "heads" / "main").write_text(COMMIT + "\n")
    assert checkout_commit(tmp_path) == COMMIT[:12]
    second = tmp_path / "second"
    own = git / "worktrees" / "second"
    own.mkdir(parents=True)
    second.mkdir()
    (second / ".git").write_text(f"gitdir: {own}\n")
    (own / "commondir").write_text("../..\n")
    (own / "HEAD").write_text("ref: refs/heads/main\n")
    assert checkout_commit(second) == COMMIT[:12]
    (own / "HEAD").write_text(COMMIT[::-1])
    assert checkout_commit(second) == COMMIT[::-1][:12]


def test_without_git_no_commit_is_named(tmp_path: Path) -> None:
    assert checkout_commit(tmp_path) == ""
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("<html>\n")
    assert checkout_commit(tmp_path) == ""
