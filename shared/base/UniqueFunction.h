// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// A callable that is moved and never copied: a task for another thread, the answer to a request. Small ones live inside
// the object, so that posting one does not allocate.
#pragma once

#include "base/Assert.h"

#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>

namespace godwit::base
{

template <class Signature, std::size_t Storage = 48>
class UniqueFunction;

/// Holds any callable of the signature R(Args...), also one that can only be moved. Callables of up to `Storage` bytes
/// that move without failing are held in place, larger ones on the heap. Calling an empty one is a broken invariant.
template <class R, class... Args, std::size_t Storage>
class UniqueFunction<R(Args...), Storage>
{
    static_assert(Storage >= sizeof(void *));

public:
    UniqueFunction() noexcept = default;

    template <class Callable>
        requires(!std::is_same_v<std::remove_cvref_t<Callable>, UniqueFunction> &&
                 std::is_invocable_r_v<R, std::remove_cvref_t<Callable> &, Args...>)
    UniqueFunction(Callable &&callable)
    {
        using Held = std::remove_cvref_t<Callable>;
        if constexpr (fits<Held>) {
            ::new (static_cast<void *>(m_storage)) Held(std::forward<Callable>(callable));
        } else {
            ::new (static_cast<void *>(m_storage)) Held *(new Held(std::forward<Callable>(callable)));
        }
        m_operations = &operationsOf<Held>;
    }

    UniqueFunction(UniqueFunction &&other) noexcept { take(other); }
    UniqueFunction &operator=(UniqueFunction &&other) noexcept
    {
        if (this != &other) {
            reset();
            take(other);
        }
        return *this;
    }
    UniqueFunction(const UniqueFunction &) = delete;
    UniqueFunction &operator=(const UniqueFunction &) = delete;
    ~UniqueFunction() { reset(); }

    explicit operator bool() const noexcept { return m_operations != nullptr; }

    R operator()(Args... args)
    {
        GW_ASSERT(m_operations != nullptr);
        return m_operations->call(m_storage, std::forward<Args>(args)...);
    }

    /// Destroys what is held.
    void reset() noexcept
    {
        if (m_operations) {
            // Emptied first: what is destroyed may reach back to its holder.
            const Operations *operations = std::exchange(m_operations, nullptr);
            operations->destroy(m_storage);
        }
    }

private:
    struct Operations {
        R (*call)(void *storage, Args &&...args);
        void (*move)(void *from, void *to) noexcept;
        void (*destroy)(void *storage) noexcept;
    };

    template <class Held>
    static constexpr bool fits =
        sizeof(Held) <= Storage && alignof(Held) <= alignof(void *) && std::is_nothrow_move_constructible_v<Held>;

    template <class Held>
    static Held &held(void *storage) noexcept
    {
        if constexpr (fits<Held>) {
            return *std::launder(static_cast<Held *>(storage));
        } else {
            return **std::launder(static_cast<Held **>(storage));
        }
    }

    template <class Held>
    static R callHeld(void *storage, Args &&...args)
    {
        return static_cast<R>(held<Held>(storage)(std::forward<Args>(args)...));
    }

    template <class Held>
    static void moveHeld(void *from, void *to) noexcept
    {
        if constexpr (fits<Held>) {
            ::new (to) Held(std::move(held<Held>(from)));
            held<Held>(from).~Held();
        } else {
            ::new (to) Held *(*std::launder(static_cast<Held **>(from)));
        }
    }

    template <class Held>
    static void destroyHeld(void *storage) noexcept
    {
        if constexpr (fits<Held>) {
            held<Held>(storage).~Held();
        } else {
            delete &held<Held>(storage);
        }
    }

    template <class Held>
    static constexpr Operations operationsOf{&callHeld<Held>, &moveHeld<Held>, &destroyHeld<Held>};

    void take(UniqueFunction &other) noexcept
    {
        if (other.m_operations) {
            other.m_operations->move(other.m_storage, m_storage);
            m_operations = std::exchange(other.m_operations, nullptr);
        }
    }

    const Operations *m_operations = nullptr;
    alignas(void *) std::byte m_storage[Storage];
};

} // namespace godwit::base
