package io.tunstack.packetdrill;

import java.util.List;
import java.util.Map;

/**
 * A script, read.
 *
 * @param name what it is called in messages
 * @param settings {@code --name=value} in front
 * @param setup commands of the shell in front
 */
record Script(String name, Map<String, String> settings, List<String> setup, List<Event> events) {
  Script {
    settings = Map.copyOf(settings);
    setup = List.copyOf(setup);
    events = List.copyOf(events);
  }
}
