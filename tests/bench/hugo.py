"""The archive rendered in full, by us and by Hugo: `python -m tests.bench.hugo [STORIES]`.

Hugo gets the same stories as files of content and makes a page of each, a page and three feeds with whole texts of each
tag and source, and a sitemap. We make these too, and beside them: days, weeks, months, months of each tag, embeds and
the search index. So besides the whole we say what a file costs.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench import stories

COUNT = 10_000
KINDS = (*stories.KINDS, "document", "source")


@dataclass(frozen=True, slots=True)
class Built:
    """What one build took."""

    name: str
    cpu_s: float
    peak_mb: float
    pages: int
    files: int
    mb: float

    def told(self) -> str:
        """In a line."""
        return (
            f"  {self.name:5} {self.cpu_s:7.1f} s of processor, {self.peak_mb:5.0f} MB; {self.pages} pages among"
            f" {self.files} files, {self.mb:.0f} MB; {1000 * self.cpu_s / self.files:.2f} ms a file"
        )


def ran(name: str, command: Sequence[str], output: Path, cwd: Path) -> Built:
    """Run the command to its end. Processor and memory are those of its process, its threads included."""
    child = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{name} ended with {child.returncode}")
    files = [path for path in output.rglob("*") if path.is_file()]
    pages = sum(path.suffix == ".html" for path in files)
    size = sum(path.stat().st_size for path in files) / 2**20
    return Built(name, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, pages, len(files), size)


def ours(folder: Path, count: int) -> Built:
    """Our full rebuild of an archive that was placed before."""
    stories.build(folder / "tin.db", count)
    return ran("ours", [sys.executable, "-c", OURS, str(folder)], folder / "output", Path.cwd())


OURS = """
import sys, pathlib
from aggregator.publish.cycle import publish
from aggregator.publish.status import report
from aggregator.publish.write import FolderWriter
from aggregator.store.database import open_store
from tests.bench import stories
folder = pathlib.Path(sys.argv[1])
settings = stories.config(folder)
store = open_store(settings.database, clock=lambda: stories.NOW)
writer, now = FolderWriter(folder / "output"), stories.NOW
publish(settings, store, writer, now, full=True, status=report(settings, {}, now))
"""


def theirs(folder: Path, count: int, hugo: str) -> Built:
    """Hugo's build of the same stories."""
    write_site(folder, count)
    return ran("Hugo", [hugo, "--quiet", "--cacheDir", str(folder / "cache")], folder / "public", folder)


def write_site(folder: Path, count: int) -> None:
    """Content, templates and settings for Hugo."""
    content = folder / "content/tin"
    content.mkdir(parents=True)
    for one in stories.made(count):
        (content / f"{one.id}.html").write_text(_content(one), encoding="utf-8")
    layouts = folder / "layouts/_default"
    layouts.mkdir(parents=True)
    for name, text in LAYOUTS.items():
        (layouts / name).write_text(text, encoding="utf-8")
    (folder / "hugo.json").write_text(json.dumps(SETTINGS), encoding="utf-8")


def _content(one: stories.Made) -> str:
    tags: dict[str, list[str]] = {}
    for kind, tag, _ in one.tags:
        tags.setdefault(kind, []).append(tag)
    head = {
        "title": one.title,
        "date": one.published.isoformat(),
        "description": one.lead,
        "source": [one.source],
        **tags,
    }
    return json.dumps(head, ensure_ascii=False) + "\n\n" + "".join(f"<p>{words}</p>\n" for words in one.paragraphs)


