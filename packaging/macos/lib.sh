# Shared by the scripts beside it: options, and commands that are run or only shown.
# shellcheck shell=bash

# Prints a command and runs it, or with --dry-run only prints it.
run() {
    printf '$'
    printf ' %q' "$@"
    printf '\n'
    if [ "$dry_run" = no ]; then
        "$@"
    fi
}

# Ends with a message.
fail() {
    printf '%s: %s\n' "$(basename "$0")" "$1" >&2
    exit 1
}

# Reads --dry-run, and refuses anything else and any machine but a Mac.
begin() {
    dry_run=no
    case "${1:-}" in
        --dry-run) dry_run=yes ;;
        '') [ "$(uname)" = Darwin ] || fail "needs a Mac; --dry-run shows what it would do" ;;
        *) fail "unknown option $1; there is --dry-run" ;;
    esac
}

# Refuses to go on without the setting $1, of which $2 is an example; a dry run shows the example.
need() {
    if [ -z "${!1:-}" ]; then
        [ "$dry_run" = yes ] || fail "set $1, such as: $2"
        printf -v "$1" '%s' "$2"
    fi
}

cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
: "${OUT:=target/macos}"
: "${BUNDLE_ID:=org.example.remotehelp}"
# Used by the scripts that read this file.
# shellcheck disable=SC2034
app="$OUT/Remote Help.app" pkg="$OUT/RemoteHelp.pkg"
