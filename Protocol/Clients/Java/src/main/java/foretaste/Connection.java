package foretaste;

import foretaste.ForetasteException.ConnectionFailed;
import foretaste.ForetasteException.Kind;
import foretaste.ForetasteException.ServerError;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * One connection: requests out, replies to those who wait for them. Its state belongs to the engine's thread; one thread
 * reads and one writes.
 *
 * <pre>
 *     a request's life:  send ─▶ pending ─▶ answered
 *                                   └────▶ abandoned (its caller gave up) ─▶ answered, to nobody
 * </pre>
 */
final class Connection {
    /** What a server works on at a time for a connection; more would only wait in its socket. */
    static final int IN_FLIGHT_LIMIT = 128;
    private static final byte[] END = new byte[0];

    private final Engine engine;
    /** Closed in the end, whatever is around it: that never waits. */
    private final Socket socket = new Socket();
    private InputStream input;
    private OutputStream output;
    private final LinkedBlockingQueue<byte[]> outgoing = new LinkedBlockingQueue<>();
    private final Map<Long, Call> pending = new HashMap<>();
    private final Set<Long> abandoned = new HashSet<>();
    private long nextId;
    /** Where `hello` said that the server knows how. */
    private boolean canCancel;
    private long lastReceived = System.nanoTime();
    boolean isGoingAway;
    ForetasteException failure;

    Connection(Engine engine) {
        this.engine = engine;
    }

    /** Blocks, on a thread of its own: name, handshake, `hello`. The engine closes the socket when it takes too long. */
    void open(Address address, Options options) throws IOException {
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(address.host(), address.port()), (int) Math.min(options.connectTimeout.toMillis() + 1, Integer.MAX_VALUE));
        Socket spoken = options.tls == null ? socket : options.tls.around(socket, address);
        input = new BufferedInputStream(spoken.getInputStream(), 1 << 16);
        output = spoken.getOutputStream();
        Map<String, Object> greeting = new HashMap<>();
        if (options.key != null) greeting.put("key", options.key);
        if (options.name != null) greeting.put("client", options.name);
        if (options.strict) greeting.put("strictParams", true);
        // Without any of them there is nothing to say.
        if (!greeting.isEmpty()) greet(greeting);
    }

    private void greet(Map<String, Object> greeting) throws IOException {
        output.write(Frames.frame(++nextId, Frames.encodeBody("hello", greeting, null, null)));
        output.flush();
        while (true) {
            Map<String, Object> reply = Frames.read(input);
            if (reply == null) throw new IOException("the server closed the connection");
            if (reply.get("error") != null) throw new ServerError(Members.object(reply.get("error")));
            if (reply.get("result") == null) continue;
            canCancel = Members.objectOrEmpty(reply.get("result")).get("methods") instanceof List<?> methods && methods.contains("cancel");
            return;
        }
    }

    void start(String name) {
        thread("foretaste reads " + name, this::readAll);
        thread("foretaste writes " + name, this::writeAll);
    }

    int inFlight() {
        return pending.size() + abandoned.size();
    }

    boolean isUsable() {
        return failure == null && !isGoingAway;
    }

    boolean hasRoom() {
        return isUsable() && inFlight() < IN_FLIGHT_LIMIT;
    }

    long send(Call call) {
        long id = ++nextId;
        pending.put(id, call);
        outgoing.add(Frames.frame(id, call.body));
        return id;
    }

    /** Its caller waits no more. It keeps its place until the reply, which may tell that it was cancelled. */
    void abandon(long id) {
        if (pending.remove(id) == null) return;
        abandoned.add(id);
        if (canCancel) outgoing.add(Frames.cancellation(id));
    }

    /** How long nothing has come, since this moment at the earliest. */
    long silenceNanos(long since) {
        return System.nanoTime() - Math.max(since, lastReceived);
    }

    /** Those whose requests it had. */
    List<Call> close(ForetasteException reason) {
        if (failure == null) failure = reason;
        List<Call> everyone = new ArrayList<>(pending.values());
        pending.clear();
        abandoned.clear();
        outgoing.add(END);
        closeSocket();
        return everyone;
    }

    void closeSocket() {
        try {
            socket.close();
        } catch (IOException alreadyBroken) {
            // There is nothing left to close.
            return;
        }
    }

    /** The call that a frame answers, or null. Throws what ends the connection. */
    Call take(Map<String, Object> reply) {
        lastReceived = System.nanoTime();
        if (!reply.containsKey("result") && !reply.containsKey("error")) {
            // A notice. Those of later versions mean nothing to this client.
            if ("server.goingAway".equals(reply.get("method"))) isGoingAway = true;
            return null;
        }
        Object error = reply.get("error");
        if (error != null && !(error instanceof Map)) throw foreign("the server's error is no JSON object");
        // About the connection, which the server closes: none of its requests has an answer.
        if (reply.get("id") == null && error != null) throw new ServerError(Members.object(error));
        if (!(reply.get("id") instanceof Long id)) throw foreign("the server answers no request of this client: id " + reply.get("id"));
        if (abandoned.remove(id)) return null;
        if (!pending.containsKey(id)) throw foreign("the server answers no request of this client: id " + id);
        if (error == null && !(reply.get("result") instanceof Map)) throw foreign("the server's result is no JSON object");
        return pending.remove(id);
    }

    private static ConnectionFailed foreign(String message) {
        return new ConnectionFailed(Kind.PROTOCOL, message, false);
    }

    private void readAll() {
        try {
            Map<String, Object> reply;
            while ((reply = Frames.read(input)) != null) {
                Map<String, Object> whole = reply;
                engine.run(() -> engine.received(this, whole));
            }
            engine.run(() -> engine.ended(this, new ConnectionFailed(Kind.CLOSED, "the server closed the connection", isGoingAway)));
        } catch (ForetasteException failure) {
            engine.run(() -> engine.ended(this, failure));
        } catch (IOException error) {
            engine.run(() -> engine.ended(this, new ConnectionFailed(Kind.CLOSED, "the connection broke: " + error.getMessage(), false)));
        }
    }

    private void writeAll() {
        try {
            while (true) {
                byte[] frame = outgoing.take();
                if (frame == END) return;
                output.write(frame);
            }
        } catch (IOException error) {
            // The reader has what the server still said, and then sees the end too.
            return;
        } catch (InterruptedException error) {
            Thread.currentThread().interrupt();
        }
    }

    static void thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}
