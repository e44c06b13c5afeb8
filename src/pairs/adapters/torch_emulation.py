"""What Keras computes where no setting of PyTorch does: written out, to measure what is left without it."""

import math

import torch
from torch.nn import functional as F
from torch_activations import ACTIVATIONS
from torch_recurrent import recurrent


def reshaped(x, way):
    """A tensor in another form: `{"unsqueeze": 1}`, `{"squeeze": 1}`, `{"argmax": 1}`, `{"onehot": n}`, `{"scale": s}`."""
    if isinstance(way, list):
        for one in way:
            x = reshaped(x, one)
        return x
    if "unsqueeze" in way:
        return x.unsqueeze(way["unsqueeze"])
    if "squeeze" in way:
        return x.squeeze(way["squeeze"])
    if "argmax" in way:
        return x.argmax(way["argmax"])
    if "onehot" in way:
        return F.one_hot(x.long(), way["onehot"]).to(torch.get_default_dtype())
    if "permute" in way:
        return x.permute(*way["permute"])
    if "nhwc" in way:
        # What was flattened from [C, H, W] as flattened from [H, W, C], and the other way round.
        c, *sizes = way["nhwc"]
        return x.view(x.shape[0], c, *sizes).movedim(1, -1).reshape(x.shape[0], -1)
    if "relaid" in way:
        # Maps taken for [C, H, W] as they lie in memory, which is [H, W, C].
        return x.reshape(x.shape[0], *way["relaid"]).movedim(-1, 1)
    if "logit" in way:
        return torch.logit(x)
    if "log" in way:
        return torch.log(x)
    if "logSoftmax" in way:
        return torch.log_softmax(x, way["logSoftmax"])
    if "softmax" in way:
        return torch.softmax(x, way["softmax"])
    if "sigmoid" in way:
        return torch.sigmoid(x)
    if "pool" in way:
        return pool(None, (x,), way["pool"], None)
    if "resize" in way:
        return resize(None, (x,), way["resize"], None)
    if "flip" in way:
        return x.flip(way["flip"])
    if "scale" in way:
        return x * along(way["scale"], x, way) + along(way.get("offset", 0.0), x, way)
    raise ValueError(way)


def along(value, x, way):
    """A number, or one for each channel."""
    if not isinstance(value, list):
        return value
    shape = [1] * x.ndim
    shape[way.get("axis", 1)] = len(value)
    return torch.tensor(value, dtype=x.dtype).view(shape)


def activation(module, args, params, recorder):
    within = params.get("within")
    x = (args[0] - within["offset"]) / within["scale"] if within else args[0]
    return ACTIVATIONS[params["fn"]](x, params)


def batch_norm(module, args, params, recorder):
    """As BatchNorm, with the running variance that Keras keeps: of the batch as it is, not n / (n - 1) of it."""
    x = args[0]
    eps, momentum = params.get("eps", module.eps), params.get("momentum", module.momentum)
    if params.get("frozen") or not (module.training or module.running_mean is None):
        return F.batch_norm(x, module.running_mean, module.running_var, module.weight, module.bias, False, 0.0, eps)
    out = F.batch_norm(x, None, None, module.weight, module.bias, True, 0.0, eps)
    if module.running_mean is not None:
        dims = [0, *range(2, x.ndim)]
        with torch.no_grad():
            biased = params.get("biased", True)
            module.num_batches_tracked.add_(1)
            share = momentum if momentum is not None else 1.0 / float(module.num_batches_tracked)
            module.running_mean.lerp_(x.mean(dims), share)
            module.running_var.lerp_(x.var(dims, unbiased=not biased), share)
    return out


def pool(module, args, params, recorder):
    """Pooling with the settings of the other side, each axis padded before and after on its own."""
    x, pad, size, stride = args[0], params["pad"], params["size"], params["stride"]
    axes = x.ndim - 2
    if params["fn"] == "max":
        of = {1: F.max_pool1d, 2: F.max_pool2d, 3: F.max_pool3d}[axes]
        return of(F.pad(x, pad, value=-math.inf), size, stride)
    of = {1: F.avg_pool1d, 2: F.avg_pool2d, 3: F.avg_pool3d}[axes]
    out = of(F.pad(x, pad), size, stride)
    return out if params.get("countsPadding") else out / of(F.pad(torch.ones_like(x[:1, :1]), pad), size, stride)


