"""What holds for every test."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)  # a test never times: the first example may build what others use
settings.load_profile("untimed")
