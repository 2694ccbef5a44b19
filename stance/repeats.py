"""The same statement in several articles: equal words, or nearly so, found in linear time."""

import collections
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from stance.corpus import plain

_WORD = re.compile(r"\w+")
_FEWEST_WORDS = 6  # shorter ones ("no comment") are said anew every day
_ALIKE = 0.75  # share of words that two repeats have in common (Jaccard)
_SCORE = 88.0  # similarity of their letters, in per cent
_MOST_IN_BLOCK = 50  # candidates held against one statement
_NEGATIONS = frozenset("no not never none nor nothing without t".split())  # t of don't


@dataclass(frozen=True, slots=True)
class Said:
    """What is compared: whose words they are, the words, and the day they were printed."""

    actor: str
    text: str
    day: str | None


def group_repeats(said: Sequence[Said]) -> list[list[int]]:
    """Return the numbers of statements that repeat each other, groups in order of their first.

    Statements of fewer than six words repeat each other only if equal and printed on one day.
    Candidates share one of their rarest words (the prefix filter of Bayardo et al., 2007, "Scaling
    Up All Pairs Similarity Search"), so the work grows with the statements, not with their pairs.
    """
    words = [_WORD.findall(plain(one.text)) for one in said]
    frequency = collections.Counter(word for own in words for word in set(own))
    groups: list[list[int]] = []
    exact: dict[tuple[str, ...], int] = {}
    index: dict[tuple[str, str], list[int]] = collections.defaultdict(list)
    for number, (one, own) in enumerate(zip(said, words, strict=True)):
        long = len(own) >= _FEWEST_WORDS
        key = (one.actor, " ".join(own), "" if long else str(one.day))
        prefix = _prefix(own, frequency) if long else []
        group = exact.get(key)
        if group is None and long:
            candidates = (g for word in prefix for g in index[one.actor, word][-_MOST_IN_BLOCK:])
            group = _alike(own, candidates, groups, words)
        if group is None:
            group = len(groups)
            groups.append([])
            for word in prefix:
                index[one.actor, word].append(group)
        exact.setdefault(key, group)
        groups[group].append(number)
    return groups


def _prefix(words: Sequence[str], frequency: collections.Counter[str]) -> list[str]:
    """Return the rarest words, of which two texts that are alike share at least one."""
    ordered = sorted(set(words), key=lambda word: (frequency[word], word))
    return ordered[: int(len(ordered) * (1 - _ALIKE)) + 1]


def _alike(
    words: Sequence[str],
    candidates: Iterable[int],
    groups: Sequence[Sequence[int]],
    all_words: Sequence[Sequence[str]],
) -> int | None:
    mine, text = set(words), " ".join(words)
    for group in dict.fromkeys(candidates):
        theirs = all_words[groups[group][0]]
        other = set(theirs)
        if len(mine & other) < _ALIKE * len(mine | other) or _differ(mine, other):
            continue
        if fuzz.ratio(text, " ".join(theirs), score_cutoff=_SCORE):
            return group
    return None


def _differ(first: set[str], second: set[str]) -> bool:
    """Tell whether two sets of words differ in a number or a negation."""
    return any(word.isdigit() or word in _NEGATIONS for word in first ^ second)
