"""The set-up: what it does again, what it leaves alone, and what it says when the machine lacks something."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tools import bootstrap, checks, machine
from tools.bootstrap import Environment
from tools.children import ChildError, run_logged
from tools.machine import SetupError, explain


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """A folder that looks like an environment whose Python is there."""
    made = Environment(tmp_path / "venv")
    made.bin.mkdir(parents=True)
    made.python.touch()
    (made.folder / "pyvenv.cfg").touch()
    return made


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Replace the real steps by three that only write down that they ran."""
    ran: list[str] = []

    def step(name: str, digest: str) -> tuple[str, str, object]:
        return name, digest, lambda _environment, _prefix: ran.append(name)

    monkeypatch.setattr(bootstrap, "steps_for", lambda _goals: [step("one", "a"), step("two", "b"), step("three", "c")])
    return ran


def test_a_second_set_up_does_nothing(environment: Environment, steps: list[str]) -> None:
    bootstrap.set_up(environment, ("app",))
    bootstrap.set_up(environment, ("app",))
    assert steps == ["one", "two", "three"]


def test_an_interrupted_set_up_goes_on_where_it_stopped(environment: Environment, steps: list[str]) -> None:
    environment.note("one", "a")
    bootstrap.set_up(environment, ("app",))
    assert steps == ["two", "three"]


def test_a_changed_lock_repeats_only_its_own_step(environment: Environment, steps: list[str]) -> None:
    for step, digest in (("one", "a"), ("two", "old"), ("three", "c")):
        environment.note(step, digest)
    bootstrap.set_up(environment, ("app",))
    assert steps == ["two"]


def test_models_are_fetched_when_there_are_none_and_left_to_the_user_after_that(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ELEPHANT_MODELS_DIR", str(tmp_path))
    assert bootstrap.starter_digest() == "missing"
    (tmp_path / "one.gguf").touch()
    first = bootstrap.starter_digest()
    (tmp_path / "another.gguf").touch()
    (tmp_path / "one.gguf").unlink()
    assert bootstrap.starter_digest() == first != "missing"


@pytest.mark.parametrize("damage", ["python", "stamp", "moved"])
def test_an_environment_that_only_looks_whole_is_made_anew(environment: Environment, damage: str) -> None:
    environment.note("one", "a")
    stamp = environment.folder / "elephant-setup.json"
    if damage == "python":
        environment.python.unlink()
    elif damage == "stamp":
        stamp.write_text(stamp.read_text(encoding="utf-8")[:10], encoding="utf-8")
    else:
        stamp.write_text(
            json.dumps({**json.loads(stamp.read_text(encoding="utf-8")), "root": "/elsewhere"}), encoding="utf-8"
        )
    assert environment.done() == {}


def test_a_folder_that_is_no_environment_is_left_alone(tmp_path: Path) -> None:
    precious = tmp_path / "letter.txt"
    precious.write_text("dear", encoding="utf-8")
    with pytest.raises(SetupError, match="left alone"), bootstrap.alone(Environment(tmp_path)):
        pass
    assert [child.name for child in tmp_path.iterdir()] == ["letter.txt"]
    assert precious.read_text(encoding="utf-8") == "dear"


def test_an_outdated_environment_is_emptied_but_keeps_its_log(environment: Environment) -> None:
    environment.log.write_text("before", encoding="utf-8")
    environment.note("one", "a")
    bootstrap.empty(environment.folder)
    assert [child.name for child in environment.folder.iterdir()] == ["elephant-setup.log"]


def test_too_little_space_is_said_before_anything_is_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    usage = type("Usage", (), {"free": 1024**3})
    monkeypatch.setattr(bootstrap.shutil, "disk_usage", lambda _path: usage)
    with pytest.raises(SetupError, match=r"There are 1\.0 GB free"):
        bootstrap.enough_space(tmp_path)


@pytest.mark.parametrize(
    ("system", "processor", "library", "macos", "said"),
    [
        ("linux", "x86_64", ("glibc", "2.36"), "", None),
        ("linux", "x86_64", ("glibc", "2.31"), "", "glibc 2.34"),
        ("linux", "aarch64", ("glibc", "2.36"), "", "2.39 on"),
        ("linux", "x86_64", ("", ""), "", "another C library"),
        ("linux", "riscv64", ("glibc", "2.40"), "", "riscv64"),
        ("darwin", "arm64", ("", ""), "14.6", None),
        ("darwin", "arm64", ("", ""), "13.7.1", "macOS 14"),
        ("darwin", "x86_64", ("", ""), "15.0", "Apple silicon"),
        ("win32", "amd64", ("", ""), "", None),
    ],
)
def test_a_system_without_libraries_for_it_is_named(
    monkeypatch: pytest.MonkeyPatch, system: str, processor: str, library: tuple[str, str], macos: str, said: str | None
) -> None:
    monkeypatch.setattr(machine.sys, "platform", system)
    monkeypatch.setattr(machine.platform, "machine", lambda: processor)
    monkeypatch.setattr(machine.platform, "libc_ver", lambda: library)
    monkeypatch.setattr(machine.platform, "mac_ver", lambda: (macos, ("", "", ""), processor))
    if said is None:
        machine.refuse_unsupported_system()
    else:
        with pytest.raises(SetupError, match=said):
            machine.refuse_unsupported_system()


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("socket.gaierror: Temporary failure in name resolution", "could not be reached"),
        ("error: Failed to fetch: `x`  Caused by: dns error", "could not be reached"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "recorded checksum"),
        ("CMake Error: CMAKE_CXX_COMPILER not set, after EnableLanguage", "compiler does not work"),
        ("something else\nlast line\n", "last line"),
        ("", "none"),
    ],
)
def test_a_failed_step_is_explained(output: str, sentence: str) -> None:
    assert sentence in explain(output, "installing")


