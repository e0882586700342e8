#!/usr/bin/env bash
# Has Apple look at the signed disk image, and fastens the answer to it, so that it opens on a Mac without a network.
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: packaging/macos/notarise.sh IMAGE.dmg

Sends the signed IMAGE to Apple's notary service, waits for the verdict and staples it to the image. This is the one step that sends the
program anywhere. Who may send is told either by

  ELEPHANT_NOTARY_PROFILE   a profile that `xcrun notarytool store-credentials` keeps in the keychain

or by all three of

  ELEPHANT_NOTARY_KEY       path of the key file (.p8) of App Store Connect
  ELEPHANT_NOTARY_KEY_ID    its number
  ELEPHANT_NOTARY_ISSUER    whose it is
TEXT
}

say() { printf '%s\n' "$*" >&2; }

case "${1:-}" in
    -h | --help) usage; exit 0 ;;
    "") usage >&2; exit 2 ;;
esac
image=$1
if [ -n "${ELEPHANT_NOTARY_PROFILE:-}" ]; then
    who=(--keychain-profile "$ELEPHANT_NOTARY_PROFILE")
else
    for name in ELEPHANT_NOTARY_KEY ELEPHANT_NOTARY_KEY_ID ELEPHANT_NOTARY_ISSUER; do
        if [ -z "${!name:-}" ]; then
            say "$name is not set. Set ELEPHANT_NOTARY_PROFILE, or the key, its number and its issuer; --help tells more."
            exit 2
        fi
    done
    if [ ! -f "$ELEPHANT_NOTARY_KEY" ]; then
        say "There is no key file where ELEPHANT_NOTARY_KEY points."
        exit 1
    fi
    who=(--key "$ELEPHANT_NOTARY_KEY" --key-id "$ELEPHANT_NOTARY_KEY_ID" --issuer "$ELEPHANT_NOTARY_ISSUER")
fi
if [ ! -f "$image" ]; then
    say "There is no $image. Make it first: packaging/macos/make_dmg.sh"
    exit 1
fi
for tool in xcrun plutil spctl; do
    if ! command -v "$tool" >/dev/null; then
        say "$tool was not found. Notarising needs macOS with Xcode's command line tools: xcode-select --install"
        exit 1
    fi
done

verdict=$(mktemp)
trap 'rm -f "$verdict"' EXIT
say "Sending $image to Apple's notary service and waiting for its verdict, for half an hour at most"
xcrun notarytool submit "$image" "${who[@]}" --wait --timeout 30m --output-format json >"$verdict" || true
status=$(plutil -extract status raw -o - "$verdict" 2>/dev/null || true)
if [ "$status" != Accepted ]; then
    say "Apple did not accept the image: ${status:-no answer}"
    number=$(plutil -extract id raw -o - "$verdict" 2>/dev/null || true)
    if [ -n "$number" ]; then
        xcrun notarytool log "$number" "${who[@]}" >&2 || say "The reasons could not be fetched."
    fi
    exit 1
fi
xcrun stapler staple "$image"
xcrun stapler validate "$image"
spctl --assess --type open --context context:primary-signature --verbose=2 "$image"
say "Notarised and stapled $image"
