"""The same words in several articles are one statement; other words are not."""

import random
import time

import pytest

from stance.repeats import Said, group_repeats

LONG = "There is not one foreign soldier anywhere on our side of the river"


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        ((LONG, "2024-10-31"), (f"“{LONG.upper()}”.", "2024-11-02"), True),
        ((LONG, None), (LONG, "2024-11-02"), True),
        ((LONG, None), (LONG.replace("foreign soldier", "foreign soldier standing"), None), True),
        ((LONG, None), (LONG.replace("not one", "surely one"), None), False),
        ((f"{LONG} of 10,000", None), (f"{LONG} of 12,000", None), False),
        (
            (LONG, None),
            ("We will keep to our treaty with the neighbours, come what may", None),
            False,
        ),
        (("No comment.", "2024-10-31"), ("no comment", "2024-10-31"), True),
        (("No comment.", "2024-10-31"), ("No comment.", "2024-11-02"), False),
    ],
)
def test_pairs(
    first: tuple[str, str | None], second: tuple[str, str | None], together: bool
) -> None:
    """Case, marks and a word more make no difference; a negation, a number or a meaning do."""
    groups = group_repeats([Said("a", *first), Said("a", *second)])
    assert groups == ([[0, 1]] if together else [[0], [1]])


def test_two_speakers_are_two_statements() -> None:
    """What another actor says in the same words is no repeat."""
    assert group_repeats([Said("a", LONG, None), Said("b", LONG, None)]) == [[0], [1]]


@pytest.mark.usefixtures("uncollected")
def test_time_grows_with_the_statements() -> None:
    """Twice as many statements of one actor take about twice as long, not four times.

    The vocabulary is small, so that every word soon stands in more statements than are compared.
    """
    vocabulary = [f"word{n}" for n in range(100)]
    chance = random.Random(0)

    def seconds(n: int) -> float:
        texts = [" ".join(chance.choices(vocabulary, k=20)) for _ in range(n // 2)]
        said = [Said("a", text, None) for text in (*texts, *texts)]
        started = time.process_time()
        assert len(group_repeats(said)) == n // 2
        return time.process_time() - started

    seconds(500)
    # A busy machine may have another try.
    assert any(
        min(seconds(4000) for _ in range(2)) < 3 * min(seconds(2000) for _ in range(2))
        for _ in range(3)
    )
