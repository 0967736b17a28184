package io.soilhub.scalability.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Application;
import jakarta.ws.rs.ext.Provider;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/// The architecture as rules over the classes of one base package. They take the package as an
/// argument, so that each can be shown to fire on a deliberate violation as well ([RulesFireTest]).
final class Rules {

  /// Which package may use which, besides itself and `platform`. One line a package; arrows go down
  /// only.
  static final Map<String, Set<String>> ARROWS =
      new TreeMap<>(
          Map.ofEntries(
              entry("platform", Set.of()),
              entry("exposition", Set.of("monitoring", "resilience")),
              entry("quantiles", Set.of()),
              entry("monitoring", Set.of("quantiles")),
              entry("performance", Set.of("fleet", "monitoring", "quantiles", "resilience")),
              entry("signals", Set.of("alerts", "monitoring", "quantiles", "resilience")),
              entry("anomalies", Set.of()),
              entry("watch", Set.of("anomalies", "monitoring", "quantiles")),
              entry("outbound", Set.of()),
              entry("access", Set.of("outbound")),
              entry("tracing", Set.of()),
              entry("logging", Set.of("access", "tracing")),
              entry("resilience", Set.of()),
              entry("edge", Set.of("outbound")),
              entry("journal", Set.of("monitoring", "tracing")),
              entry("queueing", Set.of("journal")),
              entry("entries", Set.of()),
              entry("coherence", Set.of("entries")),
              entry("cache", Set.of("entries", "coherence", "edge")),
              entry(
                  "values", Set.of("cache", "entries", "edge", "jobs", "monitoring", "resilience")),
              entry("jobs", Set.of("monitoring", "resilience", "journal", "queueing", "tracing")),
              entry("notifications", Set.of("jobs", "outbound")),
              entry("alerts", Set.of("monitoring", "notifications", "resilience")),
              entry("housekeeping", Set.of("jobs", "journal")),
              entry("strategies", Set.of()),
              entry("fleet", Set.of("strategies")),
              entry(
                  "balancing",
                  Set.of("fleet", "strategies", "resilience", "monitoring", "outbound")),
              entry("probing", Set.of("balancing", "fleet", "strategies", "outbound")),
              entry("discovery", Set.of("balancing", "fleet")),
              entry("gateway", Set.of("balancing", "fleet", "strategies", "tracing")),
              entry("upstream", Set.of("gateway", "balancing", "fleet", "outbound")),
              entry("frontends", Set.of("gateway", "balancing", "access", "monitoring", "tracing")),
              entry("trials", Set.of()),
              entry("prediction", Set.of("trials")),
              entry("recommendation", Set.of("trials", "prediction")),
              entry(
                  "varieties",
                  Set.of(
                      "cache",
                      "values",
                      "entries",
                      "edge",
                      "jobs",
                      "monitoring",
                      "trials",
                      "prediction",
                      "recommendation")),
              entry("variables", Set.of()),
              entry(
                  "api",
                  Set.of(
                      "access",
                      "resilience",
                      "monitoring",
                      "exposition",
                      "logging",
                      "tracing",
                      "variables"))));

  private static final String FORBIDDEN_NAMES = ".*(Impl|Service|Manager|Helper|Utils?)";

  private final String base;

  Rules(String base) {
    this.base = base;
  }

  /// All rules by the name under which a failure is reported.
  Map<String, ArchRule> all() {
    Map<String, ArchRule> rules = new LinkedHashMap<>();
    ARROWS.forEach((name, allowed) -> rules.put("arrows of " + name, arrows(name, allowed)));
    rules.put("every package has its line", everyPackageIsListed());
    rules.put("no cycles", slices().matching(base + ".(*)..").should().beFreeOfCycles());
    rules.put("Redis behind its adapters", redis());
    rules.put("JPA behind its adapters", persistence());
    rules.put("OpenTelemetry behind its adapter", telemetry());
    rules.put("HTTP in resources", http());
    rules.put("time and chance from outside", ambient());
    rules.put("names", names());
    rules.put("JAX-RS classes are public", jaxrs());
    rules.put("beans can be proxied", beans());
    return rules;
  }

  private ArchRule arrows(String name, Set<String> allowed) {
    return noClasses()
        .that()
        .resideInAPackage(base + "." + name)
        .should()
        .dependOnClassesThat(
            describe(
                "are of another package than " + name + ", platform and " + allowed,
                target -> {
                  String other = feature(target);
                  return !other.isEmpty()
                      && !other.equals(name)
                      && !other.equals("platform")
                      && !allowed.contains(other);
                }))
        .allowEmptyShould(true);
  }

