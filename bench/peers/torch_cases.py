"""PyTorch on the cases of `troupe bench tensors`, one thread, in a process of its own that takes turns with ours.

pip install torch numpy. Speaks lines of JSON as bench/stock/child.mjs does: says {name, version} or {skip}; answers
{open: {program, watched, variant, device, state, inputs, scan?}} with {id}, {run: {id, steps}} with {ms, watched},
{close: {id}} with {}, or any of them with {error}. Variants: `eager` (torch.optim.Adam as it comes), `fused Adam`
(the same with its fused update), `torch.compile` (loss and gradients, and the update, compiled).
"""

import base64
import json
import math
import shutil
import sys
import time

# The lines are the only thing on stdout: what libraries print goes to stderr.
LINES, sys.stdout = sys.stdout, sys.stderr


def say(message):
    LINES.write(json.dumps(message) + "\n")
    LINES.flush()


try:
    import numpy
    import torch
    import torch.nn as nn
    import torch.nn.functional as F
except ImportError as error:
    say({"skip": f"{sys.executable}: {error} (pip install torch numpy)"})
    sys.exit(0)

torch.set_num_threads(1)
MAX_NORM = 0.5
HEADS = 2


def decoded(tensor):
    flat = numpy.frombuffer(bytearray(base64.b64decode(tensor["data"])), dtype=tensor["dtype"])
    return flat.reshape(tensor["shape"])


class Stack(nn.Sequential):
    """Dense layers `name.0`, `name.1` …, an activation between them."""

    def __init__(self, state, name, activation):
        layers = []
        while f"{name}.{len(layers) // 2}.weights" in state:
            layers += [linear(state, f"{name}.{len(layers) // 2}"), activation()]
        super().__init__(*layers[:-1])


def linear(state, name):
    """PyTorch keeps weights as [outputs, inputs]."""
    weights, bias = state[f"{name}.weights"], state[f"{name}.bias"]
    layer = nn.Linear(*weights.shape)
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(weights.T.copy()))
        layer.bias.copy_(torch.from_numpy(bias))
    return layer


class Regression(nn.Module):
    def __init__(self, state):
        super().__init__()
        self.net = Stack(state, "params", nn.Tanh)

    def forward(self, x, y):
        return F.mse_loss(self.net(x), y)


class Ppo(nn.Module):
    epsilon = 1e-5

    def __init__(self, state):
        super().__init__()
        self.policy = Stack(state, "params.policy", nn.Tanh)
        self.value = Stack(state, "params.value", nn.Tanh)
        self.log_std = nn.Parameter(torch.from_numpy(state["params.logStd"]))

    def forward(self, observations, actions, logProbs, values, advantages, returns, clip):
        z = (actions - self.policy(observations)) * torch.exp(-self.log_std)
        log_probs = (-0.5 * z**2 - self.log_std - 0.5 * math.log(2 * math.pi)).sum(1)
        ratio = (log_probs - logProbs).exp()
        advantages = (advantages - advantages.mean()) / (advantages.std() + 1e-8)
        clipped = torch.clamp(ratio, 1 - clip, 1 + clip)
        policy_loss = -torch.min(ratio * advantages, clipped * advantages).mean()
        value_loss = 0.5 * ((self.value(observations).view(-1) - returns) ** 2).mean()
        return policy_loss + 0.5 * value_loss


class Conv(nn.Module):
    def __init__(self, state):
        super().__init__()
        self.first, self.second = (self.convolution(state, f"params.{name}") for name in ("first", "second"))
        self.out = linear(state, "params.out")

    @staticmethod
    def convolution(state, name):
        weights = state[f"{name}.weights"]
        layer = nn.Conv2d(weights.shape[2], weights.shape[3], weights.shape[:2], padding="same")
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(weights.transpose(3, 2, 0, 1).copy()))
            layer.bias.copy_(torch.from_numpy(state[f"{name}.bias"]))
        return layer

    def forward(self, images, labels):
        x = F.max_pool2d(F.relu(self.first(images.permute(0, 3, 1, 2))), 2)
        x = F.max_pool2d(F.relu(self.second(x)), 2)
        # Features in the order that the weights of the last layer have: channels last.
        return F.cross_entropy(self.out(x.permute(0, 2, 3, 1).flatten(1)), labels.long())


