package foretaste;

import java.util.Map;

/** What can go wrong, by who can mend it. Futures fail with one of these, or with a CancellationException. */
public abstract sealed class ForetasteException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ForetasteException(String message) {
        super(message);
    }

    /** The request cannot be sent: an id that is no string, a value that is no JSON, too many bytes. Nothing was sent. */
    public static final class InvalidRequest extends ForetasteException {
        private static final long serialVersionUID = 1;

        InvalidRequest(String message) {
            super(message);
        }
    }

    /** The call's time is over. The request may have acted. */
    public static final class TimedOut extends ForetasteException {
        private static final long serialVersionUID = 1;

        TimedOut(String message) {
            super(message);
        }
    }

    public enum Kind {
        /** No server could be reached. */
        CONNECT,
        /** The connection ended before the answer; the request may have acted. */
        CLOSED,
        /** What came is not of this protocol. */
        PROTOCOL,
        /** This client was closed. */
        CLIENT_CLOSED
    }

    /** No connection, none any more, or what answers does not speak this protocol. */
    public static final class ConnectionFailed extends ForetasteException {
        private static final long serialVersionUID = 1;
        private final Kind kind;
        private final boolean wasNotReceived;

        ConnectionFailed(Kind kind, String message, boolean wasNotReceived) {
            super(message);
            this.kind = kind;
            this.wasNotReceived = wasNotReceived;
        }

        public Kind kind() {
            return kind;
        }

        /** The server never had the request, so that even one that may act once only can be sent again. */
        public boolean wasNotReceived() {
            return wasNotReceived;
        }
    }

    /** The server's answer is an error. Decide on the reason, and on the status where the reason is one you do not know. */
    public static final class ServerError extends ForetasteException {
        private static final long serialVersionUID = 1;
        private final transient Map<String, Object> error;

        ServerError(Map<String, Object> error) {
            super(text(error, "reason") + ": " + text(error, "message"));
            this.error = error;
        }

        public String reason() {
            return text(error, "reason");
        }

        public String status() {
            return text(error, "status");
        }

        public long code() {
            return error.get("code") instanceof Long code ? code : 0;
        }

        /** English, for people. */
        public String text() {
            return text(error, "message");
        }

        public boolean retryable() {
            return Boolean.TRUE.equals(error.get("retryable"));
        }

        public Map<String, Object> details() {
            return Members.objectOrEmpty(error.get("details"));
        }

        /** The member at fault, such as params.recentItems[3].itemId, or null. */
        public String field() {
            return details().get("field") instanceof String field ? field : null;
        }

        private static String text(Map<String, Object> error, String name) {
            return error.get(name) instanceof String text ? text : "";
        }
    }
}
