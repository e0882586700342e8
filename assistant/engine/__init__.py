"""The engine process: composition root and request handlers."""
