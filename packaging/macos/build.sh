#!/usr/bin/env bash
# Builds the program for both architectures, and the unsigned app bundle around it.
set -euo pipefail
# shellcheck source=packaging/macos/lib.sh
. "$(dirname "$0")/lib.sh"
begin "$@"

export MACOSX_DEPLOYMENT_TARGET=12.3
targets=(aarch64-apple-darwin x86_64-apple-darwin)
built=()
for target in "${targets[@]}"; do
    run rustup target add "$target"
    run cargo build --release --locked --package rh-agent --target "$target"
    built+=("target/$target/release/rh-agent")
done
run rm -rf "$app"
run mkdir -p "$OUT"
run lipo -create -output "$OUT/rh-agent" "${built[@]}"
run cargo xtask package app --binary "$OUT/rh-agent" --out "$OUT" --bundle-id "$BUNDLE_ID"
