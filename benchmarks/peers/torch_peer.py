"""PyTorch: autograd, gradient by hand (in place, products fused with the penalties), batched over lanes by bmm; torch.optim.LBFGS."""

import torch
import torch.nn.functional as F

import common
from common import LAMBDA_B, LAMBDA_H, LAMBDA_W, MOMENTUM, RATE

NAME = "PyTorch"
TASKS = ("gradient", "step", "solve")
PENALTIES = (LAMBDA_W, LAMBDA_H, LAMBDA_B)


def versions(threads):
    return f"PyTorch {torch.__version__}"


def tensor(array):
    return torch.from_numpy(array.copy())


class Layer:
    """The model of all lanes; a single lane has no axis of lanes, so that its products are plain ones."""

    def __init__(self, work):
        self.work = work
        self.lanes = work.lanes if work.lanes > 1 else None
        shape = (work.columns, work.classes) if self.lanes is None else (work.lanes, work.columns, work.classes)
        self.z = torch.empty(shape, dtype=torch.float64)
        self.p = torch.empty_like(self.z)
        self.own = torch.arange(work.classes).repeat_interleave(work.each)
        if self.lanes is not None:
            self.own = self.own.repeat(work.lanes)
        each = self.p.view(*shape[:-2], work.classes, work.each, work.classes)
        # The entries (sample, own class): samples lie class by class.
        self.own_entries = each.diagonal(dim1=-3, dim2=-1)

    def views(self, flat):
        return common.blocks(self.work, flat if self.lanes is not None else flat.reshape(-1))

    def loss(self, x):
        """Loss of all lanes together, for autograd: their gradients do not mix."""
        wt, h, b = x
        z = torch.matmul(h, wt)
        z = (z * self.work.scale if self.work.scale != 1 else z) + b.unsqueeze(-2)
        fit = self.work.omega * F.cross_entropy(z.view(-1, self.work.classes), self.own, reduction="sum")
        return fit + 0.5 * sum(c * (v * v).sum() for v, c in zip(x, PENALTIES))

    def residual(self, x, with_value):
        """p becomes softmax minus the one-hot labels; returns the fit of each lane."""
        wt, h, b = x
        s = self.work.scale
        product = torch.addmm if self.lanes is None else torch.baddbmm
        product(b.unsqueeze(-2), h, wt, alpha=s, out=self.z)
        fit = None
        if with_value:
            torch.log_softmax(self.z, -1, out=self.p)
            fit = self.own_entries.sum(dim=(-1, -2)).mul_(-self.work.omega)
            self.p.exp_()
        else:
            torch.softmax(self.z, -1, out=self.p)
        self.own_entries.sub_(1.0)
        return fit

    def add_gradient(self, x, g):
        """g += gradient of the fit, from p."""
        wt, h, _ = x
        gw, gh, gb = g
        c = self.work.omega
        if self.lanes is None:
            gw.addmm_(h.mT, self.p, alpha=c * self.work.scale)
            gh.addmm_(self.p, wt.mT, alpha=c * self.work.scale)
        else:
            gw.baddbmm_(h.mT, self.p, alpha=c * self.work.scale)
            gh.baddbmm_(self.p, wt.mT, alpha=c * self.work.scale)
        gb.add_(self.p.sum(-2), alpha=c)

    def by_hand(self, x, g):
        """Value of each lane; g becomes the gradient."""
        value = self.residual(x, True)
        lead = () if self.lanes is None else (self.lanes,)
        for v, gv, penalty in zip(x, g, PENALTIES):
            torch.mul(v, penalty, out=gv)
            value = value + 0.5 * torch.linalg.vecdot(*(u.reshape(*lead, -1) for u in (v, gv)))
        self.add_gradient(x, g)
        return value


def leaves(views):
    return [v.detach().clone().requires_grad_() for v in views]


