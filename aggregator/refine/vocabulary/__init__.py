"""The vocabulary: topics, diseases, authorities and places as data. Beside config.py the only reader of YAML."""

import dataclasses
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from importlib import resources
from typing import Any, ClassVar

import yaml

from aggregator.errors import ConfigError
from aggregator.model import TagKind
from aggregator.refine.vocabulary.shapes import (
    Contexts,
    DocumentWords,
    Institutions,
    OrderWords,
    Persons,
    Place,
    Term,
    UrgentKind,
    UrgentWords,
    Vocabulary,
    Weights,
)

__all__ = [
    "Contexts",
    "DocumentWords",
    "OrderWords",
    "Place",
    "Term",
    "UrgentKind",
    "UrgentWords",
    "Vocabulary",
    "Weights",
    "load",
    "weights_of",
]

FILES = ("topics", "diseases", "authorities", "places", "contexts", "urgent", "documents")
LEARNED = ("genre", "ending")  # urgent-*.tsv: weights that were learned from labelled notices
KINDS: dict[str, TagKind] = {"topics": "topic", "diseases": "disease", "authorities": "authority"}
NOT_WORDS = ("version", "kinds", "orders", "sources")  # of urgent.yaml
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*|[a-z0-9-]*\{(?:party_slug|slug)\}[a-z0-9{}_-]*")
HANOI = "ha-noi"
OWN = "the operator (tags: of the configuration)"


class Mapped(dict[str, Any]):
    """A mapping of YAML that knows where it stands."""

    where = ""


def _mapping(reader: "Reader", node: yaml.MappingNode) -> Mapped:
    mapped = Mapped()
    for key_node, value_node in node.value:
        key = reader.construct_object(key_node, deep=True)
        if key in mapped:
            mark = key_node.start_mark
            raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} stands twice; keep one", mark)
        mapped[key] = reader.construct_object(value_node, deep=True)
    mapped.where = f"{reader.name}:{node.start_mark.line + 1}"
    return mapped


class Reader(yaml.CSafeLoader):
    """Safe YAML whose mappings know their line; a key that stands twice is refused."""

    name = ""
    yaml_constructors: ClassVar[dict[str | None, Any]] = {
        **yaml.CSafeLoader.yaml_constructors,
        "tag:yaml.org,2002:map": _mapping,
    }


def load(own: Mapping[str, Any] | None = None) -> Vocabulary:
    """The vocabulary of the package; `own` adds to it and overrides it (`tags:` of sources.yaml).

    `own` has lists `topics`, `diseases`, `authorities`, `places`. What has a known slug adds its words to those of
    the known one, takes away those it excludes, and replaces its other fields; the rest is new. Raises ConfigError
    saying where for anything that cannot be used.
    """
    texts = {name: (resources.files(__package__) / f"{name}.yaml").read_bytes() for name in FILES}
    data = {name: parse(text, f"{name}.yaml") for name, text in texts.items()}
    learned = {name: (resources.files(__package__) / f"urgent-{name}.tsv").read_bytes() for name in LEARNED}
    more = _own(own or {})
    spellings = {key: tuple(value) for key, value in data["topics"].get("spellings", {}).items()}
    terms: list[Term] = []
    for file, kind in KINDS.items():
        merged = _merge(_sourced(data[file], data[file]["terms"]), more.get(file, []))
        terms += [_term(kind, each, spellings) for each in merged]
    _once(terms)
    given = json.dumps(more, ensure_ascii=False, sort_keys=True, default=str).encode() if more else b""
    digest = hashlib.sha256(b"\x1f".join([*texts.values(), *learned.values(), given])).hexdigest()
    places = _places(data["places"], more.get("places", []))
    version = f"vocabulary-{data['topics']['version']}.{digest[:8]}"
    numbers = data["documents"]
    return Vocabulary(
        version,
        tuple(terms),
        places,
        _contexts(data["contexts"]),
        _urgent(data["urgent"], {name: weights_of(text) for name, text in learned.items()}),
        DocumentWords(dict(numbers["types"]), tuple(numbers["words"]), dict(numbers["issuers"]), _source(numbers, {})),
        dict(data["places"]["sites"]),
    )


def parse(text: bytes, name: str) -> Mapped:
    """The mapping that a YAML text holds. Raises ConfigError, with `name` and line, for what is none."""
    reader = Reader(text)
    reader.name = name
    try:
        data = reader.get_single_data()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigError(f"{name}:{line} is not YAML that can be used: {error.problem}") from error
    finally:
        reader.dispose()
    if not isinstance(data, Mapped):
        raise ConfigError(f"{name}:1 holds no keys; it must begin with keys such as terms:")
    return data


def _own(own: Mapping[str, Any]) -> dict[str, list[Mapped]]:
    """The lists of own tags, each row knowing where it stands."""
    where = own.where if isinstance(own, Mapped) else "tags:"
    if unknown := sorted(set(own) - {*KINDS, "places"}):
        raise ConfigError(f"{where} unknown key {unknown[0]!r}; write topics, diseases, authorities or places")
    return {key: [_row(key, number, row) for number, row in enumerate(rows)] for key, rows in own.items() if rows}


def _row(key: str, number: int, row: Mapping[str, Any]) -> Mapped:
    if isinstance(row, Mapped):
        return row
    mapped = Mapped(row)
    mapped.where = f"tags.{key}[{number}]"
    return mapped


def _merge(base: Iterable[Mapped], more: Iterable[Mapped]) -> list[Mapped]:
    merged = {each.get("slug"): each for each in base}
    for each in more:
        known = merged.get(each.get("slug"), Mapped())
        both = Mapped({**known, **each, **_joined(known, each), "source": _own_source(known, each)})
        both.where = each.where
        merged[each.get("slug")] = both
    return list(merged.values())


