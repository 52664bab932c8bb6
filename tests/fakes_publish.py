"""A PublishStore and a Writer in memory, for the tests of publishing. The real store has its contract suite."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from aggregator.model import NEAREST, Act, Artifact, Dropped, Line, Pending, Shelf, Shelved, Story, TargetState
from aggregator.store.nearby import relates


class FakeStore:
    def __init__(self, *stories: Story) -> None:
        self.kept: dict[str, Story] = {}
        self.changed: dict[str, int] = {}
        self.placed: dict[str, Shelved] = {}
        self.paths: dict[str, str] = {}
        self.work: set[str] = set()
        self.published_pages: dict[str, str] = {}
        self.notes: dict[str, str] = {}
        self.signed: list[Act] = []
        self.left: dict[str, tuple[Dropped, ...]] = {}
        self.kept_targets: tuple[TargetState, ...] = ()
        self.clock = 0
        self.mark = 0
        self.reads = 0
        self.put(*stories)

    def put(self, *stories: Story) -> None:
        """As if a visit had changed these stories."""
        self.clock += 1
        for story in stories:
            self.kept[story.id] = story
            self.changed[story.id] = self.clock

    def merge(self, gone: str, into: Story) -> None:
        """As if a story had become part of another."""
        self.kept.pop(gone)
        alias = self.paths.get(gone, "")
        self.put(replace(into, aliases=(*into.aliases, alias) if alias else into.aliases))
        self.changed[gone] = self.clock

    def pending(self, now: datetime) -> Pending:
        due = {id for id, place in self.placed.items() if place.due is not None and place.due <= now}
        changed = {id for id, mark in self.changed.items() if mark > self.mark}
        return Pending(tuple(sorted(due | changed)), self.clock)

    def everything(self) -> Pending:
        return Pending(tuple(sorted(self.kept)), self.clock)

    def stories(self, ids: Sequence[str]) -> tuple[Story, ...]:
        found = [self.kept[id] for id in ids if id in self.kept]
        self.reads += len(found)
        return tuple(replace(story, path=self.paths.get(story.id, story.path)) for story in found)

    def place(self, shelved: Sequence[Shelved], gone: Collection[str], mark: int) -> None:
        stood = self._keys()
        moved = [one for one in shelved if self.placed.get(one.story) != one]
        touched = {*gone, *(one.story for one in moved)}
        self.work |= self._naming(touched)
        for id in (*gone, *(new.story for new in shelved)):
            old = self.placed.pop(id, None)
            self.work |= {placement.shelf for placement in old.placements} if old else set()
        for new in shelved:
            self.placed[new.story] = new
            self.work |= {f"story/{new.story}", *(placement.shelf for placement in new.placements)}
            if new.path:
                self.paths[new.story] = new.path
        self.work |= {f"shelf/{key}" for key in stood ^ self._keys()}
        self.work |= self._naming(touched)
        self.mark = mark

    def _naming(self, touched: set[str]) -> set[str]:
        """Work of the stories whose page may name one of these."""
        found = set()
        for key in filter(relates, self._keys()):
            order = self.shelf(key, len(self.placed))
            for at, id in enumerate(order):
                if id in touched:
                    found |= {f"story/{newer}" for newer in order[max(0, at - NEAREST) : at]}
        return found

    def related(self, ids: Collection[str]) -> Mapping[str, Mapping[str, tuple[Line, ...]]]:
        found: dict[str, dict[str, tuple[Line, ...]]] = {}
        for key in filter(relates, sorted(self._keys())):
            order = self.shelf(key, len(self.placed))
            for at, id in enumerate(order):
                if id in ids and (near := order[at + 1 : at + 1 + NEAREST]):
                    found.setdefault(id, {})[key] = tuple(self.placed[one].lines[0] for one in near)
        return found

    def oldest_first(self, ids: Collection[str]) -> tuple[str, ...]:
        standing = [id for id in reversed(self.shelf("all", len(self.placed))) if id in ids]
        return (*standing, *sorted(set(ids) - set(standing)))

    def _keys(self) -> set[str]:
        return {placement.shelf for place in self.placed.values() for placement in place.placements}

    def dirty(self) -> tuple[str, ...]:
        return tuple(sorted(self.work))

    def shelf(self, key: str, limit: int, skip: int = 0) -> tuple[str, ...]:
        rows = [(p.at, p.authority, id) for id, s in self.placed.items() for p in s.placements if p.shelf == key]
        rows.sort(key=lambda row: (-row[0].timestamp(), -row[1], row[2]))
        return tuple(row[2] for row in rows)[skip : skip + limit]

    def shelves(self, prefix: str) -> tuple[Shelf, ...]:
        found: dict[str, Shelf] = {}
        for _, shelved in sorted(self.placed.items()):
            for p in shelved.placements:
                if p.shelf.startswith(prefix):
                    old = found.get(p.shelf)
                    newest = max(old.newest, p.at) if old else p.at
                    found[p.shelf] = Shelf(p.shelf, p.label, (old.count if old else 0) + 1, newest)
        return tuple(found[key] for key in sorted(found))

    def lines(self, key: str, limit: int, source: str = "") -> tuple[Line, ...]:
        told = [self.placed[id].lines for id in self.shelf(key, limit)]
        return tuple(next(line for line in lines if source in ("", line.source)) for lines in told)

    def named(self, keys: Collection[str]) -> Mapping[str, Shelf]:
        return {shelf.key: shelf for shelf in self.shelves("") if shelf.key in keys}

    def below(self, parent: str, limit: int | None = None) -> tuple[Shelf, ...]:
        found = [shelf for shelf in self.shelves("") if shelf.key.rpartition("/")[0] == parent]
        return tuple(sorted(found, key=lambda one: (-one.newest.timestamp(), one.key))[:limit] if limit else found)

    def beside(self, key: str) -> tuple[str, str]:
        keys = [shelf.key for shelf in self.below(key.rpartition("/")[0])]
        before, after = [one for one in keys if one < key], [one for one in keys if one > key]
        return before[-1] if before else "", after[0] if after else ""

    def dropped(self, key: str, limit: int) -> tuple[Dropped, ...]:
        return self.left.get(key, ())[:limit]

    def pages(self, paths: Collection[str]) -> Mapping[str, str]:
        return {path: self.published_pages[path] for path in paths if path in self.published_pages}

    def all_pages(self) -> Mapping[str, str]:
        return dict(self.published_pages)

    def published(
        self, written: Mapping[str, str], removed: Collection[str], done: Collection[str], memo: Mapping[str, str]
    ) -> None:
        self.published_pages |= written
        for path in removed:
            self.published_pages.pop(path, None)
        self.work -= set(done)
        self.notes |= memo

    def acts(self) -> tuple[Act, ...]:
        return tuple(sorted(self.signed, key=lambda act: (act.alert, act.number)))

    def keep_act(self, act: Act) -> None:
        self.signed.append(act)

    def targets(self) -> tuple[TargetState, ...]:
        return self.kept_targets

    def memo(self, key: str) -> str:
        return self.notes.get(key, "")


class Killed(BaseException):
    """The process ended here."""


class MemoryWriter:
    """Files in a dict; `dies_after` writes and removals it ends as a killed process would."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.log: list[tuple[str, str]] = []
        self.dies_after: int | None = None

    def write(self, artifact: Artifact) -> None:
        self._step("write", artifact.path)
        self.files[artifact.path] = artifact.content

    def remove(self, path: str) -> None:
        self._step("remove", path)
        self.files.pop(path, None)

    def has(self, path: str) -> bool:
        return path in self.files

    def last(self, folder: str) -> tuple[str, bytes]:
        names = sorted(path for path in self.files if path.startswith(folder))
        return (names[-1], self.files[names[-1]]) if names else ("", b"")

    def append(self, path: str, content: bytes, at: int) -> None:
        """A killed process leaves half of the content."""
        before = self.files.get(path, b"")[:at]
        try:
            self._step("append", path)
        except Killed:
            self.files[path] = before + content[: len(content) // 2]
            raise
        self.files[path] = before + content

    def _step(self, what: str, path: str) -> None:
        if self.dies_after is not None:
            if self.dies_after == 0:
                raise Killed
            self.dies_after -= 1
        self.log.append((what, path))
