"""A service of the network, played by a test."""

from __future__ import annotations

from typing import Any

import httpx


class Service:
    """Answers in turn, and remembers what it was asked; to be handed to `Mocks`."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0)
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)
