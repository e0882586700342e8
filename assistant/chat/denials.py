"""What a text denies, clause by clause, as far as words can tell: "not", 没有 and their kin, and the words that they deny.

A proof must not lose a denial, nor take one from the clause beside it: "Anna did not come, Bert did" says nothing against Bert.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.chat.terms import is_han, is_stop_word, stem, terms_of, words_of

_NEGATION = re.compile(
    r"\b(?:not(?! only\b| just\b| merely\b| simply\b| least\b)|no(?!\. ?\d| doubt\b| matter\b| (?:less|more|fewer|later|earlier) than\b)|never|none|nor|"
    r"neither|nobody|nothing|without|cannot|hardly|scarcely|rarely|seldom|unable|(?:fail|refuse)(?:s|d|ed)? to)\b|n['’]t\b|"
    "(?<!不得)不(?!得不|[仅僅但只过過同断斷久少管论論料锈鏽错錯愧])|(?<![淹沉埋吞出])[没沒](?![收落])|未(?![来來])|"
    "[无無](?![论論锡錫线線])|(?<![南北东東西除是])非(?![常洲])",
    re.IGNORECASE,
)
_NEGATIVE_WORDS = frozenset(
    map(
        stem,
        "never none neither nobody nothing cannot hardly scarcely rarely seldom unable fail refuse longer 没 沒 未 无 無 非".split(),
    )
)
# "The plan was not, however, approved."
_INSERTED = re.compile(r"(\b(?:not|never|hardly)|n['’]t),[^,;.]{1,30},", re.IGNORECASE)
_CLAUSE_END = re.compile(
    r"[,;:.](?=\s|$)|[，；：。！？()（）—－]| [-–] |\b(?=(?:but|because|although|though|while|whereas|and|when|since|if|as|which|who|unless|so)\b)|(?=但|而且|而是|因为|虽然)",
    re.IGNORECASE,
)
_HELD_UNTIL = re.compile(r"\b(?:until|till|before)\b", re.IGNORECASE)
# They stand between a "not" and what it denies.
_LIGHT = frozenset(
    map(
        stem,
        "get got getting gotten manage managed able succeed seem appear want need try even actually quite really true case correct "
        "fact clear certain possible likely ever always long longer far".split(),
    )
)
_LIGHT_HAN = re.compile(
    "(?:能够?|获得?|得到?|再|被|由|通过|经过?|曾|正式|完全|及时|有|会|可能|可以|进行|予以|在|于|就|是|把|将|对|要|想)+"
)
# "A number that is not prime is called composite": the clause goes on after what is denied.
_RELATIVE = re.compile(
    r"\bthat(?: (?:is|are|was|were|has|have|had|do|does|did|can|could|will|would))? ?$", re.IGNORECASE
)
_MOSTLY = 0.6


@dataclass(frozen=True, slots=True)
class Denial:
    """heads: what stands right behind the "not", as a rule the verb. terms: all that is denied, to the end of the clause."""

    heads: frozenset[str]
    terms: frozenset[str]

    def is_of(self, said: frozenset[str]) -> bool:
        """True if it denies what a text of these words says."""
        shared = len(self.terms & said)
        return bool(self.heads & said) or (shared >= 2 and shared >= _MOSTLY * len(self.terms))


@dataclass(frozen=True, slots=True)
class Clause:
    words: tuple[str, ...]
    terms: frozenset[str]
    is_negated: bool
    denials: tuple[Denial, ...]


def is_negated(text: str) -> bool:
    """True if a text denies something anywhere."""
    return _NEGATION.search(text) is not None


def clauses_of(text: str) -> tuple[Clause, ...]:
    pieces = _CLAUSE_END.split(_INSERTED.sub(r"\1", text))
    return tuple(_clause(piece) for piece in pieces if piece.strip())


def denied_heads(clauses: Iterable[Clause]) -> frozenset[str]:
    return frozenset(head for clause in clauses for denial in clause.denials for head in denial.heads)


def is_denied(said: frozenset[str], clauses: Sequence[Clause]) -> bool:
    """True if what a text says is denied in these clauses. Not if all of it that stands there is in clauses without a "not"."""
    if not any(denial.is_of(said) for clause in clauses for denial in clause.denials):
        return False
    return not said & _terms(clauses) <= _terms(clause for clause in clauses if not clause.is_negated)


def is_affirmed(said: frozenset[str], clauses: Sequence[Clause]) -> bool:
    """True if what a text denies stands together in a clause without a "not", and in none with one."""
    here = said & _terms(clauses)
    told_by = [clause.is_negated for clause in clauses if here <= clause.terms]
    return len(here) >= 2 and bool(told_by) and not any(told_by)


def is_denied_run(run: Sequence[str], clauses: Sequence[Clause]) -> bool:
    """True if these words stand in a row behind a "not" of their clause."""
    words = [word for clause in clauses for word in clause.words]
    first = next((at for at in range(len(words)) if words[at : at + len(run)] == list(run)), -1)
    start = 0
    for clause in clauses:
        if start <= first < start + len(clause.words):
            return is_negated(_joined(clause.words[: first - start]))
        start += len(clause.words)
    return False


def _joined(words: Sequence[str]) -> str:
    """The pairs of a Chinese stretch overlap."""
    text = ""
    for word in words:
        if not is_han(word[0]):
            text += f" {word}"
        elif text and text[-1] == word[0]:
            text += word[1:]
        else:
            text += word
    return text


def _terms(clauses: Iterable[Clause]) -> frozenset[str]:
    return frozenset().union(*(clause.terms for clause in clauses))


def _clause(text: str) -> Clause:
    negations = list(_NEGATION.finditer(text))
    return Clause(
        words=tuple(words_of(text)),
        terms=_content(text),
        is_negated=bool(negations),
        denials=tuple(
            denial for match in negations if (denial := _denial(text[: match.start()], text[match.end() :])) is not None
        ),
    )


def _content(text: str) -> frozenset[str]:
    return frozenset(term for term in terms_of(text) if not is_stop_word(term)) - _NEGATIVE_WORDS


def _denial(before: str, behind: str) -> Denial | None:
    if _HELD_UNTIL.search(behind):
        return None  # it happened then
    light = _LIGHT_HAN.match(behind)
    rest = behind[light.end() :] if light else behind
    content = [term for term in terms_of(rest) if not is_stop_word(term)] or [
        term for term in terms_of(behind) if not is_stop_word(term)
    ]
    telling = [term for term in content if term not in _LIGHT and term not in _NEGATIVE_WORDS]
    if not telling:
        # "approved by nobody"
        return Denial(frozenset(), _content(before)) if not behind.strip() else None
    if is_han(telling[0][0]):
        pair = next((term for term in telling if len(term) == 2 and term[0] == telling[0]), telling[0])
        return Denial(frozenset({pair}), frozenset(term for term in telling if len(term) == 1))
    heads = frozenset(_heads(telling))
    return Denial(heads, heads if _RELATIVE.search(before) else frozenset(telling))


def _heads(telling: Sequence[str]) -> Iterable[str]:
    """The first word, and what stands before it to say how: "not formally approved"."""
    for term in telling:
        yield term
        if not term.endswith("ly"):
            return
