# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
# shellcheck shell=bash
#
# Makes the Debian 13 build root: a folder in the cache that holds every package of packages/, named by a hash of the
# list. It is made under another name and renamed when complete, so a folder of that name is always whole. Sourced by
# lib/environment.sh.

# Raise it when a root of the same packages must be made anew because this file makes it differently.
rootRecipe=1

rootPath() {
    local hash
    hash=$({ echo "$rootRecipe $godwitRelease"; packagesOf build run test; } | sha256sum)
    echo "$godwitCache/root-${hash:0:16}"
}

# Prints the machine's apt entries for Debian 13.
rootSources() {
    local old files=() file foreign
    old=$(osRelease VERSION_CODENAME)
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
        if [ -f "$file" ]; then files+=("$file"); fi
    done
    [ ${#files[@]} -gt 0 ] || return 0
    # A third party may use Debian's names for its suites; its indexes tell whose they are.
    # shellcheck disable=SC2016 # apt's own placeholders
    foreign=$(apt-get indextargets --format '$(ORIGIN)|$(SITE) $(RELEASE)' 'Created-By: Packages' 2>/dev/null |
        sed -n '/^Debian|/d; /^|/d; s/^[^|]*|//p' | sed 's,/* , ,' | sort -u | tr '\n' '|')
    awk -v from="$old" -v to="$godwitRelease" -v foreign="$foreign" -f "$godwitTree/packaging/lib/sources.awk" "${files[@]}"
}

# rootMake ROOT: makes it, or waits for the process that does.
rootMake() {
    local root=$1
    mkdir -p "$godwitCache" || die "cannot make the cache folder $godwitCache (set GODWIT_CACHE to another)"
    set -m
    (
        exec 8>"$godwitCache/root.lock"
        if ! flock -n 8; then
            say "another process is making a build root; waiting for it"
            flock 8
        fi
        [ -e "$root/etc/godwit-root" ] || rootMakeLocked "$root"
    ) </dev/null >&2 &
    set +m
    waitFor $! || exit $?
}

rootMakeLocked() {
    local root=$1 started=$SECONDS work sources builder='' ticker='' free
    if ! command -v mmdebstrap >/dev/null; then
        (packagesInstallNames mmdebstrap) || exit $?
    fi
    sources=$(rootSources)
    if [ -z "$sources" ]; then
        die "no apt entry of this machine is for $(osRelease VERSION_CODENAME), so none can be turned into one for
    $godwitRelease. Add Debian's entry to /etc/apt/sources.list.d and call again."
    fi
    free=$(df --output=avail -k "$godwitCache" | tail -n 1)
    if [ "$free" -lt 4500000 ]; then
        die "a build root takes 3.2 GB, and $godwitCache has only $((free / 1024)) MB left (GODWIT_CACHE names another)"
    fi
    # What an earlier creation left when it was killed; the lock says that it is no longer at work.
    rm -rf --one-file-system "$godwitCache"/making-*
    work=$(mktemp -d "$godwitCache/making-XXXXXX")
    chmod 755 "$work"
    printf '%s\n' "$sources" >"$work/godwit.sources"
    say "making a Debian 13 build root in $root (once; two to six minutes, 3.2 GB)"

    # shellcheck disable=SC2317 # called by the traps
    rootMakeStop() {
        trap - INT TERM HUP EXIT
        if [ -n "$ticker" ]; then kill "$ticker" 2>/dev/null; fi
        if [ -n "$builder" ]; then kill -TERM "$builder" 2>/dev/null; fi
        wait 2>/dev/null
        rm -rf --one-file-system "$work"
    }
    trap 'rootMakeStop; exit 130' INT TERM HUP
    trap rootMakeStop EXIT

    # It keeps the lock open: while it lives, after a kill of this process too, nobody else begins.
    rootBootstrap "$work" >"$work/log" 2>&1 </dev/null &
    builder=$!
    rootProgress "$work" "$BASHPID" 8>&- &
    ticker=$!
    if ! wait "$builder"; then
        builder=''
        rootMakeFailed "$work"
    fi
    builder=''
    rootFinish "$work/root" "$root" || die "cannot finish the build root in $work"
    rootMakeStop
    say "build root made in $((SECONDS - started)) s"
    rootOthers "$root"
}

# The work itself, in a mount namespace of its own so that a killed run leaves no mounts.
rootBootstrap() {
    local work=$1 setting options=()
    # The machine's own ways to its entries: proxies, dates, certificates.
    while IFS= read -r setting; do
        options+=("--aptopt=$setting")
    done < <(apt-config dump 2>/dev/null | grep -E '^Acquire::(http|https|Retries|Check-Valid-Until|Check-Date)[: ]' |
        grep -vE '""|^[^ ]+::$')
    # No flush, as an unfinished root is thrown away; no translations and documents, as no program reads them.
    exec setpriv --pdeathsig TERM unshare -m --propagation private mmdebstrap --mode=root --variant=apt --verbose \
        --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Languages "none"' \
        --dpkgopt='force-unsafe-io' --dpkgopt='path-exclude=/usr/share/locale/*' \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
        --dpkgopt='path-include=/usr/share/doc/*/copyright' \
        "${options[@]}" --include="$(packagesOf build run test | paste -sd,)" \
        "$godwitRelease" "$work/root" "$work/godwit.sources"
}

# Says every ten seconds how far it is.
rootProgress() {
    local work=$1 parent=$2 began=$SECONDS total done_
    trap 'exit 0' TERM
    while kill -0 "$parent" 2>/dev/null; do
        sleep 10 >/dev/null 2>&1 &
        wait $!
        total=$(grep -aoE '[0-9]+ newly installed' "$work/log" | tail -n 1 | cut -d' ' -f1)
        done_=$(grep -acE '^(Unpacking|Setting up) ' "$work/log")
        if [ -z "$total" ]; then
            say "build root, $((SECONDS - began)) s: reading package lists"
        elif [ "$done_" -lt 150 ]; then
            say "build root, $((SECONDS - began)) s: fetching $total packages, $(du -sm "$work/root/var/cache/apt/archives" \
                2>/dev/null | cut -f1) MB so far"
        else
            say "build root, $((SECONDS - began)) s: unpacking and setting up, $((done_ * 50 / (total + 75))) %"
        fi
    done
}

rootMakeFailed() {
    local work=$1 log=$godwitCache/root-failed.log
    mv "$work/log" "$log"
    say "making the build root failed. The last lines of $log:"
    tail -n 15 "$log" | sed 's/^/    | /' >&2
    if grep -aqE 'Temporary failure resolving|Could not resolve|Could not connect|Failed to fetch|Network is unreachable' "$log"
    then
        say "Packages could not be fetched: is there a network (or a proxy that apt knows), and do these entries of this
    machine also have $godwitRelease?"
        sed -n 's/^URIs: /    /p' "$work/godwit.sources" | sort -u >&2
    fi
    die "nothing unfinished is left behind; call again when that is solved."
}

# What the root needs beyond packages, then the mark of completeness and its final name.
rootFinish() {
    local made=$1 root=$2 file
    # These are covered by the machine's own on entering, so they must be plain files.
    for file in resolv.conf hosts; do
        rm -f "$made/etc/$file"
        : >"$made/etc/$file"
    done
    # Authorities that this machine trusts beyond Debian's (a company's proxy, for one).
    if [ -n "$(find /usr/local/share/ca-certificates -name '*.crt' 2>/dev/null)" ]; then
        mkdir -p "$made/usr/local/share/ca-certificates"
        cp -rL /usr/local/share/ca-certificates/. "$made/usr/local/share/ca-certificates/"
        chroot "$made" update-ca-certificates >"$(dirname "$made")/log" 2>&1
    fi
    if [ -f /etc/machine-id ]; then cp /etc/machine-id "$made/etc/machine-id"; fi
    rm -rf "$made"/var/cache/apt/archives/*.deb
    basename "$root" >"$made/etc/godwit-root"
    mv -T "$made" "$root"
}

# Names roots of other package lists, which nobody removes by himself.
rootOthers() {
    local other
    for other in "$godwitCache"/root-*; do
        if [ "$other" != "$1" ] && [ -e "$other/etc/godwit-root" ]; then
            say "an older build root can be removed when no checkout needs it: $other"
        fi
    done
}
