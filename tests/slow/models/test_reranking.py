"""Scores by llama.cpp against NumPy, alone and packed; and the reranker through its process, with files that are not what they seem."""

from __future__ import annotations

import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant.domain.errors import Cancelled, ModelUnavailableError
from assistant.ipc.model_messages import ModelChoice
from assistant.ipc.supervisor import Supervisor
from assistant.models.client import EmbedderClient, RerankerClient, model_supervisor
from assistant.models.embedding import LlamaEmbedder
from assistant.models.gguf_file import read_header
from assistant.models.llama_runtime import LlamaRuntime, physical_cores
from assistant.models.packed_encoder import PackedEncoder, PackedText
from assistant.models.pair_format import TemplatePairs, pair_format
from assistant.models.rank_head import rank_head
from assistant.models.reranking import LlamaReranker
from tests.unit.models.rerank_samples import CLS, RANK, Head, random_head, with_head, write_tiny_bert, write_tiny_judge

pytestmark = pytest.mark.slow

QUERY = "When does the train to Berlin leave?"
TEXTS = [
    "The train to Berlin leaves at nine.",
    "",
    "开往柏林的火车早上九点发车。",
    "elephant " * 2000,
    "</s><s><mask>",
    *(f"Note {i} is about topic {i}. " * (1 + i * 5 % 37) for i in range(12)),
]
LAST = 3  # llama.cpp's number for pooling by the last token


@pytest.fixture(scope="module")
def runtime() -> LlamaRuntime:
    return LlamaRuntime()


@pytest.fixture(scope="module")
def head() -> Head:
    return random_head(384)


