"""Official public-health news, collected and published as static bulletins, feeds and embeds."""

__version__ = "0.1.0"
