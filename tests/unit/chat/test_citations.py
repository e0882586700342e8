from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from assistant.chat.citations import CitationChecker, quote_citations
from assistant.chat.claims import is_claim
from assistant.chat.numbers import all_numbers, written_numbers
from assistant.domain.answers import Passage, Support
from assistant.models.ports import FloatMatrix
from tests.unit.chat.chat_fakes import HashingEmbedder, make_passage, quote_of

TOWER = (
    "The Eiffel Tower stands in Paris. It was finished in 1889 by the company of Gustave Eiffel. It is 330 metres tall."
)
LIBRARY = "图书馆建于1908年🐘，由陈先生出资。馆内藏书约十二万册。二〇一七年重新开放。"


def grades(answer: str, question: str, *passages: Passage) -> list[Support]:
    return [check.support for check in CitationChecker(question, passages).check_all(answer).sentences]


@pytest.mark.parametrize(
    ("answer", "support"),
    [
        ("It was finished in 1889 by the company of Gustave Eiffel.", Support.QUOTED),
        ("The Eiffel Tower was finished in 1889.", Support.SUPPORTED),
        ("The Eiffel Tower was finished in 1890.", Support.UNSUPPORTED),
        ("The Eiffel Tower was finished in 1889 by Thomas Edison.", Support.UNSUPPORTED),
        ("The tower is painted brown every seven years.", Support.UNSUPPORTED),
        ("I do not know.", Support.NOT_A_CLAIM),
        ("The notes do not seem to say.", Support.NOT_A_CLAIM),
        ("Do you want to know more?", Support.NOT_A_CLAIM),
        ("Here is what the notes say:", Support.NOT_A_CLAIM),
    ],
)
def test_sentence_is_graded_by_what_the_notes_hold(answer: str, support: Support) -> None:
    assert grades(answer, "When was the Eiffel Tower finished?", make_passage(TOWER)) == [support]


@pytest.mark.parametrize(
    ("answer", "support"),
    [
        ("图书馆建于1908年。", Support.QUOTED),
        ("图书馆是1908年建的。", Support.SUPPORTED),
        ("图书馆建于1909年。", Support.UNSUPPORTED),
        ("馆内藏书约十二万册。", Support.QUOTED),
        ("馆内藏书约120000册。", Support.SUPPORTED),
        ("图书馆于2017年重新开放。", Support.SUPPORTED),
        ("图书馆由李女士出资。", Support.UNSUPPORTED),
        ("笔记里似乎没有提到。", Support.NOT_A_CLAIM),
        ("谢谢你的问题！", Support.NOT_A_CLAIM),
    ],
)
def test_chinese_sentence_is_graded_alike(answer: str, support: Support) -> None:
    assert grades(answer, "图书馆的历史是怎样的？", make_passage(LIBRARY, note="图书馆.md")) == [support]


def test_quote_is_an_exact_slice_also_with_emoji_and_chinese() -> None:
    document = "🐘🐘 开头。\n\n" + LIBRARY + "\n" + TOWER
    passages = [
        make_passage(LIBRARY, "图书馆.md", document.index(LIBRARY)),
        make_passage(TOWER, "t.md", document.index(TOWER)),
    ]
    checked = CitationChecker("什么？", passages).check_all("图书馆建于1908年。The Eiffel Tower stands in Paris.")
    assert len(checked.citations) == 2
    for citation in checked.citations:
        assert document[citation.start : citation.end] == citation.quote
        assert citation.quote


def test_number_of_the_question_may_stand_in_the_title() -> None:
    passage = make_passage("The committee met in Lisbon and chose a new chair.", note="meeting 2017.md")
    question = "Where did the committee meet in 2017?"
    assert grades("In 2017 the committee met in Lisbon.", question, passage) == [Support.SUPPORTED]
    assert grades("In 2018 the committee met in Lisbon.", question, passage) == [Support.UNSUPPORTED]


