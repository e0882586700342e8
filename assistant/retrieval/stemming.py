"""Words cut to the stems the keyword index compares."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable

from assistant.retrieval.terms import COMPOUND_CHARACTERS

TOKENIZER = f"porter unicode61 remove_diacritics 2 tokenchars '{COMPOUND_CHARACTERS}'"
_MOST_KNOWN = 100_000


class Stemmer:
    """FTS5's own stems, asked of a private in-memory table, so that both sides always agree. Thread: any."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, str] = {}
        self._db = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self._db.execute(f'CREATE VIRTUAL TABLE word USING fts5(term, tokenize="{TOKENIZER}")')
        self._db.execute("CREATE VIRTUAL TABLE stem USING fts5vocab(word, instance)")

    def stems(self, terms: Iterable[str]) -> dict[str, str]:
        with self._lock:
            wanted = list(dict.fromkeys(terms))
            fresh = [term for term in wanted if term not in self._known]
            if fresh:
                if len(self._known) > _MOST_KNOWN:
                    self._known.clear()
                    fresh = wanted
                self._db.execute("BEGIN")
                self._db.executemany("INSERT INTO word(rowid, term) VALUES (?, ?)", enumerate(fresh))
                self._known |= dict(zip(fresh, fresh, strict=True))
                for stem, place in self._db.execute("SELECT term, doc FROM stem"):
                    self._known[fresh[place]] = stem
                self._db.execute("ROLLBACK")
            return {term: self._known[term] for term in wanted}
