"""A whole session of the real application, on a network that looks alive: nobody is contacted, nobody can call in, and only our own
folder is written. docs/privacy.md says what each figure means; the planted leaks of test_planted_leaks.py show that the eyes are open.
"""

from __future__ import annotations

import collections
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from offline.live_network import NoLiveNetworkError, run_inside
from offline.system_calls import Calls, read_calls

PATIENCE_S = 3 * 3600 if os.environ.get("ELEPHANT_FAULTS") == "full" else 400
pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="namespaces are a matter of Linux"),
    pytest.mark.timeout(PATIENCE_S + 60),
]

# What these libraries bring along is imported by them and never used to reach anything; docs/privacy.md names why each is there.
EXPECTED_MODULES = {
    "_vectors": {"httpx", "grpc", "opentelemetry"},
    "_reader": {"urllib3"},
}
TELLING_MODULES = {
    "posthog", "opentelemetry", "requests", "httpx", "httpx2", "urllib3", "aiohttp", "grpc", "huggingface_hub", "modelscope",
    "onnxruntime", "kubernetes", "sentry_sdk",
}  # fmt: skip
# urllib3 binds a socket when it is imported, to see whether there is IPv6; the wall refuses even that.
EXPECTED_ATTEMPTS = {("_reader", "socket.bind", "urllib3.util.connection")}


class Session:
    """What a session left: its report, the calls of all its processes, and what they imported."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.report: dict[str, Any] = json.loads((folder / "report.json").read_text("utf-8"))
        self.calls: Calls | None = read_calls(*folder.glob("trace-*.log")) if self.report["is_traced"] else None
        self.facts = [json.loads(line) for line in (folder / "watched.jsonl").read_text("utf-8").splitlines()]

    def modules(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = collections.defaultdict(set)
        for fact in self.facts:
            if "module" in fact:
                found[fact["door"]].add(fact["module"])
        return found


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory, models_dir: Path) -> Session:
    folder = tmp_path_factory.mktemp("session")
    try:
        done = run_inside("offline.session", folder, PATIENCE_S, ELEPHANT_MODELS_DIR=str(models_dir))
    except NoLiveNetworkError as error:
        pytest.skip(f"NOT PROVEN HERE: this system refuses a network of our own ({error})")
    assert done.returncode == 0, f"{done.stderr[-2000:]}\nin {folder}"
    made = Session(folder)
    report = made.report
    counted = collections.Counter(item["kind"] for item in report["seen"])
    print(
        f"\n{report['minutes']} minutes, {report['actions']} actions, {report['files']} files, {counted['dns']} names looked up, "
        f"{counted['connection']} connections, {counted['packet']} packets, {len(report['listening'])} listening sockets"
    )
    return made


def test_the_session_was_one(session: Session) -> None:
    """Every note has come to an end, questions were answered, the crash was survived, and the window ended in order."""
    states = session.report["states"]
    assert set(states) <= {"ready", "failed", "skipped"}
    assert states["ready"] > states.get("failed", 0) + 20
    assert "ended with 0" in session.report["log"]
    assert set(session.modules()) == {"window", "_engine", "_model", "_vectors", "_reader"}


def test_nobody_is_contacted(session: Session) -> None:
    """Not for a model and not for a new version either: nobody has pressed a button for them."""
    assert session.report["seen"] == []


def test_nobody_can_call_in(session: Session) -> None:
    assert session.report["listening"] == {}


def test_no_system_call_names_an_internet_address(session: Session) -> None:
    if session.calls is None:
        pytest.skip("there is no strace here")
    assert session.calls.internet == set()
    assert all("X11-unix" in path for path in session.calls.unix), session.calls.unix


def test_the_window_never_waits_for_the_disk(session: Session) -> None:
    """A busy one takes seconds to have a file for good; whoever needs that waits on a thread or in a process of its own."""
    if session.calls is None:
        pytest.skip("there is no strace here")
    windows = read_calls(*session.folder.glob("trace-*-window.log"))
    assert windows.programs
    assert windows.held_up == set()


def test_only_our_own_programs_are_started(session: Session) -> None:
    if session.calls is None:
        pytest.skip("there is no strace here")
    assert session.calls.programs == {sys.executable}


def test_only_the_data_folder_is_written(session: Session) -> None:
    """Beside it: the folder for temporary files, and the folder of the models."""
    data, scratch = ".local/share/Elephant/", "scratch/"
    assert [name for name in session.report["home"] if not name.startswith((data, scratch))] == []
    assert session.report["changed"] == []
    if session.calls is not None:
        folder = session.folder
        ours = [
            folder / "home/.local/share/Elephant",
            folder / "home/scratch",
            folder / "models",
            folder / "watched.jsonl",
            folder / "exported",  # where a person said to write it
        ]
        theirs = ("/dev/null", str(folder / "home/.local"), str(folder / "home/.local/share"))
        strange = [
            path for path in session.calls.made if not path.startswith(tuple(map(str, ours))) and path not in theirs
        ]
        assert strange == []


def test_nothing_is_left_in_the_temporary_folder(session: Session) -> None:
    assert [name for name in session.report["home"] if name.startswith("scratch/")] == []


def test_the_data_folder_is_for_its_owner_alone(session: Session) -> None:
    assert session.report["open_to_others"] == []


def test_planted_words_stay_in_our_own_stores(session: Session) -> None:
    """In no log, window state, list of recent files, temporary file or title of a process; neither do names of notes that hold them."""
    assert session.report["carriers"] == []
    assert session.report["titles_with_words"] == []


def test_no_planted_word_is_left_when_its_notes_are_forgotten(session: Session) -> None:
    """Not even in our own stores, backups and index; names of notes stand on, because the files are still there."""
    assert session.report["carriers_when_forgotten"] == []


def test_libraries_that_could_reach_out_are_not_imported(session: Session) -> None:
    found = {
        door: {name.split(".")[0] for name in names} & TELLING_MODULES
        | {name for name in names if name.startswith("PySide6.QtNetwork")}
        for door, names in session.modules().items()
    }
    assert {door: names for door, names in found.items() if names} == EXPECTED_MODULES


def test_reporting_is_switched_off_before_any_library_is_imported(session: Session) -> None:
    told = [fact for fact in session.facts if "module" in fact]
    assert len({fact["door"] for fact in told}) == 5
    assert [fact for fact in told if not fact["private"]] == []


def test_python_code_does_not_even_try(session: Session) -> None:
    assert {(fact["door"], fact["tried"], fact["by"]) for fact in session.facts if "tried" in fact} <= EXPECTED_ATTEMPTS
