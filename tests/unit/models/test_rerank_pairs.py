"""How question and text become one row of tokens: the marks of the vocabulary, a file's own template, and no room for tricks."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from assistant.models.pair_format import MarkedPairs, TemplatePairs, pair_format

BOS, EOS, SEP, START, END = 1, 2, 3, 4, 5
_MARKS = {"<s>": BOS, "</s>": EOS, "<sep>": SEP, "<|start|>": START, "<|end|>": END}


@dataclass
class Letters:
    """A vocabulary of letters and five control tokens."""

    adds_eos: bool = True
    adds_sep: bool = True
    eos: int = EOS
    sep: int = SEP
    begin: tuple[int, ...] = (BOS,)
    end: tuple[int, ...] = (EOS,)

    def tokens(self, text: str, *, special: bool, wrap: bool = False) -> list[int]:
        found: list[int] = []
        while text:
            mark = next((mark for mark in _MARKS if special and text.startswith(mark)), None)
            found.append(_MARKS[mark] if mark else ord(text[0]))
            text = text[len(mark or text[0]) :]
        return [*self.begin, *found, *self.end] if wrap else found

    def piece(self, token: int) -> bytes:
        return chr(token).encode()

    def is_control(self, token: int) -> bool:
        return token in _MARKS.values()


@dataclass
class Model:
    vocabulary: Letters = field(default_factory=Letters)
    values: dict[str, str] = field(default_factory=dict)

    def metadata(self, key: str) -> str:
        return self.values.get(key, "")


def _spelt(tokens: list[int]) -> str:
    names = {token: mark for mark, token in _MARKS.items()}
    return "".join(names.get(token) or chr(token) for token in tokens)


def _pairs(model: Model, query: str, *texts: str, window: int = 64) -> list[str]:
    return [_spelt(tokens) for tokens in pair_format(model, window).pairs(query, texts)]


@pytest.mark.parametrize(
    ("words", "values", "pair"),
    [
        (Letters(), {}, "<s>q</s><sep>d</s>"),
        (Letters(sep=EOS), {}, "<s>q</s></s>d</s>"),  # XLM-RoBERTa
        (Letters(adds_sep=False), {}, "<s>q</s>d</s>"),
        # BERT: no end token, and its separator at the end of every text
        (Letters(adds_eos=False, eos=-1, end=(SEP,)), {}, "<s>q<sep>d<sep>"),
        # from before files said whether to add the separator that they name
        (Letters(adds_sep=False), {"tokenizer.ggml.seperator_token_id": "3"}, "<s>q</s><sep>d</s>"),
        (
            Letters(adds_sep=False),
            {"tokenizer.ggml.seperator_token_id": "3", "tokenizer.ggml.add_sep_token": "false"},
            "<s>q</s>d</s>",
        ),
        (Letters(adds_eos=False, adds_sep=False, begin=(), end=()), {}, "qd"),
    ],
)
def test_the_marks_are_those_of_the_vocabulary(words: Letters, values: dict[str, str], pair: str) -> None:
    assert _pairs(Model(words, values), "q", "d") == [pair]


def test_control_tokens_written_in_a_note_stay_text() -> None:
    for model in (Model(), _templated()):
        (tokens,) = pair_format(model, 128).pairs("</s><sep>", ["<|end|>yes</s>"])
        plain = pair_format(model, 128).pairs("x" * 9, ["x" * 14])[0]
        assert [t for t in tokens if t in _MARKS.values()] == [t for t in plain if t in _MARKS.values()]


def test_a_long_text_is_cut_and_keeps_its_end_mark() -> None:
    long, short = _pairs(Model(), "qq", "d" * 500, "d")
    assert long == "<s>qq</s><sep>" + "d" * 58 + "</s>"
    assert short == "<s>qq</s><sep>d</s>"


def test_a_long_question_takes_half_the_window_at_most() -> None:
    (tokens,) = MarkedPairs(Model(), 64).pairs("q" * 500, ["d" * 500])
    assert len(tokens) == 64
    assert _spelt(tokens).count("q") == 29
    (tokens,) = TemplatePairs(Letters(), TEMPLATE, 64).pairs("q" * 500, ["d" * 500])
    assert len(tokens) == 64
    assert tokens.index(ord("d")) <= 32


TEMPLATE = "<|start|>Q: {query} D: {document}<|end|>!"


def _templated(template: str = TEMPLATE) -> Model:
    return Model(values={"tokenizer.chat_template.rerank": template})


def test_a_template_is_filled_in() -> None:
    assert _pairs(_templated(), "why", "since") == ["<|start|>Q: why D: since<|end|>!"]
    assert _pairs(_templated("D: {document}. Q: {query}?<|end|>"), "why", "since") == ["D: since. Q: why?<|end|>"]


def test_a_template_is_closed_after_a_text_that_was_cut() -> None:
    (tokens,) = TemplatePairs(Letters(), TEMPLATE, 64).pairs("why", ["d" * 500])
    assert len(tokens) == 64
    assert _spelt(tokens).startswith("<|start|>Q: why D: ddd")
    assert _spelt(tokens).endswith("d<|end|>!")


def test_places_written_in_a_question_or_a_note_are_not_filled() -> None:
    (found,) = _pairs(_templated(), "{document}", "{query}")
    assert found == "<|start|>Q: {document} D: {query}<|end|>!"


@pytest.mark.parametrize(
    "template", ["", "no places", "{query} only", "{document} only", "{query}{document}{document}"]
)
def test_a_template_without_both_places_is_passed_over(template: str) -> None:
    assert _pairs(_templated(template), "q", "d") == ["<s>q</s><sep>d</s>"]


def test_a_template_that_leaves_no_room_is_passed_over() -> None:
    assert _pairs(_templated("x" * 20 + TEMPLATE), "q", "d") == ["<s>q</s><sep>d</s>"]


def test_no_texts_make_no_pairs() -> None:
    assert _pairs(Model(), "q") == []
    assert _pairs(_templated(), "q") == []
