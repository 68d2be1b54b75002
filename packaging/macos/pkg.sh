#!/usr/bin/env bash
# Packs the signed app bundle into a signed installer package for /Applications.
# INSTALLER_IDENTITY: the certificate, such as "Developer ID Installer: NAME (TEAMID)".
set -euo pipefail
# shellcheck source=packaging/macos/lib.sh
. "$(dirname "$0")/lib.sh"
begin "$@"
need INSTALLER_IDENTITY "Developer ID Installer: Example (ABCDE12345)"

root="$OUT/root" parts="$OUT/parts"
version=$(sed -n '/^\[workspace.package\]/,/^$/s/^version = "\(.*\)"/\1/p' Cargo.toml)
run rm -rf "$root" "$parts"
run mkdir -p "$root" "$parts"
run ditto "$app" "$root/Remote Help.app"
run pkgbuild --root "$root" --install-location /Applications \
    --component-plist "$OUT/packaging/components.plist" \
    --identifier "$BUNDLE_ID.pkg" --version "$version" "$parts/component.pkg"
run productbuild --distribution "$OUT/packaging/distribution.xml" --package-path "$parts" \
    --timestamp --sign "$INSTALLER_IDENTITY" "$pkg"
run pkgutil --check-signature "$pkg"
