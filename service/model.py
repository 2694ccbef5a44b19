"""The model that answers: loaded once, swapped when another version becomes active."""

import contextlib
import logging
import mmap
import threading
import time

from service.metrics import Metrics
from service.schemas import Refusal
from stance.encoder import check as check_encoder
from stance.labelling import label
from stance.records import Statement
from stance.registry import Model, NoModelError, Registry, RegistryError

log = logging.getLogger(__name__)

_RETRY = 5.0  # seconds until a refused version is tried again: it may have been repaired
_WATCH = 0.5  # seconds between two looks
_SHARED = 64  # bytes, more than a version's name has


class ActiveModel:
    """The registry's active model, as one worker holds it.

    Made before the workers are forked, it lets them share the name of the last good version: a
    worker that starts while the active one is broken goes on with that.
    """

    def __init__(self, registry: Registry, metrics: Metrics) -> None:
        self._registry = registry
        self._metrics = metrics
        self._lock = threading.Lock()
        self._model: Model | None = None
        self._refusal: Refusal | None = None
        self._tried = 0.0
        self._last_good = mmap.mmap(-1, _SHARED)

    @property
    def refusal(self) -> Refusal | None:
        """Return the active version that was refused, and why; None where all is well."""
        return self._refusal

    def get(self) -> Model:
        """Return the active model, loading it first where another became active.

        A version that cannot be used is refused, and the old one goes on; meanwhile and while
        one thread loads, the others are answered by the old one. Raise RegistryError where there
        is no old one.
        """
        model = self._model
        try:
            version = self._registry.active_version()
        except (NoModelError, OSError):
            if model is None:
                raise
            return model
        if model is None:
            with self._lock:
                return self._first(version)
        if version == model.version:
            self._refusal = None
        elif self._is_due(version) and self._lock.acquire(blocking=False):
            try:
                return self._swap(version) or model
            finally:
                self._lock.release()
        return model

    def preload(self) -> None:
        """Load the active model before the workers are forked, so that they share it.

        One with an encoder is only checked, and loaded by each worker: what the encoder's threads
        were doing here would never end there. Raise StanceError where there is none to answer.
        """
        description = self._registry.manifest(self._registry.active_version()).get("encoder")
        if isinstance(description, dict):
            check_encoder(description)
        else:
            self.get()

    def after_fork(self) -> None:
        """Take up the work in a new worker: tell its version, load the active one if need be."""
        self._lock = threading.Lock()
        if self._model is not None:
            self._metrics.serving(self._model.version)
        try:
            active = self._registry.active_version()
            if self._model is not None and active != self._model.version:
                self._swap(active) or self._swap(self._shared_version())
        except (RegistryError, OSError) as error:
            log.error("no active model: %s", type(error).__name__)
        threading.Thread(target=self._watch, name="watch", daemon=True).start()

    def _watch(self) -> None:
        """Take up a new version also where nobody asks, so that no request waits for it."""
        while True:
            time.sleep(_WATCH)
            with contextlib.suppress(RegistryError, OSError):
                self.get()

    def _first(self, version: str) -> Model:
        if self._model is not None:
            return self._model
        if not self._is_due(version):
            raise RegistryError(f"model {version} was refused")
        model = self._swap(version) or self._swap(self._shared_version())
        if model is None:
            raise RegistryError(f"model {version} was refused")
        return model

    def _is_due(self, version: str) -> bool:
        refused = self._refusal is not None and self._refusal.version == version
        return not refused or time.monotonic() - self._tried >= _RETRY

    def _swap(self, version: str | None) -> Model | None:
        """Load a version and answer by it from now on; return None where it is refused."""
        if not version or (self._model is not None and self._model.version == version):
            return self._model
        try:
            model = self._registry.load(version)
            # A model that loads and cannot answer is broken too.
            label(model, [Statement(text="There are no troops.")])
        except Exception as error:  # noqa: BLE001 - whatever is wrong with it, the old one goes on
            self._refuse(version, type(error).__name__)
            return None
        before, self._model = self._model, model
        if self._refusal is not None and self._refusal.version == version:
            self._refusal = None
        self._last_good[:] = version.encode("ascii").ljust(_SHARED, b"\0")
        # Told when it is so, not before: who reads the figures may rely on them.
        self._metrics.serving(version, instead_of=before.version if before else None)
        log.info("model %s answers", version)
        return model

    def _refuse(self, version: str, reason: str) -> None:
        refusal = Refusal(version, reason)
        before, self._refusal = self._refusal, refusal
        self._tried = time.monotonic()
        if refusal != before:
            going_on = f"{self._model.version} goes on serving" if self._model else "none serves"
            log.error("model %s is refused: %s; %s", version, reason, going_on)
            self._metrics.refused(reason)

    def _shared_version(self) -> str | None:
        return self._last_good[:].rstrip(b"\0").decode("ascii") or None
