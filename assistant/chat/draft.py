"""The answer while it is being made: the one mutable thing of a turn, turned into an Answer whenever it is to be kept."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from assistant.chat.citations import Checked, quote_citations
from assistant.domain.answers import Answer, AskScope, InstantQuote, Passage, Timings
from assistant.domain.models import CompletionStats


@dataclass
class Draft:
    """was_stopped: the user stopped it; what is here is then all there is."""

    text: str = ""
    refused: bool = False
    quote: InstantQuote | None = None
    passages: tuple[Passage, ...] = ()
    checked: Checked = field(default_factory=Checked)
    model: str = ""
    left_out: int = 0
    has_forgotten: bool = False
    has_lost_gpu: bool = False
    was_stopped: bool = False
    timings: Timings = field(default_factory=Timings)
    scope: AskScope = field(default_factory=AskScope)

    def answer(self) -> Answer:
        """The answer so far. While no written sentence is supported, the instant quote is what the answer rests on."""
        citations = self.checked.citations
        if not citations and self.quote is not None and not self.refused:
            citations = quote_citations(self.quote)
        return Answer(
            text=self.text,
            refused=self.refused,
            quote=self.quote,
            sentences=self.checked.sentences,
            citations=citations,
            passages=self.passages,
            timings=self.timings,
            model=self.model,
            left_out=self.left_out,
            has_forgotten=self.has_forgotten,
            has_lost_gpu=self.has_lost_gpu,
            scope=self.scope,
        )

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Add the seconds that pass to the timing of that name, also when the step fails."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.add_seconds(name, time.perf_counter() - began)

    def add_seconds(self, name: str, seconds: float) -> None:
        self.timings = replace(self.timings, **{name: getattr(self.timings, name) + seconds})

    def take_stats(self, stats: CompletionStats) -> None:
        """Add a model's own figures. Loading counts from both sides: what we waited before asking, and what it says."""
        self.timings = replace(
            self.timings,
            load_s=self.timings.load_s + stats.load_s,
            prompt_s=stats.prompt_s,
            first_token_s=stats.first_token_s,
            write_s=stats.write_s,
            prompt_tokens=stats.prompt_tokens,
            cached_tokens=stats.cached_tokens,
            completion_tokens=stats.completion_tokens,
        )
