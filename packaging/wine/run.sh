#!/usr/bin/env bash
# The Windows bundle on Debian, without Windows: build, audit, try out. Installs what is missing
# where it may. Everything is made and kept in build/wine; a second run takes half as long.
set -euo pipefail
cd "$(dirname "$0")/../.."

PYTHON=${PYTHON:-.venv/bin/python}
PACKAGES=(wine wine64 xvfb xauth gcc-mingw-w64-x86-64 osslsigncode nsis imagemagick fonts-noto-cjk)

missing=()
for package in "${PACKAGES[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2> /dev/null | grep -q 'ok installed' \
    || missing+=("$package")
done
if ((${#missing[@]})); then
  if ((EUID != 0)); then
    echo "run this as root: apt-get update && apt-get install -y --no-install-recommends ${missing[*]}"
    exit 1
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi

[[ -x $PYTHON ]] || python3 packaging/bootstrap.py run -- --version # makes .venv

PYTHONPATH=packaging:. exec "$PYTHON" -P -m wine
