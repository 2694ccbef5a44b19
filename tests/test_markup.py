"""HTML and Markdown read as text."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.attribution import extract
from stance.markup import read
from stance.records import Article

READINGS = [
    pytest.param("<p>He <b>left</b>.</p>", "\nHe left.\n", id="tags"),
    pytest.param("<p>A&amp;B&#8217;s</p>", "\nA&B’s\n", id="entities"),
    pytest.param("&ldquo;No,&rdquo; he said.", "“No,” he said.", id="entities-alone"),
    pytest.param("<p>He\n   left.</p>", "\nHe left.\n", id="line-ends-in-a-paragraph"),
    pytest.param("He left.<br>She <i>stayed</i>.", "He left.\nShe stayed.", id="break"),
    pytest.param('<a title="a > b" href=x>He</a> left.', "He left.", id="mark-in-an-attribute"),
    pytest.param("<p>A<!-- <p>B</p> -->C</p>", "\nAC\n", id="comment"),
    pytest.param("<p>A</p><script>'<p>B</p>'</script>", "\nA\n", id="script"),
    pytest.param("<p>“<script>a()</script>No,” he said.</p>", "\n“No,” he said.\n", id="in-quotes"),
    pytest.param("<p>He <img src=x> left.</p>", "\nHe  left.\n", id="image-in-a-sentence"),
    pytest.param("<p>He<img src=x>left.</p>", "\nHe left.\n", id="image-parts-words"),
    pytest.param("<p>He left.<style>b{}</style>I went.</p>", "\nHe left. I went.\n", id="style"),
    pytest.param(
        "<p>He <picture><source srcset=y><img src=x></picture>left.</p>",
        "\nHe left.\n",
        id="picture",
    ),
    pytest.param("<p>A</p><figcaption>B</figcaption>", "\nA\n\n", id="caption"),
    pytest.param("<p>A</p><nav>B", "\nA\n\nB", id="hidden-element-never-closed"),
    pytest.param("He **never** left [us](http://a.b).", "He never left us.", id="markdown"),
    pytest.param("![Kim](http://a.b/c.png)\nHe left.", "\nHe left.", id="image"),
    pytest.param("## Talks\n> We *left*.", "Talks\nWe left.", id="markdown-lines"),
    pytest.param("[a](http://b)\nand more\nTo", "a and more\nTo", id="wrapped-line"),
]


@pytest.mark.parametrize(("text", "wanted"), READINGS)
def test_read(text: str, wanted: str) -> None:
    """Tags, what they hide, and marks are left out; entities are what they stand for."""
    assert read(text).text == wanted


PLAIN = [
    pytest.param("a < b and c > d", id="comparison"),
    pytest.param("if x<y and y>z", id="comparison-without-spaces"),
    pytest.param("He said f**k and s**t.", id="censored-words"),
    pytest.param("2 * 3 * 4 and snake_case_name", id="products"),
    pytest.param("* one item\n* another", id="list"),
    pytest.param("AT&T and R&D; too", id="ampersands"),
    pytest.param("the <b> element", id="one-tag"),
    pytest.param("> quoted in a mail", id="one-kind-of-line-mark"),
    pytest.param("He left [on foot] (they say).", id="brackets"),
]


@pytest.mark.parametrize("text", PLAIN)
def test_stray_marks_are_no_markup(text: str) -> None:
    """A text with a stray mark is read as it is."""
    assert read(text).text == text


STATEMENTS = [
    pytest.param(
        "<p>&#8220;We have <em>never</em> left,&#8221; <a href='x'>Kim Song</a> said.</p>",
        ["We have", "never", "left,"],
        "Kim Song",
        id="split-around-tags",
    ),
    pytest.param(
        "<p>Kim <b>Song</b> said that AT&amp;T had\n  left.</p>",
        ["AT&amp;T had\n  left"],
        "Kim <b>Song",
        id="entity-and-line-end-stay",
    ),
    pytest.param(
        "**Kim Song** said that [the troops](http://a.b/c) had left.",
        ["the troops", "had left"],
        "Kim Song",
        id="markdown",
    ),
    pytest.param(
        "<p>&quot;<i>We have never left</i>,&quot; Kim Song said.</p>",
        ["We have never left", ","],
        "Kim Song",
        id="tag-next-to-a-mark",
    ),
]


@pytest.mark.parametrize(("text", "pieces", "mention"), STATEMENTS)
def test_spans_are_those_of_the_original(text: str, pieces: list[str], mention: str) -> None:
    """A statement's spans are exact in the text as sent, and leave out the tags inside."""
    [statement] = extract(Article("a", text))
    assert [text[start:end] for start, end in statement.spans] == pieces
    assert statement.text == " ".join(pieces)
    assert statement.source is not None
    assert statement.source.speaker == "Kim Song"
    assert statement.source.mention is not None
    assert statement.source.mention.text == mention


