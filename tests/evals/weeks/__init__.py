"""Weeks of three invented sources by a stepped clock: their articles and fates, their sites, and what is judged."""
