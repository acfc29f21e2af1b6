"""Stable-Baselines3's PPO on Gymnasium's cart-pole, with the settings of `troupe bench ppo`.

pip install stable-baselines3==2.9.2 gymnasium==1.4.0; `troupe bench ppo` runs this file beside ours. The last line of
its output is JSON: results as `troupe bench --json` has them, and which of ours each stands against.
"""

import json
import statistics
import time

import stable_baselines3
import torch
from stable_baselines3 import PPO
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.env_util import make_vec_env

COPIES, HORIZON, MINIBATCH, EPOCHS = 8, 64, 128, 10
ROUNDS, WARM_UPS = 30, 4
BATCH = COPIES * HORIZON


class Stopwatch(BaseCallback):
    """When each round began to collect, and when it began to learn."""

    def __init__(self):
        super().__init__()
        self.collecting, self.learning = [], []

    def _on_rollout_start(self):
        self.collecting.append(time.perf_counter())

    def _on_rollout_end(self):
        self.learning.append(time.perf_counter())

    def _on_training_end(self):
        self.collecting.append(time.perf_counter())

    def _on_step(self):
        return True


def spread(name, unit, against, values):
    tenths = statistics.quantiles(values, n=10, method="inclusive")
    median = statistics.median(values)
    return {"name": name, "unit": unit, "against": against, "median": median, "p10": tenths[0], "p90": tenths[8]}


# One thread: nets of 64-64 gain nothing from more, and ours learns on one.
torch.set_num_threads(1)
model = PPO(
    "MlpPolicy",
    make_vec_env("CartPole-v1", n_envs=COPIES, seed=1),
    n_steps=HORIZON,
    batch_size=MINIBATCH,
    n_epochs=EPOCHS,
    learning_rate=2.5e-4,
    seed=1,
    device="cpu",
)
watch = Stopwatch()
model.learn(ROUNDS * BATCH, callback=watch)

rounds = range(WARM_UPS, ROUNDS)
rates = [BATCH / (watch.collecting[i + 1] - watch.collecting[i]) for i in rounds]
minibatches = EPOCHS * BATCH // MINIBATCH
learning = [1000 * (watch.collecting[i + 1] - watch.learning[i]) / minibatches for i in rounds]

who = f"Stable-Baselines3 {stable_baselines3.__version__}, PyTorch {torch.__version__}"
ours = "cart-pole, 8 copies"
print(
    json.dumps(
        [
            spread(who, "steps/s", ours, rates),
            spread(f"{who}: a minibatch", "ms", f"{ours}: a minibatch of {MINIBATCH}", learning),
        ]
    )
)
