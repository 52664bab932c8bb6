"""What a webmaster copies from the gallery, read out of its page as it is published."""

from dataclasses import dataclass

from bs4 import BeautifulSoup

from aggregator.publish import embeds
from tests.browser.served import Site


@dataclass(frozen=True)
class Pasted:
    """A snippet's codes, and the policy that the gallery says it needs."""

    codes: tuple[str, ...]
    policy: str

    @property
    def code(self) -> str:
        """The only code of the snippet."""
        (code,) = self.codes
        return code


def latest(site: Site, form: str) -> Pasted:
    """A form of the latest news: `khung`, `the` or `manh`."""
    return _pasted(site, f"section[aria-labelledby$=' tin-{form}'] .codes")


def form_of(site: Site, kind: str, form: str) -> Pasted:
    """A form of a kind (`tin`, `khan`, `hom-nay`, `tim`, or a campaign's slug) as the gallery gives it."""
    return _pasted(site, f"section[aria-labelledby$='{kind}-{form}'] .codes")


def released(site: Site) -> Pasted:
    """What webmasters pasted for loader 1.0.0, which its address keeps serving."""
    integrity = embeds.integrity((site.output / "embed/v1/loader-1.0.0.js").read_bytes())
    code = (
        f'<script type="module" src="{site.origin}/embed/v1/loader-1.0.0.js" integrity="{integrity}"'
        ' crossorigin="anonymous" referrerpolicy="no-referrer"></script>'
        f'<tin-y-te shelf="all" count="5"><a href="{site.origin}/">Tin y tế mới nhất – {site.host}</a></tin-y-te>'
    )
    return Pasted((code,), f"script-src {site.origin}; connect-src {site.origin}")


def banner(site: Site, slug: str, size: str, form: str) -> Pasted:
    """A banner as `anh` (image and link) or `khung` (iframe); of size `fluid` as iframe."""
    if size == "fluid":
        return _pasted(site, f"section[aria-labelledby$=' {slug}-co-gian'] .codes")
    image = f"img[src$='/{slug}/{size}.svg']"
    codes = BeautifulSoup(site.text("nhung/index.html"), "lxml").select(f".banner-sample:has({image}) .codes")
    return _read(codes[("anh", "khung").index(form)])


def _pasted(site: Site, selector: str) -> Pasted:
    (found,) = BeautifulSoup(site.text("nhung/index.html"), "lxml").select(selector)
    return _read(found)


def _read(codes) -> Pasted:  # type: ignore[no-untyped-def]
    policy = codes.select_one(".policy code")
    return Pasted(tuple(code.get_text() for code in codes.select("pre code")), policy.get_text() if policy else "")
