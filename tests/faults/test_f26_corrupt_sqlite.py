"""Catalog or conversations are damaged, at rest or after a kill: noticed; made again from the notes, or from the last backup, and said."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.chat.conversations import ConversationStore
from assistant.domain.answers import Answer, TurnState
from assistant.domain.errors import StoreUnavailableError
from tests.faults.conftest import Fault
from tests.faults.pictures import differences
from tests.unit.library.library_fakes import Bench, picture

PAGE = 4096
Damage = Callable[[Path], None]


def header(path: Path) -> None:
    _overwrite(path, 0, 100)


def first_page(path: Path) -> None:
    _overwrite(path, 100, PAGE - 100)


def middle_page(path: Path) -> None:
    _overwrite(path, path.stat().st_size // PAGE // 2 * PAGE, PAGE)


def pages_here_and_there(path: Path) -> None:
    for page in range(2, path.stat().st_size // PAGE, 5):
        _overwrite(path, page * PAGE, PAGE)


def last_page(path: Path) -> None:
    _overwrite(path, path.stat().st_size - PAGE, PAGE)


def cut_in_half(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def cut_at_a_page(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2 // PAGE * PAGE)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def zero(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def other_file(path: Path) -> None:
    path.write_bytes(b"something else altogether " * 1000)


def gone(path: Path) -> None:
    path.unlink()


def _overwrite(path: Path, start: int, length: int) -> None:
    with path.open("r+b") as file:
        file.seek(start)
        file.write(random.Random(start).randbytes(length))


AT_REST = [
    header, first_page, middle_page, pages_here_and_there, last_page, cut_in_half, cut_at_a_page, empty, zero, other_file, gone,
]  # fmt: skip
IN_THE_LOG = [header, middle_page, last_page, cut_in_half, empty, zero, gone]


def of_its_log(damage: Damage) -> Damage:
    return lambda path: damage(path.with_name(path.name + "-wal"))


# ---- conversations: precious -------------------------------------------------------------------------------------------------

CHATS = 40


def fill(store: ConversationStore, chats: int, name: str) -> None:
    for number in range(chats):
        _, turn = store.start_turn(f"{name} {number} " + "What did the elephant remember? " * 20)
        store.finish_turn(turn.id, Answer(text="Everything, and where it was. " * 30), TurnState.DONE)


def questions(store: ConversationStore) -> list[str]:
    return sorted(
        turn.question[:20] for one in store.list_conversations() for turn in store.open_conversation(one.id)[1]
    )


@pytest.fixture(scope="module")
def chats(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed store: CHATS conversations in its last backup and one that came after it."""
    folder = tmp_path_factory.mktemp("chats")
    store = ConversationStore(folder / "conversations.sqlite", folder / "backups")
    fill(store, CHATS, "before")
    store.backup()
    fill(store, 1, "after")
    store.close()
    return folder


@pytest.mark.parametrize("damage", AT_REST)
def test_damaged_conversations_come_back_from_the_last_backup(
    fault: Fault, chats: Path, tmp_path: Path, damage: Damage
) -> None:
    folder = Path(shutil.copytree(chats, tmp_path / "data"))
    path = folder / "conversations.sqlite"
    with fault.trial():
        damage(path)
        found = path.read_bytes() if path.exists() else b""
        store = ConversationStore(path, folder / "backups")
        try:
            report = store.report
            assert report.restored is not None
            assert report.restored.number == 1
            assert (report.conversations, report.turns) == (CHATS, CHATS), "what is said to be there"
            assert len(questions(store)) == CHATS
            if damage is not gone:
                assert report.moved_aside is not None
                assert report.moved_aside.read_bytes() == found, (
                    "what was damaged is kept for whoever can read more out of it"
                )
            fill(store, 1, "goes on")
        finally:
            store.close()
        again = ConversationStore(path, folder / "backups")
        assert again.report.restored is None
        assert len(questions(again)) == CHATS + 1
        again.close()


