"""Finds the files that are shipped beside the code: pictures, style sheets, sample notes, the models' shelf.

They lie at the top of a checkout, inside the package once installed, and in the bundle of the frozen application.
"""

from __future__ import annotations

import sys
from pathlib import Path


def resources_folder() -> Path:
    """The folder with icon/, pictures/, styles/, sample-notes/ and the rest."""
    return _shipped("resources")


def resource(*parts: str) -> Path:
    """Path of a file or folder in resources/. It need not exist."""
    return resources_folder().joinpath(*parts)


def shelf_folder() -> Path:
    """The folder with the models' manifest. In a checkout the models themselves land there too."""
    return _shipped("models")


def bundled_models_folder() -> Path | None:
    """Where the frozen application carries model files that need not be fetched; read-only. None for a checkout or an installation."""
    return shelf_folder() if getattr(sys, "_MEIPASS", None) else None


def is_checkout() -> bool:
    """Whether this code runs from a clone of the project and not from an installation."""
    return _checkout() is not None


def _shipped(name: str) -> Path:
    bundle = getattr(sys, "_MEIPASS", None)
    if bundle is not None:
        return Path(bundle, name)
    return (_checkout() or Path(__file__).resolve().parents[1] / "_shipped") / name


def _checkout() -> Path | None:
    top = Path(__file__).resolve().parents[2]
    return top if (top / "pyproject.toml").is_file() and (top / "resources").is_dir() else None