def check(work):
    layer = Layer(work)
    flat = tensor(common.check_point(work))
    g = torch.empty_like(flat)
    value = layer.by_hand(layer.views(flat), layer.views(g)).sum()
    a = common.digest(value.numpy(), g.numpy())
    x = leaves(layer.views(flat))
    loss = layer.loss(x)
    lanes = work.lanes
    auto = torch.cat([v.reshape(lanes, -1) for v in torch.autograd.grad(loss, x)], dim=1)
    b = common.digest(loss.detach().numpy(), auto.numpy())
    for u, v in zip(a, b):
        if abs(u - v) > 1e-12 * max(abs(a[1]), abs(u)):
            raise AssertionError(f"autograd and the gradient by hand disagree: {b} and {a}")
    return a


def on_threads(how, once, threads):
    """The same on one thread and on all; small work is quicker on one."""

    def on(count):
        def go():
            if torch.get_num_threads() != count:
                torch.set_num_threads(count)
            return once()

        return go

    return [common.Run(f"{how}, {count} thread{'s' if count > 1 else ''}", on(count)) for count in sorted({1, threads})]


def gradient(work, threads, at_least):
    layer = Layer(work)
    flat = tensor(common.random_start(work))
    x = layer.views(flat)
    g = layer.views(torch.empty_like(flat))
    free = leaves(x)

    def by_hand():
        with torch.inference_mode():
            layer.by_hand(x, g)

    def autograd():
        torch.autograd.grad(layer.loss(free), free)

    return common.fastest(on_threads("by hand", by_hand, threads) + on_threads("autograd", autograd, threads), at_least)


def stepper_by_hand(work, flat):
    """A function that makes one step of flat; the penalty and the products go straight into the velocity."""
    layer = Layer(work)
    velocity = torch.zeros_like(flat)
    x, v = layer.views(flat), layer.views(velocity)

    def once():
        with torch.inference_mode():
            layer.residual(x, False)
            velocity.mul_(MOMENTUM)
            for xv, vv, penalty in zip(x, v, PENALTIES):
                vv.add_(xv, alpha=penalty)
            layer.add_gradient(x, v)
            flat.sub_(velocity, alpha=RATE)

    return once


def stepper_autograd(work, flat):
    layer = Layer(work)
    free = leaves(layer.views(flat))
    velocity = [torch.zeros_like(p) for p in free]

    def once():
        g = torch.autograd.grad(layer.loss(free), free)
        with torch.no_grad():
            torch._foreach_mul_(velocity, MOMENTUM)
            torch._foreach_add_(velocity, g)
            torch._foreach_add_(free, velocity, alpha=-RATE)

    return once


def check_steps(work):
    flat = tensor(common.check_point(work))
    once = stepper_by_hand(work, flat)
    for _ in range(common.CHECK_STEPS):
        once()
    return common.digest(0.0, flat.numpy())


def step(work, threads, at_least):
    by_hand = stepper_by_hand(work, tensor(common.random_start(work)))
    autograd = stepper_autograd(work, tensor(common.random_start(work)))
    return common.fastest(on_threads("by hand", by_hand, threads) + on_threads("autograd", autograd, threads), at_least)


def optimise(work, watch, memory):
    """Runs torch.optim.LBFGS from the random start; the gradient is written by hand into .grad."""
    layer = Layer(work)
    flat = tensor(common.random_start(work)).reshape(-1).requires_grad_()
    flat.grad = torch.empty_like(flat)
    x, g = layer.views(flat.detach()), layer.views(flat.grad)

    def closure():
        with torch.no_grad():
            value = layer.by_hand(x, g)
            watch.see(float(flat.grad.norm()))
        return value

    search = torch.optim.LBFGS(
        [flat], lr=1, max_iter=10**7, max_eval=10**7, tolerance_grad=0, tolerance_change=0, history_size=memory, line_search_fn="strong_wolfe"
    )
    try:
        search.step(closure)
    except (common.Reached, common.Expired):
        pass
    return watch


def threads_for(work, threads):
    return threads if work.flops > 2e6 else 1


def lbfgs(work, threads, evaluations):
    torch.set_num_threads(threads_for(work, threads))
    return common.Run("optim.LBFGS", lambda: optimise(work, common.Watch(evaluations=evaluations), common.MEMORY), evaluations)


def solve(work, threads, cap):
    torch.set_num_threads(threads_for(work, threads))
    return common.Run("optim.LBFGS", lambda: optimise(work, common.Watch(cap), 100))