@pytest.fixture(scope="module")
def real_file(embedder_file: Path, head: Head, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The starter embedder with a ranking head put on: the size and the vocabulary of a real reranker."""
    return with_head(embedder_file, tmp_path_factory.mktemp("rank") / "e5-rank.gguf", RANK, head.tensors())


def _open(runtime: LlamaRuntime, path: Path) -> LlamaReranker:
    found = rank_head(read_header(path))
    assert found is not None
    return LlamaReranker(runtime, path, found, threads=physical_cores(), keep_going=lambda _fraction: True)


@pytest.fixture(scope="module")
def reranker(runtime: LlamaRuntime, real_file: Path) -> Iterator[LlamaReranker]:
    loaded = _open(runtime, real_file)
    yield loaded
    loaded.close()


@pytest.fixture(scope="module")
def expected(
    runtime: LlamaRuntime, embedder_file: Path, head: Head, tmp_path_factory: pytest.TempPathFactory
) -> np.ndarray:
    """The head's layers in NumPy over the first token's embedding, which the same weights give without a head."""
    path = with_head(embedder_file, tmp_path_factory.mktemp("cls") / "e5-cls.gguf", CLS)
    encoder = PackedEncoder(runtime, path, ranks=False, threads=physical_cores(), keep_going=lambda _fraction: True)
    try:
        pairs = pair_format(encoder.model, encoder.window_tokens).pairs(QUERY, TEXTS)
        rows = np.vstack([encoder.rows([PackedText(0, tokens)], 384) for tokens in pairs])
    finally:
        encoder.close()
    return head.scores(rows)[:, 0]


def test_scores_of_single_pairs_are_those_of_numpy(reranker: LlamaReranker, expected: np.ndarray) -> None:
    alone = np.array([reranker.scores(QUERY, [text])[0] for text in TEXTS])
    assert np.abs(alone - expected).max() < 1e-5
    assert expected.std() > 0.03, "scores that hardly differ would prove nothing"


def test_packing_and_order_hardly_touch_a_score(reranker: LlamaReranker, expected: np.ndarray) -> None:
    together = np.array(reranker.scores(QUERY, TEXTS))
    backwards = np.array(reranker.scores(QUERY, TEXTS[::-1]))[::-1]
    # Flash attention sums in half precision, so another place in the call rounds otherwise; quantised layers make more of it. That
    # no word of a neighbour comes in is shown below.
    assert np.abs(together - expected).max() < 0.01
    assert np.abs(backwards - expected).max() < 0.01
    assert np.corrcoef(together, expected)[0, 1] > 0.998


def test_what_a_neighbour_says_changes_nothing(reranker: LlamaReranker) -> None:
    texts = [f"Note number {i} is about money." for i in range(10, 20)]
    others = [text if i % 2 else text.replace("money", "love") for i, text in enumerate(texts)]
    lengths = [[len(tokens) for tokens in reranker._format.pairs(QUERY, some)] for some in (texts, others)]
    assert lengths[0] == lengths[1], "the places in the call are the same"
    scores, beside_others = reranker.scores(QUERY, texts), reranker.scores(QUERY, others)
    assert scores[1::2] == beside_others[1::2]
    assert all(one != other for one, other in zip(scores[::2], beside_others[::2], strict=True))


def test_with_float_weights_packing_and_order_change_next_to_nothing(runtime: LlamaRuntime, tmp_path: Path) -> None:
    tiny = _open(runtime, write_tiny_bert(tmp_path / "tiny.gguf"))
    try:
        texts = ["the flight leaves at eight", "bake the bread", "", "x y z " * 40, *"abcxyz", "for an hour"] * 9
        alone = np.array([tiny.scores("when do we fly", [text])[0] for text in texts])
        assert np.abs(alone - tiny.scores("when do we fly", texts)).max() < 2e-3
        assert np.abs(alone - tiny.scores("when do we fly", texts[::-1])[::-1]).max() < 2e-3
        assert np.abs(alone - tiny.scores("bake bread", texts)).max() > 0.05, "the question counts"
        assert alone.std() > 0.05
    finally:
        tiny.close()


def test_the_pair_of_an_xlm_roberta_has_two_ends_between(embedder_file: Path, runtime: LlamaRuntime) -> None:
    with runtime.load(embedder_file, gpu_layers=0, keep_going=lambda _fraction: True) as model:
        words = model.vocabulary
        query, text = (words.tokens(text, special=False) for text in (QUERY, TEXTS[0]))
        (pair,) = pair_format(model, 512).pairs(QUERY, TEXTS[:1])
        assert pair == [words.bos, *query, words.eos, words.eos, *text, words.eos]


def test_a_question_longer_than_the_window_leaves_half_to_the_text(reranker: LlamaReranker) -> None:
    near, far = reranker.scores("word " * 3000, ["a text", "another text " * 3000])
    assert np.isfinite([near, far]).all()
    assert near != far


def test_a_call_under_way_can_be_stopped_and_the_next_one_is_whole(reranker: LlamaReranker) -> None:
    before = reranker.scores(QUERY, TEXTS[:3])
    stop = threading.Timer(0.05, reranker.abort.set)
    stop.start()
    with pytest.raises(Cancelled):
        reranker.scores(QUERY, ["elephant " * 2000] * 200)
    stop.join()
    reranker.abort.clear()
    assert reranker.scores(QUERY, TEXTS[:3]) == before


def test_no_texts_give_no_scores(reranker: LlamaReranker) -> None:
    assert reranker.scores(QUERY, []) == []


def test_a_judge_reads_its_template_and_forgets_the_texts_before(runtime: LlamaRuntime, tmp_path: Path) -> None:
    judge = _open(runtime, write_tiny_judge(tmp_path / "judge.gguf"))
    try:
        texts = ["since", "the flight leaves", "<|im_end|>", "", "飞机八点起飞", "x" * 2000]
        together = judge.scores("when?", texts)
        assert together == pytest.approx([judge.scores("when?", [text])[0] for text in texts], abs=1e-3)
        assert np.std(together) > 0.05
        template = judge._format
        assert isinstance(template, TemplatePairs)
        (hostile,), (tame,) = template.pairs("when?", ["<|im_end|>"]), template.pairs("when?", ["<-im-end->"])
        controls = [token for token in tame if token >= 256]
        assert [token for token in hostile if token >= 256] == controls
    finally:
        judge.close()


def test_an_embedder_with_a_chat_models_layers_can_be_asked_again(runtime: LlamaRuntime, tmp_path: Path) -> None:
    path = write_tiny_judge(tmp_path / "last.gguf")
    data = bytearray(path.read_bytes())
    key = b"qwen3.pooling_type"
    struct.pack_into("<I", data, data.index(key) + len(key) + 4, LAST)
    path.write_bytes(data)
    embedder = LlamaEmbedder(runtime, path, threads=1, keep_going=lambda _fraction: True)
    try:
        first = embedder.embed(["one text", "another"])
        assert np.allclose(embedder.embed(["another", "one text"])[::-1], first, atol=1e-3)
    finally:
        embedder.close()


# ---- through the process -------------------------------------------------------------------------------------------------


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    supervisor = model_supervisor(tmp_path / "shelf", tmp_path / "model.log")
    yield supervisor
    supervisor.stop()


def _client(supervisor: Supervisor, path: Path) -> RerankerClient:
    return RerankerClient(supervisor, ModelChoice(str(path)), path.stem)


def test_the_process_gives_the_same_scores(
    supervisor: Supervisor, real_file: Path, reranker: LlamaReranker, embedder_file: Path
) -> None:
    client = _client(supervisor, real_file)
    assert client.name == "e5-rank"
    assert client.scores(QUERY, []) == []
    assert client.scores(QUERY, TEXTS[:4]) == pytest.approx(
        reranker.scores(QUERY, [text.strip() for text in TEXTS[:4]]), abs=1e-5
    )
    assert len(client.scores("\ud800", ["\ud800", "a\x00b", "\u202e\ufeff"])) == 3
    embedder = EmbedderClient(supervisor, ModelChoice(str(embedder_file)))
    assert embedder.embed_queries(["both are in memory"]).shape == (1, 384)


def test_a_cancelled_ranking_ends_and_the_next_one_works(supervisor: Supervisor, tmp_path: Path) -> None:
    client = _client(supervisor, write_tiny_bert(tmp_path / "tiny.gguf"))
    cancelled = threading.Event()
    cancelled.set()
    with pytest.raises(Cancelled):
        client.scores(QUERY, ["a text"] * 500, cancelled)
    assert len(client.scores(QUERY, ["a text"] * 3)) == 3


def _nan_head() -> Head:
    head = random_head(32)
    head.dense[:] = np.nan
    return head


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        ("truncated", "truncated"),
        ("nan", "damaged"),
        ("headless", "no-ranking-head"),
        ("embedder", "wrong-role"),
        ("shape", "load-failed"),
        ("missing", "missing"),
    ],
)
def test_a_bad_file_is_refused_with_its_reason_and_the_process_lives(
    supervisor: Supervisor, tmp_path: Path, embedder_file: Path, damage: str, reason: str
) -> None:
    path = tmp_path / "bad.gguf"
    if damage == "truncated":
        path.write_bytes(write_tiny_bert(path).read_bytes()[:-200])
    elif damage == "nan":
        write_tiny_bert(path, _nan_head().tensors())
    elif damage == "headless":
        write_tiny_bert(path, [])
    elif damage == "embedder":
        path = embedder_file
    elif damage == "shape":
        write_tiny_bert(path, random_head(16).tensors())
    supervisor.start()
    pid = supervisor.pid
    with pytest.raises(ModelUnavailableError) as caught:
        _client(supervisor, path).scores(QUERY, ["a text"])
    assert caught.value.fields["reason"] == reason
    assert len(_client(supervisor, write_tiny_bert(tmp_path / "good.gguf")).scores(QUERY, ["a text"])) == 1
    assert supervisor.pid == pid
