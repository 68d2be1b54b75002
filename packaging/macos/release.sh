#!/usr/bin/env bash
# From the sources to a notarised package, with the settings that the four scripts name.
set -euo pipefail
cd "$(dirname "$0")"
for step in build sign pkg notarise; do
    "./$step.sh" "$@"
done
