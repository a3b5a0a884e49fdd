package foretaste;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a request takes, member by member. A member that is null is not sent. */
public abstract class Parameters {
    private final Map<String, Object> members = new LinkedHashMap<>();

    Parameters() {}

    public Map<String, Object> members() {
        return Collections.unmodifiableMap(members);
    }

    final void put(String name, Object value) {
        if (value == null) {
            members.remove(name);
        } else {
            members.put(name, value);
        }
    }
}
