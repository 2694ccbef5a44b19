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
    way are one phrase. The first phrase speaks for the label; the others come by strength. There
    are none where no word weighs anything.
    """
    strongest = max(map(abs, weights), default=0.0)
    if not strongest:
        return ()
    found = [
        Evidence(
            text[spans[first][0] : spans[end - 1][1]],
            spans[first][0],
            spans[end - 1][1],
            sum(weights[first:end]),
        )
        for first, end in _runs(text, spans, weights, _FAINT * strongest)
    ]
    found.sort(key=lambda phrase: -abs(phrase.weight))
    return tuple(found[:_MOST])


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
