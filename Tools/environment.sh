# Sourced by the other scripts, from the package's root: words, times, and where the libraries are.
# It works with the bash 3.2 of macOS.

say() {
    printf '    %s\n' "$*"
}

# A plain sentence on standard error, and the end.
stop() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

section() {
    printf '\n== %s\n' "$*"
}

# Milliseconds of a clock.
now() {
    if [ -n "${EPOCHREALTIME:-}" ]; then
        # Some locales write the fraction after a comma.
        local stamp="${EPOCHREALTIME/,/.}"
        echo $((${stamp%.*} * 1000 + 10#${stamp#*.} / 1000))
    else
        python3 -c 'import time; print(int(time.time() * 1000))'
    fi
}

# Shows a command as a person would type it, runs it, and says how long it took.
run() {
    printf '$ %s\n' "$*"
    timed "$@"
}

timed() {
    local start status=0
    start="$(now)"
    "$@" || status=$?
    local elapsed=$(($(now) - start))
    printf '    %d.%03d s\n' $((elapsed / 1000)) $((elapsed % 1000))
    return "$status"
}

# Homebrew keeps its headers where Apple's compiler does not look, and OpenBLAS in a folder of its own.
if [ "$(uname -s)" = Darwin ] && command -v brew >/dev/null 2>&1; then
    brew_root="$(brew --prefix)"
    export PKG_CONFIG_PATH="$brew_root/opt/openblas/lib/pkgconfig:$brew_root/lib/pkgconfig:${PKG_CONFIG_PATH:-}"
    export CPATH="$brew_root/include:${CPATH:-}"
    export LIBRARY_PATH="$brew_root/lib:${LIBRARY_PATH:-}"
fi
