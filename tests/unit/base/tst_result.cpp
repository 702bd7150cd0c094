// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "base/Result.h"

#include <QTest>

#include <memory>
#include <set>

using namespace godwit::base;

namespace
{

Result<std::unique_ptr<int>> half(int number)
{
    if (number % 2 != 0) {
        return Error(ErrorCode::InvalidInput, "odd");
    }
    return std::make_unique<int>(number / 2);
}

} // namespace

class TstResult : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void value();
    void error();
    void causes();
    void copies();
    void names();
};

void TstResult::value()
{
    auto result = half(8);
    QVERIFY(result);
    QCOMPARE(**result, 4);
    const std::unique_ptr<int> taken = std::move(result).value();
    QCOMPARE(*taken, 4);
}

void TstResult::error()
{
    const auto result = half(3);
    QVERIFY(!result.ok());
    QCOMPARE(result.error().code(), ErrorCode::InvalidInput);
    QCOMPARE(QByteArray::fromStdString(result.error().text()), "odd");
}

void TstResult::causes()
{
    const Error error(ErrorCode::Unavailable, "cannot log in",
                      Error(ErrorCode::Io, "cannot read keys", Error(ErrorCode::NotFound, "no such file")));
    QCOMPARE(QByteArray::fromStdString(error.text()), "cannot log in: cannot read keys: no such file");
    QVERIFY(error.cause() && error.cause()->cause() && !error.cause()->cause()->cause());
    QCOMPARE(error.cause()->cause()->code(), ErrorCode::NotFound);
}

void TstResult::copies()
{
    const Error error(ErrorCode::Io, "outer", Error(ErrorCode::Corrupt, "inner"));
    Error copy(error);
    Error other(ErrorCode::Cancelled, "other");
    other = copy;
    copy = Error(ErrorCode::TooNew, "gone");
    QCOMPARE(QByteArray::fromStdString(other.text()), "outer: inner");
    QCOMPARE(QByteArray::fromStdString(error.text()), "outer: inner");
    other = *other.cause();
    QCOMPARE(QByteArray::fromStdString(other.text()), "inner");
}

void TstResult::names()
{
    std::set<std::string_view> names;
    for (int code = 0; code <= static_cast<int>(ErrorCode::Cancelled); ++code) {
        QVERIFY(names.insert(name(static_cast<ErrorCode>(code))).second);
    }
    QVERIFY(!names.contains("unknown"));
}

GODWIT_TEST(TstResult);
#include "tst_result.moc"
