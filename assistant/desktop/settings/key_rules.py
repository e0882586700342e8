"""Which keys a command may have, and why another cannot: what one types, and what text fields need, is never taken away."""

from __future__ import annotations

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeySequence

from assistant.desktop.common.words import translate

MODIFIER_KEYS = frozenset(
    {
        Qt.Key.Key_Control,
        Qt.Key.Key_Shift,
        Qt.Key.Key_Alt,
        Qt.Key.Key_Meta,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_Super_L,
        Qt.Key.Key_Super_R,
        Qt.Key.Key_Hyper_L,
        Qt.Key.Key_Hyper_R,
        Qt.Key.Key_CapsLock,
        Qt.Key.Key_NumLock,
        Qt.Key.Key_ScrollLock,
        Qt.Key.Key_unknown,
    }
)
HELD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
OF_FIELDS = (
    QKeySequence.StandardKey.Copy,
    QKeySequence.StandardKey.Cut,
    QKeySequence.StandardKey.Paste,
    QKeySequence.StandardKey.Undo,
    QKeySequence.StandardKey.Redo,
    QKeySequence.StandardKey.SelectAll,
    QKeySequence.StandardKey.MoveToNextWord,
    QKeySequence.StandardKey.MoveToPreviousWord,
    QKeySequence.StandardKey.SelectNextWord,
    QKeySequence.StandardKey.SelectPreviousWord,
    QKeySequence.StandardKey.DeleteStartOfWord,
    QKeySequence.StandardKey.DeleteEndOfWord,
    QKeySequence.StandardKey.MoveToStartOfDocument,
    QKeySequence.StandardKey.MoveToEndOfDocument,
)


def combination_of(key: int, modifiers: Qt.KeyboardModifier) -> QKeyCombination:
    """What was pressed. Shift is left out where it is what makes the sign: Ctrl+Shift+1 comes as Ctrl+!, and is kept as that."""
    kept = modifiers & (HELD | Qt.KeyboardModifier.ShiftModifier)
    sign = 0x21 <= key <= 0xFFFF and not chr(key).isalpha()
    if sign and not chr(key).isdigit():
        kept &= ~Qt.KeyboardModifier.ShiftModifier
    return QKeyCombination(kept, Qt.Key(key))


def why_not(keys: QKeyCombination) -> str:
    """Why no command can have this key, in words; "" for one that can be had."""
    number = int(keys.key().value)
    is_function_key = Qt.Key.Key_F1.value <= number <= Qt.Key.Key_F35.value
    if not is_function_key and not keys.keyboardModifiers() & HELD:
        return translate(
            "Shortcuts", "Hold Ctrl or Alt with it, or choose one of the keys F1 to F12: this one is for writing."
        )
    sequence = QKeySequence(keys)
    if any(sequence in QKeySequence.keyBindings(standard) for standard in OF_FIELDS):
        return translate("Shortcuts", "Fields need {keys} for text. Choose another key.").format(keys=native(sequence))
    return ""


def native(keys: QKeySequence | str) -> str:
    """As this system writes keys."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def portable(keys: QKeySequence | QKeyCombination) -> str:
    """As keys are kept."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.PortableText)
