package dev.sidecarsim;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between the packages of this module, and those into sim-core. */
@AnalyzeClasses(packages = "dev.sidecarsim", importOptions = ImportOption.DoNotIncludeTests.class)
class IstioArchitectureTest {

  @ArchTest
  static final ArchRule ENVOY_KNOWS_NO_KUBERNETES_AND_NO_ISTIO =
      noClasses()
          .that()
          .resideInAPackage("dev.sidecarsim.envoy..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.sidecarsim.istio..",
              "dev.sidecarsim.upgrade..",
              "dev.sidecarsim.kube..",
              "dev.sidecarsim.app..",
              "dev.sidecarsim.render..",
              "dev.sidecarsim.testing..");

  @ArchTest
  static final ArchRule ZTUNNEL_KNOWS_NO_KUBERNETES_NO_ISTIO_AND_NO_ENVOY =
      noClasses()
          .that()
          .resideInAnyPackage("dev.sidecarsim.ztunnel..", "dev.sidecarsim.hbone..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.sidecarsim.envoy..",
              "dev.sidecarsim.istio..",
              "dev.sidecarsim.upgrade..",
              "dev.sidecarsim.kube..",
              "dev.sidecarsim.app..",
              "dev.sidecarsim.render..",
              "dev.sidecarsim.testing..");

  @ArchTest
  static final ArchRule ENVOY_AND_TUNNELS_KNOW_NO_ZTUNNEL =
      noClasses()
          .that()
          .resideInAnyPackage("dev.sidecarsim.envoy..", "dev.sidecarsim.hbone..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.sidecarsim.ztunnel..");

  @ArchTest
  static final ArchRule ISTIO_KNOWS_NO_APPLICATION =
      noClasses()
          .that()
          .resideInAPackage("dev.sidecarsim.istio..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.sidecarsim.upgrade..",
              "dev.sidecarsim.app..",
              "dev.sidecarsim.render..",
              "dev.sidecarsim.testing..");

  @ArchTest
  static final ArchRule RULES_KNOW_NOTHING_OF_WHO_LOADS_THEM =
      noClasses()
          .that()
          .resideInAnyPackage("dev.sidecarsim.istio.rules..", "dev.sidecarsim.istio.version..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.sidecarsim.istio",
              "dev.sidecarsim.envoy..",
              "dev.sidecarsim.ztunnel..",
              "dev.sidecarsim.sim..",
              "dev.sidecarsim.host..");

  @ArchTest
  static final ArchRule ISTIOD_DOES_NOT_KNOW_WHO_SHOWS_ITS_WORK =
      noClasses()
          .that()
          .resideInAPackage("dev.sidecarsim.istio")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.sidecarsim.istio.proxyconfig..");

  @ArchTest
  static final ArchRule CORE_KNOWS_NEITHER =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.sidecarsim.net..",
              "dev.sidecarsim.host..",
              "dev.sidecarsim.sim..",
              "dev.sidecarsim.kube..",
              "dev.sidecarsim.app..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.sidecarsim.envoy..",
              "dev.sidecarsim.istio..",
              "dev.sidecarsim.hbone..",
              "dev.sidecarsim.ztunnel..")
          .allowEmptyShould(true);
}
