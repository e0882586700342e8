"""A child process for the link's tests: does what each request says, for better or worse."""

import os
import signal
import sys
import threading
import time

import msgspec

from assistant.domain.errors import ModelUnavailableError
from assistant.ipc.service import Call, Service
from assistant.ipc.transport import take_standard_streams


class Echo(msgspec.Struct, frozen=True, tag=True):
    text: str


class Count(msgspec.Struct, frozen=True, tag=True):
    """Emit numbers until cancelled."""


class Die(msgspec.Struct, frozen=True, tag=True):
    pass


class Stall(msgspec.Struct, frozen=True, tag=True):
    """Stop the whole process, as a hang in native code that holds the interpreter lock would."""


class Compute(msgspec.Struct, frozen=True, tag=True):
    """Keep the reading thread busy for so many seconds, as a call that holds the interpreter lock would."""

    seconds: float


class Refuse(msgspec.Struct, frozen=True, tag=True):
    pass


class Garbage(msgspec.Struct, frozen=True, tag=True):
    pass


class Print(msgspec.Struct, frozen=True, tag=True):
    """Print to standard output from Python and from below it."""


class Said(msgspec.Struct, frozen=True, tag=True):
    text: str


EchoRequest = Echo | Count | Die | Stall | Compute | Refuse | Garbage | Print


def main() -> None:
    reader, writer = take_standard_streams()

    def count(call: Call[EchoRequest]) -> None:
        n = 0
        while not call.cancelled.wait(0.001):
            n += 1
            call.emit(Said(str(n)))
        call.finish(Said("stopped"))

    def handle(call: Call[EchoRequest]) -> None:
        match call.body:
            case Echo(text):
                call.finish(Said(text))
            case Count():
                threading.Thread(target=count, args=(call,), daemon=True).start()
            case Die():
                os._exit(3)
            case Stall():
                os.kill(os.getpid(), signal.SIGSTOP)
            case Compute(seconds):
                end = time.monotonic() + seconds
                while time.monotonic() < end:
                    pass
                call.finish(Said("computed"))
            case Refuse():
                raise ModelUnavailableError(model="m.gguf", reason="truncated", needed_bytes=7)
            case Garbage():
                writer.write(b"\x00\xff not a message\n")
                writer.flush()
            case Print():
                print("this is no message")
                os.write(1, b"nor is this\n")
                call.finish(Said("printed"))

    Service(reader, writer, EchoRequest, handle).run()
    sys.stderr.close()


if __name__ == "__main__":
    main()
