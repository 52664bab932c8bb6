"""The operator's own tags."""

from aggregator.settings.values import Settings, Slug


class OwnTerm(Settings):
    """A tag of your own; or, under the slug of a known one, more words for it. The words are matched as whole words."""

    slug: Slug
    """Short name, used in addresses; that of a known tag adds to it."""
    label: str = ""
    """What readers see; needed for a new tag."""
    names: tuple[str, ...] = ()
    """Words that earn it, in lower case; needed for a new tag."""
    in_title: tuple[str, ...] = ()
    """Words that earn a topic in the title alone."""
    hints: tuple[str, ...] = ()
    """Words that earn a topic in the title beside another of its words."""
    capitals: tuple[str, ...] = ()
    """Words that earn it written exactly so: abbreviations."""
    exclude: tuple[str, ...] = ()
    """Phrases in which its words say something else; a word of the tag itself is taken away by naming it here."""
    source: str = ""
    """Who named it so, for `tag --sources`; empty: the operator."""


class OwnPlace(Settings):
    """A place of your own; or, under the slug of a known one, more names for it."""

    slug: Slug
    """Short name, used in addresses; that of a known place adds to it."""
    label: str = ""
    """What readers see; needed for a new place."""
    name: str = ""
    """Its name, as it is written in texts; needed for a new place."""
    level: str = ""
    """The word before its name, as xã, phường; needed for a new place."""
    aliases: tuple[str, ...] = ()
    """Other names."""
    parent: str = ""
    """Slug of the province or district it lies in."""
    source: str = ""
    """Who named it so, for `tag --sources`; empty: the operator."""


class Tags(Settings):
    """Tags beside those that come with the program (aggregator/refine/vocabulary)."""

    topics: tuple[OwnTerm, ...] = ()
    """Topics."""
    diseases: tuple[OwnTerm, ...] = ()
    """Diseases."""
    authorities: tuple[OwnTerm, ...] = ()
    """Authorities."""
    places: tuple[OwnPlace, ...] = ()
    """Places."""