def test_a_python_without_venv_names_the_package_to_install() -> None:
    said = explain("The virtual environment was not created because ensurepip is not available.", "making", "venv")
    assert f"python3.{sys.version_info[1]}-venv" in said


def test_a_shim_that_stands_for_no_python_is_passed_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shim = tmp_path / "python3.13"
    shim.write_text("#!/bin/sh\nexit 127\n", encoding="utf-8")
    shim.chmod(0o755)
    real = {"python3.13": str(shim), "python3.12": None, "python3.11": sys.executable}
    monkeypatch.setattr(machine.shutil, "which", lambda name: real.get(name))
    found = machine.find_supported_python()
    assert found is None or Path(found).resolve() == Path(sys.executable).resolve()
    assert (found is not None) == (sys.version_info[:2] in machine.SUPPORTED)


def test_a_child_that_fails_hands_over_its_last_words_and_logs_them(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with pytest.raises(ChildError) as caught:
        run_logged(
            [sys.executable, "-c", "print('bad 坏'); raise SystemExit(3)"], tmp_path, {"PYTHONUTF8": "1"}, log, "trying"
        )
    assert "bad 坏" in caught.value.output
    assert "bad 坏" in log.read_text(encoding="utf-8")


@pytest.mark.parametrize("script", ["start.py", "check.py"])
def test_an_old_python_can_read_the_script_as_far_as_the_sentence(script: str) -> None:
    source = (bootstrap.ROOT / script).read_text(encoding="utf-8")
    before_check = source[: source.index("from tools.")]
    assert "sys.version_info < (3, 7)" in before_check
    assert 'f"' not in before_check


def test_an_unknown_tier_is_misuse(capsys: pytest.CaptureFixture[str]) -> None:
    assert checks.check(["units"]) == 2
    assert "usage" in capsys.readouterr().err


def test_options_for_pytest_follow_two_dashes() -> None:
    assert checks.split_at(["unit", "--", "-k", "x"], "--") == (["unit"], ["-k", "x"])
    assert checks.split_at(["unit"], "--") == (["unit"], [])


def test_a_pytest_that_went_down_counts_as_failed(environment: Environment, tmp_path: Path) -> None:
    run = checks.Run(environment, [])
    run._count(tmp_path / "missing.xml")
    assert run._counts["failed"] == 1


def test_help_needs_no_set_up() -> None:
    done = subprocess.run(
        [sys.executable, "check.py", "--help"], cwd=bootstrap.ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert "e2e" in done.stdout
