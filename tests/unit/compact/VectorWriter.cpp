// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// godwit_compact_vectors: puts the bytes of our encoder into tests/corpus/compact/vectors.txt, after a change of the
// XML in it. A change of the bytes of an older vector is a change of the wire.

#include "Vectors.h"

#include <QFile>

int main()
{
    const QByteArray file = godwit::test::rewritten(godwit::test::vectorFile());
    QFile out(QStringLiteral(GODWIT_CORPUS "/compact/vectors.txt"));
    if (!out.open(QIODevice::WriteOnly) || out.write(file) != file.size()) {
        qFatal("cannot write %s", qPrintable(out.fileName()));
    }
    return 0;
}
