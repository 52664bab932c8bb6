"""The shipped samples of docs/servers, run on loopback: verbatim but for host, root, ports and the lines of TLS."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

import pytest

SAMPLES = Path(__file__).resolve().parents[2] / "docs/servers"
HOST = "bantin.example.vn"
TRIES, PAUSE_S = 400, 0.05  # for a server to answer: a broken one ends at once, and is told

NGINX = """daemon off; pid {tmp}/nginx.pid; error_log {tmp}/error.log; {user}
include /etc/nginx/modules-enabled/*.conf;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {tmp}/a; proxy_temp_path {tmp}/b; fastcgi_temp_path {tmp}/c;
    uwsgi_temp_path {tmp}/d; scgi_temp_path {tmp}/e;
    include {tmp}/site.conf;
}}
"""


APACHE = """ServerRoot /etc/apache2
PidFile {tmp}/apache.pid
DefaultRuntimeDir {tmp}
ErrorLog {tmp}/error.log
{modules}
TypesConfig /dev/null
{user}
Listen 127.0.0.1:{port}
Listen 127.0.0.1:{plain}
ServerName localhost
Include {tmp}/site.conf
"""
MODULES = ("mpm_event", "authz_core", "dir", "mime", "headers", "rewrite", "alias", "filter", "deflate")


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


class Server(NamedTuple):
    """A running server: `port` is the site's, `plain` that of unencrypted requests (0: none)."""

    name: str
    port: int
    plain: int = 0

    def ask(self, path: str, port: int = 0, method: str = "GET", **headers: str) -> Answer:
        connection = HTTPConnection("127.0.0.1", port or self.port, timeout=60)
        try:
            connection.request(method, path, headers={"Host": HOST, **headers})
            answer = connection.getresponse()
            found: dict[str, str] = {}
            for name, value in answer.getheaders():
                assert name.lower() not in found or name.lower() == "vary", f"{name} twice"
                found[name.lower()] = value
            return Answer(answer.status, found, answer.read())
        finally:
            connection.close()


def needed(program: str, package: str) -> str:
    """The path of the program. Without it the tests are skipped, in CI they fail."""
    path = shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/bin")
    if path is None and os.environ.get("CI"):
        pytest.fail(f"{program} is not installed: CI tests the shipped samples; apt-get install {package}")
    if path is None:
        pytest.skip(f"{program} is not installed (apt-get install {package})")
    return path


def adapted(name: str, changes: dict[str, str]) -> str:
    """The sample with these lines or words replaced; each must stand in it."""
    text = (SAMPLES / name).read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text, f"{name}: {old}"
        text = text.replace(old, new)
    return text


@contextmanager
def nginx(root: Path, tmp: Path) -> Iterator[Server]:
    program = needed("nginx", "nginx-light libnginx-mod-http-brotli-static")
    port, plain = _free(), _free()
    changes = {
        "listen 443 ssl;": f"listen 127.0.0.1:{port};",
        "    listen [::]:443 ssl;\n": "",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "    listen [::]:80;\n": "",
        "    ssl_certificate     /etc/ssl/bantin/fullchain.pem;\n": "",
        "    ssl_certificate_key /etc/ssl/bantin/privkey.pem;\n": "",
        "/srv/bulletin/output": str(root),
    }
    (tmp / "site.conf").write_text(adapted("nginx.conf", changes))
    user = "user root;" if os.geteuid() == 0 else ""  # the folders of tests are their user's alone
    (tmp / "nginx.conf").write_text(NGINX.format(tmp=tmp, user=user))
    with _running([program, "-c", str(tmp / "nginx.conf"), "-e", str(tmp / "error.log")], port, tmp):
        yield Server("nginx", port, plain)


@contextmanager
def caddy(root: Path, tmp: Path) -> Iterator[Server]:
    program = needed("caddy", "caddy")
    port = _free()
    text = adapted("Caddyfile", {f"{HOST} {{": f"http://{HOST}:{port} {{", "/srv/bulletin/output": str(root)})
    (tmp / "Caddyfile").write_text("{\n\tadmin off\n\tauto_https off\n}\n" + text)
    with _running([program, "run", "--adapter", "caddyfile", "--config", str(tmp / "Caddyfile")], port, tmp):
        yield Server("caddy", port)


@contextmanager
def apache(root: Path, tmp: Path) -> Iterator[Server]:
    program = needed("apache2", "apache2")
    port, plain = _free(), _free()
    with _readable(root) as shown:
        _write_apache(shown, tmp, port, plain)
        with _running([program, "-X", "-f", str(tmp / "apache.conf")], port, tmp):
            yield Server("apache", port, plain)


@contextmanager
def _readable(root: Path) -> Iterator[Path]:
    """The folder; for root a copy that everyone may read: Apache serves nothing as root, and folders of tests are."""
    if os.geteuid() != 0:
        yield root
        return
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        shutil.copytree(root, Path(place) / "output")
        (Path(place) / "output").chmod(0o755)
        yield Path(place) / "output"


def _write_apache(root: Path, tmp: Path, port: int, plain: int) -> None:
    changes = {
        "<VirtualHost *:80>": f"<VirtualHost 127.0.0.1:{plain}>",
        "<VirtualHost *:443>": f"<VirtualHost 127.0.0.1:{port}>",
        "    SSLEngine on\n": "",
        "    SSLCertificateFile    /etc/ssl/bantin/fullchain.pem\n": "",
        "    SSLCertificateKeyFile /etc/ssl/bantin/privkey.pem\n": "",
        "/srv/bulletin/output": str(root),
    }
    (tmp / "site.conf").write_text(adapted("apache.conf", changes))
    where = Path("/usr/lib/apache2/modules")
    modules = "\n".join(f"LoadModule {name}_module {where}/mod_{name}.so" for name in MODULES)
    user = "User www-data\nGroup www-data" if os.geteuid() == 0 else ""
    given = {"tmp": tmp, "modules": modules, "user": user, "port": port, "plain": plain}
    (tmp / "apache.conf").write_text(APACHE.format(**given))


def _free() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextmanager
def _running(command: list[str], port: int, tmp: Path) -> Iterator[None]:
    log = tmp / "output.log"
    places = {"HOME": str(tmp), "XDG_DATA_HOME": str(tmp), "XDG_CONFIG_HOME": str(tmp)}
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env={**os.environ, **places})
        try:
            for _ in range(TRIES):
                if process.poll() is not None or _answers(port):
                    break
                time.sleep(PAUSE_S)
            assert process.poll() is None and _answers(port), log.read_text() + _errors(tmp)
            yield
        finally:
            process.terminate()
            process.wait(60)


def _errors(tmp: Path) -> str:
    log = tmp / "error.log"
    return log.read_text() if log.is_file() else ""


def _answers(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0
