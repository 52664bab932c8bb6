"""Which stored or new article each notice of correction names, in whichever order the two come."""

from collections.abc import Sequence

from aggregator.model import Announced, Article
from aggregator.ports import Store
from aggregator.refine import announcing, identity
from aggregator.refine.moves import title_of


def announced(news: Sequence[Article], store: Store) -> tuple[Announced, ...]:
    """What notices say, by this news of one source: those among it, and stored ones that name an article of it."""
    if not news:
        return ()
    fresh = {one.id: one for one in news if announcing.is_notice(one)}
    since = min(one.published for one in news) - announcing.SAME_DAY
    stored = [id for id in store.notices(news[0].source, since) if id not in fresh]
    older = {one.article.id: one.article for one in store.told(stored) if one.article.id not in {a.id for a in news}}
    touched = {id: notice for id, notice in older.items() if _names(notice, news)}
    found = [Announced(id, _corrected(notice, news, store)) for id, notice in {**touched, **fresh}.items()]
    ended = [Announced(one.id, "") for one in news if one.id in stored]  # revised, and no notice any more
    return tuple(sorted((*found, *ended), key=lambda one: one.notice))


def _names(notice: Article, news: Sequence[Article]) -> bool:
    what = announcing.named(notice)
    return any(one.url in what.urls or title_of(one.title) in what.titles for one in news)


def _corrected(notice: Article, news: Sequence[Article], store: Store) -> str:
    what = announcing.named(notice)
    start, end = announcing.span(notice.published)
    at = set(store.at(notice.source, what.urls).values()) if what.urls else set()
    at |= {one.id for one in news if one.url in what.urls}
    named = {identity.article_id(notice.source, "", url) for url in what.urls}
    at |= set(store.known(named)) if named else set()
    titles = {one.id: one.title for one in store.between(notice.source, start, end)} if what.titles else {}
    titles |= {one.id: one.title for one in news if start <= one.published < end}
    return announcing.corrected(notice.id, what, at, titles)
