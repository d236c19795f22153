"""What can go wrong with the knowledge base; each message is one line for the person at the keyboard."""

from __future__ import annotations


class KnowledgeError(Exception):
    """Any expected failure of this package."""


class IndexMismatch(KnowledgeError):
    """The index was built with another encoder than the one loaded: reindex, or configure the encoder it was built
    with."""


class IndexDamaged(KnowledgeError):
    """The files of a cached index are missing or are not what was written."""


class ArticleConflict(KnowledgeError):
    """The article has changed since it was read."""


class NoSuchVersion(KnowledgeError):
    """There is no index version of that number that could be served."""


class VersionRefused(KnowledgeError):
    """A new index version was judged and is not put into service; nothing was stored."""
