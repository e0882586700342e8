"""Which data folder this start uses: the one asked for, the environment's, or the system's usual place."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

ENVIRONMENT_NAME = "ELEPHANT_DATA_DIR"


def data_folder(asked: str | None = None) -> Path:
    """The absolute path of the data folder, made readable by its owner only. asked wins over the environment."""
    chosen = asked or os.environ.get(ENVIRONMENT_NAME)
    folder = Path(chosen).expanduser() if chosen else Path(platformdirs.user_data_dir("Elephant", appauthor=False))
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def shared_models_folder(data: Path) -> Path:
    """Where GGUF files are kept: in a checkout its own `models/` folder, so that the set-up serves every data folder and the
    tests; otherwise inside the data folder. ELEPHANT_MODELS_DIR overrides both."""
    chosen = os.environ.get("ELEPHANT_MODELS_DIR")
    if chosen:
        return Path(chosen).expanduser().absolute()
    checkout = Path(__file__).resolve().parents[2]
    if (checkout / "pyproject.toml").is_file() and (checkout / "models").is_dir():
        return checkout / "models"
    return data / "models"
