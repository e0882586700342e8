"""Settings: kept, checked, and never lost to a bad value or a bad file."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.domain.errors import BadRequestError
from assistant.domain.settings import Settings
from assistant.engine.settings_store import SettingsStore


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def test_no_file_means_defaults(path: Path) -> None:
    store = SettingsStore(path)
    assert store.settings == Settings()
    assert not path.exists()


def test_change_survives_a_restart(path: Path) -> None:
    SettingsStore(path).change({"theme": "dark", "ignore_patterns": ["*.bak", "草稿/"], "font_scale": 1.25})
    settings = SettingsStore(path).settings
    assert (settings.theme, settings.ignore_patterns, settings.font_scale) == ("dark", ("*.bak", "草稿/"), 1.25)


def test_unknown_keys_and_comments_are_kept(path: Path) -> None:
    path.write_text('# mine\nfrom_the_future = "yes"\ntheme = "dark"\n', "utf-8")
    SettingsStore(path).change({"theme": "light"})
    text = path.read_text("utf-8")
    assert "# mine" in text
    assert 'from_the_future = "yes"' in text
    assert 'theme = "light"' in text


@pytest.mark.parametrize(
    "line",
    ['theme = "pink"', "passages = 0", 'passages = "six"', "passages = true", "ignore_patterns = 3", "font_scale = 99"],
)
def test_bad_value_falls_back_and_says_so(path: Path, line: str) -> None:
    path.write_text(line + '\nlanguage = "zh"\n', "utf-8")
    store = SettingsStore(path)
    name = line.split(" ")[0]
    assert getattr(store.settings, name) == getattr(Settings(), name)
    assert store.settings.language == "zh"
    assert [problem.name for problem in store.problems] == [name]


def test_file_that_is_no_toml_is_put_aside_not_lost(path: Path) -> None:
    path.write_text("theme = = dark", "utf-8")
    store = SettingsStore(path)
    assert store.settings == Settings()
    assert store.problems
    store.change({"theme": "dark"})
    assert path.with_name("settings.toml.unreadable").read_text("utf-8") == "theme = = dark"


def test_refused_change_changes_nothing(path: Path) -> None:
    store = SettingsStore(path)
    store.change({"theme": "dark"})
    before = path.read_bytes()
    for bad in ({"theme": "pink"}, {"no_such": 1}, {"theme": "light", "passages": 1000}, {"version": 9}):
        with pytest.raises(BadRequestError):
            store.change(bad)
    assert path.read_bytes() == before
    assert store.settings.theme == "dark"


def test_every_setting_has_help_and_a_default_within_its_range() -> None:
    from dataclasses import asdict, fields

    from assistant.domain.settings import settings_from

    assert all(spec.metadata["help"].endswith(".") for spec in fields(Settings))
    assert settings_from(asdict(Settings())) == (Settings(), [])
