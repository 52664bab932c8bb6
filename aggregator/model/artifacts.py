"""What is written to the output folder."""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Artifact:
    """One file of the output. `path` is relative, with forward slashes, never starting with one."""

    path: str
    content: bytes

    @property
    def digest(self) -> str:
        """SHA-256 of the content, hex."""
        return hashlib.sha256(self.content).hexdigest()


def digest_of(*parts: str) -> str:
    """SHA-256, hex, of the parts, so that no two lists of parts give the same input."""
    joined = "\x1f".join(part.replace("\x1f", " ") for part in parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()
