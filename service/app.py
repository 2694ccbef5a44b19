"""The application factory."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask

from service import access, observation, page, problems, routes
from service.keeping import Keeper
from service.metrics import Metrics
from service.model import ActiveModel
from service.settings import DEFAULTS, read_settings
from stance.ledger import Ledger
from stance.registry import Registry, default_folder


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Make the service; `config` goes before the environment's `STANCE_*` settings.

    Keys are those of `settings.DEFAULTS`. Raise SettingError for a setting that cannot be used.
    """
    app = Flask(__name__, static_folder=None)
    settings = read_settings(config)
    app.config.update({key: v for key, v in (config or {}).items() if key not in DEFAULTS})
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body
    # A form is a text of that size, not many small fields.
    app.config["MAX_FORM_MEMORY_SIZE"] = settings.max_body
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    metrics = Metrics()
    folder = Path(settings.models) if settings.models else default_folder()
    ledger = Ledger(settings.database)
    service = routes.Service(
        settings=settings,
        model=ActiveModel(Registry(folder), metrics),
        metrics=metrics,
        ledger=ledger,
        keeper=Keeper(ledger, metrics, settings.keep_max) if settings.keep else None,
    )
    app.extensions["stance"] = service
    observation.register(app, metrics)
    access.register(app, settings)
    problems.register(app)
    app.register_blueprint(routes.blueprint(service))
    app.register_blueprint(page.blueprint(service))
    return app
