// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "xml/ElementParser.h"

#include "base/Assert.h"
#include "base/Utf8.h"

#include <expat.h>

#include <cstring>
#include <optional>

namespace godwit::xml
{

namespace
{

using Span = Document::Span;

constexpr std::string_view xmlnsNamespace = "http://www.w3.org/2000/xmlns/";
constexpr std::string_view syntheticRoot = "<s>";
/// Expat keeps every name it ever saw; after this many bytes it starts afresh.
constexpr std::size_t resetAfterBytes = 262'144;
/// Expat's buffer has grown with an element of this size; such a parser is given back to the heap.
constexpr std::size_t discardAboveBytes = 32'768;
/// Whoever writes a tree anew repeats namespaces that the original named once, as a prefix. What that can grow to is
/// bounded by this many times the element's size, and a base.
constexpr std::size_t expansionMax = 16;
constexpr std::size_t expansionBase = 16'384;

#if XML_MAJOR_VERSION > 2 || XML_MINOR_VERSION >= 9
std::size_t currentByte(XML_Parser expat)
{
    return static_cast<std::size_t>(XML_GetCurrentByteIndex64(expat));
}
std::size_t currentSize(XML_Parser expat)
{
    return static_cast<std::size_t>(XML_GetCurrentByteCount64(expat));
}
#else
std::size_t currentByte(XML_Parser expat)
{
    return static_cast<std::size_t>(XML_GetCurrentByteIndex(expat));
}
std::size_t currentSize(XML_Parser expat)
{
    return static_cast<std::size_t>(XML_GetCurrentByteCount(expat));
}
#endif

/// Prefixes in force at one place; they are searched one by one.
constexpr std::size_t bindingsMax = 128;

struct QualifiedName {
    std::string_view prefix;
    std::string_view local;
};

bool beginsName(std::string_view name)
{
    const auto first = static_cast<unsigned char>(name.front());
    if (first < 0x80) {
        return (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z') || first == '_';
    }
    const char32_t letter = base::decodeUtf8(name);
    return letter != base::invalidCodePoint && base::isNameLetter(letter);
}

/// Namespaces in XML §4: one colon at most, with a name on either side.
bool split(std::string_view name, QualifiedName &parts)
{
    const std::size_t colon = name.find(':');
    if (colon == std::string_view::npos) {
        parts = {{}, name};
        return true;
    }
    parts = {name.substr(0, colon), name.substr(colon + 1)};
    if (parts.prefix.empty() || parts.local.empty() || parts.local.find(':') != std::string_view::npos) {
        return false;
    }
    // Expat has checked that the name as a whole is one; the local part has to begin like one, too.
    return beginsName(parts.local);
}

std::optional<StanzaKind> stanzaKind(std::string_view name)
{
    if (name == "message") {
        return StanzaKind::Message;
    }
    if (name == "presence") {
        return StanzaKind::Presence;
    }
    if (name == "iq") {
        return StanzaKind::Iq;
    }
    return std::nullopt;
}

} // namespace

class ElementParser::Impl
{
public:
    ~Impl() { discard(); }

    bool parse(std::string_view element, std::string_view closing, const NamespaceSet &inherited);

    // Read by its only owner. NOLINTBEGIN(readability-identifier-naming)
    Failure m_failure;
    Facts m_facts;
    DocumentBuilder m_builder;
    std::vector<Declaration> m_declared;
    std::vector<Declaration> m_inherited;
    // NOLINTEND(readability-identifier-naming)

private:
    struct Binding {
        Span prefix;
        Span ns;
    };
    struct Frame {
        std::uint32_t bindings = 0; ///< how many bindings were in force before this element
        Span ns;
        Span defaultNs;
        bool defaultIsContent = false; ///< the default namespace is the stream's, by inheritance alone
        bool isContent = false;        ///< this element and all around it are in the content namespace
    };

    static void XMLCALL startElement(void *self, const XML_Char *name, const XML_Char **attributes);
    static void XMLCALL endElement(void *self, const XML_Char *name);
    static void XMLCALL characterData(void *self, const XML_Char *data, int size);
    static void XMLCALL comment(void *self, const XML_Char *data);
    static void XMLCALL instruction(void *self, const XML_Char *target, const XML_Char *data);
    static void XMLCALL doctype(void *self, const XML_Char *name, const XML_Char *sysid, const XML_Char *pubid, int);

