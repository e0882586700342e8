"""Settings: kept, checked, and never lost to a bad value or a bad file."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.domain import whole_files
from assistant.domain.errors import AssistantError, BadRequestError, DiskFullError, StoreUnavailableError
from assistant.domain.settings import Settings
from assistant.engine import settings_store
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


@pytest.mark.parametrize(
    ("failure", "raised"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), DiskFullError),
        (PermissionError(errno.EACCES, "Permission denied"), StoreUnavailableError),
    ],
)
def test_change_that_cannot_be_written_is_refused_for_good(
    path: Path, failure: OSError, raised: type[AssistantError]
) -> None:
    store = SettingsStore(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings_store, "write_whole", refuse(failure))
        with pytest.raises(raised):
            store.change({"theme": "dark"})
    assert store.settings.theme == "system"
    store.change({"language": "zh"})
    assert SettingsStore(path).settings == Settings(language="zh")


def refuse(failure: OSError) -> Callable[..., bytes]:
    def fail(*_arguments: object) -> bytes:
        raise failure

    return fail


def test_file_that_is_held_for_a_moment_is_waited_for(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_text('theme = "dark"\n', "utf-8")
    read, refused = Path.read_bytes, []

    def read_bytes(held: Path) -> bytes:
        if len(refused) < 3:
            refused.append(held)
            raise PermissionError(errno.EACCES, "Permission denied")
        return read(held)

    monkeypatch.setattr(whole_files, "_REST_S", 0.0)
    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    store = SettingsStore(path)
    assert (store.settings.theme, store.problems) == ("dark", ())


def test_file_that_cannot_be_read_is_never_overwritten(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path.write_text('theme = "dark"\n', "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(whole_files, "_REST_S", 0.0)
        patch.setattr(Path, "read_bytes", refuse(PermissionError(errno.EACCES, "Permission denied")))
        store = SettingsStore(path)
    assert store.settings == Settings()
    assert [problem.name for problem in store.problems] == ["settings.toml"]
    with pytest.raises(StoreUnavailableError) as caught:
        store.change({"language": "zh"})
    assert caught.value.fields == {"store": "settings", "reason": "Permission denied"}
    assert store.settings == Settings()
    assert [file.name for file in path.parent.iterdir()] == ["settings.toml"]
    assert SettingsStore(path).settings.theme == "dark"


def test_file_that_is_no_toml_and_cannot_be_put_aside_is_not_overwritten_either(path: Path) -> None:
    path.write_text("theme = = dark", "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings_store, "rename_patiently", refuse(PermissionError(errno.EACCES, "Permission denied")))
        store = SettingsStore(path)
    with pytest.raises(StoreUnavailableError):
        store.change({"theme": "dark"})
    assert path.read_text("utf-8") == "theme = = dark"


def test_every_setting_has_help_and_a_default_within_its_range() -> None:
    from dataclasses import asdict, fields

    from assistant.domain.settings import settings_from

    assert all(spec.metadata["help"].endswith(".") for spec in fields(Settings))
    assert settings_from(asdict(Settings())) == (Settings(), [])


@pytest.mark.parametrize(
    "template", ["Answer briefly.", "Only <notes> is here.", "</notes>", " ", "<notes></notes>" * 200]
)
def test_broken_system_prompt_is_refused_and_never_used(path: Path, template: str) -> None:
    store = SettingsStore(path)
    store.change({"system_prompt_en": "Between <notes> and </notes> stand passages."})
    with pytest.raises(BadRequestError):
        store.change({"system_prompt_en": template})
    assert store.settings.system_prompt_en.startswith("Between")
    path.write_text(f'system_prompt_en = "{template}"\n', "utf-8")
    store = SettingsStore(path)
    assert store.settings.system_prompt_en == ""
    assert [problem.name for problem in store.problems] == ["system_prompt_en"]


def test_empty_system_prompt_goes_back_to_the_shipped_one(path: Path) -> None:
    store = SettingsStore(path)
    store.change({"system_prompt_zh": "<notes> 和 </notes> 之间是资料。"})
    store.change({"system_prompt_zh": ""})
    assert SettingsStore(path).settings.system_prompt_zh == ""
