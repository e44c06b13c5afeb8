"""What a call of Keras becomes with the settings of another, and its optimizers by the names that both frameworks share."""

import keras
import tensorflow as tf
from keras import ops

ACTIVATIONS = {
    "linear": lambda x, p: x,
    "relu": lambda x, p: ops.relu(x),
    "relu6": lambda x, p: ops.relu6(x),
    "leakyRelu": lambda x, p: ops.leaky_relu(x, p["slope"]),
    "elu": lambda x, p: ops.elu(x, p.get("alpha", 1.0)),
    "selu": lambda x, p: ops.selu(x),
    "celu": lambda x, p: ops.celu(x, p.get("alpha", 1.0)),
    "gelu": lambda x, p: ops.gelu(x, approximate=p.get("approximate") == "tanh"),
    "quickGelu": lambda x, p: x * ops.sigmoid(1.702 * x),
    "sigmoid": lambda x, p: ops.sigmoid(x),
    "tanh": lambda x, p: ops.tanh(x),
    "softplus": lambda x, p: ops.softplus(x * p.get("beta", 1.0)) / p.get("beta", 1.0),
    "softsign": lambda x, p: ops.softsign(x),
    "swish": lambda x, p: ops.silu(x),
    "mish": lambda x, p: keras.activations.mish(x),
    "exponential": lambda x, p: ops.exp(x),
    "hardSwish": lambda x, p: ops.hard_swish(x),
    "hardSigmoid": lambda x, p: ops.clip(x * p.get("slope", 1 / 6) + 0.5, 0.0, 1.0),
    "hardTanh": lambda x, p: ops.clip(x, p.get("low", -1.0), p.get("high", 1.0)),
    "softmax": lambda x, p: ops.softmax(x, p.get("axis", -1)),
    "logSoftmax": lambda x, p: ops.log_softmax(x, p.get("axis", -1)),
    "logSigmoid": lambda x, p: ops.log_sigmoid(x),
}


def pairs(flat):
    """PyTorch's order of padding, the last axis first, as one pair for each axis between batch and channels."""
    return [[0, 0], *[list(flat[i:i + 2]) for i in range(0, len(flat), 2)][::-1], [0, 0]]


def padded(x, flat, value=0.0):
    """Zeros before and after each axis; below zero, what is cut off."""
    both = pairs(flat)
    cut = [slice(max(0, -a), n - max(0, -b)) for (a, b), n in zip(both, x.shape)]
    return ops.pad(x[tuple(cut)], [[max(0, a), max(0, b)] for a, b in both], constant_values=value)


def reshaped(x, way):
    """A tensor in another form: `{"flip": axes}`, `{"scale": s, "offset": o}`, along the last axis."""
    if "flip" in way:
        return ops.flip(x, way["flip"])
    return x * tf.constant(way["scale"], x.dtype) + tf.constant(way["offset"], x.dtype)


def pool(x, p):
    size, stride = p["size"], p["stride"]
    if p["fn"] == "max":
        return ops.max_pool(padded(x, p["pad"], -float("inf")), size, stride, "valid")
    out = ops.average_pool(padded(x, p["pad"]), size, stride, "valid")
    if p.get("countsPadding"):
        return out
    return out / ops.average_pool(padded(ops.ones_like(x[:1, ..., :1]), p["pad"]), size, stride, "valid")


def global_pool(x, p):
    axes = tuple(range(1, len(x.shape) - 1))
    out = ops.mean(x, axes) if p["fn"] == "average" else ops.max(x, axes)
    return ops.reshape(out, (out.shape[0], *[n or 1 for n in p["shape"][1:]]))


FORWARD = {
    "activation": lambda x, p: ACTIVATIONS[p["fn"]](x, p),
    "pool": pool,
    "global-pool": global_pool,
    "divide": lambda x, p: x / p["by"],
}

WHOLE = {"floor": tf.floor, "round": tf.round, "trunc": lambda x: tf.sign(x) * tf.floor(tf.abs(x))}

KINDS = {
    "sgd": "SGD", "adam": "Adam", "adamax": "Adamax", "nadam": "Nadam", "rmsprop": "RMSprop", "adagrad": "Adagrad",
    "adadelta": "Adadelta",
}
NAMES = {
    "lr": "learning_rate", "beta1": "beta_1", "beta2": "beta_2", "decay": "rho", "epsilon": "epsilon", "momentum": "momentum",
    "nesterov": "nesterov", "centered": "centered", "amsgrad": "amsgrad", "initialAccumulator": "initial_accumulator_value",
    "weightDecay": "weight_decay", "clipnorm": "clipnorm", "clipvalue": "clipvalue", "globalClipnorm": "global_clipnorm",
}


class Rates(keras.optimizers.schedules.LearningRateSchedule):
    """The learning rates of a schedule, one for each step."""

    def __init__(self, rates):
        self.rates = rates

    def __call__(self, step):
        return tf.gather(tf.constant(self.rates), tf.minimum(tf.cast(step, "int32"), len(self.rates) - 1))

    def get_config(self):
        return {"rates": self.rates}


def optimizer(own, config, settings):
    """An optimizer with some settings of another: by the names that both frameworks share."""
    kind = KINDS.get(settings.get("kind"), type(own).__name__)
    make = type(own) if kind == type(own).__name__ or "kind" not in settings else getattr(keras.optimizers, kind)
    known = make().get_config()
    given = {NAMES[k]: v for k, v in settings.items() if k in NAMES and NAMES[k] in known}
    # JSON has one kind of number.
    given = {k: float(v) if type(v) is int else v for k, v in given.items()}
    if settings.get("learningRates"):
        given["learning_rate"] = Rates(settings["learningRates"])
    if given.get("weight_decay") == 0:
        given["weight_decay"] = None
    start = config if make is type(own) else {k: v for k, v in known.items() if k not in config}
    return make(**{k: v for k, v in {**start, **given}.items() if k not in ("is_legacy_optimizer",)})
