"""Compares what two libraries hold after a fault."""

from __future__ import annotations


def differences(found: dict[str, object], right: dict[str, object]) -> list[str]:
    """The parts that differ, but for what the vector index holds: that of these tests lives in memory and died with its process."""
    assert found.keys() == right.keys()
    return [part for part in right if found[part] != right[part] and not part.startswith("index holds")]