    bool prepare();
    void discard();
    void begin(const NamespaceSet &inherited);
    bool feed(std::string_view bytes);
    bool fail(XmlFault fault, std::string detail);
    void explainExpat(std::string_view bytes);

    void start(std::string_view name, const XML_Char **attributes);
    void end();
    bool declare(const XML_Char **attributes, Frame &frame, std::optional<std::string_view> &ownDefault);
    bool declareOne(std::string_view prefix, std::string_view ns);
    bool resolve(std::string_view prefix, Span &ns);
    Span resolveElement(const QualifiedName &name, Frame &frame, std::optional<std::string_view> ownDefault);
    /// The names that streams have for it. A child that says one of them on a stream of the other kind means it, too;
    /// otherwise its meaning would change with the next stream.
    bool isContentNs(std::string_view ns) const
    {
        return ns == m_set->contentNs || ns == contentNamespace || ns == serverNamespace;
    }
    void beginRoot(const QualifiedName &name, Frame &frame, Span &ns, bool prefixed);
    bool addAttributes(const XML_Char **attributes);
    void addInheritedLanguage();
    bool hasDuplicates() const;
    bool spend(std::size_t bytes);
    std::size_t offset() const { return currentByte(m_expat) - m_base; }
    std::size_t offsetBehind() const { return offset() + currentSize(m_expat); }

