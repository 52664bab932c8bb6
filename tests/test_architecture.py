"""The never rules of the design, read from the syntax tree on every run."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "aggregator"
STEPS = ("collect", "refine", "publish")
FACES = ("aggregator.cli", "aggregator.daemon", "aggregator.cluster")
DOORS = {
    "requests": ("aggregator.collect",),
    "urllib3": ("aggregator.collect",),
    "requests_hardened": ("aggregator.collect",),
    "sqlalchemy": ("aggregator.store",),
    "alembic": ("aggregator.store",),
    "sqlite3": ("aggregator.store",),
    "yaml": ("aggregator.config", "aggregator.refine.vocabulary"),
    "jinja2": ("aggregator.publish.render",),
    "cryptography": (
        "aggregator.publish.signing",
        "aggregator.publish.p256",
        "aggregator.publish.personal",
        "aggregator.operate.sealing",
    ),
    "apscheduler": ("aggregator.daemon",),
    "argparse": ("aggregator.cli",),
    "rich": ("aggregator.cli",),
    "smtplib": ("aggregator.operate.notify",),
    "warcio": ("aggregator.operate.warc",),
    "uharfbuzz": ("aggregator.publish.typeface",),
    "resvg_py": ("aggregator.publish.raster",),
    "segno": ("aggregator.publish.stores",),
    "http.server": ("aggregator.cli.look", "aggregator.demo.replay"),
    "socketserver": ("aggregator.cli.look", "aggregator.demo.replay"),
}
NETWORK_DOOR = ("aggregator.collect.fetch", "aggregator.collect.robots", "aggregator.collect.guard")
HIDDEN = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.monotonic",
    "time.perf_counter", "time.sleep", "random.random", "random.choice", "random.randint", "random.uniform",
    "uuid.uuid4", "uuid.uuid1", "os.getenv", "os.environ", "os.urandom", "secrets.token_hex", "secrets.token_bytes",
    "sys.exit", "os._exit", "sys.argv", "quit", "exit",
}  # fmt: skip
TERMINAL = {"print", "input", "sys.stdout", "sys.stderr", "sys.stdin"}


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules() -> dict[str, ast.Module]:
    found = sorted(path for path in PACKAGE.rglob("*.py") if "versions" not in path.parts)
    return {module_name(path): ast.parse(path.read_text(encoding="utf-8")) for path in found}


def is_within(name: str, parents: tuple[str, ...]) -> bool:
    return any(name == parent or name.startswith(parent + ".") for parent in parents)


def imports(name: str) -> Iterator[str]:
    """Full names that a module imports, anywhere in it; `from a import b` gives a.b where that is a module."""
    for node in ast.walk(modules()[name]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: a relative import; write the full name"
            assert node.module is not None
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in modules() else node.module


def ours(name: str) -> set[str]:
    return {target for target in imports(name) if target in modules() and target != name}


def names_used(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{node.value.id}.{node.attr}", node.lineno
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute):
            yield f"{node.value.attr}.{node.attr}", node.lineno
        elif isinstance(node, ast.Name):
            yield node.id, node.lineno


def every_module() -> list[str]:
    return sorted(modules())


@pytest.mark.parametrize("name", ["aggregator.model", "aggregator.errors"])
def test_model_and_errors_import_nothing_of_ours(name: str) -> None:
    parts = [module for module in modules() if is_within(module, (name,))]
    assert parts
    assert [(part, target) for part in parts for target in sorted(ours(part)) if not is_within(target, (name,))] == []


def test_there_are_no_circles_of_imports() -> None:
    graph = {name: ours(name) for name in modules()}
    done: set[str] = set()

    def walk(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join((*trail[trail.index(name) :], name))
        if name in done:
            return
        for target in sorted(graph[name]):
            walk(target, (*trail, name))
        done.add(name)

    for name in sorted(graph):
        walk(name, ())


def test_the_steps_never_import_each_other() -> None:
    wrong = [
        f"{name} imports {target}"
        for step in STEPS
        for name in modules()
        if is_within(name, (f"aggregator.{step}",))
        for target in ours(name)
        if is_within(target, tuple(f"aggregator.{other}" for other in STEPS if other != step))
    ]
    assert wrong == []


def test_only_pipeline_what_it_is_made_of_the_faces_and_the_demo_know_more_than_one_step() -> None:
    allowed = (*FACES, "aggregator.pipeline", "aggregator.steps")
    wrong = [
        name
        for name in modules()
        if not is_within(name, allowed)
        and len({target.partition(".")[2].partition(".")[0] for target in ours(name)} & {*STEPS}) > 1
    ]
    assert wrong == []


def test_only_pipeline_and_the_faces_use_what_pipeline_is_made_of() -> None:
    allowed = (*FACES, "aggregator.pipeline", "aggregator.steps")
    wrong = [
        f"{name} imports {target}"
        for name in modules()
        if not is_within(name, allowed)
        for target in ours(name)
        if is_within(target, ("aggregator.steps",))
    ]
    assert wrong == []


def test_nothing_below_the_faces_imports_a_face() -> None:
    wrong = [
        f"{name} imports {target}"
        for name in modules()
        if not is_within(name, FACES)
        for target in ours(name)
        if is_within(target, FACES)
    ]
    assert wrong == []


@pytest.mark.parametrize("library", sorted(DOORS))
def test_each_door_is_used_by_its_keeper_only(library: str) -> None:
    wrong = [
        name
        for name in modules()
        for target in imports(name)
        if is_within(target, (library,)) and not is_within(name, DOORS[library])
    ]
    assert wrong == []


@pytest.mark.parametrize("name", every_module())
def test_no_hidden_clock_sleep_chance_or_environment_below_the_faces(name: str) -> None:
    if is_within(name, FACES):
        pytest.skip("a face")
    wrong = [f"{name}:{line} {used}" for used, line in names_used(modules()[name]) if used in HIDDEN]
    assert wrong == []


@pytest.mark.parametrize("name", every_module())
def test_only_the_command_line_uses_the_terminal(name: str) -> None:
    if is_within(name, ("aggregator.cli",)):
        pytest.skip("the command line")
    wrong = [f"{name}:{line} {used}" for used, line in names_used(modules()[name]) if used in TERMINAL]
    assert wrong == []


def test_safe_html_is_made_by_sanitise_and_reread_by_the_store_only() -> None:
    keepers = ("aggregator.refine.sanitise", "aggregator.store")
    wrong = [
        f"{name}:{node.lineno}"
        for name, tree in modules().items()
        if not is_within(name, keepers)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "SafeHtml"
    ]
    assert wrong == []


@pytest.mark.parametrize("name", every_module())
def test_no_import_does_work(name: str) -> None:
    """At module level stand definitions, constants and docstrings; no loops, no `with`, no bare calls."""
    definitions = (ast.FunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign, ast.If)
    allowed = (ast.Import, ast.ImportFrom, *definitions)
    wrong = [
        f"{name}:{node.lineno}"
        for node in modules()[name].body
        if not isinstance(node, allowed) and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    ]
    assert wrong == []


@pytest.mark.parametrize("name", every_module())
def test_no_import_opens_a_file(name: str) -> None:
    opening = {"read_text", "read_bytes", "open", "glob", "iterdir", "connect", "create_engine", "load", "safe_load"}
    wrong = [
        f"{name}:{call.lineno}"
        for node in modules()[name].body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for call in ast.walk(node)
        if isinstance(call, ast.Call)
        and (call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")) in opening
    ]
    assert wrong == []


UNVERIFIED = {"CERT_NONE", "_create_unverified_context", "disable_warnings", "InsecureRequestWarning"}


@pytest.mark.parametrize("name", every_module())
def test_nothing_turns_the_verification_of_certificates_off(name: str) -> None:
    for node in ast.walk(modules()[name]):
        assert not (isinstance(node, ast.Attribute) and node.attr in UNVERIFIED)
        assert not (isinstance(node, ast.Name) and node.id in UNVERIFIED)
        if isinstance(node, ast.keyword) and node.arg in {"verify", "assert_hostname", "check_hostname"}:
            assert not (isinstance(node.value, ast.Constant) and not node.value.value)
        if isinstance(node, ast.Assign):
            names = {target.attr for target in node.targets if isinstance(target, ast.Attribute)}
            off = isinstance(node.value, ast.Constant) and not node.value.value
            assert not (off and names & {"check_hostname", "verify_mode", "verify"})
