"""Which of our snippets stand on a portal's page, in which form, and what is wrong with each. Pure; fetches nothing."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag

from aggregator.operate import csp

Form = Literal["script", "iframe", "fragment", "image", "copy"]
State = Literal["outdated", "altered", "hidden", "blocked", "dead"]

LOADER = re.compile(r"embed/v\d+/loader-(\d+(?:\.\d+)*)\.js")
ELEMENT = re.compile(r"tin-y-te(?:-\d+)?")
FRAGMENT = "[class=tin-y-te], [class^=tin-y-te-]"  # every fragment's own class: news, bar, card, search box
HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0+)?(?:\s*;|\s*!|$)"
    r"|(?:^|;|\s)(?:width|height)\s*:\s*[01](?:px)?\s*(?:;|!|$)|(?:left|top|text-indent)\s*:\s*-\d{3,}",
    re.I,
)
HIDDEN = frozenset(("hidden", "d-none", "hide", "invisible", "sr-only", "visually-hidden"))
STALE = timedelta(days=1)  # a fragment is fetched every few minutes; one a day behind is not fetched any more
SHELL = 200  # characters of text; a page with fewer is put together by its scripts, which nobody runs here


@dataclass(frozen=True, slots=True)
class Campaign:
    """What is known of a campaign: the words and files by which a copy of its banner is told."""

    title: str
    alt: str
    landing: str
    link: str
    files: frozenset[str]
    running: bool


@dataclass(frozen=True, slots=True)
class Ours:
    """What we publish. `has` tells whether a path is published now, `newest` when a fragment's newest item is of.

    `loaders` are the integrity values by path, the newest loader last.
    """

    base: str
    loaders: Mapping[str, str]
    has: Callable[[str], bool]
    newest: Callable[[str], datetime | None]
    campaigns: tuple[Campaign, ...]

    def path(self, url: str) -> str | None:
        """The path below our site, None for an address of others. Its scheme does not matter."""
        here, there = urlsplit(self.base), urlsplit(url)
        if there.netloc.casefold() != here.netloc.casefold() or not there.path.startswith(here.path):
            return None
        path = there.path[len(here.path) :]
        return path if path and not path.endswith("/") else f"{path}index.html"


@dataclass(frozen=True, slots=True)
class Snippet:
    """One snippet as it stands: its form, what it shows (a path, or a campaign's title), and what is wrong with it."""

    form: Form
    what: str
    faults: tuple[tuple[State, str], ...]


@dataclass(frozen=True, slots=True)
class PortalPage:
    """A page as it was answered. `policies` are the texts of its Content-Security-Policy headers."""

    url: str
    markup: str
    policies: tuple[str, ...] = ()


def found_on(page: PortalPage, ours: Ours) -> tuple[tuple[Snippet, ...], bool]:
    """Our snippets in the order of the page; and whether the page shows so little that scripts must put it together."""
    tree = BeautifulSoup(page.markup, "lxml")
    metas = (str(tag.get("content") or "") for tag in tree.find_all("meta") if isinstance(tag, Tag) and _is_policy(tag))
    look = _Look(page.url, tree, csp.policies(page.policies, metas), ours)
    found = (*look.scripts(), *look.frames(), *look.images(), *look.fragments(), *look.copies())
    shell = len(" ".join(tree.get_text(" ").split())) < SHELL and tree.find("script") is not None
    return found, shell and not found


def _is_policy(tag: Tag) -> bool:
    return str(tag.get("http-equiv") or "").casefold() == "content-security-policy"


@dataclass(frozen=True, slots=True)
class _Look:
    url: str
    tree: BeautifulSoup
    policies: Sequence[Mapping[str, tuple[str, ...]]]
    ours: Ours

    def scripts(self) -> Iterator[Snippet]:
        for tag in self._tags("script", "src"):
            url, path = self._ours(tag, "src")
            match = LOADER.fullmatch(path) if path else None
            if match is None:
                continue
            elements = [one for one in self.tree.find_all(ELEMENT) if isinstance(one, Tag)]
            shelves = ", ".join(str(one.get("shelf") or one.get("data-shelf") or "all") for one in elements)
            faults = [*self._loader(tag, path or "", elements), *self._element_faults(elements)]
            pass_ = str(tag.get("nonce") or tag.get("integrity") or "")
            faults += [*self._blocked("script-src", url, pass_), *self._blocked("connect-src", self.ours.base)]
            yield Snippet("script", shelves or path or "", tuple(dict.fromkeys(faults)))

    def frames(self) -> Iterator[Snippet]:
        for tag in self._tags("iframe", "src"):
            url, path = self._ours(tag, "src")
            if path is None:
                continue
            faults = [*self._dead(path), *_hidden(tag), *self._blocked("frame-src", url)]
            if not tag.has_attr("sandbox"):
                faults.append(("altered", "no sandbox: the frame may do on the page what any page may"))
            if not str(tag.get("title") or "").strip():
                faults.append(("altered", "no title: a screen reader cannot name it"))
            yield Snippet("iframe", path, tuple(faults))

    def images(self) -> Iterator[Snippet]:
        for tag in self._tags("img", "src"):
            url, path = self._ours(tag, "src")
            if path is None:
                continue
            faults = [*self._dead(path), *_hidden(tag), *self._blocked("img-src", url)]
            if not str(tag.get("alt") or "").strip():
                faults.append(("altered", "no alt: who does not see it hears nothing"))
            link = tag.find_parent("a", href=True)
            if not isinstance(link, Tag):
                faults.append(("altered", "no link: the image leads nowhere"))
            else:
                target, landing = self._ours(link, "href")
                faults += self._dead(landing) if landing else [("altered", f"leads to {target}, not to our page")]
            yield Snippet("image", path, tuple(faults))

    def fragments(self) -> Iterator[Snippet]:
        for tag in self.tree.select(FRAGMENT):
            links = [self._ours(one, "href") for one in tag.find_all("a", href=True) if isinstance(one, Tag)]
            links += [self._ours(tag, "action")] if tag.has_attr("action") else []  # the search box is a form
            if not any(path for _, path in links):
                continue
            home = next((path or "" for _, path in reversed(links) if path), "")
            told = [at for one in tag.find_all("time") if isinstance(one, Tag) and (at := _moment(one))]
            newest = self.ours.newest(home)
            faults = list(_hidden(tag))
            if told and newest and newest - max(told) > STALE:
                faults.append(
                    ("outdated", f"its newest item is of {max(told):%Y-%m-%d %H:%M}, ours of {newest:%Y-%m-%d %H:%M}")
                )
            yield Snippet("fragment", home, tuple(faults))

    def copies(self) -> Iterator[Snippet]:
        """Pictures of our banners that others serve, and pictures that lead where a campaign does."""
        for tag in self._tags("img", "src"):
            url, path = self._ours(tag, "src")
            if path is not None:
                continue
            link = tag.find_parent("a", href=True)
            target = urljoin(self.url, str(link.get("href"))) if isinstance(link, Tag) else ""
            campaign = next((one for one in self.ours.campaigns if _is_copy(tag, url, target, one)), None)
            if campaign is None:
                continue
            told = "it stays when the campaign ends" if campaign.running else "the campaign has ended"
            state: State = "altered" if campaign.running else "outdated"
            yield Snippet("copy", campaign.title, ((state, f"a picture of its own ({url}): {told}"), *_hidden(tag)))

    def _tags(self, name: str, attribute: str) -> Iterator[Tag]:
        yield from (tag for tag in self.tree.find_all(name, attrs={attribute: True}) if isinstance(tag, Tag))

    def _ours(self, tag: Tag, attribute: str) -> tuple[str, str | None]:
        url = urljoin(self.url, str(tag.get(attribute)).strip())
        return url, self.ours.path(url)

    def _dead(self, path: str) -> list[tuple[State, str]]:
        return [] if self.ours.has(path) else [("dead", f"{path} is not published (any more)")]

    def _blocked(self, kind: str, url: str, pass_: str = "") -> list[tuple[State, str]]:
        mixed = self.url.startswith("https://") and url.startswith("http://")
        because = (
            "a page on https loads nothing from http"
            if mixed
            else csp.blocks(self.policies, kind, url, self.url, pass_)
        )
        return [("blocked", because)] if because else []

    def _loader(self, tag: Tag, path: str, elements: Sequence[Tag]) -> Iterator[tuple[State, str]]:
        if path not in self.ours.loaders:
            yield "dead", f"{path} is not published (any more)"
            return
        given = str(tag.get("integrity") or "")
        if given != self.ours.loaders[path]:
            yield "altered", "its integrity value is not ours" if given else "no integrity: the script may be exchanged"
        if not tag.has_attr("crossorigin"):
            yield "altered", "no crossorigin: the browser refuses a script with integrity"
        if path != list(self.ours.loaders)[-1]:
            yield "outdated", f"{path}; the newest is {list(self.ours.loaders)[-1]}"
        if not elements:
            yield "altered", "the element is missing: the script shows nothing"

    def _element_faults(self, elements: Sequence[Tag]) -> Iterator[tuple[State, str]]:
        for one in elements:
            yield from _hidden(one)
            shelf = str(one.get("shelf") or one.get("data-shelf") or "all")
            yield from self._dead(f"embed/latest/{shelf}.json")


def _hidden(tag: Tag) -> list[tuple[State, str]]:
    """Whether markup of the page hides the tag. What style sheets do is not seen here."""
    for one in (tag, *tag.parents):
        classes = one.get("class") or ()
        names = set(classes if isinstance(classes, list) else str(classes).split())
        sizes = {str(one.get(name) or "") for name in ("width", "height")} if one is tag else set()
        if one.has_attr("hidden") or HIDING.search(str(one.get("style") or "")) or names & HIDDEN or sizes & {"0", "1"}:
            return [
                ("hidden", f"<{one.name}> around it is hidden" if one is not tag else "it is hidden, or of no size")
            ]
    return []


def _moment(tag: Tag) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(tag.get("datetime") or ""))
    except ValueError:
        return None
    return at if at.tzinfo else None


def _is_copy(tag: Tag, url: str, target: str, campaign: Campaign) -> bool:
    name = urlsplit(url).path.rpartition("/")[2]
    alt = " ".join(str(tag.get("alt") or "").split())
    return (
        name in campaign.files or alt == campaign.alt or (bool(target) and target in {campaign.link, campaign.landing})
    )
