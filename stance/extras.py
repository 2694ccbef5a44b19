"""Libraries that only some commands need, and that come with an extra of the package."""

import importlib
import logging
from typing import Any

from stance.records import StanceError


class MissingExtraError(StanceError):
    """A library that comes with an extra which is not installed."""


def need(module: str, extra: str) -> Any:
    """Return a module; raise MissingExtraError that tells how to install it."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingExtraError(
            f"this needs {module.partition('.')[0]}, which is not installed;"
            f" install it with: pip install 'stance[{extra}]'"
        ) from error


def pyplot() -> Any:
    """Return matplotlib's pyplot, set to draw without a screen; no text is mathematics to it.

    Raise MissingExtraError without `stance[pictures]`.
    """
    # It tells of its font cache at the first use; that is nothing to a reader.
    logging.getLogger("matplotlib").setLevel(logging.WARNING)
    need("matplotlib", "pictures").use("Agg")
    plots = need("matplotlib.pyplot", "pictures")
    plots.rcParams["text.parse_math"] = False
    return plots
