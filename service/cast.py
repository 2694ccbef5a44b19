"""Who speaks in an article, and where each of them stands."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from service.highlight import Shown
from stance.records import LABELS

UNNAMED = "unnamed"


@dataclass(frozen=True, slots=True)
class Actor:
    """A speaker, with how many of their statements have each label, and the first of each."""

    speaker: str
    role: str | None
    affiliation: str | None
    counts: dict[str, int]
    first: dict[str, int]
    for_review: int

    @property
    def total(self) -> int:
        """Return how many statements there are."""
        return sum(self.counts.values())

    @property
    def takes_position(self) -> bool:
        """Tell whether any of them speaks to the claim."""
        return self.total > self.counts["unrelated"]


def actors(shown: Sequence[Shown]) -> list[Actor]:
    """Return the speakers, those who speak to the claim first, the unnamed last."""
    by_name: dict[str, list[Shown]] = {}
    for one in shown:
        by_name.setdefault(one.speaker, []).append(one)
    found = [_actor(name, said) for name, said in by_name.items()]
    return sorted(
        found,
        key=lambda a: (a.speaker == UNNAMED, a.counts["unrelated"] - a.total, -a.total, a.speaker),
    )


def _actor(name: str, said: Sequence[Shown]) -> Actor:
    sources = [one.prediction.source for one in said if one.prediction.source]
    counts = Counter(one.label for one in said)
    first: dict[str, int] = {}
    for one in said:
        first.setdefault(one.label, one.number)
    return Actor(
        speaker=name,
        role=next((s.role for s in sources if _tells(s.role, name)), None),
        affiliation=next((s.affiliation for s in sources if _tells(s.affiliation, name)), None),
        counts={label: counts[label] for label in LABELS},
        first=first,
        for_review=sum(one.for_review for one in said),
    )


def _tells(words: str | None, name: str) -> bool:
    """Tell whether words say more of a speaker than the name does."""
    return bool(words) and str(words).casefold() != name.casefold()
