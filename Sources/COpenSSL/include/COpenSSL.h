#pragma once

// A C door to OpenSSL 3: either side of TLS 1.2 and 1.3 over bytes that somebody else reads and writes. No socket.
//
// A ctls_context may be used by any threads at once; a ctls_session by one at a time. A session keeps its context alive.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__clang__)
#define CTLS_CLOSED __attribute__((enum_extensibility(closed)))
#else
#define CTLS_CLOSED
#endif

typedef struct ctls_context ctls_context;
typedef struct ctls_session ctls_session;

typedef enum CTLS_CLOSED ctls_status {
    // `written` bytes of plain text are there; perhaps more with the next call.
    ctls_status_text = 0,
    // All that was given is used, and the next record is not whole.
    ctls_status_needs_more,
    // The client has said that nothing follows.
    ctls_status_ended,
    // ctls_failure says why. What ctls_output has is to be sent still: it tells the client.
    ctls_status_failed,
} ctls_status;

// Reads PEM files: the certificate with those above it, its key, and, where it is not null, the certificates that a client's must come from.
// Null where something is wrong: `failure` then tells what, in at most `size` bytes.
ctls_context *ctls_context_create(
    const char *certificate, const char *key, const char *client_authorities, char *failure, size_t size);

// For clients: the certificates that a server's must come from (null: those that the system trusts), and, where it is not null, what the
// client shows when it is asked.
ctls_context *ctls_client_context_create(
    const char *authorities, const char *certificate, const char *key, char *failure, size_t size);
void ctls_context_destroy(ctls_context *context);

// Until the certificate expires; below 0 afterwards.
long long ctls_context_seconds_left(const ctls_context *context);

// Null when memory is short.
ctls_session *ctls_session_create(ctls_context *context);

// Of a context for clients. The server's certificate must be of `name`, a host's name or its address.
ctls_session *ctls_client_session_create(ctls_context *context, const char *name);
void ctls_session_destroy(ctls_session *session);

// Takes bytes of the other side, as many as it can use, and gives plain text where there is some. `used` may be short of `count` where
// `room` is full.
ctls_status ctls_read(
    ctls_session *session, const uint8_t *bytes, size_t count, size_t *used, uint8_t *text, size_t room, size_t *written);

// Both sides have agreed on keys: text can be written.
bool ctls_is_established(const ctls_session *session);

// Encrypts all of it. False after a failure, and before the session is established.
bool ctls_write(ctls_session *session, const uint8_t *text, size_t count);

// Says that nothing follows.
void ctls_end(ctls_session *session);

// What is to be sent to the client; valid until the next call on the session.
const uint8_t *ctls_output(const ctls_session *session, size_t *count);
void ctls_clear_output(ctls_session *session);

// Why it failed, for a log: OpenSSL's words.
const char *ctls_failure(const ctls_session *session);
