"""The nouns, the settings and the errors. Standard library only; every other room may import this one."""
