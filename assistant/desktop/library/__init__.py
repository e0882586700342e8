"""Folders and notes: the tree, the page of what was read, progress."""
