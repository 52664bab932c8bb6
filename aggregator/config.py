"""sources.yaml -> frozen Config. The only reader of YAML; its errors give file, line, key and what to write instead."""

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from aggregator.errors import ConfigError
from aggregator.mail_settings import Mail
from aggregator.settings import Campaign, Config
from aggregator.settings.portals import Portals
from aggregator.stations import read_stations

KeyPath = tuple[str | int, ...]
Lines = dict[KeyPath, int]

LONGEST_NAME = 255  # bytes that Linux takes in one name; a longer text names no file


def load(path: Path, overlays: tuple[Path, ...] = (), **replace: Any) -> Config:
    """The configuration in the file, with overlays merged over it and top-level keys replaced.

    In an overlay sources are merged by `id` and campaigns by `slug`; any other list takes the place of what was
    there. Raises ConfigError with every problem found, one a line.
    """
    data, lines = _read(path)
    for overlay in overlays:
        more, _ = _read(overlay)
        data = _merge(data, more)
    data.update(replace)
    try:
        return Config.model_validate(data)
    except ValidationError as error:
        found = [_sentence(path, lines, data, dict(problem)) for problem in error.errors()]
        raise ConfigError("\n".join(found)) from error


def load_portals(path: Path) -> Portals:
    """The portals in a file. Raises ConfigError with every problem found, one a line."""
    data, lines = _read(path)
    try:
        return Portals.model_validate(data)
    except ValidationError as error:
        found = [_sentence(path, lines, data, dict(problem)) for problem in error.errors()]
        raise ConfigError("\n".join(found)) from error


def folder_of(config: Config, path: Path) -> Config:
    """The configuration with its relative places (database, output, templates, emblem) as absolute ones.

    They count from the folder of the file.
    """
    base = path.resolve().parent
    database = config.database
    prefix = "sqlite:///"
    if database.startswith(prefix) and not database.startswith(prefix + "/"):
        database = f"{prefix}{base / database.removeprefix(prefix)}"
    site = config.site
    if site.emblem:
        site = site.model_copy(update={"emblem": str(base / site.emblem)})
    update = {
        "database": database,
        "output": str(base / config.output),
        "templates": str(base / config.templates) if config.templates else "",
        "site": site,
        "mail": _placed(config.mail, base) if config.mail else None,
        "campaigns": tuple(_pictured(campaign, base) for campaign in config.campaigns),
    }
    return config.model_copy(update=update)


SECRET = frozenset({"password_file"})  # keys whose files are no part of the configuration
OWN = frozenset({"database", "output"})  # keys of places that the program writes


def named_files(path: Path) -> tuple[Path, ...]:
    """Files and folders below the configuration's folder that its values name, but for secrets and what it writes."""
    data = yaml.load(_text(path), Loader=yaml.CSafeLoader)
    base = path.resolve().parent
    found = (base / word for word in _words(data))
    return tuple(dict.fromkeys(one.resolve() for one in found if one.exists() and base in one.resolve().parents))


