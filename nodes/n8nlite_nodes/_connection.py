"""Connections that fail, in n8n's words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from n8nlite import api_errors


@contextmanager
def told() -> Iterator[None]:
    """Raises ApiError for a request, or one inside an SDK, that got no answer."""
    try:
        yield
    except httpx.RequestError as error:
        raise api_errors.from_failure(error) from error
