"""Pages that stand alone: one HTML file, no host, no script, all text of articles only shown."""

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from stance.records import Evidence
from stance.storage import replacing

# Marks that turn the direction of what follows, and controls, are shown, not obeyed.
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\U000e0000-\U000e007f]"
)


def clean(text: object) -> str:
    """Return a text in which controls, and marks of direction, are shown by their numbers."""
    return _CONTROL.sub(lambda match: f"[U+{ord(match[0]):04X}]", str(text))


def shown(text: object) -> Markup:
    """Return a text as HTML that cannot reach beyond itself, its direction isolated."""
    return Markup("<bdi>") + escape(clean(text)) + Markup("</bdi>")


def pieces(text: str, evidence: Iterable[Evidence]) -> Iterator[tuple[str, bool]]:
    """Yield a text in pieces; true where the words spoke for the label."""
    place = 0
    for one in sorted(evidence, key=lambda one: one.start):
        if one.weight > 0 and place <= one.start < one.end <= len(text):
            yield text[place : one.start], False
            yield text[one.start : one.end], True
            place = one.end
    yield text[place:], False


def write_page(
    template: str,
    values: Mapping[str, Any],
    path: Path,
    *,
    filters: Mapping[str, Callable[..., Any]],
) -> None:
    """Render a template of the package, with its style, beside the page's place and rename it."""
    css = resources.files("stance").joinpath("templates/page.css").read_text("utf-8")
    environment = jinja2.Environment(
        autoescape=True,
        loader=jinja2.PackageLoader("stance"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"clean": clean, "shown": shown, **filters}
    stream = environment.get_template(template).stream(
        **values,
        css=Markup(css),  # noqa: S704 - a file of this package
        css_hash=base64.b64encode(hashlib.sha256(css.encode()).digest()).decode(),
    )
    stream.enable_buffering(100)
    with replacing(path) as file:
        for part in stream:
            file.write(part.encode("utf-8", "replace"))
