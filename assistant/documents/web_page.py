"""HTML files and saved web pages: the article is kept, the menus, banners and footers around it are not.

Nothing a page refers to is fetched; the extraction library is only ever given a string.
"""

from __future__ import annotations

import email
import email.policy
import logging
import re
from email.message import EmailMessage

from assistant.documents.building import DocumentBuilder
from assistant.documents.encodings import decode_text
from assistant.documents.html_blocks import INVISIBLE, HtmlBlocks
from assistant.documents.limits import Clock, ReaderLimits, TimeBoxExpired, cut_text, time_box, unreadable
from assistant.domain.documents import Document, NoteFormat, ReasonCode

log = logging.getLogger(__name__)

_DECLARED = re.compile(
    rb"<(?:meta|\?xml)\b[^>]{0,300}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE
)
# Names that pages use for less than they contain.
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "iso-8859-1": "cp1252", "us-ascii": "cp1252"}
_XML_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,300}\?>")
_AROUND = frozenset(["nav", "footer", "aside", "form", "button", "select", "dialog"])
_SIGNS_OF_AROUND = re.compile(
    r"<(?:nav|footer|aside)\b|role=[\"']?(?:navigation|banner|contentinfo)|"
    r"(?:class|id)=[\"']?[^\"'>]{0,80}(?:sidebar|menu|navbar|footer|cookie|breadcrumb|share|related|advert)",
    re.IGNORECASE,
)
_EXTRACTED_CHARS = 3_000_000
_LEAST_SHARE = 0.5
_DEEPEST_NESTING = 200


def read_web_page(data: bytes, limits: ReaderLimits, suffix: str = ".html") -> Document:
    """Read an HTML file, or the page inside a web archive (.mht).

    The whole visible text is kept where there is nothing around it or where extraction finds too little of it. What is too long, or takes
    too long, is read in part, with the notice "partial".

    Raises: NoteUnreadableError (EMPTY, NO_TEXT, NOT_TEXT, DAMAGED; TIMED_OUT: nothing was come to in time).
    """
    if not data.strip():
        raise unreadable(ReasonCode.EMPTY)
    clock = Clock(limits)
    if suffix in {".mht", ".mhtml"}:
        markup, encoding = _page_in_archive(data)
    else:
        markup, encoding = _decoded(data)
    cut = cut_text(markup, limits.max_chars)
    builder = _best_reading(_XML_DECLARATION.sub("", cut, count=1), clock)
    if len(cut) < len(markup):
        builder.add_notice(ReasonCode.PARTIAL.value)
    if not builder.chars:
        raise unreadable(ReasonCode.TIMED_OUT if clock.is_late() else ReasonCode.NO_TEXT)
    builder.encoding = encoding
    return builder.build()


def _decoded(data: bytes, declared: str = "") -> tuple[str, str]:
    if not declared and (found := _DECLARED.search(data[:4096])):
        declared = found.group(1).decode("ascii", "replace").lower()
    # A page that could be read to find its declaration is not in UTF-16, whatever it says.
    declared = "utf-8" if declared.startswith("utf-16") else _WIDER.get(declared, declared)
    return decode_text(data, declared)


def _page_in_archive(data: bytes) -> tuple[str, str]:
    message = email.message_from_bytes(data, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() in {"text/html", "application/xhtml+xml"} and isinstance(part, EmailMessage):
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                return _decoded(content, str(part.get_content_charset() or ""))
    raise unreadable(ReasonCode.DAMAGED)


def _best_reading(markup: str, clock: Clock) -> DocumentBuilder:
    whole = _blocks_of(markup, INVISIBLE | _AROUND, clock)
    if not whole.chars:
        return _blocks_of(markup, INVISIBLE, clock)
    if len(markup) > _EXTRACTED_CHARS or clock.is_late() or not _SIGNS_OF_AROUND.search(markup):
        return whole
    if _nesting(markup) > _DEEPEST_NESTING:
        return whole
    extracted = _extracted(markup, clock)
    if extracted is None:
        return whole
    article = _blocks_of(extracted, INVISIBLE, clock)
    if article.chars < whole.chars * _LEAST_SHARE:
        return whole
    article.title = whole.title
    return article


def _blocks_of(markup: str, skipped: frozenset[str], clock: Clock) -> DocumentBuilder:
    builder = DocumentBuilder(NoteFormat.HTML)
    blocks = HtmlBlocks(builder, skipped)
    if not blocks.read(markup, clock):
        builder.add_notice(ReasonCode.PARTIAL.value)
    builder.title = blocks.title
    return builder


def _nesting(markup: str) -> int:
    """Depth of nesting, roughly: tags opened less tags closed. The extraction library recurses."""
    depth = deepest = 0
    for found in re.finditer(
        r"<(/?)(?:div|span|p|ul|ol|li|table|tr|td|section|article|b|i|font|a|blockquote)\b", markup
    ):
        depth += -1 if found.group(1) else 1
        deepest = max(deepest, depth)
    return deepest


def _extracted(markup: str, clock: Clock) -> str | None:
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        import trafilatura

        with time_box(clock.left_s() * 0.7):
            found = trafilatura.extract(
                markup,
                output_format="html",
                include_formatting=True,
                include_links=True,
                include_tables=True,
                include_images=True,
                include_comments=False,
                favor_recall=True,
            )
    except TimeBoxExpired:
        return None
    except Exception as error:  # noqa: BLE001 (a worker boundary: any failure of the library means "read the page as it is")
        log.info("extraction failed: %s", type(error).__name__)
        return None
    return found or None
