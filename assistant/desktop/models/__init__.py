"""The shelf of models."""
