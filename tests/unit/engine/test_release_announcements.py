"""What is asked, how little is said in asking, and what is made of whatever comes back."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator

import pytest

from assistant.engine.release_process import LIMIT_BYTES, MOST_NOTES_CHARS, Announced, Asked, ask_in_time, understood
from tests.unit.engine.announcing import FORGE, OWN, Place, announcing_place


@pytest.fixture
def place(loopback: None) -> Iterator[Place]:
    with announcing_place() as made:
        yield made


def ask(address: str, limit_s: float = 20.0) -> Announced:
    announced = ask_in_time(Asked(address, limit_s), None)
    assert announced is not None
    return announced


# ---- asking ----------------------------------------------------------------------------------------------------------


def test_nothing_is_sent_but_the_request_for_the_page(place: Place) -> None:
    assert ask(place.address).version == "9.1"
    ((path, headers),) = place.asked
    assert path == "/latest"
    assert headers == {
        "Host": place.address.split("/")[2],
        "User-Agent": "elephant",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }


@pytest.mark.parametrize("shape", [OWN, FORGE])
def test_both_shapes_are_understood(place: Place, shape: dict[str, object]) -> None:
    place.data = json.dumps(shape).encode()
    page = str(shape.get("page") or shape["html_url"])
    assert ask(place.address) == Announced("", "9.1", page, "Faster.\nQuieter.")


@pytest.mark.parametrize(
    ("status", "reason"), [(404, "not-found"), (410, "not-found"), (403, "refused"), (500, "refused")]
)
def test_a_place_that_refuses_is_asked_once_and_told_of(place: Place, status: int, reason: str) -> None:
    place.status = status
    assert ask(place.address) == Announced(reason)
    assert len(place.asked) == 1


def test_an_answer_without_a_page_is_no_announcement(place: Place) -> None:
    place.status, place.data = 204, b""
    assert ask(place.address) == Announced("refused")


@pytest.mark.parametrize("says_length", [True, False])
def test_a_huge_answer_is_not_taken_in(place: Place, *, says_length: bool) -> None:
    place.says_length = says_length
    place.data = json.dumps({**OWN, "notes": "x" * LIMIT_BYTES}).encode()
    assert ask(place.address) == Announced("too-large")


def test_the_largest_answer_that_is_allowed_is_understood(place: Place) -> None:
    room = LIMIT_BYTES - len(json.dumps({**OWN, "notes": ""}))
    place.data = json.dumps({**OWN, "notes": "x" * room}).encode()
    assert len(place.data) == LIMIT_BYTES
    assert ask(place.address).version == "9.1"


def test_a_place_that_never_answers_keeps_nobody(place: Place) -> None:
    place.is_silent = True
    assert ask(place.address, limit_s=0.5) == Announced("slow")


def test_an_answer_that_comes_drop_by_drop_keeps_nobody_either(place: Place) -> None:
    """Each drop comes in time; all of it does not."""
    place.drops, place.says_length = True, False
    assert ask(place.address, limit_s=0.5) == Announced("slow")


def test_a_page_that_has_moved_within_its_host_is_followed(place: Place) -> None:
    place.redirects["/latest"] = "/newest"
    assert ask(place.address).version == "9.1"
    assert [path for path, _headers in place.asked] == ["/latest", "/newest"]
    assert "Cookie" not in place.asked[1][1]


def test_a_page_that_has_moved_in_a_circle_is_given_up(place: Place) -> None:
    place.redirects["/latest"] = "/latest"
    assert ask(place.address) == Announced("elsewhere")


@pytest.mark.parametrize(
    "where",
    ["http://localhost:{port}/x", "http://127.0.0.1:{other}/x", "https://elsewhere.example/x", "file:///etc/passwd"],
)
def test_no_other_place_is_asked(place: Place, where: str) -> None:
    with announcing_place() as other:
        port = place.server_address[1]
        place.redirects["/latest"] = where.format(port=port, other=other.server_address[1])
        assert ask(place.address) == Announced("elsewhere")
        assert other.asked == []
    assert len(place.asked) == 1


def test_nobody_there(loopback: None) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/latest"
        assert ask(address) == Announced("no-network")


def test_a_name_that_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up(*_arguments: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "not known")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    assert ask("https://releases.invalid/latest") == Announced("no-network")


def test_a_place_that_only_says_it_is_safe(place: Place) -> None:
    assert ask(place.address.replace("http:", "https:")) == Announced("unsafe")


def test_what_breaks_off_is_not_believed(place: Place) -> None:
    place.data = json.dumps(OWN).encode()[:-5]
    assert ask(place.address) == Announced("garbled")


# ---- what came -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html><title>Sign in to the hotel</title></html>",
        b"[]",
        b"null",
        b"{}",
        b'"9.1"',
        b"\xff\xfe{}",
        b'{"version": "9.1"}',
        b'{"version": "9.1", "page": 5}',
        b'{"version": 9.1, "page": "https://a.example"}',
        b'{"version": "9.1", "page": null}',
        b'{"version": "", "page": "https://a.example"}',
        b'{"version": "9.1", "page": "http://a.example"}',
        b'{"version": "9.1", "page": "javascript:alert(1)"}',
        b'{"version": "9.1", "page": "file:///etc/passwd"}',
        b'{"version": "9.1", "page": "https://known.example@evil.example"}',
        b'{"version": "9.1", "page": "https://a.example/ b"}',
        b'{"version": "9.1", "page": "https://a.example\\\\b"}',
        b'{"version": "9.1", "page": "https://[a.example"}',
        b'{"version": "9.1", "page": "https://a.example/\\u202eb"}',
        b'{"version": "9.1", "page": "https://a.example", "notes": ["x"]}',
        b'{"tag_name": "v9.1", "html_url": ""}',
        json.dumps({"version": "9" * 61, "page": "https://a.example"}).encode(),
        json.dumps({"version": "9.1", "page": "https://a.example/" + "x" * 2_000}).encode(),
        b'{"version": "9.1", "page": "https://a.example", "more": ' + b"[" * 9_000 + b"]" * 9_000 + b"}",
        b"[" * 60_000,
    ],
)  # fmt: skip
def test_what_is_no_announcement_is_told_as_such(data: bytes) -> None:
    assert understood(data) == Announced("garbled")


@pytest.mark.parametrize(
    ("tag", "version"),
    [
        ("9.1", "9.1"),
        ("v9.1", "9.1"),
        ("V9.1.2", "9.1.2"),
        ("elephant-9.1", "9.1"),
        ("release/v9.1rc2", "9.1rc2"),
        (" 9.1\n", "9.1"),
        ("9\u202e.1", "9.1"),
    ],
)
def test_the_version_is_found_in_a_tag(tag: str, version: str) -> None:
    assert understood(json.dumps({**FORGE, "tag_name": tag}).encode()).version == version


@pytest.mark.parametrize("mark", ["prerelease", "draft"])
def test_what_a_forge_calls_a_trial_is_one(mark: str) -> None:
    assert understood(json.dumps({**FORGE, mark: True}).encode()).is_trial
    assert not understood(json.dumps({**FORGE, mark: None}).encode()).is_trial


@pytest.mark.parametrize("notes", [None, "", "  \n"])
def test_an_announcement_without_notes_has_none(notes: str | None) -> None:
    assert understood(json.dumps({**OWN, "notes": notes}).encode()).notes == ""
    assert understood(json.dumps({**FORGE, "body": notes}).encode()).notes == ""


def test_notes_hold_nothing_that_a_terminal_obeys_or_nobody_sees() -> None:
    notes = "One\r\ntwo\rthree\u2028four \x1b[31mred\x07 \u202egnp.exe\u200b <b>&amp;</b>"
    found = understood(json.dumps({**OWN, "notes": notes}).encode()).notes
    assert found == "One\ntwo\nthree\nfour [31mred gnp.exe <b>&amp;</b>"


def test_notes_are_cut_where_nobody_reads_on() -> None:
    found = understood(json.dumps({**OWN, "notes": "very long " * 3_000}).encode()).notes
    assert len(found) <= MOST_NOTES_CHARS + 1
    assert found.endswith("…")


def test_half_a_character_does_not_stop_the_answer_from_being_told() -> None:
    import msgspec

    found = understood(b'{"version": "9.1", "page": "https://a.example", "notes": "a \\ud83d b"}')
    assert msgspec.json.decode(msgspec.json.encode(found), type=Announced) == found
