package foretaste;

import foretaste.ForetasteException.ConnectionFailed;
import foretaste.ForetasteException.InvalidRequest;
import foretaste.ForetasteException.Kind;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Requests to bytes, bytes to replies: four bytes of length, most significant first, and a JSON object. */
final class Frames {
    static final int REQUEST_LIMIT = 4 << 20;
    static final int REPLY_LIMIT = 16 << 20;
    private static final int DEPTH_LIMIT = 32;
    private static final int VALUE_LIMIT = 32_768;
    /** An id's digits, added in front of a body that is made before the connection is known. */
    private static final int ID_ROOM = 32;

    private Frames() {}

    /** The members of a request without its id and its braces. */
    static byte[] encodeBody(String method, Map<String, ?> params, Long deadlineMs, String traceparent) {
        if (method == null || method.isEmpty() || method.getBytes(StandardCharsets.UTF_8).length > 64) {
            throw new InvalidRequest("a method is a string of 1 to 64 bytes, not \"" + method + "\"");
        }
        if (deadlineMs != null && (deadlineMs < 1 || deadlineMs > 600_000)) {
            throw new InvalidRequest("a deadline is 1 to 600000 ms, not " + deadlineMs);
        }
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("method", method);
        if (params != null && !params.isEmpty()) {
            for (String path : MethodTable.ENTRIES.getOrDefault(method, MethodTable.UNKNOWN).idPaths()) {
                checkId(params, path.split("\\."), 0, "params");
            }
            request.put("params", params);
        }
        if (deadlineMs != null) request.put("deadlineMs", deadlineMs);
        if (traceparent != null) request.put("traceparent", traceparent);
        byte[] body = bytes(method, request);
        if (body.length > REQUEST_LIMIT - ID_ROOM) {
            throw new InvalidRequest(method + ": the request has " + body.length + " bytes; a frame has at most " + REQUEST_LIMIT);
        }
        return body;
    }

    private static byte[] bytes(String method, Map<String, Object> request) {
        try {
            String text = Json.write(request);
            checkShape(method, text);
            // A new encoder reports half a surrogate pair; String.getBytes would replace it.
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text, 1, text.length() - 1));
            byte[] body = new byte[encoded.remaining()];
            encoded.get(body);
            return body;
        } catch (CharacterCodingException | IllegalArgumentException error) {
            throw new InvalidRequest(method + ": the parameters are no JSON: " + error.getMessage());
        }
    }

    static byte[] frame(long id, byte[] body) {
        byte[] head = ("{\"id\":" + id + ",").getBytes(StandardCharsets.US_ASCII);
        ByteBuffer out = ByteBuffer.allocate(4 + head.length + body.length + 1);
        out.putInt(head.length + body.length + 1).put(head).put(body).put((byte) '}');
        return out.array();
    }

    /** A notification: it has no id of its own, and no reply. */
    static byte[] cancellation(long id) {
        byte[] payload = ("{\"method\":\"cancel\",\"params\":{\"id\":" + id + "}}").getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(4 + payload.length).putInt(payload.length).put(payload).array();
    }

    /** The next reply, or null where the stream ends between two. */
    static Map<String, Object> read(InputStream stream) throws IOException {
        int first = stream.read();
        if (first < 0) return null;
        byte[] rest = stream.readNBytes(3);
        if (rest.length < 3) throw new EOFException("the server closed the connection in the middle of a frame");
        long length = Integer.toUnsignedLong(first << 24 | (rest[0] & 255) << 16 | (rest[1] & 255) << 8 | rest[2] & 255);
        if (length == 0 || length > REPLY_LIMIT) {
            throw new ConnectionFailed(Kind.PROTOCOL, "not a Foretaste server: it announces a frame of " + length + " bytes", false);
        }
        byte[] payload = stream.readNBytes((int) length);
        if (payload.length < length) throw new EOFException("the server closed the connection in the middle of a frame");
        return decode(payload);
    }

    private static Map<String, Object> decode(byte[] payload) {
        Object reply;
        try {
            reply = Json.parse(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString());
        } catch (CharacterCodingException | Json.SyntaxException error) {
            throw new ConnectionFailed(Kind.PROTOCOL, "the server's frame is no JSON: " + error.getMessage(), false);
        }
        if (reply instanceof Map) return Members.object(reply);
        throw new ConnectionFailed(Kind.PROTOCOL, "the server's frame is no JSON object", false);
    }

    /** Ids are strings: a library that reads numbers as doubles makes one of two ids above 2^53. */
    private static void checkId(Object value, String[] parts, int depth, String place) {
        Map<?, ?> members = value instanceof Parameters params ? params.members() : value instanceof Map<?, ?> map ? map : Map.of();
        boolean isList = parts[depth].endsWith("[]");
        String name = isList ? parts[depth].substring(0, parts[depth].length() - 2) : parts[depth];
        Object found = members.get(name);
        List<?> elements = isList ? (found instanceof List<?> list ? list : List.of()) : found == null ? List.of() : List.of(found);
        for (int index = 0; index < elements.size(); index++) {
            Object element = elements.get(index);
            String here = place + "." + name + (isList ? "[" + index + "]" : "");
            if (depth + 1 < parts.length) {
                checkId(element, parts, depth + 1, here);
            } else if (element instanceof Number || element instanceof Boolean) {
                throw new InvalidRequest(here + " is an id, which is a string: send \"" + element + "\", not " + element);
            }
        }
    }

    /** What the server answers by ending the connection, and the other requests on it: too deep, or too many values. */
    private static void checkShape(String method, String text) {
        int depth = 0;
        // The id's comma comes to it.
        int values = 1;
        for (int place = 0; place < text.length(); place++) {
            switch (text.charAt(place)) {
                case '"':
                    for (place++; text.charAt(place) != '"'; place++) if (text.charAt(place) == '\\') place++;
                    break;
                case '[', '{':
                    values++;
                    if (++depth > DEPTH_LIMIT) throw new InvalidRequest(method + ": the request is nested deeper than " + DEPTH_LIMIT);
                    break;
                case ']', '}':
                    depth--;
                    break;
                case ',':
                    values++;
                    break;
                default:
                    break;
            }
        }
        if (values > VALUE_LIMIT) throw new InvalidRequest(method + ": the request has more than " + VALUE_LIMIT + " values");
    }
}
