# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
# shellcheck shell=bash
#
# Where the commands of this folder run. `environmentEnter` returns when this process is already in an environment with
# everything installed (Debian 13 or newer, or a build root made by lib/root.sh), makes what is missing, or replaces
# this process by the same command inside a build root. Sourced by exec, run and test; also plain bash 3, so that other
# systems get as far as their list of packages.

godwitTree=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
godwitCache=${GODWIT_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/godwit}
godwitRelease=trixie
godwitSystemPath=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

say() { printf 'godwit: %s\n' "$*" >&2; }

die() {
    say "$@"
    exit 125
}

# waitFor CHILD: waits for a job in a process group of its own (started under set -m) and gives its status. A signal
# meanwhile stops the whole group, then this process by the same signal.
waitFor() {
    trap 'groupStop TERM' TERM
    trap 'groupStop INT' INT
    trap 'groupStop HUP' HUP
    godwitChild=$1
    wait "$1"
    set -- $?
    trap - TERM INT HUP
    return "$1"
}

groupStop() {
    kill -TERM -- "-$godwitChild" 2>/dev/null
    wait "$godwitChild" 2>/dev/null
    trap - TERM INT HUP
    kill -"$1" $$
}

# Prints the packages of the named lists (build, run, test), sorted, one a line.
packagesOf() {
    local list
    for list in "$@"; do
        sed 's/#.*//' "$godwitTree/packaging/packages/$list"
    done | tr -s ' \t' '\n' | sed '/^$/d' | LC_ALL=C sort -u
}

# Prints the value of KEY in os-release, without quotes.
osRelease() {
    sed -n "s/^$1=//p" /etc/os-release 2>/dev/null | tr -d "\"'"
}

# Prints which way leads to an environment: "root" (inside a build root), "native" (apt has all), "make" (a build root
# is made), "other" (no way known).
environmentKind() {
    local id version candidate
    if [ -e /etc/godwit-root ]; then
        echo root
        return
    fi
    id=$(osRelease ID)
    version=$(osRelease VERSION_ID)
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        echo other
    elif [ "$id" = debian ] && { [ -z "$version" ] || [ "${version%%.*}" -ge 13 ]; }; then
        echo native
    elif [ "$id" = debian ]; then
        echo make
    else
        # A relative of Debian: good enough when it has the library that decides, QXmpp 1.10 for Qt 6.
        candidate=$(apt-cache policy libqxmppqt6-dev 2>/dev/null | sed -n 's/ *Candidate: //p')
        if [ -n "$candidate" ] && dpkg --compare-versions "$candidate" ge 1.10; then echo native; else echo other; fi
    fi
}

# environmentEnter LISTS COMMAND ARGUMENT...: see above; LISTS is what Debian 13 must have, "build run" or more.
environmentEnter() {
    local lists=$1
    shift
    case $(environmentKind) in
    root) ;;
    native) packagesInstall "$lists" ;;
    make) rootEnter "$@" ;;
    other)
        otherSystem
        ;;
    esac
}

# Prints the dependencies of this system, as far as known. Goes on only where they were installed by hand.
otherSystem() {
    local id name found=''
    if [ "${GODWIT_ENVIRONMENT:-}" = installed ]; then
        return
    fi
    if [ "$(uname -s)" = Darwin ]; then id=darwin; else id="$(osRelease ID) $(osRelease ID_LIKE)"; fi
    say "no build environment is made on this system ($(osRelease PRETTY_NAME || true)$(uname -sm))."
    for name in $id; do
        if grep -q "^$name: " "$godwitTree/packaging/packages/other-systems"; then
            found=$name
            break
        fi
    done
    if [ -n "$found" ]; then
        say "Install, to build and run:"
        sed -n "s/^$found: /    /p" "$godwitTree/packaging/packages/other-systems" >&2
        say "and for the tests:"
        sed -n "s/^$found-tests: /    /p" "$godwitTree/packaging/packages/other-systems" >&2
    else
        say "Install what these packages of Debian 13 hold; to build and run:"
        packagesOf build run | tr '\n' ' ' | fold -s -w 110 | sed 's/^/    /' >&2
        printf '\n' >&2
        say "and for the tests:"
        packagesOf test | tr '\n' ' ' | fold -s -w 110 | sed 's/^/    /' >&2
        printf '\n' >&2
    fi
    die "then set GODWIT_ENVIRONMENT=installed and call again."
}

