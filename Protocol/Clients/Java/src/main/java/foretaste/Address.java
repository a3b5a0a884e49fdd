package foretaste;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** HOST, HOST:PORT, [V6]:PORT or a bare V6 address. */
record Address(String host, int port) {
    static final int DEFAULT_PORT = 7411;
    private static final Pattern PATTERN = Pattern.compile("(?:\\[([^\\]]+)\\]|([^:\\[\\]]+))(?::([0-9]{1,5}))?");

    static Address parse(String text) {
        if (text.chars().filter(letter -> letter == ':').count() > 1 && !text.startsWith("[")) return new Address(text, DEFAULT_PORT);
        Matcher parts = PATTERN.matcher(text);
        if (parts.matches()) {
            int port = parts.group(3) == null ? DEFAULT_PORT : Integer.parseInt(parts.group(3));
            if (port >= 1 && port <= 65_535) return new Address(parts.group(1) == null ? parts.group(2) : parts.group(1), port);
        }
        throw new IllegalArgumentException("an address is HOST:PORT with a port of 1 to 65535, not \"" + text + "\"");
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
