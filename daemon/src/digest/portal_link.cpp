#include "digest/portal_link.hpp"

#include <array>
#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace timesheetd
{

namespace
{

constexpr std::size_t sha256_bytes = 32;
constexpr std::string_view base64url_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string query(const std::string& idempotency_key)
{
    return "?token=token-of-" + idempotency_key;
}

const unsigned char* bytes_of(const std::string& text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

} // namespace

std::string portal_token(const std::string& secret, const std::string& idempotency_key)
{
    std::string code(sha256_bytes, '\0');
    unsigned int size = 0;
    if (!HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
              bytes_of(idempotency_key), idempotency_key.size(),
              reinterpret_cast<unsigned char*>(code.data()), &size) ||
        size != sha256_bytes)
        throw std::runtime_error("libcrypto makes no HMAC-SHA-256; check how OpenSSL is set up");
    return base64url(code);
}

std::string portal_token_sha256(const std::string& token)
{
    std::array<unsigned char, sha256_bytes> hash{};
    unsigned int size = 0;
    if (!EVP_Digest(token.data(), token.size(), hash.data(), &size, EVP_sha256(), nullptr) ||
        size != sha256_bytes)
        throw std::runtime_error("libcrypto makes no SHA-256; check how OpenSSL is set up");
    std::string text = "\\x";
    for (unsigned char byte : hash) {
        constexpr std::string_view digits = "0123456789abcdef";
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

std::string base64url(std::string_view bytes)
{
    std::string text;
    unsigned pending = 0; // the low `bits` of it are not written yet
    int bits = 0;
    for (char c : bytes) {
        pending = (pending << 8 | static_cast<unsigned char>(c)) & 0xFFFF;
        for (bits += 8; bits >= 6; bits -= 6)
            text += base64url_alphabet[(pending >> (bits - 6)) & 0x3F];
    }
    if (bits > 0)
        text += base64url_alphabet[(pending << (6 - bits)) & 0x3F];
    return text;
}

std::string portal_link(const std::string& portal_url, const std::string& idempotency_key)
{
    return portal_url + query(idempotency_key);
}

bool has_portal_link(const std::string& text, const std::string& idempotency_key)
{
    return text.find(query(idempotency_key)) != std::string::npos;
}

std::string with_portal_token(std::string text, const std::string& idempotency_key,
                              const std::string& token)
{
    const std::string place = query(idempotency_key);
    const std::string put_in = token.empty() ? "" : "?token=" + token;
    for (std::size_t at = 0; (at = text.find(place, at)) != std::string::npos; at += put_in.size())
        text.replace(at, place.size(), put_in);
    return text;
}

} // namespace timesheetd