def global_pool(module, args, params, recorder):
    x = args[0]
    dims = tuple(range(2, x.ndim))
    out = x.mean(dims) if params["fn"] == "average" else x.amax(dims)
    return out.view(*out.shape, *[1] * (len(params["shape"]) - 2))


def resize(module, args, params, recorder):
    """Resizing with the settings of the other side; its cubic is that of antialias, which enlarging doesn't need."""
    x, mode, size = args[0], params["mode"], params["size"]
    if mode == "nearest":
        return F.interpolate(x, size, mode="nearest-exact" if params["halfPixels"] else "nearest")
    if mode == "bicubic" and params["cubic"] == -0.5 and not params["antialias"]:
        return keys_cubic(x, size)
    name = {3: "linear", 5: "trilinear"}.get(x.ndim, "bilinear") if mode == "bilinear" else mode
    return F.interpolate(x, size, mode=name, align_corners=bool(params["corners"]), antialias=bool(params["antialias"]))


def keys_cubic(x, size):
    """Bicubic as TensorFlow has it: a = -1/2, weights beyond the edge left out and the rest scaled to one."""
    for axis, n in zip((2, 3), size):
        old = x.shape[axis]
        at = (torch.arange(n, dtype=x.dtype) + 0.5) * old / n - 0.5
        places = at.floor().long().view(-1, 1) + torch.arange(-1, 3)
        d = (at.view(-1, 1) - places).abs()
        near = 1.5 * d**3 - 2.5 * d**2 + 1
        far = -0.5 * d**3 + 2.5 * d**2 - 4 * d + 2
        weights = torch.where(d <= 1, near, far) * ((places >= 0) & (places < old))
        weights = weights / weights.sum(1, keepdim=True)
        matrix = torch.zeros(n, old, dtype=x.dtype).scatter_add_(1, places.clamp(0, old - 1), weights)
        x = (x.movedim(axis, -1) @ matrix.T).movedim(-1, axis)
    return x


def permute(module, args, params, recorder):
    """Axes turned, where the program takes them as they lie in memory."""
    return args[0].permute(*params["permute"]).reshape(params["to"])


def last_states(module, args, params, recorder):
    """Of a bidirectional layer's outputs the last state of each direction, which for the second is the first step."""
    out, size = args[0], params["units"]
    return torch.cat([out[:, -1, :size], out[:, 0, size:]], -1)


def loss(module, args, params, recorder):
    """A loss with settings of the other side; Keras' sum is of each sample's mean."""
    s = {**params["own"], **params}
    output, target = args[0], args[1]
    kind, takes, smoothing = s["kind"], s.get("takes"), s.get("smoothing") or 0.0
    weights = torch.tensor(s["weights"], dtype=output.dtype) if s.get("weights") else None
    share = None
    if kind == "mean squared error":
        each = F.mse_loss(output, target, reduction="none")
    elif kind == "mean absolute error":
        each = F.l1_loss(output, target, reduction="none")
    elif kind == "Huber":
        each = F.huber_loss(output, target, delta=s.get("delta") or 1.0, reduction="none")
    elif kind == "binary cross-entropy":
        target = target * (1 - smoothing) + 0.5 * smoothing
        positive = torch.tensor(s["positive"], dtype=output.dtype) if s.get("positive") else None
        logits = output if takes == "logits" else torch.logit(output)
        each = F.binary_cross_entropy_with_logits(logits, target, pos_weight=positive, reduction="none")
    else:
        logs = {"logits": lambda: torch.log_softmax(output, 1), "log-probabilities": lambda: output}
        logs = logs.get(takes, lambda: torch.log(output))()
        classes = output.shape[1]
        hot = target if target.is_floating_point() else F.one_hot(target, classes).movedim(-1, 1).to(output.dtype)
        soft = hot * (1 - smoothing) + smoothing / classes
        each = -(soft * logs)
        if weights is not None:
            by_class = weights.view(-1, *[1] * (output.ndim - 2))
            share = (hot * by_class).sum(1)
            # Keras weights samples, PyTorch the classes within each.
            each = each * (share.unsqueeze(1) if s["mean"] == "samples" else by_class)
        each = each.sum(1)
    if s["reduction"] == "sum of means":
        return each.mean(-1).sum() if each.ndim > 1 else each.sum()
    if s["reduction"] == "sum":
        return each.sum()
    return each.sum() / share.sum() if share is not None and s["mean"] == "weights" else each.mean()


