#!/usr/bin/env bash
# Checks, lints and links Rust code for macOS on Debian, without Xcode, an Apple SDK or rustup's
# targets: the standard library is built from Debian's rust-src, zig compiles C and C++, and LLD
# links against stubs of Apple's libraries. What it makes has never run on a Mac and must not be shipped.
#
#   check.sh prepare TARGET                    fetches what is missing; fails if this machine cannot
#   check.sh check|clippy|build|test TARGET [cargo arguments]
#
# TARGET is aarch64-apple-darwin or x86_64-apple-darwin; `test` compiles and links, and runs nothing.
# `cargo xtask macos` calls this in the root of the workspace, and first `prepare`.
#
# Two ways to a compiler and a matching standard library, the first that works:
#   host    rustup's nightly, if it is of the same 1.NN as Debian sid's rust-src; needs no root
#   chroot  rustc, clippy and rust-src of Debian sid in a folder; needs root
#
# Environment:
#   MACOS_CHECK_DIR     the cache; about 2 GB, with the chroot 4 GB (default: in the user's cache folder)
#   MACOS_CHECK_MODE    host or chroot, to have no other
#   MACOS_CHECK_MIRROR  a Debian mirror (default: the one that apt uses)
set -euo pipefail

verb=${1:?prepare, check, clippy, build or test}
target=${2:?aarch64-apple-darwin or x86_64-apple-darwin}
shift 2
arch=${target%%-*}
# The oldest macOS that we support: ScreenCaptureKit is there since 12.3.
deployment=12.3
cache=${MACOS_CHECK_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/macos-check}
mkdir -p "$cache"
cache=$(cd "$cache" && pwd -P)
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
build_std="-Zbuild-std=std,panic_abort,proc_macro,test"
say() { printf 'macos: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
# shellcheck source-path=SCRIPTDIR source=fetch.sh
source "$here/fetch.sh"

# What the compiler, cc-rs and the linker need to know; the same for every verb, since a changed
# variable builds the standard library anew.
environment() {
  local up=${target^^} low=${target//-/_} linker=rust-lld
  [ "$mode" = host ] || linker=lld
  envs=(
    "CARGO_HOME=$cache/cargo-home"
    "CARGO_TARGET_DIR=$cache/target-$mode-$deployment"
    "CARGO_TARGET_${up//-/_}_LINKER=$linker"
    "CARGO_TARGET_${up//-/_}_RUSTFLAGS=-Clinker-flavor=ld64.lld"
    "CC_$low=$tools/cc-$arch"
    "CXX_$low=$tools/c++-$arch"
    "AR_$low=$tools/ar"
    "RANLIB_$low=true"
    "SDKROOT=$cache/sdk-$arch"
    "MACOSX_DEPLOYMENT_TARGET=$deployment"
  )
}

cargo_host() {
  # A cargo above this one left its own toolchain in these.
  env -u CARGO -u RUSTC -u RUSTUP_TOOLCHAIN -u LD_LIBRARY_PATH "${envs[@]}" \
    "__CARGO_TESTS_ONLY_SRC_ROOT=$(rust_src)" rustup run nightly cargo "$@"
}

cargo_chroot() {
  local root pass
  root=$(git rev-parse --show-toplevel 2>/dev/null || pwd -P)
  mapfile -t pass < <(env | grep -iE '^(https?_proxy|no_proxy|all_proxy|CARGO_(TERM|REGISTRIES|HTTP|NET)_[A-Z_]*)=' || true)
  copy_network_files
  mkdir -p "$cache/sid$root" "$cache/sid$cache"
  # In a mount namespace of its own, so that there is nothing to unmount afterwards.
  S=$cache/sid ROOT=$root CACHE=$cache DIR=$PWD unshare -m --propagation private bash -c '
    set -e
    mount -t proc proc "$S/proc"
    mount --rbind /dev "$S/dev"
    mount --rbind "$CACHE" "$S$CACHE"
    mount --rbind "$ROOT" "$S$ROOT"
    exec chroot "$S" env -i -C "$DIR" "$@"' sh \
    PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LANG=C.UTF-8 RUSTC_BOOTSTRAP=1 \
    SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt \
    "${pass[@]}" "${envs[@]}" cargo "$@"
}

tools=$cache/tools-3-$deployment
case $verb in
  prepare)
    choose_mode
    fetch_zig
    write_tools
    environment
    copy_cargo_config
    "cargo_$mode" fetch --quiet --locked --target "$target" "$build_std" || die "cannot fetch the crates"
    build_libcxx
    build_sdk
    say "ready for $target, by $mode, in $cache"
    ;;
  check | clippy | build | test)
    mode=$(cat "$cache/mode") || die "not prepared"
    environment
    # Debian's newest compiler has lints that the project does not know yet: they are shown.
    [ "$verb/$mode" != clippy/chroot ] || set -- "${@/#-D/-W}"
    args=("$verb")
    [ "$verb" != test ] || args+=(--no-run)
    "cargo_$mode" "${args[@]}" --profile crosscheck --locked --target "$target" "$build_std" "$@"
    ;;
  *) die "prepare, check, clippy, build or test, and not $verb" ;;
esac
