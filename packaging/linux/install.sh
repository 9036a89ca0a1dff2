#!/bin/sh
# Puts Portside into the menu of this user, with its icon; the program stays in this folder.
#
#   ./install.sh            after moving the folder, once more
#   ./install.sh --remove   takes it out again; journals and settings stay
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
data=${XDG_DATA_HOME:-$HOME/.local/share}
entry=$data/applications/portside.desktop

say() { # say ENGLISH CHINESE
  case ${LC_ALL:-${LC_MESSAGES:-${LANG:-}}} in
    zh*) printf '%s\n' "$2" ;;
    *) printf '%s\n' "$1" ;;
  esac
}

refresh() { # desktops notice new files by themselves; these only make it sooner
  if command -v update-desktop-database > /dev/null; then
    update-desktop-database -q "$data/applications" || true
  fi
  if command -v gtk-update-icon-cache > /dev/null; then
    gtk-update-icon-cache -q -t -f "$data/icons/hicolor" 2> /dev/null || true
  fi
}

shared() { (cd "$here/share" && find icons metainfo man bash-completion zsh -type f); }

remove() {
  shared | while IFS= read -r file; do rm -f "$data/$file"; done
  rm -f "$entry"
  refresh
  say "Portside is out of the menu. Its folder, journals and settings are still there." \
    "已从菜单中移除 Portside。程序文件夹、日志和设置仍然保留。"
}

# A path in Exec is quoted twice: as an argument, and as a value (Desktop Entry Specification).
quoted() { printf '"%s"' "$(printf '%s' "$1" | sed -e 's/[\\"$`]/\\&/g' -e 's/\\/\\\\/g' -e 's/%/%%/g')"; }

install() {
  case $here in
    *'
'*) say "A folder whose name has a line break cannot be put into the menu." \
        "文件夹名中含有换行符,无法加入菜单。" >&2
      exit 1 ;;
  esac
  shared | while IFS= read -r file; do
    mkdir -p "$data/$(dirname "$file")"
    cp "$here/share/$file" "$data/$file"
  done
  mkdir -p "$data/applications"
  half=$entry.$$
  grep -v '^Exec=' "$here/share/applications/portside.desktop" > "$half"
  printf 'Exec=%s\n' "$(quoted "$here/portside")" >> "$half"
  mv "$half" "$entry"
  refresh
  say "Portside is in the menu now. To take it out: ./install.sh --remove" \
    "Portside 已加入菜单。移除:./install.sh --remove"
}

case ${1:-} in
  '') install ;;
  --remove) remove ;;
  *) say "usage: install.sh [--remove]" "用法:install.sh [--remove]" >&2; exit 2 ;;
esac
