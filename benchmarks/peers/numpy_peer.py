"""NumPy with a gradient by hand, in place where NumPy allows it, and SciPy's L-BFGS-B on top of it."""

import math

import numpy as np
import scipy
import scipy.optimize

import common
from common import LAMBDA_B, LAMBDA_H, LAMBDA_W, MOMENTUM, RATE

NAME = "NumPy, SciPy"
TASKS = ("gradient", "step", "solve")


def versions(threads):
    return f"NumPy {np.__version__}, SciPy {scipy.__version__}"


class Layer:
    """Value and gradient over lanes; its memory is allocated once."""

    def __init__(self, work):
        self.work = work
        self.z = np.empty((work.lanes, work.columns, work.classes))
        self.own = np.arange(work.columns) // work.each
        self.rows = np.arange(work.columns)

    def fit(self, x, g):
        """Fit of each lane; g becomes its gradient, without penalties."""
        work = self.work
        wt, h, b = common.blocks(work, x)
        gw, gh, gb = common.blocks(work, g)
        z = np.matmul(h, wt, out=self.z)
        if work.scale != 1:
            z *= work.scale
        z += b[:, None, :]
        z -= z.max(axis=2, keepdims=True)
        own = z[:, self.rows, self.own]
        np.exp(z, out=z)
        total = z.sum(axis=2, keepdims=True)
        fit = work.omega * (np.log(total[:, :, 0]) - own).sum(axis=1)
        z *= work.omega / total
        z[:, self.rows, self.own] -= work.omega
        z.sum(axis=1, out=gb)
        if work.scale != 1:
            z *= work.scale
        np.matmul(h.transpose(0, 2, 1), z, out=gw)
        np.matmul(z, wt.transpose(0, 2, 1), out=gh)
        return fit

    def value_gradient(self, x, g):
        work = self.work
        fit = self.fit(x, g)
        for v, gv, penalty in zip(common.blocks(work, x), common.blocks(work, g), (LAMBDA_W, LAMBDA_H, LAMBDA_B)):
            gv += penalty * v
            axes = tuple(range(1, v.ndim))
            fit += 0.5 * penalty * np.sum(v * v, axis=axes)
        return fit


def check(work):
    x = common.check_point(work)
    g = np.empty_like(x)
    return common.digest(Layer(work).value_gradient(x, g), g)


def gradient(work, threads, at_least):
    layer = Layer(work)
    x = common.random_start(work)
    g = np.empty_like(x)
    return common.Run("by hand", lambda: layer.value_gradient(x, g))


def stepper(work, x):
    """A function that makes one step of x."""
    layer = Layer(work)
    v = np.zeros_like(x)
    g = np.empty_like(x)

    def run():
        layer.fit(x, g)
        for xv, gv, penalty in zip(common.blocks(work, x), common.blocks(work, g), (LAMBDA_W, LAMBDA_H, LAMBDA_B)):
            gv += penalty * xv
        np.multiply(v, MOMENTUM, out=v)
        np.add(v, g, out=v)
        np.multiply(v, RATE, out=g)
        np.subtract(x, g, out=x)

    return run


def check_steps(work):
    x = common.check_point(work)
    run = stepper(work, x)
    for _ in range(common.CHECK_STEPS):
        run()
    return common.digest(0.0, x)


def step(work, threads, at_least):
    return common.Run("by hand", stepper(work, common.random_start(work)))


def lbfgsb(fun, start, watch, memory):
    """SciPy's L-BFGS-B until the watch ends it; returns the watch."""

    def seen(x):
        f, g = fun(x)
        watch.see(math.sqrt(g @ g))
        return f, g

    try:
        scipy.optimize.minimize(
            seen, start, jac=True, method="L-BFGS-B",
            options={"maxcor": memory, "maxiter": 10**7, "maxfun": 10**7, "ftol": 0.0, "gtol": 0.0},
        )
    except (common.Reached, common.Expired):
        pass
    return watch


def optimise(work, watch, memory):
    """Runs L-BFGS-B from the random start."""
    layer = Layer(work)
    start = common.random_start(work)[0]

    # A new gradient at each call: the optimiser keeps the ones it was given.
    def fun(x):
        g = np.empty((1, work.length))
        return float(layer.value_gradient(x[None, :], g)[0]), g[0]

    return lbfgsb(fun, start, watch, memory)


def lbfgs(work, threads, evaluations):
    return common.Run("L-BFGS-B", lambda: optimise(work, common.Watch(evaluations=evaluations), common.MEMORY), evaluations)


def solve(work, threads, cap):
    return common.Run("L-BFGS-B", lambda: optimise(work, common.Watch(cap), 20))
