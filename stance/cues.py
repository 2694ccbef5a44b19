"""The words that report what somebody says or thinks, and what may follow them."""

import dataclasses
from collections.abc import Sequence

from stance.grammar import Sentence, word_classes
from stance.verbs import Verb, verbs


@dataclasses.dataclass(frozen=True, slots=True)
class Cue:
    """A reporting verb in a sentence: tokens `first` to `last`, `last` included.

    `group_start` is where its auxiliaries and adverbs begin; `form` is one of base, third,
    participle (-ing) and past.
    """

    verb: Verb
    first: int
    last: int
    group_start: int
    form: str
    passive: bool = False
    infinitive: bool = False
    negated: bool = False


def find_cues(sentence: Sentence) -> list[Cue]:
    """Return the reporting verbs of a sentence in order."""
    index = verbs()
    return [
        cue
        for position, word in enumerate(sentence.words)
        if word in index
        for cue in [_read(sentence, position, index[word])]
        if cue is not None
    ]


def marked(sentence: Sentence, cues: Sequence[Cue]) -> Sentence:
    """Return the sentence with its reporting verbs tagged as verbs."""
    tags = list(sentence.tags)
    is_cue = [False] * len(tags)
    for cue in cues:
        tags[cue.first] = "V"
        is_cue[cue.first] = True
    return dataclasses.replace(sentence, tags="".join(tags), is_cue=tuple(is_cue))


def _read(sentence: Sentence, position: int, readings: list[tuple[Verb, str]]) -> Cue | None:
    """Return the reading of a word as a cue: the longest, and only where it can be a verb."""
    words = sentence.words
    best: tuple[int, Verb] | None = None
    form = readings[0][1]
    for verb, name in readings:
        last = position if not verb.particle else _particle(words, position, verb.particle)
        if last is not None and (best is None or last > best[0]):
            best, form = (last, verb), name
    if best is None:
        return None
    names = {name for verb, name in readings if verb is best[1]}
    group_start = _group_start(sentence, position)
    before = words[group_start:position]
    classes = word_classes()
    passive = False
    if form == "past" or "past" in names:
        passive = any(word in classes["be"] for word in before[-3:]) and not (
            before and before[-1] in ("have", "has", "had")
        )
        opens = not group_start or words[group_start - 1] in ("when", "if", "once", "unless")
        passive = passive or (opens and best[1].group == "ask")
    if not _is_verb(sentence, position, group_start, names):
        return None
    return Cue(
        best[1],
        position,
        best[0],
        group_start,
        "base" if form == "participle" and set(before) & classes["be"] else form,
        passive=passive,
        infinitive="to" in before,
        negated=any(word in classes["negation"] or word.endswith("n't") for word in before),
    )


def _particle(words: tuple[str, ...], position: int, particle: str) -> int | None:
    """Return where the particle stands, at most three words after its verb."""
    for k in range(position + 1, min(position + 4, len(words))):
        if words[k] == particle:
            return k
        if words[k] in ("", ",", ".", ":", ";", "that"):
            return None
    return None


def _group_start(sentence: Sentence, position: int) -> int:
    """Return where the verb group begins: auxiliaries, negations, adverbs, `to`."""
    classes, words = word_classes(), sentence.words
    start = position
    while start and position - start < 6:
        word = words[start - 1]
        if (
            word in classes["auxiliary"]
            or word in classes["modal"]
            or (word == "to" and words[start - 2 : start - 1] != ("according",))
            or word in classes["adverb"]
            or (word in classes["negation"] and word != "no")
            or word.endswith("n't")
            or (sentence.tags[start - 1] == "A" and word.endswith("ly"))
        ):
            start -= 1
        else:
            break
    return start


def _is_verb(sentence: Sentence, position: int, start: int, names: set[str]) -> bool:
    """Tell whether a word that may be a noun or adjective is a verb here, by what precedes."""
    classes = word_classes()
    words, tags = sentence.words, sentence.tags
    may_be_noun = words[position] in classes["noun"]
    capital = position > 0 and sentence.tokens[position].text[0].isupper()
    if capital and (may_be_noun or not sentence.is_headline):
        return False
    auxiliary = "X" in tags[start:position] or "to" in words[start:position]
    before = words[start - 1] if start else ""
    tag = tags[start - 1] if start else ""
    following = tags[position + 1 : position + 2]
    owned = _is_possessive(before) or before in classes["possessive"]
    pronoun = before in classes["pronoun"]
    if "participle" in names:
        named = may_be_noun and tag not in "X,SC"
        return not named and not owned and (tag != "D" or pronoun)
    if auxiliary:
        return True
    if "past" in names:
        modifies = tag in "DI" and not pronoun and following in ("L", "M")
        return not owned and not modifies and (tag != "I" or before == "than")
    if owned or not start or tag in "IX" or (tag == "D" and not pronoun):
        return False
    if tag == "N":
        return not may_be_noun
    return _is_present(sentence, position, start, names)


def _is_present(sentence: Sentence, position: int, start: int, names: set[str]) -> bool:
    """Tell a verb in the present tense from a noun (`claims`, `plan`), by both neighbours."""
    classes = word_classes()
    before, tag = sentence.words[start - 1], sentence.tags[start - 1]
    following = sentence.tags[position + 1 : position + 2]
    may_be_noun = sentence.words[position] in classes["noun"]
    if tag == "C":
        return not may_be_noun or following in tuple("DRSQX")
    if tag == "S" and may_be_noun and following == "I":
        return False
    if may_be_noun and before in verbs() and before not in classes["noun"]:
        return False
    if tag in "RWS" or before in classes["pronoun"]:
        singular = before in _SINGULAR
        return "base" not in names if singular else tag != "R" or "third" not in names
    if not may_be_noun:
        return "third" in names or tag in "LMTQ)-,"
    if (tag == "L" and before.endswith(("ing", "ed"))) or following in (".", ""):
        return False
    plural = before.endswith("s") and not before.endswith(("ss", "us"))
    if "third" in names:
        return not (plural and tag == "L") and following not in ("V", "X")
    return plural and tag in "LM"


def _is_possessive(word: str) -> bool:
    """Tell `Kim's` from `he's`, in which a verb is hidden."""
    return word.endswith(("'s", "s'")) and word not in _CONTRACTED


_CONTRACTED = frozenset("he's she's it's that's there's who's what's here's let's".split())
_SINGULAR = frozenset("he she it everyone everybody someone somebody nobody anyone".split())
