#!/usr/bin/env bash
# Debian's Chromium for `pnpm test:browser`. Does nothing where there is one already; another one is taken from CHROMIUM_PATH.
set -euo pipefail

if [[ -n ${CHROMIUM_PATH:-} || -x /usr/bin/chromium ]]; then
  exit 0
fi
if ! command -v apt-get >/dev/null; then
  echo 'There is no apt-get here: install Chromium or Chrome, and set CHROMIUM_PATH to its program.' >&2
  exit 1
fi
as_root=()
if [[ $(id -u) -ne 0 ]]; then
  as_root=(sudo)
fi
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" apt-get install -y -qq --no-install-recommends chromium
