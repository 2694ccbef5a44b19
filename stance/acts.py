"""Reported acts: verbs that are themselves what is reported, as in `declined to comment`."""

from stance.complements import Complement
from stance.cues import Cue


def is_reported_act(cue: Cue, found: Complement) -> bool:
    """Tell whether the verb itself is what is reported: `declined to comment on ...`."""
    group = cue.verb.group
    if group == "answer":
        return cue.negated
    if cue.negated and (
        group in ("deny", "confirm") or (group == "say" and found.frame in ("wh", "obj", "silence"))
    ):
        return True
    if group in ("decline", "act") or (
        group == "deny" and found.frame in ("obj", "as", "at", "from")
    ):
        return True
    return group == "confirm" and found.frame == "obj"
