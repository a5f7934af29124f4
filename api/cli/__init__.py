"""The `wfm` command. What is slow to import is imported by the command that needs it, so that `wfm --help` answers at once."""

from api.cli.app import main

__all__ = ["main"]
