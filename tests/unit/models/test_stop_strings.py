"""Stop strings end a stream exactly, however the text is cut into pieces."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.models.stop_text import StopText


def _run(stops: list[str], pieces: list[str]) -> tuple[str, bool]:
    stop = StopText(stops)
    shown = "".join(stop.feed(piece) for piece in pieces)
    return shown + stop.flush(), stop.found


def test_a_stop_across_pieces_is_never_shown() -> None:
    assert _run(["\nUser:"], ["Yes.", "\nUs", "er", ": more"]) == ("Yes.", True)


def test_a_beginning_that_comes_to_nothing_is_shown() -> None:
    assert _run(["STOP"], ["a ST", "ART"]) == ("a START", False)


def test_nothing_follows_a_stop() -> None:
    stop = StopText(["X"])
    assert stop.feed("aXb") == "a"
    assert stop.feed("c") + stop.flush() == ""


@given(st.lists(st.text("abX", max_size=5), max_size=8), st.lists(st.text("abX", min_size=1, max_size=3), max_size=3))
def test_any_cutting_shows_what_stands_before_the_first_stop(pieces: list[str], stops: list[str]) -> None:
    text = "".join(pieces)
    shown, found = _run(stops, pieces)
    places = [place for place in (text.find(stop) for stop in stops) if place >= 0]
    assert found == bool(places)
    if not places:
        assert shown == text
    else:
        assert text.startswith(shown)
        assert not any(stop in shown for stop in stops)
