#pragma once

// libmicrohttpd, and what Swift cannot call of it: functions with variable arguments and unions.

#include <microhttpd.h>
#include <stdbool.h>
#include <string.h>

typedef struct cmhd_callbacks {
    MHD_AccessHandlerCallback access;
    MHD_NotifyConnectionCallback connection;
    MHD_RequestCompletedCallback completed;
    // What every callback gets first.
    void *owner;
} cmhd_callbacks;

// Text of requests is left as it came: who reads it decodes it, and sees bytes that a C string would end at.
static inline size_t cmhd_leave_encoded(void *owner, struct MHD_Connection *connection, char *text) {
    (void)owner;
    (void)connection;
    return strlen(text);
}

// A daemon without a thread: it runs inside MHD_run. Null where the library refuses. It owns the socket until MHD_quiesce_daemon.
static inline struct MHD_Daemon *cmhd_start(
    MHD_socket listener, unsigned int connections, size_t connection_bytes, unsigned int idle_seconds, cmhd_callbacks callbacks) {
    return MHD_start_daemon(
        MHD_USE_AUTO | MHD_USE_TURBO | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, callbacks.access, callbacks.owner,
        MHD_OPTION_LISTEN_SOCKET, listener,
        MHD_OPTION_CONNECTION_LIMIT, connections,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, connection_bytes,
        MHD_OPTION_CONNECTION_TIMEOUT, idle_seconds,
        MHD_OPTION_NOTIFY_CONNECTION, callbacks.connection, callbacks.owner,
        MHD_OPTION_NOTIFY_COMPLETED, callbacks.completed, callbacks.owner,
        MHD_OPTION_UNESCAPE_CALLBACK, &cmhd_leave_encoded, NULL,
        MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
        MHD_OPTION_END);
}

// -1 where the library does not tell.
static inline MHD_socket cmhd_descriptor(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}

// Readable when there is something to run MHD_run for; -1 where the library has no such descriptor.
static inline MHD_socket cmhd_poll_descriptor(struct MHD_Daemon *daemon) {
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD);
    return info ? info->epoll_fd : -1;
}

// Where the application keeps what belongs to the connection.
static inline void *cmhd_context(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}
