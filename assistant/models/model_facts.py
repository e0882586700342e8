"""What a model file says of itself, as plain text of bearable length: it comes from a stranger. "", (), 0 where it is silent.

Source of the keys: the GGUF specification in the ggml repository, "Standardized key-value pairs".
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from assistant.models.gguf_file import GgufHeader

_MOST_LANGUAGES = 8
_LONGEST = 80

_FILE_TYPES = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K", 11: "Q3_K_S", 12: "Q3_K_M",
    13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S", 17: "Q5_K_M", 18: "Q6_K", 19: "IQ2_XXS", 20: "IQ2_XS",
    21: "Q2_K_S", 22: "IQ3_XS", 23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL", 26: "IQ3_S", 27: "IQ3_M", 28: "IQ2_S", 29: "IQ2_M",
    30: "IQ4_XS", 31: "IQ1_M", 32: "BF16", 36: "TQ1_0", 37: "TQ2_0", 38: "MXFP4", 39: "NVFP4", 40: "Q1_0", 41: "Q2_0",
}  # fmt: skip
"""llama.cpp's LLAMA_FTYPE numbers, as llama-cpp-python lists them."""

_TENSOR_TYPES = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 6: "Q5_0", 7: "Q5_1", 8: "Q8_0", 10: "Q2_K", 11: "Q3_K", 12: "Q4_K", 13: "Q5_K",
    14: "Q6_K", 16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS", 19: "IQ1_S", 20: "IQ4_NL", 21: "IQ3_S", 22: "IQ2_S", 23: "IQ4_XS",
    29: "IQ1_M", 30: "BF16", 34: "TQ1_0", 35: "TQ2_0", 39: "MXFP4",
}  # fmt: skip
"""ggml's numbers for the types of single tensors."""


@dataclass(frozen=True, slots=True)
class ModelFacts:
    title: str = ""
    maker: str = ""
    languages: tuple[str, ...] = ()
    licence: str = ""
    source: str = ""
    quantisation: str = ""
    parameters: int = 0
    context_tokens: int = 0


def facts_of(header: GgufHeader | None, file: Path) -> ModelFacts:
    """header: None for a file that cannot be read as a model; then only its name is known."""
    if header is None:
        return ModelFacts(title=file.stem)
    return ModelFacts(
        title=plain(header.text("general.name")) or file.stem,
        maker=_first(header, "general.organization", "general.author", "general.quantized_by"),
        languages=_languages(header),
        licence=_first(header, "general.license.name", "general.license"),
        source=plain(header.text("general.source.url") or header.text("general.url"), 200),
        quantisation=_quantisation(header),
        parameters=header.parameters,
        context_tokens=header.number(f"{header.architecture}.context_length"),
    )


def plain(text: str, longest: int = _LONGEST) -> str:
    """One line without control characters."""
    return re.sub(r"\s+", " ", "".join(c for c in text if c.isprintable() or c.isspace())).strip()[:longest].rstrip()


def _first(header: GgufHeader, *keys: str) -> str:
    return next((said for key in keys if (said := plain(header.text(key)))), "")


def _languages(header: GgufHeader) -> tuple[str, ...]:
    value = header.metadata.get("general.languages")
    if value is None or isinstance(value, (str, int, float, bool)):
        return ()
    return tuple(said for item in value.items[:_MOST_LANGUAGES] if (said := plain(str(item), 12)))


def _quantisation(header: GgufHeader) -> str:
    """As the file says; else the type that holds most of its weights."""
    said = _FILE_TYPES.get(header.number("general.file_type", -1))
    if said:
        return said
    weights: Counter[int] = Counter()
    for tensor in header.tensors:
        count = 1
        for dim in tensor.dims:
            count *= dim
        weights[tensor.type] += count
    most = weights.most_common(1)
    return _TENSOR_TYPES.get(most[0][0], "") if most else ""
