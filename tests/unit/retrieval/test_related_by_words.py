"""While nobody has read what notes mean, those are related that share telling words; the words say why."""

from __future__ import annotations

import threading

import pytest

from assistant.domain.errors import Cancelled
from assistant.retrieval.keyword import KeywordIndex
from assistant.retrieval.related import RelatedFinder
from assistant.retrieval.related_words import PROBES, SharedWordsFinder, as_written
from tests.unit.retrieval.retrieval_fakes import ExactSearch, HashingEmbedder, MemoryCatalog

OWN = "The tram climbs to the Alfama viewpoint, and the tile museum stands in an old convent."
NEAR = "Our guide knew the Alfama well: a tram, a convent with tiles, and a viewpoint over the river."
FAR = "The oven must be hot before the bread goes in, and the dough rests for an hour."


@pytest.fixture
def catalog() -> MemoryCatalog:
    return MemoryCatalog()


@pytest.fixture
def finder(catalog: MemoryCatalog) -> SharedWordsFinder:
    return SharedWordsFinder(catalog.keywords, catalog)


def ids(chunks: list) -> list[str]:
    return [chunk.chunk_id for chunk in chunks]


def test_a_note_with_the_same_rare_words_is_related_and_the_words_say_why(catalog, finder):
    own = catalog.add_note("own.md", OWN)
    catalog.add_note("near.md", NEAR)
    for number in range(8):
        catalog.add_note(f"far {number}.md", f"{FAR} Number {number}.")
    (found,) = finder.find(ids(own), 5)
    assert (found.passage.note, found.own.text) == ("near.md", OWN)
    assert set(found.shared) >= {"Alfama", "tram", "convent", "viewpoint"}


def test_chinese_words_are_told_in_one_piece(catalog, finder):
    own = catalog.add_note("own.md", "周二我们参观了旧修道院里的瓷砖博物馆，然后坐二十八路电车去恩典观景台看日落。")
    catalog.add_note("near.md", "从恩典观景台可以看到整座城市，二十八路电车正好到那里，瓷砖博物馆也不远，走路就能到。")
    for number in range(8):
        catalog.add_note(
            f"far {number}.md", f"烤箱要先预热，面团需要醒发一个小时，然后才能放进去烘烤，第{number}次。" * 2
        )
    (found,) = finder.find(ids(own), 5)
    assert found.passage.note == "near.md"
    assert {"恩典观景台", "瓷砖博物馆"} <= set(found.shared)


def test_notes_with_nothing_telling_in_common_are_not_related(catalog, finder):
    own = catalog.add_note("own.md", OWN)
    catalog.add_note("far.md", FAR)
    assert finder.find(ids(own), 5) == []


def test_two_words_in_common_are_chance(catalog, finder):
    own = catalog.add_note("own.md", "Tram and convent, viewpoint and river, nothing else worth a word.", title="Own")
    catalog.add_note("one.md", "Painters loved that convent; a tram hid behind its walls for years.", title="One")
    catalog.add_note("other.md", "Kayaks drift along any river until some viewpoint ends all talking.", title="Other")
    assert finder.find(ids(own), 5) == []


def test_each_note_is_named_once_best_first_and_never_the_note_itself(catalog, finder):
    own = catalog.add_note("own.md", OWN, OWN.replace("tile", "glass"))
    catalog.add_note("near.md", NEAR, NEAR)
    catalog.add_note("same.md", OWN)
    for number in range(8):
        catalog.add_note(f"far {number}.md", f"{FAR} Number {number}.")
    assert [one.passage.note for one in finder.find(ids(own), 5)] == ["same.md", "near.md"]
    assert [one.passage.note for one in finder.find(ids(own), 1)] == ["same.md"]


def test_a_long_note_asks_only_so_many_questions_and_can_be_stopped(catalog, finder, monkeypatch):
    own = catalog.add_note("own.md", *(f"{OWN} Part {number}." for number in range(30)))
    asked = []
    index = KeywordIndex.search
    monkeypatch.setattr(KeywordIndex, "search", lambda self, *a, **k: asked.append(1) or index(self, *a, **k))
    finder.find(ids(own), 5)
    assert 0 < len(asked) <= PROBES
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        finder.find(ids(own), 5, stop)


def test_a_note_is_related_by_words_only_while_it_has_no_vectors(catalog, finder):
    own = catalog.add_note("own.md", OWN)
    catalog.add_note("near.md", NEAR)
    by_meaning = RelatedFinder(catalog, catalog, ExactSearch(), finder)
    (found,) = by_meaning.find(ids(own), 5)
    assert "Alfama" in found.shared
    catalog.embed_all(HashingEmbedder())
    assert all(not one.shared for one in by_meaning.find(ids(own), 5))


def test_words_are_told_as_they_are_written_once():
    assert as_written("Tram, tram and Café", {"tram", "cafe"}) == ("Tram", "Café")
    assert as_written("坐电车去观景台，电车很慢", {"电车", "观景", "景台"}) == ("电车", "观景台")
