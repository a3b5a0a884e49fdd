#include "COpenSSL.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// What a session's output keeps between two uses: a handshake's, or a usual answer's.
enum { KEPT_OUTPUT = 4096, FAILURE_SIZE = 160 };

struct ctls_context {
    SSL_CTX *ssl;
};

struct ctls_session {
    SSL *ssl;
    // The bytes that the client sent and OpenSSL has yet to take: borrowed during ctls_read.
    const uint8_t *input;
    size_t input_count;
    uint8_t *output;
    size_t output_count;
    size_t output_room;
    bool has_failed;
    char failure[FAILURE_SIZE];
};

// OpenSSL's own memory BIO keeps the largest buffer that it ever needed; these keep none.

static int source_read(BIO *bio, char *target, size_t room, size_t *taken) {
    ctls_session *session = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    if (session->input_count == 0) {
        BIO_set_retry_read(bio);
        *taken = 0;
        return 0;
    }
    *taken = room < session->input_count ? room : session->input_count;
    memcpy(target, session->input, *taken);
    session->input += *taken;
    session->input_count -= *taken;
    return 1;
}

static int sink_write(BIO *bio, const char *bytes, size_t count, size_t *written) {
    ctls_session *session = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    *written = 0;
    if (session->output_room - session->output_count < count) {
        size_t room = session->output_room ? session->output_room : KEPT_OUTPUT;
        while (room - session->output_count < count) room *= 2;
        uint8_t *grown = realloc(session->output, room);
        if (!grown) return 0;
        session->output = grown;
        session->output_room = room;
    }
    memcpy(session->output + session->output_count, bytes, count);
    session->output_count += count;
    *written = count;
    return 1;
}

static long control(BIO *bio, int command, long number, void *pointer) {
    (void)bio;
    (void)number;
    (void)pointer;
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

static BIO_METHOD *method;

static void make_method(void) {
    method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "foretaste");
    if (!method) return;
    BIO_meth_set_read_ex(method, source_read);
    BIO_meth_set_write_ex(method, sink_write);
    BIO_meth_set_ctrl(method, control);
}

// The newest of OpenSSL's errors says most.
static void describe(char *text, size_t size, const char *what) {
    unsigned long code = ERR_peek_last_error();
    const char *reason = code ? ERR_reason_error_string(code) : NULL;
    if (!reason && code) reason = strerror(ERR_GET_REASON(code));
    snprintf(text, size, "%s%s%s", what, *what ? ": " : "", reason ? reason : "no reason was given");
    ERR_clear_error();
}

static ctls_context *make_context(const SSL_METHOD *side, char *failure, size_t size) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_method);
    ERR_clear_error();
    ctls_context *context = calloc(1, sizeof *context);
    if (context) context->ssl = SSL_CTX_new(side);
    if (!context || !context->ssl || !method) {
        describe(failure, size, "no memory for TLS");
        ctls_context_destroy(context);
        return NULL;
    }
    return context;
}

// What is wrong with the files, or null.
static const char *use_files(SSL_CTX *ssl, const char *certificate, const char *key) {
    if (SSL_CTX_use_certificate_chain_file(ssl, certificate) != 1) return certificate;
    if (SSL_CTX_use_PrivateKey_file(ssl, key, SSL_FILETYPE_PEM) != 1) return key;
    if (SSL_CTX_check_private_key(ssl) != 1) return "the key is not the certificate's";
    return NULL;
}

