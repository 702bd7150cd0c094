# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
# shellcheck shell=bash
#
# Builds one preset of the tree under a lock, inside an environment. Sourced by exec and test.

# buildTree PRESET [TARGET...]: configures when needed and builds the targets (everything when none is named). Output
# goes to stderr, and only what matters of it; the status is the build's. A signal stops the build and then this
# process.
buildTree() {
    local preset=$1 folder=$godwitTree/build/$1 child status
    shift
    mkdir -p "$folder" || die "cannot make $folder"
    exec 8>"$folder/.lock"
    if ! flock -n 8; then
        say "another build of $preset is running; waiting for it"
        flock 8
    fi
    # A process group of its own, so that all of it can be stopped.
    set -m
    (
        # What the caller set for his program must not reach the compiler.
        unset LD_LIBRARY_PATH LD_PRELOAD LIBRARY_PATH CPATH C_INCLUDE_PATH CPLUS_INCLUDE_PATH CC CXX CFLAGS CXXFLAGS \
            CPPFLAGS LDFLAGS CMAKE_PREFIX_PATH CMAKE_GENERATOR CMAKE_BUILD_TYPE DESTDIR NINJA_STATUS MAKEFLAGS QT_PLUGIN_PATH
        export LC_ALL=C.UTF-8 CCACHE_DIR=$godwitCache/ccache CCACHE_BASEDIR=$godwitTree CCACHE_NOHASHDIR=1 \
            CCACHE_SLOPPINESS=pch_defines,time_macros
        cd "$godwitTree" || exit 1
        # What was found in another environment or configured by another preset says nothing about this one.
        environment=$(cat /etc/godwit-root 2>/dev/null || echo native)
        if [ ! -e "$folder/build.ninja" ] || [ CMakePresets.json -nt "$folder/.environment" ] ||
            [ "$(cat "$folder/.environment")" != "$environment" ]; then
            cmake --fresh --preset "$preset" || exit 1
            echo "$environment" >"$folder/.environment"
        fi
        NINJA_STATUS='[%f/%t] ' ninja -C "$folder" "$@" 2>&1 | buildProgress "$preset"
        exit "${PIPESTATUS[0]}"
    ) >&2 </dev/null 8>&- &
    child=$!
    set +m
    waitFor "$child"
    status=$?
    exec 8>&-
    return $status
}

# Passes on what ninja says but for its progress, of which one line in five seconds is enough.
buildProgress() {
    local line last=$((SECONDS - 3))
    while IFS= read -r line; do
        case $line in
        'ninja: no work to do.' | 'ninja: Entering directory'*) ;;
        '['[0-9]*/[0-9]*'] '*)
            if [ $((SECONDS - last)) -ge 5 ]; then
                say "building $1 ${line%%] *}]"
                last=$SECONDS
            fi
            ;;
        *) printf '%s\n' "$line" ;;
        esac
    done
}

# Prints PATH for programs: the built ones, the system's, Qt's tools, then what the caller had.
programPath() {
    local folder result=$godwitTree/build/$1/bin:$godwitSystemPath:/usr/lib/qt6/bin callers=${2//::/:}
    while [ -n "$callers" ]; do
        folder=${callers%%:*}
        case $callers in *:*) callers=${callers#*:} ;; *) callers='' ;; esac
        case :$result: in *":$folder:"*) continue ;; esac
        if [ -n "$folder" ]; then result=$result:$folder; fi
    done
    printf '%s\n' "$result"
}