def test_name_may_stand_in_the_sentence_before() -> None:
    passage = make_passage("Maria Silva was a painter. She was born in Braga.", note="people.md")
    assert grades("Maria Silva was born in Braga.", "Where was Maria Silva born?", passage) == [Support.SUPPORTED]


def test_best_passage_is_cited_not_the_first() -> None:
    passages = [make_passage("The tower in Lisbon is old.", "a.md"), make_passage(TOWER, "b.md")]
    [citation] = CitationChecker("How tall is it?", passages).check_all("The tower is 330 metres tall.").citations
    assert citation.note == "b.md"
    assert citation.quote == "It is 330 metres tall."


def test_same_place_has_one_number_and_places_are_numbered_as_they_come() -> None:
    passage = make_passage(TOWER)
    text = "It is 330 metres tall. The Eiffel Tower stands in Paris. The tower is 330 metres tall."
    checked = CitationChecker("Tell of the tower", [passage]).check_all(text)
    assert [check.citation for check in checked.sentences] == [1, 2, 1]
    assert [citation.number for citation in checked.citations] == [1, 2, 1]


def test_growing_text_checks_finished_sentences_only() -> None:
    checker = CitationChecker("How tall?", [make_passage(TOWER)])
    assert checker.check_finished("It is 330 metres").sentences == ()
    checked = checker.check_finished("It is 330 metres tall. The next sen")
    assert [(check.start, check.end) for check in checked.sentences] == [(0, 22)]


def test_numbers_of_chips_stay_while_the_text_grows() -> None:
    checker = CitationChecker("Tell", [make_passage(TOWER)])
    before = checker.check_finished("It is 330 metres tall. The Eiff").sentences[0]
    after = checker.check_all("It is 330 metres tall. The Eiffel Tower stands in Paris.").sentences[0]
    assert before == after


@pytest.mark.parametrize(
    ("note", "answer"),
    [
        ("The trip lasts five days and costs 400 euros.", "The trip lasts three days and costs 400 euros."),
        ("The trip lasts twenty-five days and costs 400 euros.", "The trip lasts five days and costs 400 euros."),
        ("The office of Anna Berg is on the third floor.", "The office of Anna Berg is on the fourth floor."),
        ("旅行持续五天，住在海边的旅馆。", "旅行持续三天，住在海边的旅馆。"),
        ("这两座建筑物完全相同。", "这八座建筑物完全相同。"),
        ("旅行持续十五天，住在海边的旅馆。", "旅行持续五天，住在海边的旅馆。"),
        ("The dinner for the guests was €50 in all.", "The dinner for the guests was $50 in all."),
        ("The dinner for the guests was 50 euros in all.", "The dinner for the guests was 50 dollars in all."),
        ("客人的晚餐一共花了50欧元。", "客人的晚餐一共花了50美元。"),
        ("The water in the lake was 5 °C in March.", "The water in the lake was -5 °C in March."),
        ("The water in the lake was -5 °C in March.", "The water in the lake was 5 °C in March."),
        ("三月湖水的温度是5度左右。", "三月湖水的温度是零下5度左右。"),
        ("The server at home runs version 3.10 of the program.", "The server at home runs version 3.1 of the program."),
        ("The server at home runs version 3.1 of the program.", "The server at home runs version 3.10 of the program."),
        ("The flat was sold for 2.5 million euros.", "The flat was sold for 2.5 billion euros."),
    ],
)  # fmt: skip
def test_another_number_is_never_supported(note: str, answer: str) -> None:
    assert grades(answer, "What do the notes tell?", make_passage(note)) == [Support.UNSUPPORTED]


