"""The lexicon of reporting verbs: their forms, classes, and what may follow them."""

import dataclasses
import functools

from stance.records import StanceError
from stance.text import word_list


class CueLexiconError(StanceError):
    """A line of `lexicon/cues.txt` that cannot be read."""


@dataclasses.dataclass(frozen=True, slots=True)
class Verb:
    """A reporting verb of the lexicon; `frames` says what may follow it."""

    forms: tuple[str, ...]
    particle: str
    group: str
    frames: frozenset[str]


_FORMS = ("base", "third", "participle")


@functools.cache
def verbs() -> dict[str, list[tuple[Verb, str]]]:
    """Return the readings of each word form: the verb and the form's name."""
    index: dict[str, list[tuple[Verb, str]]] = {}
    for line in word_list("cues"):
        fields = [field.strip() for field in line.split("|")]
        if len(fields) != 4:
            raise CueLexiconError(f"expected 'forms | particle | class | frames': {line!r}")
        forms = tuple(fields[0].split())
        particle = "" if fields[1] == "-" else fields[1]
        verb = Verb(forms, particle, fields[2], frozenset(fields[3].split()))
        names = (*_FORMS, *["past"] * len(forms))
        for form, name in zip(forms, names, strict=False):
            index.setdefault(form, []).append((verb, name))
    return index


@functools.cache
def quoting_forms() -> frozenset[str]:
    """Return the forms of the verbs that may stand beside a quotation."""
    return frozenset(
        form
        for form, readings in verbs().items()
        for verb, name in readings
        if verb.frames & {"quote", "person"} and name in ("third", "past")
    )
