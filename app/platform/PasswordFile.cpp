// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "platform/PasswordFile.h"

#include <QFile>

namespace godwit::platform
{

std::optional<QString> passwordFrom(const QString &fileName)
{
    if (fileName.isEmpty()) {
        return qEnvironmentVariableIsSet("GODWIT_PASSWORD") ? std::optional(qEnvironmentVariable("GODWIT_PASSWORD"))
                                                            : std::nullopt;
    }
    QFile file(fileName);
    if (!file.open(QFile::ReadOnly)) {
        return std::nullopt;
    }
    QByteArray line = file.readLine();
    while (line.endsWith('\n') || line.endsWith('\r')) {
        line.chop(1);
    }
    return QString::fromUtf8(line);
}

} // namespace godwit::platform
