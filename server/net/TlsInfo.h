// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include <string>

namespace godwit::net
{

/// What was agreed on in a TLS handshake.
struct TlsInfo {
    std::string version; ///< "TLSv1.3"
    std::string cipher;  ///< "TLS_AES_256_GCM_SHA384"
    std::string alpn;    ///< empty when the client offered none
    std::string sni;     ///< the host that the client asked for; empty when it named none
    bool resumed = false;

    // Channel binding data, raw bytes; empty where the type is not defined for the connection.
    std::string exporter;       ///< tls-exporter, RFC 9266
    std::string serverEndPoint; ///< tls-server-end-point, RFC 5929 §4
    std::string unique;         ///< tls-unique, RFC 5929 §3; TLS 1.2 only
};

} // namespace godwit::net
