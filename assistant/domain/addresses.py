"""Which addresses models may be fetched from: encrypted ones, and servers on this machine."""

from __future__ import annotations

from urllib.parse import urlsplit

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def is_safe_address(address: str) -> bool:
    """Whether nobody on the way can read or change what comes from there."""
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK))


def why_bad_mirror(address: str) -> str:
    """Why a setting cannot be the base address of a mirror; "" if it can, and for no mirror at all."""
    if not address:
        return ""
    if not is_safe_address(address) or any(c.isspace() or not c.isprintable() for c in address):
        return "not an https address"
    parts = urlsplit(address)
    if parts.username is not None or parts.password is not None:
        return "holds a name or a password"
    if parts.query or parts.fragment:
        return "holds more than a place"
    return ""


def mirrored(address: str, mirror: str) -> str:
    """The same path below a mirror's base address."""
    parts = urlsplit(address)
    return mirror.rstrip("/") + parts.path + (f"?{parts.query}" if parts.query else "")
