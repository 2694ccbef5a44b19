"""The order in which kept statements are best annotated: unsure ones, unlike one another.

Two like statements teach a model less than two unlike ones; so each next one is the least certain
after what its likeness to those before it takes away (maximal marginal relevance, Carbonell and
Goldstein 1998).
"""

import re
from collections.abc import Sequence

from stance.ledger import Kept

_WORD = re.compile(r"\w+")
_WORDS = 60  # of a statement that tell what it is like


def in_order(kept: Sequence[Kept], most: int) -> list[Kept]:
    """Return at most so many statements: those for review before the others."""
    chosen: list[Kept] = []
    for review in (True, False):
        some = [one for one in kept if one.prediction.needs_review is review]
        chosen += _spread(some, most - len(chosen))
    return chosen


def _spread(kept: Sequence[Kept], most: int) -> list[Kept]:
    words = [frozenset(_WORD.findall(one.prediction.text.lower())[:_WORDS]) for one in kept]
    nearest = [0.0] * len(kept)
    left = list(range(len(kept)))
    chosen: list[Kept] = []
    while left and len(chosen) < most:
        best = max(left, key=lambda i: (1 - kept[i].prediction.probability) * (1 - nearest[i]))
        left.remove(best)
        chosen.append(kept[best])
        for i in left:
            nearest[i] = max(nearest[i], _likeness(words[i], words[best]))
    return chosen


def _likeness(first: frozenset[str], second: frozenset[str]) -> float:
    """Return the share of words that two statements have in common (Jaccard), 0 to 1."""
    either = len(first | second)
    return len(first & second) / either if either else 0.0
