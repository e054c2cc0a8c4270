# What run.sh and test.sh share: system packages, a Python, and a virtual environment that is set up once.
# shellcheck shell=bash
# Sourced, after `set -euo pipefail`. Everything it says goes to standard error.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
venv=${GB_DESKTOP_VENV:-$root/.venv}

# What Qt needs to open a window. Debian 13 and Ubuntu 24.04 call some of them NAMEt64.
window_packages=(
  libegl1 libgl1 libdbus-1-3 libfontconfig1 libglib2.0-0 libgssapi-krb5-2 libxkbcommon-x11-0 libx11-xcb1
  libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render0 libxcb-render-util0
  libxcb-shape0 libxcb-shm0 libxcb-sync1 libxcb-xfixes0 libxcb-xinerama0 libxcb-xkb1 fonts-dejavu-core
)
# shellcheck disable=SC2034 # used by test.sh
test_packages=("${window_packages[@]}" fonts-noto-core xvfb gnome-keyring dbus)

say() { printf '%s\n' "$*" >&2; }

die() {
  say "$*"
  exit 1
}

# missing_packages NAME...: prints those that are not installed, one a line.
missing_packages() {
  local installed name
  installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p')
  for name in "$@"; do
    grep -qxF -e "$name" -e "${name}t64" <<<"$installed" || printf '%s\n' "$name"
  done
}

# apt_get ARGUMENTS...: apt-get that asks nothing, as root or by a sudo that needs no password.
apt_get() {
  local as_root=()
  ((EUID == 0)) || as_root=(sudo -n)
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -y -q "$@" </dev/null >&2
}

# system_packages NAME...: installs what is missing where it may; otherwise says in one line what to install.
# Never fails: the app may well work without some of them.
system_packages() {
  command -v dpkg-query >/dev/null && command -v apt-get >/dev/null || return 0
  local missing
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]})) || return 0
  if ((EUID != 0)) && ! sudo -n true 2>/dev/null; then
    say "Some system packages are missing. Install them with: sudo apt-get install ${missing[*]}"
    return 0
  fi
  say "Installing system packages: ${missing[*]}"
  apt_get install --no-install-recommends "${missing[@]}" 2>/dev/null && return 0
  apt_get update || true
  apt_get install --no-install-recommends "${missing[@]}" ||
    say "Some system packages could not be installed. Install them with: sudo apt-get install ${missing[*]}"
}

# find_python: prints the first Python that is 3.11 or newer.
find_python() {
  local candidate
  for candidate in python3.13 python3.12 python3.11 python3; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return 0
    fi
  done
  say "GB Desktop needs Python 3.11 or newer, and none was found: install python3 and python3-venv."
  return 1
}

# sha256: of standard input. macOS calls the program otherwise.
sha256() {
  if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi
}

# stamp_of KIND: the line that says what the virtual environment must hold: this checkout, its pins, run or test.
stamp_of() {
  local pins
  pins=$(cat "$root/pyproject.toml" "$root/installer/constraints.txt" | sha256 | cut -d' ' -f1)
  printf '%s %s %s\n' "$1" "$pins" "$root"
}

# is_set_up KIND: true when the virtual environment already holds it. One that is set up for tests can run the app.
is_set_up() {
  local stamp
  stamp=$(cat "$venv/gb-desktop.stamp" 2>/dev/null) || return 1
  [[ $stamp == "$(stamp_of "$1")" || $stamp == "$(stamp_of test)" ]] && "$venv/bin/python" -c '' 2>/dev/null
}

# set_up KIND: makes the virtual environment, KIND being run or test. Takes no time when it is there already.
set_up() {
  local kind=$1 what=(-e "$root") python
  is_set_up "$kind" && return 0
  [[ $kind == test ]] && what=(-e "${root}[dev]")
  if [[ -e $venv && ! -f $venv/pyvenv.cfg && -n $(ls -A "$venv") ]]; then
    die "$venv is not a virtual environment: set GB_DESKTOP_VENV to another folder."
  fi
  rm -f "$venv/gb-desktop.stamp"
  if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    python=$(find_python) || exit 1
    say "Making a virtual environment in $venv"
    "$python" -m venv --clear "$venv" >&2 || die "The virtual environment could not be made: install python3-venv."
  fi
  say "Installing GB Desktop and what it needs (once; some minutes)"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
    -c "$root/installer/constraints.txt" "${what[@]}" >&2 || die "The installation failed: see above, then try again."
  stamp_of "$kind" >"$venv/gb-desktop.stamp"
}
