"""Word files that are locked with a password: what is inside the shell, once the password is known."""

from __future__ import annotations

import io
import logging

from assistant.documents.limits import Clock, TimeBoxExpired, time_box, unreadable
from assistant.domain.documents import ReasonCode
from assistant.domain.errors import AssistantError

# They report every oddity of a file, with pieces of it in the message.
for _library in ("msoffcrypto", "olefile"):
    logging.getLogger(_library).setLevel(logging.CRITICAL)


_OFFICES_OWN = "VelvetSweatshop"
"""What Office locks a file with that is to be read-only, and unlocks it with unasked."""


def unlocked(data: bytes, password: str, clock: Clock) -> bytes:
    """The package inside a locked Word file.

    Raises: NoteUnreadableError (ENCRYPTED: no password, or not this one; UNSUPPORTED, DAMAGED, TIMED_OUT).
    """
    try:
        # The file says how many times the password is hashed, ten million times at most.
        with time_box(clock.left_s()):
            return _package(data, password or _OFFICES_OWN)
    except TimeBoxExpired as error:
        raise unreadable(ReasonCode.TIMED_OUT) from error
    except (AssistantError, MemoryError):
        raise
    except Exception as error:
        raise unreadable(ReasonCode.DAMAGED, type(error).__name__) from error


def _package(data: bytes, password: str) -> bytes:
    import msoffcrypto

    office = msoffcrypto.OfficeFile(io.BytesIO(data))
    if office.format != "ooxml":
        raise unreadable(ReasonCode.UNSUPPORTED)
    plain = io.BytesIO()
    try:
        # WORKAROUND(https://github.com/nolze/msoffcrypto-tool): its own check of the password refuses right ones where hashes are SHA-1, as
        # in files of Word 2010, since it compares them with their padding. Decrypting ends with a look at what came out, which tells as well.
        office.load_key(password=password)
    except (msoffcrypto.exceptions.DecryptionError, ValueError) as error:
        raise unreadable(ReasonCode.UNSUPPORTED) from error  # a cipher that the library cannot do
    try:
        office.decrypt(plain)
    except msoffcrypto.exceptions.InvalidKeyError as error:
        raise unreadable(ReasonCode.ENCRYPTED) from error
    return plain.getvalue()
