"""The model that answers: loaded once, swapped when another version becomes active."""

import logging
import threading

from stance.registry import Model, NoModelError, Registry, RegistryError

log = logging.getLogger(__name__)


class ActiveModel:
    """The registry's active model, as one worker holds it."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._lock = threading.Lock()
        self._model: Model | None = None
        self._refused: str | None = None

    def get(self) -> Model:
        """Return the active model, loading it first where another became active.

        A version that cannot be loaded is logged and refused once; the old one goes on. Raise
        RegistryError where there is no old one.
        """
        model = self._model
        try:
            version = self._registry.active_version()
        except NoModelError:
            if model is None:
                raise
            return model
        if model is not None and version in (model.version, self._refused):
            return model
        with self._lock:
            return self._swap(version)

    def _swap(self, version: str) -> Model:
        if self._model is not None and self._model.version == version:
            return self._model
        try:
            self._model = self._registry.load(version)
        except RegistryError as error:
            if self._model is None:
                raise
            self._refused = version
            log.error("refused: %s; %s goes on serving", error, self._model.version)
        return self._model
