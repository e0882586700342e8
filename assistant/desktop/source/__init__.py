"""The reader of a note."""