@pytest.mark.parametrize(
    ("note", "answer"),
    [
        ("The trip lasts 5 days and costs 400 euros.", "The trip lasts five days and costs 400 euros."),
        ("The trip lasts five days and costs 250 euros.", "The trip lasts 5 days and costs two hundred and fifty euros."),
        ("The old tower and the mill burnt down in 1908.", "Both the old tower and the mill burnt down in 1908."),
        ("Anna and Bert met the mayor in the old tower.", "The two met the mayor in the old tower."),
        ("Anna Berg owns a mill at the river.", "One of the mills at the river is owned by Anna Berg."),
        ("The third part was cut, a fifth of the film.", "A third part was cut, a fifth of the film."),
        ("旅行持续5天，住在海边的旅馆。", "旅行持续五天，住在海边的旅馆。"),
        ("李雷每年去海边的旅馆。", "李雷每年去一次海边的旅馆。"),
        ("李雷和王明去了海边的旅馆。", "李雷和王明两个人去了海边的旅馆。"),
        ("李雷和王明去了海边的旅馆。", "李雷和王明两人都去了海边的旅馆。"),
        ("海边的旅馆很安静。", "海边的旅馆十分安静。"),
        ("The coffee at the station costs 2.50 euros.", "The coffee at the station costs 2.5 euros."),
        ("The coffee at the station costs 2.5 euros.", "The coffee at the station costs 2.50."),
        ("The dinner was €50 in all.", "The dinner was 50 euros in all."),
        ("晚餐一共花了¥50。", "晚餐一共花了50元。"),
        ("- Rent of the flat in March: -500 euros", "The rent of the flat in March was 500 euros."),
        ("The shop is open on 3-5 days of the week.", "The shop is open on 3 - 5 days of the week."),
        ("The city has 5 million inhabitants.", "The city has 5,000,000 inhabitants."),
        ("这座城市有500万人口。", "这座城市有五百万人口。"),
        ("The server at home runs version 3.0 of the program.", "The server at home runs version 3 of the program."),
    ],
)  # fmt: skip
def test_same_number_written_otherwise_is_supported(note: str, answer: str) -> None:
    assert Support.UNSUPPORTED not in grades(answer, "What do the notes tell?", make_passage(note))


@pytest.mark.parametrize(
    ("note", "answer"),
    [
        ("-5 °C", "minus five degrees"), ("5 degrees below zero", "-5 °C"), ("零下五度", "-5 °C"), ("Coffee | 2.50", "2.5 euros"),
        ("2.5 euros", "2.50"), ("5 to 6 million", "five million"), ("twenty-first", "21st"), ("5千", "five thousand"),
        ("七八十人", "8"), ("(-5)", "-5 °C"), ("\n -$5", "$5"), ("3 -5", "5"),
    ],
)  # fmt: skip
def test_number_is_found_in_every_way_of_writing_it(note: str, answer: str) -> None:
    assert written_numbers(answer)
    assert written_numbers(answer) <= all_numbers(note)


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("两万五", "25000"), ("一千二", "1200"), ("三百五", "350"), ("两万零五", "20005"), ("一百二十", "120"), ("三亿五千万", "350000000"),
        ("五万亿", "5000000000000"), ("二〇一七", "2017"), ("十五", "15"),
    ],
)  # fmt: skip
def test_chinese_numeral_is_read_as_it_is_spoken(numeral: str, value: str) -> None:
    assert written_numbers(numeral) == {value}


@pytest.mark.parametrize("text", ["万一", "亿" * 600, "九" * 600, "百" * 600, "万一下雨"])
def test_what_is_no_numeral_is_no_number(text: str) -> None:
    assert all_numbers(text) == set()


ASKED = "Who approved the budget of Anna in 2019? 王明批准了什么？"


