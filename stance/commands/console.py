"""What commands share: faults on stderr, JSON lines on stdout, the registry, option types."""

import argparse
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stance.registry import Registry


class Faults:
    """Bad lines and files: each is told on stderr, and the rest goes on."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, fault: Exception) -> None:
        """Tell a fault and count it."""
        self.count += 1
        complain(str(fault))


# A command returns an exit status of its own, or None.
Command = Callable[[argparse.Namespace, Faults], int | None]


def complain(message: str) -> None:
    """Tell an error on stderr, in one line."""
    print(f"stance: error: {message}", file=sys.stderr)


def emit(value: dict[str, Any]) -> None:
    """Print an object as a line of JSON."""
    from stance import jsonl

    print(jsonl.dumps(value))


def open_registry() -> "Registry":
    """Return the registry that the settings name."""
    from stance.registry import Registry, default_folder

    return Registry(default_folder())


def ready_registry() -> "Registry":
    """Return the registry, after training a first model where it has none."""
    from stance.commands.progress import shown
    from stance.training import ensure_trained

    registry = open_registry()
    with shown():
        ensure_trained(registry)
    return registry


def subcommand(commands: Any, name: str, command: Command, text: str) -> argparse.ArgumentParser:
    """Add a command to a parser's commands and return its parser."""
    sub: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    sub.set_defaults(command=command, usage=sub.error)
    return sub


def positive(text: str) -> int:
    """Return an option's value as a whole number of 1 or more."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number of 1 or more, not {text!r}")
    return int(text)
