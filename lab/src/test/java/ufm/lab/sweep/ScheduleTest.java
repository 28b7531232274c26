package ufm.lab.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import ufm.lab.db.FinishedStarts;
import ufm.lab.spec.Experiment;

class ScheduleTest {
  private static final double MEMORY = 1e9;

  private static Experiment sweep(String axes, String... sets) {
    return Experiment.parse(
        "schema: ufm/1\nname: s\nclasses: 4\ndimension: 6\nlambda: {W: 1e-2, H: 1e-2}\nsweep: {axes: [" + axes + "], starts: 3}\n", "test", List.of(sets));
  }

  private static Map<Shape, Integer> shapes(Experiment e) {
    return new Schedule(Grid.of(e), 3, new FinishedStarts(), 2, MEMORY).shapes();
  }

  @Test
  void samplesShareOneShapeOnClassMeansAndHaveTheirOwnOtherwise() {
    String samples = "{field: samples-per-class, values: [1, 5, 20]}";
    assertEquals(List.of(3), List.copyOf(shapes(sweep(samples)).values()));
    assertEquals(List.of(1, 1, 1), List.copyOf(shapes(sweep(samples, "solve.reduce=false")).values()));
  }

  @Test
  void classesAndDimensionChangeTheShapeAndPenaltiesDoNot() {
    Map<Shape, Integer> shapes = shapes(sweep("{field: classes, values: [3, 5]}, {field: lambda.W, from: 1e-3, to: 1, points: 4, scale: log}"));
    assertEquals(Set.of(3, 5), new HashSet<>(shapes.keySet().stream().map(Shape::classes).toList()));
    assertEquals(List.of(4, 4), List.copyOf(shapes.values()));
    assertEquals(2, shapes(sweep("{field: dimension, values: [3, 6]}, {field: lambda.H, values: [1e-3, 1e-2]}")).size());
  }

  @Test
  void lossesOfOneKindShareAShapeAndKindsDoNot() {
    assertEquals(List.of(3), List.copyOf(shapes(sweep("{field: loss.alpha, values: [0, 0.1, 0.2]}", "loss.name=ls")).values()));
    assertEquals(2, shapes(sweep("{field: loss.name, values: [ce, mse]}")).size());
  }

  @Test
  void everyCellIsHandedOutOnceExpensiveOnesFirst() {
    Experiment e = sweep("{field: lambda.W, from: 1e-4, to: 1, points: 30, scale: log}");
    Grid grid = Grid.of(e);
    Schedule schedule = new Schedule(grid, 3, new FinishedStarts(), 2, MEMORY);
    List<Cell> seen = new ArrayList<>();
    for (Schedule.Task t = schedule.next(); t != null; t = schedule.next()) {
      assertEquals(3, t.batch().options().starts());
      seen.addAll(t.batch().cells());
      // Pretend that a unit of cost takes so long that only a few cells fit into a batch.
      schedule.finished(t, t.cost() * Schedule.TARGET_SECONDS / (4 * t.cost() / t.batch().cells().size()));
    }
    assertEquals(new HashSet<>(grid.cells()), new HashSet<>(seen));
    assertEquals(30, seen.size());
    List<Double> costs = seen.stream().map(c -> Shape.of(c.problem(), c.options()).cost(c.problem())).toList();
    assertEquals(costs.stream().sorted(java.util.Comparator.reverseOrder()).toList(), costs);
    assertNull(schedule.next());
  }

  @Test
  void aBatchKeepsToItsTimeAndMemory() {
    Experiment e = sweep("{field: lambda.W, from: 1e-4, to: 1, points: 200, scale: log}");
    Schedule schedule = new Schedule(Grid.of(e), 3, new FinishedStarts(), 1, MEMORY);
    Schedule.Task first = schedule.next();
    schedule.finished(first, 0.05 * first.batch().cells().size());
    Schedule.Task next = schedule.next();
    // At 0.05 s a cell, and costs that vary little between neighbours, about 14 cells make the target of 0.7 s.
    assertTrue(next.batch().cells().size() >= 10 && next.batch().cells().size() <= 25, "cells " + next.batch().cells().size());
    Schedule tight = new Schedule(Grid.of(e), 3, new FinishedStarts(), 1, 1);
    assertEquals(1, tight.next().batch().cells().size());
  }

  @Test
  void onlyMissingStartsAreScheduled() {
    Experiment e = sweep("{field: lambda.W, values: [1e-3, 1e-2]}");
    FinishedStarts finished = new FinishedStarts();
    finished.add(List.of(1e-3), 0, 3);
    finished.add(List.of(1e-2), 1, 1);
    Schedule schedule = new Schedule(Grid.of(e), 3, finished, 1, MEMORY);
    assertEquals(1, schedule.cells());
    List<String> ranges = new ArrayList<>();
    for (Schedule.Task t = schedule.next(); t != null; t = schedule.next()) {
      t.batch().cells().forEach(c -> assertEquals(List.of(1e-2), c.axes()));
      ranges.add(t.batch().options().firstStart() + "+" + t.batch().options().starts());
    }
    assertEquals(Set.of("0+1", "2+1"), new HashSet<>(ranges));
  }
}
