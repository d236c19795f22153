"""The fixtures of the chaos tests."""

from __future__ import annotations

from tests.acceptance.conftest import heads

__all__ = ["heads"]
