"""One file a command; each module offers `command`, a click command."""