FORMS = ["html", "rss", "atom", "json"]
SETTINGS = {
    "baseURL": "https://bantin.example.vn/",
    "title": "Bản tin y tế chính thức",
    "locale": "vi",
    "security": {"allowContent": ["^text/html$"]},  # refused by default since Hugo 0.162: ours is HTML, as it came
    "taxonomies": {kind: kind for kind in KINDS},
    "mediaTypes": {"application/atom+xml": {"suffixes": ["atom"]}},
    "outputFormats": {"atom": {"mediaType": "application/atom+xml", "baseName": "index"}},
    "outputs": {"home": FORMS, "term": FORMS, "section": ["html"], "taxonomy": ["html"], "page": ["html"]},
}
CARD = """<article class="card"><p class="card-meta">{{ index .Params.source 0 }}
<time>{{ .Date.Format "15:04, 02/01/2006" }}</time></p><h2 class="card-title"><a href="{{ .RelPermalink }}">{{ .Title }}
</a></h2><p class="card-lead">{{ .Description }}</p></article>"""
NEWEST = "{{ $pages := first 50 .RegularPages }}{{ if .IsHome }}{{ $pages = first 50 site.RegularPages }}{{ end }}"
RSS = f"""{{{{ printf "<?xml version=\\"1.0\\" encoding=\\"utf-8\\"?>" | safeHTML }}}}{NEWEST}
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>{{{{ .Title }}}}</title>
<link>{{{{ .Permalink }}}}</link><description>{{{{ .Title }}}}</description>{{{{ range $pages }}}}<item>
<title>{{{{ .Title }}}}</title><link>{{{{ .Permalink }}}}</link><guid>{{{{ .Permalink }}}}</guid>
<description>{{{{ .Description }}}}</description>
<content:encoded>{{{{ .Content | transform.XMLEscape | safeHTML }}}}</content:encoded>
</item>{{{{ end }}}}</channel></rss>"""
ATOM = f"""{{{{ printf "<?xml version=\\"1.0\\" encoding=\\"utf-8\\"?>" | safeHTML }}}}{NEWEST}
<feed xmlns="http://www.w3.org/2005/Atom"><id>{{{{ .Permalink }}}}</id>
<title>{{{{ .Title }}}}</title>{{{{ range $pages }}}}
<entry><id>{{{{ .Permalink }}}}</id><title>{{{{ .Title }}}}</title><link href="{{{{ .Permalink }}}}"/>
<updated>{{{{ .Date.Format "2006-01-02T15:04:05Z07:00" }}}}</updated><summary>{{{{ .Description }}}}</summary>
<content type="html">{{{{ .Content | transform.XMLEscape | safeHTML }}}}</content></entry>{{{{ end }}}}</feed>"""
JSON = f"""{NEWEST}{{{{ $rows := slice }}}}{{{{ range $pages }}}}{{{{ $rows = $rows | append
(dict "id" .Permalink "url" .Permalink "title" .Title "summary" .Description "content_html" .Content) }}}}{{{{ end }}}}
{{{{ dict "version" "https://jsonfeed.org/version/1.1" "title" .Title "items" $rows | jsonify }}}}"""
LAYOUTS = {
    "list.rss.xml": RSS,
    "list.atom.atom": ATOM,
    "list.json.json": JSON,
    "baseof.html": """<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{{ .Title }}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="{{ .Description }}">
<link rel="canonical" href="{{ .Permalink }}"><meta property="og:title" content="{{ .Title }}"></head>
<body><header><p><a href="/">{{ site.Title }}</a></p><nav><ul>
{{ range slice "topic" "disease" "place" "authority" "document" "source" }}<li><a href="/{{ . }}/">{{ . }}</a></li>
{{ end }}</ul></nav></header><main>{{ block "main" . }}{{ end }}</main><footer><p>{{ site.Title }}</p></footer></body>
</html>""",
    "single.html": """{{ define "main" }}<article class="story"><h1>{{ .Title }}</h1><p>{{ index .Params.source 0 }}
<time datetime="{{ .Date.Format "2006-01-02T15:04:05Z07:00" }}">{{ .Date.Format "15:04, 02/01/2006" }}</time></p>
<p class="story-lead">{{ .Description }}</p><div class="story-body">{{ .Content }}</div><ul>{{ $page := . }}
{{ range slice "topic" "disease" "place" "authority" "document" }}{{ range $page.GetTerms . }}
<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}{{ end }}</ul></article>{{ end }}""",
    "list.html": '{{ define "main" }}<h1>{{ .Title }}</h1>{{ range first 50 .RegularPages }}'
    + CARD
    + "{{ end }}{{ end }}",
    "home.html": '{{ define "main" }}{{ range first 40 site.RegularPages }}' + CARD + "{{ end }}{{ end }}",
    "taxonomy.html": """{{ define "main" }}<h1>{{ .Title }}</h1><ul>{{ range .Data.Terms.ByCount }}
<li><a href="{{ .Page.RelPermalink }}">{{ .Page.Title }}</a> {{ .Count }}</li>{{ end }}</ul>{{ end }}""",
}


def lines(count: int) -> Iterator[str]:
    """What both took, told."""
    hugo = shutil.which("hugo", path=f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}")
    if hugo is None:
        yield "  Hugo is not installed (uv sync --group bench): not compared"
        return
    with tempfile.TemporaryDirectory(prefix="hugo-bench-") as place:
        first = theirs(Path(place) / "hugo", count, hugo)
        yield first.told()
        (Path(place) / "ours").mkdir()
        own = ours(Path(place) / "ours", count)
        yield own.told()
    whole, each = own.cpu_s / first.cpu_s, (own.cpu_s / own.files) / (first.cpu_s / first.files)
    met = "met" if whole <= 1 else "MISSED"
    yield f"  ratio {whole:.2f}, aim ≤ 1  {met}; of a file {each:.2f}"


if __name__ == "__main__":
    for line in lines(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
