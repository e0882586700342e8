"""Random but repeatable things that happen to a folder of notes. A seed is all that is needed to see a failure again."""

from __future__ import annotations

import os
import random
import shutil
import sys
from pathlib import Path

_FOLDERS = ("", "work", "work/2024", "journal", "旅行", "journal/old")
_MOST_NOTES = 120
_MOST_FOLDERS = 25
_WORDS = ("elephant", "river", "大象", "记忆", "archive", "budget", "winter", "recipe", "水源", "harbour")


class Storm:
    """Edits, renames, moves, deletes and creates notes below `root`."""

    def __init__(self, root: Path, seed: int) -> None:
        self._root = root
        self._random = random.Random(seed)
        self._number = 0
        self._notes: list[str] = []
        self._folders: list[str] = []
        self.secret_edits = 0

    def blow(self, times: int) -> None:
        for _ in range(times):
            self._look()
            if len(self._notes) > _MOST_NOTES:  # a small folder meets itself more often
                self._delete()
                continue
            if len(self._folders) > _MOST_FOLDERS:
                self._delete_folder()
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
                    self._move_folder,
                    self._hide_or_show_folder,
                    self._edit_to_same_size,
                    self._edit_in_secret,
                    self._save_like_vim,
                    self._truncate_and_write,
                    self._change_case,
                    self._recreate_in_other_case,
                    self._change_mode,
                    self._hard_link,
                    self._symbolic_link,
                    self._odd_file,
                )
            )()

    def _look(self) -> None:
        """All notes and folders there are now, in an order that depends on nothing but their names."""
        self._notes, self._folders = [], []
        waiting = [str(self._root)]
        while waiting:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                        self._folders.append(entry.path)
                    elif entry.name.lower().endswith(".md") and entry.is_file(follow_symlinks=False):
                        self._notes.append(entry.path)
        self._notes.sort()
        self._folders.sort()

    def _some(self) -> Path | None:
        return Path(self._random.choice(self._notes)) if self._notes else None

    def _fresh(self) -> Path:
        self._number += 1
        folder = self._root / self._random.choice(_FOLDERS)
        if not _make(folder):
            folder = self._root
        word = self._random.choice(_WORDS)
        if sys.platform == "linux" and self._random.random() < 0.05:
            word = os.fsdecode(b"caf\xe9")  # a name of Linux is bytes, and need not be UTF-8
        return folder / f"note {self._number} {word}.md"

    def _text(self) -> str:
        title = (
            f"# {self._random.choice(_WORDS)} {self._random.randrange(1000)}\n\n" if self._random.random() < 0.5 else ""
        )
        return title + "\n\n".join(self._paragraph() for _ in range(self._random.randrange(1, 5)))

    def _paragraph(self) -> str:
        return " ".join(self._random.choice(_WORDS) for _ in range(self._random.randrange(2, 12)))

    def _create(self) -> None:
        self._fresh().write_text(self._text(), "utf-8")

    def _edit(self) -> None:
        if (note := self._some()) is not None:
            parts = note.read_text("utf-8", "replace").split("\n\n")
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

    def _delete_folder(self) -> None:
        shutil.rmtree(self._random.choice(self._folders))

    def _move_folder(self) -> None:
        """Into another one, wherever that lies."""
        if len(self._folders) < 2:
            return
        one, two = map(Path, self._random.sample(self._folders, 2))
        depth = len(two.relative_to(self._root).parts)
        if not two.is_relative_to(one) and one.parent != two and depth < 8:
            self._number += 1
            one.rename(two / f"inner {self._number}")

    def _hide_or_show_folder(self) -> None:
        """A rule leaves out what begins with a dot."""
        if self._folders and self._random.random() < 0.3:
            self._number += 1
            one = Path(self._random.choice(self._folders))
            one.rename(
                one.with_name(f"shown {self._number}" if one.name.startswith(".") else f".hidden {self._number}")
            )

    def _edit_to_same_size(self) -> None:
        if (note := self._some()) is not None:
            body = bytearray(note.read_bytes())
            if body:
                body[self._random.randrange(len(body))] = ord("x")
                note.write_bytes(body)

    def _edit_in_secret(self) -> None:
        """As some tools do that put the time back: only a look at the content can tell."""
        if (note := self._some()) is not None:
            before = note.stat()
            self._edit_to_same_size_of(note)
            os.utime(note, ns=(before.st_atime_ns, before.st_mtime_ns))
            self.secret_edits += 1

    def _edit_to_same_size_of(self, note: Path) -> None:
        body = note.read_bytes()
        with note.open("r+b") as file:
            file.write(bytes(reversed(body[:40])) + body[40:])

    def _save_like_vim(self) -> None:
        if (note := self._some()) is not None:
            note.with_name("4913").write_bytes(b"")
            note.with_name("4913").unlink()
            backup = note.with_name(note.name + "~")
            note.rename(backup)
            note.write_text(self._text(), "utf-8")
            backup.unlink()

    def _truncate_and_write(self) -> None:
        if (note := self._some()) is not None:
            with note.open("r+b") as file:
                file.truncate(0)
                file.flush()
                file.write(self._text().encode())

    def _change_case(self) -> None:
        if (note := self._some()) is not None:
            other = note.with_name(note.stem.swapcase() + note.suffix)
            if not other.exists():
                note.rename(other)

    def _recreate_in_other_case(self) -> None:
        if (note := self._some()) is not None:
            other = note.with_name(note.stem.swapcase() + note.suffix)
            if not other.exists():
                note.unlink()
                other.write_text(self._text(), "utf-8")

    def _change_mode(self) -> None:
        """No owner may read a note of mode 0, except the one who may everything; anybody else could not copy it for the comparison."""
        if (note := self._some()) is not None:
            may_everything = hasattr(os, "geteuid") and os.geteuid() == 0
            note.chmod(self._random.choice((0o600, 0o644, 0o444) + ((0o000,) if may_everything else ())))
            if not may_everything:
                note.chmod(0o644)

    def _hard_link(self) -> None:
        if (note := self._some()) is not None:
            fresh = self._fresh()
            os.link(note, fresh)

    def _symbolic_link(self) -> None:
        if (note := self._some()) is not None and hasattr(os, "geteuid") and self._random.random() < 0.2:
            self._fresh().symlink_to(note.name)

    def _odd_file(self) -> None:
        """No note by its name, or none that can be read."""
        if self._random.random() < 0.3:
            self._fresh().with_suffix(".jpg").write_bytes(b"picture")
            self._fresh().write_bytes(b"\x00\x01binary")


def _make(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        return False
    return True
