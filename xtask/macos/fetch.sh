# shellcheck shell=bash
# Fetches and builds what check.sh needs, each thing once. Read by check.sh, which sets the variables.

# The version whose headers and stubs the rest is written for.
zig_version=0.17.0

# The Debian mirror that apt uses on this machine.
mirror() {
  if [ -n "${MACOS_CHECK_MIRROR:-}" ]; then
    echo "$MACOS_CHECK_MIRROR"
    return
  fi
  local found
  found=$({
    sed -n 's/^URIs: *\([^ ]*\).*/\1/p' /etc/apt/sources.list.d/*.sources
    sed -nE 's/^deb +(\[[^]]*\] +)?([^ ]+).*/\2/p' /etc/apt/sources.list /etc/apt/sources.list.d/*.list
  } 2>/dev/null | grep -E '/debian/?$' | head -n1) || true
  [ -n "$found" ] || die "apt knows no Debian mirror; MACOS_CHECK_MIRROR may name one"
  echo "$found"
}

# apt with lists of its own, so that those of the machine stay as they are.
sid_apt() {
  local apt=$cache/apt
  mkdir -p "$apt/lists/partial" "$apt/archives/partial" "$apt/parts"
  : >"$apt/status"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(mirror) sid main" >"$apt/sources.list"
  apt-get -qq -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts="$apt/parts" \
    -o Dir::State::Lists="$apt/lists" -o Dir::State::status="$apt/status" \
    -o Dir::Cache::archives="$apt/archives" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= \
    -o APT::Architecture="$(dpkg --print-architecture)" -o APT::Sandbox::User="$(id -un)" \
    -o APT::Update::Error-Mode=any "$@"
}

# host where nightly and sid's rust-src are of one minor version, else chroot.
choose_mode() {
  mode=${MACOS_CHECK_MODE:-}
  [ "$mode" = chroot ] || { host_usable && mode=host; } || {
    [ "$mode" != host ] || die "rustup's nightly and Debian sid's rust-src are not of one minor version"
    mode=chroot
  }
  [ "$mode" = host ] || make_chroot
  echo "$mode" >"$cache/mode"
}

host_usable() {
  local minor
  rustup toolchain list 2>/dev/null | grep -q '^nightly-' || return 1
  minor=$(rustup run nightly rustc -V | sed -nE 's/^rustc 1\.([0-9]+)\..*/\1/p')
  # Asked for once for each nightly: sid may be behind it for weeks.
  [ "$(cat "$cache/rust-src/for-nightly" 2>/dev/null)" = "$minor" ] || fetch_rust_src "$minor"
  case $(rust_src) in *"/rustc-1.$minor."*) return 0 ;; *) return 1 ;; esac
}

fetch_rust_src() {
  say "fetching rust-src of Debian sid"
  sid_apt update || die "cannot read Debian's package list"
  (cd "$cache/apt" && rm -f rust-src_*.deb && sid_apt download rust-src) || die "cannot fetch rust-src"
  rm -rf "$cache/rust-src" && mkdir -p "$cache/rust-src"
  dpkg-deb --fsys-tarfile "$cache"/apt/rust-src_*.deb |
    tar -x -C "$cache/rust-src" --wildcards './usr/src/rustc-*/library*'
  rm -rf "$cache/apt"
  echo "$1" >"$cache/rust-src/for-nightly"
}
rust_src() { echo "$cache"/rust-src/usr/src/rustc-*/library; }

