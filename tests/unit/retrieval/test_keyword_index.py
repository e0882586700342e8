"""The keyword index finds English, Chinese, names and codes, and survives whatever is typed."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.retrieval.keyword import KeywordIndex
from assistant.retrieval.ports import RowFilter
from tests.unit.retrieval.retrieval_fakes import Entry

TEXTS = [
    "The universities of Warsaw are running a study on natural rights.",
    "A recipe for bread: flour, water, salt. Bake at 220 degrees.",
    "中国的首都是北京。长城在北京的北边。",
    "上海是中国最大的城市，位于长江入海口。",
    "def parse_html_file(path): uses lxml 5.2.1 and C++ bindings",
    "The Ｆｕｌｌ－ｗｉｄｔｈ letters and Café Zoë, 1,250 people",
    "Rights that are natural, said Hobbes.",
]

HOSTILE = [
    '"', "'", '""', "*", "a*", "NEAR(", "NEAR(a b, 2)", "a AND", "OR", "NOT x", "AND OR NOT", "title:x", "body : x", "{title body} : x",
    "^a", "(((", ")", "-a", "+", "a + b", ";DROP TABLE keyword;--", "\x00", "a\x00b", "\ud800", "a\udfffb", "😀", "👩‍👩‍👧‍👦",
    "﷽", "\u202etest", "\u200b", "%s%n", "${x}", "../../etc", "' OR 1=1 --", "_", "#", "c++", "\n\n", "…", "“", "「」", "《a》", "İ", "ß",
    "ﬁ", "\U0002a6a5", "ｔｅｓｔ", "Ω≈ç√∫", "部落格", "1/0", "1E+02", "<script>alert(1)</script>", "\\", "a\\\"b",
]  # fmt: skip


@pytest.fixture
def db() -> sqlite3.Connection:
    return sqlite3.connect(":memory:", isolation_level=None)


@pytest.fixture
def index(db: sqlite3.Connection) -> KeywordIndex:
    index = KeywordIndex()
    index.create(db)
    index.add(db, [Entry(number, f"note {number}", (), text) for number, text in enumerate(TEXTS)])
    return index


def found(index: KeywordIndex, db: sqlite3.Connection, query: str, **options: object) -> list[int]:
    return [hit.rowid for hit in index.search(db, query, 10, **options).hits]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("university", 0),
        ("what did the study run on?", 0),
        ("BREAD recipes", 1),
        ("首都在哪里？", 2),
        ("最大的城市是哪个", 3),
        ("parse_html_file", 4),
        ("lxml 5.2.1", 4),
        ("c++", 4),
        ("full-width", 5),
        ("cafe zoe", 5),
        ("1250", 5),
    ],
)
def test_best_hit_is_the_chunk_that_says_it(
    index: KeywordIndex, db: sqlite3.Connection, query: str, first: int
) -> None:
    assert found(index, db, query)[0] == first


@pytest.mark.parametrize("character", ["城", "口", "中", "边"])
def test_single_character_is_found_wherever_it_stands(
    index: KeywordIndex, db: sqlite3.Connection, character: str
) -> None:
    assert set(found(index, db, character)) == {row for row, text in enumerate(TEXTS) if character in text}


def test_an_irregular_form_is_found_while_it_is_typed(index: KeywordIndex, db: sqlite3.Connection) -> None:
    assert found(index, db, "ran", unfinished=True) == [0]


def test_unfinished_word_matches_beginnings_while_typing(index: KeywordIndex, db: sqlite3.Connection) -> None:
    word = "universities"
    for end in range(2, len(word) + 1):
        assert found(index, db, word[:end], unfinished=True) == [0], word[:end]
    assert found(index, db, "unive") == []


def test_quoted_phrase_puts_the_exact_wording_first(index: KeywordIndex, db: sqlite3.Connection) -> None:
    hits = index.search(db, '"natural rights"', 10).hits
    assert [hit.rowid for hit in hits] == [0, 6]
    assert [hit.phrases for hit in hits] == [1.0, 0.0]


def test_coverage_is_the_share_of_the_question_a_chunk_holds(index: KeywordIndex, db: sqlite3.Connection) -> None:
    whole, half = (index.search(db, query, 1).hits[0].coverage for query in ("flour water", "flour zeppelin"))
    assert whole == pytest.approx(1.0)
    assert 0.2 < half < 0.6
    assert index.search(db, "universities", 1).hits[0].coverage == pytest.approx(1.0)


def test_stop_words_alone_are_still_a_question(index: KeywordIndex, db: sqlite3.Connection) -> None:
    assert found(index, db, "the")
    assert found(index, db, "的")


@pytest.mark.parametrize("query", HOSTILE)
def test_hostile_query_is_only_words(index: KeywordIndex, db: sqlite3.Connection, query: str) -> None:
    index.search(db, query, 5)
    index.search(db, query, 5, unfinished=True)
    index.search(db, f"bread {query} salt", 5)
    assert 1 in found(index, db, f"bread {query} salt")


@given(st.text())
def test_any_text_can_be_indexed_and_asked_for(text: str) -> None:
    db = sqlite3.connect(":memory:", isolation_level=None)
    index = KeywordIndex()
    index.create(db)
    index.add(db, [Entry(1, text, (text,), text)])
    for hit in index.search(db, text, 5).hits:
        assert hit.rowid == 1
        assert 0.0 <= hit.coverage <= 1.0 + 1e-9
    index.search(db, text, 5, unfinished=True)


@pytest.mark.parametrize("query", ["x" * 10_000, "word " * 2_000, "字" * 10_000, '"' * 10_000, "a\u0301" * 5_000])
def test_endless_query_is_answered(index: KeywordIndex, db: sqlite3.Connection, query: str) -> None:
    assert index.search(db, query, 5).hits == ()


@pytest.mark.parametrize("query", ["", "   ", "?!", "……"])
def test_query_without_words_finds_nothing(index: KeywordIndex, db: sqlite3.Connection, query: str) -> None:
    assert index.search(db, query, 5).hits == ()


def test_removed_chunk_is_neither_found_nor_left_in_the_tables(index: KeywordIndex, db: sqlite3.Connection) -> None:
    index.remove(db, [1, 999])
    index.compact(db)
    assert found(index, db, "bread flour") == []
    held = b"".join(row[0] for row in db.execute("SELECT block FROM keyword_data"))
    assert b"flour" not in held
    assert not db.execute("SELECT 1 FROM keyword_content WHERE c2 LIKE '%flour%'").fetchall()


def test_title_counts_more_than_text(db: sqlite3.Connection) -> None:
    index = KeywordIndex()
    index.create(db)
    index.add(
        db, [Entry(1, "walks", (), "rivers and lakes of the north"), Entry(2, "rivers", (), "walks in the north")]
    )
    assert found(index, db, "rivers") == [2, 1]


def test_search_stays_within_the_given_rows(index: KeywordIndex, db: sqlite3.Connection) -> None:
    within = RowFilter("SELECT value FROM json_each(?)", ("[3, 4]",))
    assert found(index, db, "中国", within=within) == [3]


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("choose", "chose"),
        ("bought", "buys"),
        ("driver", "drives"),
        ("roofers", "roof"),
        ("children", "child"),
        ("men", "man"),
    ],
)
def test_other_forms_of_a_word_count_as_it(db: sqlite3.Connection, asked: str, written: str) -> None:
    index = KeywordIndex()
    index.create(db)
    index.add(db, [Entry(0, "note", (), f"They {written} there."), Entry(1, "other", (), "Nothing of the kind.")])
    (hit,) = index.search(db, f"Who {asked}?", 10).hits
    assert hit.rowid == 0
    assert hit.coverage == 1.0


def test_a_quoted_phrase_stays_exact(db: sqlite3.Connection) -> None:
    index = KeywordIndex()
    index.create(db)
    index.add(db, [Entry(0, "a", (), "we chose oak boards"), Entry(1, "b", (), "we choose oak boards")])
    hits = {hit.rowid: hit.phrases for hit in index.search(db, '"choose oak"', 10).hits}
    assert hits[1] > hits.get(0, 0.0)


# ---- one word, several spellings -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("臺灣的圖書館週末開放", "图书馆周末开放吗"),
        ("图书馆周末开放", "圖書館週末開放嗎"),
        ("Café Zoë is closed", "cafe zoe"),
        ("The ecole is closed", "école"),
        ("Łódź and Ærø, near Smørum", "lodz aero smorum"),
        ("the aero club of Lodz", "Ærø Łódź"),
        ("Ｆｕｌｌ width", "full"),
        ("error_code ERR-4021 again", "err-4021"),
    ],
)
def test_scripts_accents_and_widths_count_as_the_same_word(db: sqlite3.Connection, text: str, query: str) -> None:
    index = KeywordIndex()
    index.create(db)
    index.add(db, [Entry(1, "", (), text), Entry(2, "", (), "something else")])
    (hit,) = index.search(db, query, 10).hits
    assert (hit.rowid, hit.coverage) == (1, pytest.approx(1.0))


@pytest.mark.parametrize("query", ["“张艺谋”", "「張藝謀」", '"张艺谋"'])
def test_a_quoted_chinese_name_is_found_within_a_longer_run(db: sqlite3.Connection, query: str) -> None:
    index = KeywordIndex()
    index.create(db)
    index.add(db, [Entry(1, "", (), "导演张艺谋拍了电影"), Entry(2, "", (), "张三和艺谋公司")])
    assert {hit.rowid: hit.phrases for hit in index.search(db, query, 10).hits} == {1: 1.0, 2: 0.0}


@pytest.mark.parametrize("text", ["我用Python写程序", "我用Python写"])
def test_a_quoted_phrase_may_end_in_the_middle_of_a_run(db: sqlite3.Connection, text: str) -> None:
    index = KeywordIndex()
    index.create(db)
    index.add(db, [Entry(1, "", (), text), Entry(2, "", (), "写Python程序")])
    assert {hit.rowid: hit.phrases for hit in index.search(db, '"Python写"', 10).hits} == {1: 1.0, 2: 0.0}


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("What did I write about Zanzibar?", ["zanzibar"]),
        ("find me all notes about the roof", ["roof"]),
        ("Which notes mention Kubernetes", ["kubernetes"]),
        ("What do my notes say about Anna's birthday", ["anna", "birthday"]),
        ("What do I know about Ruprecht?", ["ruprecht"]),
        ("I vaguely remember something called Havornbu, what was it?", ["havornbu"]),
        ("notes on", ["notes"]),
        ("Who wrote the notes?", ["wrote", "notes"]),
        ("关于于曙光我写了什么？", ["于曙", "曙光"]),
        ("我记得有个笔记提到过番茄", ["番茄"]),
        ("番茄是做什么用的？", ["番茄"]),
        ("笔记本电脑", ["笔记", "记本", "本电", "电脑"]),
    ],
)
def test_how_somebody_addresses_us_is_not_looked_for(
    index: KeywordIndex, db: sqlite3.Connection, query: str, words: list[str]
) -> None:
    assert [one.word for one in index.words(db, query)] == words


def test_a_seam_between_two_words_counts_only_where_it_is_a_word(db: sqlite3.Connection) -> None:
    index = KeywordIndex()
    index.create(db)
    index.add(db, [Entry(1, "", (), "仓库的门牌"), Entry(2, "", (), "目的地是北京")])
    weights = {one.word: one.weight for one in index.words(db, "钥匙在仓库，目的地")}
    assert weights["匙在"] == weights["在仓"] == 0.0
    assert min(weights[word] for word in ("钥匙", "仓库", "目的", "的地")) > 1.0


def test_a_lone_name_dominates_and_a_sentence_does_not(index: KeywordIndex, db: sqlite3.Connection) -> None:
    assert index.search(db, "what did I write about Hobbes?", 5).dominance == pytest.approx(1.0)
    sentence = index.search(db, "Which universities of Warsaw study natural rights and salt bread?", 5)
    assert 0.0 < sentence.dominance < 0.4


def test_the_rank_of_a_hit_is_its_place_in_the_list(index: KeywordIndex, db: sqlite3.Connection) -> None:
    hits = index.search(db, "natural rights of bread and salt", 10).hits
    assert len(hits) == 3
    assert [index.rank_of(db, "natural rights of bread and salt", hit.score) for hit in hits] == [1, 2, 3]
    assert index.rank_of(db, "", 1.0) == 1
    begun = index.search(db, "natural rights of bre", 10, unfinished=True).hits
    assert [index.rank_of(db, "natural rights of bre", hit.score, unfinished=True) for hit in begun] == [1, 2, 3]


def test_a_date_is_found_by_another_spelling_without_counting_as_a_word(
    index: KeywordIndex, db: sqlite3.Connection
) -> None:
    found = index.search(db, "zeppelin", 10, spellings=["natural rights"])
    assert [(hit.rowid, hit.coverage) for hit in found.hits] == [(0, 0.0)]
    assert [one.word for one in found.words] == ["zeppelin"]


# ---- a large library: the rarest words choose, the others put in order ---------------------------------------------------------

COMMON = [f"the common garden of number {number}, a garden" for number in range(30)]


@pytest.fixture
def large(db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> KeywordIndex:
    """Thirty chunks with two words, three with a rare one, many with neither; a query may cost less than the common words do."""
    monkeypatch.setattr("assistant.retrieval.keyword.MOST_POSTINGS", 5)
    index = KeywordIndex()
    index.create(db)
    rare = ["a quokka in the rain", "a quokka in the common garden", "a quokka on the roof of the house next to ours"]
    index.add(
        db, [Entry(number, "note", (), text) for number, text in enumerate([*COMMON, *rare, *["some cloud"] * 60])]
    )
    return index


def test_in_a_large_library_common_words_still_put_in_order(large: KeywordIndex, db: sqlite3.Connection) -> None:
    answer = large.search(db, "common garden quokka", 1)
    assert [hit.rowid for hit in answer.hits] == [31]
    assert answer.hits[0].coverage == pytest.approx(1.0)
    assert [word.word for word in answer.words] == ["common", "garden", "quokka"]


def test_in_a_large_library_a_rare_word_does_not_hide_the_rest(large: KeywordIndex, db: sqlite3.Connection) -> None:
    hits = large.search(db, "common garden quokka", 20).hits
    assert len(hits) == 20
    assert [hit.rowid for hit in hits[:1]] == [31]


def test_in_a_large_library_a_scope_without_the_rare_word_is_searched(
    large: KeywordIndex, db: sqlite3.Connection
) -> None:
    within = RowFilter("SELECT 4 UNION SELECT 7")
    assert found(large, db, "common garden quokka", within=within) == [4, 7]
    assert found(large, db, "nothing quokka common", within=RowFilter("SELECT 30 UNION SELECT 7")) == [30, 7]


def test_in_a_large_library_a_wide_scope_without_the_rare_word_is_searched(
    large: KeywordIndex, db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.retrieval.keyword.MOST_ROWS_AT_ONCE", 3)
    within = RowFilter("SELECT value FROM json_each('[1,2,3,4,5,6,7,8,9]')")
    assert set(found(large, db, "common garden quokka", within=within)) == set(range(1, 10))
