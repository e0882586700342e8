"""Every state, reason and error in words: what happened, what still works, what to do.

The engine sends kinds, codes and numbers; only here they become sentences. Each function asks for the translation when it is
called, so a change of language needs no restart of the process.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QCoreApplication, QDate, QLocale, QTime

from assistant.domain.documents import ReasonCode
from assistant.domain.errors import AssistantError
from assistant.domain.library import FileInfo, FileState, FolderInfo, FolderState, IndexProgress, LibraryCounts, Renewal
from assistant.domain.models import ModelRole

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Words:
    """An error for people. happened: what happened. still: what still works. todo: what to do next. Any may be empty."""

    happened: str
    still: str = ""
    todo: str = ""

    def as_text(self) -> str:
        return join(self.happened, self.still, self.todo)


def join(*sentences: str) -> str:
    """Sentences one after the other, with the space that the language wants between them."""
    space = "" if is_chinese() else " "
    return space.join(sentence for sentence in sentences if sentence)


def is_chinese() -> bool:
    return QLocale().language() == QLocale.Language.Chinese


# ---- numbers ---------------------------------------------------------------------------------------------------------


def number(value: int) -> str:
    return QLocale().toString(value)


def count_notes(value: int) -> str:
    if value == 1:
        return translate("words", "1 note")
    return translate("words", "{n} notes").format(n=number(value))


def count_passages(value: int) -> str:
    if value == 1:
        return translate("words", "1 passage")
    return translate("words", "{n} passages").format(n=number(value))


def count_attention(value: int) -> str:
    if value == 1:
        return translate("words", "1 needs attention")
    return translate("words", "{n} need attention").format(n=number(value))


def count_questions(value: int) -> str:
    if value == 1:
        return translate("words", "1 question")
    return translate("words", "{n} questions").format(n=number(value))


def size(size_bytes: int) -> str:
    digits = 1 if size_bytes >= 1_000_000_000 else 0
    return QLocale().formattedDataSize(size_bytes, digits, QLocale.DataSizeFormat.DataSizeSIFormat)


def time_left(left_s: float | None) -> str:
    """An honest, rounded time; empty while it cannot be told."""
    if left_s is None or not math.isfinite(left_s) or left_s < 0:
        return ""
    if left_s < 50:
        return translate("words", "less than a minute left")
    minutes = round(left_s / 60)
    if minutes < 60:
        return translate("words", "about {n} min left").format(n=number(max(1, minutes)))
    return translate("words", "about {n} h left").format(n=number(max(1, round(left_s / 3600))))


def time_of_day(then: datetime) -> str:
    """As the system's own clock shows it, in an English window; in a Chinese one the day has 24 hours."""
    if is_chinese() or not is_12_hours(QLocale.system()):
        return f"{then:%H:%M}"
    return QLocale(QLocale.Language.English).toString(QTime(then.hour, then.minute), "h:mm AP")


def is_12_hours(locale: QLocale) -> bool:
    return "AP" in locale.timeFormat(QLocale.FormatType.ShortFormat).upper()


def moment(at_s: float, now: datetime | None = None) -> str:
    """When something happened, as short as its distance allows."""
    now = now or datetime.now()  # noqa: DTZ005 (the clock on the user's wall is meant)
    then = datetime.fromtimestamp(at_s)  # noqa: DTZ006 (same)
    days = (now.date() - then.date()).days
    if days <= 0:
        return time_of_day(then)
    if days == 1:
        return translate("words", "yesterday")
    if days < 7:
        return QLocale().dayName(then.isoweekday(), QLocale.FormatType.ShortFormat)
    form = translate("words", "d MMM") if then.year == now.year else translate("words", "d MMM yyyy")
    return QLocale().toString(QDate(then.year, then.month, then.day), form)


# ---- the library -----------------------------------------------------------------------------------------------------


def library_line(counts: LibraryCounts) -> str:
    return f"{count_notes(counts.notes)} · {count_passages(counts.chunks)}"


