"""Conversations: the list, the turns, the composer."""