@pytest.mark.parametrize("damage", IN_THE_LOG)
def test_log_of_the_conversations_may_be_damaged_or_lost(
    fault: Fault, chats: Path, tmp_path: Path, damage: Damage
) -> None:
    """All that was answered stands in the file itself; what is being answered is cut at most."""
    live = Path(shutil.copytree(chats, tmp_path / "live"))
    store = ConversationStore(live / "conversations.sqlite", live / "backups")
    fill(store, 3, "new")
    conversation, turn = store.start_turn("and this one?")
    for words in range(8):
        store.save_partial(turn.id, Answer(text="word " * 200 * words))
    killed = Path(shutil.copytree(live, tmp_path / "killed"))
    store.close()
    with fault.trial():
        path = killed / "conversations.sqlite"
        assert path.with_name(path.name + "-wal").stat().st_size > PAGE
        of_its_log(damage)(path)
        again = ConversationStore(path, killed / "backups")
        assert again.report.restored is None
        assert len(questions(again)) == CHATS + 1 + 3 + 1
        _, (cut,) = again.open_conversation(conversation.id)
        assert (cut.question, cut.state) == ("and this one?", TurnState.CUT)
        again.close()


def test_damaged_backup_is_passed_over(fault: Fault, chats: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(chats, tmp_path / "data"))
    store = ConversationStore(folder / "conversations.sqlite", folder / "backups")
    newest = store.backup()
    store.close()
    with fault.trial():
        middle_page(newest.path)
        header(folder / "conversations.sqlite")
        again = ConversationStore(folder / "conversations.sqlite", folder / "backups")
        assert again.report.restored is not None
        assert again.report.restored.number == 1
        assert len(questions(again)) == CHATS
        again.close()


# ---- the catalog: made again from the notes ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, dict[str, object]]:
    """Data of a closed library and of one that was killed, and what they hold."""
    base = tmp_path_factory.mktemp("library")
    bench = Bench(base)
    for number in range(60):
        bench.write(f"{number % 5}/{number}.md", f"# Note {number}\n\n" + f"Words of note {number}. " * 40)
    bench.add()
    bench.reopen()
    for number in range(5):
        bench.write(f"later/{number}.md", f"Written later, number {number}.")
    bench.settle()
    killed = Path(shutil.copytree(bench.data, base / "killed"))
    right = picture(bench)
    bench.library.close()
    return base, killed, right


@pytest.mark.parametrize("is_killed", [False, True], ids=["at-rest", "killed"])
@pytest.mark.parametrize("damage", AT_REST)
def test_damaged_catalog_is_made_again_from_the_notes(
    fault: Fault,
    library: tuple[Path, Path, dict[str, object]],
    tmp_path: Path,
    damage: Damage,
    is_killed: bool,
) -> None:
    base, killed, right = library
    with fault.trial():
        rebuilt = _recovered(base / "notes", killed if is_killed else base / "data", tmp_path, damage, right)
        assert rebuilt or is_killed or damage is gone


def test_damage_that_shows_while_running_has_the_catalog_made_again(fault: Fault, tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    for number in range(300):
        bench.write(f"{number}.md", f"Words of note {number}. " * 60)
    bench.add()
    right = picture(bench)
    with fault.trial():
        bench.library.catalog.database.checkpoint()
        pages_here_and_there(bench.data / "index" / "catalog.sqlite")
        with pytest.raises(StoreUnavailableError) as noticed:
            _read_everything(bench)
        assert noticed.value.fields["reason"] == "damaged"
        assert bench.library.is_damaged
        bench.reopen()  # as the engine does then
        bench.settle()
        assert bench.library.rebuilt
        found = picture(bench)
        bench.library.close()
        assert differences(found, right) == []


def _read_everything(bench: Bench) -> None:
    for table in ("files", "chunks", "vectors", "keyword"):
        bench.rows(f"SELECT * FROM {table}")


@pytest.mark.parametrize("damage", IN_THE_LOG)
def test_log_of_the_catalog_may_be_damaged_or_lost(
    fault: Fault, library: tuple[Path, Path, dict[str, object]], tmp_path: Path, damage: Damage
) -> None:
    base, killed, right = library
    with fault.trial():
        _recovered(base / "notes", killed, tmp_path, of_its_log(damage), right)


def _recovered(notes: Path, data: Path, base: Path, damage: Damage, right: dict[str, object]) -> str:
    """Why the catalog was made anew, "" if it was not; either way it equals the notes."""
    copy = Path(shutil.copytree(data, base / "data"))
    damage(copy / "index" / "catalog.sqlite")
    (base / "notes").symlink_to(notes)
    bench = Bench(base)
    try:
        bench.settle()
        assert len(bench.states()) == 65
        found = picture(bench)
        assert differences(found, right) == []
        return bench.library.rebuilt
    finally:
        bench.library.close()
