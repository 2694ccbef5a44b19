"""Statements found in articles."""

import pytest
from finding import found

from stance.grammar import parse
from stance.quotation import find, find_statements
from stance.records import Article, Quoted, Statement


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
        "As the envoy noted, the soldiers had left.",
        ("indirect", "the soldiers had left", "noted"),
        id="as-noted",
    ),
    pytest.param(
        "The soldiers had left, as the envoy noted on Monday.",
        ("indirect", "The soldiers had left", "noted"),
        id="as-noted-behind",
    ),
    pytest.param(
        "The soldiers had left, as first reported by the Daily Plough.",
        ("indirect", "The soldiers had left", "reported"),
        id="as-reported-by",
    ),
    pytest.param(
        'It was, as an envoy put it, a "soap bubble" of a plan.',
        ("mixed", 'a "soap bubble" of a plan', "put it"),
        id="as-he-put-it",
    ),
    pytest.param(
        '"Choke!" blared the front page of the Plough.',
        ("direct", "Choke!", "blared"),
        id="unknown-verb-in-front",
    ),
    pytest.param(
        "He argued the pipe, which is used by farmers, would leak.",
        ("indirect", "the pipe, which is used by farmers, would leak", "argued"),
        id="relative-clause-before-the-verb",
    ),
    pytest.param(
        "He spoke at the port on Tuesday about rights of the crew.",
        ("indirect", "rights of the crew", "spoke at the port on Tuesday about"),
        id="aside-before-about",
    ),
    pytest.param(
        "A farmer was told by a guard that the road was closed.",
        ("indirect", "the road was closed", "was told"),
        id="passive-with-agent",
    ),
    pytest.param(
        "Kyiv put its losses at 3,000 men.",
        ("indirect", "put its losses at 3,000 men", "put its losses at"),
        id="put-at",
    ),
    pytest.param(
        "The embassy rejected as invented the reports of a base.",
        ("indirect", "rejected as invented the reports of a base", "rejected"),
        id="rejected-as",
    ),
    pytest.param(
        'Lee went out into what he described as "a long night."',
        ("mixed", 'as "a long night."', "described"),
        id="described-as",
    ),
    pytest.param(
        'In a talk on "Meet the Nation," Kim said it was over.',
        ("indirect", "it was over", "said"),
        id="behind-the-name-of-a-show",
    ),
    pytest.param(
        "One says it is over.", ("indirect", "it is over", "says"), id="number-as-subject"
    ),
    pytest.param(
        "The town was empty, records show.",
        ("indirect", "The town was empty", "show"),
        id="trailing-show",
    ),
    pytest.param(
        "More units will come, Petrov believes.",
        ("indirect", "More units will come", "believes"),
        id="trailing-belief",
    ),
    pytest.param(
        "Kim told his hosts in a short letter that it was over.",
        ("indirect", "it was over", "told"),
        id="that-far-behind",
    ),
    pytest.param(
        "Lavrov warned Seoul, Tokyo and Manila against a new bloc.",
        ("indirect", "Seoul, Tokyo and Manila against a new bloc", "warned"),
        id="list-of-addressees",
    ),
    pytest.param(
        "Asked about it, Ann Lee demurred: “One fire at a time, please, gentlemen.”",
        ("direct", "One fire at a time, please, gentlemen.", "demurred"),
        id="unknown-verb-before-a-colon",
    ),
    pytest.param(
        "THE MAYOR: They may be here.",
        ("indirect", "They may be here", ":"),
        id="transcript-with-article",
    ),
    pytest.param(
        "JON POE, Daily Plough: They may be here.",
        ("indirect", "They may be here", ":"),
        id="transcript-with-paper",
    ),
    pytest.param(
        "QUESTION (Plough): Are they here?",
        ("indirect", "Are they here", ":"),
        id="transcript-question",
    ),
    pytest.param(
        'Lee told his aide, Jon Poe, that it was "quite over" by noon.',
        ("mixed", 'it was "quite over" by noon', "told"),
        id="name-of-the-addressee",
    ),
    pytest.param(
        "The port, asked about the ship, replied that it “respects the crew”.",
        ("mixed", "it “respects the crew”", "replied"),
        id="asked-and-replied",
    ),
    pytest.param(
        'The port said it was "ready" and would not confirm reports of a strike.',
        ("indirect", "would not confirm reports of a strike", "would not confirm"),
        id="and-would-not-confirm",
    ),
    pytest.param(
        "Poe was accused by the League of Bakers of treating guests “like thieves.”",
        ("mixed", "Poe of treating guests “like thieves.”", "was accused"),
        id="accused-by-somebody",
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


def test_sentences_may_be_handed_over() -> None:
    """What is found is the same from sentences that were parsed before."""
    article = Article("a", "Lee said it was over. “It goes on,” said Park.")
    assert find(article, parse(article.text)) == find(article)
    assert find(article, []) == []


def test_announced_quotation() -> None:
    """A quotation of its own paragraph has the cue and source that announce it."""
    [statement] = found("Kim Song went on:\n\n“We have seen these reports before.”")
    assert statement.text == "We have seen these reports before."
    assert statement.cue == Quoted("went on", 9, 16)
    assert statement.source is not None
    assert statement.source.mention == Quoted("Kim Song", 0, 8)


def test_agency_is_no_second_source() -> None:
    """Of what an agency carries the one it quotes is the source."""
    text = "Kim affirmed that the line would hold, the KCNA news agency said."
    assert [statement.text for statement in found(text)] == ["the line would hold"]


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


def test_turns_of_a_quoted_transcript() -> None:
    """Turns may each open with a mark that nothing closes, or with a bare Q."""
    text = '"MILLER: We have seen it.\n\n"LEE: Why not?\n\nQ Did they leave?\n\nTHE ENVOY: Maybe.'
    assert [(one.text, one.source and one.source.mention) for one in found(text)][:3] == [
        ("We have seen it.", Quoted("MILLER", 1, 7)),
        ("Why not?", Quoted("LEE", 28, 31)),
        ("Did they leave?", Quoted("Q", 43, 44)),
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
    pytest.param('The novel "A Long Way Home to the Quiet Sea" sold out.', id="long-title"),
    pytest.param("He wrote the play “They Said It Would Never End”.", id="title-of-a-work"),
    pytest.param("The exercise, dubbed “Iron Spear”, began on Monday.", id="name-of-a-drill"),
    pytest.param('The "so-called special operation of the old guard" goes on.', id="so-called"),
    pytest.param("Photo: A soldier says goodbye at the station.", id="caption"),
    pytest.param("FILE PHOTO: Kim tells guests to sit. Agency handout", id="file-photo"),
    pytest.param("Sign up for our newsletter, which tells you what matters.", id="newsletter"),
    pytest.param("This story has been corrected to say that Kim left.", id="correction"),
    pytest.param("Copyright 2024. The notice says all rights are reserved.", id="copyright-says"),
    pytest.param("Additional reporting by Ann Lee, who said so.", id="contributors"),
    pytest.param("SEOUL, Jan. 9 (UPI) -- Troops left the town.", id="dateline"),
    pytest.param("By Mary Poe, who writes that it is so", id="byline"),
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