class Transformer(nn.Module):
    def __init__(self, state):
        super().__init__()
        self.tokens = nn.Embedding.from_pretrained(torch.from_numpy(state["params.tokens"]), freeze=False)
        self.places = nn.Parameter(torch.from_numpy(state["params.places"]))
        width = self.places.shape[1]
        self.norm1, self.norm2, self.norm3 = (nn.LayerNorm(width) for _ in range(3))
        self.qkv, self.project = linear(state, "params.qkv"), linear(state, "params.project")
        self.mlp, self.out = Stack(state, "params.mlp", nn.ReLU), linear(state, "params.out")

    def forward(self, tokens, targets):
        x = self.tokens(tokens) + self.places
        parts = self.qkv(self.norm1(x)).chunk(3, -1)
        queries, keys, values = (part.unflatten(-1, (HEADS, -1)).transpose(1, 2) for part in parts)
        seen = F.scaled_dot_product_attention(queries, keys, values, is_causal=True)
        x = x + self.project(seen.transpose(1, 2).flatten(2))
        x = x + self.mlp(self.norm2(x))
        return F.cross_entropy(self.out(self.norm3(x)).flatten(0, 1), targets.long().flatten())


class XlBlock(nn.Module):
    """Relative attention over a memory, then two dense layers; norms before each."""

    def __init__(self, state, name):
        super().__init__()
        part = lambda key: nn.Parameter(torch.from_numpy(state[f"{name}.attention.{key}"].copy()))
        # Kept as we keep them, [inputs, outputs]: as linear layers without a bias they would be transposed.
        self.query, self.key_value, self.distance, self.output = (
            part(key) for key in ("query", "keyValue", "distance", "output")
        )
        self.content_bias, self.distance_bias = part("contentBias"), part("distanceBias")
        self.heads = self.content_bias.shape[0]
        self.norm1, self.norm2 = (affine(state, f"{name}.{key}") for key in ("attentionNorm", "feedForwardNorm"))
        self.mlp = Stack(state, f"{name}.feedForward", nn.ReLU)

    def split(self, x):
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)

    def attend(self, x, memory, waves, mask):
        context = torch.cat([memory, x], 1)
        q = self.split(x @ self.query)
        k, v = (self.split(part) for part in (context @ self.key_value).chunk(2, -1))
        r = (waves @ self.distance).unflatten(-1, (self.heads, -1)).permute(1, 2, 0)
        by_distance = torch.matmul(q + self.distance_bias, r)
        batch, heads, length, keys = by_distance.shape
        # The original's shift: a zero before each row, and the same memory read in rows of another length.
        padded = F.pad(by_distance, (1, 0)).view(batch, heads, keys + 1, length)
        bias = padded[:, :, 1:].reshape(batch, heads, length, keys)
        scores = torch.matmul(q + self.content_bias, k.transpose(-1, -2)) + bias
        shares = torch.softmax(scores / math.sqrt(q.shape[-1]) + mask, -1)
        return torch.matmul(shares, v).transpose(1, 2).flatten(2) @ self.output

    def forward(self, x, memory, waves, mask):
        x = x + self.attend(self.norm1(x), self.norm1(memory), waves, mask)
        return x + self.mlp(self.norm2(x))


def affine(state, name):
    scale, shift = (torch.from_numpy(state[f"{name}.{part}"].copy()) for part in ("scale", "shift"))
    layer = nn.LayerNorm(scale.shape[0])
    with torch.no_grad():
        layer.weight.copy_(scale)
        layer.bias.copy_(shift)
    return layer


