/* SPDX-License-Identifier: MIT */
/* Owns the making of signatures. */
#include "findings/signature.h"
#include <openssl/evp.h>
#include <string.h>

static void signature_format(const unsigned char *digest, unsigned length, char *signature)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < length; i++) {
        signature[2 * i] = digits[digest[i] >> 4];
        signature[2 * i + 1] = digits[digest[i] & 15];
    }
    signature[2 * (size_t)length] = '\0';
}

gbx_err gbxi_signature_make(const char *const *texts, size_t count, char signature[static GBXI_SIGNATURE_SIZE])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    int good = context != NULL && EVP_DigestInit_ex(context, EVP_sha256(), NULL);

    for (size_t i = 0; good && i < count; i++)
        good = EVP_DigestUpdate(context, texts[i], strlen(texts[i]) + 1);
    good = good && EVP_DigestFinal_ex(context, digest, &length);
    EVP_MD_CTX_free(context);
    if (!good || 2 * length != GBXI_SIGNATURE_DIGITS)
        return GBX_ERR_NO_MEMORY;
    signature_format(digest, length, signature);
    return GBX_ERR_OK;
}