@pytest.mark.parametrize(
    "sentence",
    [
        "Sure, the budget is 500 euros.", "当然，预算是五百万欧元。", "抱歉，预算是五百万欧元，由李雷批准。",
        "希望小学位于北京市海淀区。", "I cannot find it, but the budget was 500 euros.",
        "The notes do not give it, but Anna spent 500 euros in Rome.", "Thanks to Anna the hotel bill was paid.",
        "Hi-fi system costs 300 euros.", "好的方案由王明提出。", "Sorry, the hotel was full.",
        "Of course the plan failed.", "Certainly the hotel was expensive.", "In summary the plan failed.",
        "In summary, the plan failed.", "I do not know that Bert paid the bill.",
        "The notes do not mention it; the hotel was full.", "I cannot find it, the hotel was full.",
        "笔记里没有提到，但李雷批准了预算。", "笔记中没有提到预算，李雷付了账单。", "我不知道，不过预算很大。",
        "对不起！预算很大。", "谢谢王明的酒店。", "根据笔记，预算由李雷批准。", "你好世界是一个程序。",
        "好的，会议改到周五。", "Hello Kitty is a figure.", "Hi-Tec sold the mill.",
        "Unfortunately the hotel was full.", "Here are 500 euros.", "There is no mention of Bert in Rome.",
        "The notes do not say when, but the hotel was full", "I do not eat meat.", "I cannot swim.",
        "无法律效力的合同由李雷签署。", "未来酒店位于罗马。", "没有人批准预算。", "可以看到海的房间很贵。",
        "希望医院建于1990年。", "当然预算很大。", "Sure! Rome is far.", "The plan was not approved.",
        "从笔记本厂家买的电脑很贵。", "感谢信由李雷写成。",
    ],
)  # fmt: skip
def test_what_comes_with_a_greeting_or_an_excuse_is_a_claim(sentence: str) -> None:
    assert is_claim(sentence, ASKED)
    assert Support.UNSUPPORTED in grades(sentence, ASKED, make_passage("The mill grinds rye."))


@pytest.mark.parametrize(
    "sentence",
    [
        "I do not know.", "I don't know.", "I don’t know who approved it.", "The notes do not seem to say.",
        "The notes don't mention Anna's budget in 2019.", "The notes do not mention the cost, the date, or the place.",
        "The notes do not say when it was built, who built it, or what it cost.",
        "I am sorry, but the notes do not mention that.", "I'm sorry, I cannot answer this.",
        "Sorry for the confusion.", "I cannot answer this, as the notes do not mention it.",
        "I don't know, but I can help you find it.", "Sure, I can help with that.", "Sure!", "Of course!", "Hello!",
        "Hi there!", "Hello, Anna!", "Thanks for the question!", "Thank you for asking about the budget.",
        "Let me know if you need more.", "I hope this helps!", "Feel free to ask.", "Here is a summary of the notes.",
        "Here is what the notes say:", "Unfortunately, the notes do not say.", "Unfortunately, I do not know.",
        "There is no information about this in the notes.", "There is no mention of the budget in the notes.",
        "I'm not sure.", "Based on the notes, I cannot answer.",
        "According to the provided notes, there is no information about Anna.", "我不知道。", "我不清楚这个问题。",
        "抱歉，我不知道。", "抱歉，笔记中没有提到。", "很抱歉，我在笔记中没有找到相关内容。",
        "对不起，我无法回答这个问题。", "笔记里似乎没有提到。", "你的笔记没有提到谁批准，什么时候批准。",
        "根据笔记无法确定。", "根据提供的内容，无法回答。", "无法确定。", "谢谢你的问题！", "希望这对你有帮助。",
        "希望能帮到你！", "你好！", "您好，", "当然可以！", "好的！", "不客气。", "因此我无法回答。",
        "笔记中没有相关信息，因此无法回答。", "抱歉，请提供更多信息。", "如果你需要更多信息，请告诉我。",
        "提供的资料中没有提到2019年的预算。", "笔记中没有提到王明批准了什么。", "没有找到相关信息。",
        "- I do not know.", "**Sorry!**", "You're welcome!", "I found nothing about it.",
        "Your notes contain no answer.", "I couldn't find it in the notes.",
        "I could not find any information about the budget of Anna in the notes.",
    ],
)  # fmt: skip
def test_greetings_and_excuses_claim_nothing(sentence: str) -> None:
    assert not is_claim(sentence, ASKED)


