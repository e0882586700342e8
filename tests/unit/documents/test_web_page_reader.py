"""Saved pages: the article without what stands around it, and everything where there is nothing around."""

from __future__ import annotations

import pytest

from assistant.documents.html_tokens import EndTag, StartTag, html_tokens
from assistant.documents.limits import ReaderLimits
from assistant.documents.web_page import read_web_page
from assistant.domain.documents import BlockKind, Document, SpanKind
from assistant.domain.errors import NoteUnreadableError

ARTICLE = "<p>" + "The river rose in the night and the bridge was closed to all traffic until noon. " * 6 + "</p>"


def read(markup: str | bytes, suffix: str = ".html") -> Document:
    data = markup.encode() if isinstance(markup, str) else markup
    return read_web_page(data, ReaderLimits(), suffix)


def blocks(document: Document) -> list[tuple[str, str]]:
    return [(block.kind.value, document.text[block.start : block.end]) for block in document.blocks]


def test_structure_of_a_page_is_kept() -> None:
    document = read(
        "<title>A page</title><h1>Head</h1><p>One <b>bold</b><ul><li>a<li>b</ul><table><tr><th>x<th>y<tr><td>1<td>2</table>"
        "<pre><code class='language-sh'>ls  -l\ncd</code></pre><blockquote>said</blockquote><hr><ol start=3><li>c</ol>"
    )
    assert blocks(document) == [
        ("heading", "Head"),
        ("paragraph", "One bold"),
        ("list-item", "a"),
        ("list-item", "b"),
        ("table-row", "x | y"),
        ("table-row", "1 | 2"),
        ("code", "ls  -l\ncd"),
        ("quote", "said"),
        ("rule", ""),
        ("list-item", "c"),
    ]
    assert document.title == "A page"
    assert document.blocks[-1].marker == "3."
    assert document.blocks[6].language == "sh"


def test_menus_and_footers_of_a_page_are_left_out() -> None:
    document = read(
        f"<nav><a href=/>Home</a> <a href=/about>About us</a></nav><article><h1>Flood</h1>{ARTICLE * 3}</article>"
        "<div class='sidebar'>Subscribe to our newsletter</div><footer>Copyright and cookies</footer>"
    )
    assert "The river rose" in document.text
    assert not {"About us", "Copyright"} & set(document.text.split("\n"))
    assert "Copyright" not in document.text


def test_a_page_the_extraction_would_empty_is_kept_whole() -> None:
    rows = "".join(f"<li>short note number {number}</li>" for number in range(40))
    document = read(f"<nav>menu</nav><ul>{rows}</ul>")
    assert sum(kind == "list-item" for kind, _ in blocks(document)) == 40


def test_scripts_styles_and_hidden_parts_are_no_text() -> None:
    document = read(
        "<style>p{}</style><script>var x='<p>no</p>';</script><p>yes</p><p hidden>no</p><div style='display: none'>no</div>"
        "<noscript>no</noscript><template>no</template>"
    )
    assert document.text == "yes"


def test_a_layout_table_is_read_as_blocks() -> None:
    document = read("<table><tr><td><h2>News</h2><p>First.</p><td><table><tr><td>a<td>b</table></table>")
    assert blocks(document) == [("heading", "News"), ("paragraph", "First."), ("table-row", "a | b")]


def test_a_declared_encoding_is_used() -> None:
    page = '<meta charset="gb2312"><p>今天下雨，我们没有出门。朱镕基</p>'
    document = read(page.encode("gb18030"))
    assert document.text == "今天下雨，我们没有出门。朱镕基"
    assert document.encoding == "gb18030"


def test_a_web_archive_gives_its_page() -> None:
    archive = (
        "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=B\r\n\r\n--B\r\n"
        "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        "<p>Caf=C3=A9 news</p>\r\n--B\r\nContent-Type: image/png\r\n\r\nxx\r\n--B--\r\n"
    )
    assert read(archive.encode(), ".mht").text == "Café news"


def test_links_and_pictures_keep_their_targets_and_nothing_is_opened() -> None:
    document = read("<a href='http://127.0.0.1:9/x'>link</a> <img src='//127.0.0.1:9/y.png' alt='a cat'>")
    found = [(s.kind, document.text[s.start : s.end], s.target) for s in document.spans]
    assert found == [(SpanKind.LINK, "link", "http://127.0.0.1:9/x"), (SpanKind.IMAGE, "a cat", "//127.0.0.1:9/y.png")]


@pytest.mark.parametrize(("markup", "reason"), [("  ", "empty"), ("<p> </p>", "no-text"), ("<img src=x>", "no-text")])
def test_pages_without_words_say_so(markup: str, reason: str) -> None:
    with pytest.raises(NoteUnreadableError) as caught:
        read(markup)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "unit",
    [
        "<", "<a", "<!--", "&", '<a b="', "<![CDATA[", "</", "<div class=", "<td>x<table>", "<ul><li>x", "<b>x", "<?",
        "<script>", "<meta ", "<div>", "<p><font><i>", "</script", "<a b='c\">", "<svg>", "<pre>x",
    ],
)  # fmt: skip
def test_hostile_repetition_costs_no_more_than_its_length(unit: str) -> None:
    # Quadratic work on this much would run into the time limit of the test.
    assert read("<p>before</p><nav>x</nav>" + unit * (60_000 // len(unit))).text.startswith("before")


def test_tokens_are_tags_and_text_in_order() -> None:
    markup = '<!DOCTYPE html><P Class="a b" id=x>1 &lt; 2<br/></p><!-- no --><script>if (a<b) {}</script>end <3'
    assert list(html_tokens(markup)) == [
        StartTag("p", {"class": "a b", "id": "x"}),
        "1 < 2",
        StartTag("br"),
        EndTag("p"),
        StartTag("script"),
        "if (a<b) {}",
        EndTag("script"),
        "end <3",
    ]


def test_quoted_attributes_may_hold_a_greater_than_sign() -> None:
    assert list(html_tokens("<a title='x > y' href=\"z\">t</a>")) == [
        StartTag("a", {"title": "x > y", "href": "z"}),
        "t",
        EndTag("a"),
    ]


def test_heading_levels_give_paths() -> None:
    document = read("<h1>A</h1><h3>B</h3><p>x</p><h2>C</h2><p>y</p>")
    assert [b.heading_path for b in document.blocks if b.kind is BlockKind.PARAGRAPH] == [("A", "B"), ("A", "C")]
