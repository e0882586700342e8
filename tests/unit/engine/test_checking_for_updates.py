"""A new version is asked for by a process of its own, when the user asks and never else."""

from __future__ import annotations

import ast
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from assistant import __version__
from assistant.domain.errors import Cancelled, ReleaseCheckError
from assistant.domain.releases import VARIABLE, ReleaseNews, ReleaseState, is_release_address, release_address
from assistant.engine.handlers import EngineService
from assistant.engine.paths import DataPaths, OwnerLock
from assistant.engine.release_process import DOOR, Announced, Asked
from assistant.engine.releases import ReleaseCheck, compared
from assistant.ipc import engine_messages as m
from assistant.ipc.release_messages import CheckForUpdate, UpdateChecked
from assistant.ipc.supervisor import ChildCommand
from assistant.ipc.wire import EventLine, RequestLine
from tests.unit.engine.announcing import OWN, Place, announcing_place

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def place(loopback: None) -> Iterator[Place]:
    with announcing_place() as made:
        yield made


def check(address: str, **more: Any) -> ReleaseNews:
    return ReleaseCheck(lambda: address, **more).ask(threading.Event())


# ---- the process that asks -------------------------------------------------------------------------------------------


def test_the_real_door_behind_its_wall_asks_the_place(place: Place) -> None:
    news = check(place.address, own_version="9.0")
    assert news == ReleaseNews(ReleaseState.NEWER, "9.0", "9.1", OWN["page"], OWN["notes"])
    assert len(place.asked) == 1
    assert place.asked[0][1]["User-Agent"] == "elephant"


def test_it_is_stopped_while_the_place_is_silent(place: Place) -> None:
    place.is_silent = True
    cancelled = threading.Event()
    stopper = threading.Thread(target=lambda: place.arrived.wait(20) and cancelled.set())
    stopper.start()
    with pytest.raises(Cancelled):
        ReleaseCheck(lambda: place.address).ask(cancelled)
    stopper.join()
    assert len(place.asked) == 1


def test_a_place_that_is_too_slow_is_named(place: Place) -> None:
    place.is_silent = True
    with pytest.raises(ReleaseCheckError) as caught:
        check(place.address, limit_s=0.5)
    assert caught.value.fields == {"reason": "slow", "place": "127.0.0.1"}


def test_nobody_there_is_told_and_not_tried_again(loopback: None) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(ReleaseCheckError) as caught:
            check(f"http://127.0.0.1:{free.getsockname()[1]}/latest")
    assert caught.value.fields["reason"] == "no-network"


def test_it_ends_with_whoever_started_it(place: Place) -> None:
    place.is_silent = True
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", DOOR], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    assert process.stdin is not None
    process.stdin.write(msgspec.json.encode(Asked(place.address)) + b"\n")
    process.stdin.flush()
    assert place.arrived.wait(20)
    assert process.poll() is None
    process.stdin.close()
    assert process.wait(20) == 1


@pytest.mark.parametrize("code", ["", "print('hello')", "import os; os._exit(3)"])
def test_a_process_that_ends_without_a_word_of_its_own_is_told_as_our_failure(place: Place, code: str) -> None:
    with pytest.raises(ReleaseCheckError) as caught:
        check(place.address, command=ChildCommand((sys.executable, "-c", code)))
    assert caught.value.fields["reason"] == "failed"


# ---- what it means ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "announced", "state"),
    [
        ("1.0", "1.0.1", "newer"),
        ("1.9", "1.10", "newer"),
        ("1.0rc1", "1.0", "newer"),
        ("1.0rc1", "1.0rc2", "newer"),
        ("1.0.dev3", "1.1b1", "newer"),
        ("1.0", "1.0", "same"),
        ("1.0", "1.0.0", "same"),
        ("1.0", "2.0rc1", "same"),
        ("1.0", "2.0.dev1", "same"),
        ("1.0", "0.9", "older"),
        ("1.1.dev1", "1.0", "older"),
        ("1.0+local", "1.0", "older"),
    ],
)
def test_versions_are_compared_as_versions_and_a_release_is_offered_releases_only(
    own: str, announced: str, state: str
) -> None:
    news = compared(own, Announced("", announced, "https://a.example", "x"), "a.example")
    assert news.state == state
    assert news.own == own
    if state == "same":
        assert (news.version, news.page, news.notes) == (own, "", "")