ctls_context *ctls_context_create(
    const char *certificate, const char *key, const char *client_authorities, char *failure, size_t size) {
    ctls_context *context = make_context(TLS_server_method(), failure, size);
    if (!context) return NULL;
    SSL_CTX *ssl = context->ssl;
    SSL_CTX_set_min_proto_version(ssl, TLS1_2_VERSION);
    SSL_CTX_set_options(
        ssl, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
    // Nothing of a connection is kept while it waits, and nothing of it once it has ended: tickets hold what resuming needs.
    SSL_CTX_set_mode(ssl, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE);
    SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_session_id_context(ssl, (const unsigned char *)"foretaste", 9);
    const char *wrong = NULL;
    // Forward secrecy and authenticated encryption alone, for 1.2 as for 1.3.
    if (!SSL_CTX_set_cipher_list(ssl, "ECDHE+AESGCM:ECDHE+CHACHA20")) wrong = "ciphers";
    else wrong = use_files(ssl, certificate, key);
    if (!wrong && client_authorities) {
        STACK_OF(X509_NAME) *names = SSL_load_client_CA_file(client_authorities);
        if (!names || SSL_CTX_load_verify_file(ssl, client_authorities) != 1) {
            wrong = client_authorities;
            sk_X509_NAME_pop_free(names, X509_NAME_free);
        } else {
            SSL_CTX_set_client_CA_list(ssl, names);
            SSL_CTX_set_verify(ssl, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
        }
    }
    if (wrong) {
        describe(failure, size, wrong);
        ctls_context_destroy(context);
        return NULL;
    }
    return context;
}

ctls_context *ctls_client_context_create(
    const char *authorities, const char *certificate, const char *key, char *failure, size_t size) {
    ctls_context *context = make_context(TLS_client_method(), failure, size);
    if (!context) return NULL;
    SSL_CTX *ssl = context->ssl;
    SSL_CTX_set_min_proto_version(ssl, TLS1_2_VERSION);
    SSL_CTX_set_options(ssl, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(ssl, SSL_MODE_ENABLE_PARTIAL_WRITE);
    SSL_CTX_set_verify(ssl, SSL_VERIFY_PEER, NULL);
    const char *wrong = NULL;
    if (authorities && SSL_CTX_load_verify_file(ssl, authorities) != 1) wrong = authorities;
    else if (!authorities && SSL_CTX_set_default_verify_paths(ssl) != 1) wrong = "the certificates that the system trusts";
    else if (certificate) wrong = use_files(ssl, certificate, key);
    if (wrong) {
        describe(failure, size, wrong);
        ctls_context_destroy(context);
        return NULL;
    }
    return context;
}

void ctls_context_destroy(ctls_context *context) {
    if (!context) return;
    SSL_CTX_free(context->ssl);
    free(context);
}

long long ctls_context_seconds_left(const ctls_context *context) {
    const X509 *certificate = SSL_CTX_get0_certificate(context->ssl);
    int days = 0;
    int seconds = 0;
    // No time to compare with is now.
    if (!certificate || ASN1_TIME_diff(&days, &seconds, NULL, X509_get0_notAfter(certificate)) != 1) return 0;
    return (long long)days * 86400 + seconds;
}

ctls_session *ctls_session_create(ctls_context *context) {
    ctls_session *session = calloc(1, sizeof *session);
    if (!session) return NULL;
    session->ssl = SSL_new(context->ssl);
    BIO *bio = session->ssl ? BIO_new(method) : NULL;
    if (!bio) {
        ctls_session_destroy(session);
        return NULL;
    }
    BIO_set_data(bio, session);
    BIO_set_init(bio, 1);
    SSL_set_bio(session->ssl, bio, bio);
    SSL_set_accept_state(session->ssl);
    return session;
}

ctls_session *ctls_client_session_create(ctls_context *context, const char *name) {
    ctls_session *session = ctls_session_create(context);
    if (!session) return NULL;
    SSL_set_connect_state(session->ssl);
    // An address stands in a certificate as such, and is never told to the server as a name.
    if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session->ssl), name) == 1) return session;
    ERR_clear_error();
    if (SSL_set1_host(session->ssl, name) == 1 && SSL_set_tlsext_host_name(session->ssl, name) == 1) return session;
    ctls_session_destroy(session);
    return NULL;
}

void ctls_session_destroy(ctls_session *session) {
    if (!session) return;
    SSL_free(session->ssl);
    free(session->output);
    free(session);
    ERR_clear_error();
}

static ctls_status fail(ctls_session *session) {
    // Of a certificate that is refused, why.
    long verdict = SSL_get_verify_result(session->ssl);
    const char *what = verdict == X509_V_OK ? "" : X509_verify_cert_error_string(verdict);
    if (!session->has_failed) describe(session->failure, sizeof session->failure, what);
    session->has_failed = true;
    ERR_clear_error();
    return ctls_status_failed;
}

ctls_status ctls_read(
    ctls_session *session, const uint8_t *bytes, size_t count, size_t *used, uint8_t *text, size_t room, size_t *written) {
    *used = count;
    *written = 0;
    if (session->has_failed) return ctls_status_failed;
    ERR_clear_error();
    session->input = bytes;
    session->input_count = count;
    int result = SSL_read_ex(session->ssl, text, room, written);
    int error = result == 1 ? SSL_ERROR_NONE : SSL_get_error(session->ssl, result);
    *used = count - session->input_count;
    session->input = NULL;
    session->input_count = 0;
    switch (error) {
    case SSL_ERROR_NONE: return ctls_status_text;
    case SSL_ERROR_WANT_READ: return ctls_status_needs_more;
    case SSL_ERROR_ZERO_RETURN: return ctls_status_ended;
    default: return fail(session);
    }
}

bool ctls_is_established(const ctls_session *session) {
    return !session->has_failed && SSL_is_init_finished(session->ssl);
}

bool ctls_write(ctls_session *session, const uint8_t *text, size_t count) {
    if (!ctls_is_established(session)) return false;
    ERR_clear_error();
    while (count > 0) {
        size_t written = 0;
        if (SSL_write_ex(session->ssl, text, count, &written) != 1) {
            fail(session);
            return false;
        }
        text += written;
        count -= written;
    }
    return true;
}

void ctls_end(ctls_session *session) {
    if (ctls_is_established(session)) SSL_shutdown(session->ssl);
    ERR_clear_error();
}

const uint8_t *ctls_output(const ctls_session *session, size_t *count) {
    *count = session->output_count;
    return session->output;
}

void ctls_clear_output(ctls_session *session) {
    session->output_count = 0;
    if (session->output_room <= KEPT_OUTPUT) return;
    free(session->output);
    session->output = NULL;
    session->output_room = 0;
}

const char *ctls_failure(const ctls_session *session) { return session->failure; }
