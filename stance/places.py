"""States and organisations that a text names, in one canonical English form each."""

import functools
from collections.abc import Sequence
from typing import NamedTuple

from stance.text import token_spans, word_list


class PlaceName(NamedTuple):
    """A name in a sequence of words: `words[first:end]` stands for `place`.

    `local` is true for a city that is not the seat of its government.
    """

    first: int
    end: int
    place: str
    local: bool = False


@functools.cache
def _names() -> dict[tuple[str, ...], tuple[str, bool]]:
    """Return the place of each name of `lexicon/places.txt`, as a tuple of words."""
    names: dict[tuple[str, ...], tuple[str, bool]] = {}
    for line in word_list("places"):
        place, _, others = line.partition(":")
        seats, _, cities = others.partition("|")
        for name in [place, *seats.split(","), *cities.split(",")]:
            if words := _words(name):
                names.setdefault(words, (place, False))
        for name in cities.split(","):
            if words := _words(name):
                names[words] = (place, True)
    return names


@functools.cache
def _longest() -> int:
    return max(map(len, _names()))


def _words(name: str) -> tuple[str, ...]:
    words = tuple(name[start:end] for start, end in token_spans(name))
    return words[1:] if words[:1] == ("the",) else words


def bare(word: str) -> str:
    """Return a word without its possessive ending."""
    return word.replace("’", "'").removesuffix("'s")


def find_places(words: Sequence[str]) -> list[PlaceName]:
    """Return the names of places in order, the longest where several begin at one word."""
    names = _names()
    stems = [bare(word) for word in words]
    found = []
    k = 0
    while k < len(words):
        for length in range(min(_longest(), len(words) - k), 0, -1):
            known = names.get(tuple(stems[k : k + length]))
            if known is not None:
                found.append(PlaceName(k, k + length, *known))
                k += length - 1
                break
        k += 1
    return found
