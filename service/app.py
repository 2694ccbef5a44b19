"""The application factory."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask

from service import problems, routes
from service.model import ActiveModel
from stance.records import StanceError
from stance.registry import Registry, default_folder

DEFAULTS: dict[str, Any] = {
    "MODELS": None,  # folder of model versions; None is STANCE_MODELS or the user's data folder
    "MAX_BODY": 1_048_576,  # bytes
    "MAX_STATEMENTS": 1_000,  # statements or articles a request
    "MAX_TEXT": 20_000,  # characters of a statement's text, question or context
}


class SettingError(StanceError, ValueError):
    """A `STANCE_*` setting that cannot be used."""


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Make the service; `config` goes before the environment's `STANCE_*` settings.

    Keys are those of `DEFAULTS`. Raise SettingError for a setting that is no number where one is
    wanted.
    """
    app = Flask(__name__)
    settings = {**DEFAULTS, **_from_environment(), **(config or {})}
    app.config.update({key: value for key, value in settings.items() if key not in DEFAULTS})
    app.config["MAX_CONTENT_LENGTH"] = settings["MAX_BODY"]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    folder = settings["MODELS"]
    model = ActiveModel(Registry(Path(folder) if folder else default_folder()))
    app.register_blueprint(routes.blueprint(model, settings))
    problems.register(app)
    return app


def _from_environment() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key in DEFAULTS:
        value = os.environ.get(f"STANCE_{key}")
        if not value:
            continue
        if key != "MODELS" and not value.isdecimal():
            raise SettingError(f"STANCE_{key} must be a whole number, not {value!r}")
        found[key] = value if key == "MODELS" else int(value)
    return found
