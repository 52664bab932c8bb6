"""Letters as files of the output: a page of each bulletin, and each letter as a message to open and to verify."""

from collections.abc import Iterable, Iterator

from aggregator.model import Artifact
from aggregator.publish import addresses
from aggregator.publish.edition import Edition, Removal
from aggregator.publish.envelope import message
from aggregator.publish.letterpress import Printed, lines_of, of_bulletin, print_letter
from aggregator.publish.site import chrome

KEY = "letter"


def standing(edition: Edition) -> Iterable[str]:
    """The key of every day that has a letter."""
    return [f"{KEY}/{day}" for day in edition.letter_days()] if edition.config.mail else []


def files(key: str, edition: Edition) -> Iterator[Artifact | Removal]:
    """For `letter/<day>`: the page of the bulletin and its messages; what has nothing left to say goes."""
    kind, _, day = key.partition("/")
    if kind != KEY:
        return
    for letter in edition.letters(day):
        path = addresses.message_path(day, letter.number)
        printed = print_letter(letter, edition) if edition.config.mail else None
        if not letter.number:
            yield _page(printed, edition) if printed else Removal(addresses.letter_path(day))
        mail = edition.config.mail
        yield Artifact(path, message(printed, mail, edition.site.base_url)) if printed and mail else Removal(path)


def _page(printed: Printed, edition: Edition) -> Artifact:
    letter = printed.letter
    told = of_bulletin(letter, lines_of(letter, edition))
    crumbs = (("Bản tin ngày", addresses.DAYS),)
    about = f"{told['title']}, như đã gửi qua thư điện tử."
    context = {**told, **chrome(told["title"], about, crumbs, section="day", indexed=False)}
    return edition.page("site/letter.html", addresses.letter_path(letter.day), context)
