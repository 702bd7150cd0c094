# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
#
# Turns the apt entries of a machine into entries for another release: reads files of both formats (one line each, and
# paragraphs in files named *.sources), keeps binary entries whose suite is the machine's release or its updates or
# security suite, and prints them as paragraphs with the release's name replaced. Everything else is dropped, and so
# are entries named in `foreign`, whose indexes say that somebody else made them.
#
# Usage: awk -v from=OLD -v to=NEW [-v foreign="URI SUITE|URI SUITE"] -f sources.awk FILE...

BEGIN {
    count = split(foreign, pairs, "|")
    for (i = 1; i <= count; i++)
        isForeign[pairs[i]] = 1
}

FNR == 1 {
    endParagraph()
    paragraphs = FILENAME ~ /\.sources$/
}

{ sub(/\r$/, "") }

# --- one line: deb [option=value ...] URI SUITE COMPONENT...
!paragraphs {
    line = $0
    sub(/#.*/, "", line)
    if (line !~ /^[ \t]*deb[ \t]/)
        next
    sub(/^[ \t]*deb[ \t]+/, "", line)
    options = ""
    if (match(line, /^\[[^]]*\]/)) {
        options = substr(line, 2, RLENGTH - 2)
        line = substr(line, RLENGTH + 1)
    }
    n = split(line, word, /[ \t]+/)
    first = word[1] == "" ? 2 : 1
    components = ""
    for (i = first + 2; i <= n; i++)
        components = components " " word[i]
    emit(word[first], word[first + 1], trim(components), lineOptions(options))
    next
}

# --- paragraphs of "Field: value", continued by lines that begin with a blank
/^[ \t]*$/ { endParagraph(); next }
/^#/ { next }
/^[ \t]/ { value[field] = value[field] "\n" $0; next }
{
    colon = index($0, ":")
    field = tolower(substr($0, 1, colon - 1))
    value[field] = trim(substr($0, colon + 1))
    open = 1
}

END { endParagraph() }

function trim(text) {
    gsub(/^[ \t\n]+|[ \t\n]+$/, "", text)
    return text
}

function endParagraph(    f, options) {
    if (open && (" " words(value["types"]) " ") ~ / deb / && tolower(value["enabled"]) != "no") {
        options = ""
        for (f in value)
            if (f == "signed-by" || f == "trusted" || f == "check-valid-until" || f == "check-date")
                options = options title(f) ": " value[f] "\n"
        emit(words(value["uris"]), words(value["suites"]), words(value["components"]), options)
    }
    split("", value)
    open = 0
}

function words(text) {
    gsub(/[ \t\n]+/, " ", text)
    return trim(text)
}

function title(name) {
    if (name == "signed-by") return "Signed-By"
    if (name == "trusted") return "Trusted"
    if (name == "check-date") return "Check-Date"
    return "Check-Valid-Until"
}

function lineOptions(text,    n, i, list, pair, result) {
    result = ""
    n = split(words(text), list, " ")
    for (i = 1; i <= n; i++) {
        split(list[i], pair, "=")
        pair[1] = tolower(pair[1])
        if (pair[1] == "signed-by" || pair[1] == "trusted" || pair[1] == "check-date" || pair[1] == "check-valid-until")
            result = result title(pair[1]) ": " substr(list[i], length(pair[1]) + 2) "\n"
    }
    return result
}

function emit(uris, suites, components, options,    n, m, i, j, uri, suite, bare) {
    n = split(uris, uri, " ")
    m = split(suites, suite, " ")
    for (i = 1; i <= n; i++)
        for (j = 1; j <= m; j++) {
            if (suite[j] != from && suite[j] != from "-updates" && suite[j] != from "-security")
                continue
            bare = uri[i]
            sub(/\/+$/, "", bare)
            if ((bare " " suite[j]) in isForeign)
                continue
            printf "Types: deb\nURIs: %s\nSuites: %s\nComponents: %s\n%s\n", uri[i], to substr(suite[j], length(from) + 1),
                components, options
        }
}
