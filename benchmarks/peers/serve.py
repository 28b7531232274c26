"""A peer that does one piece of work again and again when told to: what benchmarks/compare starts, and what a person may try by hand.

    python serve.py torch_peer --threads 2
    prepare step 10x64x100 1 0.1     ->  ready <tab> how <tab> digest
    time 0.3                         ->  took <tab> seconds per unit <tab> outcome
    quit

What can't be done is answered by "failed" and the reason. The last number of a "prepare" is the time given to each way to write the work
while the best is looked for, for a solve the time after which it is given up.
"""

import argparse
import importlib
import os
import sys
import time


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("peer", choices=["numpy_peer", "torch_peer", "jax_peer"])
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    return parser.parse_args()


def limit(threads):
    """Before anything is imported: so many threads for every library."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(threads)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])


class Server:
    def __init__(self, peer, threads):
        self.peer = peer
        self.threads = threads
        self.run = None

    def prepare(self, task, shape, lanes, seconds):
        import common

        self.run = None
        work = common.Work.parse(task, shape, int(lanes))
        seconds = float(seconds)
        digest = self.peer.check_steps(work) if work.task == "step" else self.peer.check(work)
        if work.task == "lbfgs":
            self.run = self.peer.lbfgs(work, self.threads, common.lbfgs_evaluations(work))
        else:
            self.run = getattr(self.peer, work.task)(work, self.threads, seconds)
        return f"ready\t{self.run.how}\t{' '.join(repr(v) for v in digest)}"

    def time(self, at_least):
        began = time.perf_counter()
        count = 0
        outcome = None
        while True:
            outcome = self.run.once()
            count += 1
            spent = time.perf_counter() - began
            if spent >= float(at_least):
                break
        text = outcome.outcome() if hasattr(outcome, "outcome") else ""
        return f"took\t{spent / count / self.run.units!r}\t{text}"


def main():
    args = parse()
    limit(args.threads)
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    try:
        peer = importlib.import_module(args.peer)
    except ImportError as e:
        print(f"failed\t{e}", flush=True)
        return
    server = Server(peer, args.threads)
    print(f"hello\t{peer.NAME}\t{peer.versions(args.threads)}", flush=True)
    for line in sys.stdin:
        words = line.split()
        if words == ["quit"]:
            break
        try:
            answer = {"prepare": server.prepare, "time": server.time}[words[0]](*words[1:])
        except Exception as e:  # a peer that can't do something is told about, and the others go on
            answer = f"failed\t{type(e).__name__}: {e}"
        print(answer.replace("\n", " "), flush=True)


if __name__ == "__main__":
    main()
