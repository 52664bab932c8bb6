"""The network: from a source to its drafts, as printed."""
