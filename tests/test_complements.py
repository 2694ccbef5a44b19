"""What a verb reports."""

import pytest

from stance.acts import is_reported_act
from stance.complements import complement
from stance.cues import find_cues, marked
from stance.grammar import sentences
from stance.marks import quotations

FRAMES = [
    pytest.param("He said that it was over.", ("that", "it was over"), id="that"),
    pytest.param(
        "He said in Seoul that it was over.", ("that", "it was over"), id="that-behind-aside"
    ),
    pytest.param("He said it was over.", ("clause", "it was over"), id="bare-clause"),
    pytest.param("He told reporters it was over.", ("clause", "it was over"), id="addressed"),
    pytest.param("He asked the envoy whether it was over.", ("wh", "whether it was over"), id="wh"),
    pytest.param("He promised to leave.", ("to", "to leave"), id="infinitive"),
    pytest.param("He praised the envoy on Monday.", ("obj", "the envoy"), id="object"),
    pytest.param("He described it as a lie.", ("as", "it as a lie"), id="as"),
    pytest.param("He called it a lie.", ("call", "it a lie"), id="call"),
    pytest.param("He warned of war.", ("of", "war"), id="preposition"),
    pytest.param('He said: "It is over."', ("quote", '"It is over."'), id="colon"),
    pytest.param("He spoke.", None, id="nothing"),
    pytest.param("He told the envoy.", None, id="addressee-alone"),
]


@pytest.mark.parametrize(("text", "wanted"), FRAMES)
def test_complement(text: str, wanted: tuple[str, str] | None) -> None:
    """A verb's frames tell what it governs, and where that begins and ends."""
    [sentence] = sentences(text, quotations(text))
    [cue] = find_cues(sentence)
    sentence = marked(sentence, [cue])
    found = complement(sentence, cue)
    if found is None:
        assert wanted is None
    else:
        first, end = found.content
        span = slice(sentence.tokens[first].start, sentence.tokens[end - 1].end)
        assert (found.frame, text[span]) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param("The envoy, who said it was over, left.", "it was over", id="relative-clause"),
        pytest.param("When asked if it was over, he left.", "if it was over", id="clause-in-front"),
        pytest.param("He said it was late, it was over.", "it was late , it was over", id="main"),
    ],
)
def test_within_clause(text: str, wanted: str) -> None:
    """What a subordinate clause reports ends with that clause."""
    [sentence] = sentences(text, [])
    cue = find_cues(sentence)[0]
    sentence = marked(sentence, [cue])
    found = complement(sentence, cue)
    assert found is not None
    assert " ".join(token.text for token in sentence.tokens[slice(*found.content)]) == wanted


ACTS = [
    pytest.param("He declined to comment.", True, id="declined"),
    pytest.param("He denied the reports.", True, id="denied-something"),
    pytest.param("He denied that it was so.", False, id="denied-that"),
    pytest.param("He did not answer.", True, id="did-not-answer"),
    pytest.param("He said that it was so.", False, id="said"),
]


@pytest.mark.parametrize(("text", "wanted"), ACTS)
def test_is_reported_act(text: str, wanted: bool) -> None:
    """To decline, to deny something, not to answer is itself what is reported."""
    [sentence] = sentences(text, [])
    cue = find_cues(sentence)[0]
    found = complement(sentence, cue)
    assert found is not None
    assert is_reported_act(cue, found) is wanted
