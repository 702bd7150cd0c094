// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "compact/WriteShapes.h"

#include "xml/PlainText.h"

#include <algorithm>
#include <optional>

namespace godwit::compact
{

void WriteRecord::value(ValueForm form, Span place, std::size_t begin, std::size_t end)
{
    // What has more holes is no shape, so the rest of it need not be told.
    m_isGood = m_isGood && m_values.size() < holesMax;
    if (m_isGood) {
        m_values.push_back(Value{form, place, begin, end});
    }
}

void WriteRecord::comparison(Span one, Span other, bool isEqual)
{
    m_comparisons.push_back(Comparison{one, other, isEqual});
}

/// Takes a value that says itself: one with references or white space that a parser changes is for KeptReader.
bool WriteShapes::take(std::string_view &rest, End end, Value &value)
{
    const char mark = static_cast<char>(end);
    // Ids nearly always are UUIDs, which need no further look, and often the one before.
    const bool mayBeUuid = rest.size() > uuidSize && rest[uuidSize] == mark;
    if (mayBeUuid && m_uuid && rest.starts_with(m_uuid->text)) {
        value.uuid = m_uuid->uuid;
    } else if (mayBeUuid) {
        value.uuid = uuidOf(rest.substr(0, uuidSize));
        m_uuid = value.uuid ? &value : m_uuid;
    } else {
        value.uuid.reset();
    }
    std::size_t size = value.uuid ? uuidSize : (end == End::Tag ? 0 : xml::plainFront(rest));
    const bool isPlain = size < rest.size() && rest[size] == mark;
    if (!isPlain || size == 0) {
        size = rest.find(mark);
        if (size == std::string_view::npos) {
            return false;
        }
    }
    value.text = rest.substr(0, size);
    rest.remove_prefix(size);
    if (end == End::Tag) {
        // Without character data there would be no text in the tree.
        return size > 0 && value.text.find('&') == std::string_view::npos &&
               value.text.find('\r') == std::string_view::npos;
    }
    return isPlain || value.text.find_first_of("&<\t\n\r") == std::string_view::npos;
}

const WriteShapes::Plan *WriteShapes::find(std::string_view kept)
{
    m_uuid = nullptr;
    return m_tree.match(
        kept, [this](std::string_view &rest, End end, std::size_t index) { return take(rest, end, m_values[index]); },
        [this](const Plan &plan, std::string_view rest) {
            return rest.empty() && std::ranges::all_of(plan.comparisons, [this](const Plan::Comparison &made) {
                       return (m_values[made.one].text == m_values[made.other].text) == made.isEqual;
                   });
        });
}

void WriteShapes::write(const Plan &plan, std::string &out, ValueWriter &writer) const
{
    std::string_view literals = plan.literals;
    for (const Plan::Step &step : plan.steps) {
        out.append(literals.substr(0, step.literal));
        literals.remove_prefix(step.literal);
        const Value &value = m_values[step.hole];
        writer.put(step.form, value.text, value.uuid);
    }
    out.append(literals);
}

/// In the order of the kept bytes; a value may be written and compared, too.
std::vector<WriteRecord::Span> WriteShapes::placesOf(const WriteRecord &record)
{
    std::vector<WriteRecord::Span> places;
    places.reserve(record.m_values.size() + 2 * record.m_comparisons.size());
    for (const WriteRecord::Value &value : record.m_values) {
        places.push_back(value.place);
    }
    for (const WriteRecord::Comparison &made : record.m_comparisons) {
        places.push_back(made.one);
        places.push_back(made.other);
    }
    std::ranges::sort(places, {}, &WriteRecord::Span::begin);
    const auto same = std::ranges::unique(places, {}, &WriteRecord::Span::begin);
    places.erase(same.begin(), same.end());
    return places;
}

void WriteShapes::learn(std::string_view kept, const WriteRecord &record, std::string_view output)
{
    using Span = WriteRecord::Span;
    if (!record.m_isGood || kept.size() > shapeBytesMax || output.size() - record.m_begin > shapeBytesMax) {
        return;
    }
    const std::vector<Span> places = placesOf(record);
    std::vector<Tree::Hole> holes;
    for (const Span &place : places) {
        const std::size_t end = std::size_t{place.begin} + place.size;
        const char mark = end < kept.size() ? kept[end] : '\0';
        const bool isText = mark == '<';
        if ((mark != '\'' && mark != '"' && !isText) || (isText && place.size == 0)) {
            return;
        }
        holes.push_back(Tree::Hole{place.begin, place.size, static_cast<End>(mark)});
    }
    const auto holeOf = [&places](Span place) {
        const auto at = std::ranges::lower_bound(places, place.begin, {}, &Span::begin);
        return static_cast<std::uint8_t>(at - places.begin());
    };
    Plan plan;
    for (const WriteRecord::Comparison &made : record.m_comparisons) {
        plan.comparisons.push_back(Plan::Comparison{holeOf(made.one), holeOf(made.other), made.isEqual});
    }
    const auto isSame = [&plan](const Plan &known) { return known.comparisons == plan.comparisons; };
    if (holes.size() > holesMax || m_tree.knows(kept, holes, isSame)) {
        return;
    }
    std::size_t written = record.m_begin;
    for (const WriteRecord::Value &value : record.m_values) {
        plan.literals.append(output.substr(written, value.begin - written));
        plan.steps.push_back(
            Plan::Step{static_cast<std::uint16_t>(value.begin - written), holeOf(value.place), value.form});
        written = value.end;
    }
    plan.literals.append(output.substr(written));
    m_tree.add(kept, holes, std::move(plan));
}

} // namespace godwit::compact
