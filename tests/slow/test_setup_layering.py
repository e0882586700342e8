"""The table of rooms is really checked: one planted violation for every contract, and each is caught."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINT = "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports_command; lint_imports_command()"
PLANTS = {
    "order": ("library", "import assistant.chat"),
    "window": ("desktop/source", "import assistant.desktop.chat.composer"),
    "domain": ("domain", "import msgspec"),
    "ipc": ("ipc", "import assistant.models"),
    "documents-models": ("documents", "import assistant.retrieval"),
    "retrieval": ("retrieval", "import assistant.documents"),
    "library": ("library", "import assistant.engine"),
    "chat": ("chat", "import assistant.library"),
    "desktop": ("desktop", "def later() -> None:\n    import numpy"),
    "cli": ("cli", "import assistant.retrieval"),
    "qt": ("engine", "from PySide6.QtCore import QObject"),
    "chroma": ("models", "import chromadb"),
    "llama": ("retrieval", "from llama_cpp import Llama"),
}


def contracts() -> dict[str, str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {contract["id"]: contract["name"] for contract in project["tool"]["importlinter"]["contracts"]}


def test_every_contract_catches_a_planted_violation(tmp_path: Path) -> None:
    assert PLANTS.keys() == contracts().keys()
    shutil.copytree(ROOT / "assistant", tmp_path / "assistant", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for contract, (room, line) in PLANTS.items():
        plant = tmp_path / "assistant" / room / f"planted_{contract.replace('-', '_')}.py"
        plant.write_text(line + "\n", encoding="utf-8")
    variables = {**os.environ, "PYTHONUTF8": "1", "COLUMNS": "300"}
    done = subprocess.run(
        [sys.executable, "-c", LINT],
        cwd=tmp_path,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 1
    for contract, (_, line) in PLANTS.items():
        heading = f"{contracts()[contract]} BROKEN"
        assert heading in done.stdout, f"{contract}: {line}\n{done.stdout}"
        assert f"planted_{contract.replace('-', '_')}" in done.stdout, contract
