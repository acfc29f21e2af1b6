"""Stable-Baselines3's PPO on Gymnasium's cart-pole, one thread, with the settings that it is given.

pip install stable-baselines3==2.9.2 gymnasium==1.4.0; `troupe bench ppo` runs this file beside ours. Its argument is
a run as JSON, with Troupe's names: {rounds, warmUps, ppo}. The last line of its output is JSON: {name, rates,
minibatches}, environment steps a second of each round and milliseconds of a gradient step.
"""

import json
import sys
import time

import gymnasium
import stable_baselines3
import torch
from stable_baselines3 import PPO
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.env_util import make_vec_env

run = json.loads(sys.argv[1])
ppo = run["ppo"]
batch = ppo["environments"] * ppo["horizon"]


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


def schedule(value, kind):
    """Stable-Baselines3 asks by what is left, from 1 to 0."""
    return (lambda left: value * left) if kind == "linear" else value


# One thread: nets of 64-64 gain nothing from more, and everyone has one core.
torch.set_num_threads(1)
model = PPO(
    "MlpPolicy",
    make_vec_env("CartPole-v1", n_envs=ppo["environments"], seed=1),
    n_steps=ppo["horizon"],
    batch_size=ppo["minibatch"],
    n_epochs=ppo["epochs"],
    learning_rate=schedule(ppo["learningRate"], ppo["learningRateSchedule"]),
    gamma=ppo["gamma"],
    gae_lambda=ppo["lambda"],
    normalize_advantage=ppo["normalizeAdvantages"],
    clip_range=schedule(ppo["clip"], ppo.get("clipSchedule", "constant")),
    clip_range_vf=ppo["clipValues"],
    ent_coef=ppo["entropyCoefficient"],
    vf_coef=ppo["valueCoefficient"],
    max_grad_norm=ppo["maxGradientNorm"],
    policy_kwargs={
        "net_arch": ppo["hidden"],
        "activation_fn": {"tanh": torch.nn.Tanh, "relu": torch.nn.ReLU, "elu": torch.nn.ELU}[ppo["activation"]],
        "optimizer_kwargs": {"eps": ppo["adamEpsilon"]},
    },
    seed=1,
    device="cpu",
)
watch = Stopwatch()
model.learn(run["rounds"] * batch, callback=watch)

rounds = range(run["warmUps"], run["rounds"])
minibatches = ppo["epochs"] * batch // ppo["minibatch"]
versions = f"Stable-Baselines3 {stable_baselines3.__version__}, PyTorch {torch.__version__}"
print(
    json.dumps(
        {
            "name": f"{versions}, Gymnasium {gymnasium.__version__}",
            "rates": [batch / (watch.collecting[i + 1] - watch.collecting[i]) for i in rounds],
            "minibatches": [
                1000 * (watch.collecting[i + 1] - watch.learning[i]) / minibatches for i in rounds
            ],
        }
    )
)
