#!/usr/bin/env bash
# Has Apple notarise the package, and staples the ticket to it, so that it installs offline too.
# NOTARY_PROFILE: the name that `xcrun notarytool store-credentials` keeps your account under.
set -euo pipefail
# shellcheck source=packaging/macos/lib.sh
. "$(dirname "$0")/lib.sh"
begin "$@"
need NOTARY_PROFILE remote-help

run xcrun notarytool submit "$pkg" --keychain-profile "$NOTARY_PROFILE" --wait
run xcrun stapler staple "$pkg"
run xcrun stapler validate "$pkg"
run spctl --assess --type install --verbose=2 "$pkg"
