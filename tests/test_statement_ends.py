"""Where statements begin and end, and what lies between."""

import pytest
from finding import found

MORE = [
    pytest.param(
        "He said that the talks had failed and criticized both sides.",
        ["the talks had failed", "both sides"],
        id="and-a-further-cue",
    ),
    pytest.param(
        "Lee said the talks had failed, and Park said they went on.",
        ["the talks had failed", "they went on"],
        id="and-another-source",
    ),
    pytest.param(
        "Minsk vowed to pay its debts and has denied any haste.",
        ["to pay its debts", "denied any haste"],
        id="infinitive-and-finite-cue",
    ),
    pytest.param(
        "She said the army left the town, which lies in the north.",
        ["the army left the town, which lies in the north"],
        id="relative-clause-at-the-end",
    ),
    pytest.param(
        "She said the army left a town, leaving the bridge unguarded.",
        ["the army left a town"],
        id="participle-at-the-end",
    ),
    pytest.param(
        "She said the army left a town, a sign of weakness.",
        ["the army left a town"],
        id="apposition-at-the-end",
    ),
    pytest.param(
        'He said it "would be over by noon," referring to the vote.',
        ['it "would be over by noon,"', "referring to the vote"],
        id="participle-behind-a-quotation",
    ),
    pytest.param(
        "He said the army left while others said it stayed.",
        ["the army left", "it stayed"],
        id="while-others-say",
    ),
    pytest.param(
        "She said the army left and has denied any haste.",
        ["the army left", "denied any haste"],
        id="and-has-denied",
    ),
    pytest.param(
        'After the vote was lost, Lee said, "We go on from here."',
        ["We go on from here."],
        id="only-the-quotation-is-said",
    ),
    pytest.param('In "Hail, Riga!," Mr. Brol gets into the spirit.', [], id="title-of-a-film"),
    pytest.param(
        'A self-described "nerdy kid," Mr. Poe changed his name.', [], id="term-in-a-phrase"
    ),
    pytest.param(
        'From the "coarse and long and nasty speech" of May to the vote he was ill.',
        [],
        id="fragment-in-the-midst",
    ),
    pytest.param(
        "If it fails, owners would lose it, Kelly said.",
        ["If it fails, owners would lose it"],
        id="name-like-an-adverb",
    ),
    pytest.param(
        "She also sent a note saying, if elected, she would pay.",
        ["if elected, she would pay"],
        id="condition-behind-the-verb",
    ),
    pytest.param(
        "The aide said, while leaving the court, that it was over.",
        ["it was over"],
        id="aside-behind-the-verb",
    ),
    pytest.param(
        "The port faced what most would agree was poor judgment.",
        ["was poor judgment"],
        id="gap-behind-thinking",
    ),
    pytest.param("She tried to explain her plan.", ["her plan"], id="what-is-tried"),
    pytest.param("She came to explain her plan.", [], id="purpose"),
    pytest.param(
        "The port is closed.\n“So much anger here”\nIt was cold.", [], id="short-heading-in-marks"
    ),
    pytest.param(
        "He says they lost the match and thought of home.",
        ["they lost the match and thought of home"],
        id="a-verb-of-thinking-goes-on",
    ),
    pytest.param(
        'Mr. Poe, who has called the tax "deeply unkind," voted on Monday.',
        ['the tax "deeply unkind,"'],
        id="quotation-that-ends-a-relative-clause",
    ),
    pytest.param(
        'Ann Roe called the fee "an orange," Lee said as she turned around.',
        ['Ann Roe called the fee "an orange,"', 'the fee "an orange,"'],
        id="quotation-before-the-report-around-it",
    ),
    pytest.param(
        'The guild asked the owner of the mill to "cease and desist" from building.',
        ['the owner of the mill to "cease and desist" from building'],
        id="quoted-infinitive",
    ),
    pytest.param(
        'He told reporters in May that he was "not quite there."',
        ['he was "not quite there."'],
        id="month-of-may",
    ),
    pytest.param(
        'Ms. Poe called what she had found "terrible."',
        ['what she had found "terrible."'],
        id="what-is-called",
    ),
    pytest.param(
        'Lisa Poe, a vice president in the office of Jon Roe, said the "old model" is over.',
        ['the "old model" is over'],
        id="apposition-is-no-content",
    ),
    pytest.param(
        'The mayor would do well to begin "building bridges" to the port.',
        [],
        id="what-is-begun-is-not-said",
    ),
    pytest.param(
        "The mill said in a statement that the plan had failed.",
        ["the plan had failed"],
        id="verb-and-noun-report-it-once",
    ),
    pytest.param(
        "She said her country, which lies in the north, would wait.",
        ["her country, which lies in the north, would wait"],
        id="relative-clause-inside",
    ),
    pytest.param(
        "Lee told the agency the plan had failed, Park said, and it was late.",
        ["Lee told the agency the plan had failed and it was late", "the plan had failed"],
        id="report-within-a-report",
    ),
    pytest.param(
        "Kim praised efforts by the envoy.", ["efforts by the envoy"], id="agent-of-a-noun"
    ),
]


@pytest.mark.parametrize(("text", "contents"), MORE)
def test_where_statements_end(text: str, contents: list[str]) -> None:
    """A statement ends where the next one begins, and keeps what is inside."""
    assert [statement.text for statement in found(text)] == contents
