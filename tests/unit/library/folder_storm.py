"""Random but repeatable things that happen to a folder of notes. A seed is all that is needed to see a failure again."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

_FOLDERS = ("", "work", "work/2024", "journal", "旅行", "journal/old")
_MOST_NOTES = 150
_WORDS = ("elephant", "river", "大象", "记忆", "archive", "budget", "winter", "recipe", "水源", "harbour")


class Storm:
    """Edits, renames, moves, deletes and creates notes below `root`."""

    def __init__(self, root: Path, seed: int) -> None:
        self._root = root
        self._random = random.Random(seed)
        self._number = 0

    def blow(self, times: int) -> None:
        for _ in range(times):
            if len(self.notes()) > _MOST_NOTES:  # a small folder meets itself more often
                self._delete()
                continue
            self._random.choice(
                (
                    self._create,
                    self._create,
                    self._edit,
                    self._edit,
                    self._append,
                    self._rename,
                    self._move,
                    self._delete,
                    self._copy,
                    self._swap,
                    self._save_atomically,
                    self._touch,
                    self._empty,
                    self._rename_folder,
                    self._replace_by_folder,
                )
            )()

    def notes(self) -> list[Path]:
        return sorted(path for path in self._root.rglob("*.md") if path.is_file())

    def _some(self) -> Path | None:
        notes = self.notes()
        return self._random.choice(notes) if notes else None

    def _fresh(self) -> Path:
        self._number += 1
        folder = self._root / self._random.choice(_FOLDERS)
        if not _make(folder):
            folder = self._root
        return folder / f"note {self._number} {self._random.choice(_WORDS)}.md"

    def _text(self) -> str:
        title = (
            f"# {self._random.choice(_WORDS)} {self._random.randrange(1000)}\n\n" if self._random.random() < 0.5 else ""
        )
        return title + "\n\n".join(self._paragraph() for _ in range(self._random.randrange(1, 8)))

    def _paragraph(self) -> str:
        return " ".join(self._random.choice(_WORDS) for _ in range(self._random.randrange(2, 12)))

    def _create(self) -> None:
        self._fresh().write_text(self._text(), "utf-8")

    def _edit(self) -> None:
        if (note := self._some()) is not None:
            parts = note.read_text("utf-8").split("\n\n")
            parts[self._random.randrange(len(parts))] = self._paragraph()
            if self._random.random() < 0.3:
                parts.insert(self._random.randrange(len(parts) + 1), self._paragraph())
            note.write_text("\n\n".join(parts), "utf-8")

    def _append(self) -> None:
        if (note := self._some()) is not None:
            with note.open("a", encoding="utf-8") as file:
                file.write("\n\n" + self._paragraph())

    def _rename(self) -> None:
        if (note := self._some()) is not None:
            self._number += 1
            note.rename(note.with_name(f"renamed {self._number}.md"))

    def _move(self) -> None:
        if (note := self._some()) is not None:
            note.replace(self._fresh())

    def _delete(self) -> None:
        if (note := self._some()) is not None:
            note.unlink()

    def _copy(self) -> None:
        if (note := self._some()) is not None:
            shutil.copyfile(note, self._fresh())

    def _swap(self) -> None:
        one, two = self._some(), self._some()
        if one is not None and two is not None and one != two:
            aside = self._root / "swap.tmp"
            one.rename(aside)
            two.rename(one)
            aside.rename(two)

    def _save_atomically(self) -> None:
        if (note := self._some()) is not None:
            fresh = note.with_name(note.name + ".tmp")
            fresh.write_text(self._text(), "utf-8")
            fresh.replace(note)

    def _touch(self) -> None:
        if (note := self._some()) is not None:
            os.utime(note, (self._random.randrange(10**9), self._random.randrange(10**9)))

    def _empty(self) -> None:
        if (note := self._some()) is not None:
            note.write_bytes(b"")

    def _rename_folder(self) -> None:
        folders = sorted(path for path in self._root.iterdir() if path.is_dir())
        if folders:
            self._number += 1
            self._random.choice(folders).rename(self._root / f"folder {self._number}")

    def _replace_by_folder(self) -> None:
        """A folder where a note was, under the same name."""
        note = self._some()
        if note is not None and self._random.random() < 0.3:
            note.unlink()
            note.mkdir()
            (note / "inside.md").write_text(self._text(), "utf-8")


def _make(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        return False
    return True
