"""The window's only way to the engine."""
