"""How settings are stored: one TOML file that people may edit. Unknown keys and comments survive; a bad value falls back. What could not
be read is never overwritten."""

from __future__ import annotations

import logging
import threading
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from assistant.domain.errors import AssistantError, BadRequestError
from assistant.domain.settings import SETTINGS_VERSION, SettingProblem, Settings, settings_from
from assistant.domain.whole_files import read_patiently, rename_patiently, storing_failure, write_whole

log = logging.getLogger(__name__)


class SettingsStore:
    """Owns settings.toml. Thread: any; one lock."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._why_shut: AssistantError | None = None
        """Why the file must not be written: what stands in it is not known."""
        self._file, problems = self._load()
        self.settings, more = settings_from(self._file.unwrap())
        self.problems: tuple[SettingProblem, ...] = (*problems, *more)

    def change(self, values: dict[str, Any]) -> Settings:
        """Set some fields and save. Raises BadRequestError for an unknown name or a bad value, DiskFullError, StoreUnavailableError: the
        file cannot be written, or could not be read at the start. Nothing is changed then."""
        with self._lock:
            unknown = set(values) - set(asdict(self.settings)) | ({"version"} & set(values))
            wanted = asdict(self.settings) | {
                name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
            }
            checked, problems = settings_from({name: value for name, value in wanted.items() if name not in unknown})
            if unknown or problems:
                bad = ", ".join([*sorted(unknown), *(f"{problem.name}: {problem.reason}" for problem in problems)])
                raise BadRequestError(reason=bad)
            if self._why_shut is not None:
                raise self._why_shut
            file = tomlkit.parse(tomlkit.dumps(self._file))
            for name in values:
                value = getattr(checked, name)
                file[name] = list(value) if isinstance(value, tuple) else value
            file["version"] = SETTINGS_VERSION
            try:
                write_whole(self._path, tomlkit.dumps(file).encode())
            except OSError as error:
                raise storing_failure(error, self._path, "settings") from error
            self._file = file
            self.settings = replace(checked, version=SETTINGS_VERSION)
            self.problems = tuple(problem for problem in self.problems if problem.name not in values)
            return self.settings

    def reset(self) -> None:
        """Back to the defaults. What people wrote into the file goes as well, and a file that was put aside. Raises StoreUnavailableError."""
        with self._lock:
            if self._why_shut is not None:
                raise self._why_shut
            for path in (self._path.with_name(f"{self._path.name}.unreadable"), self._path):
                try:
                    path.unlink(missing_ok=True)
                except OSError as error:
                    raise storing_failure(error, self._path, "settings") from error
            self._file = tomlkit.document()
            self.settings, self.problems = Settings(), ()

    def _load(self) -> tuple[tomlkit.TOMLDocument, list[SettingProblem]]:
        """The stored file, or an empty one. A file that is not TOML is put aside; one that cannot be read now stays as it is."""
        problem = SettingProblem(self._path.name, "", "unreadable")
        try:
            return tomlkit.parse(read_patiently(self._path).decode("utf-8")), []
        except FileNotFoundError:
            return tomlkit.document(), []
        except OSError as error:
            log.warning("settings could not be read: %s", type(error).__name__)
            self._why_shut = storing_failure(error, self._path, "settings")
        except (UnicodeDecodeError, TOMLKitError) as error:
            aside = self._path.with_name(f"{self._path.name}.unreadable")
            problem = replace(problem, value=aside.name, reason=type(error).__name__)
            try:
                rename_patiently(self._path, aside)
            except OSError as refusal:
                log.info("settings could not be put aside")
                self._why_shut = storing_failure(refusal, self._path, "settings")
        return tomlkit.document(), [problem]
