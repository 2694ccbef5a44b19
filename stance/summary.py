"""The report in short: for each label the actors who took that position, and when."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from stance.positions import ActorLine, Quote, Report, day_order
from stance.records import Stance
from stance.wording import VERBS, day_in_words

_DAYS = 3  # that are named one by one


@dataclass(frozen=True, slots=True)
class Taker:
    """An actor who took a position, with the statements that say so."""

    line: ActorLine
    quotes: tuple[Quote, ...]

    @property
    def sure(self) -> bool:
        """Tell whether any of the statements needs no review."""
        return not all(quote.for_review for quote in self.quotes)

    @property
    def when(self) -> str:
        """Return the days in words: each of a few, the first and the last of many."""
        days = sorted({quote.day for quote in self.quotes}, key=day_order)
        dated = [day for day in days if day is not None and not day.startswith("--")]
        others = [day_in_words(day) for day in days if day not in dated]
        words = [day_in_words(day) for day in dated]
        if len(words) > _DAYS:
            words = [f"{words[0]} to {words[-1]} (on {len(words)} days)"]
        return ", ".join([*words, *others])


def takers(report: Report) -> list[tuple[Stance, list[Taker]]]:
    """Return for each label who took that position, those with a name and most to say first."""
    return [
        (
            stance,
            sorted(
                _takers(report.actors, stance),
                key=lambda one: (not one.line.actor.named, -len(one.quotes), one.line.number),
            ),
        )
        for stance in VERBS
    ]


def _takers(lines: Iterable[ActorLine], stance: Stance) -> Iterator[Taker]:
    for line in lines:
        committed = {q.day for q in line.quotes if q.first.stance is not Stance.EVADE}
        quotes = tuple(
            quote
            for quote in line.quotes
            if quote.first.stance is stance
            # What is committed to on a day outweighs evasion on it; days unknown may differ.
            and not (stance is Stance.EVADE and quote.day and quote.day in committed)
        )
        if quotes:
            yield Taker(line, quotes)
