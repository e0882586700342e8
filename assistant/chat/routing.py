"""What kind of turn a question is, and what to search for. Rules only: no model is needed to know that "thanks" is no question.

A follow-up keeps every word of the user's and adds the key words of what was asked before, so that a wrong guess costs a little
precision and never the question.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assistant.chat.terms import is_stop_word, words_of
from assistant.domain.search import Understood
from assistant.domain.sentences import contains_han
from assistant.models.simplified import to_simplified
from assistant.retrieval.query_filters import parse_filters
from assistant.retrieval.terms import is_filler


class TurnKind(StrEnum):
    QUESTION = "question"
    FOLLOW_UP = "follow-up"
    SMALL_TALK = "small-talk"


@dataclass(frozen=True, slots=True)
class Route:
    """search_query: what to look for in the notes; "" for small talk. topic: which small talk ("hello", "thanks", "bye", "about"),
    else ""."""

    kind: TurnKind
    search_query: str = ""
    topic: str = ""


_FOLLOWED_QUESTIONS = 3

_SMALL_TALK: dict[str, tuple[str, ...]] = {
    "hello": (
        "hello", "hi", "hey", "hello there", "hi there", "hey there", "good morning", "good afternoon", "good evening", "greetings",
        "how are you", "how are you doing", "how do you do", "nice to meet you", "你好", "您好", "你好呀", "你好啊", "嗨", "哈喽", "大家好",
        "早上好", "下午好", "晚上好", "早安", "早", "在吗", "你好吗", "最近好吗",
    ),
    "thanks": (
        "thanks", "thank you", "thx", "ty", "cheers", "many thanks", "thanks a lot", "thank you very much", "thank you so much",
        "thanks so much", "great", "ok", "okay", "nice", "cool", "good", "perfect", "awesome", "well done", "great job", "good job",
        "got it", "i see", "never mind", "great thanks", "ok thanks", "okay thanks", "perfect thanks", "thanks that helps",
        "that helps", "very helpful", "谢谢", "谢谢你", "谢谢您", "多谢", "感谢", "非常感谢", "太好了", "好的", "好", "嗯", "明白了", "知道了",
        "辛苦了", "很好", "不错", "好的谢谢", "好谢谢", "太棒了", "谢了", "收到", "了解",
    ),
    "bye": (
        "bye", "goodbye", "bye bye", "good bye", "see you", "see you later", "good night", "再见", "拜拜", "晚安", "回见", "下次见",
    ),
    "about": (
        "who are you", "what are you", "what is your name", "what's your name", "what can you do", "help", "how do you work",
        "how can you help", "how can you help me", "what can i ask", "what can i ask you", "你是谁", "你叫什么", "你叫什么名字", "你能做什么",
        "你会做什么", "你可以做什么", "你能干什么", "你有什么用", "怎么用", "帮助", "我可以问什么", "我能问什么",
    ),
}  # fmt: skip
_TOPIC_OF = {phrase.replace("'", ""): topic for topic, phrases in _SMALL_TALK.items() for phrase in phrases}
_ADDRESSED = {"elephant", "大象"}

_EN_OPENING = re.compile(
    r"(?:and|or|but|so|then|also|plus|what about|how about|what else|who else|anything else|any others?|any more|more|"
    r"why(?=(?:\W+\w+){0,2}\W*$)|how so|in what way|since when|says who|which one|which ones|tell me more|go on|continue|explain|elaborate|"
    r"really|are you sure|for example|such as)\b",
    re.IGNORECASE,
)
_EN_BARE = re.compile(
    r"(?:(?:what|how) about|and|or|in|at|on|for|with|from|by|during|before|after|since|until|of|to)\b", re.IGNORECASE
)
_EN_POINTING = re.compile(
    r"\b(?:it|its|itself|they|them|their|theirs|he|him|his|she|her|hers|this|that|these|those|one|ones|there|then|the same|"
    r"the (?:first|second|third|fourth|fifth|last|next|previous|former|latter|other|others|rest)|another|above|earlier)\b",
    re.IGNORECASE,
)
# "that" and "this" before a noun of the question itself still point back; "is there" and "those who" do not.
_EN_NOT_POINTING = re.compile(
    r"\b(?:(?:is|are|was|were|be|been) there|there (?:is|are|was|were|be)|one of|no one|(?:those|that|he|one) who|"
    r"(?:say|says|said|think|know|mean|show|shows|so|such) that|it (?:take|takes|took|possible|necessary|true)|(?:is|does|did|was) it "
    r"(?:take|possible|necessary|true)|\w+ that (?:is|are|was|were|has|have|had|can|could|will|would|does|do)\b)",
    re.IGNORECASE,
)
_IT_FIELD = re.compile(r"\bIT\b")
_ZH_OPENING = re.compile(
    r"(?:那(?!不勒斯)么?|还有|另外|然后|而且|但(?!丁)是?|可是|所以|为什么呢|为什么[？?]?$|为啥|怎么说|再(?:说|讲|给)|继续|接着|具体|详细|举个?例|比如|除此之外|此外|此后|"
    r"之后|之前|后来(?=呢|怎|又|如何)|当时|同样|其[他它余]|别的)"
)
_ZH_POINTING = re.compile(
    r"(?:(?<![吉耳维其])[它他她]们?|这[个些件种位本篇里样次]|那[个些件种位本篇里样次]|这是|那是|其中|其实际|前者|后者|上面|上述|前面|刚才|刚刚|该(?:书|人|国|校|市|公司|剧|片)|"
    r"第[一二三四五六七八九十两\d]+[个条点项种位](?![\u4e00-\u9fff]*[的是]?什么的))"
)
_ZH_BARE_END = re.compile(r"^.{1,14}呢[？?。！!]*$")


def route_question(question: str, earlier: Sequence[str]) -> Route:
    """Decide what to do with a question. earlier: the conversation's previous questions, oldest first."""
    topic = _small_talk_topic(question)
    if topic:
        return Route(TurnKind.SMALL_TALK, topic=topic)
    asked = [text for text in earlier if not _small_talk_topic(text)]
    if asked and points_back(question):
        return Route(TurnKind.FOLLOW_UP, _with_earlier_words(question, asked))
    return Route(TurnKind.QUESTION, question)


