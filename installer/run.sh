#!/usr/bin/env bash
# Sets GB Desktop up (once) and opens it in practice mode on the sample cashback sheet; nothing leaves this computer.
# Without a screen it sends that sheet to the practice service from the command line instead.
#
#   bash installer/run.sh                  practice, as above
#   bash installer/run.sh ARGUMENTS...     gb-desktop with these arguments
set -euo pipefail
# shellcheck source=installer/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

has_screen() { [[ -n ${DISPLAY:-} || -n ${WAYLAND_DISPLAY:-} || $(uname) == Darwin ]]; }

# results_file: where the results go: the person's Downloads, else build/ of the checkout, which git ignores.
results_file() {
  local folder=${XDG_DOWNLOAD_DIR:-${HOME:-/nonexistent}/Downloads}
  [[ -d $folder && -w $folder ]] || folder=$root/build
  mkdir -p "$folder"
  printf '%s/cashback-results.xlsx\n' "$folder"
}

if has_screen; then system_packages "${window_packages[@]}"; fi
set_up run
(($#)) && exec "$venv/bin/gb-desktop" "$@"

sample=$root/resources/samples/cashback.xlsx
has_screen && exec "$venv/bin/gb-desktop" "$sample" --practice

results=$(results_file)
say "No screen was found: sending the sample cashback sheet to the practice service."
# A data folder of its own: the practice service would refuse the same receipts a second time, as Gameball does.
if [[ -z ${GB_DESKTOP_DATA_DIR:-} ]]; then
  GB_DESKTOP_DATA_DIR=$(mktemp -d)
  export GB_DESKTOP_DATA_DIR
  trap 'rm -rf "$GB_DESKTOP_DATA_DIR"' EXIT
fi
code=0
"$venv/bin/gb-desktop" submit "$sample" --type cashback --practice --yes --again --report "$results" || code=$?
if [[ -f $results ]]; then say "The results workbook is $results"; fi
exit "$code"
