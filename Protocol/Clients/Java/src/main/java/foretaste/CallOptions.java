package foretaste;

import java.time.Duration;

/** What one call may have of its own. Null: the client's, or what the protocol says of the method. */
public record CallOptions(Long deadlineMs, Duration timeout, String traceparent, Boolean idempotent) {
    public static final CallOptions DEFAULT = new CallOptions(null, null, null, null);

    /** Travels to the server: 1 to 600,000. */
    public CallOptions withDeadlineMs(long milliseconds) {
        return new CallOptions(milliseconds, timeout, traceparent, idempotent);
    }

    /** For the call with all its attempts. */
    public CallOptions withTimeout(Duration limit) {
        return new CallOptions(deadlineMs, limit, traceparent, idempotent);
    }

    public CallOptions withTraceparent(String text) {
        return new CallOptions(deadlineMs, timeout, text, idempotent);
    }

    /** Whether the request may be sent again after a failure. */
    public CallOptions withIdempotent(boolean maySendAgain) {
        return new CallOptions(deadlineMs, timeout, traceparent, maySendAgain);
    }
}
