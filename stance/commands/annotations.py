"""`stance annotations`: look through what people sent, accept or reject it, hand it on."""

import argparse
from typing import TYPE_CHECKING, Any

from stance.commands.console import Faults, emit, subcommand

if TYPE_CHECKING:
    from stance.ledger import Ledger

# Those of stance.ledger, which is not imported before it is needed.
_STATES = ("received", "accepted", "rejected")


def add_to(commands: Any) -> None:
    """Add the command and its actions to the parser's."""
    text = "list, export, accept or reject the annotations that the service received"
    parser = commands.add_parser("annotations", help=text, description=text)
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    listing = subcommand(actions, "list", _list, "list annotations in the order received")
    listing.add_argument("--state", choices=_STATES, help="default: all")
    export = subcommand(
        actions, "export", _export, "print annotations as `stance train` reads them"
    )
    export.add_argument("--state", choices=_STATES, default="accepted", help="default: accepted")
    for name, state in (("accept", "accepted"), ("reject", "rejected")):
        decide = subcommand(actions, name, _decide, f"mark annotations as {state}")
        decide.set_defaults(state=state)
        decide.add_argument("ids", metavar="ID", nargs="*")
        decide.add_argument("--all", action="store_true", help="all that are not yet decided")
    subcommand(actions, "kept", _kept, "list the statements kept, those for review first")


def _list(arguments: argparse.Namespace, _: Faults) -> None:
    from stance.records import as_json

    for entry in _ledger().entries(arguments.state):
        emit(as_json(entry))


def _export(arguments: argparse.Namespace, _: Faults) -> None:
    from stance.records import as_json

    for entry in _ledger().entries(arguments.state):
        emit(as_json(entry.annotation))


def _decide(arguments: argparse.Namespace, _: Faults) -> None:
    if bool(arguments.ids) == arguments.all:
        arguments.usage("name the ids of annotations, or --all")
    for one in _ledger().decide(arguments.state, None if arguments.all else arguments.ids):
        emit({"id": one, "state": arguments.state})


def _kept(_: argparse.Namespace, __: Faults) -> None:
    from stance.records import as_json

    for kept in _ledger().kept():
        row = as_json(kept)
        emit({**row.pop("prediction"), **row})


def _ledger() -> "Ledger":
    from stance.ledger import Ledger

    return Ledger()
