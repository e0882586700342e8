"""Words about backups of the chats."""

from __future__ import annotations

from assistant.desktop.common.words import chats_and_questions, error_words, join, translate, when
from assistant.domain.answers import BackupSummary
from assistant.domain.errors import AssistantError


def backup_kind(backup: BackupSummary) -> str:
    if not backup.is_sound:
        return translate("library", "damaged, it cannot be used")
    return {
        "before-upgrade": translate("library", "made before an upgrade"),
        "before-restore": translate("library", "made before another one was put back"),
    }.get(backup.kind, "")


def restore_failed_words(error: AssistantError) -> str:
    if error.fields.get("reason") == "answering":
        return translate(
            "library", "An answer is being written just now. Wait for it or stop it, then restore. Nothing was changed."
        )
    return error_words(error).as_text()


def restored_words(name: str, backup: BackupSummary | None) -> str:
    """What became of damaged chats, for the start after it. name: as in Welcome."""
    kept = translate("library", "The damaged file is kept in the data folder.")
    if backup is None:
        if name == "empty":
            happened = translate("library", "The chats were damaged and there was no backup, so the list starts empty.")
        else:
            happened = translate("library", "The chats were damaged and have been restored from a backup.")
        return join(happened, kept)
    return join(
        translate(
            "library",
            "The chats were damaged and have been restored from the backup made {when}, which holds {inside}.",
        ).format(when=when(backup.made_at_s), inside=chats_and_questions(backup.conversations, backup.turns)),
        translate("library", "What was asked after that is not in it."),
        kept,
    )
