"""What the peers share: the work, its constants, the deterministic point at which all must agree, the timing of a piece of work.

The model, float64 throughout, with C columns (one per sample, or one per class where the class means are handed over):

    f(W, H, b) = sum_i omega loss(s W h_i + b, y_i) + lambda_W/2 |W|^2 + lambda_H/2 |H|^2 + lambda_b/2 |b|^2

Full problem: C = N = K n, omega = 1/N, s = 1. Class means: C = K, omega = 1/K, s = 1/sqrt(n), columns sqrt(n) times the mean.
A lane is the flat vector (W^T row by row, H^T row by row, b): d K + C d + K numbers.
"""

import math
import time
from dataclasses import dataclass
from typing import Callable

LAMBDA_W = 5e-4
LAMBDA_H = 5e-4
LAMBDA_B = 0.01
RATE = 0.1
MOMENTUM = 0.9
GOAL = 1e-8
"""Gradient norm at which a solve ends."""
CHECK_STEPS = 3
"""Steps from the common point after which programs compare."""
MEMORY = 10
"""Pairs of L-BFGS where single rounds are timed."""


@dataclass(frozen=True)
class Work:
    """One piece of work: what is done, and its shape."""

    task: str
    """gradient, step or solve"""
    classes: int
    dimension: int
    per_class: int
    lanes: int = 1
    means: bool = False
    """whether the columns are class means"""

    @property
    def each(self):
        """Columns of a class."""
        return 1 if self.means else self.per_class

    @property
    def columns(self):
        return self.classes * self.each

    @property
    def omega(self):
        return 1.0 / self.columns

    @property
    def scale(self):
        return 1.0 / math.sqrt(self.per_class) if self.means else 1.0

    @property
    def length(self):
        """Variables of a lane."""
        return self.dimension * (self.classes + self.columns) + self.classes

    @property
    def flops(self):
        """Of the three products of one evaluation of all lanes."""
        return 6.0 * self.classes * self.dimension * self.columns * self.lanes

    @staticmethod
    def parse(task, shape, lanes):
        """From 'step', 'gradient', 'solve' or 'solve-means', '10x64x100' and a number of lanes."""
        k, d, n = (int(v) for v in shape.split("x"))
        return Work(task.removesuffix("-means"), k, d, n, lanes, task.endswith("-means"))


def blocks(work, flat):
    """Views (W^T: d x K, H^T: C x d, b: K) of a flat vector, with a leading axis of lanes if it has one."""
    k, d, c = work.classes, work.dimension, work.columns
    lead = flat.shape[:-1]
    return (
        flat[..., : d * k].reshape(*lead, d, k),
        flat[..., d * k : d * (k + c)].reshape(*lead, c, d),
        flat[..., d * (k + c) :],
    )


def check_point(work):
    """Lanes x length numbers 0.1 sin(i^2), i counting from 1 through all lanes."""
    import numpy as np

    i = np.arange(1.0, work.lanes * work.length + 1)
    return (0.1 * np.sin(i * i)).reshape(work.lanes, work.length)


def digest(value, gradient):
    """Three numbers two programs can compare: sum of values, norm of the gradient, sum of g_i cos(i)."""
    import numpy as np

    g = np.asarray(gradient).reshape(-1)
    i = np.arange(1.0, g.size + 1)
    return [float(np.sum(value)), float(np.sqrt(g @ g)), float(g @ np.cos(i))]


def random_start(work):
    import numpy as np

    return 0.1 * np.random.default_rng(1).standard_normal((work.lanes, work.length))


class Reached(Exception):
    """Raised inside an optimiser at the first evaluation whose gradient norm is at the goal."""


class Expired(Exception):
    """Raised inside an optimiser when its time is over."""


class Watch:
    """Ends a run of an optimiser: at the goal, when its time is over, or after some evaluations."""

    def __init__(self, cap=math.inf, evaluations=None):
        self.end = time.perf_counter() + cap
        self.most = evaluations
        self.norm = math.inf
        self.evaluations = 0

    def see(self, norm):
        self.norm = norm
        self.evaluations += 1
        if self.evaluations == self.most:
            raise Expired
        if self.most is None and norm <= GOAL:
            raise Reached
        if time.perf_counter() > self.end:
            raise Expired

    def outcome(self):
        reached = "" if self.norm <= GOAL else "not reached, "
        return f"{reached}gradient {self.norm:.1e}, {self.evaluations} evaluations"


@dataclass
class Run:
    """A piece of work that can be repeated."""

    how: str
    """the way it is written, for the table"""
    once: Callable
    """does it; returns None, or the Watch of a solve"""
    units: int = 1
    """units of work in one call"""


def seconds_per_run(run, at_least):
    """Mean seconds of `run()`, repeated until `at_least` seconds have passed."""
    began = time.perf_counter()
    count = 0
    while True:
        run()
        count += 1
        spent = time.perf_counter() - began
        if spent >= at_least:
            return spent / count


def fastest(candidates, at_least):
    """The quickest of some runs: each is called once, then all are timed in turn, twice where that is not too long."""
    for run in candidates:
        run.once()
    times = {id(run): math.inf for run in candidates}
    for _ in range(2):
        for run in candidates:
            times[id(run)] = min(times[id(run)], seconds_per_run(run.once, at_least / 2) / run.units)
        if max(times[id(run)] * run.units for run in candidates) > 1:
            break
    return min(candidates, key=lambda run: times[id(run)])


def steps_per_call(work):
    """Steps in one call of a compiled loop: some 20 ms or more, at least 4 and at most 10,000."""
    return int(max(4, min(10_000, 1e9 / work.flops)))


def lbfgs_evaluations(work):
    """Evaluations of a timed beginning of L-BFGS."""
    return int(max(12, min(50, 5e10 / work.flops)))
