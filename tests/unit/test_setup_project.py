"""The lock files, the table of rooms and the shipped resources are what the documents say they are."""

from __future__ import annotations

import ast
import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest

from assistant.domain import resources
from tools.bootstrap import split_lock

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("app", "build", "dev")
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
QUESTIONS: list[dict[str, Any]] = json.loads(
    (ROOT / "resources" / "sample-questions.json").read_text(encoding="utf-8")
)["questions"]
NOTES = ROOT / "resources" / "sample-notes"


def lock_text(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")


def locked_versions(name: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for package, version in re.findall(r"^([a-z0-9-]+)==(\S+)", lock_text(name), re.MULTILINE):
        found.setdefault(package, set()).add(version)
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_everything_by_hash_and_names_no_place(name: str) -> None:
    text = lock_text(name)
    assert not re.search(r"://|file:|--index|--find-links|--extra|\s@\s", text)
    entries = re.split(r"\n(?=[a-z])", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE))
    assert len(entries) > 5
    for entry in entries:
        assert re.match(r"[a-z0-9-]+==\S+", entry), entry[:80]
        assert "--hash=sha256:" in entry, entry[:80]


def test_every_dependency_is_locked() -> None:
    def names(requirements: list[str]) -> set[str]:
        return {re.split(r"[<>=;\[ ]", text)[0].lower() for text in requirements}

    assert names(PROJECT["project"]["dependencies"]) <= locked_versions("app").keys()
    for group in ("build", "dev"):
        assert names(PROJECT["dependency-groups"][group]) <= locked_versions(group).keys()


def test_one_environment_can_hold_all_three_locks() -> None:
    app = locked_versions("app")
    for group in ("build", "dev"):
        for package, versions in locked_versions(group).items():
            assert versions <= app.get(package, versions), package


def test_python_3_11_never_gets_the_broken_pyside() -> None:
    entries = re.findall(
        r"^pyside6-essentials==(\S+) ; python_full_version (\S+ '[\d.]+')", lock_text("app"), re.MULTILINE
    )
    assert [(version[:5], marker) for version, marker in entries] == [("6.11.", "< '3.12'"), ("6.12.", ">= '3.12'")]


def test_only_llama_is_built_from_source() -> None:
    everything, llama = split_lock(ROOT / "requirements" / "app.txt", "llama-cpp-python")
    assert llama.startswith("llama-cpp-python==0.3.36 ")
    assert "llama-cpp-python==" not in everything
    assert sorted((everything + llama).splitlines()) == sorted(
        line for line in lock_text("app").splitlines() if not line.startswith("#")
    )


def test_domain_imports_the_standard_library_only() -> None:
    for path in (ROOT / "assistant" / "domain").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                assert name.split(".")[0] in sys.stdlib_module_names or name.startswith("assistant.domain"), (
                    f"{path}: {name}"
                )


def test_resources_are_found_in_a_checkout() -> None:
    assert resources.is_checkout()
    assert resources.resource("icon", "elephant.svg").is_file()


def test_resources_are_found_in_a_frozen_application(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert resources.resource("icon") == tmp_path / "resources" / "icon"


def test_resources_are_found_in_an_installation(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(resources, "__file__", str(tmp_path / "assistant" / "domain" / "resources.py"))
    assert not resources.is_checkout()
    assert resources.resources_folder() == tmp_path / "assistant" / "_shipped" / "resources"
    assert (
        PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["sources"]["resources"] == "assistant/_shipped/resources"
    )


def note_text(note: str) -> str:
    path = NOTES / note
    if path.suffix == ".pdf":
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)
    if path.suffix == ".docx":
        return "\n".join(paragraph.text for paragraph in docx.Document(str(path)).paragraphs)
    return path.read_bytes().decode("gb18030" if path.name == "腊八蒜.txt" else "utf-8")


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["id"])
def test_every_sample_question_is_answered_by_its_note(question: dict[str, Any]) -> None:
    for note in (question["note"], *question.get("also_in", ())):
        text = " ".join(note_text(note).split())
        assert question["answer"] in text.replace("*", ""), note


def test_a_question_about_a_page_names_the_right_one() -> None:
    for question in QUESTIONS:
        if "page" in question:
            page = pypdf.PdfReader(NOTES / question["note"]).pages[question["page"] - 1]
            assert question["answer"] in page.extract_text()
