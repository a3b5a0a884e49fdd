package foretaste;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON texts: null, Boolean, Long (BigInteger where it is larger), Double, String, List and Map. */
final class Json {
    /** More than any reply has; what is deeper must not take the stack. */
    private static final int DEPTH_LIMIT = 128;

    static final class SyntaxException extends Exception {
        private static final long serialVersionUID = 1;

        SyntaxException(String message, int position) {
            super(message + " at character " + position);
        }
    }

    private final String text;
    private int position;

    private Json(String text) {
        this.text = text;
    }

    static Object parse(String text) throws SyntaxException {
        Json parser = new Json(text);
        Object value = parser.value(1);
        parser.skipSpace();
        if (parser.position != text.length()) throw parser.error("text behind the value");
        return value;
    }

    private Object value(int depth) throws SyntaxException {
        if (depth > DEPTH_LIMIT) throw error("nested deeper than " + DEPTH_LIMIT);
        skipSpace();
        switch (peek()) {
            case '{':
                return object(depth);
            case '[':
                return array(depth);
            case '"':
                return string();
            case 't':
                return word("true", Boolean.TRUE);
            case 'f':
                return word("false", Boolean.FALSE);
            case 'n':
                return word("null", null);
            default:
                return number();
        }
    }

    private Map<String, Object> object(int depth) throws SyntaxException {
        Map<String, Object> members = new LinkedHashMap<>();
        position++;
        skipSpace();
        if (take('}')) return members;
        do {
            skipSpace();
            if (peek() != '"') throw error("no name of a member");
            String name = string();
            skipSpace();
            if (!take(':')) throw error("no colon");
            members.put(name, value(depth + 1));
            skipSpace();
        } while (take(','));
        if (!take('}')) throw error("no end of an object");
        return members;
    }

    private List<Object> array(int depth) throws SyntaxException {
        List<Object> elements = new ArrayList<>();
        position++;
        skipSpace();
        if (take(']')) return elements;
        do {
            elements.add(value(depth + 1));
            skipSpace();
        } while (take(','));
        if (!take(']')) throw error("no end of a list");
        return elements;
    }

    private String string() throws SyntaxException {
        int begin = ++position;
        int end = begin;
        while (end < text.length() && text.charAt(end) != '"' && text.charAt(end) != '\\' && text.charAt(end) >= ' ') end++;
        StringBuilder found = new StringBuilder().append(text, begin, end);
        position = end;
        while (!take('"')) {
            char letter = peek();
            if (letter < ' ') throw error("a control character, or no end, in a text");
            position++;
            found.append(letter == '\\' ? escaped() : letter);
        }
        // Only an escape can bring half a pair, which comes as its own code point.
        if (found.codePoints().anyMatch(code -> code >= 0xD800 && code <= 0xDFFF)) throw error("half a surrogate pair");
        return found.toString();
    }

    private char escaped() throws SyntaxException {
        char letter = peek();
        position++;
        switch (letter) {
            case '"', '\\', '/':
                return letter;
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'u':
                int code = 0;
                for (int count = 0; count < 4; count++) {
                    int digit = Character.digit(peek(), 16);
                    if (digit < 0 || peek() > 'f') throw error("no hexadecimal digit");
                    code = code * 16 + digit;
                    position++;
                }
                return (char) code;
            default:
                throw error("an unknown escape");
        }
    }

    private Object number() throws SyntaxException {
        int begin = position;
        boolean isInteger = true;
        take('-');
        if (!take('0')) digits();
        if (take('.')) {
            isInteger = false;
            digits();
        }
        if (take('e') || take('E')) {
            isInteger = false;
            if (!take('+')) take('-');
            digits();
        }
        String found = text.substring(begin, position);
        if (!isInteger) {
            double number = Double.parseDouble(found);
            if (Double.isInfinite(number)) throw error("a number beyond all doubles");
            return number;
        }
        // 2^64 has 20 digits; no reply has larger integers.
        if (found.length() > 20) throw error("an integer of more than 20 characters");
        BigInteger integer = found.length() > 18 ? new BigInteger(found) : null;
        if (integer != null && integer.bitLength() > 63) return integer;
        return Long.parseLong(found);
    }

    private void digits() throws SyntaxException {
        int begin = position;
        while (position < text.length() && text.charAt(position) >= '0' && text.charAt(position) <= '9') position++;
        if (position == begin) throw error("no JSON value");
    }

    private Object word(String word, Object value) throws SyntaxException {
        if (!text.startsWith(word, position)) throw error("no JSON value");
        position += word.length();
        return value;
    }

    private void skipSpace() {
        while (position < text.length() && " \t\n\r".indexOf(text.charAt(position)) >= 0) position++;
    }

    /** NUL, which is nowhere allowed, at the end. */
    private char peek() {
        return position < text.length() ? text.charAt(position) : 0;
    }

    private boolean take(char letter) {
        if (peek() != letter) return false;
        position++;
        return true;
    }

    private SyntaxException error(String message) {
        return new SyntaxException(message, position);
    }

    /** Throws IllegalArgumentException where the value is no JSON. */
    static String write(Object value) {
        StringBuilder out = new StringBuilder();
        write(value, out, 1);
        return out.toString();
    }

    private static void write(Object value, StringBuilder out, int depth) {
        if (depth > DEPTH_LIMIT) throw new IllegalArgumentException("nested deeper than " + DEPTH_LIMIT);
        if (value instanceof Parameters params) {
            write(params.members(), out, depth);
        } else if (value instanceof Map<?, ?> members) {
            writeObject(members, out, depth);
        } else if (value instanceof Iterable<?> elements) {
            char separator = '[';
            for (Object element : elements) {
                out.append(separator);
                write(element, out, depth + 1);
                separator = ',';
            }
            out.append(separator == '[' ? "[]" : "]");
        } else if (value instanceof CharSequence letters) {
            writeText(letters, out);
        } else if (value == null || value instanceof Boolean || isWhole(value)) {
            out.append(value);
        } else if (value instanceof Double || value instanceof Float) {
            if (!Double.isFinite(((Number) value).doubleValue())) throw new IllegalArgumentException(value + " is no number of JSON");
            out.append(value);
        } else {
            throw new IllegalArgumentException("an object of " + value.getClass().getName() + " is no value of JSON");
        }
    }

    private static boolean isWhole(Object value) {
        return value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte
            || value instanceof BigInteger || value instanceof BigDecimal;
    }

    private static void writeObject(Map<?, ?> members, StringBuilder out, int depth) {
        char separator = '{';
        for (Map.Entry<?, ?> member : members.entrySet()) {
            if (!(member.getKey() instanceof String name)) throw new IllegalArgumentException("a member's name is a String");
            out.append(separator);
            writeText(name, out);
            out.append(':');
            write(member.getValue(), out, depth + 1);
            separator = ',';
        }
        out.append(separator == '{' ? "{}" : "}");
    }

    private static void writeText(CharSequence letters, StringBuilder out) {
        out.append('"');
        for (int place = 0; place < letters.length(); place++) {
            char letter = letters.charAt(place);
            if (letter == '"' || letter == '\\') {
                out.append('\\').append(letter);
            } else if (letter < ' ') {
                out.append(String.format("\\u%04x", (int) letter));
            } else {
                out.append(letter);
            }
        }
        out.append('"');
    }
}
