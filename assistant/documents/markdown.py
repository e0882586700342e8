"""Markdown notes, as the common editors write them: CommonMark, tables, footnotes, front matter, wikilinks, tags and tasks.

The parser's HTML goes through the same block reader as saved pages, so that raw HTML inside a note needs no second way. Raw
HTML is cut down first: what a note's author typed must not swallow the rest of the note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import PurePosixPath
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from assistant.documents.building import DocumentBuilder, Inline
from assistant.documents.cleaning import clean_line, clean_text
from assistant.documents.encodings import decode_text
from assistant.documents.formulas import formula_plugin
from assistant.documents.html_blocks import HtmlBlocks
from assistant.documents.html_tokens import EndTag, StartTag, html_tokens
from assistant.documents.limits import Clock, ReaderLimits, TimeBoxExpired, time_box, unreadable
from assistant.documents.plain_text import add_plain_text
from assistant.domain.documents import BlockKind, Document, NoteFormat, ReasonCode

# The parser manages about half a megabyte a second; a larger file would spend the whole time limit in it.
_PARSED_CHARS = 4_000_000
_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FRONT_MATTER_S = 2.0
# Brackets that are opened a few thousand deep cost the parser five seconds before it gives up.
_FRONT_MATTER_CHARS = 64_000
# Keys that steer a program. A search for their values would only find noise.
_TECHNICAL_KEYS = frozenset(
    [
        "id",
        "uid",
        "uuid",
        "cssclass",
        "cssclasses",
        "layout",
        "template",
        "permalink",
        "publish",
        "draft",
        "slug",
        "banner",
    ]
)
_DAY_KEYS = frozenset(
    ["date", "day", "created", "created at", "created_at", "日期", "创建日期", "创建时间", "建立日期"]
)
_TAG = re.compile(r"(?<![\w/#&;])#([\w/-]*[^\W\d_][\w/-]*)")
_HIGHLIGHT = re.compile(r"==(?=\S)([^=\n]+)(?<=\S)==")
_CALLOUT = re.compile(r"\[![\w-]+\][+-]?[ \t]*")
_TASK = re.compile(r"\[([ xX/-])\](?:[ \t]+|$)")
_WIKILINK = re.compile(r"(!?)\[\[([^\[\]\n|]{1,400})(?:\|([^\[\]\n]{0,400}))?\]\]")
_IMAGE_SUFFIXES = frozenset([".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".bmp", ".avif"])

_KEPT_HTML = frozenset(
    "a abbr address article aside b blockquote br caption center cite code dd del details div dl dt em figcaption figure "
    "h1 h2 h3 h4 h5 h6 hr i img ins kbd li main mark ol p pre q s samp section small span strike strong sub summary sup "
    "table tbody td tfoot th thead tr tt u ul var".split()
)


def read_markdown(data: bytes, limits: ReaderLimits) -> Document:
    """Read a Markdown note. The Document's text has no markup.

    Raises: NoteUnreadableError (EMPTY, NOT_TEXT).
    """
    clock = Clock(limits)
    decoded, encoding = decode_text(data)
    text = clean_text(decoded)
    builder = DocumentBuilder(NoteFormat.MARKDOWN)
    builder.encoding = encoding
    front_matter = _FRONT_MATTER.match(text[:_FRONT_MATTER_CHARS])
    if front_matter and _add_front_matter(builder, front_matter.group(1) or ""):
        text = text[front_matter.end() :]
    rendered = _rendered(builder, text, clock)
    if rendered is None:
        add_plain_text(builder, text, limits)
    elif not HtmlBlocks(builder).read(rendered, clock):
        builder.add_notice(ReasonCode.PARTIAL.value)
    if not builder.chars:
        raise unreadable(ReasonCode.EMPTY)
    return builder.build()


def _rendered(builder: DocumentBuilder, text: str, clock: Clock) -> str | None:
    """The note as HTML; None if it is too large or too twisted, and better read as plain text than not at all."""
    if len(text) > _PARSED_CHARS:
        return None
    try:
        with time_box(clock.left_s() * 0.7):
            return str(_parser(builder).render(text))
    except (TimeBoxExpired, RecursionError):
        return None


def _parser(builder: DocumentBuilder) -> MarkdownIt:
    # Nested deeper than the limit, text would be dropped without a word: 100 levels is beyond any note and far from the stack's end.
    parser = MarkdownIt("commonmark", {"maxNesting": 100}).enable(["table", "strikethrough"])
    parser.use(footnote_plugin)
    parser.use(formula_plugin)
    parser.core.ruler.after("block", "tasks_and_callouts", _mark_tasks_and_callouts)
    parser.inline.ruler.before("link", "wikilink", _wikilink)

    def text_rule(_renderer: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
        content = tokens[index].content
        for tag in _TAG.findall(content) if "#" in content else ():
            builder.add_tag(tag)
        return _HIGHLIGHT.sub(r"<mark>\1</mark>", escape(content)) if "==" in content else escape(content)

    parser.add_render_rule("text", text_rule)
    parser.add_render_rule("html_ready", _ready_rule)
    parser.add_render_rule("html_inline", _tamed_rule)
    parser.add_render_rule("html_block", _tamed_rule)
    parser.add_render_rule("image", _image_rule)
    return parser


def _mark_tasks_and_callouts(state: StateCore) -> None:
    """Turn `[x]` at the start of a list item into an attribute, and drop the `[!note]` of a call-out."""
    tokens = state.tokens
    for index in range(2, len(tokens)):
        if tokens[index].type != "inline" or tokens[index - 1].type != "paragraph_open":
            continue
        opener = tokens[index - 2]
        if opener.type == "list_item_open" and (task := _TASK.match(tokens[index].content)):
            opener.attrSet("data-task", task.group(1))
            tokens[index].content = tokens[index].content[task.end() :]
        elif opener.type == "blockquote_open" and (callout := _CALLOUT.match(tokens[index].content)):
            tokens[index].content = tokens[index].content[callout.end() :]


def _wikilink(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "![":
        return False
    found = _WIKILINK.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        is_embed, target, shown = found.groups()
        target = target.strip()
        token = state.push("html_ready", "", 0)
        if is_embed and PurePosixPath(target).suffix.lower() in _IMAGE_SUFFIXES:
            alt = shown if shown and not shown.isdigit() else PurePosixPath(target).name
            token.content = f'<x-embed target="{escape(target)}" alt="{escape(alt)}">'
        else:
            words = (shown or target.replace("#", " › ").strip(" ›") or target).strip()
            token.content = f'<x-wikilink target="{escape(target)}">{escape(words)}</x-wikilink>'
    state.pos = found.end()
    return True


def _ready_rule(_renderer: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    return tokens[index].content


def _tamed_rule(_renderer: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    return tame_html(tokens[index].content)


def _image_rule(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    token = tokens[index]
    source = str(token.attrs.get("src", ""))
    alt = renderer.renderInlineAsText(token.children or [], options, env) or PurePosixPath(source).name
    return f'<img alt="{escape(alt)}" src="{escape(source)}">'


def tame_html(markup: str) -> str:
    """Raw HTML with only complete, visible, known elements left; what begins no tag is text."""
    kept: list[str] = []
    is_script = False
    for token in html_tokens(markup):
        if isinstance(token, str):
            kept.append("" if is_script else escape(token))
        elif token.name in _KEPT_HTML:
            kept.append(_tag_again(token))
        else:
            kept.append(" ")
        is_script = isinstance(token, StartTag) and token.name in {"script", "style"}
    return "".join(kept)


def _tag_again(token: StartTag | EndTag) -> str:
    if isinstance(token, EndTag):
        return f"</{token.name}>"
    attributes = "".join(f' {escape(name)}="{escape(value)}"' for name, value in token.attributes.items())
    return f"<{token.name}{attributes}>"


def _add_front_matter(builder: DocumentBuilder, source: str) -> bool:
    """Take title, tags and aliases, and keep what is worth finding as one block. False if it is no front matter at all."""
    try:
        with time_box(_FRONT_MATTER_S):
            values = yaml.safe_load(source)
    except (yaml.YAMLError, ValueError, RecursionError, TimeBoxExpired):
        return False
    if values is None:
        return True
    if not isinstance(values, dict):
        return False
    lines = []
    for key, value in list(values.items())[:100]:
        name = clean_line(str(key), 60)
        words = [clean_line(word) for word in _plain_values(value)]
        if name.lower() == "title" and words:
            builder.title = words[0]
        if name.lower() in {"tags", "tag", "keywords"}:
            # In a list each item is a tag, spaces and all; in one line spaces part them, as most programs have it.
            parting = r"[,，]" if isinstance(value, (list, tuple, set)) else r"[,，\s]+"
            words = [part.strip() for word in words for part in re.split(parting, word) if part.strip()]
            for word in words:
                builder.add_tag(word)
        if name.lower() in _DAY_KEYS and words:
            builder.day = words[0]
        if words and name.lower() not in _TECHNICAL_KEYS:
            lines.append(f"{name}: {', '.join(words)}")
    if any(char.isalpha() for line in lines for char in line.partition(": ")[2]):
        block = Inline(keep_white_space=True)
        block.write("\n".join(lines))
        builder.add(BlockKind.FRONT_MATTER, block)
    return True


def _plain_values(value: object) -> list[str]:
    """The words of a value, at most 50: anchors and aliases can make a few lines stand for a billion."""
    found: list[str] = []
    for item in _scalars(value, 3):
        text = ("yes" if item else "no") if isinstance(item, bool) else str(item)
        if text.strip():
            found.append(text)
        if len(found) >= 50:
            break
    return found


def _scalars(value: object, depth: int) -> Iterator[object]:
    if isinstance(value, Mapping):
        value = list(value.values())[:50]
    if isinstance(value, (list, set, tuple)):
        for item in list(value)[:50] if depth else ():
            yield from _scalars(item, depth - 1)
    elif value is not None:
        yield value
