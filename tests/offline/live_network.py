"""A network that looks alive and leads nowhere: every attempt to use it is written down.

Without any network a library that would phone home keeps quiet, and a test of it proves nothing. So the process that uses this module
runs in a network namespace of its own (`run_inside`), with an interface that is up, a default route, a resolver that answers every name, and
servers behind that answer. Made by ioctl alone, so that no tool for networks need be installed. Linux only.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import ipaddress
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

RESOLVER, SINK = "127.0.0.1", "127.0.0.2"
SINK_PORTS = (80, 443)
OWN_ADDRESS, OWN_ADDRESS_6 = "10.9.9.2", "2001:db8:9::2"

_TUNSETIFF, _SIOCADDRT = 0x400454CA, 0x890B
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _SIOCSIFADDR, _SIOCSIFNETMASK, _SIOCGIFINDEX = 0x8913, 0x8914, 0x8916, 0x891C, 0x8933
_IFF_UP, _IFF_TUN, _IFF_NO_PI = 0x1, 0x1, 0x1000
_MS_BIND = 4096
_LISTENING = "0A"
_ICMP_6 = 58
# Ways round a namespace: services of the machine that answer over a socket in the file system.
_HELPERS = ("/run/systemd/resolve", "/run/nscd", "/run/avahi-daemon", "/run/dbus")


@dataclass(frozen=True, slots=True)
class Seen:
    """kind: dns (a name was asked for), connection (to the server behind every name), packet (to anywhere else)."""

    kind: str
    what: str
    at_s: float


class NoLiveNetworkError(Exception):
    """This system does not let us make one; the text says which step failed."""


def run_inside(module: str, folder: Path, patience_s: float, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a module of this folder in namespaces of its own. Raises NoLiveNetworkError where the system refuses them."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1]), **variables}
    command = _entering(sys.executable, "-m", module, str(folder))
    root = Path(__file__).resolve().parents[2]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=patience_s)


def _entering(*command: str) -> list[str]:
    unshare = shutil.which("unshare")
    if not sys.platform.startswith("linux") or unshare is None:
        raise NoLiveNetworkError("namespaces are a matter of Linux and of its program unshare")
    rights = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    line = [unshare, *rights, "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    tried = subprocess.run([*line, sys.executable, __file__], capture_output=True, text=True, timeout=60)
    if tried.returncode != 0:
        said = (tried.stderr or tried.stdout).strip().splitlines()
        raise NoLiveNetworkError(said[-1] if said else f"exit code {tried.returncode}")
    return [*line, *command]


class LiveNetwork:
    """Owns the interface, the resolver, the servers and the threads that watch them, for as long as this process lives.

    Thread: any. folder: for the files that take the place of the system's.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._began = time.monotonic()
        self._lock = threading.Lock()
        self._seen: list[Seen] = []
        self._listening: dict[str, str] = {}
        self._commands: set[str] = set()

    def start(self) -> None:
        """Raises NoLiveNetworkError."""
        try:
            self._replace_resolver()
            _bring_up("lo")
            tunnel = _make_tunnel()
            resolver = _bound(socket.SOCK_DGRAM, RESOLVER, 53)
            sinks = {port: _bound(socket.SOCK_STREAM, SINK, port) for port in SINK_PORTS}
        except OSError as error:
            raise NoLiveNetworkError(f"no network could be made: {error}") from error
        self._run(self._watch_tunnel, tunnel)
        self._run(self._answer_names, resolver)
        for port, sink in sinks.items():
            sink.listen(64)
            self._run(self._take_connections, sink, port)
        self._run(self._watch_processes)

    # ---- what was seen ---------------------------------------------------------------------------------------------------

    def seen(self) -> list[Seen]:
        with self._lock:
            return list(self._seen)

    def listening(self) -> dict[str, str]:
        """Whatever waits for connections here beside ourselves, looked at once a second: "tcp 127.0.0.1:8000" to who."""
        with self._lock:
            return dict(self._listening)

    def command_lines(self) -> set[str]:
        """The titles of all processes, looked at once a second."""
        with self._lock:
            return set(self._commands)

    def report(self) -> dict[str, object]:
        return {"seen": [asdict(item) for item in self.seen()], "listening": self.listening()}

    def _note(self, kind: str, what: str) -> None:
        with self._lock:
            self._seen.append(Seen(kind, what, round(time.monotonic() - self._began, 2)))

    # ---- setting up ------------------------------------------------------------------------------------------------------

    def _run(self, watch: object, *arguments: object) -> None:
        threading.Thread(target=watch, args=arguments, daemon=True).start()  # type: ignore[arg-type]

    def _replace_resolver(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        for name, text in (
            ("resolv.conf", f"nameserver {RESOLVER}\noptions timeout:2 attempts:1\n"),
            ("nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n"),
        ):
            ours, theirs = self._folder / name, Path("/etc", name)
            ours.write_text(text, "utf-8")
            if theirs.exists() or name == "resolv.conf":
                _mount(str(ours), os.path.realpath(theirs), _MS_BIND)
        for helper in _HELPERS:
            if Path(helper).is_dir():
                _mount("tmpfs", helper, 0, "tmpfs")

    # ---- watching --------------------------------------------------------------------------------------------------------

    def _watch_tunnel(self, tunnel: int) -> None:
        while True:
            packet = os.read(tunnel, 65536)
            told = _packet(packet)
            if told:
                self._note("packet", told)

    def _answer_names(self, resolver: socket.socket) -> None:
        while True:
            question, asker = resolver.recvfrom(4096)
            with contextlib.suppress(OSError, IndexError, struct.error):
                name, answer = _answered(question)
                self._note("dns", name)
                resolver.sendto(answer, asker)

    def _take_connections(self, sink: socket.socket, port: int) -> None:
        while True:
            connection, _ = sink.accept()
            self._run(self._take_one, connection, port)

    def _take_one(self, connection: socket.socket, port: int) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(5.0)
            first = connection.recv(4096)
            self._note("connection", f"port {port}: {_server_name(first) or first[:80].decode('ascii', 'replace')!r}")
            if port == SINK_PORTS[0]:
                connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    def _watch_processes(self) -> None:
        while True:
            listening, commands = dict(_listening_sockets()), _all_commands()
            with self._lock:
                self._listening.update(listening)
                self._commands |= commands
            time.sleep(1.0)


# ---- the interface -------------------------------------------------------------------------------------------------------


def _bring_up(name: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        asked = struct.pack("16sH14x", name.encode(), 0)
        (flags,) = struct.unpack_from("H", fcntl.ioctl(handle, _SIOCGIFFLAGS, asked), 16)
        fcntl.ioctl(handle, _SIOCSIFFLAGS, struct.pack("16sH14x", name.encode(), flags | _IFF_UP))


def _make_tunnel(name: str = "tun0") -> int:
    """An interface whose every packet is read by us, with an address and the default route. Returns its file descriptor."""
    device = Path("/dev/net/tun")
    if not device.exists() and os.geteuid() == 0:
        device.parent.mkdir(exist_ok=True)
        os.mknod(device, 0o20666, os.makedev(10, 200))
    tunnel = os.open(device, os.O_RDWR)
    fcntl.ioctl(tunnel, _TUNSETIFF, struct.pack("16sH14x", name.encode(), _IFF_TUN | _IFF_NO_PI))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        for request, address in ((_SIOCSIFADDR, OWN_ADDRESS), (_SIOCSIFNETMASK, "255.255.255.0")):
            fcntl.ioctl(handle, request, struct.pack("16s16s8x", name.encode(), _address(address)))
        _bring_up(name)
        everywhere, label = _address("0.0.0.0"), ctypes.create_string_buffer(name.encode())
        fcntl.ioctl(
            handle,
            _SIOCADDRT,
            struct.pack(
                "L16s16s16sHhLPhPLLH",
                0,
                everywhere,
                everywhere,
                everywhere,
                1,
                0,
                0,
                0,
                0,
                ctypes.addressof(label),
                0,
                0,
                0,
            ),
        )
    with contextlib.suppress(OSError):  # a machine without IPv6: the other half is alive enough
        _add_ip6(name)
    return tunnel


def _address(text: str) -> bytes:
    return struct.pack("HH4s8x", socket.AF_INET, 0, socket.inet_aton(text))


def _add_ip6(name: str) -> None:
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as handle:
        (index,) = struct.unpack_from("i", fcntl.ioctl(handle, _SIOCGIFINDEX, struct.pack("16s16x", name.encode())), 16)
        own = socket.inet_pton(socket.AF_INET6, OWN_ADDRESS_6)
        fcntl.ioctl(handle, _SIOCSIFADDR, struct.pack("16sIi", own, 64, index))
        nowhere = bytes(16)
        # in6_rtmsg: destination, source, gateway, type, lengths of both, metric, info, flags, interface
        route = struct.pack("16s16s16sIHHILIi", nowhere, nowhere, nowhere, 0, 0, 0, 1, 0, 1, index)
        fcntl.ioctl(handle, _SIOCADDRT, route)


def _mount(source: str, target: str, flags: int, kind: str | None = None) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    kind_given = None if kind is None else kind.encode()
    if libc.mount(source.encode(), target.encode(), kind_given, ctypes.c_ulong(flags), None) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"mount on {target}: {os.strerror(number)}")


def _bound(kind: int, address: str, port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET, kind)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind((address, port))
    return made


# ---- reading what comes --------------------------------------------------------------------------------------------------


def _packet(packet: bytes) -> str:
    """Where a packet goes; nothing for what the kernel itself says to bring IPv6 up."""
    version = packet[0] >> 4 if packet else 0
    if version == 4:
        length, protocol, target = (packet[0] & 15) * 4, packet[9], ipaddress.ip_address(packet[16:20])
    elif version == 6:
        length, protocol, target = 40, packet[6], ipaddress.ip_address(packet[24:40])
        if protocol == _ICMP_6 or (protocol == 0 and packet[40] == _ICMP_6):
            return ""
    else:
        return f"{len(packet)} bytes of no known kind"
    port = f":{int.from_bytes(packet[length + 2 : length + 4], 'big')}" if protocol in {6, 17} else ""
    return f"{ {6: 'tcp', 17: 'udp'}.get(protocol, f'protocol {protocol}') } {target}{port}"


def _answered(question: bytes) -> tuple[str, bytes]:
    """The name asked for, and an answer: our server for an IPv4 address, nothing for any other kind of record."""
    labels, at = [], 12
    while question[at]:
        labels.append(question[at + 1 : at + 1 + question[at]].decode("ascii", "replace"))
        at += question[at] + 1
    kind = int.from_bytes(question[at + 1 : at + 3], "big")
    record = b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04" + socket.inet_aton(SINK) if kind == 1 else b""
    header = question[:2] + b"\x81\x80\x00\x01" + (b"\x00\x01" if record else b"\x00\x00") + b"\x00\x00\x00\x00"
    return ".".join(labels), header + question[12 : at + 5] + record


def _server_name(hello: bytes) -> str:
    """The host a TLS client asks for, if these are its first bytes."""
    if hello[:1] != b"\x16":
        return ""
    with contextlib.suppress(IndexError):
        at = 43
        at += 1 + hello[at]
        at += 2 + int.from_bytes(hello[at : at + 2], "big")
        at += 1 + hello[at] + 2
        while at + 4 <= len(hello):
            kind, length = int.from_bytes(hello[at : at + 2], "big"), int.from_bytes(hello[at + 2 : at + 4], "big")
            if kind == 0:
                return "TLS to " + hello[at + 9 : at + 4 + length].decode("ascii", "replace")
            at += 4 + length
    return "TLS"


def _listening_sockets() -> Iterator[tuple[str, str]]:
    ours = {(SINK, port) for port in SINK_PORTS} | {(RESOLVER, 53)}
    for table in ("tcp", "tcp6", "udp", "udp6"):
        try:
            lines = Path("/proc/net", table).read_text("ascii").splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            _, local, _, state, *_rest = line.split()
            if table.startswith("tcp") and state != _LISTENING:
                continue
            host, port = local.split(":")
            raw = b"".join(bytes.fromhex(host[at : at + 8])[::-1] for at in range(0, len(host), 8))
            address = str(ipaddress.ip_address(raw))
            if (address, int(port, 16)) not in ours:
                yield f"{table} {address}:{int(port, 16)}", line.split()[9]


def _all_commands() -> set[str]:
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (folder / "cmdline").read_bytes().replace(b"\0", b" ") + b"| " + (folder / "comm").read_bytes()
            found.add(words.decode("utf-8", "replace").strip())
    return found


def bare_environment(home: Path, **more: str) -> dict[str, str]:
    """What a person's first start has, and nothing that a library could take for a test or a build (CI=1 silences onnxruntime)."""
    scratch = home / "scratch"
    for folder in (home, scratch):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "TMPDIR": str(scratch),
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        **more,
    }


def fake_browser(folder: Path) -> Path:
    """A folder with an `xdg-open` that contacts the host of the address it is given, as a browser would."""
    folder.mkdir(parents=True, exist_ok=True)
    code = (
        "import socket, sys, urllib.parse\n"
        "host = urllib.parse.urlsplit(sys.argv[1]).hostname or 'local-file.invalid'\n"
        "socket.create_connection((host, 80), 5).sendall(b'GET / HTTP/1.0\\r\\n\\r\\n')\n"
    )
    program = folder / "xdg-open"
    program.write_text(f"#!{sys.executable}\n{code}", "utf-8")
    program.chmod(0o755)
    return folder


def main(arguments: Sequence[str]) -> int:
    """Try whether a live network can be made here at all."""
    try:
        LiveNetwork(Path(arguments[0] if arguments else tempfile.mkdtemp(prefix="elephant-network-"))).start()
    except NoLiveNetworkError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
