"""What is asked of a completion reaches llama.cpp's samplers."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.domain.models import Sampling
from assistant.models.sampling import SamplerChain


class NotedLibrary:
    """Stands for llama.cpp: writes down which samplers are made, with what."""

    def __init__(self) -> None:
        self.made: list[tuple[str, tuple[Any, ...]]] = []

    def __getattr__(self, name: str) -> Any:
        def call(*arguments: Any) -> str:
            if name.startswith("llama_sampler_init_"):
                self.made.append((name.removeprefix("llama_sampler_init_"), arguments))
            return name

        return call


@pytest.mark.parametrize("temperature", [0.3, 1.5])
def test_a_temperature_is_given_to_the_sampler_with_a_seed(temperature: float) -> None:
    library = NotedLibrary()
    SamplerChain(library, Sampling(temperature=temperature, seed=7), 32_000)
    made = dict(library.made)
    assert made["temp"] == (temperature,)
    assert made["dist"] == (7,)
    assert "greedy" not in made


def test_without_a_temperature_the_likeliest_word_is_taken() -> None:
    library = NotedLibrary()
    SamplerChain(library, Sampling(temperature=0.0), 32_000)
    assert [name for name, _ in library.made] == ["penalties", "greedy"]
