"""JAX: all steps in one jitted scan with donated buffers, vmap over lanes; the best of six ways to write the model is taken."""

import functools

import jax

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_platforms", "cpu")

import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402

import common  # noqa: E402
from common import LAMBDA_B, LAMBDA_H, LAMBDA_W, MOMENTUM, RATE  # noqa: E402

NAME = "JAX"
TASKS = ("gradient", "step", "solve")
FORMS = [(rule, layout) for rule in ("by hand", "autodiff") for layout in ("H W^T", "H^T W^T stored", "W H")]


def versions(threads):
    return f"JAX {jax.__version__}"


class Model:
    """Loss and gradient of one lane; `layout` says how W and H are stored, and so which axis softmax runs along."""

    def __init__(self, work, layout):
        self.work = work
        self.layout = layout
        self.axis = 0 if layout == "W H" else 1
        own = np.arange(work.columns) // work.each
        self.own = jnp.asarray(own[None, :] if self.axis == 0 else own[:, None])
        classes = np.arange(work.classes)
        self.classes = jnp.asarray(classes[:, None] if self.axis == 0 else classes[None, :])

    def unpack(self, flat):
        """Parameters of all lanes in this layout, from lanes x length numbers."""
        wt, h, b = common.blocks(self.work, flat)
        w = wt if self.layout == "H^T W^T stored" else np.swapaxes(wt, -1, -2)
        h = np.swapaxes(h, -1, -2) if self.layout == "W H" else h
        return tuple(jnp.array(v) for v in (w, h, b))

    def pack(self, parameters):
        w, h, b = (np.asarray(v) for v in parameters)
        wt = w if self.layout == "H^T W^T stored" else np.swapaxes(w, -1, -2)
        h = np.swapaxes(h, -1, -2) if self.layout == "W H" else h
        lanes = b.shape[0]
        return np.concatenate([wt.reshape(lanes, -1), h.reshape(lanes, -1), b], axis=1)

    def logits(self, w, h, b):
        s = self.work.scale
        if self.layout == "W H":
            return s * (w @ h) + b[:, None]
        if self.layout == "H W^T":
            return s * (h @ w.T) + b
        return s * (h @ w) + b

    def loss(self, parameters):
        w, h, b = parameters
        z = self.logits(w, h, b)
        picked = jnp.sum(jnp.where(self.own == self.classes, z, 0.0))
        fit = self.work.omega * (jnp.sum(jax.nn.logsumexp(z, axis=self.axis)) - picked)
        return fit + 0.5 * (LAMBDA_W * jnp.sum(w * w) + LAMBDA_H * jnp.sum(h * h) + LAMBDA_B * jnp.sum(b * b))

    def by_hand(self, parameters):
        w, h, b = parameters
        work = self.work
        z = self.logits(w, h, b)
        top = jnp.max(z, axis=self.axis, keepdims=True)
        e = jnp.exp(z - top)
        total = jnp.sum(e, axis=self.axis, keepdims=True)
        mine = self.own == self.classes
        fit = work.omega * (jnp.sum(jnp.log(total) + top) - jnp.sum(jnp.where(mine, z, 0.0)))
        value = fit + 0.5 * (LAMBDA_W * jnp.sum(w * w) + LAMBDA_H * jnp.sum(h * h) + LAMBDA_B * jnp.sum(b * b))
        g = work.omega * jnp.where(mine, e / total - 1.0, e / total)
        gs = work.scale * g
        if self.layout == "W H":
            gw, gh = gs @ h.T, w.T @ gs
        elif self.layout == "H W^T":
            gw, gh = gs.T @ h, gs @ w
        else:
            gw, gh = h.T @ gs, gs @ w.T
        gb = jnp.sum(g, axis=1 - self.axis)
        return value, (gw + LAMBDA_W * w, gh + LAMBDA_H * h, gb + LAMBDA_B * b)

    def value_gradient(self, rule):
        one = self.by_hand if rule == "by hand" else jax.value_and_grad(self.loss)
        return one


def over_lanes(work, function):
    """The function of one lane as one of a batch; a single lane loses its axis inside, so that products stay plain ones."""
    if work.lanes > 1:
        return jax.vmap(function)
    return lambda *args: jax.tree.map(lambda v: v[None], function(*jax.tree.map(lambda v: v[0], args)))


def check(work):
    digests = []
    for rule, layout in FORMS:
        model = Model(work, layout)
        value, g = jax.jit(over_lanes(work, model.value_gradient(rule)))(model.unpack(common.check_point(work)))
        digests.append(common.digest(value, model.pack(g)))
        for a, b in zip(digests[0], digests[-1]):
            if abs(a - b) > 1e-12 * max(abs(digests[0][1]), abs(a)):
                raise AssertionError(f"two ways to write it disagree: {digests[0]} and {digests[-1]}")
        if work.flops > 1e10:
            break
    return digests[0]


def gradient(work, threads, at_least):
    candidates = []
    for rule, layout in FORMS:
        model = Model(work, layout)
        function = jax.jit(over_lanes(work, model.value_gradient(rule)))
        parameters = model.unpack(common.random_start(work))
        once = functools.partial(lambda f, p: jax.block_until_ready(f(p)), function, parameters)
        candidates.append(common.Run(f"jit, {rule}, {layout}", once))
    return common.fastest(candidates, at_least)


def stepper(work, rule, layout, start, steps):
    """A function that makes some steps in one call, and the model and the state it works on."""
    model = Model(work, layout)
    one = model.value_gradient(rule)

    def advance(carry, _):
        x, v = carry
        _, g = one(x)
        v = jax.tree.map(lambda vi, gi: MOMENTUM * vi + gi, v, g)
        return (jax.tree.map(lambda xi, vi: xi - RATE * vi, x, v), v), None

    def many(x, v):
        return jax.lax.scan(advance, (x, v), None, length=steps)[0]

    function = jax.jit(over_lanes(work, many), donate_argnums=(0, 1))
    x = model.unpack(start)
    state = {"now": (x, jax.tree.map(jnp.zeros_like, x))}

    def once():
        state["now"] = jax.block_until_ready(function(*state["now"]))

    return once, model, state


def check_steps(work):
    once, model, state = stepper(work, *FORMS[0], common.check_point(work), common.CHECK_STEPS)
    once()
    return common.digest(0.0, model.pack(state["now"][0]))


def step(work, threads, at_least):
    steps = common.steps_per_call(work)
    candidates = [
        common.Run(f"scan, {rule}, {layout}", stepper(work, rule, layout, common.random_start(work), steps)[0], steps)
        for rule, layout in FORMS
    ]
    return common.fastest(candidates, at_least)


def optimiser(work):
    """A function that runs SciPy's L-BFGS-B with JAX's jitted value and gradient."""
    import numpy_peer

    model = Model(work, "H^T W^T stored")

    @jax.jit
    def function(flat):
        value, g = model.by_hand(common.blocks(work, flat))
        return value, jnp.concatenate([v.reshape(-1) for v in g])

    def fun(x):
        f, g = function(x)
        return float(f), np.array(g)

    start = common.random_start(work)[0]
    jax.block_until_ready(function(start))
    return lambda watch, memory: numpy_peer.lbfgsb(fun, start, watch, memory)


def lbfgs(work, threads, evaluations):
    optimise = optimiser(work)
    return common.Run("SciPy's L-BFGS-B, jit", lambda: optimise(common.Watch(evaluations=evaluations), common.MEMORY), evaluations)


def solve(work, threads, cap):
    optimise = optimiser(work)
    return common.Run("SciPy's L-BFGS-B, jit", lambda: optimise(common.Watch(cap), 20))
