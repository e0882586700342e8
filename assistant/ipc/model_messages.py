"""What the engine and the model process say to each other.

Every request carries the model it means, so the process keeps no configuration that a restart would lose. A request ends with one
last event; EmbedTexts and Complete send others before it.
"""

from __future__ import annotations

import msgspec

from assistant.domain.models import Backends, ChatModelInfo, CompletionStats, EmbedderInfo, PromptMessage, Sampling


class _Tagged(msgspec.Struct, frozen=True, tag_field="type", tag=lambda name: name):
    """Base of every message: the struct's name is its tag on the wire."""


class ModelChoice(msgspec.Struct, frozen=True, omit_defaults=True):
    """A model file and how to open it. sha256: what the shelf promises, "" for a file of the user's. threads 0: all cores.
    use_gpu: a chat model may, where there is one."""

    path: str
    sha256: str = ""
    threads: int = 0
    context_tokens: int = 0
    use_gpu: bool = True


# ---- requests ------------------------------------------------------------------------------------------------------------


class DescribeEmbedder(_Tagged, frozen=True):
    """Ends with EmbedderDescribed; the file's header is read, the model is not loaded."""

    model: ModelChoice


class EmbedTexts(_Tagged, frozen=True):
    """role: "query" or "passage". Sends EmbeddedRows for each finished stretch, in order, the last of them last."""

    model: ModelChoice
    texts: list[str]
    role: str


class CountEmbedderTokens(_Tagged, frozen=True):
    """Ends with TokensCounted: as passages, with prefix, begin and end, uncut."""

    model: ModelChoice
    texts: list[str]


class RerankTexts(_Tagged, frozen=True):
    """Ends with TextsScored."""

    model: ModelChoice
    query: str
    texts: list[str]


class DescribeChat(_Tagged, frozen=True):
    """Loads the model. Ends with ChatDescribed."""

    model: ModelChoice


class CountChatTokens(_Tagged, frozen=True):
    """Ends with TokensCounted: as plain content, without template."""

    model: ModelChoice
    texts: list[str]


class Complete(_Tagged, frozen=True):
    """Sends PromptRead while loading and reading, TextWritten while writing, and ends with Completed."""

    model: ModelChoice
    messages: list[PromptMessage]
    sampling: Sampling


class DescribeBackends(_Tagged, frozen=True):
    """with_gpu: look for one, which loads its driver. Ends with BackendsDescribed."""

    with_gpu: bool = True


class UnloadChat(_Tagged, frozen=True):
    """Free the chat model's memory; the next request that needs it loads it again. Ends with Unloaded."""


ModelRequest = (
    DescribeEmbedder
    | EmbedTexts
    | CountEmbedderTokens
    | RerankTexts
    | DescribeChat
    | CountChatTokens
    | Complete
    | DescribeBackends
    | UnloadChat
)

# ---- events --------------------------------------------------------------------------------------------------------------


class EmbedderDescribed(_Tagged, frozen=True):
    info: EmbedderInfo


class EmbeddedRows(_Tagged, frozen=True):
    """count rows of dim little-endian float32 values, as base64 by msgspec."""

    count: int
    dim: int
    rows: bytes


class TokensCounted(_Tagged, frozen=True):
    counts: list[int]


class TextsScored(_Tagged, frozen=True):
    """One finite score a text, in the order of the texts; higher is better."""

    scores: list[float]


class ChatDescribed(_Tagged, frozen=True):
    info: ChatModelInfo


class PromptRead(_Tagged, frozen=True):
    """phase: "loading" (counts are 0) or "reading"."""

    phase: str
    done: int = 0
    total: int = 0


class TextWritten(_Tagged, frozen=True):
    text: str


class Completed(_Tagged, frozen=True):
    stats: CompletionStats


class BackendsDescribed(_Tagged, frozen=True):
    backends: Backends


class Unloaded(_Tagged, frozen=True):
    """The chat model is no longer in memory."""


ModelEvent = (
    EmbedderDescribed
    | EmbeddedRows
    | TokensCounted
    | TextsScored
    | ChatDescribed
    | PromptRead
    | TextWritten
    | Completed
    | BackendsDescribed
    | Unloaded
)