def test_excuse_may_repeat_only_the_names_and_numbers_of_the_question() -> None:
    sentence = "The notes do not say what Anna paid in 2019."
    assert not is_claim(sentence, "What did Anna pay in 2019?")
    assert is_claim(sentence, "What did Anna pay?")
    assert is_claim(sentence)


@pytest.mark.parametrize(
    "note",
    [
        "The plan was not, however, approved by the board.",
        "The plan did not get approved by the board.",
        "The plan was not yet officially approved by the board.",
        "The plan was never formally approved by the board.",
        "The board did not manage to approve the plan.",
        "The plan was hardly approved by the board.",
        "It is not true that the plan was approved by the board.",
        "The plan was not approved by the board.",
        "The board failed to approve the plan.",
        "The board was unable to approve the plan.",
        "The plan was approved by nobody on the board.",
        "The plan wasn't approved by the board.",
        "The board did not consent to approving the plan.",
        "It is not, as some say, true that the plan was approved by the board.",
        "No plan was approved by the board.",
        "Neither the plan nor the budget was approved by the board.",
        "The plan was rarely approved by the board.",
    ],
)
def test_denied_however_it_is_put_is_no_proof(note: str) -> None:
    answer = "The plan was approved by the board."
    assert grades(answer, "What do the notes tell?", make_passage(note)) == [Support.UNSUPPORTED]


@pytest.mark.parametrize(
    "note",
    [
        "该方案没有获得董事会批准。",
        "该方案未能通过董事会批准。",
        "该方案不再由董事会批准。",
        "该方案未获董事会批准。",
        "该方案并未得到董事会批准。",
        "该方案尚未正式获得董事会批准。",
        "董事会没有批准该方案。",
    ],
)
def test_denied_in_chinese_is_no_proof(note: str) -> None:
    assert grades("该方案已获董事会批准。", "笔记里写了什么？", make_passage(note)) == [Support.UNSUPPORTED]


@pytest.mark.parametrize(
    ("note", "answer"),
    [
        ("王明没有参加会议，李雷参加了会议。", "李雷没有参加会议。"),
        ("Anna did not attend the meeting, but Bert attended the meeting.", "Bert did not attend the meeting."),
        ("王明没有参加会议，李雷参加了会议。", "王明参加了会议。"),
        ("Anna did not attend the meeting, but Bert attended the meeting.", "Anna attended the meeting."),
        ("The tower was painted in 1889, but not repaired.", "The tower was not painted in 1889."),
    ],
)
def test_denial_of_one_is_none_of_the_other(note: str, answer: str) -> None:
    assert grades(answer, "What do the notes tell?", make_passage(note)) == [Support.UNSUPPORTED]


@pytest.mark.parametrize(
    ("note", "answer"),
    [
        ("The plan was approved by the board, not by the council.", "The plan was approved by the board."),
        ("The plan was approved by the board but not by the council.", "The plan was approved by the board."),
        (
            "Not only was the plan approved by the board, but also by the council.",
            "The plan was approved by the board.",
        ),
        ("The plan was not only approved by the board, but also praised.", "The plan was approved by the board."),
        ("Although Anna did not come, the plan was approved by the board.", "The plan was approved by the board."),
        ("The plan was approved by the board because nobody spoke against it.", "The plan was approved by the board."),
        ("Plan no. 5 was approved by the board.", "The plan was approved by the board."),
        ("The plan was not approved by the board until May.", "The plan was approved by the board."),
        ("王明没有参加会议，李雷参加了会议。", "李雷参加了会议。"),
        ("王明没有参加会议，李雷参加了会议。", "王明没有参加会议。"),
        ("Anna did not attend the meeting, but Bert attended the meeting.", "Bert attended the meeting."),
        ("Anna did not attend the meeting, but Bert attended the meeting.", "Anna did not attend the meeting."),
        ("塔与桥不同，在1989年修复。", "塔在1989年修复。"),
        ("沉没的船在1989年打捞出水。", "沉没的船在1989年打捞。"),
        ("来自南非的方案由董事会批准。", "南非的方案由董事会批准。"),
        ("该方案不仅由董事会批准，还获得了资金。", "该方案由董事会批准。"),
        ("The tower was repaired in 1889, but not painted.", "The tower was not painted in 1889."),
        ("He had to leave the house in May, no matter what.", "He had to leave the house in May."),
        ("王明在五月不得不离开公司。", "王明不得不离开公司。"),
        ("王明不得不离开了公司。", "王明离开了公司。"),
        ("The old tower was not finished until 1889.", "The old tower was finished in 1889."),
        ("董事会没有批准该方案。", "该方案没有获得董事会批准。"),
        ("The plan was not approved by the board.", "The plan was never approved."),
        ("A number that is not prime is called a composite number.", "Some numbers are called composite numbers."),
    ],
)
def test_denial_beside_a_claim_takes_no_proof_away(note: str, answer: str) -> None:
    assert Support.UNSUPPORTED not in grades(answer, "What do the notes tell?", make_passage(note))