def _sourced(data: Mapped, rows: Iterable[Mapped]) -> list[Mapped]:
    """The rows of a file, each with its source."""
    found = []
    for row in rows:
        told = Mapped({**row, "source": row.get("source") or _source(data, row)})
        told.where = row.where
        found.append(told)
    return found


def _source(data: Mapped, row: Mapping[str, Any]) -> str:
    """Of the file's sources the first that names a field of the row, else the default."""
    return str(next((told for key, told in data["sources"].items() if row.get(key)), data["sources"]["default"]))


def _own_source(known: Mapped, each: Mapped) -> str:
    """What the operator says of a tag's source; else whose it was, and that the operator changed it."""
    told, was = str(each.get("source") or ""), str(known.get("source") or "")
    return told or (f"{was}; {OWN}" if was else OWN)


def _joined(known: Mapped, each: Mapped) -> dict[str, list[str]]:
    """The lists that both have, as one, without the words that are excluded now."""
    gone = each.get("exclude") or ()
    both = {key: [*known[key], *each[key]] for key in each if isinstance(known.get(key), list) and _is_list(each[key])}
    if known and _is_list(gone):
        for key in ("names", "in_title", "hints", "capitals", "bare", "listed"):
            words = both.get(key, known.get(key))
            if isinstance(words, list):
                both[key] = [word for word in words if word not in gone]
    return both


def _is_list(value: object) -> bool:
    return isinstance(value, list | tuple)


def _term(kind: TagKind, given: Mapped, spellings: Mapping[str, tuple[str, ...]]) -> Term:
    fields = _fields(Term, given, needed=("slug", "label", "names"))
    for key in ("names", "in_title", "hints", "exclude", "bare", "listed", "with_diseases"):
        fields[key] = tuple(dict.fromkeys(way for name in fields.get(key, ()) for way in _ways(name, spellings)))
    return Term(kind=kind, **fields)


def _ways(name: str, spellings: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    ways = [name]
    for key, others in spellings.items():
        ways += [way.replace(key, other) for way in ways if key in way for other in others]
    return tuple(ways)


def _fields(shape: type, given: Mapped, needed: tuple[str, ...]) -> dict[str, Any]:
    known = {field.name: field.type for field in dataclasses.fields(shape)}
    for key in given:
        if key not in known or key == "kind":
            raise ConfigError(f"{given.where} unknown key {key!r}; the keys are {', '.join(sorted(known))}")
    for key in needed:
        if not given.get(key):
            raise ConfigError(f"{given.where} {key} is missing; every one needs {', '.join(needed)}")
    if not SLUG.fullmatch(str(given["slug"])):
        raise ConfigError(f"{given.where} slug: {given['slug']!r} is not a-z, 0-9 and single hyphens")
    return {key: _value(given, key, known[key]) for key in given}


def _value(given: Mapped, key: str, kind: object) -> Any:
    value = given[key]
    if kind == tuple[str, ...]:
        if not _is_list(value) or not all(isinstance(part, str) and part for part in value):
            raise ConfigError(f"{given.where} {key}: write a list of words, as [sởi, bệnh sởi]")
        return tuple(value)
    if isinstance(value, list | dict):
        raise ConfigError(f"{given.where} {key}: one value is expected here, not a list")
    if kind is str:
        return str(value)
    if kind is bool or value is None or isinstance(value, date):
        return value
    raise ConfigError(f"{given.where} {key}: {value!r} is not a date; write 2025-07-01")


def _once(terms: Iterable[Term]) -> None:
    seen: set[tuple[str, str]] = set()
    for term in terms:
        if (term.kind, term.slug) in seen:
            raise ConfigError(f"the {term.kind} {term.slug!r} stands twice in the vocabulary; keep one")
        seen.add((term.kind, term.slug))


def _places(data: Mapped, more: Iterable[Mapped]) -> dict[str, Place]:
    lists = [("", "provinces"), (HANOI, "districts"), (HANOI, "communes"), (HANOI, "wards")]
    given = [Mapped({"parent": parent, **each}) for parent, key in lists for each in _sourced(data, data[key])]
    places: dict[str, Place] = {}
    for each in _merge(given, more):
        place = Place(**_fields(Place, each, needed=("slug", "label", "name", "level")))
        places[place.slug] = place
    return places


def _contexts(data: Mapped) -> Contexts:
    institutions = Institutions(**{key: tuple(words) for key, words in data["institutions"].items()})
    persons = Persons(**{key: tuple(words) for key, words in data["persons"].items()})
    rest = {key: tuple(words) for key, words in data.items() if key not in ("institutions", "persons", "sources")}
    return Contexts(institutions=institutions, persons=persons, **rest, source=_source(data, {}))


def weights_of(text: bytes) -> Weights:
    """The weights of a file of lines `feature TAB weight`; the bias is that of no feature."""
    lines = (line.split("\t") for line in text.decode().splitlines() if not line.startswith("# "))
    of = {feature: float(weight) for feature, weight in lines}
    return Weights(of.pop(""), of)


def _urgent(data: Mapped, learned: Mapping[str, Weights]) -> UrgentWords:
    kinds = tuple(UrgentKind(**_tuples(each)) for each in data["kinds"])
    orders = tuple(OrderWords(**_tuples(each)) for each in data["orders"])
    rest: dict[str, Any] = {key: tuple(words) for key, words in data.items() if key not in NOT_WORDS}
    genre, ending = learned["genre"], learned["ending"]
    return UrgentWords(kinds=kinds, orders=orders, genre=genre, ending=ending, source=_source(data, {}), **rest)


def _tuples(given: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in given.items()}
