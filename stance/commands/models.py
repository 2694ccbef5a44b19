"""`stance models`: the versions on disk."""

import argparse
import sys
from typing import TYPE_CHECKING, Any

from stance.commands.console import Faults, emit, open_registry, positive, subcommand

if TYPE_CHECKING:
    from stance.registry import Registry


def add_to(commands: Any) -> None:
    """Add the command and its actions to the parser's."""
    text = "list, show, compare, activate, roll back or prune model versions"
    models = commands.add_parser("models", help=text, description=text)
    actions = models.add_subparsers(metavar="ACTION", required=True)
    subcommand(actions, "list", _list, "list the versions, the oldest first")
    show = subcommand(actions, "show", _show, "print a version's card")
    show.add_argument("version", nargs="?", help="default: the active one")
    diff = subcommand(
        actions, "diff", _diff, "compare two versions: data, scores, thresholds, libraries"
    )
    diff.add_argument("version", nargs="?", help="default: the one that rollback goes to")
    diff.add_argument("other", nargs="?", help="default: the active one")
    activate = subcommand(actions, "activate", _activate, "make a version the active one")
    activate.add_argument("version")
    subcommand(
        actions, "rollback", _roll_back, "go back to the version that was active before this one"
    )
    prune = subcommand(
        actions,
        "prune",
        _prune,
        "delete old versions; never the active one, nor the one that rollback goes to",
    )
    prune.add_argument(
        "--keep", metavar="N", type=positive, default=5, help="versions to keep (default 5)"
    )
    prune.add_argument(
        "--previous-too", action="store_true", help="also the one that rollback goes to"
    )


def _list(_: argparse.Namespace, faults: Faults) -> None:
    from stance.records import StanceError

    registry = open_registry()
    active = _active_or_none(registry)
    previous = registry.previous_version() if active else None
    for version in registry.versions():
        try:
            manifest = registry.manifest(version)
        except StanceError as error:
            faults(error)
            continue
        scores = manifest.get("scores", {}).get("grouped_cross_validation", {})
        emit(
            {
                "version": version,
                "active": version == active,
                "previous": version == previous,
                "trained": manifest.get("trained"),
                "parent": manifest.get("parent"),
                "statements": manifest.get("data", {}).get("statements"),
                "macro_f1": scores.get("macro_f1"),
                "gate": manifest.get("gate", {}).get("passed"),
            }
        )


def _show(arguments: argparse.Namespace, _: Faults) -> None:
    registry = open_registry()
    emit(registry.manifest(arguments.version or registry.active_version()))


def _diff(arguments: argparse.Namespace, _: Faults) -> None:
    from stance.differences import difference

    registry = open_registry()
    first: str | None = arguments.version or registry.previous_version()
    if first is None:
        arguments.usage("no version was active before; name the one to compare with")
    found = difference(registry, str(first), arguments.other or registry.active_version())
    print(found.table(), file=sys.stderr)
    emit(found.as_json())


def _activate(arguments: argparse.Namespace, _: Faults) -> None:
    open_registry().activate(arguments.version)
    emit({"version": arguments.version, "active": True})


def _roll_back(_: argparse.Namespace, __: Faults) -> None:
    emit({"version": open_registry().roll_back(), "active": True})


def _prune(arguments: argparse.Namespace, _: Faults) -> None:
    for version in open_registry().prune(arguments.keep, previous_too=arguments.previous_too):
        emit({"version": version, "deleted": True})


def _active_or_none(registry: "Registry") -> str | None:
    from stance.registry import RegistryError

    try:
        return registry.active_version()
    except RegistryError:
        return None
