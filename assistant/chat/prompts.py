"""The prompt of one answer, laid out so that the model can go on from what it has read before.

Constant system text, then the conversation exactly as it was sent, then this turn's new passages, then the question. What was read
in an earlier turn is not sent again while it still stands in the window. Everything that is not our own template text travels as
untrusted parts.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.chat.prompt_texts import AnswerTexts, PromptLibrary
from assistant.chat.terms import is_stop_word, terms_of
from assistant.domain.answers import InstantQuote, Passage, Turn
from assistant.domain.errors import PromptTooLongError
from assistant.domain.models import PromptMessage, PromptPart
from assistant.domain.sentences import split_sentences, text_language
from assistant.domain.unseen import without_unseen
from assistant.models.ports import ChatModel

SMALL_MODEL_PARAMETERS = 1_000_000_000
"""Below this a model gets the one best place and a short request; docs/decisions/0503-small-models.md has the measurements."""
SMALL_ANSWER_TOKENS = 64

_MESSAGE_TOKENS = 12
_RESERVE_TOKENS = 48
_LEAST_PASSAGE_TOKENS = 60
_HISTORY_SHARE = 0.4
_REMEMBERED_TURNS = 400
_MOST_TURNS = 64

_FENCE = re.compile(r"<(\s*/?\s*notes\s*)>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SentTurn:
    """A turn as the model has read it: its messages, their tokens, and the passages they hold with their numbers."""

    turn_id: int
    messages: tuple[PromptMessage, ...]
    tokens: int
    passages: tuple[tuple[int, Passage], ...]


@dataclass(frozen=True, slots=True)
class Prompt:
    """passages: those the model can read for this turn, earlier ones included. forgotten_turns: earlier turns that no longer fit.
    left_out: passages of this turn that no longer fit. tokens: an estimate, never below the truth by more than the reserve."""

    messages: tuple[PromptMessage, ...]
    passages: tuple[Passage, ...]
    answer_tokens: int
    tokens: int
    is_small: bool = False
    forgotten_turns: int = 0
    left_out: int = 0
    new_passages: tuple[tuple[int, Passage], ...] = ()


@dataclass(frozen=True, slots=True)
class PromptRequest:
    """meant: the question with the key words of the earlier ones it hangs on; the question itself if it stands alone. history: earlier
    turns of the conversation, oldest first; has_more_history: there are older ones still. size: 1.0, or less to use only that share of the context (after the
    model found a prompt too long). temperature: for whoever lets the model write."""

    question: str
    passages: tuple[Passage, ...]
    quote: InstantQuote | None
    answer_tokens: int
    meant: str = ""
    conversation_id: int = 0
    history: tuple[Turn, ...] = ()
    has_more_history: bool = False
    size: float = 1.0
    temperature: float = 0.0


class PromptBuilder:
    """Builds prompts and remembers what was sent, so that the next prompt of a conversation begins with the same tokens.

    What it remembers is only worth time: after a restart earlier turns are told in short. Any thread; a build that nobody waits for
    any more may still be running when the next one begins.
    """

    def __init__(self, library: PromptLibrary) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._sent: OrderedDict[int, SentTurn] = OrderedDict()
        self._first_kept: OrderedDict[int, int] = OrderedDict()

    def build(self, request: PromptRequest, model: ChatModel) -> Prompt:
        """Raises:
        PromptTooLongError: not even the shortest form of the question fits.
        """
        info = model.info()
        if 0 < info.parameters < SMALL_MODEL_PARAMETERS:
            return self._build_small(request, model)
        with self._lock:
            return self._build_full(request, model)

    def remember(self, turn_id: int, prompt: Prompt, completion: str, model: ChatModel) -> None:
        """Keep a turn as the model has read and written it."""
        if prompt.is_small or not completion:
            return
        messages = (prompt.messages[-1], PromptMessage("assistant", (PromptPart(completion),)))
        tokens = sum(model.count_tokens([_text_of(message) for message in messages])) + 2 * _MESSAGE_TOKENS
        with self._lock:
            self._sent[turn_id] = SentTurn(turn_id, messages, tokens, prompt.new_passages)
            while len(self._sent) > _REMEMBERED_TURNS:
                self._sent.popitem(last=False)

    def forget_earlier(self) -> None:
        """Tell earlier turns as they are stored now, not as they were sent."""
        with self._lock:
            self._sent.clear()

    # ---- for very small models ---------------------------------------------------------------------------------------

    def _build_small(self, request: PromptRequest, model: ChatModel) -> Prompt:
        texts = self._library.texts(text_language(request.question)).small
        place = _quoted_passage(request) or (request.passages[0] if request.passages else None)
        answer_tokens = min(request.answer_tokens, SMALL_ANSWER_TOKENS)
        limit = int(model.info().context_tokens * request.size) - answer_tokens - _RESERVE_TOKENS - 2 * _MESSAGE_TOKENS
        # Without the conversation, a follow-up is only understood with the words it hangs on.
        question = clean(request.meant or request.question)
        fixed, asked = model.count_tokens(
            [texts.system + texts.question_open + texts.text_open + texts.close, question]
        )
        space = limit - fixed
        if space < 16:
            raise PromptTooLongError(needed_tokens=fixed + asked, limit_tokens=limit)
        if asked > space // 2:
            question, asked = _cut_to(question, space // 2, model)
        told = clean(place.text) if place else ""
        tokens = model.count_tokens([told])[0]
        if tokens > space - asked:
            told, tokens = _cut_to(told, space - asked, model)
        user = PromptMessage(
            "user",
            (
                PromptPart(texts.question_open, trusted=True),
                PromptPart(question),
                PromptPart(texts.text_open, trusted=True),
                PromptPart(told),
                PromptPart(texts.close, trusted=True),
            ),
        )
        system = PromptMessage("system", (PromptPart(texts.system, trusted=True),))
        return Prompt((system, user), request.passages, answer_tokens, fixed + asked + tokens, is_small=True)

    # ---- for all others ----------------------------------------------------------------------------------------------

    def _build_full(self, request: PromptRequest, model: ChatModel) -> Prompt:
        context = int(model.info().context_tokens * request.size)
        answer_tokens = max(16, min(request.answer_tokens, context // 3))
        texts = self._library.texts(text_language(request.question)).answer
        opening = request.history[0].question if request.history else request.question
        told_first = self._library.texts(text_language(opening)).answer
        system_text = told_first.system
        frame = f"{texts.notes_open}{texts.notes_close}{texts.seen_before}{texts.question_open}{texts.question_close}"
        question = clean(request.question)
        fixed, asked = model.count_tokens([system_text + frame, question])
        space = context - answer_tokens - _RESERVE_TOKENS - 2 * _MESSAGE_TOKENS - fixed
        if space < 16:
            raise PromptTooLongError(needed_tokens=fixed + asked, limit_tokens=context - answer_tokens)
        if asked > space // 2:
            question, asked = _cut_to(question, space // 2, model)
        space -= asked

        counted = model.count_tokens([_rendered(99, passage) for passage in request.passages])
        told, forgotten = self._history(request, space, sum(counted), model)
        space -= sum(turn.tokens for turn in told)
        seen = [numbered for turn in told for numbered in turn.passages]
        again = [number for passage in request.passages if (number := _number_of(passage, seen))]
        fresh = [(p, n) for p, n in zip(request.passages, counted, strict=True) if not _number_of(p, seen)]
        new, used = _fit_passages(fresh, space, 1 + max((number for number, _ in seen), default=0), request, model)

        user = PromptMessage("user", _question_parts(texts, question, new, again))
        # A text of the user's is plain text: it may hold what a model takes for the end of a message.
        system = PromptMessage("system", (PromptPart(system_text, trusted=not told_first.is_own),))
        spoken = tuple(message for turn in told for message in turn.messages)
        readable = [passage for _, passage in new] + [passage for number, passage in seen if number in again]
        readable += [passage for number, passage in seen if number not in again]
        return Prompt(
            messages=(system, *spoken, user),
            passages=tuple(readable),
            answer_tokens=answer_tokens,
            tokens=fixed + asked + used + sum(turn.tokens for turn in told) + 2 * _MESSAGE_TOKENS,
            forgotten_turns=forgotten,
            left_out=len(fresh) - len(new),
            new_passages=tuple(new),
        )

    def _history(self, request: PromptRequest, space: int, wanted: int, model: ChatModel) -> tuple[list[SentTurn], int]:
        """The newest turns that fit, and how many are left out. When one must go, half go: dropping the oldest moves everything
        behind it, so the model has to read it all again, and that should not happen at every question."""
        turns = [turn for turn in request.history if _was_answered(turn)]
        first = self._first_kept.get(request.conversation_id, 0)
        if all(turn.id != first for turn in turns):
            first = 0  # of another branch of the conversation
        kept = self._as_sent([turn for turn in turns[-_MOST_TURNS:] if turn.id >= first], model)
        limit = max(space - wanted, int(space * _HISTORY_SHARE))
        if sum(turn.tokens for turn in kept) > limit:
            while kept and sum(turn.tokens for turn in kept) > limit // 2:
                kept = kept[1:]
            first = kept[0].turn_id if kept else (turns[-1].id + 1 if turns else 0)
            if request.conversation_id:
                self._first_kept[request.conversation_id] = first
                while len(self._first_kept) > _REMEMBERED_TURNS:
                    self._first_kept.popitem(last=False)
        return kept, len(turns) - len(kept)

    def _as_sent(self, turns: Sequence[Turn], model: ChatModel) -> list[SentTurn]:
        missing = [turn for turn in turns if turn.id not in self._sent]
        if missing:
            told = [_told_in_short(turn) for turn in missing]
            counts = model.count_tokens([_text_of(message) for messages in told for message in messages])
            for index, (turn, messages) in enumerate(zip(missing, told, strict=True)):
                tokens = counts[2 * index] + counts[2 * index + 1] + 2 * _MESSAGE_TOKENS
                self._sent[turn.id] = SentTurn(turn.id, messages, tokens, ())
        return [self._sent[turn.id] for turn in turns]


def clean(text: str) -> str:
    """Text of a note, a name or a question as it goes into a prompt: without marks nobody sees, and unable to end the data block."""
    return _FENCE.sub(r"‹\1›", without_unseen(text)).encode("utf-8", "replace").decode("utf-8")


def shorten_passage(passage: Passage, question: str, max_chars: int) -> Passage:
    """The stretch of whole sentences, at most max_chars long, around the sentence that shares most words with the question.
    Offsets stay exact. A single sentence that is longer is cut at its end."""
    if len(passage.text) <= max_chars:
        return passage
    ranges = split_sentences(passage.text) or [(0, len(passage.text))]
    asked = {term for term in terms_of(question) if not is_stop_word(term)}
    shared = [len(asked.intersection(terms_of(passage.text[start:end]))) for start, end in ranges]
    first = last = shared.index(max(shared))
    while True:
        if last + 1 < len(ranges) and ranges[last + 1][1] - ranges[first][0] <= max_chars:
            last += 1
        elif first > 0 and ranges[last][1] - ranges[first - 1][0] <= max_chars:
            first -= 1
        else:
            break
    start = ranges[first][0]
    return _slice(passage, start, min(ranges[last][1], start + max_chars))


def _slice(passage: Passage, start: int, end: int) -> Passage:
    return replace(passage, text=passage.text[start:end], start=passage.start + start, end=passage.start + end)


def _quoted_passage(request: PromptRequest) -> Passage | None:
    """The instant quote as a passage of its own: what a very small model can still read."""
    quote = request.quote
    if quote is None or not 0 <= quote.passage < len(request.passages):
        return None
    passage = request.passages[quote.passage]
    # Its best sentence alone: with the one beside it the model said less of what was asked (docs/decisions/0503).
    start, end = quote.lead or (0, len(quote.text))
    return replace(passage, text=quote.text[start:end], start=quote.start + start, end=quote.start + end)


def _fit_passages(
    fresh: Sequence[tuple[Passage, int]], space: int, first_number: int, request: PromptRequest, model: ChatModel
) -> tuple[list[tuple[int, Passage]], int]:
    """The best passages that fit, whole; the first that does not is shortened if a useful part of it fits."""
    fitted: list[tuple[int, Passage]] = []
    used = 0
    for passage, tokens in fresh:
        number = first_number + len(fitted)
        if used + tokens <= space:
            fitted.append((number, passage))
            used += tokens
            continue
        room = space - used
        if room >= _LEAST_PASSAGE_TOKENS:
            short = shorten_passage(
                passage, request.question, max(1, len(passage.text) * (room - 24) // max(1, tokens))
            )
            short_tokens = model.count_tokens([_rendered(99, short)])[0]
            if short_tokens <= room:
                fitted.append((number, short))
                used += short_tokens
        break
    return fitted, used


def _question_parts(
    texts: AnswerTexts, question: str, new: Sequence[tuple[int, Passage]], again: Sequence[int]
) -> tuple[PromptPart, ...]:
    parts: list[PromptPart] = []
    if new:
        parts.append(PromptPart(texts.notes_open, trusted=True))
        parts.extend(PromptPart(_rendered(number, passage)) for number, passage in new)
        parts.append(PromptPart(texts.notes_close, trusted=True))
    if again:
        numbers = ", ".join(f"[{number}]" for number in sorted(set(again)))
        parts.append(PromptPart(texts.seen_before.format(numbers=numbers), trusted=True))
    parts.append(PromptPart(texts.question_open, trusted=True))
    parts.append(PromptPart(question))
    parts.extend(_trusted(texts.question_close))
    return tuple(parts)


def _trusted(text: str) -> tuple[PromptPart, ...]:
    return (PromptPart(text, trusted=True),) if text else ()


def _rendered(number: int, passage: Passage) -> str:
    place = " › ".join((passage.title or passage.note, *passage.heading_path))
    return f"[{number}] {clean(place)}\n{clean(passage.text)}\n\n"


def _number_of(passage: Passage, seen: Sequence[tuple[int, Passage]]) -> int:
    """Number under which the window already holds all of a passage; 0 if it does not."""
    for number, other in seen:
        same_note = other.folder_id == passage.folder_id and other.note == passage.note
        if same_note and other.start <= passage.start and passage.end <= other.end:
            return number
    return 0


def _was_answered(turn: Turn) -> bool:
    return bool(turn.answer.quote or (turn.answer.text and turn.answer.model))


def _told_in_short(turn: Turn) -> tuple[PromptMessage, PromptMessage]:
    said = turn.answer.text or (turn.answer.quote.all_text if turn.answer.quote else "")
    return (
        PromptMessage("user", (PromptPart(clean(turn.question)),)),
        PromptMessage("assistant", (PromptPart(clean(said)),)),
    )


def _text_of(message: PromptMessage) -> str:
    return "".join(part.text for part in message.parts)


def _cut_to(text: str, tokens: int, model: ChatModel) -> tuple[str, int]:
    """The beginning of text that fits, and its tokens."""
    count = model.count_tokens([text])[0]
    while count > tokens:
        text = text[: min(len(text) - 1, len(text) * tokens // count)]
        count = model.count_tokens([text])[0]
    return text, count
