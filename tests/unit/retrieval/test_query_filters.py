"""What a query limits itself to, in English and Chinese, and what only looks like a limit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.domain.search import FilterKey, QueryFilter
from assistant.retrieval.query_dates import find_dates
from assistant.retrieval.query_filters import parse_filters, suffixes_of
from assistant.retrieval.terms import parse_query

WEDNESDAY = date(2024, 5, 15)
SUNDAY = date(2026, 11, 22)


def the_filter(query: str, today: date = WEDNESDAY) -> QueryFilter:
    filters = parse_filters(query, today).filters
    assert len(filters) == 1, filters
    return filters[0]


@pytest.mark.parametrize(
    ("query", "key", "value"),
    [
        ("folder:work", FilterKey.FOLDER, "work"),
        ("in:work/2024", FilterKey.FOLDER, "work/2024"),
        ("path:C:\\notes", FilterKey.FOLDER, "C:\\notes"),
        ("Folder:Work", FilterKey.FOLDER, "Work"),
        ("文件夹:工作", FilterKey.FOLDER, "工作"),
        ("目录：工作", FilterKey.FOLDER, "工作"),
        ("type:pdf", FilterKey.TYPE, "pdf"),
        ("filetype:.PDF", FilterKey.TYPE, ".PDF"),
        ("ext:md", FilterKey.TYPE, "md"),
        ("类型：网页", FilterKey.TYPE, "网页"),
        ("格式:word", FilterKey.TYPE, "word"),
        ("tag:draft", FilterKey.TAG, "draft"),
        ("tag:#draft", FilterKey.TAG, "draft"),
        ("标签：读书", FilterKey.TAG, "读书"),
        ("#draft", FilterKey.TAG, "draft"),
        ("#读书", FilterKey.TAG, "读书"),
        ("＃读书", FilterKey.TAG, "读书"),
        ("#work/plan-b", FilterKey.TAG, "work/plan-b"),
        ("title:bridge", FilterKey.TITLE, "bridge"),
        ("name:bridge", FilterKey.TITLE, "bridge"),
        ("标题:外白渡桥", FilterKey.TITLE, "外白渡桥"),
        ("名称：外白渡桥", FilterKey.TITLE, "外白渡桥"),
        ('title:"old bridge"', FilterKey.TITLE, "old bridge"),
        ("title:“old bridge”", FilterKey.TITLE, "old bridge"),
        ("标题：「外 白渡桥」", FilterKey.TITLE, "外 白渡桥"),
    ],
)
def test_a_filter_is_taken_out_wherever_it_stands(query: str, key: FilterKey, value: str) -> None:
    for text in (query, f"lunch {query}", f"{query} lunch", f"午饭，{query} lunch"):
        understood = parse_filters(text, WEDNESDAY)
        (found,) = understood.filters
        assert (found.key, found.value, found.excludes, found.days) == (key, value, False, None)
        assert text[found.start : found.end] == query
        assert query not in understood.words


@pytest.mark.parametrize(
    ("query", "key", "value", "named"),
    [
        ("after:2024-03", FilterKey.AFTER, "2024-03", "2024-03"),
        ("since:2024", FilterKey.AFTER, "2024", "2024"),
        ("from:monday", FilterKey.AFTER, "monday", "on monday"),
        ("after:yesterday", FilterKey.AFTER, "yesterday", "yesterday"),
        ("after:march", FilterKey.AFTER, "march", "in march"),
        ("after:may", FilterKey.AFTER, "may", "in may"),
        ("after:1850", FilterKey.AFTER, "1850", "in 1850"),
        ("after:3-days-ago", FilterKey.AFTER, "3-days-ago", "3 days ago"),
        ("之后:上周三", FilterKey.AFTER, "上周三", "上周三"),
        ("晚于：2024年3月", FilterKey.AFTER, "2024年3月", "2024年3月"),
        ("before:2020", FilterKey.BEFORE, "2020", "2020"),
        ("before:20240312", FilterKey.BEFORE, "20240312", "20240312"),
        ("之前：去年", FilterKey.BEFORE, "去年", "去年"),
        ("早于:三月", FilterKey.BEFORE, "三月", "三月"),
        ("date:last-week", FilterKey.DATE, "last-week", "last week"),
        ("date:last_week", FilterKey.DATE, "last_week", "last week"),
        ("on:fri", FilterKey.DATE, "fri", "on fri"),
        ("date:summer", FilterKey.DATE, "summer", "in the summer"),
        ("date:the-day-before-yesterday", FilterKey.DATE, "the-day-before-yesterday", "the day before yesterday"),
        ('date:"March 12, 2024"', FilterKey.DATE, "March 12, 2024", "March 12, 2024"),
        ("日期：今天", FilterKey.DATE, "今天", "今天"),
    ],
)
def test_a_date_filter_means_the_days_that_its_value_names(query: str, key: FilterKey, value: str, named: str) -> None:
    for today in (WEDNESDAY, SUNDAY):
        found = the_filter(f"lunch {query}", today)
        (expected,) = find_dates(named, today)
        assert (found.key, found.value) == (key, value)
        assert found.days is not None
        assert (found.days.first, found.days.last) == (expected.first, expected.last)


@pytest.mark.parametrize(
    ("query", "key", "value", "left"),
    [
        ("What did I decide tag:work?", FilterKey.TAG, "work", "What did I decide ?"),
        ("Was it agreed type:pdf?!", FilterKey.TYPE, "pdf", "Was it agreed ?!"),
        ("Look it up in:work.", FilterKey.FOLDER, "work", "Look it up ."),
        ("title:f(x)", FilterKey.TITLE, "f(x)", ""),
        ("What is in #work?", FilterKey.TAG, "work", "What is in ?"),
        ("Only #work!", FilterKey.TAG, "work", "Only !"),
        ("#work: what is open", FilterKey.TAG, "work", ": what is open"),
        ("工作#1 #读书？", FilterKey.TAG, "读书", "工作#1 ？"),
        ("budget (tag:work)", FilterKey.TAG, "work", "budget"),
        ("budget (#work) agreed", FilterKey.TAG, "work", "budget agreed"),
        ("预算（标签：工作）", FilterKey.TAG, "工作", "预算"),
        ("预算（标签：工作 和家）", FilterKey.TAG, "工作", "预算（ 和家）"),
        ("notes after:2024?", FilterKey.AFTER, "2024", "notes ?"),
        ("folder:work.", FilterKey.FOLDER, "work", ""),
        ("文件夹：工作。", FilterKey.FOLDER, "工作", ""),
        ("预算(标签:工作)", FilterKey.TAG, "工作", "预算"),
        ("(folder:work)", FilterKey.FOLDER, "work", ""),
    ],
)
def test_the_punctuation_of_a_sentence_is_no_part_of_a_filter(
    query: str, key: FilterKey, value: str, left: str
) -> None:
    found = the_filter(query)
    assert (found.key, found.value) == (key, value)
    assert query[found.start : found.end].endswith(value)
    assert parse_filters(query, WEDNESDAY).words == left


@pytest.mark.parametrize(
    ("query", "values", "phrases"),
    [
        ('27" monitor title:"foo bar"', ["foo bar"], ()),
        ('27" monitor tag:x 32" tag:y', ["x", "y"], ()),
        ('"a" tag:b "c"', ["b"], ("a", "c")),
        ('"" tag:b "c"', ["b"], ("c",)),
        ('他说"你好"了 tag:b', ["b"], ("你好",)),
        ("《桥》 tag:b 「家」", ["b"], ("桥", "家")),
    ],
)
def test_a_mark_that_opens_no_quotation_hides_no_filter(
    query: str, values: list[str], phrases: tuple[str, ...]
) -> None:
    understood = parse_filters(query, WEDNESDAY)
    assert [one.value for one in understood.filters] == values
    assert understood.phrases == phrases


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ('film "The Day After Tomorrow"', []),
        ('"last week" report', []),
        ('"last week" report of yesterday', ["yesterday"]),
        ("《后天》 的影评", []),
        ("上周看的「昨天今天明天」", ["上周"]),
        ("“2024年的夏天” 2023年", ["2023年"]),
        ('27" monitor bought last week for 5" drives', ["last week"]),
    ],
)
def test_days_inside_quotation_marks_are_names(query: str, named: list[str]) -> None:
    understood = parse_filters(query, WEDNESDAY)
    assert [understood.words[one.start : one.end] for one in understood.dates] == named
    assert understood.words == query


def test_a_date_filter_may_name_a_stretch() -> None:
    days_ = the_filter("date:2024-02..2024-03").days
    assert days_ is not None
    assert (days_.first, days_.last) == (date(2024, 2, 1), date(2024, 3, 31))


def test_a_value_in_quotation_marks_is_told_from_a_bare_one() -> None:
    assert [
        one.is_quoted for one in parse_filters('folder:"work" folder:work 文件夹：「工作」', WEDNESDAY).filters
    ] == [
        True,
        False,
        True,
    ]


def test_until_takes_in_what_before_leaves_out() -> None:
    before, until = the_filter("before:2024").days, the_filter("until:2024").days
    assert before is not None
    assert until is not None
    assert before.first == date(2024, 1, 1)
    assert until.first == before.last + timedelta(1)


@pytest.mark.parametrize(
    "query",
    [
        "http://example.org/x",
        "folder://x",
        "C:\\notes\\x",
        "at 12:30",
        "note: buy milk",
        "title: the old bridge",
        "foo:bar",
        "folder:",
        "文件夹：",
        'folder:""',
        "tag:#",
        "subtype:pdf",
        "my-folder:work",
        "from:alice",
        "after:someday",
        "after:2024-02-31",
        "before:3/12/2024",
        "date:last-week-or-so",
        "in:",
        "c# and f#",
        "#1 and #2024",
        "# heading",
        "##x",
        "a#b",
        "#work's",
        'say "folder:work" aloud',
        "print(type:int)",
        "[link](path:x)",
        "《标题：桥》",
        "会议类型：讨论",
    ],
)
def test_what_only_looks_like_a_filter_stays_among_the_words(query: str) -> None:
    understood = parse_filters(query, WEDNESDAY)
    assert understood.filters == ()
    assert understood.words == " ".join(query.split())


def test_a_minus_excludes_and_belongs_to_the_filter() -> None:
    query = "-folder:old －标签：草稿 -#draft -after:2024 -date:today plan-b"
    understood = parse_filters(query, WEDNESDAY)
    assert [(one.key, one.excludes) for one in understood.filters] == [
        (FilterKey.FOLDER, True),
        (FilterKey.TAG, True),
        (FilterKey.TAG, True),
        (FilterKey.AFTER, True),
        (FilterKey.DATE, True),
    ]
    assert query[understood.filters[1].start : understood.filters[1].end] == "－标签：草稿"
    assert understood.words == "plan-b"


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("  budget   folder:work   plan ", "budget plan"),
        ("type:pdf, tag:x, budget", "budget"),
        ("类型：pdf，上周的会议", "上周的会议"),
        ("上周的会议，类型：pdf。", "上周的会议， 。"),
        ('"exact words" in:work', '"exact words"'),
        ("folder:work", ""),
        ("", ""),
    ],
)
def test_the_words_are_the_rest_tidied(query: str, left: str) -> None:
    assert parse_filters(query, WEDNESDAY).words == left


def test_dates_are_those_of_the_words_and_point_into_them() -> None:
    understood = parse_filters("in:2023   budget of type:pdf last week", WEDNESDAY)
    (one,) = understood.dates
    assert understood.words[one.start : one.end] == "last week"
    assert (one.first, one.last) == (date(2024, 5, 6), date(2024, 5, 12))


def test_a_filter_parts_the_words_around_it() -> None:
    assert parse_filters("上周 类型：pdf 三", WEDNESDAY).words == "上周 三"


def test_phrases_are_what_stands_in_quotation_marks_outside_filters() -> None:
    query = 'title:"not this" "old bridge" “stone arch” 「外白渡桥」 『黄浦江』 《桥梁史》 5" disk'
    understood = parse_filters(query, WEDNESDAY)
    assert understood.phrases == ("old bridge", "stone arch", "外白渡桥", "黄浦江", "桥梁史")


@pytest.mark.parametrize("marks", ['""', "“”", "「」", "『』", "《》"])
def test_a_phrase_shown_is_a_phrase_looked_for(marks: str) -> None:
    query = f"who built the {marks[0]}old bridge{marks[1]}"
    assert parse_filters(query, WEDNESDAY).phrases == ("old bridge",)
    assert parse_query(query).phrases == (("old", "bridge"),)


@pytest.mark.parametrize(
    ("value", "suffix"),
    [
        ("pdf", ".pdf"),
        (".PDF", ".pdf"),
        ("*.pdf", ".pdf"),
        ("word", ".docx"),
        ("doc", ".docx"),
        ("docx", ".docx"),
        ("md", ".md"),
        ("Markdown", ".md"),
        ("markdown", ".markdown"),
        ("txt", ".txt"),
        ("text", ".txt"),
        ("文本", ".txt"),
        ("html", ".htm"),
        ("网页", ".html"),
        ("csv", ".csv"),
        ("表格", ".csv"),
    ],
)
def test_a_type_stands_for_file_suffixes(value: str, suffix: str) -> None:
    assert suffix in suffixes_of(value)


@pytest.mark.parametrize("value", ["", ".", "xyzzy", "pdf docx", "图画"])
def test_an_unknown_type_stands_for_no_suffix(value: str) -> None:
    assert suffixes_of(value) == ()


_PIECES = st.sampled_from(
    'folder in: tag: #x #读书 类型： - － : ： " “ ” 「 」 after:2024 before:yesterday until:明年 date: 之后:上周三 type:pdf pdf , ， x 12:30 '
    "http:// 《 》 \n   İ \U00020000 last week 2024".split(" ")
)
_TEXTS = st.one_of(
    st.text(max_size=80), st.lists(_PIECES, max_size=14).map(" ".join), st.lists(_PIECES, max_size=14).map("".join)
)


@given(_TEXTS, st.dates())
@example("until:9999 -until:today before:today", date.max)
@example("before:0001-01-01 after:yesterday", date.min)
def test_any_query_on_any_day_is_taken_apart_without_loss(query: str, today: date) -> None:
    understood = parse_filters(query, today)
    assert len(understood.words) <= len(query)
    end = 0
    kept = []
    for one in understood.filters:
        assert end <= one.start < one.end <= len(query)
        assert one.value
        assert one.value in query[one.start : one.end]
        assert query[one.start].isspace() is False
        assert (one.days is not None) == (one.key in {FilterKey.AFTER, FilterKey.BEFORE, FilterKey.DATE})
        kept.append(query[end : one.start])
        end = one.end
    rest = "".join([*kept, query[end:]])
    # Separators and brackets go with the filters that they were about, and punctuation if nothing else is left.
    separators = ",;，；、()（）"
    left, all_left = ([c for c in text if not c.isspace() and c not in separators] for text in (understood.words, rest))
    assert left == all_left or (not any(map(str.isalnum, rest)) and understood.words == "" and understood.filters)
    for days in understood.dates:
        assert days.first <= days.last
        assert 0 <= days.start < days.end <= len(understood.words)


def test_a_query_of_nothing_but_filters_is_bounded() -> None:
    understood = parse_filters("on:someday " * 180 + "folder:work", WEDNESDAY)
    assert understood.filters == ()
    assert understood.words.endswith("folder:work")
