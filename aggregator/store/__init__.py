"""The one door to the database. It keeps and finds; it never decides."""
