"""What an operator may set: the frozen types of sources.yaml. config.py alone makes them from the file.

Every key carries its description: docs/configuration.md is checked against them.
"""

from aggregator.settings.campaigns import Audience, Campaign, Directive, OwnImage
from aggregator.settings.fetching import Archive, Fetch
from aggregator.settings.notices import Notices, Person
from aggregator.settings.site import Licence, Owner, Site
from aggregator.settings.sources import Agreement, More, Section, Source, Tls
from aggregator.settings.tags import OwnPlace, OwnTerm, Tags
from aggregator.settings.values import Colour, Duration, Host, Kind, Mode, Scope, Slug, Url, is_inside, is_local
from aggregator.settings.whole import Config

__all__ = [
    "Agreement",
    "Archive",
    "Audience",
    "Campaign",
    "Colour",
    "Config",
    "Directive",
    "Duration",
    "Fetch",
    "Host",
    "Kind",
    "Licence",
    "Mode",
    "More",
    "Notices",
    "OwnImage",
    "OwnPlace",
    "OwnTerm",
    "Owner",
    "Person",
    "Scope",
    "Section",
    "Site",
    "Slug",
    "Source",
    "Tags",
    "Tls",
    "Url",
    "is_inside",
    "is_local",
]
