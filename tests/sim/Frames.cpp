// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Frames.h"

namespace godwit::sim
{

void FrameCutter::feed(std::string_view bytes, std::deque<Frame> &frames)
{
    for (const char c : bytes) {
        ++m_count;
        m_held += c;
        if (!m_inTag) {
            if (c == '<') {
                m_inTag = true;
                m_tag = m_held.size() - 1;
            }
        } else if (m_quote != 0) {
            m_quote = c == m_quote ? '\0' : m_quote;
        } else if (c == '\'' || c == '"') {
            m_quote = c;
        } else if (c == '>') {
            m_inTag = false;
            onTag(frames);
        }
    }
}

void FrameCutter::onTag(std::deque<Frame> &frames)
{
    const std::string_view tag = std::string_view(m_held).substr(m_tag);
    if (tag.starts_with("<?")) {
        m_held.clear();
        return;
    }
    const bool stream = tag.starts_with("<stream:stream") || tag.starts_with("</stream:stream");
    if (tag.starts_with("</")) {
        m_depth -= stream ? 0 : 1;
    } else if (!stream && tag[tag.size() - 2] != '/') {
        ++m_depth;
    }
    if (m_depth == 0) {
        frames.push_back(Frame{std::move(m_held), m_count});
        m_held.clear();
    }
}

std::string_view nameOf(std::string_view frame)
{
    const std::size_t end = frame.find_first_of(" >", 1);
    std::string_view name = frame.substr(1, end - 1);
    if (name.ends_with('/')) {
        name.remove_suffix(1);
    }
    return name;
}

std::string_view attributeOf(std::string_view frame, std::string_view name)
{
    const std::string_view tag = frame.substr(0, frame.find('>'));
    std::size_t at = 0;
    while ((at = tag.find(name, at)) != std::string_view::npos) {
        const std::size_t equals = at + name.size();
        if (tag[at - 1] == ' ' && equals + 1 < tag.size() && tag[equals] == '=') {
            const std::size_t end = tag.find(tag[equals + 1], equals + 2);
            return tag.substr(equals + 2, end - equals - 2);
        }
        ++at;
    }
    return {};
}

std::string_view textOf(std::string_view frame, std::string_view name)
{
    const std::string open = '<' + std::string(name) + '>';
    const std::size_t begin = frame.find(open);
    if (begin == std::string_view::npos) {
        return {};
    }
    const std::size_t from = begin + open.size();
    return frame.substr(from, frame.find('<', from) - from);
}

bool contains(std::string_view frame, std::string_view part)
{
    return frame.find(part) != std::string_view::npos;
}

std::optional<Copy> copyIn(std::string_view frame)
{
    const std::size_t at = frame.find("<stanza-id");
    if (at == std::string_view::npos) {
        return std::nullopt;
    }
    Copy copy;
    copy.id = attributeOf(frame.substr(at), "id");
    copy.by = attributeOf(frame.substr(at), "by");
    copy.token = textOf(frame, "body");
    copy.kind = contains(frame, "urn:xmpp:mam:2")       ? CopyKind::Archive
                : contains(frame, "urn:xmpp:carbons:2") ? CopyKind::Carbon
                                                        : CopyKind::Direct;
    return copy;
}

} // namespace godwit::sim
