// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "xml/StreamParser.h"

#include "base/Assert.h"
#include "xml/ElementScanner.h"
#include "xml/ParserPoolImpl.h"
#include "xml/StanzaReader.h"

#include <utility>

namespace godwit::xml
{

namespace
{

constexpr XmlLimits defaultLimits;

constexpr bool isSpace(char letter)
{
    return letter == ' ' || letter == '\n' || letter == '\t' || letter == '\r';
}

void skipSpace(std::string_view &bytes)
{
    while (!bytes.empty() && isSpace(bytes.front())) {
        bytes.remove_prefix(1);
    }
}

bool equalsIgnoringCase(std::string_view a, std::string_view b)
{
    const auto lower = [](char letter) {
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    };
    bool equal = a.size() == b.size();
    for (std::size_t i = 0; equal && i < a.size(); ++i) {
        equal = lower(a[i]) == lower(b[i]);
    }
    return equal;
}

/// The value of a pseudo-attribute of `<?xml ...?>`; empty when it is not there.
std::string_view declared(std::string_view declaration, std::string_view name)
{
    const std::size_t at = declaration.find(name);
    if (at == std::string_view::npos) {
        return {};
    }
    std::string_view rest = declaration.substr(at + name.size());
    skipSpace(rest);
    if (!rest.starts_with('=')) {
        return {};
    }
    rest.remove_prefix(1);
    skipSpace(rest);
    if (rest.empty() || (rest.front() != '\'' && rest.front() != '"')) {
        return {};
    }
    const std::size_t end = rest.find(rest.front(), 1);
    return end == std::string_view::npos ? std::string_view() : rest.substr(1, end - 1);
}

/// `<name`, up to what ends a name.
std::string_view qualifiedName(std::string_view startTag)
{
    startTag.remove_prefix(1);
    return startTag.substr(0, startTag.find_first_of(" \t\r\n/>"));
}

/// RFC 6120 §4.8.3: usually the default namespace; where that is the stream's own, stanzas name theirs, by a prefix of
/// the header or by themselves.
std::string contentNamespaceOf(const NamespaceSet &set)
{
    if (!set.defaultNs.empty() && set.defaultNs != streamNamespace) {
        return set.defaultNs;
    }
    for (const auto &[prefix, ns] : set.prefixes) {
        if (ns == contentNamespace || ns == serverNamespace) {
            return ns;
        }
    }
    return std::string(contentNamespace);
}

StreamHeader readHeader(ElementView root)
{
    StreamHeader header;
    header.to = root.attribute("to");
    header.from = root.attribute("from");
    header.id = root.attribute("id");
    header.version = root.attribute("version");
    header.language = root.attribute("lang", xmlNamespace);
    return header;
}

} // namespace

/// What is kept while an element is unfinished, or a rest unread.
struct HeldElement {
    std::string bytes;
    std::string rest;
    ElementScanner scanner;
    bool unfinished = false;
};

struct StreamParser::State {
    enum class Phase : std::uint8_t { AwaitsHeader, Open, Closed, Failed };

    State(ParserPool &parserPool, Framing howFramed)
        : pool(&parserPool)
        , framing(howFramed)
    {
    }

    void read(std::string_view bytes, StreamHandler &handler);
    std::string_view readOne(std::string_view bytes, StreamHandler &handler);
    bool beginsElement(std::string_view bytes, StreamHandler &handler);
    void found(ElementScanner::Verdict verdict, std::string_view element, StreamHandler &handler);
    void readHeaderTag(std::string_view header, StreamHandler &handler);
    void openStream(ElementParser &parser, std::string_view tag, StreamHeader &header);
    void readElement(std::string_view element, StreamHandler &handler);
    void readFrame(std::string_view bytes, StreamHandler &handler);
    bool readFraming(ElementView root, StreamHandler &handler);
    void closeStream(std::string_view endTag, StreamHandler &handler);
    void fail(XmlFault fault, std::string detail, StreamHandler &handler);
    void failScan(ElementScanner::Verdict verdict, StreamHandler &handler);
    HeldElement &hold();

    const XmlLimits &bounds() const { return limits ? *limits : defaultLimits; }
    bool reads() const { return phase == Phase::AwaitsHeader || phase == Phase::Open; }

