"""HTTP for the processes that may reach the network: whatever is dialled is first named at the gate in their wall.

Over the standard library, which follows the system's proxies and certificates. No cookies, no passwords, no tries of its own.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import urllib.request
from collections.abc import Callable
from typing import Any

from assistant.ipc.network_wall import Gate

TIMEOUT_S = 30.0


def opener_behind(gate: Gate | None, redirects: urllib.request.HTTPRedirectHandler) -> urllib.request.OpenerDirector:
    """redirects: which of them are followed is for the caller to say."""
    return urllib.request.build_opener(redirects, _HttpHandler(gate), _HttpsHandler(gate))


class _HttpHandler(urllib.request.HTTPHandler):
    def __init__(self, gate: Gate | None) -> None:
        super().__init__()
        self._gate = gate

    def http_open(self, req: urllib.request.Request) -> Any:
        return self.do_open(_dialling(http.client.HTTPConnection, self._gate), req)


class _HttpsHandler(urllib.request.HTTPSHandler):
    def __init__(self, gate: Gate | None) -> None:
        self._safe = ssl.create_default_context()
        super().__init__(context=self._safe)
        self._gate = gate

    def https_open(self, req: urllib.request.Request) -> Any:
        return self.do_open(_dialling(http.client.HTTPSConnection, self._gate), req, context=self._safe)


def _dialling(kind: type[http.client.HTTPConnection], gate: Gate | None) -> Callable[..., http.client.HTTPConnection]:
    """Connections that name what they dial at the gate before they dial it."""

    def dial(address: tuple[str, int], timeout: Any, _source: Any = None) -> socket.socket:
        host, port = address
        if gate is not None:
            gate.permit_name(host)
        failure: OSError = OSError("the name has no address")
        for family, sort, protocol, _name, place in socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM):
            if gate is not None:
                gate.permit_address(place)
            made = socket.socket(family, sort, protocol)
            try:
                made.settimeout(timeout if isinstance(timeout, (int, float)) else TIMEOUT_S)
                made.connect(place)
                return made
            except OSError as error:
                made.close()
                failure = error
        raise failure

    def connection(*arguments: Any, **named: Any) -> http.client.HTTPConnection:
        made = kind(*arguments, **named)
        made._create_connection = dial  # type: ignore[attr-defined]
        return made

    return connection
