"""Markdown into laid-out text."""
