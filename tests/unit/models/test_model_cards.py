"""What a card says: what the file says of itself, the memory it takes, and whether that is there."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from assistant.domain.errors import Cancelled, ModelUnavailableError
from assistant.domain.model_fit import Fit, best_of, fit_of
from assistant.domain.models import ModelRole
from assistant.models.checksums import CHECKSUMS_NAME, Checksums
from assistant.models.gguf_file import Entry, Kind, read_header
from assistant.models.manifest import Manifest, read_manifest
from assistant.models.model_check import needed_bytes
from assistant.models.model_facts import facts_of
from assistant.models.shelf import Shelf
from tests.unit.models.gguf_samples import CHAT_ENTRIES, write_sample

GB = 10**9
SAID: list[Entry] = [
    *CHAT_ENTRIES,
    ("general.organization", Kind.STRING, "Ada\n  Lovelace Labs" + "!" * 200),
    ("general.license", Kind.STRING, "apache-2.0"),
    ("general.file_type", Kind.UINT32, 15),
]


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "models", manifest=Manifest(()), machine_memory=lambda: 10 * GB)


def test_a_card_says_what_the_file_says(shelf: Shelf, tmp_path: Path) -> None:
    entry, _known = shelf.inspect(write_sample(tmp_path / "said.gguf", SAID))
    assert entry.maker.startswith("Ada Lovelace Labs!")
    assert len(entry.maker) == 80
    assert (entry.licence, entry.quantisation, entry.parameters) == ("apache-2.0", "Q4_K_M", 64)
    assert entry.context_tokens == 2048


def test_what_a_file_does_not_say_stays_unsaid_and_the_weights_tell_their_own_type(tmp_path: Path) -> None:
    path = write_sample(tmp_path / "silent.gguf", [("general.architecture", Kind.STRING, "llama")])
    facts = facts_of(read_header(path), path)
    assert (facts.maker, facts.licence, facts.languages) == ("", "", ())
    assert (facts.title, facts.quantisation) == ("silent", "F32")


def test_memory_is_weights_and_context_and_what_comes_with_any_model(tmp_path: Path) -> None:
    header = read_header(write_sample(tmp_path / "m.gguf"))
    short, long = needed_bytes(header, 1024), needed_bytes(header, 2048)
    # 2 layers, 2 heads for keys and values of 64 / 4 each, 2 bytes a number
    assert long - short == 1024 * 2 * 2 * (16 + 16) * 2
    assert short > header.tensor_bytes


def test_heads_that_are_named_layer_by_layer_are_counted_so(tmp_path: Path) -> None:
    entries: list[Entry] = [entry for entry in CHAT_ENTRIES if entry[0] != "llama.attention.head_count_kv"]
    entries.append(("llama.attention.head_count_kv", Kind.ARRAY, Kind.INT32, [4, 0]))
    header = read_header(write_sample(tmp_path / "m.gguf", entries))
    assert needed_bytes(header, 2000) - needed_bytes(header, 1000) == 1000 * 4 * (16 + 16) * 2


@pytest.mark.parametrize(
    ("needed", "free", "total", "fit"),
    [
        (1 * GB, 8 * GB, 16 * GB, Fit.COMFORTABLY),
        (7 * GB, 8 * GB, 16 * GB, Fit.TIGHTLY),
        (12 * GB, 16 * GB, 16 * GB, Fit.TIGHTLY),
        (9 * GB, 8 * GB, 16 * GB, Fit.NOT_NOW),
        (16 * GB, 15 * GB, 16 * GB, Fit.NOT),
        (40 * GB, 8 * GB, 16 * GB, Fit.NOT),
    ],
)
def test_a_model_fits_with_room_or_tightly_or_not(needed: int, free: int, total: int, fit: Fit) -> None:
    assert fit_of(needed, free, total) is fit


def test_without_the_largest_the_next_best_is_used(shelf: Shelf, tmp_path: Path) -> None:
    for name, weights in (("small", 100), ("large", 900)):
        shelf.add(write_sample(tmp_path / f"{name}.gguf", weights=weights))
    entries = shelf.entries()
    best = best_of(entries, ModelRole.CHAT)
    assert best is not None
    assert best.name == "large"
    rest = best_of([entry for entry in entries if entry != best], ModelRole.CHAT)
    assert rest is not None
    assert rest.name == "small"
    assert best_of([], ModelRole.CHAT) is None


# ---- adding ----------------------------------------------------------------------------------------------------------


def test_a_copy_tells_how_far_it_is_and_keeps_its_checksum(shelf: Shelf, tmp_path: Path) -> None:
    path = write_sample(tmp_path / "mine.gguf", weights=3_000_000)  # 12 MB: several steps
    seen: list[int] = []
    added = shelf.add(path, copy=True, progress=lambda stage, done, total: seen.append(done))
    assert seen == sorted(seen)
    assert len(seen) > 3
    assert Checksums(tmp_path / "models" / CHECKSUMS_NAME).known(Path(added.file))


def test_a_stopped_copy_leaves_nothing(shelf: Shelf, tmp_path: Path) -> None:
    path = write_sample(tmp_path / "mine.gguf", weights=3_000_000)
    stop = threading.Event()
    with pytest.raises(Cancelled):
        shelf.add(path, copy=True, progress=lambda stage, done, total: stop.set(), cancelled=stop)
    assert not list((tmp_path / "models").glob("mine*"))
    assert shelf.entries() == []


def test_a_copy_never_takes_the_place_of_another_model_of_its_name(shelf: Shelf, tmp_path: Path) -> None:
    first = write_sample(tmp_path / "one" / "twin.gguf")
    second = write_sample(tmp_path / "two" / "twin.gguf", weights=99)
    shelf.add(first, copy=True)
    assert Path(shelf.add(second, copy=True).file).name == "twin-2.gguf"
    assert (tmp_path / "models" / "twin.gguf").read_bytes() == first.read_bytes()


def test_the_same_bytes_are_recognised_wherever_they_lie(shelf: Shelf, tmp_path: Path) -> None:
    first = write_sample(tmp_path / "one" / "a.gguf")
    shelf.add(first)
    same = write_sample(tmp_path / "two" / "b.gguf")
    other = write_sample(tmp_path / "two" / "c.gguf")
    other.write_bytes(other.read_bytes()[:-1] + b"\x01")
    assert shelf.inspect(same)[1] == "a"
    assert shelf.inspect(first)[1] == "a"
    assert shelf.inspect(other)[1] == ""


def test_looking_for_the_same_bytes_can_be_stopped(shelf: Shelf, tmp_path: Path) -> None:
    shelf.add(write_sample(tmp_path / "one" / "a.gguf"))
    with pytest.raises(Cancelled):
        shelf.inspect(write_sample(tmp_path / "two" / "b.gguf"), lambda _done, _total: False)


def test_a_file_that_cannot_be_deleted_is_told_and_stays_on_the_shelf(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.add(write_sample(tmp_path / "mine.gguf"), copy=True)

    def refuse(_path: Path, missing_ok: bool = False) -> None:
        raise PermissionError("in use")

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(ModelUnavailableError) as caught:
        shelf.remove("mine")
    assert caught.value.fields["reason"] == "not-removable"
    assert shelf.find("mine") is not None


# ---- the shipped shelf -----------------------------------------------------------------------------------------------


def test_everything_on_the_shipped_shelf_says_what_a_card_needs_and_where_it_lies() -> None:
    for model in read_manifest().models:
        assert model.maker
        assert model.quantisation
        assert model.parameters > 0
        assert model.carrier.url.startswith("https://")
        assert model.carrier.url.endswith("/" + model.carrier.wheel)
