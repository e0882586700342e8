"""An image that a note shows becomes a small, plain PNG for the source viewer.

Decoders are attacked more than any other code that reads files, so they run here, in a process that may die, and the window only
ever sees a PNG that we wrote ourselves.
"""

from __future__ import annotations

import base64
import io
import warnings
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from assistant.documents.limits import unreadable
from assistant.domain.documents import ReasonCode
from assistant.domain.errors import NoteMissingError
from assistant.ipc.reader_messages import ImageRendered

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")
MOST_PIXELS = 60_000_000
LONGEST_SHAPE = 8
"""An image may be so many times as high as it is wide; a longer one is cut to that, or it would push the note away."""


def draw_image(path: Path, max_width_px: int) -> ImageRendered:
    """The first frame, turned upright, at most `max_width_px` wide and never enlarged.

    Raises: NoteUnreadableError (UNSUPPORTED, DAMAGED, BOMB, NO_PERMISSION), NoteMissingError.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=FORMATS) as image:
                return _drawn(image, max_width_px)
    except FileNotFoundError as error:
        raise NoteMissingError(path=str(path)) from error
    except PermissionError as error:
        raise unreadable(ReasonCode.NO_PERMISSION) from error
    except UnidentifiedImageError as error:
        raise unreadable(ReasonCode.UNSUPPORTED) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise unreadable(ReasonCode.BOMB) from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise unreadable(ReasonCode.DAMAGED, type(error).__name__) from error


def _drawn(image: Image.Image, max_width_px: int) -> ImageRendered:
    if image.width * image.height > MOST_PIXELS:
        raise unreadable(ReasonCode.BOMB)
    image.draft("RGB", (max_width_px, max_width_px * LONGEST_SHAPE))  # JPEG: decode at a fraction where that is enough
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((max_width_px, max_width_px * LONGEST_SHAPE))
    plain = upright.convert("RGBA")
    out = io.BytesIO()
    plain.save(out, "PNG")
    return ImageRendered(base64.b64encode(out.getvalue()).decode("ascii"), plain.width, plain.height)
