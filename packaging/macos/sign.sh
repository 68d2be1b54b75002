#!/usr/bin/env bash
# Signs the app bundle with the hardened runtime.
# APPLICATION_IDENTITY: the certificate, such as "Developer ID Application: NAME (TEAMID)".
set -euo pipefail
# shellcheck source=packaging/macos/lib.sh
. "$(dirname "$0")/lib.sh"
begin "$@"
need APPLICATION_IDENTITY "Developer ID Application: Example (ABCDE12345)"

run codesign --force --timestamp --options runtime \
    --entitlements "$OUT/packaging/entitlements.plist" \
    --identifier "$BUNDLE_ID" --sign "$APPLICATION_IDENTITY" "$app"
run codesign --verify --strict --verbose=2 "$app"
# What the management profile's code requirement must be equal to.
run codesign --display --requirements - "$app"
