"""A parent with a watched child, to be stopped together with it. Each line of input asks the child; says "PID answered"."""

from __future__ import annotations

import sys
from pathlib import Path

from assistant.ipc.supervisor import ChildCommand, Supervisor
from tests.unit.ipc import echo_child as echo


def main() -> None:
    child = Path(echo.__file__)
    supervisor = Supervisor(
        "echo", ChildCommand((sys.executable, str(child))), echo.Said, hang_after_s=float(sys.argv[1])
    )
    for line in sys.stdin:
        said = supervisor.call(echo.Echo(line.strip())).result().text
        print(supervisor.pid, said, flush=True)
    supervisor.stop()


if __name__ == "__main__":
    main()
