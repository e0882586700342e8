"""The model's part of an answer: from evidence to checked text, as events. Nothing here knows that turns are stored."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

from assistant.chat.citations import Checked, CitationChecker
from assistant.chat.draft import Draft
from assistant.chat.events import ChatEvent, PhaseChanged, SentencesChecked, TextAdded
from assistant.chat.ports import ChatChoice
from assistant.chat.prompts import Prompt, PromptBuilder, PromptRequest
from assistant.chat.small_answers import adds_something, is_cut_copy
from assistant.chat.streaming import LoopGuard, StreamCleaner, only_asks, whole_sentences
from assistant.chat.waiting import AnyOf, wait_for
from assistant.domain.answers import Passage, SentenceCheck, Support
from assistant.domain.errors import AssistantError, Cancelled, PromptTooLongError
from assistant.domain.models import CompletionStats, Sampling
from assistant.domain.sentences import split_sentences, text_language
from assistant.models.ports import ChatModel, Embedder, PromptProgress

# A prompt that the model finds too long in spite of the estimate is made again with less of the context.
_SIZES = (1.0, 0.75, 0.5, 0.25)

# Looking at the whole text for every token would be quadratic.
_CHECK_EVERY_CHARS = 32


def speaks(choice: ChatChoice, language: str) -> bool:
    """Whether a model can be asked in a language. One whose languages nobody knows is given the benefit of the doubt."""
    return not choice.languages or language in choice.languages


def can_write(choice: ChatChoice, request: PromptRequest) -> bool:
    """Whether letting the model write helps: it must speak the language of the question and read that of the best evidence. For a
    model that does not, the quote from the notes is the honest answer."""
    evidence = request.quote.text if request.quote else request.passages[0].text if request.passages else ""
    return speaks(choice, text_language(request.question)) and speaks(choice, text_language(evidence))


class Writer:
    """Lets a model write and checks what it wrote. One answer at a time."""

    def __init__(self, builder: PromptBuilder, embedder: Embedder | None) -> None:
        self._builder = builder
        self._embedder = embedder

    def forget_earlier(self) -> None:
        self._builder.forget_earlier()

    def write(
        self, turn_id: int, request: PromptRequest, choice: ChatChoice, draft: Draft, cancelled: threading.Event
    ) -> Iterator[ChatEvent]:
        """Stream an answer into the draft. Ends early when cancelled, with draft.was_stopped set.

        Raises:
            What the model raises; the draft then holds what was written before.
        """
        for size in _SIZES:
            try:
                prompt = self._build(replace(request, size=size), choice.model, draft, cancelled)
                yield from self._stream(turn_id, request, prompt, choice.model, draft, cancelled)
                return
            except PromptTooLongError:
                if draft.text or size == _SIZES[-1]:
                    raise

    def _build(self, request: PromptRequest, model: ChatModel, draft: Draft, cancelled: threading.Event) -> Prompt:
        """Asking a model about itself and counting tokens loads it, and that cannot be interrupted; waiting for it can."""
        with draft.timed("load_s"):
            prompt = wait_for(lambda: self._builder.build(request, model), cancelled)
        draft.model, draft.has_lost_gpu = model.info().name, model.info().has_lost_gpu
        draft.has_forgotten = not prompt.is_small and (prompt.forgotten_turns > 0 or request.has_more_history)
        return prompt

    def _stream(
        self,
        turn_id: int,
        request: PromptRequest,
        prompt: Prompt,
        model: ChatModel,
        draft: Draft,
        cancelled: threading.Event,
    ) -> Iterator[ChatEvent]:
        asked = request.meant or request.question
        checker = CitationChecker(asked, _readable(prompt, request), self._embedder, held_to_words=prompt.is_small)
        quote = request.quote.all_text if request.quote else ""
        proven = checker.without_embedder()

        def is_worth_it(said: str) -> bool:
            if not adds_something(said, asked, quote):
                return False
            unproven = sum(check.support is Support.UNSUPPORTED for check in proven.check_all(said).sentences)
            draft.left_out += unproven
            return not unproven

        # The quote stands there already: a very small model shows what it can prove, a larger one everything, marked.
        text = _GrowingText(draft, checker, is_worth_it if prompt.is_small else None)
        read = 1 if prompt.is_small and prompt.passages else len(prompt.passages)
        yield PhaseChanged("reading", 0, prompt.tokens, read, prompt.forgotten_turns)
        # A very small model answers best by copying, which a penalty on repeated words hinders; loops are cut here anyway.
        sampling = Sampling(
            temperature=request.temperature,
            repeat_penalty=1.0 if prompt.is_small else 1.1,
            seed=turn_id,  # where there is chance, asking again may say something else
            max_tokens=prompt.answer_tokens,
        )
        ran_out = False
        for item in model.stream(prompt.messages, sampling, AnyOf(cancelled, text.loop_found)):
            if isinstance(item, PromptProgress):
                yield PhaseChanged(item.phase, item.done, item.total, read, prompt.forgotten_turns)
            elif isinstance(item, CompletionStats):
                draft.take_stats(item)
                draft.was_stopped = item.finish == "stopped" and not text.loop_found.is_set()
                ran_out = item.finish == "length"
            else:
                if not text.raw:
                    yield PhaseChanged("writing", passages=read)
                yield from text.add(item)
        yield from text.finish()
        if prompt.is_small and only_asks(draft.text):
            draft.text, draft.checked = "", Checked()
        if ran_out and prompt.is_small:
            # A larger model was cut off by the user's own limit; this one by ours, and it had wandered off.
            draft.text = whole_sentences(draft.text)
            if is_cut_copy(draft.text, quote):
                draft.text, draft.checked = "", Checked()
        draft.was_stopped = draft.was_stopped or (cancelled.is_set() and not text.loop_found.is_set())
        yield from self._check(checker, draft, cancelled)
        if not draft.was_stopped and not text.loop_found.is_set():
            # Only worth time: a model that dies now has answered all the same.
            with contextlib.suppress(AssistantError):
                self._builder.remember(turn_id, prompt, text.raw, model)

    def _check(self, checker: CitationChecker, draft: Draft, cancelled: threading.Event) -> Iterator[ChatEvent]:
        """The last check. The embedder is a help here, not a need: without it the words decide alone."""
        yield PhaseChanged("checking")  # also where nothing is left to check: it says that the model has ended
        draft.text = draft.text.rstrip()
        if not draft.text:
            return
        try:
            if draft.was_stopped:
                raise Cancelled
            draft.checked = checker.check_all(draft.text, cancelled)
        except AssistantError:
            draft.checked = checker.without_embedder().check_all(draft.text)
        yield SentencesChecked(draft.checked.sentences)


def _readable(prompt: Prompt, request: PromptRequest) -> tuple[Passage, ...]:
    """What an answer is checked against: this turn's passages first, then what still stands in the window."""
    extra = tuple(passage for passage in prompt.passages if passage not in request.passages)
    return (*request.passages, *extra) if prompt.is_small else (*prompt.passages,)


