"""The digest of the registry is what the record says it is, however quickly it is made."""

import hashlib
import json
import random

from ssj_xlwings.lottery import candidates
from tests.bureau import frame


def plainly(subjects):
    """As it is told: one JSON line a subject, sorted."""
    rows = zip(*(subjects[name] for name in candidates.SOURCE_COLUMNS), strict=True)
    lines = sorted(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    return hashlib.sha256("".join(line + "\n" for line in lines).encode()).hexdigest()


def test_lines_in_their_order():
    """Equal names, names that begin alike, marks that JSON escapes and characters outside the first plane make no difference to the rule."""
    chance = random.Random(3)
    names = ["甲", '甲"', "甲\\", "甲乙", "甲 乙", "甲!", "A", "a", "", "𠮷野家", "\u2028甲", "甲\t乙", "甲\x7f"]
    rows = [{"name": chance.choice(names), "code": f"{chance.randrange(40)}", "address": chance.choice(names), "class": "B"} for _ in range(400)]
    subjects = frame("subjects", rows)
    assert candidates.source_digest(subjects) == plainly(subjects)
    assert candidates.source_digest(subjects.sample(frac=1, random_state=1)) == plainly(subjects)
