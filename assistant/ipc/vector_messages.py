"""What the engine and the vector process say to each other.

Vectors travel as little-endian float16 rows (base64 on the wire), so a batch of 2,000 is two megabytes of line and costs no parsing
of numbers.
"""

from __future__ import annotations

import msgspec


class _Tagged(msgspec.Struct, frozen=True, tag_field="type", tag=lambda name: name):
    """Base of every message: the struct's name is its tag on the wire."""


# ---- requests ------------------------------------------------------------------------------------------------------------


class GetVectorState(_Tagged, frozen=True):
    """Ends with VectorState, once the index is open."""


class ProbeVectors(_Tagged, frozen=True):
    """Look whether the index has these vectors, as far as it has their ids, and whether some of them find themselves. Ends with
    VectorState: good or doubtful.

    count: how many chunks the index is expected to hold; -1: not known. more: another probe follows, and what passed is not good but
    "unproven" until then.
    """

    ids: tuple[str, ...]
    vectors: bytes
    count: int = -1
    more: bool = False


class CheckVectors(_Tagged, frozen=True):
    """Look these up by their own vectors, without any consequence. Ends with VectorsChecked."""

    ids: tuple[str, ...]
    vectors: bytes


class UpsertVectors(_Tagged, frozen=True):
    """Ends with VectorsDone. Errors: BadRequestError (not finite), StoreUnavailableError (doubtful, disk full)."""

    ids: tuple[str, ...]
    vectors: bytes


class DeleteVectors(_Tagged, frozen=True):
    """Unknown ids are ignored. Ends with VectorsDone."""

    ids: tuple[str, ...]


class QueryVectors(_Tagged, frozen=True):
    """vector: one row. Answered before waiting writes. Ends with VectorHits. Errors: StoreUnavailableError while not good."""

    vector: bytes
    top: int


class ListVectorIds(_Tagged, frozen=True):
    """Ends with VectorIds: every id in the index."""


class BeginRebuild(_Tagged, frozen=True):
    """Start a new, empty index beside the one in use. One begun earlier and not finished is thrown away. Ends with VectorsDone."""


class AddToRebuild(_Tagged, frozen=True):
    """Ends with VectorsDone."""

    ids: tuple[str, ...]
    vectors: bytes


class FinishRebuild(_Tagged, frozen=True):
    """Check the new index, put it in the place of the old one and throw that away. Ends with VectorState."""

    count: int


VectorRequest = (
    GetVectorState | ProbeVectors | CheckVectors | UpsertVectors | DeleteVectors | QueryVectors | ListVectorIds | BeginRebuild | AddToRebuild
    | FinishRebuild
)  # fmt: skip


# ---- events --------------------------------------------------------------------------------------------------------------


class VectorState(_Tagged, frozen=True):
    """state: "empty", "good", "doubtful" (not to be believed before a probe or a rebuild) or "unproven" (the probe goes on). reason: why
    it is doubtful.

    changed: rows replaced or deleted since it was built; Chroma never gives their room back.
    """

    state: str
    count: int = 0
    changed: int = 0
    reason: str = ""


class VectorsChecked(_Tagged, frozen=True):
    """looked_up: those that the index holds as they were given; missed: how many of them their own vector does not find."""

    looked_up: int
    missed: int


class VectorsDone(_Tagged, frozen=True):
    pass


class VectorHits(_Tagged, frozen=True):
    """Best first; similarity is cosine."""

    ids: tuple[str, ...]
    similarities: tuple[float, ...]


class VectorIds(_Tagged, frozen=True):
    ids: tuple[str, ...]


VectorEvent = VectorState | VectorsChecked | VectorsDone | VectorHits | VectorIds
