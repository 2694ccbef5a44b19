"""Reporting verbs in sentences."""

import pytest

from stance.cues import find_cues, marked
from stance.grammar import sentences
from stance.marks import quotations

VERBS = [
    pytest.param("He claims that it is over.", ["claim"], id="verb"),
    pytest.param("The claims that it is over are false.", [], id="noun-behind-an-article"),
    pytest.param("His claims are false.", [], id="noun-behind-a-possessive"),
    pytest.param("Officials claim it is over.", ["claim"], id="plural-subject"),
    pytest.param("The United States sent troops.", [], id="name"),
    pytest.param("Air defences downed it.", [], id="noun-at-the-head"),
    pytest.param("She has also said so.", ["say"], id="auxiliary-and-adverb"),
    pytest.param("He called for calm.", ["call"], id="frame-with-preposition"),
    pytest.param("He's claiming that it is over.", ["claim"], id="contracted-verb"),
    pytest.param("Kim's claiming was in vain.", [], id="possessive"),
    pytest.param("The envoy was worried about it.", ["worried"], id="adjective"),
    pytest.param("The envoy brushed off the reports.", ["brush"], id="particle"),
]


@pytest.mark.parametrize(("text", "wanted"), VERBS)
def test_find_cues(text: str, wanted: list[str]) -> None:
    """A word that may be noun or verb is read by its neighbours."""
    [sentence] = sentences(text, quotations(text))
    assert [cue.verb.forms[0] for cue in find_cues(sentence)] == wanted


GROUPS = [
    pytest.param("He did not answer it.", (True, False, False), id="negated"),
    pytest.param("He was told that it was over.", (False, True, False), id="passive"),
    pytest.param("He wished to say so.", (False, False, True), id="infinitive"),
    pytest.param("He said so.", (False, False, False), id="plain"),
]


@pytest.mark.parametrize(("text", "wanted"), GROUPS)
def test_verb_group(text: str, wanted: tuple[bool, bool, bool]) -> None:
    """Auxiliaries tell whether a verb is negated, passive, an infinitive."""
    [sentence] = sentences(text, quotations(text))
    cue = find_cues(sentence)[-1]
    assert (cue.negated, cue.passive, cue.infinitive) == wanted


def test_marked_sentence_has_its_cues_as_verbs() -> None:
    """What was read as a cue is a verb for every later rule."""
    [sentence] = sentences("Kim denied it.", [])
    assert sentence.tags == "MLR."
    assert marked(sentence, find_cues(sentence)).tags == "MVR."
