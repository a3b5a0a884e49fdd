package foretaste;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Plays transcripts: see ../../../../../README.md. */
final class Driver {
    private Driver() {}

    public static void main(String[] arguments) throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        String line;
        while ((line = lines.readLine()) != null) out.println(Json.write(play(Members.object(Json.parse(line)))));
    }

    private static Map<String, Object> play(Map<String, Object> transcript) throws Exception {
        List<Map<String, Object>> calls = Members.list(Members::object).apply(transcript.get("calls"));
        Map<String, CompletableFuture<Void>> done = new HashMap<>();
        Map<String, Object> outcomes = Collections.synchronizedMap(new LinkedHashMap<>());
        for (Map<String, Object> call : calls) done.put((String) call.get("tag"), new CompletableFuture<>());
        try (Client client = new Client(options(Members.object(transcript.get("options"))))) {
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (Map<String, Object> call : calls) {
                CompletableFuture<Void> begin = call.containsKey("after") ? done.get(call.get("after")) : CompletableFuture.completedFuture(null);
                all.add(begin.thenCompose(nothing -> run(client, call, done)).thenAccept(outcome -> {
                    outcomes.put((String) call.get("tag"), outcome);
                    done.get(call.get("tag")).completeAsync(() -> null);
                }));
            }
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
        }
        return Map.of("id", transcript.get("id"), "outcomes", outcomes);
    }

    private static CompletableFuture<Map<String, Object>> run(Client client, Map<String, Object> call, Map<String, CompletableFuture<Void>> done) {
        if (call.get("method").equals("(close)")) {
            client.close();
            return CompletableFuture.completedFuture(Map.of("result", Map.of()));
        }
        Map<String, Object> params = new LinkedHashMap<>(Members.object(call.get("params")));
        if (call.get("padBytes") instanceof Long count) params.put("pad", "x".repeat(count.intValue()));
        if (call.get("padValues") instanceof Long count) params.put("pad", Collections.nCopies(count.intValue(), 0));
        Duration timeout = call.get("timeoutMs") instanceof Long milliseconds ? Duration.ofMillis(milliseconds) : null;
        CallOptions options = new CallOptions((Long) call.get("deadlineMs"), timeout, (String) call.get("traceparent"), (Boolean) call.get("idempotent"));
        CompletableFuture<Reply> future = client.request((String) call.get("method"), params, options);
        if (call.containsKey("cancelWhen")) done.get(call.get("cancelWhen")).thenRun(() -> future.cancel(true));
        return future.handle((reply, failure) -> reply != null ? Map.of("result", reply.result(), "meta", reply.meta()) : outcome(failure));
    }

    private static Map<String, Object> outcome(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        Map<String, Object> told = new LinkedHashMap<>();
        if (cause instanceof ForetasteException.ServerError error) {
            told.put("reason", error.reason());
            told.put("status", error.status());
            told.put("code", error.code());
            told.put("message", error.text());
            told.put("retryable", error.retryable());
            told.put("field", error.field());
        } else if (cause instanceof ForetasteException.ConnectionFailed failed) {
            told.put("failed", failed.kind().name());
            told.put("message", failed.getMessage());
        } else {
            told.put("failed", cause instanceof ForetasteException.TimedOut ? "TIMED_OUT"
                : cause instanceof ForetasteException.InvalidRequest ? "INVALID"
                : cause instanceof CancellationException ? "CANCELLED" : "OTHER " + cause);
        }
        return told;
    }

    private static Options options(Map<String, Object> told) throws Exception {
        Options options = new Options()
            .servers(Members.list(Members.TEXT).apply(told.get("servers")).toArray(String[]::new))
            .connections((int) number(told, "connections"))
            .retries((int) number(told, "retries"))
            .timeout(Duration.ofMillis(number(told, "timeoutMs")))
            .connectTimeout(Duration.ofMillis(number(told, "connectTimeoutMs")))
            .silenceTimeout(Duration.ofMillis(number(told, "silenceMs")))
            .backoff(Duration.ofMillis(number(told, "backoffMs")), Duration.ofMillis(number(told, "backoffLimitMs")))
            .strict(Boolean.TRUE.equals(told.get("strict")))
            .key((String) told.get("key"))
            .name((String) told.get("name"));
        if (told.get("tls") instanceof Map<?, ?> tls) {
            TLS chosen = tls.get("ca") instanceof String path ? TLS.trusting(Path.of(path)) : TLS.trustingSystem();
            options.tls(tls.get("serverName") instanceof String name ? chosen.withServerName(name) : chosen);
        }
        return options;
    }

    private static long number(Map<String, Object> told, String name) {
        return Members.INTEGER.apply(told.get(name));
    }
}
