package foretaste;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Function;

/** A request from its caller's point of view. Its state belongs to the engine's thread. */
final class Call {
    final String method;
    final Map<String, Object> params;
    final CallOptions options;
    final boolean isIdempotent;
    final long timeoutNanos;
    final long begin = System.nanoTime();
    private final Answer<?> answer;
    byte[] body;
    int attempt;
    boolean isOver;
    Future<?> timer;
    Connection connection;
    long id;
    long sent;

    /** Where the answer goes, and what is made of it on the way. */
    record Answer<Value>(CompletableFuture<Value> future, Function<Reply, Value> read) {
        void complete(Reply reply, Throwable failure) {
            try {
                if (failure == null) {
                    future.complete(read.apply(reply));
                } else {
                    future.completeExceptionally(failure);
                }
            } catch (ForetasteException unreadable) {
                future.completeExceptionally(unreadable);
            }
        }
    }

    Call(String method, Map<String, Object> params, CallOptions options, Options client, Answer<?> answer) {
        this.method = method;
        this.params = params;
        this.options = options;
        this.answer = answer;
        body = Frames.encodeBody(method, params, options.deadlineMs(), options.traceparent());
        timeoutNanos = (options.timeout() == null ? client.timeout : Options.positive(options.timeout())).toNanos();
        isIdempotent = options.idempotent() == null
            ? MethodTable.ENTRIES.getOrDefault(method, MethodTable.UNKNOWN).isIdempotent() : options.idempotent();
    }

    Answer<?> answer() {
        return answer;
    }

    long spentNanos() {
        return System.nanoTime() - begin;
    }

    /** What is left of the deadline goes with the next attempt. */
    void prepareNextAttempt() {
        attempt++;
        connection = null;
        if (options.deadlineMs() != null) {
            long left = Math.max(1, options.deadlineMs() - spentNanos() / 1_000_000 - 1);
            body = Frames.encodeBody(method, params, left, options.traceparent());
        }
    }
}
