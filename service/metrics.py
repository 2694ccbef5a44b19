"""Figures for Prometheus, over all workers.

In several processes the library keeps them in files of the folder PROMETHEUS_MULTIPROC_DIR, which
`stance serve` makes and removes; in one process they are in memory.
"""

import contextlib
import fcntl
import functools
import os
from collections import Counter as Tally
from collections.abc import Iterator, Sequence
from pathlib import Path

from stance.ledger import Receipt
from stance.records import Prediction

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """What the service counts and measures."""

    def __init__(self) -> None:
        # The library chooses files or memory when it is imported, so it is not before this.
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

        registry = self._registry = CollectorRegistry()
        self._requests = Counter(
            "stance_requests", "Requests answered", ["route", "method", "status"], registry=registry
        )
        self._seconds = Histogram(
            "stance_request_seconds",
            "Time to answer a request",
            ["route"],
            buckets=_BUCKETS,
            registry=registry,
        )
        self._predictions = Counter(
            "stance_predictions", "Statements labelled", ["stance"], registry=registry
        )
        self._reviews = Counter(
            "stance_reviews", "Statements labelled and marked for review", registry=registry
        )
        self._workers = Gauge(
            "stance_model_info",
            "Workers that answer by a version of the model",
            ["version"],
            multiprocess_mode="livesum",
            registry=registry,
        )
        self._refusals = Counter(
            "stance_model_refusals",
            "Versions that became active and could not be used",
            ["reason"],
            registry=registry,
        )
        self._annotations = Counter(
            "stance_annotations_received",
            "Annotations received, new or known already",
            ["outcome"],
            registry=registry,
        )
        self._lost = Counter(
            "stance_kept_lost", "Statements to keep that could not be stored", registry=registry
        )
        # Looking a child up is as dear as counting; there are few, for what a client sends is no
        # label's value.
        self._counted = functools.cache(self._requests.labels)
        self._timed = functools.cache(self._seconds.labels)
        self._labelled = functools.cache(self._predictions.labels)

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request and its time."""
        self._counted(route, method, str(status)).inc()
        self._timed(route).observe(seconds)

    def labelled(self, predictions: Sequence[Prediction]) -> None:
        """Count predictions by label, and those for review."""
        for stance, count in Tally(p.stance for p in predictions).items():
            self._labelled(stance).inc(count)
        reviews = sum(p.needs_review for p in predictions)
        if reviews:
            self._reviews.inc(reviews)

    def serving(self, version: str, *, instead_of: str | None = None) -> None:
        """Tell that this worker answers by a version, and no more by the other one."""
        if instead_of is not None:
            self._workers.labels(instead_of).set(0)
        self._workers.labels(version).set(1)

    def refused(self, reason: str) -> None:
        """Count a version that was refused."""
        self._refusals.labels(reason).inc()

    def received(self, receipts: Sequence[Receipt]) -> None:
        """Count annotations stored, and those that were there before."""
        created = sum(receipt.created for receipt in receipts)
        self._annotations.labels("created").inc(created)
        self._annotations.labels("known").inc(len(receipts) - created)

    def lost(self, count: int) -> None:
        """Count statements that should have been kept and were not."""
        self._lost.inc(count)

    def exposition(self) -> bytes:
        """Return the figures of all workers in Prometheus' text format."""
        from prometheus_client import CollectorRegistry, generate_latest
        from prometheus_client.multiprocess import MultiProcessCollector

        folder = os.environ.get(FOLDER)
        if not folder:
            return generate_latest(self._registry)
        every = CollectorRegistry()
        MultiProcessCollector(every, path=folder)  # type: ignore[no-untyped-call]
        with _locked(Path(folder), fcntl.LOCK_SH):
            return generate_latest(every)


def bury(folder: Path, pid: int) -> None:
    """Add what a dead worker counted to what all dead ones did: else its files stay for ever."""
    from prometheus_client.mmap_dict import MmapedDict
    from prometheus_client.multiprocess import mark_process_dead

    with _locked(folder, fcntl.LOCK_EX):
        for kind in ("counter", "histogram"):
            path = folder / f"{kind}_{pid}.db"
            if not path.exists():
                continue
            dead = MmapedDict(str(folder / f"{kind}_dead.db"))  # type: ignore[no-untyped-call]
            values = MmapedDict.read_all_values_from_file(str(path))  # type: ignore[no-untyped-call]
            for key, value, _, _ in values:
                before, _ = dead.read_value(key)  # type: ignore[no-untyped-call]
                dead.write_value(key, before + value, 0.0)  # type: ignore[no-untyped-call]
            dead.close()  # type: ignore[no-untyped-call]
            path.unlink()
        mark_process_dead(pid, str(folder))  # type: ignore[no-untyped-call]


@contextlib.contextmanager
def _locked(folder: Path, kind: int) -> Iterator[None]:
    with (folder / "lock").open("a") as file:
        fcntl.flock(file, kind)
        yield
