"""Requests that meet: their statements are labelled together, which costs little more than one.

Labelling a statement alone is mostly the fixed cost of a pass through the model. Whoever comes
first labels for all who wait by then; nobody is waited for.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from stance.labelling import label
from stance.records import Prediction, Statement
from stance.registry import Model


@dataclass(slots=True, eq=False)
class _Waiting:
    """A statement that a thread waits to have labelled."""

    model: Model
    statement: Statement
    prediction: Prediction | None = None


class Combiner:
    """Labels the statements of several threads in one pass."""

    def __init__(self, label_all: Callable[..., list[Prediction]] = label) -> None:
        self._label_all = label_all
        self._lock = threading.Lock()
        self._queue: deque[_Waiting] = deque()

    def label(self, model: Model, statement: Statement) -> Prediction:
        """Return the prediction that this model makes of a statement."""
        mine = _Waiting(model, statement)
        self._queue.append(mine)
        # Threads that have a statement ready come to put it into the queue.
        time.sleep(0)
        with self._lock:
            return mine.prediction or self._label(mine)

    def _label(self, mine: _Waiting) -> Prediction:
        waiting = [self._queue.popleft() for _ in range(len(self._queue))]
        others = [one for one in waiting if one.model is mine.model and one is not mine]
        self._queue.extend(one for one in waiting if one.model is not mine.model)
        try:
            statements = [mine.statement, *(one.statement for one in others)]
            first, *rest = self._label_all(mine.model, statements)
        except Exception:
            if not others:
                raise
            # One of them spoils it: each is labelled alone, by the thread that brought it.
            return self._label_all(mine.model, [mine.statement])[0]
        for one, prediction in zip(others, rest, strict=True):
            one.prediction = prediction
        return first
