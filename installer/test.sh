#!/usr/bin/env bash
# Sets GB Desktop up for tests (once) and checks everything: style, types, imports between the rooms, tests.
#
#   bash installer/test.sh                     everything but the large profiles
#   bash installer/test.sh --full              the large profiles too
#   bash installer/test.sh [--full] ARGUMENTS  the same, ARGUMENTS going to pytest
#
# Every step runs, also after one that failed; the tests run on every processor, and their summary closes the output.
# Exit code: that of the first step that failed.
set -euo pipefail
# shellcheck source=installer/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

export QT_QPA_PLATFORM=offscreen
if [[ ${1:-} == --full ]]; then
  export GB_DESKTOP_FULL=1
  shift
fi

failed=()
code=0

# step NAME COMMAND...: runs it and goes on, remembering the first failure.
step() {
  local name=$1 result=0
  shift
  say "== $name"
  "$@" || result=$?
  if ((result)); then
    failed+=("$name")
    ((code)) || code=$result
  fi
}

system_packages "${test_packages[@]}"
set_up test
cd "$root"
step "ruff check" "$venv/bin/ruff" check .
step "ruff format" "$venv/bin/ruff" format --check .
step "mypy" "$venv/bin/mypy"
step "lint-imports" "$venv/bin/lint-imports"
step "pytest" "$venv/bin/python" -m pytest --numprocesses auto --dist worksteal "$@"
if ((${#failed[@]})); then say "Failed: ${failed[*]}"; fi
exit "$code"
