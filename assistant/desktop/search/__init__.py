"""Searching: the field, its filters, the results, and why a note was found or not."""