def progress_line(progress: IndexProgress, counts: LibraryCounts) -> str:
    """What is being done, n of m. Meaning is counted in notes: a chunk is no word for people."""
    if progress.stage == "scanning":
        return translate("words", "Looking through your folders")
    total = progress.total if progress.stage == "reading" else counts.ready + counts.keyword_ready + counts.queued
    if progress.stage == "reading" and total == 1:
        return translate("words", "Reading the words of one note")
    if progress.stage == "reading":
        return translate("words", "Reading words · {n} of {m} notes").format(n=number(progress.done), m=number(total))
    if total == 1:
        return translate("words", "Reading the meaning of one note")
    return translate("words", "Reading meaning · {n} of {m} notes").format(n=number(counts.ready), m=number(total))


def progress_hint(progress: IndexProgress) -> str:
    """Time left, and what works already."""
    if progress.paused:
        return translate("words", "Paused")
    parts = [time_left(progress.left_s)]
    if progress.stage == "embedding":
        parts.append(translate("words", "words are searchable now"))
    text = " · ".join(part for part in parts if part)
    return text[:1].upper() + text[1:]


def renewal_line(renewal: Renewal) -> str:
    """How far the notes are read for another model: first their words, in notes, then their meaning, in hundredths."""
    progress = renewal.progress
    if progress.stage == "embedding" and progress.total:
        words = translate("words", "Preparing search by {model} · {percent} %")
        return words.format(model=renewal.embedder, percent=100 * progress.done // progress.total)
    if progress.total == 1:
        return translate("words", "Preparing search by {model} · one note").format(model=renewal.embedder)
    words = translate("words", "Preparing search by {model} · {n} of {m} notes")
    return words.format(model=renewal.embedder, n=number(progress.done), m=number(progress.total))


def renewal_hint(renewal: Renewal) -> str:
    if renewal.progress.paused:
        return translate("words", "Paused")
    parts = [time_left(renewal.progress.left_s), translate("words", "until then search goes on as before")]
    text = " · ".join(part for part in parts if part)
    return text[:1].upper() + text[1:]


def folder_state(folder: FolderInfo) -> str:
    """A word beside a folder that is not simply being watched; empty otherwise."""
    return {
        FolderState.SCANNING: translate("words", "looking"),
        FolderState.MISSING: translate("words", "not connected"),
        FolderState.PAUSED: translate("words", "paused"),
        FolderState.WAITING_DELETE: translate("words", "waiting for you"),
    }.get(folder.state, "")


def folder_tip(folder: FolderInfo) -> str:
    if folder.state is FolderState.MISSING:
        return translate(
            "words",
            "This folder is not there just now. What was read from it stays searchable; it goes on when the folder is back.",
        )
    if folder.state is FolderState.WAITING_DELETE:
        return translate(
            "words", "Many notes vanished at once: {n}. Elephant keeps them until you say otherwise."
        ).format(n=number(folder.pending_deletes))
    if folder.state is FolderState.POLLING:
        return translate(
            "words", "The system does not report changes here, so Elephant looks again about every minute."
        )
    return folder.path


def file_state(file: FileInfo) -> str:
    """A file's state in a sentence, for its tooltip and for screen readers."""
    if file.state is FileState.READY and not file.reason:
        return translate("words", "Ready")
    if file.state is FileState.KEYWORD_READY:
        return translate("words", "Searchable by its words; its meaning is still to be read")
    if file.state is FileState.QUEUED:
        return translate("words", "Waiting to be read")
    return reason_sentence(file.reason, file.reason_detail)


def reason_word(code: str) -> str:
    """A reason in a word or two, for the space beside a file's name."""
    table: dict[str, str] = {
        ReasonCode.EMPTY: translate("words", "empty"),
        ReasonCode.NO_TEXT: translate("words", "no text"),
        ReasonCode.ENCRYPTED: translate("words", "locked"),
        ReasonCode.DAMAGED: translate("words", "damaged"),
        ReasonCode.NOT_TEXT: translate("words", "not text"),
        ReasonCode.TOO_LARGE: translate("words", "too large"),
        ReasonCode.UNSUPPORTED: translate("words", "other format"),
        ReasonCode.NO_PERMISSION: translate("words", "no access"),
        ReasonCode.TIMED_OUT: translate("words", "too slow"),
        ReasonCode.OUT_OF_MEMORY: translate("words", "too big to read"),
        ReasonCode.READER_CRASHED: translate("words", "unreadable"),
        ReasonCode.BOMB: translate("words", "unsafe"),
        ReasonCode.SYMLINK: translate("words", "link"),
        ReasonCode.SPECIAL_FILE: translate("words", "not a file"),
        ReasonCode.IGNORED_FOLDER: translate("words", "left out"),
        ReasonCode.HIDDEN: translate("words", "hidden"),
        ReasonCode.PATTERN: translate("words", "left out"),
        ReasonCode.FORGOTTEN: translate("words", "forgotten"),
        ReasonCode.NAME_TOO_LONG: translate("words", "long name"),
        ReasonCode.CHANGING: translate("words", "changing"),
        ReasonCode.VANISHED: translate("words", "gone"),
        ReasonCode.PARTIAL: translate("words", "partly read"),
        ReasonCode.READ_ERROR: translate("words", "unreadable"),
    }
    return table.get(code, translate("words", "not read") if code else "")


def reason_sentence(code: str, detail: str = "") -> str:
    """A reason in full: what is so, and what can be done about it. detail: as FileInfo has it."""
    if code == ReasonCode.TOO_LARGE and detail.isdigit():
        return translate(
            "words", "This file is larger than the limit of {size}. You can raise the limit in the settings."
        ).format(size=size(int(detail)))
    table: dict[str, str] = {
        ReasonCode.EMPTY: translate("words", "This file has nothing in it."),
        ReasonCode.NO_TEXT: translate(
            "words",
            "This file holds only pictures of text. Run it through text recognition (OCR), save it, and it will be read.",
        ),
        ReasonCode.ENCRYPTED: translate("words", "This file is locked. Enter its password to read it."),
        ReasonCode.DAMAGED: translate(
            "words", "This file is damaged. Open it in its own program, save it again, and it will be read."
        ),
        ReasonCode.NOT_TEXT: translate("words", "Despite its name this file does not hold text."),
        ReasonCode.TOO_LARGE: translate(
            "words", "This file is larger than the limit. You can raise the limit in the settings."
        ),
        ReasonCode.UNSUPPORTED: translate(
            "words", "Elephant cannot read this format. PDF, Word, HTML, Markdown and text work."
        ),
        ReasonCode.NO_PERMISSION: translate(
            "words", "You have no permission to read this file. Change it, then retry."
        ),
        ReasonCode.TIMED_OUT: translate(
            "words", "Reading took longer than the limit. You can raise the limit in the settings and retry."
        ),
        ReasonCode.OUT_OF_MEMORY: translate(
            "words", "Reading needed more memory than the limit. You can raise the limit in the settings and retry."
        ),
        ReasonCode.READER_CRASHED: translate(
            "words",
            "The reader stopped on this file, so it is left alone. Everything else goes on. Save it again, or retry.",
        ),
        ReasonCode.BOMB: translate("words", "This file would unpack to an enormous size, so it is not opened."),
        ReasonCode.SYMLINK: translate(
            "words", "This is a link to another place. Add that folder itself if you want it read."
        ),
        ReasonCode.SPECIAL_FILE: translate("words", "This is not an ordinary file."),
        ReasonCode.IGNORED_FOLDER: translate("words", "It lies in a folder that is always left out."),
        ReasonCode.HIDDEN: translate("words", "Hidden files are left out."),
        ReasonCode.PATTERN: translate("words", "Your own patterns in the settings leave this out."),
        ReasonCode.FORGOTTEN: translate(
            "words", "You had Elephant forget this note. Nothing of it is kept; “Retry” reads it again."
        ),
        ReasonCode.NAME_TOO_LONG: translate(
            "words", "Its name or path is too long for the system. Shorten it and retry."
        ),
        ReasonCode.CHANGING: translate(
            "words", "It is being written just now. It will be read when it has come to rest."
        ),
        ReasonCode.VANISHED: translate("words", "It was gone before it could be read."),
        ReasonCode.PARTIAL: translate("words", "Only a part of this file could be read; that part is searchable."),
        ReasonCode.READ_ERROR: translate(
            "words", "The system could not read this file. Check the disk or the connection, then retry."
        ),
    }
    return table.get(code, translate("words", "This file was not read.") if code else "")


# ---- what went wrong -------------------------------------------------------------------------------------------------


def error_words(error: AssistantError) -> Words:
    """Word any error. Kinds that this version does not know get the words of an unexpected one."""
    wording = _WORDINGS.get(error.kind, _internal)
    return wording(error)


def _field(error: AssistantError, name: str) -> str:
    return str(error.fields.get(name, ""))


def _bytes_field(error: AssistantError, name: str) -> str:
    value = error.fields.get(name, 0)
    return size(int(value)) if isinstance(value, (int, float)) else ""


def _note_unreadable(error: AssistantError) -> Words:
    reason = _field(error, "reason")
    return Words(
        reason_sentence(reason) if reason else translate("words", "This note cannot be read."),
        translate("words", "Everything else stays searchable."),
    )


def _note_missing(_error: AssistantError) -> Words:
    return Words(
        translate("words", "This note is no longer there."),
        translate("words", "The quoted words are kept with the answer."),
        translate("words", "It may have been moved or deleted; search for it by its name."),
    )


def _folder_unavailable(_error: AssistantError) -> Words:
    return Words(
        translate("words", "This folder cannot be opened."),
        translate("words", "Your other folders are not affected."),
        translate("words", "Check that it is connected and that you may read it, then add it again."),
    )


def _store_unavailable(error: AssistantError) -> Words:
    if _field(error, "store") == "export":
        return Words(
            translate("words", "The file could not be written."),
            translate("words", "Nothing was changed: a file that was there before is as it was."),
            translate("words", "Choose another place for it, and try again."),
        )
    if _field(error, "store") == "backup":
        return _backup_unavailable(_field(error, "reason"))
    if _field(error, "reason") == "newer":
        return Words(
            translate("words", "A newer Elephant has worked with this data folder."),
            translate("words", "Nothing in it was changed."),
            translate("words", "Start the newer Elephant, or choose another data folder."),
        )
    if _field(error, "reason") == "read-only":
        return Words(
            translate("words", "Elephant's folder cannot be written."),
            translate("words", "What is indexed can still be searched; your notes are not touched."),
            translate("words", "Make the folder writable, then start Elephant again."),
        )
    if _field(error, "store") == "conversations":
        return Words(
            translate("words", "The chats cannot be opened."),
            translate("words", "Your notes are not touched and can still be searched. A backup of the chats is kept."),
            translate("words", "Check that the disk is not full or read-only, then start Elephant again."),
        )
    if _field(error, "store") == "folders":
        return Words(
            translate("words", "The list of your folders cannot be read or written just now."),
            translate("words", "Your notes, your chats and the index are as they were."),
            translate("words", "Close other programs that use Elephant's folder, then start Elephant again."),
        )
    if _field(error, "store") == "settings":
        return Words(
            translate("words", "The settings could not be saved."),
            translate("words", "Everything goes on with those in use."),
            translate("words", "Check that Elephant's folder is not full or in use elsewhere, then try again."),
        )
    return Words(
        translate("words", "The index cannot be used just now."),
        translate("words", "Your notes are not touched, and the index can always be made again from them."),
        translate("words", "Check that the disk is not full or read-only, then start Elephant again."),
    )


def _backup_unavailable(reason: str) -> Words:
    unchanged = translate("words", "Your chats are as they were.")
    if reason == "damaged":
        return Words(
            translate("words", "This backup is damaged."), unchanged, translate("words", "Choose another one.")
        )
    if reason == "newer":
        return Words(
            translate("words", "This backup was made by a newer Elephant."),
            unchanged,
            translate("words", "Update Elephant to use it, or choose another one."),
        )
    if reason == "not-changed":
        return Words(
            translate("words", "A backup of your chats holds words of the note and could not be changed."),
            translate("words", "So the note is not forgotten yet."),
            translate("words", "Close other programs that use Elephant's folder, then forget it again."),
        )
    return Words(
        translate("words", "The backup could not be made."),
        unchanged,
        translate("words", "Check that the disk is not full or read-only, then try again."),
    )


def _data_folder_busy(_error: AssistantError) -> Words:
    return Words(
        translate("words", "Another Elephant is using this data folder."),
        "",
        translate("words", "Close it, or wait a moment, then try again."),
    )


def _model_unavailable(error: AssistantError) -> Words:
    model, reason = _field(error, "model"), _field(error, "reason")
    known = model_reason(reason)
    if error.fields.get("needed_bytes"):
        happened = translate("words", "This model needs {needed} of memory and {free} are free.").format(
            needed=_bytes_field(error, "needed_bytes"), free=_bytes_field(error, "free_bytes")
        )
        todo = translate("words", "Close other programs, or choose a smaller model.")
    elif model in {"", *ModelRole} and (known is None or reason == "missing"):
        happened = translate("words", "There is no model to write answers yet.")
        todo = translate("words", "Choose one on the models page.")
    elif known is not None:
        why, todo = known
        named = translate("words", "“{name}” cannot be used.").format(name=model)
        happened = join(named, why) if model else why
    else:
        happened = translate("words", "The model could not be loaded; its file may be missing or damaged.")
        todo = translate("words", "Choose another one on the models page, or get it again.")
    return Words(happened, translate("words", "Search and the quotes from your notes still work."), todo)


def model_reason(code: str) -> tuple[str, str] | None:
    """Why a model cannot be used, and what to do about it. None for a code that this version does not know."""
    smaller = translate("words", "Close other programs, or choose a smaller model.")
    again = translate("words", "Get it again.")
    return {
        "missing": (
            translate("words", "Its file is not there any more."),
            translate("words", "Add it again, or choose another model."),
        ),
        "not-installed": (
            translate("words", "It is not on this machine yet."),
            translate("words", "Get it on the models page."),
        ),
        "not-gguf": (translate("words", "This is no GGUF file."), translate("words", "Choose another file.")),
        "truncated": (translate("words", "The file is cut short."), again),
        "damaged": (translate("words", "The file is damaged."), again),
        "checksum": (translate("words", "The file is not the promised one."), again),
        "tokenizer": (translate("words", "Its vocabulary does not work."), again),
        "wrong-role": (
            translate("words", "Elephant has no use for this kind of model."),
            translate("words", "Choose another one."),
        ),
        "no-ranking-head": (
            translate("words", "This file lacks the part that ranks."),
            translate("words", "Look for another conversion of the model."),
        ),
        "unreadable": (
            translate("words", "The file cannot be read."),
            translate("words", "Look at its permissions."),
        ),
        "unsupported-version": (
            translate("words", "This version of GGUF is not supported."),
            translate("words", "Look for another file, or a newer Elephant."),
        ),
        "crashed-before": (
            translate("words", "It stopped the model process when it was last loaded."),
            translate("words", "Add it again to try once more."),
        ),
        "crashed-loading": (
            translate("words", "It stopped the model process while it was being loaded."),
            translate("words", "Look for another conversion of the model."),
        ),
        "not-removable": (
            translate("words", "Its file could not be deleted; another program may be using it."),
            translate("words", "Close that program, then try again."),
        ),
        "bundled": (
            translate("words", "It came with Elephant and goes only with it."),
            translate("words", "Choose another model to use instead."),
        ),
        "fetching": (
            translate("words", "It is being fetched right now."),
            translate("words", "Stop that download first."),
        ),
        "no-memory": (translate("words", "The memory ran out with it."), smaller),
        "too-large-for-memory": (translate("words", "It needs more memory than this machine has free."), smaller),
        "load-failed": (
            translate("words", "It could not be loaded."),
            translate("words", "Choose another one; the log on the privacy page says more."),
        ),
        "decode-failed": (
            translate("words", "It could not go on computing."),
            translate("words", "Try again, or choose another one; the log on the privacy page says more."),
        ),
        "no-runtime": (
            translate("words", "The program that runs models is not installed rightly."),
            translate("words", "Run the set-up of Elephant again."),
        ),
    }.get(code)


def _prompt_too_long(_error: AssistantError) -> Words:
    return Words(
        translate("words", "The question and its passages are too long for this model."),
        translate("words", "Search still works."),
        translate("words", "Shorten the question, start a new chat, or allow fewer passages in the settings."),
    )


def _process_died(error: AssistantError) -> Words:
    process = _field(error, "process")
    if process == "model":
        return Words(
            translate("words", "The model stopped unexpectedly."),
            translate("words", "Your notes and chats are safe."),
            translate("words", "It has been restarted."),
        )
    return Words(
        translate("words", "A part of Elephant stopped unexpectedly."),
        translate("words", "Your notes and chats are safe."),
        translate("words", "It has been restarted; please ask again."),
    )


def _process_broken(error: AssistantError) -> Words:
    if _field(error, "process") == "model":
        return Words(
            translate("words", "The model stopped several times in a row, so it is not started again by itself."),
            translate("words", "Search and the quotes from your notes still work."),
            translate("words", "Start it again, or choose another model."),
        )
    return Words(
        translate("words", "A part of Elephant stopped several times in a row, so it is not started again by itself."),
        translate("words", "Your notes and chats are safe."),
        translate("words", "Start it again from the line at the bottom of the window."),
    )


def _download(error: AssistantError) -> Words:
    happened, todo = _download_reason(_field(error, "reason"))
    return Words(
        happened.format(name=_field(error, "name") or translate("words", "the model")),
        translate("words", "Models that have arrived are kept, and everything else works as before."),
        todo,
    )


def _download_reason(code: str) -> tuple[str, str]:
    own = translate("words", "Try again. If it happens again, add a model file of your own.")
    return {
        "not-found": (
            translate("words", "The package index does not have {name}."),
            translate("words", "Look for a newer Elephant, or add a model file of your own."),
        ),
        "no-pip": (
            translate("words", "{name} cannot be fetched: that takes pip, and this Python has none."),
            translate("words", "Run the set-up of Elephant again, or add a model file of your own."),
        ),
        "checksum": (
            translate("words", "What came for {name} is not what was promised, so it was thrown away."),
            own,
        ),
        "damaged": (translate("words", "What came for {name} is damaged."), own),
        "not-writable": (
            translate("words", "{name} could not be stored: the models folder cannot be written."),
            translate("words", "Look at its permissions, then try again."),
        ),
        "index": (
            translate("words", "{name} could not be fetched: the package index answered with an error."),
            translate("words", "Try again later."),
        ),
    }.get(
        code,
        (
            translate("words", "The download of {name} did not finish."),
            translate("words", "Check the connection, then try again."),
        ),
    )


def _release_check(_error: AssistantError) -> Words:
    """The box that asks says why (settings/update_words)."""
    return Words(
        translate("words", "It could not be found out whether there is a newer version."),
        translate("words", "Everything else works as before."),
        translate("words", "Try again later."),
    )


def _disk_full(error: AssistantError) -> Words:
    happened = translate("words", "The disk is nearly full.")
    if error.fields.get("needed_bytes"):
        happened = translate("words", "The disk is nearly full: {needed} are needed and {free} are free.").format(
            needed=_bytes_field(error, "needed_bytes"), free=_bytes_field(error, "free_bytes")
        )
    return Words(
        happened,
        translate("words", "Nothing was lost, and what is indexed stays searchable."),
        translate("words", "Free some space, then try again."),
    )


def _copy_unverifiable(error: AssistantError) -> Words:
    if _field(error, "reason") == "no-checksums":
        return Words(
            translate("words", "This copy cannot be checked: no checksums came with it."),
            "",
            translate("words", "Only a program that was built to be handed out has them."),
        )
    return Words(
        translate("words", "This copy cannot be checked: its list of checksums is damaged."),
        translate("words", "Your notes and chats are safe."),
        translate("words", "Get Elephant again from where you had it."),
    )


def _bad_request(_error: AssistantError) -> Words:
    return Words(translate("words", "This is not possible here."), translate("words", "Nothing was changed."))


def _internal(_error: AssistantError) -> Words:
    return Words(
        translate("words", "Something in Elephant went wrong."),
        translate("words", "Your notes and chats are safe."),
        translate("words", "Try again. If it happens again, the log on the privacy page says more."),
    )


def _cancelled(_error: AssistantError) -> Words:
    return Words(translate("words", "Stopped."))


_WORDINGS = {
    "note-unreadable": _note_unreadable,
    "note-missing": _note_missing,
    "folder-unavailable": _folder_unavailable,
    "store-unavailable": _store_unavailable,
    "data-folder-busy": _data_folder_busy,
    "model-unavailable": _model_unavailable,
    "prompt-too-long": _prompt_too_long,
    "process-died": _process_died,
    "process-broken": _process_broken,
    "download": _download,
    "release-check": _release_check,
    "disk-full": _disk_full,
    "copy-unverifiable": _copy_unverifiable,
    "bad-request": _bad_request,
    "internal": _internal,
    "assistant": _internal,
    "cancelled": _cancelled,
}


# ---- parts that stop and start ---------------------------------------------------------------------------------------


def health_line(part: str, state: str) -> str:
    """One quiet line for the bottom of the window; empty when there is nothing to say."""
    return _health_lines().get((part, state), "")


def _health_lines() -> dict[tuple[str, str], str]:
    return {
        ("engine", "restarting"): translate(
            "words", "The engine stopped unexpectedly and is being restarted. Your notes and chats are safe."
        ),
        ("engine", "broken"): translate("words", "The engine stopped several times. Your notes and chats are safe."),
        ("engine", "restarted"): translate(
            "words", "The engine stopped unexpectedly. Your notes and chats are safe. It has been restarted."
        ),
        ("model", "restarting"): translate(
            "words", "The model stopped unexpectedly and is being restarted. Your notes and chats are safe."
        ),
        ("model", "broken"): translate("words", "The model stopped several times. Search and quotes still work."),
        ("model", "restarted"): translate(
            "words", "The model stopped unexpectedly. Your notes and chats are safe. It has been restarted."
        ),
        ("vectors", "restarting"): translate(
            "words", "Search is being repaired; it stays exact, only a little slower."
        ),
        ("vectors", "broken"): translate("words", "Fast search is off; exact search answers instead."),
    }


def count_chats(value: int) -> str:
    if value == 1:
        return translate("library", "1 chat")
    return translate("library", "{n} chats").format(n=number(value))


def when(at_s: float, now: datetime | None = None, *, with_time: bool = True) -> str:
    """Day and time of day, the day in words where it is near."""
    now = now or datetime.now()  # noqa: DTZ005 (the clock on the user's wall is meant)
    then = datetime.fromtimestamp(at_s)  # noqa: DTZ006 (same)
    days = (now.date() - then.date()).days
    if not with_time and days in {0, 1}:
        return translate("library", "yesterday") if days else translate("library", "today")
    if days == 0:
        return translate("library", "today at {time}").format(time=time_of_day(then))
    if days == 1:
        return translate("library", "yesterday at {time}").format(time=time_of_day(then))
    form = translate("words", "d MMM") if then.year == now.year else translate("words", "d MMM yyyy")
    day = QLocale().toString(QDate(then.year, then.month, then.day), form)
    if not with_time:
        return day
    return translate("library", "{day} at {time}").format(day=day, time=time_of_day(then))


def chats_and_questions(chats: int, turns: int) -> str:
    return translate("library", "{chats} with {questions}").format(
        chats=count_chats(chats), questions=count_questions(turns)
    )
