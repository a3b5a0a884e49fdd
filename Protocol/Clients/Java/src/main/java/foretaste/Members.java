package foretaste;

import foretaste.ForetasteException.ConnectionFailed;
import foretaste.ForetasteException.Kind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads the members of a JSON object into records. */
final class Members {
    static final Function<Object, String> TEXT = value -> expect(value, String.class, "text");
    static final Function<Object, Boolean> FLAG = value -> expect(value, Boolean.class, "true or false");
    static final Function<Object, Object> ANY = value -> value;
    static final Function<Object, Long> INTEGER = value -> {
        // Beyond 2^63 the nearest that a long has.
        if (value instanceof BigInteger large) return large.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        if (value instanceof Double number && number == Math.rint(number)) return number.longValue();
        return expect(value, Long.class, "an integer");
    };
    static final Function<Object, Double> NUMBER = value -> expect(value, Number.class, "a number").doubleValue();

    private final String name;
    private final Map<String, Object> members;

    Members(String name, Object value) {
        this.name = name;
        members = object(value);
    }

    Object find(String member, boolean isRequired) {
        Object value = members.get(member);
        if (value == null && isRequired) {
            throw new ConnectionFailed(Kind.PROTOCOL, "the server's " + name + " lacks the member " + member, false);
        }
        return value;
    }

    static <Value> Value read(Object value, Function<Object, Value> reader) {
        return value == null ? null : reader.apply(value);
    }

    static <Value> Function<Object, List<Value>> list(Function<Object, Value> element) {
        return value -> {
            List<Value> found = new ArrayList<>();
            for (Object each : expect(value, List.class, "a list")) found.add(element.apply(each));
            return Collections.unmodifiableList(found);
        };
    }

    static <Value> Function<Object, Map<String, Value>> map(Function<Object, Value> element) {
        return value -> {
            Map<String, Value> found = new LinkedHashMap<>();
            object(value).forEach((name, each) -> found.put(name, element.apply(each)));
            return Collections.unmodifiableMap(found);
        };
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> object(Object value) {
        return expect(value, Map.class, "an object");
    }

    static Map<String, Object> objectOrEmpty(Object value) {
        return value instanceof Map ? object(value) : Map.of();
    }

    private static <Type> Type expect(Object value, Class<Type> type, String what) {
        if (type.isInstance(value)) return type.cast(value);
        throw new ConnectionFailed(Kind.PROTOCOL, "the server sent a value where " + what + " belongs: " + value, false);
    }
}
