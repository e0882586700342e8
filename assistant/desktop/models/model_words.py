"""What the shelf says about a model: what it is, what it is good for, and whether it fits this machine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from assistant.desktop.common.words import is_chinese, join, model_reason, number, size, time_left, translate
from assistant.desktop.models.downloads import Download
from assistant.desktop.models.language_names import language_name
from assistant.domain.model_fit import Fit, best_of, fit_of
from assistant.domain.models import ModelRole, ShelfEntry
from assistant.ipc.engine_messages import ModelsListed, PullProgress

MOST_LANGUAGES = 5
_TINY, _SMALL, _MEDIUM, _LARGE = 500_000_000, 2_500_000_000, 6_000_000_000, 16_000_000_000


def facts_line(entry: ShelfEntry) -> str:
    """Who made it and what it is: "Hugging Face · 135 million parameters · Q4_1"."""
    if is_unusable(entry):
        return ""
    unsaid = translate("Models", "maker not said by the file") if entry.is_user else ""
    parts = [entry.maker or unsaid]
    if entry.parameters:
        parts.append(parameters(entry.parameters))
    parts.append(entry.quantisation)
    return " · ".join(part for part in parts if part)


def terms_line(entry: ShelfEntry) -> str:
    """For whom: "English · Apache-2.0"."""
    if is_unusable(entry):
        return ""
    languages = languages_words(entry.languages)
    parts = [languages or (translate("Models", "languages not said by the file") if entry.is_user else "")]
    licence = translate("Models", "licence {name}").format(name=entry.licence) if entry.licence else ""
    parts.append(licence or (translate("Models", "licence not said by the file") if entry.is_user else ""))
    return " · ".join(part for part in parts if part)


def place_line(entry: ShelfEntry) -> str:
    """How large it is and where: "98 MB · on this machine"."""
    parts = [size(entry.size_bytes)] if entry.size_bytes else []
    if entry.is_user and (entry.is_elsewhere or not entry.installed):
        where = translate("Models", "used where it lies: {path}").format(path=entry.file)
        parts.append(entry.file if is_unusable(entry) else where)
    elif entry.is_user:
        parts.append(translate("Models", "{file} in the models folder").format(file=PurePath(entry.file).name))
    elif entry.is_bundled:
        parts.append(translate("ModelCard", "comes with Elephant"))
    elif entry.installed:
        parts.append(translate("ModelCard", "on this machine"))
    else:
        parts.append(translate("ModelCard", "not here yet"))
    return " · ".join(parts)


def is_unusable(entry: ShelfEntry) -> bool:
    """A file of the user's that is no model: there is nothing to say of it but why."""
    return entry.is_user and not entry.installed


def unlike_titles(entries: Sequence[ShelfEntry]) -> list[str]:
    """Titles that can be told apart: of two files of one model, each with its name on the shelf."""
    titles = [entry.title for entry in entries]
    return [f"{entry.title} ({entry.name})" if titles.count(entry.title) > 1 else entry.title for entry in entries]


def parameters(count: int) -> str:
    if count < 1_000_000_000:
        return translate("Models", "{n} million parameters").format(n=number(max(1, round(count / 1_000_000))))
    return translate("Models", "{n} billion parameters").format(n=f"{count / 1_000_000_000:.1f}")


def languages_words(said: Sequence[str]) -> str:
    """The first few by name; of a hundred, how many more there are."""
    names = list(dict.fromkeys(map(language_name, said)))
    between = "、" if is_chinese() else ", "
    if len(names) <= MOST_LANGUAGES + 1:
        return between.join(names)
    more = translate("Models", "{names} and {n} more")
    return more.format(names=between.join(names[:MOST_LANGUAGES]), n=number(len(names) - MOST_LANGUAGES))


def good_for(entry: ShelfEntry) -> str:
    """One plain sentence. Of a model that says nothing of itself, too: its role and its size tell most."""
    if entry.role is ModelRole.EMBEDDER:
        if len(entry.languages) == 1:
            words = translate("Models", "Finds notes by meaning, in {language}.")
            return words.format(language=language_name(entry.languages[0]))
        return translate("Models", "Finds notes by meaning, not only by their words.")
    if entry.role is ModelRole.RERANKER:
        return translate(
            "Models", "Reads what search has found once more and puts the best first. Searching takes longer."
        )
    if entry.parameters <= 0:
        return ""
    if entry.parameters < _TINY:
        return translate(
            "Models",
            "For short, quick answers. It reasons little; the quotes from your notes are often the better answer.",
        )
    if entry.parameters < _SMALL:
        return translate("Models", "For plain answers and short summaries on a modest machine.")
    if entry.parameters < _MEDIUM:
        return translate("Models", "For good everyday answers and summaries.")
    if entry.parameters < _LARGE:
        return translate("Models", "For careful answers over several notes, on a strong machine.")
    return translate("Models", "For the most thorough answers, on a very strong machine.")


