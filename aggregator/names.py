"""Whether a printed name is a person's or an office's, or only the account that typed the text in."""

import re

_ACCOUNT = re.compile(
    r"(?:super ?|site ?)?(?:admin\w*|administrator|users?|editor|webmaster|root|guest|test|host|moderator)\b.*"
    r"|(?:[\w ]{1,20} )?quản trị (?:cổng|viên|web|hệ thống|trang|site)\b.*"
    r"|quản trị|ban quản trị|quan\s?tri\w*|biên tập viên(?: \d+)?|btv\d*",
    re.I,
)
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]*(?:@\S+)?")  # in small letters, one word: no name is written so


def is_account(name: str) -> bool:
    """Whether the name is that of an account ("admin", "Quản trị cổng", "editor2", "nvan.syt"): nobody's."""
    plain = name.strip(" .,;|")  # of a sentence that ended with it
    return bool(_ACCOUNT.fullmatch(plain) or _LOGIN.fullmatch(plain))
