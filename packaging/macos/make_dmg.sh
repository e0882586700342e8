#!/usr/bin/env bash
# Puts the app bundle on a disk image, beside a link to the folder where it belongs.
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: packaging/macos/make_dmg.sh [--quick] APP IMAGE.dmg

Makes the disk image that people download: the bundle APP and a link to Applications, onto which it is dragged.

  --quick                  Packs fast and large, to try something out.
  ELEPHANT_SIGN_IDENTITY   If set, and not -, the image is signed too, as notarising demands.
TEXT
}

say() { printf '%s\n' "$*" >&2; }

format=ULMO # LZMA: macOS 10.15 and later
case "${1:-}" in
    -h | --help) usage; exit 0 ;;
    --quick) format=UDZO; shift ;;
esac
if [ $# -ne 2 ]; then
    usage >&2
    exit 2
fi
app=${1%/}
image=$2
if [ ! -f "$app/Contents/Info.plist" ]; then
    say "$app is no app bundle: there is no Contents/Info.plist in it. Freeze the program first: python3 packaging/build.py freeze"
    exit 1
fi
for tool in hdiutil ditto; do
    if ! command -v "$tool" >/dev/null; then
        say "$tool was not found. A disk image can only be made on macOS."
        exit 1
    fi
done

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
ditto "$app" "$folder/$(basename "$app")" # keeps links and signatures, which cp -r does not
ln -s /Applications "$folder/Applications"
mkdir -p "$(dirname "$image")"

# hdiutil sometimes finds its own volume busy, most of all on machines that look through every new file.
tries=5
until hdiutil create -volname Elephant -srcfolder "$folder" -fs HFS+ -format "$format" -ov -quiet "$image"; do
    tries=$((tries - 1))
    if [ "$tries" -eq 0 ]; then
        say "The disk image could not be made; what hdiutil said is above."
        exit 1
    fi
    say "hdiutil could not make the image; once more in a moment"
    sleep "${ELEPHANT_DMG_WAIT:-5}"
done
hdiutil verify -quiet "$image"
if [ "${ELEPHANT_SIGN_IDENTITY:--}" != - ]; then
    codesign --force --sign "$ELEPHANT_SIGN_IDENTITY" --timestamp "$image"
fi
say "Made $image"
