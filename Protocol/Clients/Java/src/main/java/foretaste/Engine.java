package foretaste;

import foretaste.ForetasteException.ConnectionFailed;
import foretaste.ForetasteException.Kind;
import foretaste.ForetasteException.ServerError;
import foretaste.ForetasteException.TimedOut;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The pool, and when a request is sent again. Everything here happens on one thread, and nothing on it waits. */
final class Engine {
    private final Options options;
    private final ScheduledThreadPoolExecutor loop;
    private final List<Connection> open = new ArrayList<>();
    /** Told to go, with answers still to come. */
    private final List<Connection> leaving = new ArrayList<>();
    private final Set<Connection> connecting = new HashSet<>();
    private int openingCount;
    private final LinkedHashSet<Call> waiting = new LinkedHashSet<>();
    private final Set<Call> pausing = new HashSet<>();
    private int turn;
    private boolean isClosed;

    Engine(Options options) {
        this.options = options;
        loop = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "foretaste");
            thread.setDaemon(true);
            return thread;
        });
        loop.setRemoveOnCancelPolicy(true);
        // Without work there is no thread; so a closed client needs no shutdown, which would lose what was begun at the same time.
        loop.setKeepAliveTime(1, TimeUnit.SECONDS);
        loop.allowCoreThreadTimeOut(true);
    }

    /** From any thread. */
    void run(Runnable work) {
        loop.execute(work);
    }

    static ConnectionFailed closedFailure() {
        return new ConnectionFailed(Kind.CLIENT_CLOSED, "this client is closed", true);
    }

    // A call's way.

    void begin(Call call) {
        if (call.isOver) return;
        String text = call.method + ": no answer within " + call.timeoutNanos / 1_000_000 + " ms";
        call.timer = loop.schedule(() -> giveUp(call, new TimedOut(text)), call.timeoutNanos - call.spentNanos(), TimeUnit.NANOSECONDS);
        place(call);
    }

    /** Its time is over, or its caller cancelled it: failure is null then. */
    void giveUp(Call call, ForetasteException failure) {
        if (call.isOver) return;
        waiting.remove(call);
        pausing.remove(call);
        Connection connection = call.connection;
        finish(call, null, failure);
        if (connection == null || connection.failure != null) return;
        connection.abandon(call.id);
        // A dead peer says nothing to anybody: who waited long enough in vain spares others the wait.
        long silence = connection.silenceNanos(call.sent);
        if (silence >= options.silenceTimeout.toNanos()) {
            ended(connection, new ConnectionFailed(Kind.CLOSED, "nothing came from the server for " + silence / 1_000_000 + " ms", false));
        }
    }

    private void place(Call call) {
        if (isClosed) {
            finish(call, null, closedFailure());
            return;
        }
        Connection best = best();
        if ((best == null || best.inFlight() > 0) && open.size() + openingCount < options.connections) add();
        if (best == null) {
            waiting.add(call);
        } else {
            send(call, best);
        }
    }

    private void send(Call call, Connection connection) {
        call.connection = connection;
        call.sent = System.nanoTime();
        call.id = connection.send(call);
    }

    private void attemptFailed(Call call, ForetasteException failure) {
        long pause = options.pauseNanos(call.attempt);
        long time = call.options.deadlineMs() == null ? call.timeoutNanos : Math.min(call.timeoutNanos, call.options.deadlineMs() * 1_000_000);
        if (call.attempt >= options.retries || call.spentNanos() + pause >= time || isClosed || !maySendAgain(failure, call.isIdempotent)) {
            finish(call, null, failure);
            return;
        }
        call.connection = null;
        pausing.add(call);
        loop.schedule(() -> {
            if (!pausing.remove(call)) return;
            call.prepareNextAttempt();
            place(call);
        }, pause, TimeUnit.NANOSECONDS);
    }

    static boolean maySendAgain(ForetasteException failure, boolean isIdempotent) {
        if (failure instanceof ServerError error) {
            // A deadline is the whole call's: where the server says that it is over, there is no time for another attempt.
            return isIdempotent && error.retryable() && !error.reason().equals("DEADLINE_EXCEEDED");
        }
        if (!(failure instanceof ConnectionFailed failed)) return false;
        return switch (failed.kind()) {
            case PROTOCOL, CLIENT_CLOSED -> false;
            case CONNECT, CLOSED -> isIdempotent || failed.wasNotReceived();
        };
    }

    /** Callers' code never runs on this thread. */
    private void finish(Call call, Reply reply, ForetasteException failure) {
        if (call.isOver) return;
        call.isOver = true;
        if (call.timer != null) call.timer.cancel(false);
        if (reply != null || failure != null) options.executor.execute(() -> call.answer().complete(reply, failure));
    }

    // Connections.

    void received(Connection connection, Map<String, Object> frame) {
        if (connection.failure != null) return;
        try {
            Call call = connection.take(frame);
            if (call != null && frame.get("error") != null) {
                attemptFailed(call, new ServerError(Members.object(frame.get("error"))));
            } else if (call != null) {
                finish(call, new Reply(Members.object(frame.get("result")), Members.objectOrEmpty(frame.get("meta"))), null);
            }
        } catch (ForetasteException failure) {
            ended(connection, failure);
            return;
        }
        changed();
    }

    void ended(Connection connection, ForetasteException failure) {
        if (connection.failure != null) return;
        List<Call> everyone = connection.close(failure);
        open.remove(connection);
        leaving.remove(connection);
        for (Call call : everyone) attemptFailed(call, failure);
        changed();
    }

    private Connection best() {
        Connection best = null;
        for (Connection each : open) if (each.hasRoom() && (best == null || each.inFlight() < best.inFlight())) best = each;
        return best;
    }

    private void changed() {
        for (Connection each : List.copyOf(open)) {
            if (each.isUsable()) continue;
            open.remove(each);
            if (each.failure == null) leaving.add(each);
        }
        while (!waiting.isEmpty()) {
            Connection best = best();
            if (best == null) {
                // Nobody else would open a connection for those who wait.
                if (open.isEmpty() && openingCount == 0 && !isClosed) add();
                return;
            }
            Call call = waiting.iterator().next();
            waiting.remove(call);
            send(call, best);
        }
    }

    private void add() {
        openingCount++;
        openNext(turn, new ArrayList<>());
        turn = (turn + 1) % options.addresses.size();
    }

    /** The next server, or the one after it: each once. */
    private void openNext(int place, List<ForetasteException> failures) {
        Address address = options.addresses.get(place % options.addresses.size());
        Connection connection = new Connection(this);
        connecting.add(connection);
        var timer = loop.schedule(connection::closeSocket, options.connectTimeout.toNanos(), TimeUnit.NANOSECONDS);
        Connection.thread("foretaste connects to " + address, () -> {
            ForetasteException failure = failureOfOpening(connection, address, timer);
            run(() -> opened(connection, address, failure, place, failures));
        });
    }

    private ForetasteException failureOfOpening(Connection connection, Address address, Future<?> timer) {
        try {
            connection.open(address, options);
            return timer.cancel(false) ? null : tooLate(address);
        } catch (ConnectionFailed failure) {
            return new ConnectionFailed(failure.kind(), failure.getMessage(), true);
        } catch (ForetasteException failure) {
            return failure;
        } catch (IOException | RuntimeException error) {
            if (!timer.cancel(false)) return tooLate(address);
            return new ConnectionFailed(Kind.CONNECT, "cannot connect to " + address + ": " + error, true);
        } finally {
            timer.cancel(false);
        }
    }

    private ConnectionFailed tooLate(Address address) {
        return new ConnectionFailed(Kind.CONNECT, "cannot connect to " + address + ": no answer within " + options.connectTimeout.toMillis() + " ms", true);
    }

    private void opened(Connection connection, Address address, ForetasteException failure, int place, List<ForetasteException> failures) {
        connecting.remove(connection);
        if (isClosed || failure != null) connection.closeSocket();
        if (failure == null || isClosed) {
            openingCount--;
            if (isClosed) return;
            open.add(connection);
            connection.start(address.toString());
            changed();
            return;
        }
        failures.add(failure);
        boolean isFinal = failure instanceof ServerError error && !error.retryable();
        if (!isFinal && failures.size() < options.addresses.size()) {
            openNext(place + 1, failures);
            return;
        }
        openingCount--;
        if (!open.isEmpty() || openingCount > 0) return;
        StringBuilder text = new StringBuilder();
        for (ForetasteException each : failures) text.append(text.isEmpty() ? "" : "; ").append(each.getMessage());
        ForetasteException told = failures.size() == 1 || isFinal ? failure : new ConnectionFailed(Kind.CONNECT, text.toString(), true);
        List<Call> everyone = List.copyOf(waiting);
        waiting.clear();
        for (Call call : everyone) attemptFailed(call, told);
    }

    void close() {
        if (isClosed) return;
        isClosed = true;
        connecting.forEach(Connection::closeSocket);
        List<Connection> everyone = new ArrayList<>(open);
        everyone.addAll(leaving);
        for (Connection each : everyone) ended(each, closedFailure());
        List<Call> calls = new ArrayList<>(waiting);
        calls.addAll(pausing);
        waiting.clear();
        pausing.clear();
        for (Call call : calls) finish(call, null, closedFailure());
    }
}
