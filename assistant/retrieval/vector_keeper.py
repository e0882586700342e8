"""Keeps one Chroma index honest: a mark before the first write, a probe after a kill, a seal while closed, a rebuild into a new folder.

States: "empty" (nothing in it), "good", "doubtful" (killed while writing and not probed since, damaged, made by another Chroma). A
doubtful index refuses queries and writes; the parent probes it or has it rebuilt.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from assistant.domain.errors import BadRequestError, StoreUnavailableError
from assistant.ipc.vector_messages import VectorState
from assistant.models.ports import FloatMatrix
from assistant.retrieval.chroma_folder import ChromaFolder, InUse, impossible_file
from assistant.retrieval.chroma_index import ChromaIndex, chroma_version
from assistant.retrieval.chroma_seal import changed_file, is_sealed, seal

log = logging.getLogger(__name__)

CANARIES = 100
DIRTY, OPENING = "dirty", "opening"
_CHANGES_BETWEEN_NOTES = 200


class VectorKeeper:
    """Thread: one at a time. Opens nothing before it is first asked, because a wait for a dying predecessor may take a while."""

    def __init__(self, root: Path) -> None:
        self._folder = ChromaFolder(root)
        self._index: ChromaIndex | None = None
        self._building: ChromaIndex | None = None
        self._is_open = False
        self._doubt = ""
        self._needs_probe = False
        self._changed = 0
        self._noted = 0

    # ---- answering -------------------------------------------------------------------------------------------------------

    def state(self) -> VectorState:
        self._open()
        if self._doubt:
            return VectorState("doubtful", reason=self._doubt, changed=self._changed)
        assert self._index is not None
        count = self._index.count()
        if self._needs_probe:
            return VectorState("doubtful", count, self._changed, "not closed cleanly")
        return VectorState("good" if count else "empty", count, self._changed)

    def probe(self, ids: Sequence[str], vectors: FloatMatrix | None, count: int, *, more: bool = False) -> VectorState:
        """Compare these with what the index remembers, and ask some of them whether they find themselves. Any miss makes the index
        doubtful. more: another probe follows; until then the index is not believed."""
        self._open()
        if self._index is None or self._doubt:
            return self.state()
        try:
            self._doubt = self._what_is_wrong(ids, vectors, count)
        except StoreUnavailableError as error:
            self._doubt = error.detail
        if more and not self._doubt:
            return VectorState("unproven", self._index.count(), self._changed)
        self._needs_probe = False
        if self._doubt:
            log.warning("the index failed its probe: %s", self._doubt)
            self._folder.mark(OPENING)  # the next process is not to open it at all
            self._let_go()
        else:
            self._folder.unmark(OPENING)
        return self.state()

    def check(self, ids: Sequence[str], vectors: FloatMatrix) -> tuple[int, int]:
        """How many of these the index holds as they are here, and how many of them it does not find: heavy churn can make some
        unreachable (I 7662, 7758)."""
        index = self._good()
        same = index.held(ids, vectors)
        return len(same), index.lost([ids[place] for place in same], vectors[same]) if same else 0

    def query(self, vector: FloatMatrix, top: int) -> list[tuple[str, float]]:
        return self._good().query(vector, top)

    def ids(self) -> list[str]:
        return self._good().ids()

    # ---- writing ---------------------------------------------------------------------------------------------------------

    def upsert(self, ids: Sequence[str], vectors: FloatMatrix) -> None:
        index = self._good()
        self._folder.mark(DIRTY)
        known = index.known(ids)
        index.upsert(ids, vectors)
        self._note_changes(known)

    def delete(self, ids: Sequence[str]) -> None:
        index = self._good()
        self._folder.mark(DIRTY)
        self._note_changes(index.delete(ids))

    # ---- rebuilding ------------------------------------------------------------------------------------------------------

    def begin_rebuild(self) -> None:
        self._open()
        if self._building is not None:
            self._building.close()
        self._folder.remove_leftovers(keep=self._index.folder if self._index is not None else None)
        self._building = ChromaIndex(self._folder.new_index())

    def add_to_rebuild(self, ids: Sequence[str], vectors: FloatMatrix) -> None:
        if self._building is None:
            raise BadRequestError(reason="no rebuild has begun")
        self._building.upsert(ids, vectors)

    def finish_rebuild(self, count: int) -> VectorState:
        """Switch to the new index. Raises StoreUnavailableError, and keeps things as they were, if it is not what it should be."""
        building, self._building = self._building, None
        if building is None:
            raise BadRequestError(reason="no rebuild has begun")
        held = building.count()
        missed = building.lost(*building.sample(CANARIES, held)) if held else 0
        # Closing writes what is still in memory, so the mark may fall: what the new folder holds is complete.
        building.close()
        if held != count or missed:
            self._folder.remove_leftovers(keep=self._index.folder if self._index is not None else None)
            raise StoreUnavailableError(store="vectors", reason=f"rebuilt {held} of {count}, {missed} not found")
        self._let_go()
        seal(self._folder.root, building.folder)
        self._folder.use(InUse(building.folder.name, chroma_version()))
        self._folder.unmark(DIRTY)
        self._folder.unmark(OPENING)
        self._doubt, self._needs_probe, self._changed, self._noted = "", False, 0, 0
        self._index = ChromaIndex(building.folder)
        self._seal()
        self._folder.remove_leftovers(keep=building.folder)
        return self.state()

    def close(self) -> None:
        """Leave a folder that the next start may believe."""
        try:
            if self._building is not None:
                self._building.close()
            if self._index is not None:
                index, self._index = self._index, None
                index.close()
                if not self._needs_probe and not self._doubt:
                    self._note_changes(0, now=True)
                    seal(self._folder.root, index.folder)
                    self._folder.unmark(DIRTY)
                    self._folder.unmark(OPENING)
        except (StoreUnavailableError, OSError) as error:
            log.warning("not closed cleanly: %s", error)
        finally:
            self._folder.release()

    # ---- inside ----------------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        if self._is_open:
            return
        self._folder.take()
        self._is_open = True
        in_use = self._folder.in_use()
        if in_use is None:
            self._folder.remove_leftovers(keep=None)
            self._folder.unmark(DIRTY)
            self._folder.unmark(OPENING)
            self._start_empty()
            return
        path = self._folder.root / in_use.folder
        self._folder.remove_leftovers(keep=path)
        self._changed = self._noted = in_use.changed
        if self._folder.is_marked(DIRTY):
            self._changed += _CHANGES_BETWEEN_NOTES  # as many as the last process may not have got round to noting
        self._doubt = self._why_not_open(in_use, path)
        if self._doubt:
            log.warning("the index is not opened: %s", self._doubt)
            return
        # Without a seal nobody knows how it was left: as after a kill.
        self._needs_probe = self._folder.is_marked(DIRTY) or not is_sealed(self._folder.root, path)
        # Opening can end the process; if it does, this mark tells the next one to keep its hands off.
        if self._needs_probe:
            self._folder.mark(OPENING)
        try:
            self._index = ChromaIndex(path)
        except StoreUnavailableError as error:
            self._doubt = error.detail
            log.warning("the index cannot be opened: %s", self._doubt)
            self._folder.mark(OPENING)
            return
        if not self._needs_probe:
            self._seal()

    def _why_not_open(self, in_use: InUse, path: Path) -> str:
        if in_use.chroma != chroma_version():
            return "made by another version"
        if self._folder.is_marked(OPENING):
            return "opening it failed before"
        if sparse := impossible_file(path):
            return f"{sparse} is larger than it can be"
        if not self._folder.is_marked(DIRTY) and (changed := changed_file(self._folder.root, path)):
            return f"{changed} is not as it was left"
        return ""

    def _seal(self) -> None:
        """Anew after each opening, because opening writes to `chroma.sqlite3`; until the first write nothing else does."""
        assert self._index is not None
        seal(self._folder.root, self._index.folder)

    def _start_empty(self) -> None:
        path = self._folder.new_index()
        self._index = ChromaIndex(path)
        self._folder.use(InUse(path.name, chroma_version()))
        self._seal()

    def _what_is_wrong(self, ids: Sequence[str], vectors: FloatMatrix | None, count: int) -> str:
        assert self._index is not None
        held = self._index.count()
        if 0 <= count != held:
            return f"holds {held} of {count}"
        if vectors is None:
            return ""
        # Every vector, because a torn write may spoil any one; paths between them by sample, because asking takes longer.
        if wrong := self._index.known(ids) - len(self._index.held(ids, vectors)):
            return f"{wrong} vectors are not what they were"
        step = max(1, len(ids) // CANARIES)
        missed = self._index.lost(ids[::step], vectors[::step])
        return f"{missed} chunks do not find themselves" if missed else ""

    def _good(self) -> ChromaIndex:
        self._open()
        if self._doubt or self._needs_probe or self._index is None:
            raise StoreUnavailableError(store="vectors", reason=self._doubt or "not probed")
        return self._index

    def _let_go(self) -> None:
        """Close an index that will not be used again; how it is closed does not matter then."""
        if self._index is not None:
            try:
                self._index.close()
            except StoreUnavailableError as error:
                log.info("closing the old index: %s", error)
            self._index = None

    def _note_changes(self, more: int, *, now: bool = False) -> None:
        self._changed += more
        if self._index is None and not now:
            return
        if self._changed != self._noted and (now or self._changed - self._noted >= _CHANGES_BETWEEN_NOTES):
            in_use = self._folder.in_use()
            if in_use is not None:
                self._folder.use(InUse(in_use.folder, in_use.chroma, self._changed))
                self._noted = self._changed