    XML_Parser m_expat = nullptr;
    std::size_t m_fed = 0;  ///< bytes that this parser saw since its start
    std::size_t m_base = 0; ///< where the element began among them
    std::size_t m_size = 0; ///< of the element
    std::size_t m_expandable = 0;
    bool m_failed = false;
    bool m_done = false; ///< the element's end tag was seen
    const NamespaceSet *m_set = nullptr;
    Span m_neutralNs;
    Span m_inheritedDefault;
    std::vector<Binding> m_bindings;
    std::vector<Frame> m_frames;
};

bool ElementParser::Impl::prepare()
{
    if (m_expat && m_fed > resetAfterBytes) {
        discard();
    }
    if (m_expat) {
        return true;
    }
    m_expat = XML_ParserCreate("UTF-8");
    GW_ASSERT(m_expat != nullptr);
    m_fed = 0;
    XML_SetUserData(m_expat, this);
    XML_SetElementHandler(m_expat, startElement, endElement);
    XML_SetCharacterDataHandler(m_expat, characterData);
    XML_SetCommentHandler(m_expat, comment);
    XML_SetProcessingInstructionHandler(m_expat, instruction);
    XML_SetStartDoctypeDeclHandler(m_expat, doctype);
    m_set = nullptr;
    return feed(syntheticRoot);
}

void ElementParser::Impl::discard()
{
    if (m_expat) {
        XML_ParserFree(m_expat);
        m_expat = nullptr;
    }
}

void ElementParser::Impl::begin(const NamespaceSet &inherited)
{
    m_set = &inherited;
    m_base = m_fed;
    m_failed = false;
    m_done = false;
    m_facts = Facts{};
    m_failure = Failure{};
    m_builder.clear();
    m_declared.clear();
    m_inherited.clear();
    m_bindings.clear();
    m_frames.clear();
    m_neutralNs = {};
    m_inheritedDefault = {};
}

bool ElementParser::Impl::feed(std::string_view bytes)
{
    m_fed += bytes.size();
    return XML_Parse(m_expat, bytes.data(), static_cast<int>(bytes.size()), XML_FALSE) == XML_STATUS_OK;
}

bool ElementParser::Impl::parse(std::string_view element, std::string_view closing, const NamespaceSet &inherited)
{
    const bool prepared = prepare();
    GW_ASSERT(prepared);
    begin(inherited);
    m_size = element.size() + closing.size();
    m_expandable = m_size * expansionMax + expansionBase;
    const bool fed = feed(element) && (closing.empty() || m_failed || feed(closing));
    if (!fed && !m_failed) {
        explainExpat(element);
    }
    if (!m_failed && !m_done) {
        fail(XmlFault::NotWellFormed, "element does not end");
    }
    if (m_failed || element.size() > discardAboveBytes) {
        discard();
    }
    return !m_failed;
}

bool ElementParser::Impl::fail(XmlFault fault, std::string detail)
{
    if (!m_failed) {
        m_failed = true;
        m_failure = Failure{fault, std::move(detail)};
    }
    return false;
}

void ElementParser::Impl::explainExpat(std::string_view bytes)
{
    const XML_Error error = XML_GetErrorCode(m_expat);
    XmlFault fault = XmlFault::NotWellFormed;
    if (error == XML_ERROR_UNDEFINED_ENTITY) {
        fault = XmlFault::RestrictedXml;
    } else if (!base::isValidUtf8(bytes)) {
        // RFC 6120 §4.9.3.22: improperly encoded counts like an encoding that is not supported.
        fault = XmlFault::UnsupportedEncoding;
    }
    const XML_LChar *words = XML_ErrorString(error);
    fail(fault, words ? words : "not well-formed");
}

void ElementParser::Impl::startElement(void *self, const XML_Char *name, const XML_Char **attributes)
{
    auto &impl = *static_cast<Impl *>(self);
    // The synthetic root comes before begin().
    if (impl.m_set && !impl.m_failed) {
        impl.start(name, attributes);
    }
}

void ElementParser::Impl::endElement(void *self, const XML_Char *)
{
    auto &impl = *static_cast<Impl *>(self);
    if (!impl.m_failed) {
        impl.end();
    }
}

void ElementParser::Impl::characterData(void *self, const XML_Char *data, int size)
{
    auto &impl = *static_cast<Impl *>(self);
    if (impl.m_failed) {
        return;
    }
    if (impl.m_frames.empty()) {
        impl.fail(XmlFault::NotWellFormed, "text outside of the element");
        return;
    }
    impl.m_builder.characters(std::string_view(data, static_cast<std::size_t>(size)));
}

void ElementParser::Impl::comment(void *self, const XML_Char *)
{
    static_cast<Impl *>(self)->fail(XmlFault::RestrictedXml, "comment");
}

void ElementParser::Impl::instruction(void *self, const XML_Char *, const XML_Char *)
{
    static_cast<Impl *>(self)->fail(XmlFault::RestrictedXml, "processing instruction");
}

void ElementParser::Impl::doctype(void *self, const XML_Char *, const XML_Char *, const XML_Char *, int)
{
    static_cast<Impl *>(self)->fail(XmlFault::RestrictedXml, "document type declaration");
}

void ElementParser::Impl::start(std::string_view qualified, const XML_Char **attributes)
{
    if (m_done) {
        fail(XmlFault::NotWellFormed, "a second element");
        return;
    }
    const bool isRoot = m_frames.empty();
    Frame frame;
    frame.bindings = static_cast<std::uint32_t>(m_bindings.size());
    if (isRoot) {
        m_inheritedDefault = m_builder.store(m_set->defaultNs);
        frame.defaultNs = m_inheritedDefault;
        frame.defaultIsContent = !m_set->defaultNs.empty() && m_set->defaultNs == m_set->contentNs;
    } else {
        frame.defaultNs = m_frames.back().defaultNs;
        frame.defaultIsContent = m_frames.back().defaultIsContent;
    }
    QualifiedName name;
    if (!split(qualified, name)) {
        fail(XmlFault::NotWellFormed, "element name is no qualified name");
        return;
    }
    std::optional<std::string_view> ownDefault;
    if (!declare(attributes, frame, ownDefault)) {
        return;
    }
    Span ns = resolveElement(name, frame, ownDefault);
    if (m_failed) {
        return;
    }
    if (isRoot) {
        beginRoot(name, frame, ns, !name.prefix.empty());
    }
    const Span local = m_builder.store(name.local);
    const Span prefix = name.prefix.empty() ? Span{} : m_builder.store(name.prefix);
    m_builder.open(local, ns, prefix, static_cast<std::uint32_t>(offset()));
    const bool sameNs = !isRoot && ns.begin == m_frames.back().ns.begin;
    frame.ns = ns;
    m_frames.push_back(frame);
    if (!spend(sameNs ? 0 : ns.size) || !addAttributes(attributes)) {
        return;
    }
    if (isRoot) {
        m_facts.innerBegin = offsetBehind();
        if (m_facts.isStanza) {
            addInheritedLanguage();
        }
    }
}

bool ElementParser::Impl::spend(std::size_t bytes)
{
    if (bytes > m_expandable) {
        return fail(XmlFault::TooLarge, "namespaces repeated too often");
    }
    m_expandable -= bytes;
    return true;
}

/// RFC 6120 §4.7.4: the stream's language is that of each stanza which names none. It is said in the stanza from here
/// on, because the stream it goes out on has another.
void ElementParser::Impl::addInheritedLanguage()
{
    if (m_set->language.empty() || m_builder.document().root().hasAttribute("lang", xmlNamespace)) {
        return;
    }
    m_builder.attribute(m_builder.store("lang"), m_builder.store(xmlNamespace), m_builder.store("xml"),
                        m_builder.store(m_set->language));
}

/// Decides what the top-level element is. Only inside a stanza is the content namespace neutral.
void ElementParser::Impl::beginRoot(const QualifiedName &name, Frame &frame, Span &ns, bool prefixed)
{
    const std::optional<StanzaKind> kind = stanzaKind(name.local);
    if (!kind || m_set->contentNs.empty() || m_builder.text(ns) != m_set->contentNs) {
        frame.defaultIsContent = false;
        return;
    }
    m_facts.isStanza = true;
    m_facts.kind = *kind;
    m_facts.verbatim = !prefixed;
    m_neutralNs = m_builder.store(contentNamespace);
    ns = m_neutralNs;
    frame.isContent = true;
    const std::string_view defaultNs = m_builder.text(frame.defaultNs);
    frame.defaultIsContent = defaultNs == m_set->contentNs;
    if (frame.defaultIsContent) {
        frame.defaultNs = m_neutralNs;
    } else {
        // Elements without prefix inside a prefixed stanza inherit something that kept bytes do not declare.
        m_facts.verbatim = false;
    }
}

bool ElementParser::Impl::declare(const XML_Char **attributes, Frame &frame,
                                  std::optional<std::string_view> &ownDefault)
{
    for (; *attributes; attributes += 2) {
        const std::string_view name = attributes[0];
        if (!name.starts_with("xmlns")) {
            continue;
        }
        const std::string_view value = attributes[1];
        if (name.size() == 5) {
            if (value == xmlNamespace || value == xmlnsNamespace) {
                return fail(XmlFault::BadNamespacePrefix, "reserved namespace as default");
            }
            ownDefault = value;
            frame.defaultNs = m_builder.store(value);
            if (m_frames.empty()) {
                m_declared.push_back(Declaration{{}, frame.defaultNs});
            }
        } else if (name[5] == ':' && !declareOne(name.substr(6), value)) {
            return false;
        }
    }
    return true;
}

bool ElementParser::Impl::declareOne(std::string_view prefix, std::string_view ns)
{
    if (prefix.empty() || prefix.find(':') != std::string_view::npos || !beginsName(prefix)) {
        return fail(XmlFault::NotWellFormed, "prefix is no name");
    }
    if (prefix == "xml") {
        return ns == xmlNamespace || fail(XmlFault::BadNamespacePrefix, "xml is reserved");
    }
    if (prefix == "xmlns" || ns.empty() || ns == xmlNamespace || ns == xmlnsNamespace) {
        return fail(XmlFault::BadNamespacePrefix, "prefix bound to nothing or to a reserved namespace");
    }
    if (m_bindings.size() >= bindingsMax) {
        return fail(XmlFault::TooLarge, "too many prefixes");
    }
    const Binding binding{m_builder.store(prefix), m_builder.store(ns)};
    m_bindings.push_back(binding);
    if (m_frames.empty()) {
        m_declared.push_back(Declaration{binding.prefix, binding.ns});
    }
    return true;
}

bool ElementParser::Impl::resolve(std::string_view prefix, Span &ns)
{
    for (std::size_t i = m_bindings.size(); i-- > 0;) {
        if (m_builder.text(m_bindings[i].prefix) == prefix) {
            ns = m_bindings[i].ns;
            return true;
        }
    }
    for (const Declaration &used : m_inherited) {
        if (m_builder.text(used.prefix) == prefix) {
            ns = used.ns;
            return true;
        }
    }
    for (const auto &[inheritedPrefix, inheritedNs] : m_set->prefixes) {
        if (inheritedPrefix == prefix) {
            ns = m_builder.store(inheritedNs);
            m_inherited.push_back(Declaration{m_builder.store(prefix), ns});
            return true;
        }
    }
    if (prefix == "xml") {
        ns = m_builder.store(xmlNamespace);
        return true;
    }
    return fail(XmlFault::BadNamespacePrefix, "prefix is not declared");
}

/// The namespace of an element whose declarations are in force already.
Span ElementParser::Impl::resolveElement(const QualifiedName &name, Frame &frame,
                                         std::optional<std::string_view> ownDefault)
{
    if (m_frames.empty()) {
        Span ns = frame.defaultNs;
        if (!name.prefix.empty()) {
            resolve(name.prefix, ns);
        }
        return ns;
    }
    if (!m_facts.isStanza) {
        Span ns = frame.defaultNs;
        if (!name.prefix.empty()) {
            resolve(name.prefix, ns);
        }
        return ns;
    }
    if (ownDefault) {
        frame.defaultIsContent = false;
        if (m_frames.back().isContent && isContentNs(*ownDefault)) {
            // Said once more what was inherited anyway: kept bytes leave it out, or it would name one kind of stream.
            frame.defaultIsContent = true;
            frame.defaultNs = m_neutralNs;
            m_facts.verbatim = false;
        }
    }
    Span ns = frame.defaultNs;
    if (name.prefix.empty()) {
        frame.isContent = m_frames.back().isContent && frame.defaultIsContent;
        return ns;
    }
    if (!resolve(name.prefix, ns)) {
        return ns;
    }
    if (m_frames.back().isContent && isContentNs(m_builder.text(ns))) {
        frame.isContent = true;
        m_facts.verbatim = false;
        return m_neutralNs;
    }
    return ns;
}

bool ElementParser::Impl::addAttributes(const XML_Char **attributes)
{
    int prefixed = 0;
    for (; *attributes; attributes += 2) {
        const std::string_view qualified = attributes[0];
        if (qualified.starts_with("xmlns") && (qualified.size() == 5 || qualified[5] == ':')) {
            continue;
        }
        QualifiedName name;
        if (!split(qualified, name)) {
            return fail(XmlFault::NotWellFormed, "attribute name is no qualified name");
        }
        Span ns;
        Span prefix;
        if (!name.prefix.empty()) {
            if (!resolve(name.prefix, ns) || !spend(ns.size)) {
                return false;
            }
            prefix = m_builder.store(name.prefix);
            ++prefixed;
        }
        m_builder.attribute(m_builder.store(name.local), ns, prefix, m_builder.store(attributes[1]));
    }
    return prefixed < 2 || !hasDuplicates() || fail(XmlFault::NotWellFormed, "attribute twice under two prefixes");
}

/// Namespaces in XML §6.3; expat has seen to attributes of the same qualified name.
bool ElementParser::Impl::hasDuplicates() const
{
    const Document &document = m_builder.document();
    const Document::Node &node = document.node(static_cast<std::uint32_t>(document.nodeCount() - 1));
    for (std::uint32_t i = 0; i < node.attributeCount; ++i) {
        const Document::Attribute &a = document.attribute(node.firstAttribute + i);
        for (std::uint32_t j = 0; j < i && a.ns.size > 0; ++j) {
            const Document::Attribute &b = document.attribute(node.firstAttribute + j);
            if (document.text(a.name) == document.text(b.name) && document.text(a.ns) == document.text(b.ns)) {
                return true;
            }
        }
    }
    return false;
}

void ElementParser::Impl::end()
{
    if (m_frames.empty()) {
        fail(XmlFault::NotWellFormed, "end tag without start tag");
        return;
    }
    m_bindings.resize(m_frames.back().bindings);
    m_frames.pop_back();
    if (m_frames.empty()) {
        m_facts.innerEnd = offset();
        m_done = true;
        if (offsetBehind() != m_size) {
            fail(XmlFault::NotWellFormed, "element ends early");
        }
    }
    m_builder.close(static_cast<std::uint32_t>(offsetBehind()));
}

ElementParser::ElementParser()
    : m_impl(std::make_unique<Impl>())
{
}

ElementParser::~ElementParser() = default;

bool ElementParser::parse(std::string_view element, std::string_view closing, const NamespaceSet &inherited)
{
    return m_impl->parse(element, closing, inherited);
}

const ElementParser::Failure &ElementParser::failure() const
{
    return m_impl->m_failure;
}

const ElementParser::Facts &ElementParser::facts() const
{
    return m_impl->m_facts;
}

DocumentBuilder &ElementParser::builder()
{
    return m_impl->m_builder;
}

const std::vector<ElementParser::Declaration> &ElementParser::declared() const
{
    return m_impl->m_declared;
}

const std::vector<ElementParser::Declaration> &ElementParser::inherited() const
{
    return m_impl->m_inherited;
}

} // namespace godwit::xml