# packagesMissing LIST...: prints the packages of the lists that dpkg does not have.
packagesMissing() {
    local wanted
    wanted=$(packagesOf "$@")
    # shellcheck disable=SC2086 # one word a package
    LC_ALL=C comm -23 <(printf '%s\n' "$wanted") <(dpkg-query -W -f '${Package} ${db:Status-Status}\n' $wanted 2>/dev/null |
        sed -n 's/ installed$//p' | LC_ALL=C sort -u)
}

# Installs with apt what is missing of the lists, with the start of services denied meanwhile.
packagesInstall() {
    local missing
    # shellcheck disable=SC2086 # a list of lists
    missing=$(packagesMissing $1)
    [ -n "$missing" ] || return 0
    # shellcheck disable=SC2086 # one word a package
    packagesInstallNames $missing
}

packagesInstallNames() {
    if [ "$(id -u)" != 0 ]; then
        die "$# packages are missing and installing them needs root. Call this as root once, or run:
    apt-get install --no-install-recommends $*"
    fi
    say "installing $# packages with apt: $*"
    (
        mkdir -p "$godwitCache"
        exec 8>"$godwitCache/install.lock"
        flock -n 8 || { say "another installation is running; waiting for it" && flock 8; }
        trap 'servicesAllow' EXIT
        trap 'exit 130' INT TERM HUP
        servicesDeny
        export DEBIAN_FRONTEND=noninteractive
        apt='apt-get -q -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0'
        $apt update >&2 </dev/null || say "apt-get update failed; going on with the lists that are here"
        # shellcheck disable=SC2086 # an option is part of it
        $apt install --yes --no-install-recommends "$@" >&2 </dev/null 8>&-
    ) || die "installing packages failed; the messages of apt-get are above. Without network there is no way to go on;
    with it, see that 'apt-get update' works, then call again."
}

# No service may start while packages are installed: the tests run their own, on their own ports and folders.
servicesDeny() {
    local policy=/usr/sbin/policy-rc.d
    servicesAllow
    if [ -e "$policy" ]; then
        mv "$policy" "$policy.before-godwit"
    fi
    printf '#!/bin/sh\n# made by godwit while it installs packages\nexit 101\n' >"$policy"
    chmod 755 "$policy"
}

# Takes back what servicesDeny did, now or in a run that was killed.
servicesAllow() {
    local policy=/usr/sbin/policy-rc.d
    if grep -qs 'made by godwit' "$policy"; then
        rm -f "$policy"
    fi
    if [ -e "$policy.before-godwit" ]; then
        mv "$policy.before-godwit" "$policy"
    fi
}

# Replaces this process by the given command inside the build root, which is made first if it is missing.
rootEnter() {
    local root
    if [ "$(id -u)" != 0 ]; then
        die "$(osRelease PRETTY_NAME) has no QXmpp for Qt 6, so a Debian 13 build root is needed, and only root can make
    and enter one. Call this as root (sudo $1 ...)."
    fi
    if ! unshare -m --propagation private true 2>/dev/null; then
        die "entering the build root needs the right to mount (CAP_SYS_ADMIN), which this root user does not have. In a
    container, start it with --privileged or --cap-add SYS_ADMIN (and a seccomp profile that allows mount). In a chroot,
    its folder must be a mount point (mount --bind it onto itself)."
    fi
    if ! command -v mount >/dev/null; then
        (packagesInstallNames mount) || exit $?
    fi
    # shellcheck source=packaging/lib/root.sh
    . "$godwitTree/packaging/lib/root.sh"
    root=$(rootPath)
    if [ ! -e "$root/etc/godwit-root" ]; then
        rootMake "$root"
    fi
    exec "$godwitTree/packaging/lib/enter" "$root" "$godwitTree" "$@"
}
