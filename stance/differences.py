"""What changed between two model versions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from stance.corpus import words_of
from stance.lineage import training_data
from stance.records import Annotation
from stance.registry import Registry

_SECTIONS = (
    "claim",
    "data",
    "scores",
    "thresholds",
    "temperature",
    "parameters",
    "encoder",
    "libraries",
)


@dataclass(frozen=True, slots=True)
class Difference:
    """The figures of two manifests that differ, and how their training data do.

    `changes` go from a figure's place (`scores/.../macro_f1`) to its two values, None where it is
    missing. `statements` counts those only in the first, only in the second, and those with
    another label; None where a version does not hold its data.
    """

    first: str
    second: str
    changes: dict[str, tuple[Any, Any]]
    statements: dict[str, int] | None

    def as_json(self) -> dict[str, Any]:
        """Return the difference as a JSON object."""
        return {
            "first": self.first,
            "second": self.second,
            "statements": self.statements,
            "changes": {
                name: {"first": old, "second": new} for name, (old, new) in self.changes.items()
            },
        }

    def table(self) -> str:
        """Return the changes as a table to read."""
        width = max(map(len, self.changes), default=0)
        lines = [f"{'':<{width}}  {self.first} -> {self.second}"]
        lines += [
            f"{name:<{width}}  {_short(old)} -> {_short(new)}"
            for name, (old, new) in self.changes.items()
        ]
        if self.statements:
            told = ", ".join(f"{name} {number}" for name, number in self.statements.items())
            lines.append(f"statements: {told}")
        return "\n".join(lines)


def difference(registry: Registry, first: str, second: str) -> Difference:
    """Compare two versions; raise RegistryError where a manifest or the data cannot be read."""
    old, new = (
        dict(_flat({name: manifest.get(name) for name in _SECTIONS}))
        for manifest in (registry.manifest(first), registry.manifest(second))
    )
    changes = {
        name: (old.get(name), new.get(name))
        for name in {**old, **new}
        if old.get(name) != new.get(name)
    }
    return Difference(first, second, changes, _statements(registry, first, second))


def _statements(registry: Registry, first: str, second: str) -> dict[str, int] | None:
    old, new = training_data(registry, first), training_data(registry, second)
    if old is None or new is None:
        return None
    before, after = _labels(old), _labels(new)
    return {
        "only_first": len(before.keys() - after.keys()),
        "only_second": len(after.keys() - before.keys()),
        "relabelled": sum(before[words] != after[words] for words in before.keys() & after.keys()),
    }


def _labels(annotations: list[Annotation]) -> dict[tuple[str, str, str], str]:
    return {words_of(annotation): str(annotation.stance) for annotation in annotations}


def _flat(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the leaves of a JSON object with their places; lists are leaves."""
    if isinstance(value, Mapping):
        for name, part in value.items():
            yield from _flat(part, f"{place}/{name}" if place else str(name))
    elif value is not None:
        yield place, value


def _short(value: Any) -> str:
    text = "-" if value is None else f"{value:.4f}" if isinstance(value, float) else str(value)
    return text if len(text) <= 40 else text[:39] + "…"
