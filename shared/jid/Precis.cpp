// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "jid/Precis.h"

#include "base/Utf8.h"

#include <QChar>
#include <QString>
#include <QUrl>

#include <algorithm>
#include <array>

namespace godwit::jid
{

namespace
{

using base::Error;
using base::ErrorCode;
using Points = QList<uint>;

enum class Class : unsigned char { Identifier, Freeform };

Error invalid(const char *words)
{
    return Error(ErrorCode::InvalidInput, words);
}

bool contains(const auto &list, char32_t point)
{
    return std::find(list.begin(), list.end(), point) != list.end();
}

// RFC 5892 §2.6, the exceptions that RFC 8264 §9.6 takes over.
constexpr std::array<char32_t, 7> alwaysValid{0x00df, 0x03c2, 0x06fd, 0x06fe, 0x0f0b, 0x3007, 0x0};
constexpr std::array<char32_t, 10> neverValid{0x0640, 0x07fa, 0x302e, 0x302f, 0x3031,
                                              0x3032, 0x3033, 0x3034, 0x3035, 0x303b};

bool isDefaultIgnorable(char32_t point)
{
    const bool known =
        point == 0x00ad || point == 0x034f || point == 0x061c || point == 0x3164 || point == 0xfeff || point == 0xffa0;
    const auto in = [point](char32_t first, char32_t last) { return point >= first && point <= last; };
    return known || in(0x115f, 0x1160) || in(0x17b4, 0x17b5) || in(0x180b, 0x180f) || in(0x200b, 0x200f) ||
           in(0x202a, 0x202e) || in(0x2060, 0x206f) || in(0xfe00, 0xfe0f) || in(0xfff0, 0xfff8) ||
           in(0x1bca0, 0x1bca3) || in(0x1d173, 0x1d17a) || in(0xe0000, 0xe0fff);
}

bool isNonCharacter(char32_t point)
{
    return (point >= 0xfdd0 && point <= 0xfdef) || (point & 0xfffe) == 0xfffe;
}

/// Conjoining Hangul that is not composed (RFC 5892 §2.9).
bool isOldHangul(char32_t point)
{
    return (point >= 0x1100 && point <= 0x11ff) || (point >= 0xa960 && point <= 0xa97f) ||
           (point >= 0xd7b0 && point <= 0xd7ff);
}

bool hasCompatibilityForm(char32_t point)
{
    const QString text = QString::fromUcs4(&point, 1);
    return text.normalized(QString::NormalizationForm_KC) != text;
}

bool isIdentifierCategory(QChar::Category category)
{
    switch (category) {
    case QChar::Letter_Uppercase:
    case QChar::Letter_Lowercase:
    case QChar::Letter_Other:
    case QChar::Letter_Modifier:
    case QChar::Number_DecimalDigit:
    case QChar::Mark_NonSpacing:
    case QChar::Mark_SpacingCombining:
        return true;
    default:
        return false;
    }
}

bool isNeverCategory(QChar::Category category)
{
    switch (category) {
    case QChar::Other_NotAssigned:
    case QChar::Other_Control:
    case QChar::Other_Surrogate:
    case QChar::Other_PrivateUse:
    case QChar::Other_Format:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph:
        return true;
    default:
        return false;
    }
}

bool isVirama(uint point)
{
    return QChar::combiningClass(point) == 9;
}

/// RFC 5892 appendix A.1: a non-joiner between characters that would join.
bool breaksJoining(const Points &text, qsizetype at)
{
    qsizetype before = at - 1;
    while (before >= 0 && QChar::joiningType(text[before]) == QChar::Joining_Transparent) {
        --before;
    }
    qsizetype after = at + 1;
    while (after < text.size() && QChar::joiningType(text[after]) == QChar::Joining_Transparent) {
        ++after;
    }
    if (before < 0 || after >= text.size()) {
        return false;
    }
    const QChar::JoiningType left = QChar::joiningType(text[before]);
    const QChar::JoiningType right = QChar::joiningType(text[after]);
    return (left == QChar::Joining_Left || left == QChar::Joining_Dual) &&
           (right == QChar::Joining_Right || right == QChar::Joining_Dual);
}

bool anyOf(const Points &text, auto &&matches)
{
    return std::any_of(text.begin(), text.end(), matches);
}

enum class Context : unsigned char { None, Good, Bad };

/// The rules of RFC 5892 appendix A for characters that are valid in some places only.
Context contextOf(const Points &text, qsizetype at)
{
    const auto decide = [](bool good) { return good ? Context::Good : Context::Bad; };
    const uint point = text[at];
    const bool hasBefore = at > 0;
    const bool hasAfter = at + 1 < text.size();
    switch (point) {
    case 0x200c:
        return decide(hasBefore && (isVirama(text[at - 1]) || breaksJoining(text, at)));
    case 0x200d:
        return decide(hasBefore && isVirama(text[at - 1]));
    case 0x00b7:
        return decide(hasBefore && hasAfter && text[at - 1] == 'l' && text[at + 1] == 'l');
    case 0x0375:
        return decide(hasAfter && QChar::script(text[at + 1]) == QChar::Script_Greek);
    case 0x05f3:
    case 0x05f4:
        return decide(hasBefore && QChar::script(text[at - 1]) == QChar::Script_Hebrew);
    case 0x30fb:
        return decide(anyOf(text, [](uint other) {
            const QChar::Script script = QChar::script(other);
            return script == QChar::Script_Hiragana || script == QChar::Script_Katakana || script == QChar::Script_Han;
        }));
    default:
        break;
    }
    if (point >= 0x0660 && point <= 0x0669) {
        return decide(!anyOf(text, [](uint other) { return other >= 0x06f0 && other <= 0x06f9; }));
    }
    if (point >= 0x06f0 && point <= 0x06f9) {
        return decide(!anyOf(text, [](uint other) { return other >= 0x0660 && other <= 0x0669; }));
    }
    return Context::None;
}

/// RFC 8264 §8: the algorithm that decides about a code point, in its order.
bool isAllowed(const Points &text, qsizetype at, Class stringClass)
{
    const char32_t point = text[at];
    if (point != 0 && contains(alwaysValid, point)) {
        return true;
    }
    if (contains(neverValid, point)) {
        return false;
    }
    const Context context = contextOf(text, at);
    if (context != Context::None) {
        return context == Context::Good;
    }
    if (point >= 0x21 && point <= 0x7e) {
        return true;
    }
    const QChar::Category category = QChar::category(point);
    if (category == QChar::Other_NotAssigned || isOldHangul(point) || isDefaultIgnorable(point) ||
        isNonCharacter(point) || isNeverCategory(category)) {
        return false;
    }
    if (stringClass == Class::Freeform) {
        return true;
    }
    return isIdentifierCategory(category) && !hasCompatibilityForm(point);
}

bool isAllAllowed(const QString &text, Class stringClass)
{
    const Points points = text.toUcs4();
    for (qsizetype i = 0; i < points.size(); ++i) {
        if (!isAllowed(points, i, stringClass)) {
            return false;
        }
    }
    return true;
}

bool isRightToLeft(QChar::Direction direction)
{
    return direction == QChar::DirR || direction == QChar::DirAL;
}

/// What the bidi rule (RFC 5893 §2, conditions 2 and 5) lets stand anywhere in a text of that direction.
bool mayStandInBidi(QChar::Direction direction, bool rightToLeft)
{
    switch (direction) {
    case QChar::DirES:
    case QChar::DirCS:
    case QChar::DirET:
    case QChar::DirON:
    case QChar::DirBN:
    case QChar::DirNSM:
    case QChar::DirEN:
        return true;
    case QChar::DirR:
    case QChar::DirAL:
    case QChar::DirAN:
        return rightToLeft;
    case QChar::DirL:
        return !rightToLeft;
    default:
        return false;
    }
}

/// RFC 5893 §2, for text that has a right-to-left character.
bool keepsBidiRule(const QString &text)
{
    const Points points = text.toUcs4();
    const bool needsRule = anyOf(points, [](uint point) {
        return isRightToLeft(QChar::direction(point)) || QChar::direction(point) == QChar::DirAN;
    });
    if (!needsRule) {
        return true;
    }
    const QChar::Direction first = QChar::direction(points.front());
    const bool rightToLeft = isRightToLeft(first);
    if (!rightToLeft && first != QChar::DirL) {
        return false;
    }
    bool hasEuropean = false;
    bool hasArabic = false;
    QChar::Direction last = first;
    for (const uint point : points) {
        const QChar::Direction direction = QChar::direction(point);
        if (!mayStandInBidi(direction, rightToLeft)) {
            return false;
        }
        hasEuropean = hasEuropean || direction == QChar::DirEN;
        hasArabic = hasArabic || direction == QChar::DirAN;
        last = direction == QChar::DirNSM ? last : direction;
    }
    if (!rightToLeft) {
        return last == QChar::DirL || last == QChar::DirEN;
    }
    const bool endsWell = isRightToLeft(last) || last == QChar::DirEN || last == QChar::DirAN;
    return endsWell && !(hasEuropean && hasArabic);
}

/// Fullwidth and halfwidth forms to the ordinary ones (RFC 8265 §3.3.2, width mapping).
QString mapWidth(const QString &text)
{
    QString mapped;
    mapped.reserve(text.size());
    for (const QChar letter : text) {
        const QChar::Decomposition tag = letter.decompositionTag();
        if (tag == QChar::Wide || tag == QChar::Narrow) {
            mapped += letter.decomposition();
        } else {
            mapped += letter;
        }
    }
    return mapped;
}

QString mapUsername(const QString &text)
{
    return mapWidth(text).toLower().normalized(QString::NormalizationForm_C);
}

QString mapOpaque(const QString &text)
{
    QString mapped = text;
    for (QChar &letter : mapped) {
        if (letter.category() == QChar::Separator_Space) {
            letter = QLatin1Char(' ');
        }
    }
    return mapped.normalized(QString::NormalizationForm_C);
}

/// RFC 8265 §3.3.2 step 7: the rules are applied until nothing changes; text that does not settle is refused.
template <class Map>
bool settle(QString &text, Map &&map)
{
    constexpr int roundsMax = 4;
    for (int round = 0; round < roundsMax; ++round) {
        QString mapped = map(text);
        if (mapped == text) {
            return true;
        }
        text = std::move(mapped);
    }
    return map(text) == text;
}

/// U+FEFF is allowed in no part, and Qt would drop it in front of the text.
bool isUsable(std::string_view text)
{
    return base::isValidUtf8(text) && text.find("\xef\xbb\xbf") == std::string_view::npos;
}

QString fromUtf8(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

} // namespace

base::Result<std::string> prepareUsername(std::string_view text)
{
    if (!isUsable(text)) {
        return invalid("not UTF-8, or with a byte order mark");
    }
    QString prepared = fromUtf8(text);
    if (!settle(prepared, mapUsername)) {
        return invalid("mapping does not settle");
    }
    if (prepared.isEmpty() || !isAllAllowed(prepared, Class::Identifier)) {
        return invalid("character not allowed");
    }
    if (!keepsBidiRule(prepared)) {
        return invalid("bidi rule broken");
    }
    return prepared.toStdString();
}

base::Result<std::string> prepareOpaque(std::string_view text)
{
    if (!isUsable(text)) {
        return invalid("not UTF-8, or with a byte order mark");
    }
    QString prepared = fromUtf8(text);
    if (!settle(prepared, mapOpaque)) {
        return invalid("mapping does not settle");
    }
    if (prepared.isEmpty() || !isAllAllowed(prepared, Class::Freeform)) {
        return invalid("character not allowed");
    }
    return prepared.toStdString();
}

base::Result<std::string> prepareDomainName(std::string_view text)
{
    if (!isUsable(text)) {
        return invalid("not UTF-8, or with a byte order mark");
    }
    const QByteArray ace = QUrl::toAce(fromUtf8(text), QUrl::IgnoreIDNWhitelist);
    if (ace.isEmpty()) {
        return invalid("not a domain name");
    }
    const QString name = QUrl::fromAce(ace, QUrl::IgnoreIDNWhitelist);
    // What comes back still encoded was an A-label that stands for no U-label.
    if (name.isEmpty() || QUrl::toAce(name, QUrl::IgnoreIDNWhitelist) != ace) {
        return invalid("not a domain name");
    }
    return name.normalized(QString::NormalizationForm_C).toStdString();
}

} // namespace godwit::jid
