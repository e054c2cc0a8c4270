"""Words compared as people read them: case, punctuation, Arabic letter forms and plurals make no difference."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_ARABIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ـ": None})
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SIGNS = re.compile(r"[\W_]+")
_MARKS = re.compile(r"[\u064b-\u065f\u0670\u06d6-\u06ed]")


def simple(text: str) -> str:
    """`text` without case, accents and Arabic letter forms; signs become single blanks: "E-Mail " is "e mail"."""
    if text.isascii():
        return _SIGNS.sub(" ", text.lower()).strip() or text.strip()
    plain = _MARKS.sub("", unicodedata.normalize("NFKC", text)).translate(_ARABIC)
    bare = "".join(sign for sign in unicodedata.normalize("NFD", plain) if not unicodedata.combining(sign))
    found = _SIGNS.sub(" ", bare.casefold()).strip()
    return found or text.strip()


@lru_cache(maxsize=8192)
def name_key(text: str) -> str:
    """A header or field name for comparing: like `simple`, camelCase split, plurals cut, blanks gone."""
    words = simple(_CAMEL.sub(" ", text)).split()
    return "".join(_singular(word) for word in words)


def _singular(word: str) -> str:
    if word == "ids":
        return "id"
    if len(word) > 3 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
