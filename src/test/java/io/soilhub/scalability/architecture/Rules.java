package io.soilhub.scalability.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.Dependency;
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
import java.util.TreeSet;
import java.util.function.Predicate;

/// The architecture as rules over the classes of one base package. They take the package as an
/// argument, so that each can be shown to fire on a deliberate violation as well ([RulesFireTest]).
final class Rules {

  private static final String FORBIDDEN_NAMES = ".*(Impl|Service|Manager|Helper|Utils?)";

  private final String base;

  Rules(String base) {
    this.base = base;
  }

  /// All rules by the name under which a failure is reported.
  Map<String, ArchRule> all() {
    Map<String, ArchRule> rules = new LinkedHashMap<>();
    Layout.FEATURES.forEach(
        (name, allowed) -> rules.put("arrows of " + name, features(name, allowed)));
    Layout.ROOMS.forEach(
        (name, allowed) -> rules.put("arrows of room " + name, rooms(name, allowed)));
    rules.put("doors", doors());
    rules.put("every room has its line", everyRoomIsListed());
    rules.put("no cycles of features", noCycles(".(*).."));
    rules.put("no cycles of rooms", noCycles(".(**)"));
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

  private ArchRule features(String name, Set<String> allowed) {
    return noClasses()
        .that(describe("are of feature " + name, type -> feature(type).equals(name)))
        .should()
        .dependOnClassesThat(
            describe(
                "are of another feature than " + name + ", platform and " + allowed,
                target -> {
                  String other = feature(target);
                  return !other.isEmpty()
                      && !other.equals(name)
                      && !other.equals("platform")
                      && !allowed.contains(other);
                }))
        .allowEmptyShould(true);
  }

  private ArchRule rooms(String name, Set<String> allowed) {
    String feature = featureOf(name);
    return noClasses()
        .that(describe("are of room " + name, type -> room(type).equals(name)))
        .should()
        .dependOnClassesThat(
            describe(
                "are of another room of " + feature + " than " + name + " and " + allowed,
                target -> {
                  String other = room(target);
                  return featureOf(other).equals(feature)
                      && !other.equals(name)
                      && !allowed.contains(other.substring(other.indexOf('.') + 1));
                }))
        .allowEmptyShould(true);
  }

  private ArchRule doors() {
    return classes()
        .that()
        .resideInAPackage(base + "..")
        .should(
            new ArchCondition<>(
                "use only the doors of another feature, " + new TreeSet<>(Layout.DOORS)) {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                for (Dependency use : type.getDirectDependenciesFromSelf()) {
                  String other = room(use.getTargetClass());
                  if (!other.isEmpty()
                      && !featureOf(other).equals(feature(type))
                      && !featureOf(other).equals("platform")
                      && !Layout.DOORS.contains(other)) {
                    events.add(SimpleConditionEvent.violated(type, use.getDescription()));
                  }
                }
              }
            });
  }

  private ArchRule noCycles(String slice) {
    return slices().matching(base + slice).should().beFreeOfCycles();
  }

  private ArchRule everyRoomIsListed() {
    return classes()
        .that()
        .resideInAPackage(base + "..")
        .and()
        .doNotHaveSimpleName("package-info")
        .should(
            condition(
                "reside in a feature and a room of the two tables",
                type ->
                    Layout.FEATURES.containsKey(feature(type))
                        && Layout.ROOMS.containsKey(room(type))));
  }

  private ArchRule redis() {
    return noClasses()
        .that()
        .resideOutsideOfPackages(base + ".platform", base + ".platform.redis", base + ".jobs.queue")
        .and()
        .haveSimpleNameNotStartingWith("Redis")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("redis.clients..");
  }

  private ArchRule persistence() {
    return noClasses()
        .that()
        .resideOutsideOfPackages(base + ".platform.postgres", base + ".jobs.journal")
        .and()
        .haveNameNotMatching(".*(Row|Journal|History|Log|Store|Records)")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("jakarta.persistence..", "org.hibernate..");
  }

  private ArchRule telemetry() {
    return noClasses()
        .that()
        .resideOutsideOfPackage(base + ".telemetry.tracing")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.opentelemetry..");
  }

  private ArchRule http() {
    return noClasses()
        .that()
        .resideOutsideOfPackages(base + ".api", base + ".access", base + ".cache.cdn")
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
        .resideOutsideOfPackage(base + ".platform..")
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

  /// The folder directly below the base, or empty for a class from elsewhere.
  private String feature(JavaClass type) {
    return featureOf(room(type));
  }

  private static String featureOf(String room) {
    int dot = room.indexOf('.');
    return dot < 0 ? room : room.substring(0, dot);
  }

  /// The package below the base, feature and room, or empty for a class from elsewhere.
  private String room(JavaClass type) {
    String name = type.getBaseComponentType().getPackageName();
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
