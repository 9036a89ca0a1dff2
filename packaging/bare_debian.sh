#!/usr/bin/env bash
# The Linux bundle on a bare Debian 12: no Python, no Qt, only an X screen and the libraries that
# every desktop has. Makes the system in build/bare-debian (root's rights, debootstrap), unpacks
# dist/*.tar.gz there, and does what a person without root's rights would do.
set -euo pipefail
cd "$(dirname "$0")/.."

ROOT=build/bare-debian
# What a desktop has; bundlelib/elf_audit.py names the libraries in them.
DESKTOP=(libgl1 libegl1 libx11-6 libx11-xcb1 libxcb1 libfontconfig1 libfreetype6 libglib2.0-0
  libdbus-1-3 libstdc++6 zlib1g fonts-dejavu-core)
SCREEN=(xvfb desktop-file-utils)

archive=$(ls -t dist/Portside-*-linux-*.tar.gz 2> /dev/null | head -n 1) || true
[[ -n $archive ]] || { echo "no bundle: run packaging/bundle.py first"; exit 1; }
((EUID == 0)) || { echo "run this as root"; exit 1; }
command -v debootstrap > /dev/null || {
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends debootstrap
}

if [[ ! -e $ROOT/made ]]; then
  rm -rf "$ROOT"
  mirror=$(apt-get indextargets --format '$(SITE)' 'Origin: Debian' | head -n 1)
  packages=("${DESKTOP[@]}" "${SCREEN[@]}")
  debootstrap --variant=minbase --include="$(IFS=,; echo "${packages[*]}")" \
    bookworm "$ROOT" ${mirror:+"$mirror"} > build/bare-debian.log
  chroot "$ROOT" useradd --create-home tester
  touch "$ROOT/made"
fi

home="$ROOT/home/tester"
rm -rf "${home:?}/网络 工具" "$home/.local" "$home/.config"
mkdir "$home/网络 工具"
cp "$archive" "$home/网络 工具"
chroot "$ROOT" chown -R tester: /home/tester
mountpoint -q "$ROOT/proc" || mount -t proc proc "$ROOT/proc"
trap 'umount "$ROOT/proc"' EXIT

chroot "$ROOT" su - tester -c 'exec env LC_ALL=C.UTF-8 bash -euo pipefail' << 'TRIAL'
step() { printf -- '--- %s\n' "$*"; }
! command -v python3 || { echo "there is a Python here"; exit 1; }
cd "$HOME/网络 工具"
tar -xzf Portside-*.tar.gz
cd Portside

step "no library is missing"
export LD_LIBRARY_PATH=$PWD/_internal # as the program's own loader sets it
find . -type f \( -name '*.so*' -o -name 'portside*' \) -exec sh -c \
  'ldd "$1" 2> /dev/null | grep "not found" | sed "s|^|$1:|"' sh {} \; \
  | grep -v '/libqwayland.so:\|/wayland-\|libQt6Wayland\|libQt6WlShell' > "$HOME/missing" || true
[ ! -s "$HOME/missing" ] || { cat "$HOME/missing"; exit 1; }
unset LD_LIBRARY_PATH

step "without a screen"
timeout 60 ./portside-console --self-test

exec 3> "$HOME/screen"
Xvfb -displayfd 3 -screen 0 1280x800x24 -nolisten tcp > /dev/null 2>&1 &
server=$!
trap 'kill $server' EXIT
until [ -s "$HOME/screen" ]; do sleep 0.1; done
DISPLAY=:$(cat "$HOME/screen")
export DISPLAY

step "on an X screen"
timeout 60 ./portside --self-test --report report.json
grep '"screen": "xcb"' report.json

step "into the menu"
./install.sh
entry=$HOME/.local/share/applications/portside.desktop
desktop-file-validate "$entry"

step "started from the menu, it serves"
command=$(sed -n 's/^Exec=//p' "$entry")
eval "exec $command --listen --host 127.0.0.1 --port 0 --language en --echo" > "$HOME/said" 2> "$HOME/errors" &
program=$!
until grep -q listening "$HOME/said"; do kill -0 $program; sleep 0.1; done
port=$(sed -n 's/.*:\([0-9]*\)$/\1/p' "$HOME/said")
exec 4<> "/dev/tcp/127.0.0.1/$port"
printf 'hello\n' >&4
IFS= read -r -t 10 answer <&4
[ "$answer" = hello ]
exec 4>&-
kill $program
wait $program
[ ! -s "$HOME/errors" ] || { cat "$HOME/errors"; exit 1; }
ls "$HOME/.local/share/Portside/journals"

step "out of the menu"
./install.sh --remove
[ ! -e "$entry" ]
echo "all is well"
TRIAL
