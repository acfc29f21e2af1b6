"""CleanRL's ppo.py on Gymnasium's cart-pole, one thread, as it lies in a checkout, with the settings it is given.

CleanRL is scripts, not a package: git clone https://github.com/vwxyzjn/cleanrl, CLEANRL=<that folder>, and
pip install torch gymnasium tyro tensorboard. `troupe bench ppo` runs this file beside ours. Its arguments are a run as
JSON, with Troupe's names: {rounds, warmUps, ppo}, and the checkout. The last line of its output is JSON: {name, rates,
minibatches}: environment steps a second of each round; it does not tell how long a gradient step takes.
"""

import builtins
import hashlib
import json
import os
import runpy
import sys
import tempfile
import time

import gymnasium
import torch

run, checkout = json.loads(sys.argv[1]), os.path.abspath(sys.argv[2])
ppo = run["ppo"]
batch = ppo["environments"] * ppo["horizon"]
script = os.path.join(checkout, "cleanrl", "ppo.py")


def flag(name, on):
    return f"--{name}" if on else f"--no-{name}"


def version():
    """What git calls this very script, whether or not the checkout has its history: `git ls-tree HEAD cleanrl/`."""
    with open(script, "rb") as file:
        text = file.read()
    return hashlib.sha1(b"blob %d\0" % len(text) + text).hexdigest()[:10]


# It has no settings for these: its networks, its optimiser, a clip of values that is as wide as that of ratios.
fixed = {"hidden": [64, 64], "activation": "tanh", "adamEpsilon": 1e-5}
differs = [f"{name} is {value} there" for name, value in fixed.items() if ppo[name] != value]
if ppo["clipValues"] not in (None, ppo["clip"]):
    differs.append(f"clipValues is {ppo['clip']} or null there")
if differs:
    sys.exit(f"CleanRL cannot take these settings: {', '.join(differs)}")

sys.argv = [
    script,
    *("--env-id", "CartPole-v1", "--seed", "1", "--no-cuda"),
    *("--total-timesteps", str(run["rounds"] * batch)),
    *("--num-envs", str(ppo["environments"]), "--num-steps", str(ppo["horizon"])),
    *("--num-minibatches", str(batch // ppo["minibatch"]), "--update-epochs", str(ppo["epochs"])),
    *("--learning-rate", str(ppo["learningRate"]), flag("anneal-lr", ppo["learningRateSchedule"] == "linear")),
    *("--gamma", str(ppo["gamma"]), "--gae-lambda", str(ppo["lambda"])),
    flag("norm-adv", ppo["normalizeAdvantages"]),
    *("--clip-coef", str(ppo["clip"]), flag("clip-vloss", ppo["clipValues"] is not None)),
    *("--ent-coef", str(ppo["entropyCoefficient"]), "--vf-coef", str(ppo["valueCoefficient"])),
    *("--max-grad-norm", str(ppo["maxGradientNorm"])),
]

# It prints a line that begins with SPS at the end of each round: those are the marks to time by.
marks = []
say = builtins.print


def listen(*values, **options):
    if values and values[0] == "SPS:":
        marks.append(time.perf_counter())


torch.set_num_threads(1)
builtins.print = listen
with tempfile.TemporaryDirectory() as folder:
    # Where its logs go.
    os.chdir(folder)
    runpy.run_path(script, run_name="__main__")
    os.chdir(checkout)

rates = [batch / (end - start) for start, end in zip(marks[run["warmUps"] - 1 :], marks[run["warmUps"] :])]
versions = f"CleanRL (ppo.py {version()}), PyTorch {torch.__version__}, Gymnasium {gymnasium.__version__}"
say(json.dumps({"name": versions, "rates": rates, "minibatches": []}))