def fit_line(entry: ShelfEntry, listed: ModelsListed, *, in_use: bool = False) -> tuple[str, bool]:
    """Whether it fits, with the figures; and whether that is a warning. in_use: its memory may be taken by itself already."""
    if not entry.memory_bytes:
        return "", False
    if not listed.memory_total_bytes:
        words = translate("Models", "It needs {needed} of memory.").format(needed=size(entry.memory_bytes))
        return words, not entry.fits
    free = max(listed.memory_free_bytes, entry.memory_bytes if in_use else 0)
    return fit_words(entry.memory_bytes, free, listed.memory_total_bytes)


def fit_words(needed_bytes: int, free_bytes: int, total_bytes: int) -> tuple[str, bool]:
    fit = fit_of(needed_bytes, free_bytes, total_bytes)
    words = {
        Fit.COMFORTABLY: translate(
            "Models", "Fits comfortably: it needs {needed} of memory, and {free} of {total} are free."
        ),
        Fit.TIGHTLY: translate(
            "Models",
            "Fits tightly: it needs {needed} of memory, and {free} of {total} are free. Other programs may become slow.",
        ),
        Fit.NOT_NOW: translate(
            "Models",
            "Does not fit now: it needs {needed} of memory, and {free} of {total} are free. Close other programs first.",
        ),
        Fit.NOT: translate(
            "Models", "Does not fit this machine: it needs {needed} of memory, and there are {total} in all."
        ),
    }[fit]
    return (
        words.format(needed=size(needed_bytes), free=size(free_bytes), total=size(total_bytes)),
        fit in {Fit.NOT_NOW, Fit.NOT},
    )


def trouble_of(entry: ShelfEntry) -> str:
    """Why a file cannot be used; "" for one that can."""
    if not entry.note or " " in entry.note:  # a sentence of the manifest
        return ""
    return join(*(model_reason(entry.note) or (translate("ModelsPage", "This file cannot be used as a model."),)))


def removal_words(entry: ShelfEntry, listed: ModelsListed) -> str:
    """What becomes of the file, and what is used instead."""
    if entry.is_elsewhere:
        becomes = translate("ModelsPage", "Elephant forgets it. Its file stays where it is: {path}").format(
            path=entry.file
        )
    else:
        words = translate("Models", "Its file is deleted from the models folder, and {size} come free.")
        becomes = words.format(size=size(entry.size_bytes))
    return join(becomes, instead_words(entry, listed))


def instead_words(entry: ShelfEntry, listed: ModelsListed) -> str:
    """What is used when a model in use is gone; "" for one that is not in use."""
    if entry.name not in {listed.chat_model, listed.embedder, listed.reranker}:
        return ""
    rest = best_of([other for other in listed.entries if other.name != entry.name], entry.role)
    if entry.role is ModelRole.CHAT:
        if rest is None:
            return translate(
                "Models", "No model writes answers then; search and the quotes from your notes still work."
            )
        return translate("Models", "It is in use now; answers are then written by {title}.").format(title=rest.title)
    if entry.role is ModelRole.EMBEDDER:
        if rest is None:
            return translate("Models", "Notes are then found by their words only.")
        return translate(
            "Models", "It is in use now; notes are then found by {title}, and every note is read once more for it."
        ).format(title=rest.title)
    return translate("Models", "What search finds then keeps its first order.")


def disk_line(listed: ModelsListed) -> str:
    """What all of it takes: "All models here take 172 MB; 31.0 GB of the disk are free." """
    here = (entry for entry in listed.entries if not entry.is_elsewhere and not entry.is_bundled)
    taken = sum(entry.size_bytes if entry.installed else entry.partial_bytes for entry in here)
    if not listed.disk_free_bytes:
        return ""
    words = translate("Models", "All models here take {size}; {free} of the disk are free.")
    return words.format(size=size(taken), free=size(listed.disk_free_bytes))


def pull_words(progress: PullProgress) -> str:
    """How far, how fast, how long still: "50 MB of 100 MB · 3 MB/s · about 2 min left"."""
    if progress.stage == "waiting":
        return translate("PullBox", "Waiting for another download")
    if progress.total_bytes <= 0:
        return translate("PullBox", "Preparing")
    done = translate("PullBox", "{done} of {total}").format(
        done=size(progress.done_bytes), total=size(progress.total_bytes)
    )
    what = {
        "checking": translate("PullBox", "Checking"),
        "building": translate("PullBox", "Unpacking"),
        "copying": translate("PullBox", "Copying"),
    }.get(progress.stage, "")
    speed = (
        translate("PullBox", "{size}/s").format(size=size(round(progress.speed_bytes_s)))
        if progress.speed_bytes_s
        else ""
    )
    left = time_left(progress.left_s) if progress.stage in {"fetching", "copying"} else ""
    return " · ".join(part for part in (what, done, speed, left) if part)


def fetching_words(running: Sequence[Download]) -> str:
    """Of everything that is being fetched, in a few words: "Fetching a model · 43 %". "" while nothing is."""
    if not running:
        return ""
    moved = [download.progress for download in running if download.progress is not None]
    known = next((progress for progress in moved if progress.stage == "fetching" and progress.total_bytes > 0), None)
    if known is None:
        return translate("PullBox", "Fetching a model")
    percent = 100 * known.done_bytes // known.total_bytes
    return translate("PullBox", "Fetching a model · {percent} %").format(percent=percent)