class SameMeaning(HashingEmbedder):
    """Everything means the same."""

    def embed_passages(self, texts: Sequence[str], cancelled: threading.Event | None = None) -> FloatMatrix:
        self.calls += 1
        return np.ones((len(texts), 1), np.float32)


def test_meaning_never_overrules_numbers_and_names() -> None:
    embedder = SameMeaning()
    question, passage = "When was the tower finished?", make_passage(TOWER)
    for answer in ("The company finished the tower in 1999.", "The tower was finished by Thomas Edison in 1889."):
        assert (
            CitationChecker(question, [passage], embedder).check_all(answer).sentences[0].support is Support.UNSUPPORTED
        )
    assert embedder.calls == 0


def test_meaning_carries_a_claim_across_languages_if_its_numbers_hold() -> None:
    passage = make_passage(LIBRARY, note="图书馆.md")
    question = "When was the library built?"
    for answer, support in (
        ("It was built in 1908.", Support.SUPPORTED),
        ("It was built in 1909.", Support.UNSUPPORTED),
    ):
        checked = CitationChecker(question, [passage], SameMeaning()).check_all(answer)
        assert checked.sentences[0].support is support
    [citation] = CitationChecker(question, [passage], SameMeaning()).check_all("It was built in 1908.").citations
    assert LIBRARY[citation.start : citation.end] == citation.quote


def test_words_alone_never_carry_a_claim_across_languages() -> None:
    assert grades("It was built in 1908.", "When was it built?", make_passage(LIBRARY)) == [Support.UNSUPPORTED]


def test_no_passages_support_nothing() -> None:
    assert grades("The tower is tall.", "How tall?") == [Support.UNSUPPORTED]
    assert CitationChecker("q", []).check_all("").sentences == ()


def test_quote_alone_is_its_own_citation() -> None:
    passage = make_passage(LIBRARY, start=40)
    quote = quote_of(passage, "馆内藏书约十二万册。")
    (citation,) = quote_citations(quote)
    assert (citation.start, citation.end, citation.quote) == (quote.start, quote.end, quote.text)
    assert citation.support is Support.QUOTED


def test_both_places_of_a_quote_are_cited() -> None:
    passage = make_passage(LIBRARY, start=40)
    quote = quote_of(passage, "馆内藏书约十二万册。")
    other = replace(quote, text="x", start=3, end=4)
    assert [(one.number, one.start) for one in quote_citations(replace(quote, second=other))] == [
        (1, quote.start),
        (2, 3),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Sorry, " * 2000,
        "I do not know, " * 2000,
        "抱歉，" * 5000,
        "",
        "…",
        "- ",
        "**",
        "🐘",
        "? ",
        "A" * 50_000,
        "字" * 50_000,
        "[1] " * 5000,
    ],
)
def test_odd_sentences_do_no_harm(text: str) -> None:
    is_claim(text)
    CitationChecker("question", [make_passage(TOWER)]).check_all(text)
