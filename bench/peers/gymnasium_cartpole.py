"""Gymnasium's cart-pole on one core, in both of its ways: its vector environment in NumPy, and single environments.

pip install gymnasium==1.4.0; `troupe bench environments` runs this file beside ours. The last line of its output is
JSON: results as `troupe bench --json` has them, and which of ours each stands against.
"""

import json
import statistics
import time

import gymnasium
import numpy as np

COPIES = 1024


def rates(step, steps, copies, repetitions=9):
    """Environment steps a second in each repetition, after two to warm up."""
    results = []
    for _ in range(repetitions + 2):
        start = time.perf_counter()
        for k in range(steps):
            step(k)
        results.append(copies * steps / (time.perf_counter() - start))
    return results[2:]


def vector():
    environment = gymnasium.make_vec("CartPole-v1", num_envs=COPIES, vectorization_mode="vector_entry_point")
    environment.reset(seed=1)
    actions = np.random.default_rng(1).integers(0, 2, size=(16, COPIES))
    return rates(lambda k: environment.step(actions[k % 16]), 200, COPIES)


def single():
    environment = gymnasium.make("CartPole-v1")
    environment.reset(seed=1)
    actions = np.random.default_rng(1).integers(0, 2, size=16)

    def step(k):
        _, _, terminated, truncated, _ = environment.step(int(actions[k % 16]))
        if terminated or truncated:
            environment.reset()

    return rates(step, 5000, 1)


def spread(how, values):
    tenths = statistics.quantiles(values, n=10, method="inclusive")
    return {
        "name": f"Gymnasium {gymnasium.__version__}, {how}",
        "unit": "steps/s",
        "against": f"cart-pole, {COPIES} copies",
        "median": statistics.median(values),
        "p10": tenths[0],
        "p90": tenths[8],
    }


print(json.dumps([spread(f"{COPIES} copies in NumPy {np.__version__}", vector()), spread("one copy", single())]))
