"""Vectors as they cross the link: little-endian float16 rows."""

from __future__ import annotations

import numpy as np

from assistant.domain.errors import BadRequestError
from assistant.models.ports import FloatMatrix
from assistant.retrieval.ports import HalfMatrix


def encode_vectors(vectors: FloatMatrix | HalfMatrix) -> bytes:
    return np.ascontiguousarray(vectors, dtype="<f2").tobytes()


def decode_vectors(rows: bytes, count: int) -> FloatMatrix:
    """float32, shape (count, dim). Raises BadRequestError for anything else than `count` finite vectors."""
    if count <= 0 or not rows or len(rows) % (2 * count):
        raise BadRequestError(reason="as many ids as vectors are needed")
    vectors = np.frombuffer(rows, dtype="<f2").astype(np.float32).reshape(count, -1)
    if not np.isfinite(vectors).all():
        raise BadRequestError(reason="a vector is not finite")
    return vectors