def test_what_a_forge_calls_a_trial_is_no_offer_to_a_release() -> None:
    trial = Announced("", "2.0", "https://a.example", "x", is_trial=True)
    assert compared("1.0", trial, "a.example") == ReleaseNews(ReleaseState.SAME, "1.0", "1.0")
    assert compared("1.0rc1", trial, "a.example").state is ReleaseState.NEWER


@pytest.mark.parametrize("announced", ["nightly", "1.0; rm -rf", "１.x"])
def test_what_is_no_version_is_not_understood(announced: str) -> None:
    with pytest.raises(ReleaseCheckError) as caught:
        compared("1.0", Announced("", announced, "https://a.example"), "a.example")
    assert caught.value.fields == {"reason": "garbled", "place": "a.example"}


def test_our_own_version_can_be_compared() -> None:
    assert compared(__version__, Announced("", __version__, "https://a.example"), "").state is ReleaseState.SAME


# ---- the address -----------------------------------------------------------------------------------------------------


def test_a_checkout_and_an_installation_have_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert release_address() == ""
    with pytest.raises(ReleaseCheckError) as caught:
        ReleaseCheck().ask(threading.Event())
    assert caught.value.fields == {"reason": "no-address", "place": ""}


@pytest.mark.parametrize(
    ("built", "address"),
    [
        ('{"releases": "https://a.example/latest", "version": "1.0"}', "https://a.example/latest"),
        ('{"releases": ""}', ""),
        ("{}", ""),
        ('{"releases": 5}', ""),
        ("[]", ""),
        ("not json", ""),
        (None, ""),
    ],
)
def test_the_frozen_program_says_its_address(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, built: str | None, address: str
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    if built is not None:
        (tmp_path / "about").mkdir()
        (tmp_path / "about" / "build.json").write_text(built, "utf-8")
    assert release_address() == address


def test_the_environment_takes_its_place_and_can_take_it_away(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    (tmp_path / "about").mkdir()
    (tmp_path / "about" / "build.json").write_text('{"releases": "https://a.example/latest"}', "utf-8")
    monkeypatch.setenv(VARIABLE, " https://b.example/latest ")
    assert release_address() == "https://b.example/latest"
    monkeypatch.setenv(VARIABLE, "")
    assert release_address() == ""


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("https://a.example/latest", True),
        ("http://127.0.0.1:8000/latest", True),
        ("http://localhost/latest", True),
        ("", False),
        ("http://a.example/latest", False),
        ("ftp://a.example/latest", False),
        ("file:///etc/passwd", False),
        ("https://name:secret@a.example/latest", False),
        ("https://a.example/latest?who=you", False),
        ("https://a.example/la test", False),
        ("https://例子.example/latest", False),
        ("https://a.example/" + "x" * 2_000, False),
    ],
)
def test_only_a_safe_and_plain_address_is_asked(address: str, *, is_one: bool) -> None:
    assert is_release_address(address) is is_one
    if not is_one:
        with pytest.raises(ReleaseCheckError) as caught:
            check(address, command=ChildCommand(("no-such-program",)))
        assert caught.value.fields["reason"] == ("bad-address" if address else "no-address")


# ---- only when asked -------------------------------------------------------------------------------------------------


