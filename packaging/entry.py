"""Where the frozen program begins: the same doors as `python -m assistant`, for the window, the commands and every child process."""

import os
import sys
from pathlib import Path

from assistant.__main__ import GATED_DOORS, main

# OpenSSL knows where its builder kept the certificates of the web's authorities; other systems keep theirs elsewhere.
CERTIFICATES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)


def find_certificates():
    """Name the system's own list, or where there is none the one that is bundled. Read when something is fetched, at a user's wish."""
    if os.environ.get("SSL_CERT_FILE") or not sys.platform.startswith("linux"):
        return  # Windows and macOS: Python asks the system
    import ssl  # here: most processes have nothing to fetch

    here = (ssl.get_default_verify_paths().cafile, *CERTIFICATES, str(Path(sys._MEIPASS, "certifi", "cacert.pem")))
    found = next((path for path in here if path and Path(path).is_file()), None)
    if found is not None:
        os.environ["SSL_CERT_FILE"] = found


if __name__ == "__main__":
    if set(sys.argv[1:2]) & GATED_DOORS.keys():
        find_certificates()
    sys.exit(main())
