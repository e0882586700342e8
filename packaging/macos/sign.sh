#!/usr/bin/env bash
# Signs the app bundle, innermost code first.
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: packaging/macos/sign.sh [--parts | --bundle] APP

Signs every library and program in the bundle APP, and then the bundle.

  --parts                  Only what is in the bundle: what describes those files, such as a list of checksums, can then be written.
  --bundle                 Only the bundle, when its parts are signed. After that no file in it may change.

  ELEPHANT_SIGN_IDENTITY   Name of the certificate in the keychain, such as "Developer ID Application: Ada Example (TEAMID)": signed with
                           the hardened runtime and a time stamp, as notarising demands. Or - for a signature that names nobody: enough to
                           run on the Mac that made it; others have to be told to open it.
TEXT
}

say() { printf '%s\n' "$*" >&2; }

only=
case "${1:-}" in
    -h | --help) usage; exit 0 ;;
    --parts | --bundle) only=$1; shift ;;
esac
if [ $# -ne 1 ]; then
    usage >&2
    exit 2
fi
app=${1%/}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if [ -z "${ELEPHANT_SIGN_IDENTITY:-}" ]; then
    say "ELEPHANT_SIGN_IDENTITY is not set. Give the name of a Developer ID Application certificate, or - to name nobody."
    exit 2
fi
if [ ! -f "$app/Contents/Info.plist" ]; then
    say "$app is no app bundle: there is no Contents/Info.plist in it. Freeze the program first: python3 packaging/build.py freeze"
    exit 1
fi
for tool in codesign file xattr; do
    if ! command -v "$tool" >/dev/null; then
        say "$tool was not found. Signing needs macOS with Xcode's command line tools: xcode-select --install"
        exit 1
    fi
done

if [ "$ELEPHANT_SIGN_IDENTITY" = - ]; then
    # The hardened runtime would refuse libraries whose signature names no team.
    inner=(--force --sign - --timestamp=none)
    outer=("${inner[@]}")
else
    inner=(--force --sign "$ELEPHANT_SIGN_IDENTITY" --timestamp --options runtime)
    outer=("${inner[@]}" --entitlements "$here/entitlements.plist")
fi

sign_parts() {
    # What a download or a copy left on the files is no part of them and would spoil the signature.
    xattr -cr "$app"
    # A signature covers what lies inside it: first the files, then the frameworks, the deepest before those that hold them. Not by
    # codesign --deep, which passes over code that lies among data.
    count=0
    while IFS= read -r path; do
        case $(file -b "$path") in
            Mach-O*)
                codesign "${inner[@]}" "$path"
                count=$((count + 1))
                ;;
        esac
    done < <(find "$app/Contents" -type f \( -name '*.so' -o -name '*.dylib' -o -perm -u+x \))
    while IFS= read -r path; do
        codesign "${inner[@]}" "$path"
    done < <(find "$app/Contents" -type d -name '*.framework' | awk -F/ '{ print NF "\t" $0 }' | sort -rn -k1,1 -s | cut -f2-)
    say "Signed $count files in $app"
}

sign_bundle() {
    codesign "${outer[@]}" "$app"
    codesign --verify --strict --deep --verbose=2 "$app"
    say "Signed the bundle $app"
}

case $only in
    --parts) sign_parts ;;
    --bundle) sign_bundle ;;
    *)
        sign_parts
        sign_bundle
        ;;
esac
