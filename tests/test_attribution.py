"""Who makes each statement."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.attribution import attribute, explain, extract
from stance.quotation import find
from stance.ranking import SourceRanker
from stance.records import Article, Source


def sources(text: str) -> list[Source | None]:
    """Return the sources of the statements of a text."""
    return [statement.source for statement in extract(Article("a", text))]


def speakers(text: str) -> list[tuple[str | None, str | None]]:
    """Return speaker and affiliation of each statement of a text."""
    return [(one.speaker, one.affiliation) if one else (None, None) for one in sources(text)]


ONE = [
    pytest.param(
        "Kremlin spokesman Ivan Ivanov said it was over.", ("Ivan Ivanov", "Russia"), id="title"
    ),
    pytest.param(
        "Mary Poe, Britain's ambassador, said it was over.",
        ("Mary Poe", "United Kingdom"),
        id="apposition",
    ),
    pytest.param(
        '"It is over," said Mary Poe, the British ambassador.',
        ("Mary Poe", "United Kingdom"),
        id="inverted",
    ),
    pytest.param(
        "The Pentagon said it was over.", ("the Pentagon", "United States"), id="institution"
    ),
    pytest.param("Pyongyang said it was over.", ("Pyongyang", "North Korea"), id="capital"),
    pytest.param(
        "South Korea and the U.S. said it was over.",
        ("South Korea and the U.S.", "South Korea and United States"),
        id="joint",
    ),
    pytest.param(
        "A Ukrainian official said it was over.", ("a Ukrainian official", "Ukraine"), id="unnamed"
    ),
    pytest.param("Experts said it was over.", ("experts", None), id="plural"),
    pytest.param(
        "Officials in Seoul said it was over.", ("officials in Seoul", "South Korea"), id="place"
    ),
    pytest.param("Lee Jae-ho, who urged restraint, left.", ("Lee Jae-ho", None), id="relative"),
    pytest.param(
        "KCNA quoted minister Choe Yong-su as saying that it was over.",
        ("Choe Yong-su", None),
        id="quoted-by-an-agency",
    ),
    pytest.param("It was over, Japanese police said.", ("Japanese police", "Japan"), id="trailing"),
]


@pytest.mark.parametrize(("text", "wanted"), ONE)
def test_one_source(text: str, wanted: tuple[str, str | None]) -> None:
    """A source is resolved to its name and its side."""
    assert speakers(text) == [wanted]


LATER = [
    pytest.param(
        "North Korean envoy Kim Min-su said it was over. He said peace had come.",
        ("Kim Min-su", "North Korea"),
        id="he",
    ),
    pytest.param(
        "North Korean envoy Kim Min-su said it was over. The envoy said peace had come.",
        ("Kim Min-su", "North Korea"),
        id="the-envoy",
    ),
    pytest.param(
        "North Korean envoy Kim Min-su said it was over. Kim said peace had come.",
        ("Kim Min-su", "North Korea"),
        id="surname",
    ),
    pytest.param(
        "North Korean envoy Kim Min-su spoke. South Korean minister Kim Jae-ho spoke. "
        "South Korea's Kim said peace had come.",
        ("Kim Jae-ho", "South Korea"),
        id="namesakes-by-side",
    ),
    pytest.param(
        "A Ukrainian official said it was over. The official said peace had come.",
        ("a Ukrainian official", "Ukraine"),
        id="unnamed-taken-up",
    ),
    pytest.param(
        "The White House said it was over. It said peace had come.",
        ("the White House", "United States"),
        id="it",
    ),
    pytest.param(
        "French envoy Anne Roux met British envoy John Poe. Poe sat down. He said peace had come.",
        ("John Poe", "United Kingdom"),
        id="he-is-the-subject-before",
    ),
    pytest.param(
        'Spokeswoman Anne Roux said it was over.\n"Peace has come to all of us today."',
        ("Anne Roux", None),
        id="quotation-alone",
    ),
]


@pytest.mark.parametrize(("text", "wanted"), LATER)
def test_later_mention(text: str, wanted: tuple[str, str | None]) -> None:
    """A later short form stands for the person or institution named before."""
    assert speakers(text)[-1] == wanted


def test_lead_description_gets_its_name() -> None:
    """A description at the top stands for whom the next sentence names without a title."""
    text = (
        "Russia's ambassador to the UN on Monday rejected reports of a raid.\n"
        'Boris Petrov accused Kyiv of "disinformation."'
    )
    assert {speaker for speaker, _ in speakers(text)} == {"Boris Petrov"}
    assert {side for _, side in speakers(text)} == {"Russia"}


def test_source_that_cannot_be_told_is_none() -> None:
    """A quotation far from any speaker has no source rather than a wrong one."""
    text = '"Somebody said these very words once."\nTroops crossed the border.'
    assert sources(text) == [None]


def test_news_agency_that_carried_it_is_no_source() -> None:
    """What an agency carries is said by whom it quotes."""
    text = "Minister Lee Jae-ho said the raid was over, the Yonhap news agency reported."
    assert speakers(text) == [("Lee Jae-ho", None)]


def test_mention_is_where_the_article_names_it() -> None:
    """The mention is the article's own words, at their own place."""
    text = "Peace had come, the Russian ministry said."
    [source] = sources(text)
    assert source is not None
    assert source.mention is not None
    assert text[source.mention.start : source.mention.end] == "the Russian ministry"