def conv_transpose(module, args, params, recorder):
    """A transposed convolution of which other rows and columns are cut off."""
    x = args[0]
    of = {1: F.conv_transpose1d, 2: F.conv_transpose2d, 3: F.conv_transpose3d}[x.ndim - 2]
    more = [max(0, -after) for _, after in params["crop"]]
    out = of(x, module.weight, module.bias, module.stride, 0, more, module.groups, module.dilation)
    for axis, (before, after) in enumerate(params["crop"]):
        out = out.narrow(axis + 2, before, out.shape[axis + 2] - before - max(0, after))
    return out


FORWARD = {
    "conv-transpose": conv_transpose,
    "activation": activation,
    "batch-norm": batch_norm,
    "recurrent": recurrent,
    "pool": pool,
    "global-pool": global_pool,
    "last-states": last_states,
    "resize": resize,
    "permute": permute,
    "loss": loss,
    "divide": lambda module, args, params, recorder: args[0] / params["by"],
}


class Optimizer:
    """The update rules of both frameworks, chosen by `formula`; each parameter has settings of its own."""

    def __init__(self, settings):
        # name -> (parameter, settings)
        self.settings, self.state, self.count = settings, {}, 0

    def step(self, every=1):
        """One step; `every` so many, a schedule by epoch goes on."""
        self.count += 1
        with torch.no_grad():
            gradients = {n: p.grad.clone() for n, (p, s) in self.settings.items() if p.grad is not None}
            self.clip(gradients)
            for name, gradient in gradients.items():
                p, s = self.settings[name]
                rates = s.get("learningRates")
                lr = s["lr"]
                if rates:
                    at = s.get("firstStep", 0) + self.count - 1
                    now = rates[min(at // every if s.get("byEpoch") else at, len(rates) - 1)]
                    lr = lr * now / s["firstRate"] if s.get("firstRate") else now
                RULES[s["kind"]](p, gradient, lr, s, self.state.setdefault(name, {}), self.count)

    def clip(self, gradients):
        if not gradients:
            return
        s = next(iter(self.settings.values()))[1]
        if s.get("clipvalue"):
            for g in gradients.values():
                g.clamp_(-s["clipvalue"], s["clipvalue"])
        elif s.get("clipnorm"):
            for g in gradients.values():
                g.mul_(torch.clamp(s["clipnorm"] / g.norm(), max=1.0))
        elif s.get("globalClipnorm"):
            norm = torch.sqrt(sum(g.square().sum() for g in gradients.values()))
            for g in gradients.values():
                g.mul_(torch.clamp(s["globalClipnorm"] / norm, max=1.0))


def slot(state, name, p, value=0.0):
    if name not in state:
        state[name] = torch.full_like(p, value)
    return state[name]


def decayed(p, g, lr, s):
    """The gradient with coupled weight decay; decoupled decay shrinks the weight itself."""
    decay = s.get("weightDecay") or 0.0
    if decay and s.get("decoupled"):
        p.mul_(1 - lr * decay)
    elif decay:
        g = g + decay * p
    return -g if s.get("maximize") else g


def sgd(p, g, lr, s, state, t):
    g = decayed(p, g, lr, s)
    momentum = s.get("momentum") or 0.0
    if momentum:
        if s["formula"] == "keras":
            v = slot(state, "v", p).mul_(momentum).sub_(lr * g)
            p.add_(momentum * v - lr * g if s.get("nesterov") else v)
            return
        first = "v" not in state
        v = slot(state, "v", p).mul_(momentum).add_(g if first else (1 - (s.get("dampening") or 0.0)) * g)
        g = g + momentum * v if s.get("nesterov") else v
    p.sub_(lr * g)


def adam(p, g, lr, s, state, t):
    g = decayed(p, g, lr, s)
    m = slot(state, "m", p).lerp_(g, 1 - s["beta1"])
    v = slot(state, "v", p).mul_(s["beta2"]).addcmul_(g, g, value=1 - s["beta2"])
    if s.get("amsgrad"):
        v = slot(state, "vmax", p).copy_(torch.maximum(slot(state, "vmax", p), v))
    correction = math.sqrt(1 - s["beta2"] ** t)
    rate = lr / (1 - s["beta1"] ** t)
    if s["formula"] == "keras":
        p.sub_(rate * correction * m / (v.sqrt() + s["epsilon"]))
    else:
        p.sub_(rate * m / (v.sqrt() / correction + s["epsilon"]))


def adamax(p, g, lr, s, state, t):
    g = decayed(p, g, lr, s)
    m = slot(state, "m", p).lerp_(g, 1 - s["beta1"])
    eps = s["epsilon"]
    if s["formula"] == "keras":
        u = state["u"] = torch.maximum(s["beta2"] * slot(state, "u", p), g.abs())
        p.sub_(lr / (1 - s["beta1"] ** t) * m / (u + eps))
    else:
        u = state["u"] = torch.maximum(s["beta2"] * slot(state, "u", p), g.abs() + eps)
        p.sub_(lr / (1 - s["beta1"] ** t) * m / u)


def nadam(p, g, lr, s, state, t):
    g = decayed(p, g, lr, s)
    decay = s.get("momentumDecay", 1.0)
    mu = s["beta1"] * (1 - 0.5 * 0.96 ** (t * decay))
    after = s["beta1"] * (1 - 0.5 * 0.96 ** ((t + 1) * decay))
    state["product"] = product = state.get("product", 1.0) * mu
    m = slot(state, "m", p).lerp_(g, 1 - s["beta1"])
    v = slot(state, "v", p).mul_(s["beta2"]).addcmul_(g, g, value=1 - s["beta2"])
    denominator = (v / (1 - s["beta2"] ** t)).sqrt() + s["epsilon"]
    p.sub_(lr * (1 - mu) / (1 - product) * g / denominator)
    p.sub_(lr * after / (1 - product * after) * m / denominator)


def rmsprop(p, g, lr, s, state, t):
    g = decayed(p, g, lr, s)
    v = slot(state, "v", p).mul_(s["decay"]).addcmul_(g, g, value=1 - s["decay"])
    if s.get("centered"):
        mean = slot(state, "mean", p).lerp_(g, 1 - s["decay"])
        v = v - mean.square()
    inside = s.get("epsilonInside", s["formula"] == "keras")
    increment = g / ((v + s["epsilon"]).sqrt() if inside else v.sqrt() + s["epsilon"])
    momentum = s.get("momentum") or 0.0
    if momentum:
        increment = slot(state, "momentum", p).mul_(momentum).add_(increment)
    p.sub_(lr * increment)


def adagrad(p, g, lr, s, state, t):
    g = decayed(p, g, lr, s)
    total = slot(state, "sum", p, s.get("initialAccumulator") or 0.0).addcmul_(g, g)
    lr = lr / (1 + (t - 1) * (s.get("lrDecay") or 0.0))
    inside = s.get("epsilonInside", s["formula"] == "keras")
    p.sub_(lr * g / ((total + s["epsilon"]).sqrt() if inside else total.sqrt() + s["epsilon"]))


def adadelta(p, g, lr, s, state, t):
    g = decayed(p, g, lr, s)
    rho, eps = s["decay"], s["epsilon"]
    squares = slot(state, "squares", p).mul_(rho).addcmul_(g, g, value=1 - rho)
    deltas = slot(state, "deltas", p)
    delta = g * (deltas + eps).sqrt() / (squares + eps).sqrt()
    deltas.mul_(rho).addcmul_(delta, delta, value=1 - rho)
    p.sub_(lr * delta)


RULES = {
    "sgd": sgd, "adam": adam, "adamw": adam, "adamax": adamax, "nadam": nadam,
    "rmsprop": rmsprop, "adagrad": adagrad, "adadelta": adadelta,
}