class _GrowingText:
    """The text on its way from the model into the draft: cleaned, cut when it begins to repeat itself, checked by the sentence."""

    def __init__(self, draft: Draft, checker: CitationChecker, keep: Callable[[str], bool] | None) -> None:
        """keep: whether a finished sentence is to be shown; the text then comes by the sentence. None shows all as it comes."""
        self.raw = ""
        self.loop_found = threading.Event()
        self._draft = draft
        self._checker = checker
        self._keep = keep
        self._unfinished = ""
        self._cleaner = StreamCleaner()
        self._guard = LoopGuard()
        self._checked_chars = 0
        self._checks: tuple[SentenceCheck, ...] = ()

    def add(self, piece: str) -> Iterator[ChatEvent]:
        if self.loop_found.is_set():
            return
        self.raw += piece
        added = self._kept(self._cleaner.feed(piece), is_last=False)
        if added:
            self._draft.text += added
            yield TextAdded(added)
        cut = self._guard.cut_at(self._draft.text + self._unfinished)
        if cut is not None:
            self._draft.text = self._draft.text[:cut].rstrip()
            self.loop_found.set()
        elif not added:
            return
        if cut is None and len(self._draft.text) - self._checked_chars < _CHECK_EVERY_CHARS:
            return
        self._checked_chars = len(self._draft.text)
        self._draft.checked = self._checker.check_finished(self._draft.text)
        if self._draft.checked.sentences != self._checks:
            self._checks = self._draft.checked.sentences
            yield SentencesChecked(self._checks)

    def finish(self) -> Iterator[ChatEvent]:
        rest = "" if self.loop_found.is_set() else self._kept(self._cleaner.finish(), is_last=True)
        self._draft.text += rest
        if rest:
            yield TextAdded(rest)

    def _kept(self, added: str, *, is_last: bool) -> str:
        """What can be shown now: everything, or the sentences that are finished and worth it, each with the space behind it."""
        if self._keep is None:
            return added
        text = self._unfinished + added
        ranges = split_sentences(text)
        ends = [start for start, _ in ranges[1:]] + ([len(text)] if is_last and ranges else [])
        self._unfinished = text[ends[-1] :] if ends else text
        return "".join(
            text[start:until] for (start, end), until in zip(ranges, ends, strict=False) if self._keep(text[start:end])
        )
