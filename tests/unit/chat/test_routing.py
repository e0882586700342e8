from __future__ import annotations

import pytest

from assistant.chat.routing import TurnKind, points_back, route_question


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("hello", "hello"),
        ("Hello, Elephant!", "hello"),
        ("Good morning", "hello"),
        ("Thanks a lot!!", "thanks"),
        ("ok, thanks", "thanks"),
        ("Thank you.", "thanks"),
        ("bye", "bye"),
        ("Who are you?", "about"),
        ("What's your name?", "about"),
        ("你好", "hello"),
        ("大象，你好！", "hello"),
        ("谢谢", "thanks"),
        ("謝謝", "thanks"),
        ("你是誰？", "about"),
        ("好的，谢谢！", "thanks"),
        ("再见~", "bye"),
        ("你是谁？", "about"),
        ("你能做什么", "about"),
    ],
)
def test_small_talk_is_recognised(question: str, topic: str) -> None:
    route = route_question(question, [])
    assert (route.kind, route.topic) == (TurnKind.SMALL_TALK, topic)


@pytest.mark.parametrize(
    "question",
    [
        "Hello, when was the bridge built?",
        "Thanks to whom was the park saved?",
        "What is a good morning routine?",
        "who are you in my notes about the theatre",
        "你好大饭店在哪里？",
        "谢谢的英文怎么说",
        "Hi-fi",
        "help desk opening hours",
        "?",
        "🐘",
    ],
)
def test_questions_that_begin_like_small_talk_are_questions(question: str) -> None:
    assert route_question(question, []).kind is TurnKind.QUESTION


@pytest.mark.parametrize(
    "question",
    [
        "And in Lisbon?",
        "What about the second one?",
        "How about Madrid?",
        "Why?",
        "Why Lisbon?",
        "它呢？",
        "為什麼？",
        "When?",
        "Where?",
        "谁？",
        "在哪里？",
        "后来怎么样了？",
        "這個多少錢？",
        "還有什麼？",
        "詳細說說",
        "When was it built?",
        "Who designed them?",
        "Where did he live then?",
        "In 2019?",
        "Tell me more",
        "那第二个呢",
        "里斯本呢？",
        "它是什么时候建成的？",
        "为什么？",
        "还有别的吗",
        "他是哪里人？",
        "其中最大的是哪个？",
        "第二个是谁写的？",
    ],
)
def test_follow_ups_are_recognised(question: str) -> None:
    route = route_question(question, ["Which trams run in Porto?"])
    assert route.kind is TurnKind.FOLLOW_UP
    assert route.search_query.startswith(question)
    assert "Porto" in route.search_query


@pytest.mark.parametrize(
    "question",
    [
        "When was the Eiffel Tower built?",
        "What is photosynthesis?",
        "How many people live in Porto?",
        "Is there a train from Porto to Lisbon?",
        "Who is the IT manager?",
        "Why did Anna leave Acme in 2019?",
        "吉他怎么调音？",
        "马耳他在哪里？",
        "维他命怎么吃",
        "但丁是谁？",
        "那不勒斯在哪里？",
        "华南理工大学法学院现有哪两个本科专业？",
        "澳门为什么以「堂区」作为行政区划单位？",
        "2017年林俊贤参与了什么剧？",
    ],
)
def test_questions_that_stand_alone_stay_as_they_are(question: str) -> None:
    route = route_question(question, ["Which trams run in Porto?", "埃菲尔铁塔在哪里？"])
    assert (route.kind, route.search_query) == (TurnKind.QUESTION, question)


def test_without_a_conversation_nothing_is_a_follow_up() -> None:
    assert route_question("When was it built?", []).kind is TurnKind.QUESTION
    assert route_question("When was it built?", ["thanks"]).kind is TurnKind.QUESTION


def test_follow_up_reaches_back_to_the_last_question_that_stood_alone() -> None:
    earlier = ["Who painted the ceiling in Rome?", "How many trams run in Porto?", "And in Braga?"]
    query = route_question("Since when?", earlier).search_query
    assert query.split("?")[0] == "Since when"
    for word in ("Braga", "trams", "Porto"):
        assert word in query
    assert "ceiling" not in query


def test_follow_up_in_chinese_keeps_what_was_asked_about() -> None:
    query = route_question("它有多高？", ["埃菲尔铁塔是哪一年建成的？"]).search_query
    assert query.startswith("它有多高？")
    assert "埃菲尔铁塔" in query


def test_words_of_a_chinese_question_are_carried_over_whole() -> None:
    assert route_question("那电话呢？", ["公司的地址是什么？"]).search_query == "那电话呢？ 公司的地址"
    assert "地铁站" in route_question("那几点关门呢", ["地铁站在哪里"]).search_query


def test_filters_are_carried_over_as_filters_unless_there_are_others() -> None:
    earlier = ["What is the budget folder:work #trip after:2024"]
    assert route_question("and the deadline?", earlier).search_query == (
        "and the deadline? folder:work #trip after:2024 budget"
    )
    assert route_question("and the deadline folder:home?", earlier).search_query == (
        "and the deadline folder:home? #trip after:2024 budget"
    )


def test_words_are_not_repeated() -> None:
    query = route_question("And the trams in Lisbon?", ["How many trams run in Porto?"]).search_query
    assert query.split().count("trams") == 1


@pytest.mark.parametrize("question", ["", "   ", "?" * 500, "word " * 5000, "它" * 5000])
def test_odd_questions_are_routed_quickly(question: str) -> None:
    assert route_question(question, ["earlier"]).search_query.startswith(question)
    points_back(question)
