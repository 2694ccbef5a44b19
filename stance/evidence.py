"""The words that spoke for a label or against it, as phrases to read."""

import re
from collections.abc import Iterator, Sequence

from stance.records import Evidence

_FAINT = 0.15  # of the strongest word's weight: less says nothing alone
_BRIDGE = 2  # faint words that a phrase may run over
_MOST = 6  # phrases
_BREAK = re.compile(r"[.;:!?\n]")  # what parts two words


def phrases(
    text: str, spans: Sequence[tuple[int, int]], weights: Sequence[float]
) -> tuple[Evidence, ...]:
    """Return the phrases of a text that speak for a label (weight above 0) or against it.

    `spans` are the places of its words, `weights` what each says. Neighbours that speak the same
    way are one phrase. The strongest phrases come first. One at least is the best there is for
    the label: where no word speaks for it, that which speaks least against it. There are none
    where no word weighs anything.
    """
    strongest = max(map(abs, weights), default=0.0)
    if not strongest:
        return ()
    runs = list(_runs(text, spans, weights, _FAINT * strongest))
    found = [_phrase(text, spans, weights, run) for run in runs]
    best = max(found, key=lambda phrase: phrase.weight)
    if best.weight < 0:
        place = max(range(len(weights)), key=weights.__getitem__)
        if not any(first <= place < end for first, end in runs):
            best = _phrase(text, spans, weights, (place, place + 1))
    others = sorted((p for p in found if p is not best), key=_strength)[: _MOST - 1]
    return tuple(sorted([best, *others], key=_strength))


def _strength(phrase: Evidence) -> float:
    return -abs(phrase.weight)


def _phrase(
    text: str,
    spans: Sequence[tuple[int, int]],
    weights: Sequence[float],
    run: tuple[int, int],
) -> Evidence:
    first, end = run
    start, stop = spans[first][0], spans[end - 1][1]
    return Evidence(text[start:stop], start, stop, sum(weights[first:end]))


def _runs(
    text: str, spans: Sequence[tuple[int, int]], weights: Sequence[float], faint: float
) -> Iterator[tuple[int, int]]:
    """Yield the runs of words that speak the same way, faint ones within them bridged."""
    first = last = -1
    for place, weight in enumerate(weights):
        if abs(weight) < faint:
            continue
        if first >= 0 and (
            place - last > _BRIDGE + 1
            or (weight > 0) != (weights[last] > 0)
            or _BREAK.search(text, spans[last][1], spans[place][0])
        ):
            yield first, last + 1
            first = place
        elif first < 0:
            first = place
        last = place
    if first >= 0:
        yield first, last + 1
