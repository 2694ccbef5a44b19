"""Statements found in articles."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.quotation import find_statements
from stance.records import Article, Quoted, Statement


def found(text: str) -> list[Statement]:
    """Return the statements of a text."""
    return find_statements(Article("a", text))


def row(statement: Statement) -> tuple[str | None, str, str | None]:
    """Return what the tables tell of a statement."""
    return statement.kind, statement.text, statement.cue and statement.cue.text


ONE = [
    pytest.param(
        '"We have no such plan," Mr. Ivanov said.',
        ("direct", "We have no such plan,", "said"),
        id="direct",
    ),
    pytest.param(
        "“Why would we?” asked the minister.", ("direct", "Why would we?", "asked"), id="inverted"
    ),
    pytest.param(
        '"They have left us," says Mary Poe.',
        ("direct", "They have left us,", "says"),
        id="inverted-present",
    ),
    pytest.param(
        '"They left," he said. "All of them."',
        ("direct", "They left, All of them.", "said"),
        id="resumed-in-the-next-sentence",
    ),
    pytest.param(
        '"They left," he said, "all of them."',
        ("direct", "They left, all of them.", "said"),
        id="interrupted",
    ),
    pytest.param(
        'The envoy replied: "Read the treaty."',
        ("direct", "Read the treaty.", "replied"),
        id="colon",
    ),
    pytest.param(
        'He said that "every word of it is false."',
        ("direct", "every word of it is false.", "said"),
        id="whole-clause-quoted",
    ),
    pytest.param(
        '"Never will they learn," an angry Lee thundered.',
        ("direct", "Never will they learn,", "thundered"),
        id="unknown-verb",
    ),
    pytest.param(
        "He said that the soldiers had left.",
        ("indirect", "the soldiers had left", "said"),
        id="that",
    ),
    pytest.param(
        "He said the soldiers had left.",
        ("indirect", "the soldiers had left", "said"),
        id="no-that",
    ),
    pytest.param(
        "The soldiers had left, the ministry said.",
        ("indirect", "The soldiers had left", "said"),
        id="trailing-report",
    ),
    pytest.param(
        "The soldiers, the ministry said, had left the town.",
        ("indirect", "The soldiers had left the town", "said"),
        id="inserted-report",
    ),
    pytest.param(
        "According to the Pentagon, the soldiers had left.",
        ("indirect", "the soldiers had left", "According to"),
        id="according-to",
    ),
    pytest.param(
        "According to early state polls, the party had lost.",
        ("indirect", "the party had lost", "According to"),
        id="according-to-things",
    ),
    pytest.param(
        "One man died, according to the police, and two were hurt.",
        ("indirect", "One man died and two were hurt", "according to"),
        id="according-to-inserted",
    ),
    pytest.param(
        "The minister vowed to respond in kind.",
        ("indirect", "to respond in kind", "vowed"),
        id="infinitive",
    ),
    pytest.param(
        "Seoul warned of grave consequences.",
        ("indirect", "grave consequences", "warned of"),
        id="preposition",
    ),
    pytest.param(
        'Moscow dismissed the reports, calling them "pure fantasy."',
        ("mixed", 'them "pure fantasy."', "calling"),
        id="calling",
    ),
    pytest.param(
        'She said the plan was "a grave mistake" for both.',
        ("mixed", 'the plan was "a grave mistake" for both', "said"),
        id="mixed",
    ),
    pytest.param(
        'He accused Seoul of "fabrication" and left.',
        ("mixed", 'Seoul of "fabrication" and left', "accused"),
        id="accused-of",
        marks=pytest.mark.xfail(reason="a verb that the lexicon lacks does not end the clause"),
    ),
    pytest.param(
        "Officials praised ties which he said had grown.",
        ("indirect", "had grown", "said"),
        id="relative-gap",
    ),
    pytest.param(
        "MILLER: We have seen the reports.",
        ("indirect", "We have seen the reports", ":"),
        id="transcript",
    ),
]


@pytest.mark.parametrize(("text", "wanted"), ONE)
def test_one_statement(text: str, wanted: tuple[str, str, str]) -> None:
    """A statement is found with its kind, its content and its cue."""
    assert wanted in [row(statement) for statement in found(text)]


ACTS = [
    pytest.param("Moscow declined to comment.", "declined to comment", None, id="declined"),
    pytest.param(
        "The Kremlin did not immediately respond to a request.",
        "did not immediately respond to a request",
        None,
        id="did-not-respond",
    ),
    pytest.param("Beijing has not commented.", "has not commented", None, id="no-complement"),
    pytest.param(
        "Seoul made no comment on the video.", "made no comment on the video", None, id="no-comment"
    ),
    pytest.param(
        "He neither confirmed nor denied the reports.",
        "neither confirmed nor denied the reports",
        None,
        id="neither-nor",
    ),
    pytest.param(
        "The envoy brushed off reports that troops had come.",
        "brushed off reports that troops had come",
        None,
        id="brushed-off",
    ),
    pytest.param(
        "Minsk refused to say whether it had sent arms.",
        "refused to say whether it had sent arms",
        "whether it had sent arms",
        id="refused-with-question",
    ),
    pytest.param(
        "The president avoided answering when asked whether arms were sent.",
        "avoided answering when asked whether arms were sent",
        "whether arms were sent",
        id="avoided-with-question",
    ),
]


@pytest.mark.parametrize(("text", "content", "question"), ACTS)
def test_reported_acts(text: str, content: str, question: str | None) -> None:
    """An act of saying little is a statement, its verb phrase the content."""
    [statement] = found(text)
    assert (statement.kind, statement.text) == ("indirect", content)
    assert statement.question == question


def test_question_goes_to_its_answer() -> None:
    """What somebody was asked is the question of what they said, not a statement."""
    [statement] = found("Asked whether arms were sent, the envoy said he had no idea.")
    assert statement.text == "he had no idea"
    assert statement.question == "whether arms were sent"


def test_two_cues_are_two_statements() -> None:
    """One source that says two things with two cues makes two statements."""
    text = "The army said that Russia fired 62 drones, adding that 33 were shot down."
    assert [row(statement) for statement in found(text)] == [
        ("indirect", "Russia fired 62 drones", "said"),
        ("indirect", "33 were shot down", "adding"),
    ]


def test_turns_of_a_transcript() -> None:
    """In a transcript a turn is one statement, to the end of its paragraph."""
    text = "MILLER: We have seen it. We cannot confirm it.\nLEE: Why not? They said they could."
    assert [(one.text, one.source and one.source.mention) for one in found(text)] == [
        ("We have seen it. We cannot confirm it.", Quoted("MILLER", 0, 6)),
        ("Why not? They said they could.", Quoted("LEE", 47, 50)),
    ]


def test_headline_with_its_source_behind() -> None:
    """A headline that ends in a colon and a source is a statement of that source."""
    statement, *_ = found("Raid was a grave mistake: U.S. official - Daily News\nTroops moved on.")
    assert statement.text == "Raid was a grave mistake"
    assert statement.source is not None
    assert statement.source.mention is not None
    assert statement.source.mention.text == "U.S. official"


NONE = [
    pytest.param('He has read "War and Peace" twice.', id="title"),
    pytest.param("Lee “Iceman” Jae-ho won the bout.", id="nickname"),
    pytest.param('The so-called "hermit kingdom" lies north of Seoul.', id="term"),
    pytest.param("Troops crossed the border on Monday.", id="narrative"),
    pytest.param("(Reporting by Mary Poe; Editing by John Roe)", id="reporting-by"),
    pytest.param("©2024 Daily News. All rights reserved.", id="copyright"),
    pytest.param("UPDATE: Two more towns were hit.", id="label-is-no-speaker"),
]


@pytest.mark.parametrize("text", NONE)
def test_no_statement(text: str) -> None:
    """Titles, nicknames, scare quotes, narrative and credits are no statements."""
    assert found(text) == []


def test_odd_mark_leaves_the_next_paragraph_whole() -> None:
    """One odd quotation mark never costs more than its own paragraph."""
    text = 'He measured 5" of snow " today.\n"We saw it all," Kim said.'
    assert ("direct", "We saw it all,", "said") in [row(statement) for statement in found(text)]


def test_order_and_ids() -> None:
    """Statements come in order of appearance, numbered from 1 under their article."""
    text = '"One of them left," Kim said. Lee said two had left. "Three of them left," Park said.'
    statements = find_statements(Article("x", text))
    assert [statement.id for statement in statements] == ["x#1", "x#2", "x#3"]
    assert sorted(statements, key=lambda one: one.spans) == statements


WORDS = st.sampled_from(
    "he Kim said that told reporters the envoy \" “ ” ' ‘ ’ « » , . : ; — ( ) ? \n according to "
    "asked whether denied calling it who and but declined to comment not 10,000 Mr. U.S. ß İ 𝔘 "
    "\u2028 \x85 …".split(" ")
)


@given(st.lists(WORDS, min_size=1, max_size=60).map(" ".join).filter(str.strip))
def test_spans_are_exact(text: str) -> None:
    """Whatever the text, every span says what the record says it is."""
    for statement in found(text):
        assert statement.text == " ".join(text[start:end] for start, end in statement.spans)
        assert statement.text.strip()
        assert statement.context
        if statement.cue is not None:
            assert text[statement.cue.start : statement.cue.end] == statement.cue.text
        if statement.source is not None and statement.source.mention is not None:
            mention = statement.source.mention
            assert text[mention.start : mention.end] == mention.text


@given(st.text(max_size=200).filter(str.strip))
def test_any_text_is_read(text: str) -> None:
    """No text, of whatever characters, is an error."""
    assert all(statement.text.strip() for statement in found(text))


GROWTH = [
    pytest.param(lambda n: '"' * n, id="marks"),
    pytest.param(lambda n: '" a ' * n, id="spaced-marks"),
    pytest.param(lambda n: "he said that " * n, id="one-sentence"),
    pytest.param(lambda n: "(" * n + "a" + ")" * n, id="parentheses"),
    pytest.param(lambda n: '"I do say so now.\n' * n, id="unclosed-paragraphs"),
    pytest.param(lambda n: '"I do say so now." ' * n, id="quotations-alone"),
]


@pytest.mark.parametrize("build", GROWTH)
def test_time_grows_with_length_only(build: Callable[[int], str]) -> None:
    """Four times the text takes nowhere near sixteen times as long."""

    def seconds(n: int) -> float:
        text = build(n)
        start = time.perf_counter()
        found(text)
        return time.perf_counter() - start

    found(build(10))
    small = min(seconds(500) for _ in range(3))
    large = min(seconds(2000) for _ in range(2))
    assert large < 9 * small + 0.05


SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("*.txt"))


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_seed_articles_are_full_of_statements(path: Path) -> None:
    """Each of the user's articles yields its statements, with exact spans."""
    text = path.read_text("utf-8")
    statements = find_statements(Article(path.stem, text))
    assert len(statements) >= 10
    for statement in statements:
        assert statement.text == " ".join(text[start:end] for start, end in statement.spans)
