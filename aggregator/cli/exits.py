"""The exit codes: part of the command line's contract."""

OK = 0
FOUND_WRONG = 1  # a source at fault; something that check, extract or status found wrong
USAGE = 2
FAULT = 3  # the store or the output
LOCKED = 75  # EX_TEMPFAIL of sysexits.h: another run holds the lock
