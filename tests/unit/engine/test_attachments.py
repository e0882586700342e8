"""Pictures are looked for beside the note first, then where note programs keep them, and never above the notes."""

from __future__ import annotations

import pytest

from assistant.engine.attachments import image_targets


def test_a_picture_by_its_name_is_looked_for_nearest_first():
    places = list(image_targets("Travel/Lisbon/Day one.md", "map.png"))
    assert places[:3] == ["map.png", "/Travel/Lisbon/map.png", "/Travel/Lisbon/attachments/map.png"]
    assert places.index("/Travel/attachments/map.png") < places.index("/attachments/map.png")
    assert "/附件/map.png" in places


def test_a_path_is_taken_from_every_folder_above_the_note():
    assert list(image_targets("a/b.md", "pics/map.png")) == ["pics/map.png", "/a/pics/map.png", "/pics/map.png"]


@pytest.mark.parametrize("target", ["/map.png", "../map.png", "pics/../../map.png", "..\\map.png"])
def test_a_path_that_says_where_it_begins_is_taken_as_it_is(target: str):
    assert list(image_targets("a/b.md", target)) == [target]
