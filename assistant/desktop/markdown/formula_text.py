"""Formulas as words and signs that can be read in a line: √(x² + y²), (a + b)/2, Σᵢ₌₁ⁿ. No Qt in here.

pylatexenc reads the LaTeX and knows its signs; what it would write flat (x^2) or drop, is ours. What cannot be said in a line stays as it
was written: a formula that reads wrong is worse than one that reads badly.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

LONGEST_FORMULA = 1_000

_SUPER = dict(
    zip(
        "0123456789+-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW−′",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ⁻′",
        strict=True,
    )
)
_SUB = dict(zip("0123456789+-=()aehijklmnoprstuvx−βγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ₋ᵦᵧᵨᵩᵪ", strict=True))
_HARD = re.compile(r"[\\^_{}~&]")
_SCRIPT = re.compile(r"(?<!\\)([\^_])\s*")
_NAMED = "arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim liminf limsup ln log max min Pr sec sin sinh sup tan tanh"
_OPERATORS = re.compile(r"\s*([=≠≈≡≤≥<>→⇒⇔↦∈∉⊂⊆∪∩±×·≪≫∼≃≅∝∧∨])\s*")
_SIZES = re.compile(r"\\(?:left|right|[bB]igg?)[lr]?(?![A-Za-z])\s*\.?")
_BEFORE_SCRIPT = re.compile(r" (?=[_^₀-₉ₐ-ₜⁱⁿ⁰-⁹²³¹])")
_BEFORE_END = re.compile(r" (?=[),.;\]])")
_ATOM = re.compile(r"-?\d[\d.,]*|∂?[^\W\d](?:[\u0300-\u036f\u20d0-\u20ff₀-₉ₐ-ₜⁱⁿ⁰-⁹²³¹′'])*|[\u4e00-\u9fff]+|∞")
_LINES = frozenset(
    "matrix pmatrix bmatrix vmatrix aligned align align* gathered equation equation* split cases".split()
)


@lru_cache(maxsize=512)
def formula_text(latex: str) -> str:
    """A formula (without its dollars) as a line of Unicode text; as it is written where that cannot be done well."""
    source = " ".join(latex.split())
    plain = _SIZES.sub("", source).replace(r"\|", "‖")
    if not _HARD.search(source) or len(source) > LONGEST_FORMULA:
        return source
    try:
        text = _converter().to_text(
            _SCRIPT.sub(lambda found: rf"\elephant{'sup' if found[1] == '^' else 'sub'} ", plain)
        )
    except Exception:  # noqa: BLE001 (a parser of foreign text: whatever it stumbles over, the formula is shown as written)
        return source
    lines = [_OPERATORS.sub(r" \1 ", line) for line in text.split("\n") if line.strip()]
    tidy = " ".join("; ".join(lines).split()).replace("^∘", "°")
    return _BEFORE_END.sub("", _BEFORE_SCRIPT.sub("", tidy))


class _CannotSayError(Exception):
    pass


class _Converter:
    def __init__(self) -> None:
        from pylatexenc import latexwalker, macrospec
        from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

        one = ("elephantsup", "elephantsub", "sqrt")
        self._walker: Any = latexwalker.LatexWalker
        self._reading = latexwalker.get_default_latex_context_db()
        self._reading.add_context_category(
            "ours",
            prepend=True,
            macros=[
                *(macrospec.MacroSpec(name, "[{" if name == "sqrt" else "{") for name in one),
                *(macrospec.MacroSpec(name, "{{") for name in ("frac", "dfrac", "tfrac", "binom", "cfrac")),
                *(macrospec.MacroSpec(name, "{") for name in ("overline", "operatorname", "boxed", "underline")),
                *(macrospec.MacroSpec(name, "") for name in _NAMED.split()),
            ],
        )
        writing = get_default_latex_context_db()
        writing.add_context_category(
            "ours",
            prepend=True,
            macros=[
                MacroTextSpec("elephantsup", lambda node, l2tobj: _script(self._argument(node, 0), _SUPER, "^")),
                MacroTextSpec("elephantsub", lambda node, l2tobj: _script(self._argument(node, 0), _SUB, "_")),
                MacroTextSpec("sqrt", self._root),
                *(
                    MacroTextSpec(name, lambda node, l2tobj: self._fraction(node))
                    for name in ("frac", "dfrac", "tfrac", "cfrac")
                ),
                MacroTextSpec("binom", lambda node, l2tobj: f"C({self._argument(node, 0)}, {self._argument(node, 1)})"),
                MacroTextSpec("overline", lambda node, l2tobj: _with_mark(self._argument(node, 0), "\u0305")),
                *(
                    MacroTextSpec(name, lambda node, l2tobj: self._argument(node, 0))
                    for name in ("operatorname", "boxed", "underline", "displaystyle")
                ),
                *(MacroTextSpec(name, f" {name} ") for name in _NAMED.split()),
                MacroTextSpec("quad", "  "),
                MacroTextSpec("qquad", "  "),
            ],
        )
        self._writer: Any = LatexNodes2Text(latex_context=writing, math_mode="text", strict_latex_spaces=False)

    def to_text(self, source: str) -> str:
        nodes, _, _ = self._walker(source, latex_context=self._reading, tolerant_parsing=False).get_latex_nodes()
        self._check(nodes)
        return str(self._writer.nodelist_to_text(nodes))

    def _check(self, nodes: Any) -> None:
        """Raise where a sign is not known: it would be dropped without a word."""
        for node in nodes or ():
            if node is None:
                continue
            name = getattr(node, "macroname", None)
            if name is not None and self._writer.latex_context.get_macro_spec(name).macroname == "":
                raise _CannotSayError(name)
            if getattr(node, "environmentname", None) not in {None, *_LINES}:
                raise _CannotSayError(node.environmentname)
            arguments = getattr(getattr(node, "nodeargd", None), "argnlist", None)
            self._check(arguments)
            self._check(getattr(node, "nodelist", None))

    def _argument(self, node: Any, number: int) -> str:
        found = node.nodeargd.argnlist[number]
        if found is None:
            return ""
        return _BEFORE_END.sub("", " ".join(str(self._writer.nodelist_to_text([found])).split()))

    def _fraction(self, node: Any) -> str:
        return f"{_together(self._argument(node, 0))}/{_together(self._argument(node, 1))} "

    def _root(self, node: Any, l2tobj: Any = None) -> str:
        degree, inner = self._argument(node, 0), self._argument(node, 1)
        sign = {"": "√", "3": "∛", "4": "∜"}.get(degree) or f"{_script(degree, _SUPER, '^')}√"
        return sign + (inner if len(inner) == 1 else f"({inner})")


@lru_cache(maxsize=1)
def _converter() -> _Converter:
    return _Converter()


def _script(text: str, signs: dict[str, str], mark: str) -> str:
    tight = text.replace(" ", "")
    if tight and all(char in signs for char in tight):
        return "".join(signs[char] for char in tight)
    if tight in {"∞", "∗", "*", "†", "⊤", "′"} or len(tight) == 1:
        return f"{mark}{tight} " if tight not in {"′", "†"} else tight
    return f"{mark}({text.strip()})"


def _together(text: str) -> str:
    return text if _ATOM.fullmatch(text) else f"({text})"


def _with_mark(text: str, mark: str) -> str:
    return "".join(char + mark for char in text)
