"""The settings: the environment's `STANCE_*`, checked once when the service is made."""

import dataclasses
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stance.records import StanceError


class SettingError(StanceError, ValueError):
    """A `STANCE_*` setting that cannot be used."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the service can be told; a field is the setting `STANCE_` and its name."""

    models: str | None = None  # folder of model versions; None is the user's data folder
    database: str | None = None  # URL of the annotations; None is a file in that folder
    max_body: int = 1_048_576  # bytes
    max_statements: int = 1_000  # statements, articles or annotations of a request
    max_text: int = 20_000  # characters of a statement's text, question, context or note
    api_key: str | None = None  # one or more, with commas between
    protect: str = "annotations"  # what needs the key: "annotations" or "all"
    keep: int = 0  # 1 keeps the statements that were asked about
    keep_max: int = 100_000  # statements kept
    read_seconds: int = 20  # that a client has to send a request
    max_requests: int = 100_000  # requests after which a worker makes room for a new one; 0: never

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the keys that open the service; two of them while one replaces the other."""
        return tuple(key.strip() for key in (self.api_key or "").split(",") if key.strip())


DEFAULTS: dict[str, Any] = {
    field.name.upper(): field.default for field in dataclasses.fields(Settings)
}


def read_settings(config: Mapping[str, Any] | None = None) -> Settings:
    """Return the settings; `config` (keys of DEFAULTS) goes before the environment.

    Raise SettingError for a setting that cannot be used.
    """
    values = {**_from_environment(), **(config or {})}
    settings = Settings(**{key.lower(): values[key] for key in DEFAULTS if key in values})
    if settings.protect not in {"annotations", "all"}:
        raise SettingError(
            f"STANCE_PROTECT must be 'annotations' or 'all', not {settings.protect!r}"
        )
    if settings.protect == "all" and not settings.keys:
        raise SettingError("STANCE_PROTECT=all needs a key; set STANCE_API_KEY")
    if settings.api_key and not settings.keys:
        raise SettingError("STANCE_API_KEY holds no key")
    if not all(key.isascii() and key.isprintable() and " " not in key for key in settings.keys):
        # The value is not repeated, for it is secret.
        raise SettingError("STANCE_API_KEY must be of ASCII characters without spaces")
    return settings


def _from_environment() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, default in DEFAULTS.items():
        value = os.environ.get(f"STANCE_{key}")
        if not value:
            continue
        if isinstance(default, int) and not (value.isascii() and value.isdecimal()):
            raise SettingError(f"STANCE_{key} must be a whole number, not {value!r}")
        found[key] = int(value) if isinstance(default, int) else value
    return found