  private ArchRule everyPackageIsListed() {
    return classes()
        .that()
        .resideInAPackage(base + "..")
        .should(
            condition(
                "reside in a package of the table of arrows, one level deep",
                type -> ARROWS.containsKey(feature(type))));
  }

  private ArchRule redis() {
    return noClasses()
        .that()
        .resideOutsideOfPackages(base + ".platform", base + ".queueing")
        .and()
        .haveSimpleNameNotStartingWith("Redis")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("redis.clients..");
  }

  private ArchRule persistence() {
    return noClasses()
        .that()
        .resideOutsideOfPackages(base + ".platform", base + ".journal")
        .and()
        .haveNameNotMatching(".*(Row|Journal|History|Log|Store|Records)")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("jakarta.persistence..", "org.hibernate..");
  }

  private ArchRule telemetry() {
    return noClasses()
        .that()
        .resideOutsideOfPackage(base + ".tracing")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.opentelemetry..");
  }

  private ArchRule http() {
    return noClasses()
        .that()
        .resideOutsideOfPackages(base + ".api", base + ".access", base + ".edge")
        .and()
        .haveNameNotMatching(".*Resource(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jakarta.ws.rs..");
  }

  /// Calls that read the machine instead of what was handed in, as owner, name and parameters.
  private static final Set<String> AMBIENT =
      Set.of(
          "java.time.Instant.now()",
          "java.time.LocalDate.now()",
          "java.time.LocalDateTime.now()",
          "java.time.OffsetDateTime.now()",
          "java.time.ZonedDateTime.now()",
          "java.lang.System.currentTimeMillis()",
          "java.lang.System.nanoTime()",
          "java.lang.Math.random()",
          "java.util.Random.<init>()",
          "java.util.concurrent.ThreadLocalRandom.current()",
          "java.lang.Thread.sleep(long)",
          "java.lang.Thread.sleep(java.time.Duration)");

  private ArchRule ambient() {
    return noClasses()
        .that()
        .resideOutsideOfPackage(base + ".platform")
        .should()
        .accessTargetWhere(
            describe(
                "asks the clock, makes chance or sleeps",
                access -> AMBIENT.contains(access.getTarget().getFullName())));
  }

  private ArchRule names() {
    return noClasses()
        .that()
        .areTopLevelClasses()
        .should()
        .haveNameMatching(FORBIDDEN_NAMES)
        .as("names say what a class is, not that it is one (" + FORBIDDEN_NAMES + ")");
  }

  private ArchRule jaxrs() {
    return classes()
        .that()
        .areAnnotatedWith(Path.class)
        .or()
        .areAnnotatedWith(Provider.class)
        .or()
        .areAssignableTo(Application.class)
        .should(
            condition(
                "be public with a public constructor, or every endpoint answers 500",
                type ->
                    type.isInterface()
                        || (type.getModifiers().contains(JavaModifier.PUBLIC)
                            && type.getConstructors().stream()
                                .anyMatch(c -> c.getModifiers().contains(JavaModifier.PUBLIC)))))
        .allowEmptyShould(true);
  }

  private ArchRule beans() {
    return classes()
        .that()
        .areAnnotatedWith(ApplicationScoped.class)
        .or()
        .areAnnotatedWith(RequestScoped.class)
        .should(
            condition(
                "have a no-argument constructor, no final method and only private fields",
                type ->
                    type.getConstructors().stream().anyMatch(c -> c.getParameters().isEmpty())
                        && type.getMethods().stream()
                            .filter(m -> !m.getModifiers().contains(JavaModifier.PRIVATE))
                            .noneMatch(m -> m.getModifiers().contains(JavaModifier.FINAL))
                        && type.getFields().stream()
                            .filter(f -> !f.getModifiers().contains(JavaModifier.STATIC))
                            .allMatch(f -> f.getModifiers().contains(JavaModifier.PRIVATE))))
        .allowEmptyShould(true);
  }

  /// The package directly below the base, or empty for a class from elsewhere.
  private String feature(JavaClass type) {
    JavaClass element = type.getBaseComponentType();
    String name = element.getPackageName();
    return name.startsWith(base + ".") ? name.substring(base.length() + 1) : "";
  }

  private static ArchCondition<JavaClass> condition(
      String description, Predicate<JavaClass> holds) {
    return new ArchCondition<>(description) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        if (!holds.test(type)) {
          events.add(
              SimpleConditionEvent.violated(type, type.getName() + " does not " + description));
        }
      }
    };
  }
}
