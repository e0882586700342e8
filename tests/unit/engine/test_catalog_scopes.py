"""What filters mean in a real catalog."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from assistant.domain.documents import Chunk, ReasonCode
from assistant.domain.library import FileState
from assistant.domain.order import ResultOrder
from assistant.domain.search import FilterKey
from assistant.engine.catalog_scopes import CatalogScopes
from assistant.library.catalog import Catalog
from assistant.library.chunk_table import Failure, ReadNote
from assistant.library.days import named_day, single_day
from assistant.library.file_table import Identity
from assistant.retrieval.keyword import CatalogKeywords, KeywordIndex
from assistant.retrieval.ports import Scope
from assistant.retrieval.query_filters import parse_filters

TODAY = date(2026, 11, 18)


class Shelf:
    """Notes with names, tags and days in a catalog on disk."""

    def __init__(self, path: Path) -> None:
        self.catalog = Catalog(path / "catalog.sqlite", KeywordIndex())
        self.catalog.files.put_folder(1, str(path / "Notes"), is_file=False)
        self.catalog.files.put_folder(2, str(path / "Büro"), is_file=False)
        self.catalog.folders_changed()
        self.scopes = CatalogScopes(self.catalog)
        self.keywords = CatalogKeywords(KeywordIndex(), self.catalog.database.read, self.scopes)

    def put(
        self,
        note: str,
        *,
        folder_id: int = 1,
        title: str = "",
        tags: tuple[str, ...] = (),
        day: str = "",
        changed: str = "2026-11-18",
    ) -> None:
        when = int(datetime.fromisoformat(changed).astimezone().timestamp()) * 10**9
        identity = Identity(10, when, 0)
        file_id = self.catalog.files.add(folder_id, note, note, identity)
        text = f"Words of {note}."
        self.catalog.chunks.write_note(
            file_id,
            ReadNote(
                title,
                "markdown",
                "s",
                identity,
                os.urandom(8),
                [Chunk(0, text, 0, len(text))],
                [text],
                (),
                tags,
                single_day(day),
            ),
        )

    def passing(self, query: str) -> set[str]:
        scope = Scope(filters=parse_filters(query, TODAY).filters)
        assert scope.filters, "the query has a filter"
        by_id = self.catalog.chunks.chunks_by_id(self.scopes.chunk_ids_within(scope))
        found = {chunk.note for chunk in by_id.values()}
        # Both legs and the list of notes must agree.
        hits = self.keywords.search("words", 100, scope).hits
        assert {
            chunk.note for chunk in self.catalog.chunks.chunks_by_rowid([hit.rowid for hit in hits]).values()
        } == found
        newest = self.catalog.chunks.chunks_by_id(self.scopes.newest_within(scope, 100))
        assert {chunk.note for chunk in newest.values()} == found
        return found


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path)
    shelf.put("Trips/2024/lisbon.md", title="Lisbon in März", tags=("travel", "Portugal/Lisbon"), day="2024-03-20")
    shelf.put("Trips/packing.pdf", tags=("travel",))
    shelf.put("daily/2026-11-11.md", tags=("work",))
    shelf.put("Recipes/番茄牛腩.docx", title="番茄牛腩", tags=("做飯",), changed="2025-06-01")
    shelf.put("steuer.txt", folder_id=2, changed="2023-01-31")
    yield shelf
    shelf.catalog.close()


LISBON, PACKING, DAILY, STEW, TAX = (
    "Trips/2024/lisbon.md", "Trips/packing.pdf", "daily/2026-11-11.md", "Recipes/番茄牛腩.docx", "steuer.txt",
)  # fmt: skip


@pytest.mark.parametrize(
    ("query", "notes"),
    [
        ("folder:trips", {LISBON, PACKING}),
        ("folder:Trips/2024", {LISBON}),
        ("folder:2024", {LISBON}),
        ("folder:büro", {TAX}),
        ("folder:BURO", {TAX}),
        ("文件夹：recipes", {STEW}),
        ("folder:trips folder:daily", {LISBON, PACKING, DAILY}),
        ("-folder:trips -folder:daily", {STEW, TAX}),
        ("folder:rips", set()),
        ("type:pdf", {PACKING}),
        ("type:word type:txt", {STEW, TAX}),
        ("-type:md", {PACKING, STEW, TAX}),
        ("type:xyz", set()),
        ("#travel", {LISBON, PACKING}),
        ("#travel #work", set()),
        ("tag:portugal", {LISBON}),
        ("tag:portugal/lisbon", {LISBON}),
        ("tag:做饭", {STEW}),
        ("#travel -tag:portugal", {PACKING}),
        ("title:lisbon", {LISBON}),
        ("title:marz", {LISBON}),
        ('title:"in märz"', {LISBON}),
        ("title:packing", {PACKING}),
        ("标题：番茄", {STEW}),
        ("after:2026", {PACKING, DAILY}),
        ("before:2024", {TAX}),
        ("before:2024-03-20", {TAX}),
        ("after:2024-03-20 before:2025", {LISBON}),
        ("date:2024-03", {LISBON}),
        ("date:last-week", {DAILY}),
        ("-date:2024", {PACKING, DAILY, STEW, TAX}),
        ("之后：2026年", {PACKING, DAILY}),
        ("folder:%", set()),
        ("type:%", set()),
        ("type:_d", set()),
        ("title:md", set()),
        ("title:.md", set()),
        ("title:trips", set()),
        ("title:lisbon.md", {LISBON}),
        ("title:2026-11-11.md", {DAILY}),
        ("-title:pdf", {LISBON, PACKING, DAILY, STEW, TAX}),
        ("标题：牛腩", {STEW}),
        ("date:2024-03 date:2023-01", {LISBON, TAX}),
        ("date:2024-03 date:2023-01 after:2024", {LISBON}),
        ("日期：2024年3月 日期：上周", {LISBON, DAILY}),
        ("type:pdf,docx", {PACKING, STEW}),
        ("type:pdf,,word,", {PACKING, STEW}),
        ("-type:pdf,docx", {LISBON, DAILY, TAX}),
        ("tag:work,portugal", {LISBON, DAILY}),
        ("标签：做饭,work", {STEW, DAILY}),
        ("tag:travel,work #portugal", {LISBON}),
        ('tag:"work,portugal"', set()),
        ("folder:tri", {LISBON, PACKING}),
        ('folder:"tri"', set()),
        ("folder:tri/", set()),
        ("folder:trips/", {LISBON, PACKING}),
        ('folder:"Trips"', {LISBON, PACKING}),
        ("-folder:tri", {LISBON, PACKING, DAILY, STEW, TAX}),
        ("-folder:trips", {DAILY, STEW, TAX}),
        ("-folder:büro", {LISBON, PACKING, DAILY, STEW}),
        ("-folder:bür", {LISBON, PACKING, DAILY, STEW, TAX}),
        ("folder:notes/trips", {LISBON, PACKING}),
        ("folder:Notes\\Trips\\2024", {LISBON}),
        ("folder:notes/2024", set()),
        ("-folder:notes/trips", {DAILY, STEW, TAX}),
        ("文件夹：「recip」", set()),
        ("title:_", set()),
    ],
)  # fmt: skip
def test_a_filter_lets_these_notes_pass(shelf: Shelf, query: str, notes: set[str]) -> None:
    assert shelf.passing(query) == notes


def test_the_filters_that_keep_a_note_out_are_told(shelf: Shelf) -> None:
    filters = parse_filters("folder:trips type:pdf #travel", TODAY).filters
    assert [one.key for one in shelf.scopes.failed_filters(filters, 1, LISBON)] == [FilterKey.TYPE]
    assert shelf.scopes.failed_filters(filters, 1, PACKING) == ()


@pytest.mark.parametrize(
    ("query", "failed"),
    [
        ("folder:trips folder:daily", []),
        ("folder:recipes folder:daily", ["recipes", "daily"]),
        ("type:md type:pdf date:2024 date:2023", []),
        ("type:pdf type:md type:docx -folder:trips", ["trips"]),
        ("#travel #work", ["work"]),
        ("after:2025 after:2026", ["2025", "2026"]),
        ("-folder:daily -folder:trips", ["trips"]),
    ],
)
def test_of_filters_that_mean_either_none_failed_if_one_lets_pass(shelf: Shelf, query: str, failed: list[str]) -> None:
    filters = parse_filters(query, TODAY).filters
    assert [one.value for one in shelf.scopes.failed_filters(filters, 1, LISBON)] == failed


@pytest.mark.parametrize(
    ("key", "beginning", "values"),
    [
        (FilterKey.TAG, "", ["travel", "Portugal/Lisbon", "work", "做飯"]),
        (FilterKey.TAG, "#TR", ["travel"]),
        (FilterKey.TAG, "做饭", ["做飯"]),
        (FilterKey.FOLDER, "tr", ["Trips"]),
        (FilterKey.TYPE, "", ["md", "docx", "pdf", "txt"]),
        (FilterKey.AFTER, "", []),
        (FilterKey.TITLE, "li", ["Lisbon in März"]),
        (FilterKey.TITLE, "MARZ", ["Lisbon in März"]),
        (FilterKey.TITLE, "牛腩", ["番茄牛腩"]),
        (FilterKey.TITLE, "pack", ["packing"]),
        (FilterKey.TITLE, "acking", []),
    ],
)
def test_values_are_offered_most_used_first(shelf: Shelf, key: FilterKey, beginning: str, values: list[str]) -> None:
    assert shelf.scopes.values(key, beginning, 8) == values


def test_a_chinese_folder_is_offered_for_the_first_letters_of_its_pinyin(shelf: Shelf) -> None:
    shelf.put("旅行/里斯本.md")
    assert shelf.scopes.values(FilterKey.FOLDER, "lx", 8) == ["旅行"]
    assert shelf.scopes.values(FilterKey.FOLDER, "旅", 8) == ["旅行"]
    assert shelf.scopes.values(FilterKey.FOLDER, "xl", 8) == []


@pytest.mark.parametrize(
    ("places", "notes"),
    [
        ([(1, "Trips/")], {LISBON, PACKING}),
        ([(1, "Trips/2024/")], {LISBON}),
        ([(1, "Trip/")], set()),
        ([(2, "Trips/")], set()),
        ([(2, "")], {TAX}),
        ([(1, PACKING)], {PACKING}),
        ([(1, "Recipes/"), (2, TAX)], {STEW, TAX}),
        ([(1, "nothing.md")], set()),
    ],
)
def test_a_scope_of_places_holds_what_lies_in_any_of_them(
    shelf: Shelf, places: list[tuple[int, str]], notes: set[str]
) -> None:
    scope = Scope(places=tuple(places))
    found = shelf.catalog.chunks.chunks_by_id(shelf.scopes.chunk_ids_within(scope))
    assert {chunk.note for chunk in found.values()} == notes
    both = Scope(places=tuple(places), filters=parse_filters("title:lisbon", TODAY).filters)
    found = shelf.catalog.chunks.chunks_by_id(shelf.scopes.chunk_ids_within(both))
    assert {chunk.note for chunk in found.values()} == notes & {LISBON}


def test_tags_and_days_go_with_what_they_came_from(shelf: Shelf) -> None:
    row = shelf.catalog.files.by_note(1, LISBON)
    assert row is not None
    shelf.catalog.chunks.write_failure(row.id, Failure(FileState.FAILED, "damaged"), row.identity)
    assert shelf.passing("#travel") == {PACKING}
    shelf.catalog.files.move(row.id, "Trips/2019-01-02 lisbon.md", "Trips/2019-01-02 lisbon.md", row.identity)
    text = "Words again."
    shelf.catalog.chunks.write_note(
        row.id, ReadNote("", "markdown", "s", row.identity, b"x", [Chunk(0, text, 0, len(text))], [text], (), ("Old",))
    )
    assert shelf.passing("date:2019") == {"Trips/2019-01-02 lisbon.md"}
    assert shelf.passing("#old") == {"Trips/2019-01-02 lisbon.md"}
    packing = shelf.catalog.files.by_note(1, PACKING)
    assert packing is not None
    shelf.catalog.chunks.remove_files([packing.id])
    assert shelf.scopes.values(FilterKey.TAG, "travel", 8) == []


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("2024-03-12.md", date(2024, 3, 12)),
        ("Diary/20240312 Standup.txt", date(2024, 3, 12)),
        ("2024年3月12日.md", date(2024, 3, 12)),
        ("2024-03.md", None),
        ("2024-03-12 to 2024-03-15.md", None),
        ("2024-02-31.md", None),
        ("12345678.md", None),
        ("invoice 4021.pdf", None),
    ],
)
def test_the_name_of_a_file_may_give_its_day(name: str, day: date | None) -> None:
    assert named_day(name) == (day.toordinal() if day else None)


# ---- states, and what has no text ------------------------------------------------------------------------------------


@pytest.fixture
def unread(shelf: Shelf) -> Shelf:
    waiting = shelf.catalog.files.add(1, "Trips/Visa form.pdf", "Trips/Visa form.pdf", Identity(10, 3 * 10**18, 0))
    locked = shelf.catalog.files.add(2, "visa.pdf", "visa.pdf", Identity(11, 2 * 10**18, 0))
    hidden = shelf.catalog.files.add(1, "visa.bin", "visa.bin", Identity(12, 10**18, 0))
    shelf.catalog.chunks.write_failure(
        locked, Failure(FileState.FAILED, ReasonCode.ENCRYPTED), Identity(11, 2 * 10**18, 0)
    )
    shelf.catalog.chunks.write_failure(
        hidden, Failure(FileState.SKIPPED, ReasonCode.UNSUPPORTED), Identity(12, 10**18, 0)
    )
    assert waiting
    return shelf


def unread_named(shelf: Shelf, query: str) -> list[str]:
    understood = parse_filters(query, TODAY)
    return [
        note for _, note in shelf.scopes.unread_within(Scope(filters=understood.filters), understood.words.split(), 10)
    ]


@pytest.mark.parametrize(
    ("query", "notes"),
    [
        ("visa", ["Trips/Visa form.pdf", "visa.pdf"]),
        ("visa form", ["Trips/Visa form.pdf"]),
        ("visa state:waiting", ["Trips/Visa form.pdf"]),
        ("state:unread", ["visa.pdf"]),
        ("状态：未读", ["visa.pdf"]),
        ("-state:unread visa", ["Trips/Visa form.pdf"]),
        ("state:ready", []),
        ("100%", []),
    ],
)
def test_notes_without_a_text_are_found_by_name_and_state(unread: Shelf, query: str, notes: list[str]) -> None:
    assert unread_named(unread, query) == notes


def test_a_state_limits_what_is_searched(unread: Shelf) -> None:
    assert unread.passing("state:words") == {LISBON, PACKING, DAILY, STEW, TAX}
    assert unread.passing("state:ready") == set()


@pytest.mark.parametrize(
    ("order", "first", "last"),
    [(ResultOrder.NEWEST, DAILY, TAX), (ResultOrder.OLDEST, TAX, PACKING), (ResultOrder.TITLE, DAILY, STEW)],
)
def test_notes_that_pass_filters_come_in_the_wanted_order(
    shelf: Shelf, order: ResultOrder, first: str, last: str
) -> None:
    scope = Scope(filters=parse_filters("state:words", TODAY).filters)
    ids = shelf.scopes.newest_within(scope, 10, order)
    by_id = shelf.catalog.chunks.chunks_by_id(ids)
    assert (by_id[ids[0]].note, by_id[ids[-1]].note) == (first, last)
