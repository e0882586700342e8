"""The wire: message structs, JSON-line transport, supervised child processes."""
