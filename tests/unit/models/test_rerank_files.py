"""A file with a ranking head goes on the shelf as a reranker and as nothing else; one whose head says nothing is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.domain.errors import ModelUnavailableError
from assistant.domain.models import ModelRole
from assistant.models.gguf_file import Kind, NewTensor, read_header
from assistant.models.manifest import Manifest
from assistant.models.model_check import role_of
from assistant.models.rank_head import RankHead, rank_head
from assistant.models.shelf import Shelf
from tests.unit.models.gguf_samples import CHAT_ENTRIES, EMBEDDER_ENTRIES, write_sample
from tests.unit.models.rerank_samples import CLS, tensor, write_tiny_bert, write_tiny_judge


def _zeros(name: str, *shape: int) -> NewTensor:
    return tensor(name, np.zeros(shape, dtype=np.float32))


def test_a_ranking_head_makes_a_reranker(tmp_path: Path) -> None:
    header = read_header(write_tiny_bert(tmp_path / "m.gguf"))
    assert role_of(header) is ModelRole.RERANKER
    assert rank_head(header) == RankHead()


def test_one_layer_of_one_output_is_a_head_too(tmp_path: Path) -> None:
    header = read_header(write_tiny_bert(tmp_path / "m.gguf", [_zeros("cls.weight", 1, 32), _zeros("cls.bias", 1)]))
    assert role_of(header) is ModelRole.RERANKER


def test_a_single_named_output_is_the_score(tmp_path: Path) -> None:
    header = read_header(write_tiny_bert(tmp_path / "m.gguf", labels=["LABEL_0"]))
    assert rank_head(header) == RankHead()


def test_a_judge_scores_by_its_yes(tmp_path: Path) -> None:
    header = read_header(write_tiny_judge(tmp_path / "m.gguf"))
    assert role_of(header) is ModelRole.RERANKER
    assert rank_head(header) == RankHead(outputs=2, relevant=0, is_softmaxed=True)


@pytest.mark.parametrize(
    ("head", "labels"),
    [
        ([], ()),  # nothing: llama.cpp would hand out the first number of an embedding
        ([_zeros("cls.weight", 32, 32)], ()),  # the layer before the last, without the last
        ([_zeros("cls.output.weight", 1, 32)], ("no", "yes")),  # fewer outputs than labels: read out of bounds
        ([_zeros("cls.output.weight", 3, 32)], ("sad", "neutral", "glad")),  # a classifier of moods
        ([_zeros("cls.output.weight", 2, 32)], ()),
    ],
)
def test_a_file_made_to_rank_with_an_unusable_head_is_no_model(
    tmp_path: Path, head: list[NewTensor], labels: tuple[str, ...]
) -> None:
    assert role_of(read_header(write_tiny_bert(tmp_path / "m.gguf", head, labels=labels))) is None


def test_a_judge_with_one_output_is_refused_since_its_share_is_always_one(tmp_path: Path) -> None:
    assert role_of(read_header(write_tiny_judge(tmp_path / "m.gguf", outputs=1))) is None


def test_a_reranker_by_name_and_head_is_one_whatever_pooling_it_names(tmp_path: Path) -> None:
    assert role_of(read_header(write_tiny_bert(tmp_path / "m.gguf", pooling=CLS))) is ModelRole.RERANKER


def test_an_embedder_stays_one_whatever_else_it_carries(tmp_path: Path) -> None:
    pooled = write_tiny_bert(tmp_path / "pooled.gguf", pooling=CLS, title="Tiny embedder")
    assert role_of(read_header(pooled)) is ModelRole.EMBEDDER
    plain = write_sample(tmp_path / "plain.gguf", EMBEDDER_ENTRIES)
    assert role_of(read_header(plain)) is ModelRole.EMBEDDER


def test_a_chat_model_left_over_from_a_reranker_is_not_taken_for_one(tmp_path: Path) -> None:
    entries = [entry for entry in CHAT_ENTRIES if entry[0] != "general.name"]
    path = write_sample(tmp_path / "m.gguf", [*entries, ("general.name", Kind.STRING, "Qwen3 Reranker 0.6B")])
    shelf = Shelf(tmp_path / "shelf", manifest=Manifest(()), machine_memory=lambda: 10**9)
    with pytest.raises(ModelUnavailableError) as caught:
        shelf.add(path)
    assert caught.value.fields["reason"] == "no-ranking-head"
    lying = write_sample(
        tmp_path / "shelf" / "lying.gguf", [*entries, ("general.basename", Kind.STRING, "bge-reranker")]
    )
    entry = shelf.find(str(lying))
    assert entry is not None
    assert (entry.installed, entry.note) == (False, "no-ranking-head")
    assert shelf.best(ModelRole.CHAT) is None


def test_shares_of_one_become_the_difference_of_raw_scores() -> None:
    head = RankHead(outputs=2, relevant=1, is_softmaxed=True)
    raw = np.array([0.5, 2.0])
    shares = np.exp(raw) / np.exp(raw).sum()
    assert head.score(shares) == pytest.approx(1.5)
    assert head.score([1.0, 0.0]) < head.score([0.9, 0.1]) < 0 < head.score([0.0, 1.0]) < 100


def test_a_reranker_is_on_the_shelf_in_its_own_role_only(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "shelf", manifest=Manifest(()), machine_memory=lambda: 10**9)
    assert shelf.best(ModelRole.RERANKER) is None
    added = shelf.add(write_tiny_bert(tmp_path / "ranker.gguf"))
    assert (added.role, added.installed, added.title) == (ModelRole.RERANKER, True, "Tiny reranker")
    assert shelf.best(ModelRole.RERANKER) == added
    assert shelf.best(ModelRole.CHAT) is None
    assert shelf.best(ModelRole.EMBEDDER) is None
    for role in (ModelRole.CHAT, ModelRole.EMBEDDER):
        with pytest.raises(ModelUnavailableError) as caught:
            shelf.choice("ranker", role)
        assert caught.value.fields["reason"] == "wrong-role"


def test_a_reranker_does_not_push_out_the_models_of_other_roles(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "shelf", manifest=Manifest(()), machine_memory=lambda: 10**9)
    for name, entries in (("chatty", CHAT_ENTRIES), ("finder", EMBEDDER_ENTRIES)):
        shelf.add(write_sample(tmp_path / f"{name}.gguf", entries))
    shelf.add(write_tiny_bert(tmp_path / "ranker.gguf"))
    best = {role: shelf.best(role) for role in ModelRole}
    assert {role: entry and entry.name for role, entry in best.items()} == {
        ModelRole.CHAT: "chatty",
        ModelRole.EMBEDDER: "finder",
        ModelRole.RERANKER: "ranker",
    }
