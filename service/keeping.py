"""Statements that the service was asked about, kept for later annotation, beside the answers."""

import logging
import os
import threading
from collections.abc import Sequence

from service.metrics import Metrics
from stance.database import DatabaseError
from stance.ledger import Ledger
from stance.records import Prediction

log = logging.getLogger(__name__)

_EVERY = 1.0  # seconds between two writes
_WAITING = 10_000  # statements in memory; more are let go, for answers go first


class Keeper:
    """Writes predictions to the ledger, now and then, on a thread of its own."""

    def __init__(self, ledger: Ledger, metrics: Metrics, most: int) -> None:
        self._ledger = ledger
        self._metrics = metrics
        self._most = most
        self._waiting: list[Prediction] = []
        self._lock = threading.Lock()
        self._thread_of: int | None = None

    def keep(self, predictions: Sequence[Prediction]) -> None:
        """Take predictions; they are written within a second or two."""
        with self._lock:
            room = max(0, _WAITING - len(self._waiting))
            self._waiting += predictions[:room]
            # A fork takes no thread along: each worker starts its own.
            if self._thread_of != os.getpid():
                self._thread_of = os.getpid()
                threading.Thread(target=self._run, name="keeper", daemon=True).start()
        if len(predictions) > room:
            self._metrics.lost(len(predictions) - room)

    def flush(self) -> None:
        """Write what is waiting; what cannot be written is counted and let go."""
        with self._lock:
            taken, self._waiting = self._waiting, []
        if not taken:
            return
        try:
            self._ledger.keep(taken, most=self._most)
        except DatabaseError as error:
            self._metrics.lost(len(taken))
            log.error("%d statements not kept: %s", len(taken), type(error.__cause__).__name__)

    def _run(self) -> None:
        pause = threading.Event()
        while True:
            pause.wait(_EVERY)
            self.flush()
