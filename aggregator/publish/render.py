"""The one Jinja door. Autoescape is always on, an undefined name is an error, HTML passes as SafeHtml only.

Jinja is imported when the first template is filled in: a run that publishes nothing only looks at the files.
"""

import hashlib
import json
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aggregator.defaults import default_file
from aggregator.errors import PublishError
from aggregator.model import SafeHtml
from aggregator.publish import words
from aggregator.publish.outline import outlined

if TYPE_CHECKING:
    from jinja2 import BytecodeCache, Environment
    from jinja2.bccache import Bucket
    from markupsafe import Markup

FAULTS = (TypeError, ValueError, ArithmeticError, LookupError, AttributeError)  # of a template
IN_SCRIPT = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def jsonld(data: Any) -> "Markup":
    """JSON that can stand in a script element: nothing in it ends the element."""
    from markupsafe import Markup

    return Markup(json.dumps(data, ensure_ascii=False).translate(IN_SCRIPT))


@cache
def _compiled() -> "BytecodeCache":
    """What the templates of this process were compiled to: a publish makes only those anew whose source changed."""
    from jinja2 import BytecodeCache

    class Compiled(BytecodeCache):
        def __init__(self) -> None:
            self.kept: dict[str, bytes] = {}

        def load_bytecode(self, bucket: "Bucket") -> None:
            if bucket.key in self.kept:
                bucket.bytecode_from_string(self.kept[bucket.key])

        def dump_bytecode(self, bucket: "Bucket") -> None:
            self.kept[bucket.key] = bucket.bytecode_to_string()

    return Compiled()


def on_page(body: str) -> "Markup | str":
    """A body that sanitise made, outlined for a page; any other text stays text, and is escaped."""
    from markupsafe import Markup

    return Markup(outlined(body)) if isinstance(body, SafeHtml) else body


class Renderer:
    """Templates from the operator's folder first, then the default ones, which `default/...` always reaches."""

    def __init__(self, override: str = "", common: Mapping[str, Any] | None = None) -> None:
        self.folders = ([Path(override)] if override else []) + [default_file("templates")]
        self.common = dict(common or {})
        self._modules: dict[str, Any] = {}

    @cached_property
    def environment(self) -> "Environment":
        """Jinja as we use it, with what is common to all templates."""
        from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined

        default = FileSystemLoader(self.folders[-1])
        loaders = [*(FileSystemLoader(folder) for folder in self.folders), PrefixLoader({"default": default})]
        made = Environment(
            loader=ChoiceLoader(loaders),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            bytecode_cache=_compiled(),
            auto_reload=False,  # a publish has an environment of its own: what it read once it need not look at again
            cache_size=-1,
        )
        made.filters.update(FILTERS)
        made.globals.update(self.common)
        return made

    def render(self, name: str, context: Mapping[str, Any]) -> str:
        """The template filled in. Raises PublishError naming the file at fault, maybe one it takes in, and its line."""
        with self._told(name):
            return self.environment.get_template(name).render(context)

    def part(self, name: str, context: Mapping[str, Any]) -> "Markup":
        """The template filled in, to stand in another as it is. Raises PublishError as `render`."""
        from markupsafe import Markup

        return Markup(self.render(name, context))

    def macro(self, name: str, macro: str, *told: Any) -> "Markup":
        """What the macro of a template makes of what it is told. Raises PublishError as `render`."""
        from markupsafe import Markup

        with self._told(name):
            if name not in self._modules:
                self._modules[name] = self.environment.get_template(name).module
            try:
                return Markup(getattr(self._modules[name], macro)(*told))
            except Exception:
                self.environment.handle_exception()  # raises it again, with the lines of the template in its traceback

    @contextmanager
    def _told(self, name: str) -> Iterator[None]:
        from jinja2 import TemplateError

        try:
            yield
        except (TemplateError, *FAULTS) as error:
            place = self._place(error) or name
            raise PublishError(f"template {place}: {type(error).__name__}: {error}; nothing was published") from error

    def _place(self, error: Exception) -> str:
        """`parts/base.html:3` where the error arose; "" when it names no template."""
        from jinja2 import TemplateSyntaxError

        if isinstance(error, TemplateSyntaxError):
            return f"{error.name}:{error.lineno}" if error.name else ""
        frames = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
        found = [
            f"{Path(filename).relative_to(folder).as_posix()}:{line}"
            for filename, line in frames
            for folder in self.folders
            if Path(filename).is_relative_to(folder)
        ]
        return found[-1] if found else ""

    def read(self, name: str) -> bytes:
        """A file of the template folders as it is, the operator's first. Raises PublishError when there is none."""
        for folder in self.folders:
            if (folder / name).is_file():
                return (folder / name).read_bytes()
        raise PublishError(f"templates/{name} is missing; restore it or remove `templates:` from the configuration")

    def names(self, folder: str) -> tuple[str, ...]:
        """Names of all files in a folder of the templates, sorted; `folder` as `assets`."""
        found = {
            path.relative_to(root).as_posix()
            for root in self.folders
            for path in (root / folder).rglob("*")
            if path.is_file()
        }
        return tuple(sorted(found))

    def digest(self) -> str:
        """SHA-256, hex, of all template files."""
        total = hashlib.sha256()
        for number, root in enumerate(self.folders):
            for path in sorted(path for path in root.rglob("*") if path.is_file()):
                total.update(f"{number} {path.relative_to(root).as_posix()}\0".encode())
                total.update(hashlib.sha256(path.read_bytes()).digest())
        return total.hexdigest()


FILTERS = {
    "short_date": words.short_date,
    "long_date": words.long_date,
    "clock": words.clock,
    "moment": words.moment,
    "iso": words.iso,
    "month_name": words.month_name,
    "number": words.number,
    "wrapped": words.wrapped,
    "jsonld": jsonld,
    "outlined": on_page,
}
