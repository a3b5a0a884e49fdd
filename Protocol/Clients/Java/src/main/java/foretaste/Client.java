package foretaste;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * A pool of connections to one or several servers that answer alike, for any number of threads. Cancelling a future gives its
 * request up.
 */
public final class Client extends Methods implements AutoCloseable {
    private final Options options;
    private final Engine engine;

    public Client(String... servers) {
        this(servers.length == 0 ? new Options() : new Options().servers(servers));
    }

    /** The options belong to the client from now on. */
    public Client(Options options) {
        this.options = options;
        engine = new Engine(options);
    }

    /** The result of any method. */
    public CompletableFuture<Map<String, Object>> call(String method, Map<String, ?> params) {
        return call(method, params, CallOptions.DEFAULT);
    }

    /** The result of any method. */
    public CompletableFuture<Map<String, Object>> call(String method, Map<String, ?> params, CallOptions options) {
        return submit(method, params, options, Reply::result);
    }

    /** As {@code call}, with the reply's meta. */
    public CompletableFuture<Reply> request(String method, Map<String, ?> params, CallOptions options) {
        return submit(method, params, options, Function.identity());
    }

    /** Ends the connections; calls that wait for an answer fail. */
    @Override
    public void close() {
        engine.run(engine::close);
    }

    @Override
    <Result> CompletableFuture<Result> typed(String method, Parameters params, CallOptions options, Function<Object, Result> read) {
        return submit(method, params.members(), options, reply -> read.apply(reply.result()));
    }

    private <Value> CompletableFuture<Value> submit(String method, Map<String, ?> params, CallOptions call, Function<Reply, Value> read) {
        CompletableFuture<Value> future = new CompletableFuture<>();
        try {
            Map<String, Object> copy = params == null ? new LinkedHashMap<>() : new LinkedHashMap<>(params);
            // A hello that did not say so would end the strictness of its connection.
            if (method != null && method.equals("hello") && options.strict) copy.putIfAbsent("strictParams", true);
            Call made = new Call(method, copy, call, options, new Call.Answer<>(future, read));
            engine.run(() -> engine.begin(made));
            future.whenComplete((value, failure) -> {
                // Also where its owner completed it otherwise: nobody waits for the answer any more.
                if (!made.isOver) engine.run(() -> engine.giveUp(made, null));
            });
        } catch (ForetasteException failure) {
            future.completeExceptionally(failure);
        }
        return future;
    }
}
