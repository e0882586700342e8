"""What the tests of packaging/ share: where its files are, and its scripts as modules."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
PACKAGING = ROOT / "packaging"


def load_script(name: str) -> ModuleType:
    """A script of packaging/ by its path there. It cannot be imported: a library is called packaging too."""
    path = PACKAGING / name
    spec = importlib.util.spec_from_file_location("packaging_" + path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
