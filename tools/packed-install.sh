#!/usr/bin/env bash
# Installs the packed tarball as an outsider would: into empty projects of every form (TypeScript and JavaScript, ESM
# and CommonJS), then follows the guides there, at smoke size. Usage: packed-install.sh [folder]
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
work=${1:-$(mktemp -d)}
mkdir -p "$work"
cd "$root"
tarball=$work/$(npm pack --silent --pack-destination "$work" | tail -n 1)
node "$root/tools/packed-install.mjs" "$tarball" "$work"
