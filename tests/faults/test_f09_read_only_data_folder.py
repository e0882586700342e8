"""F09: the data folder cannot be written. It opens, searches and answers from what is there, says so, and keeps nothing."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from whole_engine import WholeEngine, elephant, whole_engine

from assistant.domain.errors import StoreUnavailableError
from assistant.engine.read_only import PREFIX, is_read_only
from assistant.ipc import engine_messages as m
from tests.faults.conftest import Fault

ROOT = Path(__file__).resolve().parents[2]


def _run(*command: str) -> bool:
    return shutil.which(command[0]) is not None and subprocess.run(command, capture_output=True).returncode == 0


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Callable[[Path], None]]:
    """Make a folder unwritable: for root by a mount, else by its permissions."""
    made: list[Path] = []

    def make(folder: Path) -> None:
        if os.name == "posix" and os.geteuid() != 0:
            for path in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
                path.chmod(0o500)
        elif not (
            _run("mount", "--bind", str(folder), str(folder)) and _run("mount", "-o", "remount,bind,ro", str(folder))
        ):
            pytest.skip("no mounts may be made here, and permissions do not bind this user")
        made.append(folder)
        assert is_read_only(folder)

    yield make
    for folder in made:
        if not _run("umount", str(folder)):
            for path in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
                path.chmod(0o700)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def _fingerprint(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.timeout(300)
def test_folder_that_cannot_be_written_is_searched_and_answered_from(
    shared_engine: WholeEngine,
    tmp_path: Path,
    temporary: Path,
    read_only: Callable[[Path], None],
    fault: Fault,
    scale: Callable[[int, int], int],
) -> None:
    # As a kill leaves it: what was written last stands in the logs beside the stores.
    data = tmp_path / "data"
    conversation = shared_engine.say(m.Ask("Hello!")).turn.conversation_id
    shutil.copytree(shared_engine.data_dir, data)
    before = _fingerprint(data)
    read_only(data)
    for _ in range(scale(1, 5)):
        with fault.trial():
            with whole_engine(data) as engine:
                welcome = engine.say(m.Hello())
                assert welcome.read_only
                assert welcome.data_dir == str(data)
                assert welcome.status.counts.ready >= 3
                found = engine.say(m.SearchNotes("At what hour do we depart by plane?"))
                assert found.passages[0].note == "Lisbon.md"
                assert "8:40" in engine.say(m.OpenSource(found.passages[0].folder_id, "Lisbon.md")).document.text
                assert [turn.question for turn in engine.say(m.OpenConversation(conversation)).turns] == ["Hello!"]
                assert engine.ask("How long is bread baked?").answer.passages
                for refused in (m.AddFolder(str(tmp_path)), m.RescanFolder()):
                    with pytest.raises(StoreUnavailableError) as caught:
                        engine.say(refused)
                    assert caught.value.reason == "read-only"
            assert _fingerprint(data) == before
            assert not list(temporary.glob(PREFIX + "*")), "the copy is thrown away"
    with fault.trial():
        refused = elephant(data, "index", str(tmp_path))
        assert refused.returncode == 1
        assert refused.stderr.count("cannot be written") == 2, "first as news, then as the reason"
    if scale(0, 1):
        found = elephant(data, "search", "Lisbon", "--top", "1")
        assert found.returncode == 0, found.stderr
        assert json.loads(found.stdout)["results"][0]["note"] == "Lisbon.md"


@pytest.mark.timeout(300)
def test_window_opens_on_a_folder_that_cannot_be_written_and_leaves_nothing_behind(
    tmp_path: Path, temporary: Path, read_only: Callable[[Path], None], fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ELEPHANT_MODELS_DIR", str(tmp_path / "none"))
    data = tmp_path / "data"
    data.mkdir()
    read_only(data)
    code = (
        "import sys\nfrom PySide6.QtCore import QTimer\nimport assistant.desktop.shell.app as app\n"
        "start = app.Desktop.start\n"
        "def watched(self, folder=''):\n"
        "    def say(welcome):\n"
        "        QTimer.singleShot(0, told)\n"
        "    def told():\n"
        "        print(self.window.status_line.state.text(), '|', self.window.notice.text, flush=True)\n"
        "        self.window.close()\n"
        "    self.client.welcomed.connect(say)\n"
        "    self.keep = say\n"
        "    start(self, folder)\n"
        "app.Desktop.start = watched\n"
        f"sys.exit(app.main(['--data-dir', {str(data)!r}]))\n"
    )
    with fault.trial():
        ran = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=200,
            env=os.environ | {"LANGUAGE": "en", "LANG": "C", "LC_ALL": "C"},
        )  # fmt: skip
        assert ran.stdout.startswith("Read-only | Elephant's folder cannot be written."), ran.stdout + ran.stderr
        assert ran.returncode == 0
        assert list(data.iterdir()) == []
