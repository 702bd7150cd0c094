// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What the tests of the compact wire share.
#pragma once

#include "compact/Decoder.h"
#include "compact/Encoder.h"
#include "xml/Stanza.h"

#include <QByteArray>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::test
{

inline std::string_view view(const QByteArray &bytes)
{
    return std::string_view(bytes.data(), static_cast<std::size_t>(bytes.size()));
}
inline QByteArray bytes(std::string_view text)
{
    return QByteArray(text.data(), static_cast<qsizetype>(text.size()));
}
inline QByteArray hex(std::string_view text)
{
    return bytes(text).toHex();
}
/// Bytes of hexadecimal digits; white space between them does not count.
std::string fromHex(std::string_view digits);

/// One element, written under the default namespace jabber:client. Ends the test program when it is not well-formed.
xml::Document tree(std::string_view written);
/// What a frame says, as the element it stands for.
xml::Document treeOf(const compact::Frame &frame);
/// An element written out, for a message to a person.
QByteArray written(const xml::Document &document);

/// One direction of a connection, opened, with a writer and a reader.
class Direction
{
public:
    explicit Direction(const compact::TableSizes &sizes = compact::tableSizesMax,
                       const compact::Limits *limits = nullptr);

    /// Encodes; empty when that fails.
    std::string encode(xml::ElementView element);
    /// The frames of a message, or nothing when the reader refuses; error() says why.
    std::optional<std::vector<compact::Frame>> decode(std::string_view message);
    const std::optional<base::Error> &error() const { return m_error; }
    /// Empty when the element comes out as it went in; `size` is what it took.
    QByteArray whatIsLost(const xml::Document &document, std::size_t *size = nullptr);

    compact::Encoder &encoder() { return m_encoder; }
    compact::Decoder &decoder() { return m_decoder; }

private:
    compact::Exchange m_here;
    compact::Exchange m_there;
    compact::Encoder m_encoder;
    compact::Decoder m_decoder;
    std::optional<base::Error> m_error;
};

/// Every text and byte string in a message, in order. Ends the test program when it is no CBOR of ours.
std::vector<std::string> stringsIn(std::string_view message);

} // namespace godwit::test
