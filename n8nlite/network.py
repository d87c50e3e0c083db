"""
The way out to the real network: connections, proxies, TLS, and the guard that keeps private
addresses private (n8n's SSRF protection, off by default as in n8n 2.x).

https://docs.n8n.io/hosting/securing/ssrf-protection
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib import request as environment

import httpcore
import httpx

from n8nlite.errors import InputError, RequestRefused

Range = ipaddress.IPv4Network | ipaddress.IPv6Network

BLOCKED = (
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
    *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15"),
    *("198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
    *("::/127", "64:ff9b::/96", "64:ff9b:1::/48", "fc00::/7", "fe80::/10", "ff00::/8"),
)
"""What is blocked by default: private, local, reserved and documentation ranges."""


@dataclass(frozen=True)
class Guard:
    """
    Which addresses may be reached. Every address a host name stands for is checked when the
    connection is made, so neither redirects nor changing DNS answers lead around it.

    `allowed_hosts` (`*.example.com` is every host below) wins over `allowed`, which wins over
    `blocked`.
    """

    blocked: tuple[str, ...] = BLOCKED
    allowed: tuple[str, ...] = ()
    allowed_hosts: tuple[str, ...] = ()

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Guard | None:
        """The guard that n8n's N8N_SSRF_* variables ask for; None where it is off."""
        if env.get("N8N_SSRF_PROTECTION_ENABLED", "").strip().lower() not in {"true", "1"}:
            return None
        blocked = _words(env.get("N8N_SSRF_BLOCKED_IP_RANGES", "default"))
        guard = cls(
            tuple(each for word in blocked for each in (BLOCKED if word == "default" else (word,))),
            tuple(_words(env.get("N8N_SSRF_ALLOWED_IP_RANGES", ""))),
            tuple(_words(env.get("N8N_SSRF_ALLOWED_HOSTNAMES", "").lower())),
        )
        _ = guard._ranges
        return guard

    def allows(self, host: str, address: str) -> bool:
        """Whether a connection to the host, found at that address, may be made."""
        if any(_host_fits(host, pattern) for pattern in self.allowed_hosts):
            return True
        allowed, blocked = self._ranges
        forms = _forms(address)
        if any(_within(form, allowed) for form in forms):
            return True
        return not any(_within(form, blocked) for form in forms)

    @cached_property
    def _ranges(self) -> tuple[list[Range], list[Range]]:
        return _parse(self.allowed), _parse(self.blocked)


class Network:
    """Sends requests over real connections, kept open and shared between requests."""

    def __init__(self, guard: Guard | None = None, per_host: int = 50) -> None:
        self._guard = guard
        self._transports: dict[tuple[bool, str | None], httpx.HTTPTransport] = {}
        self._turns: defaultdict[str, threading.Semaphore] = defaultdict(
            lambda: threading.Semaphore(per_host)
        )
        self._lock = threading.Lock()

    def send(self, request: httpx.Request) -> httpx.Response:
        """The response of the network. Raises httpx.TransportError or RequestRefused."""
        if request.url.scheme not in {"http", "https"}:
            raise httpx.UnsupportedProtocol(f"Unsupported protocol {request.url.scheme}:")
        proxy = request.extensions.get("proxy") or _proxy_for(request.url)
        if proxy and self._guard:
            _addresses(self._guard, request.url.host, request.url.port or 0)
        transport = self._transport(bool(request.extensions.get("verify", True)), proxy)
        with self._lock:
            turn = self._turns[request.url.host]
        with turn:
            return transport.handle_request(request)

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            for transport in self._transports.values():
                transport.close()
            self._transports.clear()

    def _transport(self, verify: bool, proxy: str | None) -> httpx.HTTPTransport:
        with self._lock:
            transport = self._transports.get((verify, proxy))
            if transport is None:
                transport = httpx.HTTPTransport(
                    verify=_tls(verify),
                    proxy=proxy,
                    limits=httpx.Limits(max_connections=None, max_keepalive_connections=50),
                )
                if self._guard and not proxy:
                    transport._pool._network_backend = _Guarded(self._guard)
                self._transports[verify, proxy] = transport
            return transport


class _Guarded(httpcore.SyncBackend):
    """Connects only to addresses that the guard allows, and to no other than those it checked."""

    def __init__(self, guard: Guard) -> None:
        super().__init__()
        self.guard = guard

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception | None = None
        for address in _addresses(self.guard, host, port):
            try:
                return super().connect_tcp(address, port, timeout, local_address, socket_options)
            except httpcore.ConnectError as error:
                failure = error
        raise failure or httpcore.ConnectError(f"no address for {host}")


def _addresses(guard: Guard, host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpx.ConnectError(str(error)) from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        if not guard.allows(host, address):
            raise RequestRefused(
                f"the address of {host} is private or reserved ({address}), and SSRF protection is "
                "on; allow it with N8N_SSRF_ALLOWED_HOSTNAMES or N8N_SSRF_ALLOWED_IP_RANGES"
            )
    return addresses


def _tls(verify: bool) -> ssl.SSLContext:
    if verify:
        return httpx.create_ssl_context()
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _proxy_for(url: httpx.URL) -> str | None:
    proxies = environment.getproxies()
    proxy = proxies.get(url.scheme) or proxies.get("all")
    if not proxy or environment.proxy_bypass(url.host):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def _words(text: str) -> list[str]:
    return [word for word in (part.strip() for part in text.split(",")) if word]


def _host_fits(host: str, pattern: str) -> bool:
    host = host.lower().rstrip(".")
    if pattern.startswith("*."):
        return host.endswith(pattern[1:])
    return host == pattern


def _forms(address: str) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    """The address, and the IPv4 address that is hidden in it, if one is."""
    plain = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(plain, ipaddress.IPv4Address):
        return [plain]
    hidden = [plain.ipv4_mapped, plain.sixtofour, *(plain.teredo or ())]
    if plain in ipaddress.ip_network("64:ff9b::/96"):
        hidden.append(ipaddress.IPv4Address(int(plain) & 0xFFFFFFFF))
    return [plain, *(each for each in hidden if each is not None)]


def _within(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address, ranges: Iterable[Range]
) -> bool:
    return any(address in each for each in ranges)


def _parse(ranges: Iterable[str]) -> list[Range]:
    try:
        return [ipaddress.ip_network(each, strict=False) for each in ranges]
    except ValueError as error:
        raise InputError(f"N8N_SSRF_*_IP_RANGES: expected CIDR ranges, got {error}") from None
