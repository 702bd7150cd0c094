// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "console/ConsoleMain.h"

int main(int argc, char **argv)
{
    return godwit::console::runConsole(argc, argv);
}
