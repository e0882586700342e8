"""Found notes by date and by title."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from assistant.domain.order import ResultOrder
from assistant.retrieval.retriever import Retriever
from tests.unit.retrieval.retrieval_fakes import MemoryCatalog


@pytest.fixture
def retriever() -> Retriever:
    catalog = MemoryCatalog()
    for note, day, changed_at_s in (
        ("Beta.md", None, 1_600_000_000.0),
        ("alpha.md", date(2026, 3, 1).toordinal(), 1_500_000_000.0),
        ("gamma.md", None, 1_000_000_000.0),
    ):
        for chunk in catalog.add_note(note, f"The budget of {note}.", title=note):
            catalog.chunks[chunk.rowid] = replace(chunk, day=day, changed_at_s=changed_at_s)
    catalog.add_note("other.md", "Nothing of the kind.", title="other.md")
    return Retriever(catalog.keywords, None, catalog, None, catalog)


@pytest.mark.parametrize(
    ("order", "notes"),
    [
        (ResultOrder.NEWEST, ["alpha.md", "Beta.md", "gamma.md"]),
        (ResultOrder.OLDEST, ["gamma.md", "Beta.md", "alpha.md"]),
        (ResultOrder.TITLE, ["alpha.md", "Beta.md", "gamma.md"]),
    ],
)
def test_an_order_holds_all_that_has_the_words_and_nothing_else(
    retriever: Retriever, order: ResultOrder, notes
) -> None:
    found = retriever.retrieve("budget", order=order)
    assert [passage.note for passage in found.passages] == notes
    assert found.complete
    assert len(found.dates_s) == len(notes)


def test_the_newest_few_are_taken_from_all_that_has_the_words(retriever: Retriever) -> None:
    assert [p.note for p in retriever.retrieve("budget", top=1, order=ResultOrder.NEWEST).passages] == ["alpha.md"]
