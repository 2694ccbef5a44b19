"""What a report says of an actor in words: "denied 24 October, confirmed 28 April 2025"."""

import collections
import datetime
from collections.abc import Iterable, Iterator

from stance.positions import ActorLine, Phase, day_order
from stance.records import Stance

VERBS = {Stance.CONFIRM: "confirmed", Stance.DENY: "denied", Stance.EVADE: "evaded"}
MARKS = {Stance.CONFIRM: "✓", Stance.DENY: "✕", Stance.EVADE: "↷", Stance.UNRELATED: "○"}
MEANINGS = {
    Stance.CONFIRM: "asserts the claim, or takes it for granted",
    Stance.DENY: "says that it is false, or rejects the reports of it",
    Stance.EVADE: "speaks to the question and commits to neither side",
    Stance.UNRELATED: "takes no position on it",
}


def day_in_words(day: str | None, *, with_year: bool = True) -> str:
    """Return a day as `31 October 2024`, `9 January (year not told)`, or `date unknown`."""
    if day is None:
        return "date unknown"
    yearless = day.startswith("--")
    told = datetime.date.fromisoformat(f"2024{day[1:]}" if yearless else day)
    words = f"{told.day} {told:%B}"
    if yearless:
        return f"{words} (year not told)"
    return f"{words} {told.year}" if with_year else words


def story_of(line: ActorLine, most: int | None = None) -> str:
    """Tell an actor's positions: the phases in order, then what no year or no day is told of.

    Of more than `most` phases the first and the last ones are told.
    """
    phases = list(_phases(line.phases)) if line.phases else []
    if most is not None and len(phases) > most:
        half = most // 2
        phases[half:-half] = [f"… {len(phases) - 2 * half} more …"]
    parts = [", ".join(phases)] if phases else []
    by_day: dict[str | None, set[Stance]] = collections.defaultdict(set)
    for quote in line.quotes:
        if not line.phases or quote.day is None or quote.day.startswith("--"):
            by_day[quote.day].add(quote.first.stance)
    for day in sorted(by_day, key=day_order):
        comma = "," if day is None else ""
        parts.append(f"{_verbs(by_day[day])}{comma} {day_in_words(day)}")
    return "; ".join(parts)


def _phases(phases: Iterable[Phase]) -> Iterator[str]:
    """Yield each phase in words; a year is told where the next phase is of another."""
    told = list(phases)
    for phase, following in zip(told, [*told[1:], None], strict=True):
        ends = phase.last != phase.first
        with_year = following is None or following.first[:4] != phase.last[:4]
        days = day_in_words(phase.last, with_year=with_year)
        if ends:
            other_year = phase.first[:4] != phase.last[:4]
            days = f"{day_in_words(phase.first, with_year=other_year)} to {days}"
        unsure = "" if phase.sure else " (for review)"
        yield f"{_verbs(set(phase.stances))} {days}{unsure}"


def _verbs(stances: set[Stance]) -> str:
    """Return `denied and evaded`; both sides of the claim at once are told as such."""
    words = [verb for stance, verb in VERBS.items() if stance in stances]
    both = {Stance.CONFIRM, Stance.DENY} <= stances
    return ("both " if both and len(words) == 2 else "") + " and ".join(words)