class TransformerXl(nn.Module):
    """Written as Dai et al.'s code is, with tied embeddings; the memory is part of the module and moves on with each pass."""

    def __init__(self, state):
        super().__init__()
        table = torch.from_numpy(state["params.embedding.table"].copy())
        self.embedding = nn.Embedding.from_pretrained(table, freeze=False)
        count = 0
        while f"params.blocks.{count}.attention.query" in state:
            count += 1
        self.blocks = nn.ModuleList(XlBlock(state, f"params.blocks.{i}") for i in range(count))
        self.norm = affine(state, "params.norm")
        self.bias = nn.Parameter(torch.from_numpy(state["params.bias"].copy()))
        self.memory = [torch.from_numpy(state[f"memory.layers.{i}"].copy()) for i in range(count)]
        self.filled = torch.from_numpy(state["memory.filled"].copy())
        self.constants = None

    def made_once(self, length, places, width, device):
        if self.constants is None:
            keys = places + length
            back = torch.arange(keys - 1, -1, -1.0)
            rates = 10000 ** (-2 * torch.arange(width // 2) / width)
            angles = torch.outer(back, rates)
            causal = torch.triu(torch.full((length, keys), -1e9), 1 + places)
            made = (torch.cat([angles.sin(), angles.cos()], 1), causal, torch.arange(places, 0, -1.0))
            self.constants = [each.to(device) for each in made]
            self.memory = [each.to(device) for each in self.memory]
            self.filled = self.filled.to(device)
        return self.constants

    def forward(self, ids, next, reset):
        length, (_, places, width) = ids.shape[1], self.memory[0].shape
        waves, causal, age = self.made_once(length, places, width, ids.device)
        filled = self.filled * (1 - reset)
        empty = F.pad((age > filled[:, None]) * -1e9, (0, length))
        mask = causal + empty[:, None, None, :]
        x = self.embedding(ids) * math.sqrt(width)
        inputs = []
        for block, memory in zip(self.blocks, self.memory):
            inputs.append(x)
            x = block(x, memory, waves, mask)
        with torch.no_grad():
            self.memory = [torch.cat(pair, 1)[:, -places:].detach() for pair in zip(self.memory, inputs)]
            self.filled = torch.clamp(filled + length, max=places)
        logits = F.linear(self.norm(x), self.embedding.weight, self.bias)
        return F.cross_entropy(logits.flatten(0, 1), next.long().flatten(), ignore_index=-1)


class Rssm(nn.Module):
    def __init__(self, state):
        super().__init__()
        self.enter = linear(state, "params.enter")
        hidden = self.enter.out_features
        self.gru = nn.GRUCell(hidden, hidden)
        with torch.no_grad():
            for ours, theirs in (("input", "ih"), ("hidden", "hh")):
                weights = state[f"params.gru.{ours}.weights"].T.copy()
                getattr(self.gru, f"weight_{theirs}").copy_(torch.from_numpy(weights))
                getattr(self.gru, f"bias_{theirs}").copy_(torch.from_numpy(state[f"params.gru.{ours}.bias"]))
        parts = (Stack(state, f"params.{name}", nn.ELU) for name in ("prior", "posterior", "decoder"))
        self.prior, self.posterior, self.decoder = parts

    @staticmethod
    def gaussian(outputs):
        mean, raw = outputs.chunk(2, 1)
        return mean, F.softplus(raw) + 0.1

    def forward(self, observations, actions, noise):
        h = observations.new_zeros(observations.shape[1], self.gru.hidden_size)
        z = noise.new_zeros(noise.shape[1:])
        features, priors, posteriors = [], [], []
        for seen, action, shift in zip(observations.unbind(), actions.unbind(), noise.unbind()):
            h = self.gru(F.elu(self.enter(torch.cat([z, action], 1))), h)
            priors.append(self.prior(h))
            posteriors.append(self.posterior(torch.cat([h, seen], 1)))
            mean, std = self.gaussian(posteriors[-1])
            z = mean + std * shift
            features.append(torch.cat([h, z], 1))
        error = self.decoder(torch.cat(features)) - observations.flatten(0, 1)
        (p, p_std), (q, q_std) = self.gaussian(torch.cat(posteriors)), self.gaussian(torch.cat(priors))
        ratio = (p_std / q_std) ** 2
        divergence = 0.5 * (ratio + ((p - q) / q_std) ** 2 - 1 - ratio.log())
        return (error**2).sum(1).mean() + divergence.sum(1).mean()


def optimizer_of(parameters, learning_rate, variant, epsilon=1e-8):
    fused = {"fused": True} if variant == "fused Adam" else {}
    return torch.optim.Adam(parameters, lr=learning_rate, eps=epsilon, **fused)


def supervised(module):
    """A step that minimises what a module's forward pass gives: gradients, cut to a length, Adam."""

    def make(state, numbers, variant, device):
        model = module(state).to(device)
        parameters = list(model.parameters())
        optimizer = optimizer_of(parameters, numbers["learningRate"], variant, getattr(module, "epsilon", 1e-8))
        takes = module.forward.__code__.co_varnames[1 : module.forward.__code__.co_argcount]

        def update():
            nn.utils.clip_grad_norm_(parameters, MAX_NORM)
            optimizer.step()

        loss_of, update = compiled(variant, model, update)

        def step(batch):
            loss = loss_of(**{name: batch[name] for name in takes})
            optimizer.zero_grad()
            loss.backward()
            update()
            return loss.detach()

        return step

    return make


def compiled(variant, *functions):
    return [torch.compile(each) for each in functions] if variant == "torch.compile" else functions


def sac(state, numbers, variant, device):
    actor = Stack(state, "actor", nn.ReLU).to(device)
    critics, targets = (
        nn.ModuleList(Stack(state, f"{name}.{k}", nn.ReLU) for k in range(2)).to(device)
        for name in ("critics", "targets")
    )
    log_alpha = torch.tensor(float(state["logAlpha"]), device=device, requires_grad=True)
    adam = lambda parameters: optimizer_of(parameters, numbers["learningRate"], variant)
    of_actor, of_critics, of_alpha = adam(actor.parameters()), adam(critics.parameters()), adam([log_alpha])
    pairs = list(zip(targets.parameters(), critics.parameters()))

    def q(critic, observations, actions):
        return critic(torch.cat([observations, actions], 1)).view(-1)

    def least(both, observations, actions):
        return torch.min(*(q(critic, observations, actions) for critic in both))

    def act(observations, noise):
        mean, raw = actor(observations).chunk(2, 1)
        log_std = raw.clamp(-20, 2)
        u = mean + log_std.exp() * noise
        squash = 2 * (math.log(2) - u - F.softplus(-2 * u))
        density = -log_std - 0.5 * noise**2 - 0.5 * math.log(2 * math.pi)
        return u.tanh(), (density - squash).sum(1)

    def critic_loss(b):
        with torch.no_grad():
            actions, log_probs = act(b["nextObservations"], b["nextNoise"])
            soft = least(targets, b["nextObservations"], actions) - log_alpha.exp() * log_probs
            wanted = b["rewards"] + 0.99 * (1 - b["terminated"]) * soft
        return sum(F.mse_loss(q(critic, b["observations"], b["actions"]), wanted) for critic in critics)

    def actor_loss(b):
        actions, log_probs = act(b["observations"], b["noise"])
        loss = (log_alpha.exp().detach() * log_probs - least(critics, b["observations"], actions)).mean()
        return loss, log_probs.detach()

    def alpha_loss(log_probs, size):
        return -(log_alpha.exp() * (log_probs - size).mean())

    @torch.no_grad()
    def polyak():
        for target, goal in pairs:
            target.lerp_(goal, 0.005)

    critic_loss, actor_loss, alpha_loss, polyak, *updates = compiled(
        variant, critic_loss, actor_loss, alpha_loss, polyak, of_critics.step, of_actor.step, of_alpha.step
    )

    def descend(optimizer, update, loss):
        optimizer.zero_grad()
        loss.backward()
        update()

    def step(b):
        loss = critic_loss(b)
        descend(of_critics, updates[0], loss)
        # The critics have no part in the actor's gradient.
        critics.requires_grad_(False)
        ours, log_probs = actor_loss(b)
        descend(of_actor, updates[1], ours)
        critics.requires_grad_(True)
        descend(of_alpha, updates[2], alpha_loss(log_probs, b["actions"].shape[1]))
        polyak()
        return loss.detach()

    return step


def acting(state, numbers, variant, device):
    model = Stack(state, "params", nn.Tanh).to(device)
    (model,) = compiled(variant, model)

    @torch.inference_mode()
    def step(batch):
        return model(batch["x"])

    return step


PROGRAMS = {
    "mlp": supervised(Regression),
    "ppo": supervised(Ppo),
    "sac": sac,
    "conv": supervised(Conv),
    "transformer": supervised(Transformer),
    "rssm": supervised(Rssm),
    "transformer-xl": supervised(TransformerXl),
    "acting": acting,
}


def prepare(program, watched, state, inputs, variant="eager", device="cpu", scan=None, **_):
    if variant == "torch.compile":
        # Each case is compiled for itself; what an earlier one compiled is of no use to it.
        torch.compiler.reset()
        if device == "cpu" and not (shutil.which("g++") or shutil.which("clang++")):
            raise RuntimeError("there is no C++ compiler, which torch.compile needs")
    host = {tensor["name"]: decoded(tensor) for tensor in inputs}
    numbers = {name: float(host.pop(name)) for name in list(host) if host[name].size == 1}
    clip = {name: numbers[name] for name in numbers if name == "clip"}
    step = PROGRAMS[program]({tensor["name"]: decoded(tensor) for tensor in state}, numbers, variant, device)

    def once(batch):
        # Host to host, as ours is measured: batches come as arrays, the output is read.
        tensors = {name: torch.from_numpy(each).to(device) for name, each in batch.items()}
        out = step({**tensors, **clip})
        return out.item() if watched == "loss" else out.flatten().tolist()

    if scan is None:
        return lambda: once(host)
    order = decoded(scan["indices"]).reshape(scan["steps"], scan["batch"])

    def scanned():
        # The rollout goes over once; rows are gathered where the model is.
        tensors = {name: torch.from_numpy(each).to(device) for name, each in host.items()}
        for rows in order:
            chosen = torch.from_numpy(rows.astype("int64")).to(device)
            batch = {name: each[chosen] if name in scan["rows"] else each for name, each in tensors.items()}
            out = step({**batch, **clip})
        return out.item()

    return scanned


opened = {}
count = 0


def answer(open=None, run=None, close=None):
    global count
    if open:
        opened[count] = prepare(**{key: value for key, value in open.items() if value is not None})
        count += 1
        return {"id": count - 1}
    if run:
        start = time.perf_counter()
        for _ in range(run["steps"]):
            watched = opened[run["id"]]()
        return {"ms": 1000 * (time.perf_counter() - start), "watched": watched}
    del opened[close["id"]]
    return {}


say({"name": "PyTorch", "version": f"{torch.__version__} on Python {sys.version.split()[0]}, one thread"})
for line in sys.stdin:
    try:
        say(answer(**json.loads(line)))
    except Exception as error:  # noqa: BLE001: whatever it is, the other side should hear it
        say({"error": f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"})