    ParserPool *pool;
    const XmlLimits *limits = nullptr;
    std::shared_ptr<const NamespaceSet> namespaces;
    std::unique_ptr<HeldElement> held;
    Framing framing;
    Phase phase = Phase::AwaitsHeader;
    bool stopped = false;
};

HeldElement &StreamParser::State::hold()
{
    if (!held) {
        held = std::make_unique<HeldElement>();
    }
    return *held;
}

void StreamParser::State::fail(XmlFault fault, std::string detail, StreamHandler &handler)
{
    phase = Phase::Failed;
    held.reset();
    handler.onXmlFault(fault, std::move(detail));
}

void StreamParser::State::failScan(ElementScanner::Verdict verdict, StreamHandler &handler)
{
    switch (verdict) {
    case ElementScanner::Verdict::Restricted:
        fail(XmlFault::RestrictedXml, "comment, processing instruction or declaration", handler);
        break;
    case ElementScanner::Verdict::TooLarge:
        fail(XmlFault::TooLarge, "element over the limits", handler);
        break;
    default:
        fail(XmlFault::NotWellFormed, "tags do not match", handler);
        break;
    }
}

void StreamParser::State::read(std::string_view bytes, StreamHandler &handler)
{
    while (!bytes.empty() && reads() && !stopped) {
        bytes = readOne(bytes, handler);
    }
    if (stopped && reads() && !bytes.empty()) {
        hold().rest.append(bytes);
    }
}

/// Scans on to the end of an element and hands it over; returns what is behind it.
std::string_view StreamParser::State::readOne(std::string_view bytes, StreamHandler &handler)
{
    std::unique_ptr<HeldElement> unfinished;
    ElementScanner scanner;
    if (held && held->unfinished) {
        unfinished = std::move(held);
        scanner = std::move(unfinished->scanner);
    } else {
        skipSpace(bytes);
        if (bytes.empty() || !beginsElement(bytes, handler)) {
            return {};
        }
        scanner = pool->impl().takeScanner();
        scanner.reset(phase == Phase::Open ? ElementScanner::Until::ElementEnd : ElementScanner::Until::HeaderEnd);
    }
    const std::size_t heldBytes = unfinished ? unfinished->bytes.size() : 0;
    const std::size_t limit = bounds().stanzaBytesMax;
    const std::size_t room = limit > heldBytes ? limit - heldBytes : 0;
    std::size_t used = 0;
    ElementScanner::Verdict verdict = scanner.scan(bytes.substr(0, room), bounds(), used);
    if (verdict == ElementScanner::Verdict::NeedMore) {
        if (bytes.size() > room) {
            failScan(ElementScanner::Verdict::TooLarge, handler);
            return {};
        }
        held = unfinished ? std::move(unfinished) : std::make_unique<HeldElement>();
        held->bytes.append(bytes);
        held->scanner = std::move(scanner);
        held->unfinished = true;
        return {};
    }
    pool->impl().giveScanner(std::move(scanner));
    const std::string_view behind = bytes.substr(used);
    if (unfinished) {
        unfinished->bytes.append(bytes.substr(0, used));
        found(verdict, unfinished->bytes, handler);
    } else {
        found(verdict, bytes.substr(0, used), handler);
    }
    return behind;
}

/// Between elements there is nothing but white space (RFC 6120 §4.4).
bool StreamParser::State::beginsElement(std::string_view bytes, StreamHandler &handler)
{
    if (bytes.front() == '<') {
        return true;
    }
    if (phase == Phase::Open) {
        fail(XmlFault::InvalidXml, "text between elements", handler);
        return false;
    }
    // The first bytes of UTF-16 and UTF-32, with or without a byte order mark.
    const auto first = static_cast<unsigned char>(bytes.front());
    const bool wide = first == 0 || first == 0xfe || first == 0xff;
    fail(wide ? XmlFault::UnsupportedEncoding : XmlFault::NotWellFormed, "not the header of a stream", handler);
    return false;
}

void StreamParser::State::found(ElementScanner::Verdict verdict, std::string_view element, StreamHandler &handler)
{
    if (verdict == ElementScanner::Verdict::StreamEnd) {
        closeStream(element, handler);
    } else if (verdict != ElementScanner::Verdict::Complete) {
        failScan(verdict, handler);
    } else if (phase == Phase::AwaitsHeader) {
        readHeaderTag(element, handler);
    } else {
        readElement(element, handler);
    }
}

void StreamParser::State::closeStream(std::string_view endTag, StreamHandler &handler)
{
    std::string_view name = endTag.substr(2, endTag.size() - 3);
    while (!name.empty() && isSpace(name.back())) {
        name.remove_suffix(1);
    }
    if (name != namespaces->rootName) {
        fail(XmlFault::NotWellFormed, "end tag of another element", handler);
        return;
    }
    phase = Phase::Closed;
    handler.onStreamClose();
}

void StreamParser::State::readHeaderTag(std::string_view header, StreamHandler &handler)
{
    if (header.starts_with("<?")) {
        const std::size_t end = header.find("?>");
        const std::string_view declaration = header.substr(0, end);
        header.remove_prefix(end + 2);
        skipSpace(header);
        if (!declaration.starts_with("<?xml") || declaration.size() < 6 || !isSpace(declaration[5])) {
            fail(XmlFault::RestrictedXml, "processing instruction", handler);
            return;
        }
        const std::string_view encoding = declared(declaration, "encoding");
        if (!encoding.empty() && !equalsIgnoringCase(encoding, "utf-8")) {
            fail(XmlFault::UnsupportedEncoding, "encoding is not UTF-8", handler);
            return;
        }
        if (declared(declaration, "version") != "1.0") {
            fail(XmlFault::NotWellFormed, "version of XML is not 1.0", handler);
            return;
        }
    }
    const bool selfClosed = header.ends_with("/>");
    StreamHeader result;
    {
        ParserPool::Impl::Loan loan(pool->impl());
        const std::string closing = selfClosed ? std::string() : "</" + std::string(qualifiedName(header)) + '>';
        if (!loan.parser().parse(header, closing, NamespaceSet{})) {
            const ElementParser::Failure failure = loan.parser().failure();
            fail(failure.fault, failure.detail, handler);
            return;
        }
        const ElementView root = loan.parser().builder().document().root();
        if (root.name() != "stream") {
            fail(XmlFault::InvalidXml, "the root element is no stream", handler);
            return;
        }
        openStream(loan.parser(), header, result);
    }
    phase = Phase::Open;
    handler.onStreamOpen(std::move(result));
    if (selfClosed && phase == Phase::Open) {
        phase = Phase::Closed;
        handler.onStreamClose();
    }
}

void StreamParser::State::openStream(ElementParser &parser, std::string_view tag, StreamHeader &header)
{
    const DocumentBuilder &builder = parser.builder();
    const ElementView root = builder.document().root();
    header = readHeader(root);
    header.validStreamNs = root.ns() == streamNamespace;
    NamespaceSet set;
    set.rootName = qualifiedName(tag);
    set.language = header.language;
    for (const ElementParser::Declaration &declaration : parser.declared()) {
        if (declaration.prefix.size == 0) {
            set.defaultNs = builder.text(declaration.ns);
        } else {
            set.prefixes.emplace_back(builder.text(declaration.prefix), builder.text(declaration.ns));
        }
    }
    set.contentNs = contentNamespaceOf(set);
    header.contentNs = set.contentNs;
    namespaces = pool->impl().share(std::move(set));
}

void StreamParser::State::readElement(std::string_view element, StreamHandler &handler)
{
    // The parser is back in the pool before the handler runs, for the handler may feed other streams.
    ElementParser::Failure failure;
    bool isGood = false;
    bool isStanza = false;
    MalformedStanza result;
    Nonza nonza;
    {
        ParserPool::Impl::Loan loan(pool->impl());
        ElementParser &parser = loan.parser();
        isGood = parser.parse(element, {}, *namespaces);
        isStanza = parser.facts().isStanza;
        if (isGood && isStanza) {
            StanzaReader reader(parser, element, *namespaces);
            isGood = reader.read();
            result.stanza = std::move(reader.stanza());
            result.reason = reader.reason();
        } else if (isGood) {
            nonza.tree = parser.builder().copy();
        }
        if (!isGood) {
            failure = parser.failure();
        }
    }
    if (!isGood) {
        fail(failure.fault, std::move(failure.detail), handler);
    } else if (phase == Phase::AwaitsHeader && isStanza) {
        fail(XmlFault::InvalidXml, "no <open/> yet", handler);
    } else if (!isStanza) {
        if (framing == Framing::Continuous || !readFraming(nonza.root(), handler)) {
            handler.onNonza(std::move(nonza));
        }
    } else if (result.reason.empty()) {
        handler.onStanza(std::move(result.stanza));
    } else {
        handler.onMalformedStanza(std::move(result));
    }
}

/// RFC 7395 §3.3.2: a message of the WebSocket is one complete element.
void StreamParser::State::readFrame(std::string_view bytes, StreamHandler &handler)
{
    skipSpace(bytes);
    while (!bytes.empty() && isSpace(bytes.back())) {
        bytes.remove_suffix(1);
    }
    if (bytes.empty()) {
        return;
    }
    if (bytes.front() != '<') {
        fail(XmlFault::NotWellFormed, "message does not begin with an element", handler);
        return;
    }
    if (bytes.size() > bounds().stanzaBytesMax) {
        failScan(ElementScanner::Verdict::TooLarge, handler);
        return;
    }
    ElementScanner scanner = pool->impl().takeScanner();
    scanner.reset(ElementScanner::Until::ElementEnd);
    std::size_t used = 0;
    ElementScanner::Verdict verdict = scanner.scan(bytes, bounds(), used);
    pool->impl().giveScanner(std::move(scanner));
    if (verdict != ElementScanner::Verdict::Complete) {
        failScan(verdict, handler);
    } else if (used != bytes.size()) {
        fail(XmlFault::NotWellFormed, "more than one element in a message", handler);
    } else {
        if (!namespaces) {
            namespaces = pool->impl().framed();
        }
        readElement(bytes, handler);
    }
}

/// Handles `<open/>` and `<close/>`, and whatever comes before `<open/>`; true when nothing is left to do.
bool StreamParser::State::readFraming(ElementView root, StreamHandler &handler)
{
    if (root.is("open", framingNamespace)) {
        StreamHeader header = readHeader(root);
        header.contentNs = contentNamespace;
        NamespaceSet set = *pool->impl().framed();
        set.language = header.language;
        namespaces = pool->impl().share(std::move(set));
        phase = Phase::Open;
        handler.onStreamOpen(std::move(header));
        return true;
    }
    if (root.is("close", framingNamespace)) {
        phase = Phase::Closed;
        handler.onStreamClose();
        return true;
    }
    if (phase == Phase::AwaitsHeader) {
        fail(root.name() == "open" ? XmlFault::InvalidNamespace : XmlFault::InvalidXml, "no <open/> yet", handler);
        return true;
    }
    return false;
}

StreamParser::StreamParser(ParserPool &pool, Framing framing)
    : m_state(std::make_unique<State>(pool, framing))
{
}

StreamParser::~StreamParser() = default;
StreamParser::StreamParser(StreamParser &&) noexcept = default;
StreamParser &StreamParser::operator=(StreamParser &&) noexcept = default;

void StreamParser::setLimits(const XmlLimits *limits)
{
    m_state->limits = limits;
}

void StreamParser::feed(std::string_view bytes, StreamHandler &handler)
{
    m_state->stopped = false;
    if (!m_state->reads()) {
        return;
    }
    if (m_state->framing == Framing::Framed) {
        m_state->readFrame(bytes, handler);
        return;
    }
    const std::string rest = takeRest();
    if (!rest.empty()) {
        m_state->read(rest, handler);
    }
    if (m_state->stopped && m_state->reads()) {
        m_state->hold().rest.append(bytes);
    } else {
        m_state->read(bytes, handler);
    }
}

void StreamParser::stop()
{
    m_state->stopped = true;
}

std::string StreamParser::takeRest()
{
    std::string rest;
    if (m_state->held) {
        rest = std::move(m_state->held->rest);
        m_state->held->rest.clear();
        if (!m_state->held->unfinished) {
            m_state->held.reset();
        }
    }
    return rest;
}

void StreamParser::restart()
{
    m_state->phase = State::Phase::AwaitsHeader;
    m_state->namespaces.reset();
    if (m_state->held) {
        m_state->held->bytes.clear();
        m_state->held->unfinished = false;
        if (m_state->held->rest.empty()) {
            m_state->held.reset();
        }
    }
}

void StreamParser::moveTo(ParserPool &pool)
{
    m_state->pool = &pool;
}

std::size_t StreamParser::heldBytes() const
{
    return m_state->held ? m_state->held->bytes.size() : 0;
}

} // namespace godwit::xml
