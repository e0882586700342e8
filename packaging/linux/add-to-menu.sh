#!/bin/sh
# Puts Elephant into this user's menu, from the folder where this script lies; with --remove takes it out again.
set -eu

here=$(cd "$(dirname "$0")" && pwd -P)
data=${XDG_DATA_HOME:-$HOME/.local/share}

case ${1-} in
"")
    cd "$here/share"
    find . -type f | while read -r file; do
        mkdir -p "$data/$(dirname "$file")"
        cp "$file" "$data/$file"
    done
    # A path may hold blanks and signs. In a menu entry such a path stands in quotation marks, in which some signs bear a backslash; and in
    # any value a backslash is written twice. The last line is for sed, which reads this text as a replacement.
    quoted=$(printf '%s' "$here/elephant" | sed -e 's/[\\"`$]/\\&/g' -e 's/%/%%/g' -e 's/\\/\\\\/g' -e 's/[\\&|]/\\&/g')
    sed -i "s|^Exec=.*|Exec=\"$quoted\" %F|" "$data/applications/elephant.desktop"
    done="Elephant is in your menu now."
    ;;
--remove)
    cd "$here/share"
    find . -type f | while read -r file; do
        rm -f "$data/$file"
    done
    done="Elephant is out of your menu. Your notes, index and chats are as they were."
    ;;
*)
    echo "usage: add-to-menu.sh [--remove]" >&2
    exit 2
    ;;
esac

refresh() {
    if command -v "$1" >/dev/null 2>&1; then "$@" >/dev/null 2>&1 || true; fi
}
refresh update-desktop-database -q "$data/applications"
refresh update-mime-database "$data/mime"
refresh gtk-update-icon-cache -q -t -f "$data/icons/hicolor"
echo "$done"
