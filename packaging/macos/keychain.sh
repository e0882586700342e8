#!/usr/bin/env bash
# Puts a signing certificate into a keychain of its own, on a machine that builds and is thrown away afterwards.
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: packaging/macos/keychain.sh FOLDER

Makes a keychain in FOLDER, which is best a temporary one, puts the certificate into it and lets codesign use it without asking.

  ELEPHANT_CERTIFICATE            the certificate with its key: a .p12 file in base64
  ELEPHANT_CERTIFICATE_PASSWORD   the password of that file

Not for a Mac that somebody works on: there, the certificate is put into the login keychain by hand, once.
TEXT
}

say() { printf '%s\n' "$*" >&2; }

case "${1:-}" in
    -h | --help) usage; exit 0 ;;
    "") usage >&2; exit 2 ;;
esac
folder=$1
for name in ELEPHANT_CERTIFICATE ELEPHANT_CERTIFICATE_PASSWORD; do
    if [ -z "${!name:-}" ]; then
        say "$name is not set; --help tells what it should hold."
        exit 2
    fi
done
for tool in security openssl base64; do
    if ! command -v "$tool" >/dev/null; then
        say "$tool was not found. This needs macOS."
        exit 1
    fi
done

keychain=$folder/elephant-signing.keychain-db
certificate=$folder/elephant-certificate.p12
trap 'rm -f "$certificate"' EXIT
password=$(openssl rand -hex 24) # known to nobody: the keychain lives as long as the machine
(
    umask 077
    printf '%s' "$ELEPHANT_CERTIFICATE" | base64 --decode >"$certificate"
)
security create-keychain -p "$password" "$keychain"
security set-keychain-settings -lut 21600 "$keychain"
security unlock-keychain -p "$password" "$keychain"
security import "$certificate" -P "$ELEPHANT_CERTIFICATE_PASSWORD" -k "$keychain" -T /usr/bin/codesign >/dev/null
security set-key-partition-list -S apple-tool:,apple:,codesign: -s -k "$password" "$keychain" >/dev/null
security list-keychains -d user -s "$keychain" login.keychain-db
say "The certificate is in $keychain"
