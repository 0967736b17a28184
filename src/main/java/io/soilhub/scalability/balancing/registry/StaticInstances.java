package io.soilhub.scalability.balancing.registry;

import io.soilhub.scalability.balancing.fleet.Instance;
import io.soilhub.scalability.balancing.fleet.InstanceSpec;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.settings.Setting;
import io.soilhub.scalability.platform.settings.Settings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Instances from the variable INSTANCES: `[service/]id=host:port[*weight][@zone]`, with commas
/// between; an IPv6 address stands in brackets.
final class StaticInstances implements InstanceSource {

  private static final Setting<List<String>> INSTANCES =
      Setting.list(
          "INSTANCES",
          "",
          "`[service/]id=host:port[*weight][@zone]`, with commas",
          "instances that are always registered");

  static final List<Setting<?>> ALL = List.of(INSTANCES);

  private static final Pattern FORM =
      Pattern.compile(
          "(?:(?<service>[^/=]+)/)?(?<id>[^=/]+)=(?:\\[(?<six>[^]]+)]|(?<host>[^:\\[\\]]+)):(?<port>\\d{1,5})"
              + "(?:\\*(?<weight>\\d{1,3}))?(?:@(?<zone>.+))?");

  private final List<Instance> instances;

  private StaticInstances(List<Instance> instances) {
    this.instances = List.copyOf(instances);
  }

  /// @throws Settings.InvalidSetting for an entry that cannot be read or an id that comes twice
  static StaticInstances from(Settings settings, Instant now) {
    List<Instance> all = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (String entry : INSTANCES.read(settings)) {
      InstanceSpec instanceSpec = instanceSpec(entry);
      if (!ids.add(instanceSpec.instanceId())) {
        throw new Settings.InvalidSetting(INSTANCES.name(), entry, "a list without an id twice");
      }
      all.add(new Instance(instanceSpec, Instance.Source.STATIC, now, Optional.empty()));
    }
    return new StaticInstances(all);
  }

  @Override
  public List<Instance> instances() {
    return instances;
  }

  private static InstanceSpec instanceSpec(String entry) {
    Matcher match = FORM.matcher(entry);
    if (!match.matches()) {
      throw new Settings.InvalidSetting(
          INSTANCES.name(), entry, "[service/]id=host:port[*weight][@zone] with commas between");
    }
    try {
      return new InstanceSpec(
          match.group("id"),
          or(match.group("service"), InstanceSpec.DEFAULT_SERVICE),
          or(match.group("six"), match.group("host")),
          Integer.parseInt(match.group("port")),
          InstanceSpec.DEFAULT_HEALTH_ENDPOINT,
          Integer.parseInt(or(match.group("weight"), "1")),
          or(match.group("zone"), ""),
          "");
    } catch (Problem e) {
      throw new Settings.InvalidSetting(
          INSTANCES.name(), entry, "a usable instance: " + e.violations().getFirst().detail());
    }
  }

  private static String or(String value, String other) {
    return value == null ? other : value;
  }
}
