"""Gymnasium's cart-pole on one core, beside `troupe bench`: pip install gymnasium==1.4.0, then run this file.

Both ways that Gymnasium has: its vector environment in NumPy, and single environments stepped one by one.
"""

import statistics
import time

import gymnasium
import numpy as np

COPIES = 1024


def rates(step, steps, copies, repetitions=9):
    """Environment steps a second: median of the repetitions after two to warm up."""
    results = []
    for _ in range(repetitions + 2):
        start = time.perf_counter()
        for k in range(steps):
            step(k)
        results.append(copies * steps / (time.perf_counter() - start))
    return statistics.median(results[2:])


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


print(f"gymnasium {gymnasium.__version__}, numpy {np.__version__}")
print(f"cart-pole, {COPIES} copies, NumPy: {vector():,.0f} steps/s")
print(f"cart-pole, one copy: {single():,.0f} steps/s")
