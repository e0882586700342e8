"""The model process through its client: the ports' contracts with the real starter models, and what happens when it dies."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from assistant.domain.errors import Cancelled, ModelUnavailableError, ProcessDiedError, PromptTooLongError
from assistant.domain.models import CompletionStats, PromptMessage, PromptPart, Sampling
from assistant.ipc.model_messages import ModelChoice
from assistant.ipc.supervisor import Supervisor
from assistant.models.client import ChatClient, EmbedderClient, model_supervisor
from assistant.models.ports import PromptProgress, StreamItem

LONG = Sampling(max_tokens=400, temperature=1.0, seed=5)


def _ask(text: str) -> tuple[PromptMessage, ...]:
    return (PromptMessage("user", (PromptPart(text),)),)


@pytest.fixture(scope="module")
def supervisor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Supervisor]:
    folder = tmp_path_factory.mktemp("models")
    supervisor = model_supervisor(folder, folder / "model.log")
    yield supervisor
    supervisor.stop()


@pytest.fixture(scope="module")
def embedder(supervisor: Supervisor, embedder_file: Path) -> EmbedderClient:
    return EmbedderClient(supervisor, ModelChoice(str(embedder_file)))


@pytest.fixture(scope="module")
def chat(supervisor: Supervisor, chat_file: Path) -> ChatClient:
    return ChatClient(supervisor, ModelChoice(str(chat_file), context_tokens=1024), stop_patience_s=60)


def _stream(
    chat: ChatClient,
    messages: tuple[PromptMessage, ...],
    sampling: Sampling,
    on_item: Callable[[StreamItem, threading.Event], None] = lambda item, cancelled: None,
) -> tuple[str, CompletionStats]:
    """Run a stream to its end; on_item may set the event to stop it."""
    cancelled = threading.Event()
    items = []
    for item in chat.stream(messages, sampling, cancelled):
        items.append(item)
        on_item(item, cancelled)
    assert isinstance(items[-1], CompletionStats)
    return "".join(item for item in items if isinstance(item, str)), items[-1]


def test_the_embedder_describes_itself(embedder: EmbedderClient) -> None:
    info = embedder.info()
    assert (info.dim, info.window_tokens) == (384, 512)
    assert "raw" not in info.id


def test_texts_become_unit_rows_in_their_order(embedder: EmbedderClient) -> None:
    texts = [f"Note {i} is about topic {i}. " * (1 + i % 5) for i in range(70)]  # more than one stretch
    rows = embedder.embed_passages(texts)
    assert rows.shape == (70, 384)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)
    for place in (0, 33, 69):
        assert rows[place] @ embedder.embed_passages([texts[place]])[0] > 0.999


def test_no_texts_give_no_rows(embedder: EmbedderClient) -> None:
    assert embedder.embed_passages([]).shape == (0, 384)
    assert embedder.count_tokens([]) == []


def test_tokens_are_counted_uncut_with_prefix_and_ends(embedder: EmbedderClient) -> None:
    empty, word, long = embedder.count_tokens(["", "elephant", "elephant " * 1000])
    assert 3 <= empty < word < 12
    assert long > 1000


def test_any_text_can_be_sent(embedder: EmbedderClient, chat: ChatClient) -> None:
    strange = ["\ud800", "a\x00b", "\u202e\ufeff", "😀" * 50, "\n\n\n", "‍", "<s></s><mask>"]
    assert embedder.embed_queries(strange).shape == (7, 384)
    assert len(chat.count_tokens(strange)) == 7
    for text in strange:
        _stream(chat, _ask(text), Sampling(max_tokens=1))


def test_a_cancelled_embedding_ends_at_once_and_the_next_one_works(embedder: EmbedderClient) -> None:
    cancelled = threading.Event()
    cancelled.set()
    with pytest.raises(Cancelled):
        embedder.embed_passages(["a note"] * 500, cancelled)
    assert embedder.embed_queries(["still there?"]).shape == (1, 384)


def test_an_answer_streams_and_reports(chat: ChatClient) -> None:
    seen: list[StreamItem] = []
    text, stats = _stream(chat, _ask("Say hello."), Sampling(max_tokens=20), lambda item, _cancelled: seen.append(item))
    assert text.strip()
    assert isinstance(seen[0], PromptProgress)
    assert seen[0].phase == "loading"
    assert stats.completion_tokens > 0
    assert stats.finish in {"stop", "length"}
    _text, again = _stream(chat, _ask("Say hello."), Sampling(max_tokens=20))
    assert again.cached_tokens == again.prompt_tokens - 1
    assert again.load_s == 0.0


def test_the_chat_model_describes_itself(chat: ChatClient) -> None:
    info = chat.info()
    assert info.family == "chatml"
    assert info.context_tokens == 1024
    assert info.parameters > 100_000_000


def test_a_stop_while_reading_ends_without_text(chat: ChatClient) -> None:
    def stop_at_reading(item: StreamItem, cancelled: threading.Event) -> None:
        if isinstance(item, PromptProgress) and item.phase == "reading":
            cancelled.set()

    text, stats = _stream(chat, _ask("Read this. " * 250), LONG, stop_at_reading)
    assert stats.finish == "stopped"
    assert text == ""


def test_a_stop_while_writing_keeps_what_was_written(chat: ChatClient) -> None:
    def stop_at_text(item: StreamItem, cancelled: threading.Event) -> None:
        if isinstance(item, str):
            cancelled.set()

    text, stats = _stream(chat, _ask("Tell me a very long story."), LONG, stop_at_text)
    assert stats.finish == "stopped"
    assert text
    assert stats.completion_tokens < 400


def test_a_stop_before_the_start_sends_nothing(chat: ChatClient) -> None:
    cancelled = threading.Event()
    cancelled.set()
    items = list(chat.stream(_ask("Hello"), LONG, cancelled))
    assert [type(item) for item in items] == [CompletionStats]


def test_a_question_is_embedded_and_counted_while_an_answer_is_written(
    chat: ChatClient, embedder: EmbedderClient
) -> None:
    embedder.embed_queries(["load it first"])
    stream = chat.stream(_ask("Tell me a very long story."), LONG, threading.Event())
    for item in stream:
        if isinstance(item, str):
            break
    assert embedder.embed_queries(["in between"]).shape == (1, 384)
    assert chat.count_tokens(["one two three"])[0] >= 3
    rest = list(stream)
    assert any(isinstance(item, str) for item in rest), "the answer was not over yet"


def test_a_prompt_that_does_not_fit_is_refused_with_its_size(chat: ChatClient) -> None:
    with pytest.raises(PromptTooLongError) as caught:
        _stream(chat, _ask("word " * 2000), LONG)
    assert caught.value.fields["limit_tokens"] == 1023
    assert int(caught.value.fields["needed_tokens"]) > 2000


def test_killing_the_process_in_an_answer_costs_that_answer_only(supervisor: Supervisor, chat: ChatClient) -> None:
    def kill_at_text(item: StreamItem, _cancelled: threading.Event) -> None:
        if isinstance(item, str) and supervisor.pid:
            psutil.Process(supervisor.pid).kill()

    with pytest.raises(ProcessDiedError):
        _stream(chat, _ask("Tell me a very long story."), LONG, kill_at_text)
    text, _stats = _stream(chat, _ask("Say hello."), Sampling(max_tokens=8))
    assert text.strip()


def test_a_process_that_does_not_hear_a_stop_is_ended(supervisor: Supervisor, chat_file: Path) -> None:
    impatient = ChatClient(supervisor, ModelChoice(str(chat_file), context_tokens=1024), stop_patience_s=0.3)
    cancelled = threading.Event()
    stats = None
    frozen = None
    for item in impatient.stream(_ask("Tell me a very long story."), LONG, cancelled):
        if isinstance(item, str) and frozen is None:
            frozen = psutil.Process(supervisor.pid)
            frozen.suspend()
            cancelled.set()
        stats = item
    assert isinstance(stats, CompletionStats)
    assert stats.finish == "stopped"
    assert frozen is not None
    frozen.wait(20)
    text, _stats = _stream(impatient, _ask("Say hello."), Sampling(max_tokens=8))
    assert text.strip()


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        ("truncated", "truncated"),
        ("text", "not-gguf"),
        ("missing", "missing"),
        ("bit", "checksum"),
        ("role", "wrong-role"),
    ],
)
def test_a_bad_file_is_refused_with_its_reason_and_the_process_lives(
    supervisor: Supervisor,
    chat: ChatClient,
    chat_file: Path,
    embedder_file: Path,
    tmp_path: Path,
    damage: str,
    reason: str,
) -> None:
    path, sha256 = tmp_path / "bad.gguf", ""
    if damage == "truncated":
        path.write_bytes(chat_file.read_bytes()[:-1000])
    elif damage == "text":
        path.write_text("This is a note, not a model.")
    elif damage == "bit":
        data = bytearray(chat_file.read_bytes())
        data[-1000] ^= 1
        path.write_bytes(data)
        sha256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
    elif damage == "role":
        path = embedder_file
    supervisor.start()
    pid = supervisor.pid
    with pytest.raises(ModelUnavailableError) as caught:
        _stream(ChatClient(supervisor, ModelChoice(str(path), sha256)), _ask("Hello"), LONG)
    assert caught.value.fields["reason"] == reason
    assert supervisor.pid == pid


def test_an_unloaded_model_is_loaded_again_when_needed(chat: ChatClient) -> None:
    chat.unload()
    _text, stats = _stream(chat, _ask("Say hello."), Sampling(max_tokens=4))
    assert stats.load_s > 0.0


def test_a_context_that_does_not_fit_into_memory_is_refused(
    supervisor: Supervisor, chat_file: Path, tmp_path: Path
) -> None:
    from tests.unit.models.gguf_samples import CHAT_ENTRIES, write_sample

    entries = [entry for entry in CHAT_ENTRIES if not str(entry[0]).startswith("llama.")]
    huge = {"block_count": 500, "context_length": 10**8, "embedding_length": 2**16, "attention.head_count": 64}
    entries += [(f"llama.{name}", 4, value) for name, value in huge.items()]  # type: ignore[misc]
    path = write_sample(tmp_path / "huge.gguf", entries)
    with pytest.raises(ModelUnavailableError) as caught:
        _stream(ChatClient(supervisor, ModelChoice(str(path), context_tokens=10**8)), _ask("Hello"), LONG)
    assert caught.value.fields["reason"] == "too-large-for-memory"
    assert int(caught.value.fields["needed_bytes"]) > int(caught.value.fields["free_bytes"])
