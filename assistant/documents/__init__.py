"""A file becomes a Document: readers by format, sentence and chunk splitting, offsets and pages."""
