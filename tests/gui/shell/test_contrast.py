"""Text, controls and focus marks of the style sheets can be told from what they stand on, in both themes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from assistant.desktop.common.theme import DARK, LIGHT, Tokens, contrast

STYLES = Path(__file__).resolve().parents[3] / "resources" / "styles"
GROUNDS = ("ground", "pane", "card")
TEXT, MARK = 4.5, 3.0
NO_TEXT = (
    "QScrollBar",
    "QSplitter",
    "QProgressBar",
    "hairline",
    "::separator",
    "::branch",
    "::handle",
    "::add-",
    "::sub-",
)
FIELDS = ("QLineEdit", "QPlainTextEdit", "QAbstractSpinBox", "QComboBox")
"""What has no words of its own to be known by: its border has to be seen."""

Rule = dict[str, str]


def rules() -> dict[str, Rule]:
    """Every selector with what is said of it, later ones over earlier ones."""
    text = "\n".join(path.read_text("utf-8") for path in sorted(STYLES.glob("*.qss")))
    found: dict[str, Rule] = {}
    for selectors, body in re.findall(r"([^{}]+)\{([^}]*)\}", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)):
        said = {
            key.strip(): value.strip() for key, _, value in (part.partition(":") for part in body.split(";")) if value
        }
        for selector in selectors.split(","):
            found.setdefault(" ".join(selector.split()), {}).update(said)
    return found


def parts(selector: str) -> tuple[str, frozenset[str]]:
    """The type of widget, and what narrows it."""
    last = selector.split(" ")[-1]
    return re.split(r"[:\[#]", last)[0], frozenset(re.findall(r"\[[^\]]*\]|::?[\w-]+|#\w+", last))


def in_force(selector: str, all_rules: dict[str, Rule]) -> Rule:
    """What is said of a selector, on top of what is said of those that it narrows."""
    kind, marks = parts(selector)
    together: Rule = {}
    wider = [other for other in all_rules if parts(other)[0] == kind and parts(other)[1] < marks and " " not in other]
    for other in [*sorted(wider, key=lambda one: len(parts(one)[1])), selector]:
        together |= all_rules[other]
    return together


def token_of(value: str) -> str:
    found = re.search(r"\$([a-z_]+)\b(?!_px)", value)
    return found[1] if found and found[1] in asdict(LIGHT) else ""


def grounds(rule: Rule) -> tuple[str, ...]:
    own = token_of(rule.get("background", "") or rule.get("background-color", ""))
    return (own,) if own else GROUNDS


def text_pairs() -> Iterator[tuple[str, str, str]]:
    all_rules = rules()
    for selector in all_rules:
        if ":disabled" in selector or any(part in selector for part in NO_TEXT):
            continue  # what cannot be used need not be read
        rule = in_force(selector, all_rules)
        for ground in grounds(rule):
            yield selector, token_of(rule.get("color", "")) or "ink", ground
            if "selection-background-color" in rule:
                colors = token_of(rule["selection-color"]), token_of(rule["selection-background-color"])
                yield f"{selector} selected", *colors
            if "placeholder-text-color" in rule:
                yield f"{selector} placeholder", token_of(rule["placeholder-text-color"]), "card"


def border_pairs() -> Iterator[tuple[str, str, str]]:
    all_rules = rules()
    for selector in all_rules:
        is_field = parts(selector)[0] in FIELDS and " " not in selector and "kind" not in selector
        if ":focus" not in selector and not is_field:
            continue
        rule = in_force(selector, all_rules)
        border = token_of(rule.get("border", ""))
        if border:
            yield from ((selector, border, ground) for ground in {*grounds(rule), *GROUNDS} - {border})


def poor(pairs: Iterator[tuple[str, str, str]], tokens: Tokens, least: float) -> dict[tuple[str, str, str], float]:
    values = asdict(tokens)
    found = {pair: round(contrast(values[pair[1]], values[pair[2]]), 2) for pair in pairs}
    assert len(found) > 20, "the style sheets were not understood"
    return {pair: ratio for pair, ratio in found.items() if ratio < least}


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_of_the_style_sheets_can_be_read(tokens: Tokens):
    assert poor(text_pairs(), tokens, TEXT) == {}


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_every_field_and_every_focus_mark_can_be_seen(tokens: Tokens):
    # The one primary button is marked by ink around its own colour; what it stands on is what counts there.
    assert poor((pair for pair in border_pairs() if pair[2] != "accent"), tokens, MARK) == {}


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("text", "painted_on"),
    [
        ("ink", ("hover", "accent_ground", "bubble", "mark", "warn_ground")),
        ("soft", ("hover", "accent_ground", "bubble", "warn_ground")),
        ("accent", ("hover", "accent_ground")),
        ("warn", ("hover", "accent_ground", "warn_ground")),
        ("on_accent", ("accent", "accent_hover")),
    ],
)
def test_every_text_that_is_painted_by_hand_can_be_read(tokens: Tokens, text: str, painted_on: tuple[str, ...]):
    values = asdict(tokens)
    ratios = {ground: round(contrast(values[text], values[ground]), 2) for ground in (*painted_on, *GROUNDS[:3])}
    if text == "on_accent":
        ratios = {ground: ratios[ground] for ground in painted_on}
    assert {ground: ratio for ground, ratio in ratios.items() if ratio < TEXT} == {}
