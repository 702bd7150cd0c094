// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// One expat parser that reads complete elements, one after the other, each as if it stood in its own stream. Expat sees
// a single endless document whose root never closes; namespaces are resolved here, over what the stream's header
// declared, so that any parser serves any stream. Not thread-safe.
#pragma once

#include "xml/DocumentBuilder.h"
#include "xml/NamespaceSet.h"
#include "xml/StreamParser.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::xml
{

class ElementParser
{
public:
    /// A namespace that the element's start tag declared or that it inherited and used.
    struct Declaration {
        Document::Span prefix; ///< empty for the default namespace
        Document::Span ns;
    };
    /// What has to be known about the element to keep its bytes.
    struct Facts {
        bool isStanza = false;
        StanzaKind kind = StanzaKind::Message;
        /// The inside of the element means the same wherever it is put; otherwise it has to be written anew.
        bool verbatim = true;
        std::size_t innerBegin = 0;
        std::size_t innerEnd = 0;
    };
    struct Failure {
        XmlFault fault = XmlFault::NotWellFormed;
        std::string detail;
    };

    ElementParser();
    ~ElementParser();
    ElementParser(const ElementParser &) = delete;
    ElementParser &operator=(const ElementParser &) = delete;

    /// Reads `element`, exactly one complete element, or a start tag whose end tag is `closing`. True when it is one.
    bool parse(std::string_view element, std::string_view closing, const NamespaceSet &inherited);

    // All below describe the last parse and are valid until the next.
    const Failure &failure() const;
    const Facts &facts() const;
    DocumentBuilder &builder();
    /// Declared by the element's own start tag.
    const std::vector<Declaration> &declared() const;
    /// Prefixes of the stream's header that are used inside.
    const std::vector<Declaration> &inherited() const;

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace godwit::xml
