"""From a draft, as printed, to an article: cleaned, dated, sanitised, named. Words are never rewritten."""

import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

from aggregator.errors import ArticleError, contained
from aggregator.model import Article, Attachment, Draft, Image
from aggregator.names import is_account
from aggregator.refine import dates
from aggregator.refine.dates import When
from aggregator.refine.identity import article_id
from aggregator.refine.sanitise import bare_host, fragment, line, plain, without_opening
from aggregator.settings import Source
from aggregator.text import nfc

MAX_AUTHOR = 120  # code points; what is longer is a paragraph that the page's reader swallowed

_LABEL = re.compile(
    r"^(?:tác giả|người viết|người đăng|biên soạn|thực hiện|bài viết|bài|author|by)\s*:\s*"
    r"|^(?:by|bởi|đăng bởi|được gửi bởi)\s+",
    re.IGNORECASE,
)
_OTHERS = re.compile(r"\s*(?:,|\bvà\b|\band\b|&)\s*\d+\s+(?:tác giả|người|others?)(?:\s+khác)?.*$", re.IGNORECASE)
_HOW = re.compile(r"\s*\((?:tổng hợp|t/?h|lược (?:dịch|ghi)|biên dịch|dịch|ghi|biên soạn|sưu tầm|st)\)$", re.IGNORECASE)
_MAILBOX = re.compile(r"\S+@\S+")


def article(draft: Draft, source: Source) -> Article:
    """The article that the draft tells. Title and lead keep their words; the lead is not repeated in the body.

    `published` is the printed time; where that is none or told from now ("2 giờ trước"), that of a VCCorp id, else
    `modified`, as "guessed"; else the fetch time, as "none". Raises ArticleError when there is no title.
    """
    told = _told(draft, source.id, source.hosts, source.day_first)
    if not told.title:
        raise ArticleError(f"{draft.url}: the article has no title", draft.url)
    body = without_opening(told.body, told.lead)
    return told if body == told.body else replace(told, body=body, text=plain(body))


def articles(drafts: Iterable[Draft], source: Source) -> tuple[Article | ArticleError, ...]:
    """What each of the drafts comes to: its article, or why there is none (a bug it brings out included)."""

    def made(draft: Draft) -> Article | ArticleError:
        try:
            with contained(ArticleError, draft.url):
                return article(draft, source)
        except ArticleError as error:
            return error

    return tuple(map(made, drafts))


def plainly(draft: Draft) -> Article:
    """The article of a draft that belongs to no configured source (`tag`, `dedupe`): nothing is left out of its text.

    The title may be empty; dates are read day first.
    """
    return _told(draft, draft.source, (), True)


def _told(draft: Draft, source: str, hosts: Collection[str], day_first: bool) -> Article:
    base = draft.base or draft.url
    body = fragment(draft.body, base, hosts)
    published, date_doubts = _published(draft, day_first)
    author, author_doubts = _author(draft.author)
    attachments, file_doubts = _attachments(draft, base, hosts)
    return Article(
        id=article_id(source, draft.ref, draft.url),
        source=source,
        url=draft.url,
        ref=draft.ref,
        title=line(draft.title),
        lead=line(draft.lead),
        author=author,
        published=published.at,
        precision=published.precision,
        modified=_moment(draft.modified, draft, day_first),
        body=body,
        text=plain(body),
        digest=draft.digest,
        fetched_at=draft.fetched_at,
        reader=draft.reader,
        images=_images(draft, base),
        attachments=attachments,
        language=draft.language,
        doubts=(*draft.doubts, *date_doubts, *author_doubts, *file_doubts),
    )


def _published(draft: Draft, day_first: bool) -> tuple[When, tuple[str, ...]]:
    printed = dates.parse(draft.time, day_first=day_first, fetched_at=draft.fetched_at)
    if printed is not None and printed.precision != "guessed":
        return printed, ()
    guesses = (
        dates.from_vccorp_id(draft.ref),
        printed.at if printed else None,
        _moment(draft.modified, draft, day_first),
    )
    doubts = () if printed else _date_doubts(draft)
    for guess in guesses:
        if guess is not None and guess <= draft.fetched_at:
            return When(guess, "guessed"), doubts
    return When(draft.fetched_at, "none"), doubts


def _date_doubts(draft: Draft) -> tuple[str, ...]:
    printed = line(draft.time)[:80]
    return (f"the printed time {printed!r} is in no known shape",) if printed else ("no publication time is printed",)


def _moment(printed: str, draft: Draft, day_first: bool) -> datetime | None:
    when = dates.parse(printed, day_first=day_first, fetched_at=draft.fetched_at)
    return when.at if when else None


def _author(printed: str) -> tuple[str, tuple[str, ...]]:
    """The name as printed, without labels, mail addresses, "(tổng hợp)" and "và 2 tác giả khác"; no account's name."""
    told = line(printed)
    if len(told) > MAX_AUTHOR:
        return "", (f"the author's line has {len(told)} characters; left out",)
    name = _MAILBOX.sub("", _OTHERS.sub("", _LABEL.sub("", told))).strip(" ,;|-–—")
    if name.startswith("(") and name.endswith(")"):  # RSS 2.0 prints: mail (name)
        name = name[1:-1].strip()
    name = _HOW.sub("", name).strip()
    return ("" if is_account(name) else name), ()


def _images(draft: Draft, base: str) -> tuple[Image, ...]:
    seen: dict[str, Image] = {}
    for image in draft.images:
        if url := _web_address(image.url, base):
            seen.setdefault(url, Image(url, line(image.alt), line(image.credit)))
    return tuple(seen.values())


def _attachments(draft: Draft, base: str, hosts: Collection[str]) -> tuple[tuple[Attachment, ...], tuple[str, ...]]:
    own = {bare_host(host) for host in hosts}
    seen: dict[str, Attachment] = {}
    doubts = []
    for attachment in draft.attachments:
        url = _web_address(attachment.url, base)
        host = urlsplit(url).hostname or ""
        if url and bare_host(host) in own:
            seen.setdefault(url, Attachment(url, line(attachment.label) or _file_name(url)))
        else:
            doubts.append(
                f"the attachment {line(attachment.url)[:120]!r} is not on one of the source's hosts; left out"
            )
    return tuple(seen.values()), tuple(doubts)


def _file_name(url: str) -> str:
    return line(PurePosixPath(unquote(urlsplit(url).path)).name) or url


def _web_address(url: str, base: str) -> str:
    """The absolute http(s) address, "" when it is none or when browsers would read it differently."""
    try:
        address = urljoin(base, url.strip().replace(" ", "%20"))
        parts = urlsplit(address)
    except ValueError:
        return ""
    sound = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc
    return nfc(address) if sound and not re.search(r"[\\\s\x00-\x1f\x7f<>\"]", address) else ""