PIECES = st.sampled_from(
    "<p> </p> <b> </b> <br> <script> </script> <!-- --> &amp; &quot; &#8220; &#8221; &#0; & < > "
    '<a\xa0href="x"> </a> ** * _ [a](b) [ ]( ) # \n " “ ” Kim said that he left . , İ'.split(" ")
)


@given(st.lists(PIECES, min_size=1, max_size=40).map(" ".join).filter(str.strip))
def test_any_markup_is_read(text: str) -> None:
    """Whatever the markup, every span says what the record says it is."""
    for statement in extract(Article("a", text)):
        assert statement.text == " ".join(text[start:end] for start, end in statement.spans)
        assert statement.text.strip()
        assert list(statement.spans) == sorted(statement.spans)
        quoted = [statement.cue, statement.source and statement.source.mention]
        for piece in filter(None, quoted):
            assert text[piece.start : piece.end] == piece.text


BOMBS = [
    pytest.param(lambda n: "<" * n, id="openers"),
    pytest.param(lambda n: "<a " * n, id="tags-never-closed"),
    pytest.param(lambda n: '<a "' * n, id="quotes-never-closed"),
    pytest.param(lambda n: "<p><!--" * n, id="comments-never-closed"),
    pytest.param(lambda n: "<p><nav>" * n, id="hidden-never-closed"),
    pytest.param(lambda n: "<p>" + " " * n, id="spaces"),
    pytest.param(lambda n: "<p>\n" * n, id="paragraphs"),
    pytest.param(lambda n: "&amp;" * n, id="entities"),
    pytest.param(lambda n: "&a" * n, id="entities-never-closed"),
    pytest.param(lambda n: "[a](b) " + "[" * n, id="brackets"),
    pytest.param(lambda n: "[a](b) " + "**a " * n, id="bold-never-closed"),
    pytest.param(lambda n: "[a](b) " + "> " * n, id="line-marks"),
    pytest.param(lambda n: "[a](b) " + "\n " * n, id="lines"),
]


@pytest.mark.usefixtures("uncollected")
@pytest.mark.parametrize("build", BOMBS)
def test_time_of_reading_grows_with_length_only(build: Callable[[int], str]) -> None:
    """Four times the markup takes nowhere near sixteen times as long."""

    def seconds(n: int) -> float:
        text = build(n)
        start = time.process_time()
        read(text)
        return time.process_time() - start

    assert any(
        min(seconds(40_000) for _ in range(2)) < 8 * min(seconds(10_000) for _ in range(3)) + 0.01
        for _ in range(3)
    )


@pytest.mark.parametrize(
    "element",
    [
        pytest.param('<img src="x.png">', id="image"),
        pytest.param("<script>var a = 1;</script>", id="script"),
        pytest.param("<button>Share</button>", id="button"),
        pytest.param("<iframe src=x></iframe>", id="frame"),
    ],
)
@pytest.mark.parametrize(
    "before",
    [
        pytest.param("“", id="behind-the-mark"),
        pytest.param("“We have ", id="between-words"),
        pytest.param("“We have no plan,", id="before-the-closing-mark"),
    ],
)
def test_element_in_a_quotation(element: str, before: str) -> None:
    """What is embedded in a quotation does not tear it."""
    quoted = "“We have no plan,”"
    text = f"<p>{before}{element}{quoted.removeprefix(before)} Mr. Ivanov said.</p>"
    [statement] = extract(Article("a", text))
    assert statement.kind == "direct"
    assert "".join(text[slice(*span)] for span in statement.spans).replace(" ", "") == (
        "Wehavenoplan,"
    )