def _words(data: Any) -> Iterator[str]:
    """Every short text in the data that could be the name of a file."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key not in SECRET | OWN:
                yield from _words(value)
    elif isinstance(data, list):
        for value in data:
            yield from _words(value)
    elif isinstance(data, str) and 0 < len(data) <= LONGEST_NAME and "\n" not in data and "\0" not in data:
        yield data


def _pictured(campaign: Campaign, base: Path) -> Campaign:
    """The campaign with its image files as absolute paths."""
    images = tuple(one.model_copy(update={"file": str(base / one.file)}) for one in campaign.images)
    emblem = str(base / campaign.emblem) if campaign.emblem else ""
    return campaign.model_copy(update={"images": images, "emblem": emblem})


def _placed(mail: Mail, base: Path) -> Mail:
    """The settings of e-mail with their files as absolute paths."""
    smtp = mail.smtp
    if smtp:
        files = {name: str(base / place) for name in ("password_file", "ca_file") if (place := getattr(smtp, name))}
        smtp = smtp.model_copy(update=files)
    recipients = str(base / mail.recipients) if mail.recipients else ""
    return mail.model_copy(update={"recipients": recipients, "smtp": smtp})


def _read(path: Path) -> tuple[dict[str, Any], Lines]:
    text = _text(path, "give its place with --config FILE")
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigError(
            f"{path}:{line} is not YAML: {error.problem}; check the indentation and quotes there"
        ) from error
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: is not YAML: {error}") from error
    lines: Lines = {}
    data = _value(node, (), lines, path) if node is not None else {}
    if not isinstance(data, dict):
        raise ConfigError(f"{path}:1 holds no keys; it must begin with keys such as sources:")
    _take_stations(data, path)
    return data, lines


def _take_stations(data: dict[str, Any], path: Path) -> None:
    """Put the rows of the file that `site.stations` names in its place. Raises ConfigError with all bad rows."""
    site = data.get("site")
    named = site.get("stations") if isinstance(site, dict) else None
    if not isinstance(site, dict) or not isinstance(named, str):
        return
    rows, problems = read_stations(_text(path.resolve().parent / named), named) if named else ((), ())
    if problems:
        raise ConfigError("\n".join(problems))
    site["stations"] = rows


def _text(path: Path, hint: str = "correct its place or make it") -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise ConfigError(f"{path}: no such file; {hint}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 (byte {error.start}); save the file as UTF-8") from error
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error


def _value(node: yaml.Node, where: KeyPath, lines: Lines, path: Path) -> Any:
    """The plain value of a node; notes the line of every key below it. Refuses a key written twice."""
    lines[where] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        out: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in out:
                line = key_node.start_mark.line + 1
                raise ConfigError(f"{path}:{line} {dotted((*where, key))}: is written twice; keep one of them")
            out[key] = _value(value_node, (*where, key), lines, path)
            lines[(*where, key)] = key_node.start_mark.line + 1
        return out
    if isinstance(node, yaml.SequenceNode):
        return [_value(child, (*where, index), lines, path) for index, child in enumerate(node.value)]
    return _Scalars().construct(node)


class _Scalars(yaml.CSafeLoader):
    """PyYAML's safe scalars (true, 12, 2020-08-18), one node at a time."""

    def __init__(self) -> None:
        super().__init__("")

    def construct(self, node: yaml.Node) -> Any:
        return self.construct_object(node, deep=True)


NAMED = {"sources": "id", "campaigns": "slug"}  # lists that an overlay merges, and the key that names their rows


def _merge(base: dict[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """The base with the overlay's values in it: mappings key by key, named lists row by row, all else replaced."""
    out = dict(base)
    for key, value in over.items():
        old = out.get(key)
        if key in NAMED and isinstance(old, list) and isinstance(value, list):
            out[key] = _merge_rows(old, value, NAMED[key])
        elif isinstance(old, dict) and isinstance(value, dict):
            out[key] = _merge(old, value)
        else:
            out[key] = value
    return out


def _merge_rows(base: list[Any], over: list[Any], name: str) -> list[Any]:
    rows = {row[name]: row for row in base}
    for row in over:
        rows[row[name]] = _merge(rows.get(row[name], {}), row)
    return list(rows.values())


def dotted(where: KeyPath) -> str:
    """`sources[3].every` for ("sources", 3, "every")."""
    out = ""
    for part in where:
        out += f"[{part}]" if isinstance(part, int) else f".{part}" if out else part
    return out


def _sentence(path: Path, lines: Lines, data: Mapping[str, Any], problem: Mapping[str, Any]) -> str:
    """`sources.yaml:14 sources[3].every: '6 hourss' is not a duration; write 90s, 30m, 6h or 2d`."""
    where: KeyPath = tuple(problem["loc"])
    known = next(where[:end] for end in range(len(where), -1, -1) if where[:end] in lines or end == 0)
    name = f" {dotted(where)}" if where else ""
    return f"{path}:{lines.get(known, 1)}{name}: {_advice(where, problem)}"


def _advice(where: KeyPath, problem: Mapping[str, Any]) -> str:
    kind, value = problem["type"], problem.get("input")
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(str(where[-1]), _keys_at(where[:-1]), n=1)
        hint = f"write {near[0]}" if near else "remove it; docs/configuration.md lists the keys"
        return f"is not a known key; {hint}"
    if kind == "missing":
        return "is missing; write it (docs/configuration.md says what it holds)"
    if kind == "value_error":
        return str(problem["ctx"]["error"])
    message = problem["msg"][:1].lower() + problem["msg"][1:]
    return f"{value!r}: {message}; docs/configuration.md says what it holds"


def _keys_at(where: KeyPath) -> list[str]:
    """The keys that the settings know at a place."""
    model: Any = Config
    for part in where:
        if isinstance(part, int):
            continue
        model = _model_in(model.model_fields[part].annotation) if part in getattr(model, "model_fields", {}) else None
        if model is None:
            return []
    return list(model.model_fields)


def _model_in(annotation: Any) -> Any:
    """The settings class inside an annotation such as `tuple[Source, ...]` or `Agreement | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for arg in getattr(annotation, "__args__", ()) if (found := _model_in(arg))), None)