make_chroot() {
  [ ! -e "$cache/sid/.ready" ] || return 0
  [ "$(id -u)" = 0 ] || die "rustup has no nightly of the minor version of Debian sid's rust-src, and a chroot needs root"
  local log=$cache/debootstrap.log
  command -v debootstrap >/dev/null || apt-get -qq install -y debootstrap || die "there is no debootstrap"
  say "making a folder with Debian sid's rustc"
  rm -rf --one-file-system "$cache/sid"
  debootstrap --variant=minbase --include=ca-certificates sid "$cache/sid" "$(mirror)" >"$log" 2>&1 ||
    die "debootstrap failed, see $log"
  # debootstrap does not resolve virtual packages, and rustc needs one, so apt does the rest.
  copy_network_files
  S=$cache/sid unshare -m --propagation private bash -c '
    set -e
    mount -t proc proc "$S/proc"
    echo "exit 101" >"$S/usr/sbin/policy-rc.d"
    chroot "$S" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive \
      apt-get -q -o APT::Sandbox::User=root install -y --no-install-recommends \
      rustc cargo rust-src rust-clippy lld gcc g++ libc6-dev' >>"$log" 2>&1 || die "apt failed, see $log"
  rm -rf "$cache"/sid/var/cache/apt/archives/*.deb
  touch "$cache/sid/.ready"
}

copy_network_files() {
  cp /etc/resolv.conf /etc/hosts "$cache/sid/etc/"
  mkdir -p "$cache/sid/etc/ssl/certs"
  cp "${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}" "$cache/sid/etc/ssl/certs/ca-certificates.crt"
}

# A mirror of crates or a proxy that is set for this machine.
copy_cargo_config() {
  local file from=${CARGO_HOME:-$HOME/.cargo}
  mkdir -p "$cache/cargo-home"
  for file in config.toml config; do
    [ ! -f "$from/$file" ] || cp "$from/$file" "$cache/cargo-home/$file"
  done
}

fetch_zig() {
  [ ! -x "$cache/zig/zig" ] || return 0
  say "fetching zig $zig_version, a hundred megabytes"
  rm -rf "$cache/zig" "$cache/zig-dl"
  python3 -m pip download -q --no-deps --only-binary :all: -d "$cache/zig-dl" "ziglang==$zig_version" ||
    die "cannot fetch zig with pip"
  python3 -m zipfile -e "$cache"/zig-dl/ziglang-*.whl "$cache/zig-dl/x"
  chmod +x "$cache/zig-dl/x/ziglang/zig"
  mv "$cache/zig-dl/x/ziglang" "$cache/zig"
  rm -rf "$cache/zig-dl"
}

# Compilers under names that cc-rs can call. It knows clang's names for the target, zig has its own,
# and zig brings its headers. Debug builds of zig want a runtime for UBSan that Rust does not link.
# Cargo sees the path of a tool and not what is in it: after a change here, `tools` gets a new number.
write_tools() {
  mkdir -p "$tools"
  local tool
  for tool in cc c++; do
    cat >"$tools/$tool-$arch" <<W
#!/bin/sh
skip=
for a do
  shift
  if [ -n "\$skip" ]; then skip=; continue; fi
  case "\$a" in
    --target=*|-mmacosx-version-min=*|-mmacos-version-min=*) ;;
    -target|-arch|-isysroot) skip=1 ;;
    *) set -- "\$@" "\$a" ;;
  esac
done
ZIG_GLOBAL_CACHE_DIR='$cache/zig-cache' ZIG_LOCAL_CACHE_DIR='$cache/zig-cache' \\
exec '$cache/zig/zig' $tool -target $arch-macos.$deployment-none -fno-sanitize=all "\$@"
W
  done
  printf '#!/bin/sh\nexec "%s" ar "$@"\n' "$cache/zig/zig" >"$tools/ar"
  chmod +x "$tools"/*
}

# zig's libc++ as one archive: on a Mac, libc++.dylib holds libc++abi too.
build_libcxx() {
  [ ! -e "$cache/libcxx-$arch/libc++.a" ] || return 0
  say "building libc++ for $arch, about a minute"
  local work zig_cache=$cache/zig-cache-cxx-$arch
  work=$(mktemp -d)
  printf '#include <iostream>\n#include <string>\nint main(int n, char **v) { std::string s(v[0]); std::cout << s; }\n' >"$work/a.cc"
  ZIG_GLOBAL_CACHE_DIR=$zig_cache ZIG_LOCAL_CACHE_DIR=$zig_cache "$cache/zig/zig" c++ \
    -target "$arch-macos.$deployment-none" "$work/a.cc" -o "$work/a" || die "zig cannot build libc++"
  printf 'create %s\naddlib %s\naddlib %s\nsave\nend\n' "$work/libc++.a" \
    "$(find "$zig_cache" -name libc++.a)" "$(find "$zig_cache" -name libc++abi.a)" >"$work/script"
  (cd "$work" && "$cache/zig/zig" ar -M <script)
  mkdir -p "$cache/libcxx-$arch"
  mv "$work/libc++.a" "$cache/libcxx-$arch/"
  rm -rf "$work" "$zig_cache"
}

# Made anew each time: its frameworks are those that the crates in use declare.
build_sdk() {
  mkdir -p "$cache/sdk-$arch/usr/lib"
  cp -u "$cache/libcxx-$arch/libc++.a" "$cache/sdk-$arch/usr/lib/"
  python3 "$here/stubs.py" "$cache/sdk-$arch" "$cache/zig/lib" "$cache"/cargo-home/registry/src/*/ >&2
}
