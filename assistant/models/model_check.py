"""Whether a model file may be handed to llama.cpp: its header, its role, its checksum, and the memory it will take."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psutil

from assistant.domain.errors import ModelUnavailableError
from assistant.domain.models import ModelRole
from assistant.models.checksums import Checksums
from assistant.models.gguf_file import ArrayValue, GgufError, GgufHeader, read_header
from assistant.models.rank_head import rank_head

_OVERHEAD_BYTES = 150 * 2**20
"""Compute buffers, vocabulary and Python: 110-140 MB resident above the weights for both starter models."""

DEFAULT_CONTEXT_TOKENS = 4096

MOST_WINDOW_TOKENS = 512
"""What embedders and rerankers read in one go: attention runs over the whole window, and a wider one is ten times slower."""

_NOT_SAID, _RANK = -1, 4
"""Kinds of pooling: of a file that names none, and llama.cpp's number for a ranking head."""

_POSSIBLE = {"block_count": (1, 512), "context_length": (16, 2**32)}
"""512 is LLAMA_MAX_LAYERS. A context must hold the few tokens that are computed to warm a model up."""

_CGROUP = Path("/sys/fs/cgroup")


def check_header(path: Path, role: ModelRole) -> GgufHeader:
    """Read a model file's header.

    Raises:
        ModelUnavailableError: reason "missing", "unreadable", "not-gguf", "unsupported-version", "truncated", "damaged",
            "wrong-role" or "no-ranking-head".
    """
    try:
        header = read_header(path)
    except FileNotFoundError as error:
        raise ModelUnavailableError(model=path.name, reason="missing") from error
    except OSError as error:
        raise ModelUnavailableError(str(error), model=path.name, reason="unreadable") from error
    except GgufError as error:
        raise ModelUnavailableError(error.detail, model=path.name, reason=error.reason) from error
    if what := impossible(header):
        raise ModelUnavailableError(what, model=path.name, reason="damaged")
    if role_of(header) is not role:
        raise ModelUnavailableError(
            f"architecture {header.architecture!r}", model=path.name, reason=reason_against(header)
        )
    return header


def impossible(header: GgufHeader) -> str:
    """What in a header no model can have and llama.cpp answers by ending its process; "" if there is nothing."""
    for key, (least, most) in _POSSIBLE.items():
        name = f"{header.architecture}.{key}"
        if name in header.metadata and not least <= header.number(name, least) <= most:
            return f"impossible {name}: {header.number(name)}"
    return ""


def role_of(header: GgufHeader) -> ModelRole | None:
    """What a file can be used as; None for a vision part, an adapter, or a file made to rank whose head cannot be read."""
    architecture = header.architecture
    pooling = header.number(f"{architecture}.pooling_type", _NOT_SAID)
    if header.text("general.type", "model") != "model" or architecture in ("", "clip", "t5encoder", "wavtokenizer-dec"):
        return None
    is_to_rank = pooling == _RANK or _is_called_reranker(header)
    if (is_to_rank or pooling == _NOT_SAID) and rank_head(header) is not None:
        return ModelRole.RERANKER
    if is_to_rank:
        return None
    if "bert" in architecture or pooling > 0:
        return ModelRole.EMBEDDER
    return ModelRole.CHAT


def reason_against(header: GgufHeader) -> str:
    """Why a file cannot be used as what it was to be."""
    was_to_rank = role_of(header) is None and _is_called_reranker(header)
    return "no-ranking-head" if was_to_rank else "wrong-role"


def _is_called_reranker(header: GgufHeader) -> bool:
    """Many a conversion loses the head of a reranker made from a chat model; what is left would pass for a chat model."""
    return any("rerank" in header.text(f"general.{key}").casefold() for key in ("name", "basename"))


def check_checksum(path: Path, expected: str, checksums: Checksums, keep_going: Callable[[int, int], bool]) -> str:
    """The file's SHA-256, which must be `expected` unless that is "".

    Raises:
        ModelUnavailableError: reason "checksum".
    """
    found = checksums.sha256(path, keep_going)
    if expected and found != expected:
        raise ModelUnavailableError(f"{found} instead of {expected}", model=path.name, reason="checksum")
    return found


def check_memory(path: Path, header: GgufHeader, context_tokens: int, free: Callable[[], int]) -> None:
    """Raises ModelUnavailableError, reason "too-large-for-memory"."""
    needed, available = needed_bytes(header, context_tokens), free()
    if needed > available:
        raise ModelUnavailableError(
            model=path.name, reason="too-large-for-memory", needed_bytes=needed, free_bytes=available
        )


def needed_bytes(header: GgufHeader, context_tokens: int) -> int:
    """Memory to hold a model and its context: weights, keys and values as float16, and what comes with any model."""
    return header.tensor_bytes + _context_bytes(header, context_tokens) + _OVERHEAD_BYTES


def _context_bytes(header: GgufHeader, context_tokens: int) -> int:
    name = header.architecture
    if "bert" in name:
        return 0
    width = header.number(f"{name}.embedding_length")
    heads = max(1, header.number(f"{name}.attention.head_count", 1))
    key = header.number(f"{name}.attention.key_length", width // heads)
    value = header.number(f"{name}.attention.value_length", width // heads)
    tokens = min(context_tokens, header.number(f"{name}.context_length", context_tokens))
    return _kv_heads(header, heads) * tokens * (key + value) * 2


def _kv_heads(header: GgufHeader, heads: int) -> int:
    """In all layers together. A file may name them for each layer by itself, of which the header keeps the first."""
    name, layers = header.architecture, header.number(f"{header.architecture}.block_count")
    said = header.metadata.get(f"{name}.attention.head_count_kv")
    if isinstance(said, ArrayValue):
        counts = [item for item in said.items[:layers] if isinstance(item, int)]
        return sum(counts) + max(0, layers - len(counts)) * max(counts, default=heads)
    return layers * header.number(f"{name}.attention.head_count_kv", heads)


def free_memory_bytes() -> int:
    """Memory a new model may take: what the system can give, and what a container's limit still allows."""
    free = psutil.virtual_memory().available
    try:
        limit, used = (int((_CGROUP / name).read_text()) for name in ("memory.max", "memory.current"))
        stat = dict(line.split() for line in (_CGROUP / "memory.stat").read_text().splitlines())
    except (OSError, ValueError):  # not Linux, not in a container, or "max"
        return int(free)
    cached = int(stat.get("file", 0))  # counted as used, but given back when asked for
    return int(min(free, max(0, limit - used + cached)))
