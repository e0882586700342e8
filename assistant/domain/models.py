"""The nouns around models: what is on the shelf, what is loaded, what a prompt is made of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ModelRole(StrEnum):
    CHAT = "chat"
    EMBEDDER = "embedder"
    RERANKER = "reranker"


@dataclass(frozen=True, slots=True)
class ShelfEntry:
    """A model on the shelf. installed: its file is here and had the right checksum. fits: takes no more than a bearable share of this
    machine's memory. is_elsewhere: its file lies outside the models folder, so removing the model only forgets it. is_bundled: it came with the program and
    can only go with it. note: a sentence, or
    a code for why it cannot be used. partial_bytes of fetch_bytes: what an interrupted download has left, and what is to be fetched in all.
    maker, quantisation, "" and parameters, context_tokens, 0: nobody says."""

    name: str
    title: str
    role: ModelRole
    languages: tuple[str, ...]
    licence: str
    size_bytes: int
    memory_bytes: int
    installed: bool
    source: str
    file: str = ""
    is_starter: bool = False
    is_user: bool = False
    fits: bool = True
    note: str = ""
    is_elsewhere: bool = False
    maker: str = ""
    quantisation: str = ""
    parameters: int = 0
    context_tokens: int = 0
    fetch_bytes: int = 0
    partial_bytes: int = 0
    is_bundled: bool = False


@dataclass(frozen=True, slots=True)
class EmbedderInfo:
    """id changes whenever the same text could get another vector: file checksum, centring and text preparation shape it."""

    id: str
    name: str
    dim: int
    window_tokens: int


@dataclass(frozen=True, slots=True)
class ChatModelInfo:
    """backend: "CPU", "CUDA", ... parameters: number of weights, 0 if unknown. has_lost_gpu: there is a GPU and it could not be used."""

    name: str
    path: str
    context_tokens: int
    backend: str
    parameters: int = 0
    family: str = ""
    has_lost_gpu: bool = False


@dataclass(frozen=True, slots=True)
class Backends:
    """What llama.cpp computes on. processor: the kernels in use ("haswell"), "" for those compiled in. features: of the processor, as
    llama.cpp names what it uses. at_hand: sets of kernels to choose from, 0 if they are compiled in. gpus: as their drivers name them."""

    processor: str
    features: tuple[str, ...]
    at_hand: int
    gpus: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PromptPart:
    """A piece of a message. trusted: our own template text; everything else is tokenised as plain text, so that no note and no
    question can write the model's control tokens."""

    text: str
    trusted: bool = False


@dataclass(frozen=True, slots=True)
class PromptMessage:
    """role: "system", "user" or "assistant"."""

    role: str
    parts: tuple[PromptPart, ...]


@dataclass(frozen=True, slots=True)
class Sampling:
    temperature: float = 0.0
    top_k: int = 40
    top_p: float = 0.9
    repeat_penalty: float = 1.1
    seed: int = 0
    max_tokens: int = 400
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CompletionStats:
    """finish: "stop" (the model ended), "length" or "stopped" (the user). Seconds and tokens."""

    finish: str
    load_s: float = 0.0
    prompt_s: float = 0.0
    first_token_s: float = 0.0
    write_s: float = 0.0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
