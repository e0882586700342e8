"""The starter models themselves, in this process: embedding agrees with itself, prompts cannot be bent, decoding keeps its prefix."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from assistant.domain.errors import ModelUnavailableError, PromptTooLongError
from assistant.domain.models import CompletionStats, PromptMessage, PromptPart, Sampling
from assistant.models.centring import shipped_centring
from assistant.models.checksums import file_sha256
from assistant.models.decoding import LlamaChat
from assistant.models.embedding import LlamaEmbedder
from assistant.models.foreign_template import render_here
from assistant.models.llama_runtime import LlamaRuntime, physical_cores
from assistant.models.manifest import read_manifest
from assistant.models.ports import PromptProgress
from assistant.models.prompts import PromptWriter, choose_template
from assistant.models.text_preparation import TextRole, prepare

QUESTION = (
    PromptMessage("system", (PromptPart("You are a helpful assistant.", trusted=True),)),
    PromptMessage("user", (PromptPart("Write two sentences about elephants."),)),
)


@pytest.fixture(scope="module")
def runtime() -> LlamaRuntime:
    return LlamaRuntime()


@pytest.fixture(scope="module")
def embedder(runtime: LlamaRuntime, embedder_file: Path) -> Iterator[LlamaEmbedder]:
    loaded = LlamaEmbedder(runtime, embedder_file, threads=physical_cores(), keep_going=lambda _fraction: True)
    yield loaded
    loaded.close()


@pytest.fixture(scope="module")
def chat(runtime: LlamaRuntime, chat_file: Path) -> Iterator[LlamaChat]:
    loaded = LlamaChat(
        runtime, chat_file, context_tokens=1024, threads=physical_cores(), keep_going=lambda _fraction: True
    )
    yield loaded
    loaded.close()


@pytest.fixture(scope="module")
def writer(chat: LlamaChat) -> PromptWriter:
    return PromptWriter(chat.model.vocabulary, choose_template(chat.model, render_here))


# ---- embedding -----------------------------------------------------------------------------------------------------------


def test_the_files_are_the_promised_ones(embedder_file: Path, chat_file: Path) -> None:
    promised = {model.file: model.sha256 for model in read_manifest().starter()}
    assert {path.name: file_sha256(path) for path in (embedder_file, chat_file)} == promised


def test_packed_texts_get_the_vectors_they_get_alone(embedder: LlamaEmbedder) -> None:
    texts = [
        prepare(f"Sentence number {i} about subject {i * 37 % 11}. " * (1 + i % 7), TextRole.PASSAGE) for i in range(12)
    ]
    together = embedder.embed(texts)
    alone = np.vstack([embedder.embed([text]) for text in texts])
    assert together.shape == (12, embedder.dim)
    assert np.allclose(np.linalg.norm(together, axis=1), 1.0, atol=1e-5)
    assert (together * alone).sum(axis=1).min() > 0.999


def test_normalised_text_gets_the_vector_of_its_plain_form(embedder: LlamaEmbedder) -> None:
    rows = embedder.embed([prepare(text, TextRole.PASSAGE) for text in ("Ｆｕｌｌ　ｗｉｄｔｈ", "Full width")])
    assert rows[0] @ rows[1] > 0.9999


def test_a_text_longer_than_the_window_is_cut_and_empty_ones_are_embedded(embedder: LlamaEmbedder) -> None:
    long = prepare("elephant " * 3000, TextRole.PASSAGE)
    rows = embedder.embed([long, prepare("", TextRole.PASSAGE)])
    assert embedder.count_tokens(long) > 3000
    assert np.isfinite(rows).all()


def test_a_larger_call_neither_keeps_memory_nor_changes_vectors(runtime: LlamaRuntime, embedder_file: Path) -> None:
    fresh = LlamaEmbedder(runtime, embedder_file, threads=physical_cores(), keep_going=lambda _fraction: True)
    try:
        short = [prepare(f"Elephant number {i}", TextRole.PASSAGE) for i in range(4)]
        before = fresh.embed(short)
        used = psutil.Process().memory_info().rss
        fresh.embed([prepare("elephant " * 3000, TextRole.PASSAGE)])
        grown = psutil.Process().memory_info().rss - used
        assert np.array_equal(fresh.embed(short), before)
        if sys.platform.startswith("linux"):
            assert grown < 150e6, "the table of word scores alone is 512 MB"
    finally:
        fresh.close()


# A question, the Chinese sentence that answers it, and an English one that only sounds like it.
CROSSINGS = [
    ("When does the train to Berlin leave?", "开往柏林的火车早上九点发车。", "The train to Paris was crowded again."),
    ("How much salt goes into the rice?", "煮米饭时加一小撮盐。", "Rice and salt were traded along the river."),
    ("Who plays the piano in the evening?", "李娜每天晚上弹钢琴。", "The piano stands in the hall."),
    ("Where does the dog sleep?", "狗睡在花园的小屋里。", "The cat does not sleep much."),
    (
        "Why did interest rates rise this year?",
        "今年因为通货膨胀，利率上升了。",
        "Interest in the museum fell last year.",
    ),
]


def test_centring_finds_the_answer_in_the_other_language(embedder: LlamaEmbedder, embedder_file: Path) -> None:
    centring = shipped_centring(file_sha256(embedder_file))
    questions = [question for question, _answer, _other in CROSSINGS]
    notes = [note for _question, *both in CROSSINGS for note in both]
    asked = embedder.embed([prepare(text, TextRole.QUERY) for text in questions])
    stored = embedder.embed([prepare(text, TextRole.PASSAGE) for text in notes])
    raw = _answers_first(asked, stored)
    centred = _answers_first(
        centring.apply(asked, questions, TextRole.QUERY), centring.apply(stored, notes, TextRole.PASSAGE)
    )
    assert centred > raw
    assert centred >= 4


def _answers_first(asked: np.ndarray, stored: np.ndarray) -> int:
    """How many questions have their answer, which lies at an even place, as the nearest note."""
    return sum(int((stored @ row).argmax()) == 2 * place for place, row in enumerate(asked))


# ---- prompts -------------------------------------------------------------------------------------------------------------


def test_no_control_token_can_be_written_by_content(chat: LlamaChat, writer: PromptWriter) -> None:
    vocabulary = chat.model.vocabulary
    controls = [token for token in range(vocabulary.size) if vocabulary.is_control(token)]
    assert controls
    hostile = "".join(vocabulary.text_of(token) for token in controls)
    plain = writer.tokens((PromptMessage("user", (PromptPart("x"),)),))
    bent = writer.tokens((PromptMessage("user", (PromptPart("x" + hostile + " x " + hostile),)),))
    assert [t for t in bent if vocabulary.is_control(t)] == [t for t in plain if vocabulary.is_control(t)]


def test_the_template_is_that_of_the_models_family(writer: PromptWriter, chat: LlamaChat) -> None:
    assert writer.template.family == "chatml"
    pieces = [chat.model.vocabulary.text_of(token) for token in writer.tokens(QUESTION)]
    assert pieces[0] == "<|im_start|>"
    assert "".join(pieces).endswith("<|im_end|>\n<|im_start|>assistant\n")
    assert pieces.count("<|im_start|>") == 3


# ---- decoding ------------------------------------------------------------------------------------------------------------


def _complete(
    chat: LlamaChat, prompt: list[int], sampling: Sampling, cancelled: threading.Event | None = None
) -> tuple[str, CompletionStats, list[PromptProgress]]:
    stop = cancelled or threading.Event()
    items = list(chat.stream(prompt, sampling, stop.is_set))
    stats = items[-1]
    assert isinstance(stats, CompletionStats)
    text = "".join(item for item in items if isinstance(item, str))
    return text, stats, [item for item in items if isinstance(item, PromptProgress)]


def test_an_answer_is_written_and_counted(chat: LlamaChat, writer: PromptWriter) -> None:
    prompt = writer.tokens(QUESTION)
    text, stats, progress = _complete(chat, prompt, Sampling(max_tokens=24))
    assert "lephant" in text
    assert stats.prompt_tokens == len(prompt)
    assert stats.completion_tokens <= 24
    assert (progress[-1].done, progress[-1].total) == (len(prompt), len(prompt))


def test_a_common_beginning_is_not_read_again_and_changes_nothing(chat: LlamaChat, writer: PromptWriter) -> None:
    prompt = writer.tokens(QUESTION)
    longer = writer.tokens((*QUESTION, PromptMessage("assistant", (PromptPart("They are large."),)), QUESTION[1]))
    common = (
        next(i for i, (a, b) in enumerate(zip(prompt, longer, strict=False)) if a != b)
        if prompt != longer[: len(prompt)]
        else len(prompt)
    )
    _complete(chat, writer.tokens((PromptMessage("user", (PromptPart("Something else."),)),)), Sampling(max_tokens=2))
    cold, _stats, _progress = _complete(chat, longer, Sampling(max_tokens=12))
    _complete(chat, prompt, Sampling(max_tokens=2))
    warm, stats, _progress = _complete(chat, longer, Sampling(max_tokens=12))
    assert stats.cached_tokens >= common > 10
    assert warm == cold
    again, stats, _progress = _complete(chat, longer, Sampling(max_tokens=12))
    assert stats.cached_tokens == len(longer) - 1
    assert again == cold


def test_a_prompt_longer_than_the_context_is_refused_before_it_is_read(chat: LlamaChat, writer: PromptWriter) -> None:
    prompt = writer.tokens((PromptMessage("user", (PromptPart("word " * 1500),)),))
    with pytest.raises(PromptTooLongError) as caught:
        next(chat.stream(prompt, Sampling(), lambda: False))
    assert caught.value.fields["needed_tokens"] == len(prompt)
    assert caught.value.fields["limit_tokens"] == 1023


def test_writing_to_the_edge_of_the_context_ends_with_length(chat: LlamaChat, writer: PromptWriter) -> None:
    prompt = writer.tokens((PromptMessage("user", (PromptPart("word " * 980),)),))
    room = chat.context_tokens - len(prompt)
    assert 0 < room < 60
    _text, stats, _progress = _complete(chat, prompt, Sampling(max_tokens=500, temperature=1.0, seed=3))
    assert stats.completion_tokens <= room
    assert stats.finish in {"length", "stop"}
    _complete(chat, writer.tokens(QUESTION), Sampling(max_tokens=4))  # and the model is as usable as before


def test_a_stop_string_ends_the_answer(chat: LlamaChat, writer: PromptWriter) -> None:
    whole, _stats, _progress = _complete(chat, writer.tokens(QUESTION), Sampling(max_tokens=24))
    stop = whole.split()[3]
    text, stats, _progress = _complete(chat, writer.tokens(QUESTION), Sampling(max_tokens=24, stop=(stop,)))
    assert stats.finish == "stop"
    assert text == whole[: whole.index(stop)]


def test_the_same_seed_gives_the_same_text_and_another_seed_another(chat: LlamaChat, writer: PromptWriter) -> None:
    texts = [
        _complete(chat, writer.tokens(QUESTION), Sampling(max_tokens=24, temperature=1.2, seed=seed))[0]
        for seed in (1, 1, 2)
    ]
    assert texts[0] == texts[1] != texts[2]


def test_the_abort_flag_ends_reading_within_a_step_and_the_model_stays_usable(
    chat: LlamaChat, writer: PromptWriter
) -> None:
    prompt = writer.tokens((PromptMessage("user", (PromptPart("A different text about many things. " * 100),)),))
    stream = chat.stream(prompt, Sampling(), lambda: chat.abort.is_set)
    first = next(stream)
    assert isinstance(first, PromptProgress)
    chat.abort.set()  # as another thread would while the step is being computed
    rest = list(stream)
    chat.abort.clear()
    stats = rest[-1]
    assert isinstance(stats, CompletionStats)
    assert stats.finish == "stopped"
    assert not [item for item in rest if isinstance(item, str)]
    text, stats, _progress = _complete(chat, writer.tokens(QUESTION), Sampling(max_tokens=24))
    assert "lephant" in text


def test_an_aborted_computation_leaves_the_context_as_it_was(chat: LlamaChat, writer: PromptWriter) -> None:
    prompt = writer.tokens(QUESTION)
    before, _stats, _progress = _complete(chat, prompt, Sampling(max_tokens=12))
    stream = chat.stream(
        writer.tokens((*QUESTION, PromptMessage("user", (PromptPart("More. " * 300),)))), Sampling(), lambda: False
    )
    next(stream)
    chat.abort.set()
    assert list(stream)[-1].finish == "stopped"  # type: ignore[union-attr]
    chat.abort.clear()
    after, _stats, _progress = _complete(chat, prompt, Sampling(max_tokens=12))
    assert after == before


def test_an_embedder_is_not_taken_for_a_chat_model(runtime: LlamaRuntime, chat_file: Path) -> None:
    with pytest.raises(ModelUnavailableError) as caught:
        LlamaEmbedder(runtime, chat_file, threads=1, keep_going=lambda _fraction: True)
    assert caught.value.fields["reason"] == "wrong-role"
