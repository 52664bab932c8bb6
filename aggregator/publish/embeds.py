"""What portals embed: the latest news of a shelf as payload, iframe page and HTML fragment, and the loaders.

Addresses are permanent: `embed/latest/<shelf>.json|.html|.fragment.html`. A loader's file never changes once it is
released: each version is a file of templates/embeds/loaders, published for as long as it stands there.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from aggregator.model import Artifact
from aggregator.publish import addresses, emergency
from aggregator.publish.bulletin import View
from aggregator.publish.edition import Edition, Removal
from aggregator.publish.notices import IN_FORCE, IN_FORCE_LABEL
from aggregator.publish.words import iso

KINDS = ("topic", "disease", "place", "authority", "source")
IN_PAYLOAD = 20  # stories; a widget shows ten at most, the rest is slack for `count`
IN_FRAME = 10
IN_FRAGMENT = 5
LOADERS = "embeds/loaders"
LOADER_SOURCES = "embeds/loader-sources"
RECEIVERS = "embeds/receivers"
ACCENT = "embed/accent.css"  # the site's colour on light ground, for frames
PREFIX = "embed/latest/"
WHOLE_LABEL = "Tin y tế mới nhất"
OF_NOTICES = {"none": "Hiện không có thông báo khẩn nào còn hiệu lực.", "more": "Mọi thông báo khẩn"}
RETIRED = "Trang tin này không còn cung cấp tin để nhúng."


def latest(key: str, edition: Edition) -> Iterator[Artifact | Removal]:
    """The forms of a shelf's latest news. An empty shelf says so: a portal's embed never finds a hole."""
    if not embeddable(key):
        return
    views = () if edition.trust.retired else edition.listing(key, IN_PAYLOAD)
    context = {**fragment_context(key, views, edition), "in_frame": views[:IN_FRAME], "accent": ACCENT}
    yield payload(key, views, context["label"], context["home"], edition, **(OF_NOTICES if key == IN_FORCE else {}))
    yield from framed(edition.page("embeds/latest.html", path(key, "html"), context), edition)
    yield edition.page("embeds/latest.fragment.html", path(key, "fragment.html"), context)


def fragment_context(key: str, views: tuple[View, ...], edition: Edition) -> dict[str, Any]:
    """What the template of a shelf's fragment is told; the gallery shows it too."""
    return {
        "label": label(key, edition),
        "home": addresses.shelf_path(key),
        "alerts_in_it": emergency.in_embeds(edition),
        "in_fragment": views[:IN_FRAGMENT],
        "about": "",
        "nothing": RETIRED if edition.trust.retired else "Chưa có tin.",
        "more": f"Xem tất cả trên {edition.site.name}",
    }


def framed(page: Artifact, edition: Edition) -> Iterator[Artifact]:
    """A page for frames, and the same with the script that tells its height: apart, so that a sandbox without scripts

    has none to refuse.
    """
    yield page
    script = f'<script src="{edition.link(edition.plain_assets["frame.js"].path)}" defer></script>\n</head>'.encode()
    content = page.content.replace(b"</head>", script, 1).replace(b'<body class="', b'<body class="tall ', 1)
    yield Artifact(page.path.removesuffix(".html") + ".auto.html", content)


def common(edition: Edition) -> Iterator[Artifact]:
    """What the embeds of all shelves need: the site's colour, every released loader, byte for byte, and its source."""
    yield Artifact(ACCENT, f":root{{--accent:{edition.site.accent}}}\n".encode())
    for name in edition.renderer.names(LOADERS):
        yield Artifact(loader_path(name), edition.renderer.read(name))
    for name in edition.renderer.names(RECEIVERS):
        yield Artifact(receiver_path(name), edition.renderer.read(name))
    for name in edition.renderer.names(LOADER_SOURCES):
        yield Artifact(loader_path(name).removesuffix(".js") + ".src.js", edition.renderer.read(name))