def test_quoted_question_goes_to_the_answer() -> None:
    """The question that one source puts is the question that another's answer has."""
    text = (
        'U.S. envoy Mary Poe asked, "It is simple. Are they there?"\n'
        "Kim Min-su did not answer the question."
    )
    assert extract(Article("a", text))[-1].question == "Are they there?"


def test_the_ranker_decides() -> None:
    """Another ranker chooses another source, and a choosy one none."""
    article = Article("a", "Lea Roux said that Tom Poe was late.")
    inverse = SourceRanker({"inside what is said": 9.0}, bias=0.0, threshold=0.0)
    nobody = SourceRanker({}, bias=0.0, threshold=0.9)
    sources = [extract(article, ranker)[0].source for ranker in (None, inverse, nobody)]
    assert [one and one.speaker for one in sources] == ["Lea Roux", "Tom Poe", None]


def test_explanation_says_what_chose() -> None:
    """An explanation names the rule, the winner, and what spoke for each candidate."""
    [(statement, explanation)] = explain(Article("a", "Lea Roux said that Tom Poe was late."))
    assert statement.source is not None
    assert explanation.rule == "that"
    assert explanation.chosen is not None
    assert explanation.chosen.text == "Lea Roux"
    assert explanation.reason is None
    best = explanation.candidates[0]
    assert best.mention == explanation.chosen
    assert best.probability >= explanation.threshold
    assert best.contributions["named by the syntax"] > 0
    assert "Tom Poe" in [one.mention.text for one in explanation.candidates]


REASONS = [
    pytest.param(
        "“Somebody said these very words once.”",
        "no noun phrase about the statement may be its source",
        id="nobody",
    ),
    pytest.param(
        "They said that it was over.",
        "the article does not tell whom the mention stands for",
        id="pronoun",
    ),
]


@pytest.mark.parametrize(("text", "reason"), REASONS)
def test_explanation_says_why_there_is_no_speaker(text: str, reason: str) -> None:
    """A statement without a speaker stays, with the reason."""
    [(statement, explanation)] = explain(Article("a", text))
    assert statement.source is None or statement.source.speaker is None
    assert explanation.reason == reason


def test_attribution_keeps_the_statements() -> None:
    """Attribution adds sources and questions, and neither adds nor drops a statement."""
    article = Article("a", '"It is over," Kim said. According to Lee, it is not.')
    found = find(article)
    assert [one.text for one in attribute(article, found)] == [one.statement.text for one in found]


@given(st.text(alphabet="ABKim said,.\"“”' \nthe", max_size=150).filter(str.strip))
def test_any_text_is_attributed(text: str) -> None:
    """No text is an error, and every mention is exact."""
    for source in sources(text):
        if source is not None and source.mention is not None:
            assert text[source.mention.start : source.mention.end] == source.mention.text


WORDS = (
    "Kim said “it was over,” ” , . ( ) : — who of the both its envoy Secretary State May asked "
    "whether he according to Malta's least all Q: MS. \n by and told NIS (NIS) last week"
).split(" ")


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=60))
def test_any_order_of_words_is_explained(words: list[str]) -> None:
    """No article is an error, and what is explained is what is extracted."""
    article = Article("a", "Lea " + " ".join(words))
    assert [statement for statement, _ in explain(article)] == extract(article)