def points_back(question: str) -> bool:
    """True if the question cannot be understood without what was said before."""
    text = to_simplified(unicodedata.normalize("NFKC", question)).strip()
    if not any(len(word) > 1 and not is_filler(word) for word in _key_words(text)):
        return True  # "When?", 在哪里？
    if contains_han(text):
        return bool(
            _ZH_OPENING.match(text) or _ZH_BARE_END.match(text) or (len(text) <= 40 and _ZH_POINTING.search(text))
        )
    words = text.split()
    if _EN_OPENING.match(text) and len(words) <= 12:
        return True
    if len(words) <= 4 and _EN_BARE.match(text):
        return True
    return len(words) <= 16 and bool(_EN_POINTING.search(_EN_NOT_POINTING.sub(" ", _IT_FIELD.sub(" ", text))))


def _with_earlier_words(question: str, earlier: Sequence[str]) -> str:
    """The question, then the key words and the filters of the questions it hangs on: back to the last one that stood by itself."""
    known = set(words_of(question))
    filters = {found.key for found in _understood(question).filters}
    added: list[str] = []
    for text in reversed(earlier[-_FOLLOWED_QUESTIONS:]):
        understood = _understood(text)
        added += [text[found.start : found.end] for found in understood.filters if found.key not in filters]
        filters |= {found.key for found in understood.filters}
        for word in _key_words(understood.words):
            if word.casefold() not in known:
                known.add(word.casefold())
                added.append(word)
        if not points_back(text):
            break
    return " ".join([question, *added])


def _understood(question: str) -> Understood:
    """What its filters are; the days in it are left to the search."""
    return parse_filters(question, datetime.now().astimezone().date())


def _key_words(question: str) -> list[str]:
    """Words of a question that say what it is about, as they were typed. A Chinese stretch stays whole, without the asking words:
    the keyword leg cuts it into pairs itself."""
    found: list[str] = []
    for match in _WORD_OR_HAN.finditer(question):
        piece = match[0]
        if contains_han(piece):
            found.extend(_without_asking(piece))
        elif not is_stop_word(piece):
            found.append(piece)
    return found


def _without_asking(piece: str) -> Iterator[str]:
    start = 0
    for asking in _ZH_ASKING.finditer(to_simplified(piece)):
        if start < asking.start():
            yield piece[start : asking.start()]
        start = asking.end()
    if start < len(piece):
        yield piece[start:]


_WORD_OR_HAN = re.compile(
    r"[\u3400-\u9fff\uf900-\ufaff]+|[^\W_\u3400-\u9fff\uf900-\ufaff]+(?:[-'’][^\W_\u3400-\u9fff]+)*"
)
_ZH_ASKING = re.compile(
    r"为什么|什么时候|是什么|有什么|叫什么|什么|怎么样|怎么|怎样|如何|多少|多长|多久|几[个年月日位]|哪[一些里个儿年位国]?|谁|是否|是不是|有没有|请问|告诉我|"
    r"[吗呢吧啊]|那么|这[个些]|那[个些]|它们|他们|她们"
)


def _small_talk_topic(question: str) -> str:
    text = to_simplified(unicodedata.normalize("NFKC", question)).casefold().replace("’", "'").replace("'", "")
    words = [word for word in re.findall(r"[\w]+", text) if word not in _ADDRESSED]
    if not words or len(words) > 6:
        return ""
    joined = " ".join(words)
    if joined in _TOPIC_OF:
        return _TOPIC_OF[joined]
    # "hello, thanks" and "好的，谢谢": every part is small talk; the last one is answered.
    parts = [" ".join(re.findall(r"\w+", part)) for part in re.split(r"[,.!?;:~，。！？；、…]+", text)]
    topics = [_TOPIC_OF.get(part, "") for part in parts if part and part not in _ADDRESSED]
    return topics[-1] if topics and all(topics) else ""
