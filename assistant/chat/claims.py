"""Which sentences of an answer claim something that the notes must hold.

A greeting or "I do not know" claims nothing, but what comes behind it may. Openers are therefore taken off one by one and the rest is
judged; a number or a name that the question did not have is a claim in any company.
"""

from __future__ import annotations

import re

from assistant.chat.numbers import all_numbers, written_numbers
from assistant.chat.terms import is_stop_word, names_of, terms_of

_END = r"(?=\s*(?:[,.;:!，。；：！、~…]|[-–—]\s|$))"
# Said in politeness; whatever follows stands for itself.
_COURTESY = re.compile(
    rf"(?:(?:sorry|(?:i am|i['’]m|my) (?:sorry|apologies)|apologies|sure(?: thing)?|of course|certainly|absolutely|great question|good question|"
    rf"(?:hello|hi|hey)(?:,? \w+)?(?: \w+)?|thanks(?: a lot| again)?|thank you(?: very much| so much)?|you['’]re welcome|(?:no|not a) problem|"
    rf"i(?: am|['’]m) afraid|in summary|in conclusion|in short|to answer your question|"
    rf"(?:according to|based on|from) (?:the|your|these) (?:given |provided )?(?:notes|passages|text|context)(?: provided| given)?){_END}|"
    rf"(?:unfortunately|regrettably|i(?: am|['’]m) (?:sorry|afraid)(?: (?:but|that))?)\b|"
    rf"(?:非常|很|十分|实在)?(?:抱歉|对不起|不好意思|遗憾)(?:的是)?{_END}|(?:你好|您好|大家好|谢谢|感谢|不客气|当然(?:可以|了)?|好的?|可以|没问题|总之|综上所述){_END}|"
    rf"(?:根据|依据|从|按照)[^，。,]{{0,8}}(?:笔记|资料|内容|段落|文本)(?:中|里|来看)?)"
    r"[\s,.;:!，。；：！、~…–—]*",
    re.IGNORECASE,
)
_JOINING = re.compile(
    r"(?:(?:but|however|yet|still|though|although|so|and|because|since|as|instead|therefore|thus)\b|"
    r"但是?|不过|然而|可是|而且?|并且|所以|因此|因为|由于|故|也|还)[\s,，]*",
    re.IGNORECASE,
)
_NOTES = r"(?:notes?|passages?|texts?|context|documents?|excerpts?|information)"
_NOT = r"(?:do|does|did)(?: not|n['’]?t)"
_CAN_NOT = r"(?:cannot|can not|can['’]?t|could not|couldn['’]?t|was not able to|wasn['’]t able to|am (?:not able|unable) to|['’]m (?:not able|unable) to)"
# Says that something is not known or not told, up to the end of its clause.
_IGNORANCE = re.compile(
    rf"(?:i (?:really |simply )?(?:{_NOT} (?:actually |really )?(?:know|see|find|understand|remember|recall|"
    r"have (?:any|an|the|enough|access|more|further|sufficient|specific|information|details|data|context|that|this))|"
    rf"{_CAN_NOT} (?:\w+ly )?(?:find|say|see|tell|answer|determine|confirm|provide|give|help|locate|identify|verify|know|access|be sure|do that)|"
    r"am not (?:sure|certain|aware)|found (?:no|nothing)|have no (?:information|idea|access))|"
    r"i['’]m not (?:sure|certain|aware)|"
    rf"(?:the|your|these|my) (?:\w+ )?{_NOTES}(?: (?:given|provided|above))? (?:{_NOT}|cannot|can['’]t|never|contains? no|has no|have no|gives? no|"
    rf"says? nothing)|(?:there is|there['’]s|there are) no(?:thing)? (?:\w+ )?(?:information|mention|details?|answer|evidence|indication|record|about|in (?:the|your) {_NOTES}))\b|"
    r"(?:我|目前|暂时|这里|文中|其中|因此)*(?:不知道|不清楚|不(?:太|能)?确定|无法|不能|没能?|未能?|没有|并未)?"
    r"(?:从|在)?(?:你的|您的|这些|所给的?|提供的|给出的|现有的?|上述|以上|相关)*(?:笔记|资料|文中|内容|段落|文本|材料|文档)(?:本身)?(?:之?中|里面?|内)?(?:也|都|似乎|好像|并)*(?:没有?|并未|未|无|不包含|找不到|不能|无法)|"
    r"(?:我|目前|暂时|也)*(?:不知道|不清楚|不太?确定|(?:无法|不能|未能|没能|没有?|未)(?:直接|准确)?(?:在[^，。,]{1,12})?(?:确定|回答|得知|找到|判断|提供|查到|知道|确认|看到|给出|提到|提及|说明))",
    re.IGNORECASE,
)
# Offers, wishes and requests to the reader.
_TO_THE_READER = re.compile(
    r"(?:let me know|feel free|i hope (?:this|that|it|you|these)|please|if you (?:have|need|want|would)|"
    r"i(?:['’](?:d|ll)| can| could| will| would)(?: be)? (?:happy|glad|help|assist|try|do my best|look|answer)|(?:happy|glad) to help|"
    r"thanks for (?:your|the|this|asking)|thank you for|sorry (?:for|about) (?:the|any|that|this)|"
    r"here (?:is|are) (?:the|an?|what|some|your|my))\b|"
    r"(?:谢谢|感谢)(?:你|您|大家)|希望(?:这|以上|上述|能|可以|对|我的|有所|你|您)|请(?:提供|告诉|问|补充|查看|参考|你|您|随时|再|注意|给)|(?:如果|如)(?:你|您|有|需要|还有)|随时",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(
    r"[,;:—，；：。]\s*|\s[-–]\s|\s(?=(?:but|however|yet|though|although)\b)|(?=但|不过|然而|可是)", re.IGNORECASE
)
_STILL_ASKING = re.compile(
    r"(?:or|nor|and|if|who|whom|whose|what|which|when|where|why|how|whether|either|neither|谁|什么|何|哪|多少|几|怎|为什么|是否|或|以及|和)(?:\b|(?<=[^a-z]))",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"\b(?:is|are|was|were|has|have|had|does|did|do|will|would|can|could|may|might|must|should|costs?|\w{2,}ed)\b|[\u4e00-\u9fff]",
    re.IGNORECASE,
)
_MARKS = "*_#>-• \t\n"


def is_claim(sentence: str, question: str = "") -> bool:
    """False for greetings, questions, "I don't know", and lines that only lead to something. question: its names and numbers may be
    repeated without claiming anything of them."""
    text = sentence.strip().strip(_MARKS)
    if not text or text[-1] in "?？:：":
        return False
    known_numbers, known_words = all_numbers(question), set(terms_of(question))
    start = 0
    while start < len(text):
        opener = _COURTESY.match(text, start) or _JOINING.match(text, start)
        if opener is not None and opener.end() > start:
            start = opener.end()
            continue
        opener = _IGNORANCE.match(text, start) or _TO_THE_READER.match(text, start)
        if opener is None:
            return _has_content(text[start:])
        start, clause = _clause_from(text, start, opener.end())
        if written_numbers(clause) - known_numbers or names_of(clause) - known_words:
            return True
    return False


def _clause_from(text: str, start: int, opened: int) -> tuple[int, str]:
    """Where the clause ends that begins at `start`, and the clause. "…, when and where" and an enumeration still belong to it."""
    position = opened
    while (end := _CLAUSE_END.search(text, position)) is not None:
        rest = text[end.end() : end.end() + 200]
        is_bare_comma = end[0].strip() in {",", "，"}
        next_end = _CLAUSE_END.search(rest)
        part = rest[: next_end.start()] if next_end else rest
        if not is_bare_comma or (not _STILL_ASKING.match(rest) and _SAYS.search(part)):
            return end.end(), text[start : end.start()]
        position = end.end()
    return len(text), text[start:]


def _has_content(text: str) -> bool:
    return any(not is_stop_word(term) for term in terms_of(text))
