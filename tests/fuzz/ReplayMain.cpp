// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Runs a fuzz target over the inputs that are given (files, folders; items of the corpus' list files), where libFuzzer
// is not there to do it, and over simple damages of each: prefixes, bytes changed.

#include "FuzzTarget.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace
{

/// Long inputs are damaged at about this many places, spread evenly.
constexpr std::size_t placesMax = 64;

void run(const std::string &input)
{
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t *>(input.data()), input.size());
}

void runDamaged(std::string input)
{
    run(input);
    const std::size_t stride = input.size() / placesMax + 1;
    for (std::size_t i = 0; i < input.size(); i += stride) {
        run(input.substr(0, i));
        const char original = input[i];
        for (const char other : {'<', '\0', '\xff'}) {
            input[i] = other;
            run(input);
        }
        input[i] = original;
    }
}

std::string readFile(const std::filesystem::path &path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    return std::move(bytes).str();
}

/// The items of a list file of tests/corpus: a line "# name", then the bytes.
std::vector<std::string> items(const std::string &list)
{
    std::vector<std::string> found;
    std::istringstream lines(list);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("# ")) {
            found.emplace_back();
        } else if (!found.empty()) {
            found.back() += (found.back().empty() ? "" : "\n") + line;
        }
    }
    return found;
}

std::size_t runPath(const std::filesystem::path &path)
{
    if (path.extension() != ".txt") {
        runDamaged(readFile(path));
        return 1;
    }
    const std::vector<std::string> found = items(readFile(path));
    for (const std::string &item : found) {
        runDamaged(item);
    }
    return found.size();
}

} // namespace

int main(int argc, char **argv)
{
    std::size_t inputs = 0;
    for (int i = 1; i < argc; ++i) {
        if (!std::filesystem::is_directory(argv[i])) {
            inputs += runPath(argv[i]);
            continue;
        }
        for (const auto &entry : std::filesystem::recursive_directory_iterator(argv[i])) {
            if (entry.is_regular_file() && entry.path().extension() != ".md") {
                inputs += runPath(entry.path());
            }
        }
    }
    std::printf("%zu inputs, each with its damages\n", inputs);
    return inputs > 0 ? 0 : 1;
}
