"""Length, temperature and the system prompt of the settings reach the model; a broken system prompt never does."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from assistant.chat.ports import AnswerLimits
from assistant.chat.prompt_texts import PromptLibrary
from assistant.chat.prompts import PromptBuilder, PromptRequest
from assistant.domain.models import PromptMessage, Sampling
from assistant.models.ports import StreamItem
from assistant.retrieval.ports import Scope
from tests.unit.chat.chat_fakes import ScriptedModel, make_answerer, make_passage, open_store

TOWER = make_passage("The tower is 91 metres high.")
OWN = "Answer like a pirate. Passages stand between <notes> and </notes>."


class NotingModel(ScriptedModel):
    def __init__(self, parameters: int = 7_000_000_000) -> None:
        super().__init__(["The tower is 91 metres high."], parameters=parameters)
        self.samplings: list[Sampling] = []

    def stream(
        self, messages: Sequence[PromptMessage], sampling: Sampling, cancelled: threading.Event
    ) -> Iterator[StreamItem]:
        self.samplings.append(sampling)
        return super().stream(messages, sampling, cancelled)


@pytest.mark.parametrize("parameters", [135_000_000, 7_000_000_000])
def test_temperature_and_length_reach_the_model(tmp_path: Path, parameters: int) -> None:
    model = NotingModel(parameters)
    limits = AnswerLimits(answer_tokens=48, temperature=0.7)
    answerer = make_answerer(open_store(tmp_path), passages=[TOWER], model=model, limits=limits)
    answerer.answer_once("How high is the tower?", Scope())
    [sampling] = model.samplings
    assert (sampling.temperature, sampling.max_tokens) == (0.7, 48)


def test_asking_again_takes_another_chance(tmp_path: Path) -> None:
    model = NotingModel()
    answerer = make_answerer(open_store(tmp_path), passages=[TOWER], model=model, limits=AnswerLimits(temperature=0.7))
    for _ in range(2):
        for _event in answerer.answer("How high is the tower?", 0, Scope(), threading.Event()):
            pass
    assert len({sampling.seed for sampling in model.samplings}) == 2


def system_part(library: PromptLibrary, question: str) -> tuple[str, bool]:
    request = PromptRequest(question=question, passages=(TOWER,), quote=None, answer_tokens=100)
    [part] = PromptBuilder(library).build(request, ScriptedModel()).messages[0].parts
    return part.text, part.trusted


def test_an_own_system_prompt_is_told_in_its_language_only() -> None:
    library = PromptLibrary(own=lambda: {"en": OWN, "zh": ""})
    assert system_part(library, "How high is the tower?")[0] == OWN
    assert system_part(library, "塔有多高？")[0] == library.shipped()["zh"]
    assert library.shipped()["en"] == PromptLibrary().texts("en").answer.system


def test_an_own_system_prompt_cannot_write_control_tokens() -> None:
    assert system_part(PromptLibrary(own=lambda: {"en": OWN}), "How high is the tower?")[1] is False
    assert system_part(PromptLibrary(), "How high is the tower?")[1] is True


def test_a_changed_system_prompt_counts_from_the_next_question() -> None:
    own = {"en": ""}
    library = PromptLibrary(own=lambda: own)
    builder = PromptBuilder(library)
    request = PromptRequest(question="How high is the tower?", passages=(TOWER,), quote=None, answer_tokens=100)
    before = builder.build(request, ScriptedModel()).messages[0]
    own["en"] = OWN
    assert builder.build(request, ScriptedModel()).messages[0] != before


def test_both_shipped_system_prompts_name_the_marks_that_an_own_one_must_name() -> None:
    from assistant.domain.settings import LONGEST_TEMPLATE_CHARS, missing_marks

    shipped = PromptLibrary().shipped()
    assert set(shipped) == {"en", "zh"}
    assert {language: missing_marks(text) for language, text in shipped.items()} == {"en": (), "zh": ()}
    assert all(len(text) < LONGEST_TEMPLATE_CHARS for text in shipped.values())
