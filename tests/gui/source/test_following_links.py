"""Links between notes, the way back, what leads to a note and what is like it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fake_engine import FakeLink, passage
from note_making import Piece, make_citation, make_document
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDesktopServices, QTextCharFormat, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from assistant.desktop.common.links import LinkQuestion
from assistant.desktop.source.source_asked import note_source
from assistant.desktop.source.source_below import Lists
from assistant.desktop.source.source_links import heading_place
from assistant.desktop.source.source_pane import SourcePane
from assistant.domain.documents import BlockKind, Document, SpanKind
from assistant.domain.errors import InternalError
from assistant.domain.reading import Backlink, LinkPlace, RelatedNote
from assistant.ipc import engine_messages as m
from assistant.ipc.source_messages import FindBacklinks, FindRelated, LinksResolved, ResolveLinks

NOTE, OTHER = "Travel/Lisbon.md", "Travel/Packing.md"
LINKS = make_document(
    Piece(
        BlockKind.PARAGRAPH,
        "See the packing list, a lost note and the site.",
        spans=(
            (SpanKind.WIKILINK, "packing list", "Packing#Clothes"),
            (SpanKind.WIKILINK, "lost note", "Lost note"),
            (SpanKind.LINK, "the site", "http://example.org/"),
        ),
    ),
    *(Piece(BlockKind.PARAGRAPH, f"Line {n} of the trip.") for n in range(80)),
)
PACKING = make_document(
    Piece(BlockKind.HEADING, "Papers", level=1),
    *(Piece(BlockKind.PARAGRAPH, f"Paper {n}.") for n in range(60)),
    Piece(BlockKind.HEADING, "Clothes", level=1),
    *(Piece(BlockKind.PARAGRAPH, f"Shirt {n}.") for n in range(60)),
)


@pytest.fixture
def pane(in_window, ready_client, theme, link: FakeLink) -> SourcePane:
    link.documents = {NOTE: LINKS, OTHER: PACKING}
    link.link_places = {"Packing#Clothes": LinkPlace("Packing#Clothes", 1, OTHER, "Clothes")}
    return in_window(SourcePane(ready_client, theme), 430, 700)


def open_note(qtbot, pane: SourcePane, note: str = NOTE) -> None:
    with qtbot.waitSignal(pane.shown):
        pane.show_source(note_source(1, note))
    qtbot.waitUntil(lambda: not pane.view.is_growing)


def format_of(pane: SourcePane, words: str) -> QTextCharFormat:
    cursor = pane.view.document().find(words)
    assert isinstance(cursor, QTextCursor) and not cursor.isNull()
    return cursor.charFormat()


def follow(qtbot, pane: SourcePane, words: str) -> None:
    """Click the words as a reader does."""
    cursor = pane.view.document().find(words)
    cursor.setPosition(cursor.selectionStart() + 2)
    qtbot.mouseClick(pane.view.viewport(), Qt.MouseButton.LeftButton, pos=pane.view.cursorRect(cursor).center())


def top_line(pane: SourcePane) -> str:
    return pane.view.document().findBlock(pane.view.cursorForPosition(QPoint(40, 30)).position()).text()


def test_a_link_to_a_note_opens_it_at_the_heading(pane, qtbot):
    open_note(qtbot, pane)
    with qtbot.waitSignal(pane.shown):
        follow(qtbot, pane, "packing list")
    assert pane.breadcrumb() == "Travel › Packing.md"
    qtbot.waitUntil(lambda: top_line(pane) == "Clothes")


def test_a_link_to_nothing_looks_and_says_so(pane, qtbot, link, theme):
    open_note(qtbot, pane)
    qtbot.waitUntil(lambda: format_of(pane, "lost note").foreground().color() == theme.color("soft"))
    assert format_of(pane, "lost note").underlineStyle() == QTextCharFormat.UnderlineStyle.DotLine
    assert format_of(pane, "packing list").foreground().color() == theme.color("accent")
    assert pane.view.hint_for("link:1") == "No note in your folders is called “Lost note”."
    assert pane.view.hint_for("link:0") == "Travel/Packing.md › Clothes"
    opened = len(link.sent_of(m.OpenSource))
    follow(qtbot, pane, "lost note")
    assert "leads to nothing" in pane.notice() and "Lost note" in pane.notice()
    assert len(link.sent_of(m.OpenSource)) == opened


def test_a_link_to_nothing_keeps_its_look_in_another_theme(pane, qtbot, theme):
    open_note(qtbot, pane)
    theme.choose("dark", 1.0)
    qtbot.waitUntil(lambda: format_of(pane, "lost note").foreground().color() == theme.color("soft"))


def test_links_that_lead_out_are_asked_about_and_never_told_to_the_engine(pane, qtbot, link, monkeypatch):
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _: pytest.fail("opened"))
    open_note(qtbot, pane)
    assert link.sent_of(ResolveLinks)[-1].targets == ("Packing#Clothes", "Lost note")
    follow(qtbot, pane, "the site")
    question = pane.findChild(LinkQuestion)
    assert question.shown.toPlainText() == "http://example.org/"
    question.close()


def test_a_link_that_is_followed_at_once_waits_for_the_engine(pane, qtbot, link):
    link.held.add(ResolveLinks)
    open_note(qtbot, pane)
    follow(qtbot, pane, "packing list")
    assert pane.breadcrumb() == "Travel › Lisbon.md"
    with qtbot.waitSignal(pane.shown):
        link.answer(
            link.last_id(ResolveLinks), LinksResolved((LinkPlace("Packing#Clothes", 1, OTHER), LinkPlace("Lost note")))
        )
    assert pane.breadcrumb() == "Travel › Packing.md"


def test_a_heading_that_is_gone_is_said_to_be(pane, qtbot, link):
    link.link_places = {"Packing#Clothes": LinkPlace("Packing#Clothes", 1, OTHER, "Shoes")}
    open_note(qtbot, pane)
    qtbot.waitUntil(lambda: bool(pane.links.places))
    with qtbot.waitSignal(pane.shown):
        follow(qtbot, pane, "packing list")
    assert pane.notice() == "This note has no heading “Shoes”."


@pytest.mark.parametrize(
    ("heading", "found"),
    [
        ("第二天 早上", "第二天 早上"),
        ("Day one: Lisbon!", "Day One: Lisbon"),
        ("day-one-lisbon", "Day One: Lisbon"),
        ("Nothing", None),
    ],
)
def test_headings_are_found_as_people_and_addresses_spell_them(heading: str, found: str | None):
    document = make_document(
        Piece(BlockKind.HEADING, "Day One: Lisbon"),
        Piece(BlockKind.PARAGRAPH, "x"),
        Piece(BlockKind.HEADING, "第二天 早上"),
    )
    place = heading_place(document, heading)
    assert (None if place is None else document.text[place:].split("\n")[0]) == found


def test_of_two_headings_of_one_name_the_one_below_the_named_part_is_meant():
    words = ["Monday", "Plan", "Tuesday", "Plan"]
    document = make_document(*(Piece(BlockKind.HEADING, word) for word in words))
    assert heading_place(document, "Tuesday#Plan") == document.text.rindex("Plan")
    assert heading_place(document, "Plan") == document.text.index("Plan")


# ---- back and forward ----------------------------------------------------------------------------------------------------


def scrolled(qtbot, pane: SourcePane, offset_of: str) -> None:
    document: Document = pane._opened.document
    pane.view.go_to(document.text.index(offset_of))
    pane.view.verticalScrollBar().triggerAction(pane.view.verticalScrollBar().SliderAction.SliderSingleStepAdd)


def test_the_way_back_leads_to_the_place_in_the_note(pane, qtbot):
    open_note(qtbot, pane)
    assert not pane._head.back.isVisible()
    scrolled(qtbot, pane, "Line 40 ")
    before = top_line(pane)
    open_note(qtbot, pane, OTHER)
    with qtbot.waitSignal(pane.shown):
        pane._head.back.click()
    assert pane.breadcrumb() == "Travel › Lisbon.md"
    qtbot.waitUntil(lambda: not pane.view.is_growing)
    assert abs(int(top_line(pane).split()[1]) - int(before.split()[1])) <= 1
    assert not pane._head.back.isEnabled() and pane._head.forward.isEnabled()
    with qtbot.waitSignal(pane.shown):
        pane._head.forward.click()
    assert pane.breadcrumb() == "Travel › Packing.md"


def test_keys_and_mouse_buttons_lead_back_and_forward(pane, qtbot):
    open_note(qtbot, pane)
    open_note(qtbot, pane, OTHER)
    pane.window().activateWindow()
    pane.view.setFocus()
    qtbot.waitUntil(pane.view.hasFocus)
    with qtbot.waitSignal(pane.shown):
        qtbot.keyClick(pane.view, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert pane.breadcrumb() == "Travel › Lisbon.md"
    with qtbot.waitSignal(pane.shown):
        qtbot.keyClick(pane.view, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert pane.breadcrumb() == "Travel › Packing.md"
    with qtbot.waitSignal(pane.shown):
        QTest.mouseClick(pane.view.viewport(), Qt.MouseButton.BackButton)
    assert pane.breadcrumb() == "Travel › Lisbon.md"
    with qtbot.waitSignal(pane.shown):
        QTest.mouseClick(pane.view.viewport(), Qt.MouseButton.ForwardButton)
    assert pane.breadcrumb() == "Travel › Packing.md"


def test_a_new_note_drops_what_lay_ahead_and_the_same_place_is_no_step(pane, qtbot):
    open_note(qtbot, pane)
    open_note(qtbot, pane, OTHER)
    open_note(qtbot, pane, OTHER)
    with qtbot.waitSignal(pane.shown):
        pane.go(-1)
    assert pane.breadcrumb() == "Travel › Lisbon.md"
    with qtbot.waitSignal(pane.shown):
        pane.show_source(make_citation(LINKS, "Line 3 of the trip."))
    assert not pane.history.can_go_forward
    pane.go(1)
    assert pane.breadcrumb() == "Travel › Lisbon.md"


# ---- below the note ------------------------------------------------------------------------------------------------------

SENTENCE = "Take what the Lisbon list says."
BACKLINK = Backlink(passage(SENTENCE, "Plans/Spring.md", 40), (14, 25), 2)
RELATED = RelatedNote(passage("Porto has port wine.", "Travel/Porto.md"), passage("Lisbon has tiles.", NOTE))


def test_what_links_to_the_note_is_told_with_its_sentence(pane, qtbot, link):
    link.backlinks = {NOTE: (BACKLINK,)}
    open_note(qtbot, pane)
    qtbot.waitUntil(lambda: len(pane.related.rows) == 1)
    (row,) = pane.related.rows
    assert pane.related.shown is Lists.BACKLINKS
    assert pane.related.tab(Lists.BACKLINKS).text() == "Linked from · 1"
    assert SENTENCE in row.accessibleName() and "Spring.md" in row.accessibleName()
    with qtbot.waitSignal(pane.shown):
        qtbot.mouseClick(row, Qt.MouseButton.LeftButton)
    assert link.sent_of(m.OpenSource)[-1].quote == SENTENCE


def test_related_notes_say_why(pane, qtbot, link):
    link.backlinks = {NOTE: (BACKLINK,)}
    link.related = {NOTE: (RELATED,)}
    open_note(qtbot, pane)
    qtbot.waitUntil(lambda: pane.related.tab(Lists.RELATED).isVisible())
    qtbot.mouseClick(pane.related.tab(Lists.RELATED), Qt.MouseButton.LeftButton)
    (row,) = pane.related.rows
    assert row.words == "Porto has port wine."
    assert row.second == "Like here: “Lisbon has tiles.”"


def test_related_notes_that_share_words_tell_them(pane, qtbot, link):
    link.related = {NOTE: (replace(RELATED, shared=("tiles", "wine")),)}
    open_note(qtbot, pane)
    qtbot.waitUntil(lambda: len(pane.related.rows) == 1)
    assert pane.related.rows[0].second == "Words in both: tiles · wine"
    assert "Words in both: tiles · wine" in pane.related.rows[0].accessibleName()


def test_a_note_that_nothing_leads_to_has_nothing_below(pane, qtbot, link):
    link.related = {NOTE: (RELATED,)}
    open_note(qtbot, pane)
    qtbot.waitUntil(lambda: len(pane.related.rows) == 1)
    open_note(qtbot, pane, OTHER)
    assert pane.related.rows == () and not pane.related.isVisible()


def test_what_comes_late_for_another_note_is_not_shown(pane, qtbot, link):
    link.held |= {FindBacklinks, FindRelated}
    open_note(qtbot, pane)
    late = link.last_id(FindBacklinks)
    open_note(qtbot, pane, OTHER)
    assert late in link.cancelled


def test_another_place_of_the_same_note_asks_nothing_again(pane, qtbot, link):
    open_note(qtbot, pane)
    with qtbot.waitSignal(pane.shown):
        pane.show_source(make_citation(LINKS, "Line 3 of the trip."))
    assert len(link.sent_of(FindRelated)) == 1


def test_every_control_below_and_above_has_a_name(pane, qtbot, link):
    link.backlinks, link.related = {NOTE: (BACKLINK,)}, {NOTE: (RELATED,)}
    open_note(qtbot, pane, OTHER)
    open_note(qtbot, pane)
    qtbot.waitUntil(lambda: pane.related.tab(Lists.RELATED).isVisible())
    shown = [one for one in pane.findChildren(QAbstractButton) if one.isVisibleTo(pane)]
    assert [one for one in shown if not (one.accessibleName() or one.text())] == []


def test_a_link_that_could_not_be_looked_up_is_not_said_to_lead_to_nothing(pane, qtbot, ready_client, link: FakeLink):
    link.errors[ResolveLinks] = InternalError(where="links")
    open_note(qtbot, pane)
    qtbot.waitUntil(lambda: not ready_client.is_waiting)
    with qtbot.waitSignal(pane.links.failed) as told:
        follow(qtbot, pane, "packing list")
    assert told.args[0].startswith("Where this link leads could not be found out.")
    assert "leads to nothing" not in pane.notice()
    link.errors.clear()
    with qtbot.waitSignal(pane.shown):
        follow(qtbot, pane, "packing list")
    assert pane.breadcrumb() == "Travel › Packing.md"


def test_links_are_looked_up_again_by_an_engine_that_was_restarted(pane, qtbot, ready_client, link: FakeLink, theme):
    link.errors[ResolveLinks] = InternalError(where="links")
    open_note(qtbot, pane)
    qtbot.waitUntil(lambda: not ready_client.is_waiting)
    link.errors.clear()
    with qtbot.waitSignal(pane.links.known):
        ready_client.say_hello()
    assert format_of(pane, "packing list").foreground().color() == theme.color("accent")
    ready_client.say_hello()
    assert len(link.sent_of(ResolveLinks)) == 2, "what is known is not asked for again"
