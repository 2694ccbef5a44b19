"""Statements of requests that meet, labelled together."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from service.combining import Combiner
from stance.labelling import label
from stance.records import Prediction, Statement
from stance.registry import Model

TEXTS = ["No one crossed.", "They are in Kursk.", "No comment.", "The harvest was good."]


class Passes:
    """Labels as ever, and notes what came together; the first pass waits to be let go."""

    def __init__(self) -> None:
        self.texts: list[list[str]] = []
        self.begun, self.go = threading.Event(), threading.Event()

    def __call__(self, model: Model, statements: Sequence[Statement]) -> list[Prediction]:
        """Label statements."""
        self.texts.append([statement.text for statement in statements])
        if len(self.texts) == 1:
            self.begun.set()
            assert self.go.wait(60)
        if any("spoilt" in statement.text for statement in statements):
            raise ValueError("spoilt")
        return label(model, statements)


@pytest.fixture
def passes() -> Passes:
    """Return what is asked to label."""
    return Passes()


def meet(passes: Passes, asked: Sequence[tuple[Model, str]]) -> list[Any]:
    """Ask all at once, so that all but the first meet; return answers or errors, in order."""
    combiner = Combiner(passes)
    answers: list[Any] = [None] * len(asked)

    def ask(number: int) -> Callable[[], None]:
        def run() -> None:
            model, text = asked[number]
            try:
                answers[number] = combiner.label(model, Statement(text=text))
            except ValueError as error:
                answers[number] = str(error)

        return run

    threads = [threading.Thread(target=ask(number)) for number in range(len(asked))]
    threads[0].start()
    assert passes.begun.wait(60)
    for thread in threads[1:]:
        thread.start()
    while len(combiner._queue) < len(asked) - 1:
        threading.Event().wait(0.001)
    passes.go.set()
    for thread in threads:
        thread.join(60)
    return answers


def test_those_who_meet_are_labelled_together(model: Model, passes: Passes) -> None:
    """Everybody gets the answer to their own statement, as if alone; one pass serves all."""
    answers = meet(passes, [(model, text) for text in TEXTS])
    assert answers == [label(model, [Statement(text=text)])[0] for text in TEXTS]
    assert passes.texts[0] == TEXTS[:1]
    assert [sorted(texts) for texts in passes.texts[1:]] == [sorted(TEXTS[1:])]


def test_each_is_answered_by_the_model_it_asked(model: Model, passes: Passes) -> None:
    """Where another model takes over, statements of both are not mixed."""
    other = replace(model, version="20300101T000000Z-00000000")
    asked = [(model, other)[n % 2] for n in range(6)]
    answers = meet(passes, [(chosen, TEXTS[n % 4]) for n, chosen in enumerate(asked)])
    assert [answer.model for answer in answers] == [chosen.version for chosen in asked]
    assert [answer.text for answer in answers] == [TEXTS[n % 4] for n in range(6)]


def test_an_error_is_the_affair_of_its_own_request(model: Model, passes: Passes) -> None:
    """A statement that cannot be labelled fails alone."""
    texts = [*TEXTS[:2], "a spoilt one", TEXTS[3]]
    answers = meet(passes, [(model, text) for text in texts])
    assert answers[2] == "spoilt"
    assert [answer.text for answer in (*answers[:2], answers[3])] == [*TEXTS[:2], TEXTS[3]]
