"""What a reranker's last layer gives, read from the file's header: how many numbers, and which of them says "relevant".

llama.cpp does not ask whether the layer is there: without it, or with another width than the labels promise, it hands out numbers
that mean nothing, or ends the process. So only a file that says all of it is taken for a reranker.
Source: the pooling of llama.cpp's graph, and the names its converter writes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.models.gguf_file import ArrayValue, GgufHeader

_SOFTMAXED = frozenset({"qwen3", "qwen3vl"})
"""Architectures whose outputs llama.cpp turns into shares of one. With a single output the share is always 1: no use."""

_YES = "yes"
_LEAST_SHARE = 1e-30


@dataclass(frozen=True, slots=True)
class RankHead:
    """outputs: numbers a pair. relevant: the place of the one that counts. is_softmaxed: they are shares of one."""

    outputs: int = 1
    relevant: int = 0
    is_softmaxed: bool = False

    def score(self, outputs: Sequence[float]) -> float:
        """The raw score, higher is better; of shares, the logarithm of the odds, which is the difference of the raw scores."""
        found = float(outputs[self.relevant])
        if not self.is_softmaxed:
            return found
        rest = sum(float(share) for place, share in enumerate(outputs) if place != self.relevant)
        return math.log(max(found, _LEAST_SHARE)) - math.log(max(rest, _LEAST_SHARE))


def rank_head(header: GgufHeader) -> RankHead | None:
    """None: the file has no ranking head, or one of which nobody says what its outputs mean (a classifier of moods, say)."""
    labels = _labels(header)
    outputs = _outputs(header)
    if outputs != max(1, len(labels)):
        return None
    is_softmaxed = header.architecture in _SOFTMAXED
    if outputs == 1:
        return None if is_softmaxed else RankHead()
    if _YES not in labels:
        return None
    return RankHead(outputs, labels.index(_YES), is_softmaxed)


def _outputs(header: GgufHeader) -> int:
    """0 without a head. Some files have one layer of one output only, some a layer as wide as the model before the last."""
    widths = {tensor.name: tensor.dims[1] if len(tensor.dims) > 1 else 1 for tensor in header.tensors}
    last = widths.get("cls.output.weight")
    if last is not None:
        return last
    return 1 if widths.get("cls.weight") == 1 else 0


def _labels(header: GgufHeader) -> list[str]:
    value = header.metadata.get(f"{header.architecture}.classifier.output_labels")
    if not isinstance(value, ArrayValue):
        return []
    named = [str(item).casefold() for item in value.items]
    return named + [""] * (value.count - len(named))
