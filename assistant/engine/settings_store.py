"""How settings are stored: one TOML file that people may edit. Unknown keys and comments survive; a bad value falls back."""

from __future__ import annotations

import logging
import threading
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from assistant.domain.errors import BadRequestError
from assistant.domain.settings import SETTINGS_VERSION, SettingProblem, Settings, settings_from
from assistant.domain.whole_files import write_whole

log = logging.getLogger(__name__)


class SettingsStore:
    """Owns settings.toml. Thread: any; one lock."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._file, problems = _load(path)
        self.settings, more = settings_from(self._file.unwrap())
        self.problems: tuple[SettingProblem, ...] = (*problems, *more)

    def change(self, values: dict[str, Any]) -> Settings:
        """Set some fields and save. Raises BadRequestError (and changes nothing) for an unknown name or a bad value."""
        with self._lock:
            unknown = set(values) - set(asdict(self.settings)) | ({"version"} & set(values))
            wanted = asdict(self.settings) | {
                name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
            }
            checked, problems = settings_from({name: value for name, value in wanted.items() if name not in unknown})
            if unknown or problems:
                bad = ", ".join([*sorted(unknown), *(f"{problem.name}: {problem.reason}" for problem in problems)])
                raise BadRequestError(reason=bad)
            for name in values:
                value = getattr(checked, name)
                self._file[name] = list(value) if isinstance(value, tuple) else value
            self._file["version"] = SETTINGS_VERSION
            write_whole(self._path, tomlkit.dumps(self._file).encode())
            self.settings = replace(checked, version=SETTINGS_VERSION)
            self.problems = tuple(problem for problem in self.problems if problem.name not in values)
            return self.settings


def _load(path: Path) -> tuple[tomlkit.TOMLDocument, list[SettingProblem]]:
    """The stored file, or an empty one. A file that is not TOML is put aside, never overwritten."""
    try:
        return tomlkit.parse(path.read_text("utf-8")), []
    except FileNotFoundError:
        return tomlkit.document(), []
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        aside = path.with_name(f"{path.name}.unreadable")
        try:
            path.replace(aside)
        except OSError:
            log.info("settings could not be put aside")
        return tomlkit.document(), [SettingProblem("settings.toml", aside.name, type(error).__name__)]
