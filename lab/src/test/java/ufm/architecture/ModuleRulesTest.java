package ufm.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The arrows between modules point one way, predictions share no code with what they are held against, names are nouns of the field. */
class ModuleRulesTest {
  /** Packages of the module simulator. */
  private static final String[] SIMULATOR = {
    "ufm.problem..", "ufm.backend..", "ufm.objective..", "ufm.manifold..", "ufm.random..", "ufm.theory..", "ufm.metric.."
  };

  /** Packages of the module solvers. */
  private static final String[] SOLVERS = {"ufm.solver..", "ufm.solve..", "ufm.certify..", "ufm.landscape.."};

  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          // After packaging, the test classes of another module come in a jar of their own.
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("ufm");

  @Test
  void everyPackageBelongsToAModule() {
    Set<String> roots = ALL.stream().map(c -> c.getPackageName().split("\\.")[1]).collect(Collectors.toCollection(TreeSet::new));
    roots.removeAll(
        Set.of(
            "problem", "backend", "objective", "manifold", "random", "theory", "metric", "solver", "solve", "certify", "landscape", "cuda",
            "lab"));
    assertEquals(Set.of(), roots, "packages that no rule below knows");
  }

  @Test
  void theProblemDependsOnNothing() {
    check(
        classes().that().resideInAPackage("ufm.problem..").should().onlyDependOnClassesThat().resideInAnyPackage("ufm.problem..", "java.."));
  }

  @Test
  void thePredictionsShareNoCodeWithWhatTheyAreHeldAgainst() {
    check(
        noClasses().that().resideInAPackage("ufm.theory..").should().transitivelyDependOnClassesThat()
            .resideInAnyPackage("ufm.objective..", "ufm.solver..", "ufm.solve..", "ufm.backend..", "ufm.certify..", "ufm.metric.."));
    check(
        noClasses().that().resideInAnyPackage("ufm.objective..", "ufm.solver..", "ufm.solve..", "ufm.backend..", "ufm.certify..")
            .should().transitivelyDependOnClassesThat().resideInAPackage("ufm.theory.."));
  }

  @Test
  void modulesDependInOneDirectionOnly() {
    check(noClasses().that().resideInAnyPackage(SIMULATOR).should().dependOnClassesThat().resideInAnyPackage(SOLVERS));
    check(noClasses().that().resideInAnyPackage(SIMULATOR).should().dependOnClassesThat().resideInAnyPackage("ufm.lab..", "ufm.cuda.."));
    check(noClasses().that().resideInAnyPackage(SOLVERS).should().dependOnClassesThat().resideInAnyPackage("ufm.lab..", "ufm.cuda.."));
    check(noClasses().that().resideInAPackage("ufm.cuda..").should().dependOnClassesThat().resideInAnyPackage(SOLVERS));
    check(noClasses().that().resideInAPackage("ufm.cuda..").should().dependOnClassesThat().resideInAPackage("ufm.lab.."));
    check(noClasses().that().resideInAPackage("ufm.lab..").should().dependOnClassesThat().resideInAPackage("ufm.cuda.."));
  }

  @Test
  void thereAreNoCyclesBetweenPackages() {
    check(slices().matching("ufm.(*)..").should().beFreeOfCycles());
    check(slices().matching("ufm.lab.(*)..").should().beFreeOfCycles());
  }

  @Test
  void onlyOnePackageKnowsCudaBindings() {
    check(
        noClasses().that().resideOutsideOfPackage("ufm.cuda..").should().dependOnClassesThat()
            .resideInAnyPackage("jcuda..", "org.bytedeco.cuda.."));
  }

  @Test
  void theSimulatorKnowsNoDatabasePlotOrCommandLine() {
    check(
        noClasses().that().resideOutsideOfPackage("ufm.lab..").should().dependOnClassesThat()
            .resideInAnyPackage("picocli..", "org.knowm..", "org.duckdb..", "me.tongfei..", "java.sql..", "com.fasterxml.."));
  }

  @Test
  void namesAreNounsOfTheField() {
    check(noClasses().should().haveNameMatching(".*(Util|Utils|Helper|Helpers|Manager|Impl)(\\$.*)?"));
    check(noClasses().should().haveSimpleNameStartingWith("Abstract"));
  }

  @Test
  void nobodyPrintsToStandardOutput() {
    check(
        noClasses().that().resideOutsideOfPackage("ufm.lab..").should().accessField(System.class, "out")
            .orShould().accessField(System.class, "err"));
  }

  @Test
  void everyPackageSaysWhatItIs() {
    check(classes().should(residesInADocumentedPackage()));
  }

  @Test
  void theRulesCanFail() {
    ArchRule wrong = noClasses().that().resideInAPackage("ufm.objective..").should().dependOnClassesThat().resideInAPackage("ufm.backend..");
    assertThrows(AssertionError.class, () -> check(wrong));
    assertTrue(ALL.contain("ufm.cuda.CudaDevices") && ALL.contain("ufm.solver.SolverLoop") && ALL.contain("ufm.lab.Ufm"));
  }

  private static void check(ArchRule rule) {
    rule.check(ALL);
  }

  /** A package-info is only compiled to a class where it carries an annotation, so its source is looked for. */
  private static ArchCondition<JavaClass> residesInADocumentedPackage() {
    return new ArchCondition<>("reside in a package with a package-info.java") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        String path = "src/main/java/" + type.getPackageName().replace('.', '/') + "/package-info.java";
        boolean found =
            java.util.stream.Stream.of("simulator", "solvers", "cuda", "lab")
                .anyMatch(m -> java.nio.file.Files.isRegularFile(java.nio.file.Path.of("..", m).resolve(path)));
        if (!found) {
          events.add(SimpleConditionEvent.violated(type, type.getPackageName() + " has no package-info.java"));
        }
      }
    };
  }
}
