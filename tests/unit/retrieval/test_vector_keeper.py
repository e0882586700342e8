"""What the vector process believes of its folder at a start, over an index that keeps Chroma's contract in a file."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from assistant.domain.errors import StoreUnavailableError
from assistant.models.ports import FloatMatrix
from assistant.retrieval import chroma_folder, vector_keeper
from assistant.retrieval.vector_keeper import VectorKeeper


class FileIndex:
    """Rows in one JSON file. As Chroma does, it writes to its folder when it is opened. `lying`: ids it does not find."""

    lying: frozenset[str] = frozenset()

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._path = folder / "data_level0.bin"
        found = json.loads(self._path.read_text()) if self._path.exists() else {"opened": 0, "rows": {}}
        self.rows: dict[str, list[float]] = found["rows"]
        self._opened = found["opened"] + 1
        self._save()

    def _save(self) -> None:
        self._path.write_text(json.dumps({"opened": self._opened, "rows": self.rows}))

    def count(self) -> int:
        return len(self.rows)

    def ids(self) -> list[str]:
        return list(self.rows)

    def known(self, ids: Sequence[str]) -> int:
        return len(self.rows.keys() & set(ids))

    def held(self, ids: Sequence[str], vectors: FloatMatrix) -> list[int]:
        return [place for place, one in enumerate(ids) if self.rows.get(one) == vectors[place].tolist()]

    def lost(self, ids: Sequence[str], vectors: FloatMatrix) -> int:
        return len(self.lying & self.rows.keys() & set(ids))

    def sample(self, most: int, seed: int) -> tuple[list[str], FloatMatrix]:
        ids = list(self.rows)[:most]
        return ids, np.array([self.rows[one] for one in ids], np.float32)

    def upsert(self, ids: Sequence[str], vectors: FloatMatrix) -> None:
        self.rows |= {one: row.tolist() for one, row in zip(ids, vectors, strict=True)}
        self._save()

    def delete(self, ids: Sequence[str]) -> int:
        return sum(self.rows.pop(one, None) is not None for one in ids)

    def close(self) -> None:
        self._save()


@pytest.fixture(autouse=True)
def _without_chroma(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_keeper, "ChromaIndex", FileIndex)
    monkeypatch.setattr(FileIndex, "lying", frozenset())


IDS = ["a", "b", "c"]
ROWS = np.eye(3, dtype=np.float32)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """As a clean end leaves it."""
    keeper = VectorKeeper(tmp_path)
    keeper.upsert(IDS, ROWS)
    keeper.close()
    return tmp_path


def killed(keeper: VectorKeeper) -> None:
    """The system takes the lock away from a dead process, and nothing else happens."""
    keeper._folder.release()


def state_at_start(root: Path) -> tuple[str, str]:
    keeper = VectorKeeper(root)
    state = keeper.state()
    keeper.close()
    return state.state, state.reason


def test_closed_index_is_believed_again_and_again(root: Path) -> None:
    assert [state_at_start(root) for _ in range(3)] == [("good", "")] * 3


def test_kill_without_a_write_is_no_reason_to_doubt(root: Path) -> None:
    keeper = VectorKeeper(root)
    assert keeper.state().state == "good"
    killed(keeper)
    assert state_at_start(root) == ("good", "")


def test_kill_after_a_write_asks_for_a_probe(root: Path) -> None:
    keeper = VectorKeeper(root)
    keeper.upsert(["d"], ROWS[:1])
    killed(keeper)
    again = VectorKeeper(root)
    assert again.state().reason == "not closed cleanly"
    assert again.probe(IDS, ROWS, -1, more=True).state == "unproven"
    assert again.state().state == "doubtful", "the probe goes on"
    assert again.probe([], None, -1).state == "good"
    again.close()
    assert state_at_start(root) == ("good", "")


@pytest.mark.parametrize("wrong", ["another vector", "not found"])
def test_what_fails_its_probe_is_not_opened_any_more(
    root: Path, wrong: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (root / "dirty").touch()
    if wrong == "not found":
        monkeypatch.setattr(FileIndex, "lying", frozenset("b"))
    keeper = VectorKeeper(root)
    rows = ROWS if wrong == "not found" else ROWS[::-1].copy()
    assert keeper.probe(IDS, rows, -1, more=True).state == "doubtful"
    keeper.close()
    assert state_at_start(root) == ("doubtful", "opening it failed before")


def test_change_at_rest_is_noticed_and_ends_with_a_rebuild(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    data = next(root.glob("index-*/data_level0.bin"))
    data.write_text(data.read_text().replace("1.0", "0.5", 1))
    assert state_at_start(root) == ("doubtful", "data_level0.bin is not as it was left")
    keeper = VectorKeeper(root)
    keeper.begin_rebuild()
    keeper.add_to_rebuild(IDS, ROWS)
    assert keeper.finish_rebuild(3).state == "good"
    keeper.close()
    assert state_at_start(root) == ("good", "")


def test_index_without_a_seal_is_probed(root: Path) -> None:
    (root / "seal.json").unlink()
    assert state_at_start(root) == ("doubtful", "not closed cleanly")


def test_changes_are_counted_over_restarts_and_kills(root: Path) -> None:
    keeper = VectorKeeper(root)
    keeper.upsert(IDS, ROWS)
    keeper.close()
    again = VectorKeeper(root)
    assert again.state().changed == 3
    again.upsert(IDS[:1], ROWS[:1])
    killed(again)
    after_kill = VectorKeeper(root)
    assert after_kill.state().changed >= 4
    after_kill.close()


def test_self_check_counts_what_is_not_found_and_has_no_consequence(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = VectorKeeper(root)
    assert keeper.check([*IDS, "unknown"], np.vstack([ROWS, ROWS[:1]])) == (3, 0)
    monkeypatch.setattr(FileIndex, "lying", frozenset("b"))
    assert keeper.check(IDS, ROWS) == (3, 1)
    assert keeper.check(["b"], ROWS[:1]) == (0, 0), "another vector is on its way, that is no miss"
    assert keeper.state().state == "good"
    keeper.close()


def test_index_of_another_chroma_is_not_opened(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    named = root / "in-use.json"
    named.write_text(named.read_text("utf-8").replace('"chroma": "', '"chroma": "0.'), "utf-8")
    assert state_at_start(root) == ("doubtful", "made by another version")


def test_second_process_does_not_touch_a_folder_in_use(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chroma_folder, "LOCK_PATIENCE_S", 0.1)
    first, second = VectorKeeper(root), VectorKeeper(root)
    assert first.state().state == "good"
    with pytest.raises(StoreUnavailableError):
        second.state()
    first.close()
    assert second.state().state == "good"
    second.close()


def test_process_waits_for_a_dying_predecessor(root: Path) -> None:
    first, second = VectorKeeper(root), VectorKeeper(root)
    assert first.state().state == "good"
    found: list[str] = []
    waiting = threading.Thread(target=lambda: found.append(second.state().state))
    waiting.start()
    time.sleep(0.1)
    assert not found
    first.close()
    waiting.join(60)
    assert found == ["good"]
    second.close()


def test_folder_that_cannot_be_used_says_so(tmp_path: Path) -> None:
    (tmp_path / "chroma").write_text("a file where the folder should be")
    with pytest.raises(StoreUnavailableError):
        VectorKeeper(tmp_path / "chroma").state()
