package io.soilhub.scalability.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The main sources keep the rules of the architecture.
class ArchitectureTest {

  private static final String BASE = "io.soilhub.scalability";

  @TestFactory
  Stream<DynamicTest> mainSourcesKeep() {
    JavaClasses main =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(BASE);
    return new Rules(BASE)
        .all().entrySet().stream()
            .map(entry -> DynamicTest.dynamicTest(entry.getKey(), check(entry.getValue(), main)));
  }

  private static org.junit.jupiter.api.function.Executable check(ArchRule rule, JavaClasses in) {
    return () -> rule.check(in);
  }
}