class _Window:
    """Plays the window to an engine service in this process."""

    def __init__(self, data: Path) -> None:
        from_us, self._to_them = os.pipe()
        self._from_them, from_them = os.pipe()
        self._reader = os.fdopen(self._from_them, "rb")
        self._theirs = (os.fdopen(from_us, "rb"), os.fdopen(from_them, "wb"))
        self._service = EngineService(DataPaths(data), "", *self._theirs)
        self._thread = threading.Thread(target=self._service.run)
        self._thread.start()
        self._next_id = 1

    def say(self, body: Any) -> Any:
        call_id, self._next_id = self._next_id, self._next_id + 1
        os.write(self._to_them, msgspec.json.encode(RequestLine(id=call_id, body=body)) + b"\n")
        for line in self._reader:
            event = msgspec.json.decode(line, type=EventLine[m.EngineEvent])
            if event.id == call_id and event.last:
                assert event.error is None, event.error
                return event.body
        raise AssertionError("the engine has gone")

    def close(self) -> None:
        os.close(self._to_them)
        self._thread.join()
        self._service.close()
        self._reader.close()
        for end in self._theirs:
            end.close()


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The doors of all processes that are started."""
    doors: list[str] = []

    class Seen(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, args: Any, *more: Any, **named: Any) -> None:
            doors.extend(word for word in args if word.startswith("_"))
            super().__init__(args, *more, **named)

    monkeypatch.setattr(subprocess, "Popen", Seen)
    return doors


def test_an_engine_that_starts_indexes_and_answers_asks_nobody_until_it_is_told_to(
    place: Place, started: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, place.address)
    monkeypatch.setenv("ELEPHANT_MODELS_DIR", str(tmp_path / "no-models"))
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "lisbon.md").write_text("# Lisbon\n\nThe flight leaves at 8:40 from gate 12.\n", "utf-8")
    window = _Window(tmp_path / "data")
    try:
        assert window.say(m.Hello()).version == __version__
        window.say(m.AddFolder(str(notes)))
        window.say(m.RescanFolder())
        until = threading.Event()
        for _look in range(200):
            if window.say(m.SearchNotes("flight")).passages:
                break
            until.wait(0.05)
        assert window.say(m.SearchNotes("flight")).passages
        window.say(m.ListModels())
        window.say(m.GetStatus())
        assert "_reader" in started, "it is seen which processes are started"
        assert not {"_release", "_fetch"} & set(started)
        assert place.asked == []

        checked = window.say(CheckForUpdate())
        assert isinstance(checked, UpdateChecked)
        assert checked.news.state is ReleaseState.NEWER
        assert started.count("_release") == 1
        assert len(place.asked) == 1
    finally:
        window.close()


def _sources() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted((ROOT / "assistant").rglob("*.py")):
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8"))


def test_nothing_else_in_the_program_can_ask() -> None:
    """Who starts the process, who calls them, and who sends the request: one way from the button, one from the command."""
    naming: dict[str, set[str]] = {
        name: set() for name in ("_release", "release_process", "releases", "CheckForUpdate")
    }
    for path, tree in _sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and node.value == "_release":
                naming["_release"].add(path)
            if isinstance(node, ast.ImportFrom) and node.module == "assistant.engine.release_process":
                naming["release_process"].add(path)
            if isinstance(node, ast.ImportFrom) and node.module == "assistant.engine.releases":
                naming["releases"].add(path)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "CheckForUpdate":
                naming["CheckForUpdate"].add(path)
    assert naming == {
        "_release": {"assistant/__main__.py", "assistant/engine/release_process.py"},
        "release_process": {"assistant/engine/releases.py"},
        "releases": {"assistant/cli/commands.py", "assistant/engine/handlers.py"},
        "CheckForUpdate": {"assistant/desktop/settings/update_box.py"},
    }


# ---- the command -----------------------------------------------------------------------------------------------------


def elephant(address: str, data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "assistant", "--data-dir", str(data), *words],
        cwd=ROOT, env={**os.environ, VARIABLE: address}, capture_output=True, encoding="utf-8", timeout=100,
    )  # fmt: skip


def test_the_command_tells_what_is_new_and_whom_it_asked(place: Place, tmp_path: Path) -> None:
    done = elephant(place.address, tmp_path / "data", "check-update")
    assert done.returncode == 0
    assert done.stdout == f"Version 9.1 is there; this is {__version__}.\n{OWN['page']}\n\n{OWN['notes']}\n"
    assert done.stderr == f"Asking {place.address}\n"
    assert list((tmp_path / "data").glob("*")) == []


def test_the_command_works_while_a_window_is_open_on_the_data_folder(place: Place, tmp_path: Path) -> None:
    place.data = json.dumps({**OWN, "version": __version__}).encode()
    paths = DataPaths(tmp_path / "data")
    paths.make()
    lock = OwnerLock(paths)
    lock.take(0.0)
    try:
        done = elephant(place.address, tmp_path / "data", "--json", "check-update")
    finally:
        lock.release()
    assert done.returncode == 0
    assert json.loads(done.stdout) == {
        "state": "same",
        "version": __version__,
        "announced": __version__,
        "page": "",
        "notes": "",
        "address": place.address,
    }


def test_the_command_says_a_failure_in_one_line(place: Place, tmp_path: Path) -> None:
    place.status = 404
    done = elephant(place.address, tmp_path / "data", "check-update")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "127.0.0.1 has no such page any more" in done.stderr
    done = elephant("", tmp_path / "data", "check-update", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"] == "release-check"
    assert "does not know where new versions are announced" in done.stderr
