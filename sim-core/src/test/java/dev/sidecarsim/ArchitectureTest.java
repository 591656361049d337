package dev.sidecarsim;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;

/** The arrows between the packages, and the two habits that keep a run repeatable. */
@AnalyzeClasses(packages = "dev.sidecarsim", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String[] LEFT_TO_RIGHT = {
    "net", "time", "trace", "json", "classify", "netfilter", "host", "tls", "sim", "kube", "app"
  };

  @ArchTest static final ArchRule ARROWS = arrows();

  private static ArchRule arrows() {
    Architectures.LayeredArchitecture layers =
        Architectures.layeredArchitecture().consideringOnlyDependenciesInLayers();
    for (String name : LEFT_TO_RIGHT) {
      layers = layers.layer(name).definedBy("dev.sidecarsim." + name + "..");
    }
    layers =
        layers
            .layer("render")
            .definedBy("dev.sidecarsim.render..")
            .optionalLayer("testing")
            .definedBy("dev.sidecarsim.testing..")
            .whereLayer("render")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("testing")
            .mayNotBeAccessedByAnyLayer();
    return layers
        .whereLayer("net")
        .mayNotAccessAnyLayer()
        .whereLayer("time")
        .mayNotAccessAnyLayer()
        .whereLayer("json")
        .mayNotAccessAnyLayer()
        .whereLayer("classify")
        .mayNotAccessAnyLayer()
        .whereLayer("classify")
        .mayOnlyBeAccessedByLayers("netfilter")
        .whereLayer("trace")
        .mayOnlyAccessLayers("net", "time")
        .whereLayer("netfilter")
        .mayOnlyAccessLayers("net", "time", "trace", "json", "classify")
        .whereLayer("host")
        .mayOnlyAccessLayers("net", "time", "trace", "json", "netfilter")
        .whereLayer("tls")
        .mayOnlyAccessLayers("net", "time", "trace", "host")
        .whereLayer("tls")
        .mayOnlyBeAccessedByLayers("app")
        .whereLayer("sim")
        .mayOnlyAccessLayers("net", "time", "trace", "json", "netfilter", "host")
        .whereLayer("kube")
        .mayOnlyAccessLayers("net", "time", "trace", "json", "netfilter", "host", "sim")
        .whereLayer("app")
        .mayOnlyAccessLayers(
            "net", "time", "trace", "json", "netfilter", "host", "tls", "sim", "kube");
  }

  @ArchTest
  static final ArchRule ONLY_JSON_NAMES_JACKSON =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.sidecarsim.json..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.fasterxml.jackson..");

  @ArchTest
  static final ArchRule NO_WORD_OF_ISTIO_OR_ENVOY =
      noClasses()
          .should()
          .haveNameMatching("(?i).*(istio|envoy).*")
          .because("sim-core knows processes and rules, not products");

  @ArchTest
  static final ArchRule NO_CLOCK_AND_NO_THREAD =
      noClasses()
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(java.time.Instant.class, "now")
          .orShould()
          .callMethod(System.class, "identityHashCode", Object.class)
          .orShould()
          .callMethod(Math.class, "random")
          .orShould()
          .callConstructor(Thread.class, Runnable.class)
          .because("the same spec and seed give the same run");

  @ArchTest
  static final ArchRule CHANCE_COMES_FROM_THE_SEED =
      classes()
          .that(callRandomsConstructor())
          .should()
          .haveFullyQualifiedName("dev.sidecarsim.time.Seed");

  private static DescribedPredicate<JavaClass> callRandomsConstructor() {
    return DescribedPredicate.describe(
        "make a source of random numbers",
        type ->
            type.getConstructorCallsFromSelf().stream()
                .anyMatch(
                    call ->
                        call.getTargetOwner()
                            .isAssignableTo(java.util.random.RandomGenerator.class)));
  }
}