def receiver(edition: Edition) -> tuple[str, str]:
    """Path and integrity of what sets the height of frames on a portal's page."""
    name = max(edition.renderer.names(RECEIVERS), key=_version)
    return receiver_path(name), integrity(edition.renderer.read(name))


def receiver_path(name: str) -> str:
    """`embed/v1/frame-1.0.0.js` of the template `embeds/receivers/1.0.0.js`."""
    version = name.rpartition("/")[2]
    return f"embed/v{version.partition('.')[0]}/frame-{version}"


def newest_loader(edition: Edition) -> tuple[str, str]:
    """Path of the newest loader, and the integrity value that its snippet carries (SRI, sha384)."""
    name = max(edition.renderer.names(LOADERS), key=_version)
    return loader_path(name), integrity(edition.renderer.read(name))


def integrity(content: bytes) -> str:
    """The value of an integrity attribute (W3C Subresource Integrity)."""
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()


def loader_path(name: str) -> str:
    """`embed/v1/loader-1.0.0.js` of the template `embeds/loaders/1.0.0.js`."""
    version = name.rpartition("/")[2]
    return f"embed/v{version.partition('.')[0]}/loader-{version}"


def embeddable(key: str) -> bool:
    """Whether a key of work has embeds: the whole, the notices in force, and tags and sources without their months."""
    kind, _, rest = key.partition("/")
    return key in {"all", IN_FORCE} or (kind in KINDS and "/" not in rest)


def promised(published: Iterable[str]) -> tuple[str, ...]:
    """Keys of the shelves whose embeds are published: they stay at their addresses, empty if need be."""
    return tuple(key for key in map(addresses.shelf_of_payload, published) if embeddable(key))


def path(key: str, form: str) -> str:
    """Path of an embed of a shelf; `form` is html, auto.html or fragment.html."""
    return f"{PREFIX}{addresses.checked(key)}.{form}"


def label(key: str, edition: Edition) -> str:
    """The heading of a shelf's embed."""
    if key in {"all", IN_FORCE}:
        return WHOLE_LABEL if key == "all" else IN_FORCE_LABEL
    source = edition.config.source(key.removeprefix("source/")) if key.startswith("source/") else None
    shelf = edition.shelf(key)
    return source.name if source else shelf.label if shelf else WHOLE_LABEL


def shelves(edition: Edition) -> list[tuple[str, str]]:
    """Label and key of every shelf that can be embedded, the whole first, then by kind."""
    rows = [(WHOLE_LABEL, "all"), (IN_FORCE_LABEL, IN_FORCE)]
    rows += [(source.name, f"source/{source.id}") for source in edition.config.sources]
    for kind in KINDS[:-1]:
        rows += [(shelf.label, shelf.key) for shelf in edition.kind(kind)]
    return rows


def payload(key: str, views: tuple[View, ...], heading: str, home: str, edition: Edition, **more: Any) -> Artifact:
    """What the element of a shelf reads. `more`: what a kind says besides (widgets.py)."""
    data: dict[str, Any] = {
        "version": 1,
        "shelf": key,
        "label": heading,
        "site": edition.site.name,
        "home": edition.absolute(home),
        "ribbon": edition.ribbon,
        **more,
        "stories": [*emergency.rows(edition), *(_row(seen, edition) for seen in views)],
    }
    content = (json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
    return Artifact(addresses.payload_path(key), content)


def _row(seen: View, edition: Edition) -> dict[str, Any]:
    speaker = seen.speaker
    row: dict[str, Any] = {
        "title": speaker.title,
        "url": edition.absolute(seen.path),
        "source": f"{seen.flag} · {speaker.label}" if seen.flag else speaker.label,
        "published": iso(speaker.published),
    }
    if speaker.note:
        row["note"] = speaker.note.value
    if speaker.telling.article.precision == "day":
        row["day"] = True
    return row


def _version(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in name.rpartition("/")[2].removesuffix(".js").split("."))
