package foretaste;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Asks a real server, given as HOST:PORT, by every method's own function: none may be unknown to it. */
final class LiveTest {
    /** Mistakes of the client or of the server; every other reason is about the sample shop, or about what is asked here. */
    private static final Set<String> WRONG = Set.of("METHOD_NOT_FOUND", "INVALID_REQUEST", "PARSE_ERROR", "FRAME_TOO_LARGE", "BUG");

    private LiveTest() {}

    public static void main(String[] arguments) throws Exception {
        try (Client client = new Client(new Options().servers(arguments[0]).name("live test"))) {
            askEverything(client);
            askWell(client);
        }
    }

    private static void askEverything(Client client) throws Exception {
        List<String> known = client.hello().join().methods();
        for (Method wrapper : Methods.class.getMethods()) {
            Class<?>[] types = wrapper.getParameterTypes();
            if (types.length != 1 || !Parameters.class.isAssignableFrom(types[0])) continue;
            Constructor<?> constructor = types[0].getConstructors()[0];
            Object[] values = new Object[constructor.getParameterCount()];
            for (int place = 0; place < values.length; place++) values[place] = value(constructor.getParameterTypes()[place]);
            Parameters params = (Parameters) constructor.newInstance(values);
            if (params instanceof Types.RecommendUserParams user) user.userId("u00001");
            try {
                check(((CompletableFuture<?>) wrapper.invoke(client, params)).join() instanceof Record, wrapper.getName());
            } catch (CompletionException failure) {
                // An older server than this client may lack methods, which its hello then does not list.
                boolean isKnown = known.stream().anyMatch(name -> name.replace(".", "").equalsIgnoreCase(wrapper.getName()));
                boolean isExpected = failure.getCause() instanceof ForetasteException.ServerError error
                    && (!WRONG.contains(error.reason()) || error.reason().equals("METHOD_NOT_FOUND") && !isKnown);
                check(isExpected, wrapper.getName() + ": " + failure.getCause());
            }
        }
    }

    private static Object value(Class<?> type) {
        if (type == String.class) return "i00001";
        if (type == List.class) return List.of("i00001");
        if (type == long.class) return 1L;
        return type == double.class ? (Object) 1.0 : type == boolean.class ? (Object) true : null;
    }

    private static void askWell(Client client) {
        Types.RecommendUserParams params = new Types.RecommendUserParams().userId("u00001").count(5L).explain("full").fields(List.of("*"))
            .weights(new Types.Weights().content(1.0)).recentItems(List.of(new Types.RecentItem("i00001"), new Types.RecentItem("i00002").weight(2.0)));
        Types.RecommendResult answer = client.recommendUser(params).join();
        check(answer.items().size() == 5 && answer.items().get(0).contributions() != null, answer.toString());
        refused(client, "recommend.item", Map.of("itemId", 17));
        refused(client, "recommend.item", Map.of("itemId", "\ud83e"));
        refused(client, "ping", Map.of("echo", Double.NaN));
        refused(client, "ping", Map.of("echo", new Object()));
        check(client.call("ping", Map.of("echo", "\\ud83e 🧀\u0001")).join().get("echo").equals("\\ud83e 🧀\u0001"), "echo");
        List<CompletableFuture<Types.RecommendResult>> lists = new ArrayList<>();
        for (int number = 0; number < 1000; number++) lists.add(client.recommendUser(new Types.RecommendUserParams().userId("u" + number).count(20L)));
        for (CompletableFuture<Types.RecommendResult> list : lists) check(list.join().items().size() == 20, "a list of 20");
        // What hangs on an answer may wait for another one.
        check(client.ping().thenApply(first -> client.ping().join()).join() != null, "a call within a call");
    }

    private static void refused(Client client, String method, Map<String, Object> params) {
        try {
            client.call(method, params).join();
            throw new AssertionError(method + " was sent with " + params);
        } catch (CompletionException failure) {
            check(failure.getCause() instanceof ForetasteException.InvalidRequest, failure.toString());
        }
    }

    private static void check(boolean isTrue, String text) {
        if (!isTrue) throw new AssertionError(text);
    }
}
