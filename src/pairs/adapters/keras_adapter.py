"""Loads a Keras program, or a saved Keras model, and answers Tandem's questions about it."""

import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras
import keras_emulation as emulation
import numpy as np
import rebuild
import tensorflow as tf
import typescript
from keras_recorder import Recorder, plain, settings
from protocol import (
    EPOCHS, STEPS, ProgramError, batch_of, binding, blaming, distance, given, load_data, load_program,
    refuse_training, serve, training_of,
)

p = None  # the program that is loaded


class Program:
    def __init__(self, path, state):
        keras.utils.clear_session()
        Recorder.places.clear()
        keras.config.set_floatx("float32")
        keras.utils.set_random_seed(0)
        self.module = self.data = self.model = None
        self.written = typescript.written(path)
        if self.written:
            self.from_typescript(path)
        elif path.endswith((".keras", ".h5")):
            self.model = saved(path)
        else:
            trained = {name: getattr(keras.Model, name) for name in ("fit", "train_on_batch")}
            for name in trained:
                setattr(keras.Model, name, refuse_training(f"model.{name}()"))
            try:
                self.module, self.data = load_program(path)
            finally:
                for name, own in trained.items():
                    setattr(keras.Model, name, own)
            self.model = getattr(self.module, "model", None)
        if not isinstance(self.model, keras.Model):
            raise ProgramError(
                "it defines no `model`: bind the Keras model to that name" if self.model is None
                else f"`model` must be a Keras model, it is a {type(self.model).__name__}", path)
        if state:
            if self.written:
                raise ProgramError("a program of TensorFlow.js takes its weights from its own model.json", state)
            try:
                self.model.load_weights(state)
            except Exception as error:  # noqa: BLE001 - Keras throws of many kinds
                raise ProgramError(f"it doesn't fit the model: {str(error).splitlines()[0]}", state) from None
        if not self.written:
            self.loss = self.own("loss", "criterion")
            self.optimizer = self.own("optimizer")
            self.given = given(self.data, self.module)
            self.version = keras.__version__
        if isinstance(self.loss, str):
            self.loss = keras.losses.get(self.loss)
        if isinstance(self.optimizer, str):
            self.optimizer = keras.optimizers.get(self.optimizer)
        self.inputs, self.exact, self.targets, self.recorder, self.start = None, None, None, None, None
        self.path = os.path.abspath(path)
        weights = getattr(self.module, "class_weight", None)
        self.class_weights = [float(weights.get(i, 1)) for i in range(max(weights) + 1)] if weights else None
        samples = getattr(self.module, "sample_weight", None)
        self.sample_weights, self.unweighted = None if samples is None else np.asarray(samples, "float64"), False
        self.double = False
        self.target = self.loss_config = None
        self.dense = False
        self.picks, self.batches, self.whole = [], None, None

    def from_typescript(self, path):
        """The same model in Python, whose layers compute in float64 as well."""
        description, arrays = typescript.load(path, "keras")
        self.model = rebuild.model_of(description, arrays)
        Recorder.places.update({id(layer): description["places"].get(path) for layer, path in rebuild.leaves(self.model, "")})
        self.optimizer = rebuild.optimizer_of(description["optimizer"])
        self.loss = rebuild.loss_of(description["loss"])
        self.version = description["version"]
        data = {} if path.endswith(".json") else given(load_data(path))
        self.given = {**data, **{n.removeprefix("given:"): a for n, a in arrays.items() if n.startswith("given:")}}

    def own(self, *names):
        for name in names:
            value = getattr(self.module, name, None)
            if value is not None:
                return value
        return getattr(self.model, names[0], None)

    def built(self):
        """What can be asked once the weights are there."""
        if self.start is None and self.model.built:
            self.recorder = Recorder(self.model)
            self.start = {v.path: v.numpy() for v in self.variables()}
            self.own_precision = Precision(self)
            self.trainable = {v.path for v in self.model.trainable_variables}
            self.layers_trainable = None
            self.optimizer_config = optimizer_config(self.optimizer)
            self.regularizers = {v.path: getattr(v, "regularizer", None) for v in self.variables()}

    def variables(self):
        seen = set()
        for v in self.model.variables:
            if "seed_generator" in v.path or id(v) in seen or "float" not in v.dtype:
                continue
            seen.add(id(v))
            yield v


class Precision:
    """What a program's layers compute in, its variables are kept in, and its inputs come in; all of it can be changed in place."""

    def __init__(self, program):
        self.layers, self.tensors, self.floatx = [], [], keras.config.floatx()
        for layer in program.model._flatten_layers():
            inner = [getattr(layer, name, None) for name in ("cell", "forward_layer", "backward_layer", "layer")]
            self.layers += [(one, one.dtype_policy) for one in (layer, *inner) if isinstance(one, keras.layers.Layer)]
            self.tensors += [(t, t.dtype) for t in getattr(layer, "_inputs", None) or []]
        self.variables = {v.path: v.dtype for v in program.variables()}
        self.loss = (program.loss._dtype_policy, program.loss._dtype) if isinstance(program.loss, keras.losses.Loss) else None

    @property
    def fewest(self):
        kinds = {kind for layer, policy in self.layers if layer.weights for kind in (policy.compute_dtype, policy.variable_dtype)}
        return min((k for k in kinds if k and "float" in k), key=lambda k: (tf.as_dtype(k).size, k), default=self.floatx)

    def set(self, name):
        """Float64 everywhere; without a name, as the program has it."""
        keras.config.set_floatx(name or self.floatx)
        for layer, policy in self.layers:
            layer.dtype_policy = keras.DTypePolicy(name) if name else policy
        for tensor, own in self.tensors:
            tensor._dtype = name or own
        for v in p.variables():
            kind = name or self.variables[v.path]
            value = v.numpy().astype(kind)
            v._dtype = kind
            v._value = tf.Variable(value, dtype=kind, trainable=v.trainable, name=v.name)
        if self.loss:
            p.loss._dtype_policy, p.loss._dtype = (keras.DTypePolicy(name), name) if name else self.loss


def saved(path):
    try:
        # Keras saves these names to .h5 and doesn't find them again.
        names = {"mse": keras.losses.MeanSquaredError(), "mae": keras.losses.MeanAbsoluteError()}
        return keras.saving.load_model(path, compile=True, custom_objects=names if path.endswith(".h5") else None)
    except Exception as error:  # noqa: BLE001 - Keras throws of many kinds
        text = next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)
        hint = ". It has weights alone: give the program that builds the model, and this with --left-weights or --right-weights"
        raise ProgramError(f"Keras can't load it: {text}{hint if 'model config' in text or 'model_config' in text else ''}", path) from None


def optimizer_config(optimizer):
    if optimizer is None:
        return None
    config = optimizer.get_config()
    if isinstance(config.get("learning_rate"), float):
        # It comes back from a float32.
        config["learning_rate"] = float(str(np.float32(config["learning_rate"])))
    return config


def load(request, _):
    global p
    p = Program(request["path"], request.get("state"))
    data = p.given
    p.built()
    return described(), {f"given:{k}": np.asarray(v) for k, v in data.items()} | starts(list(data))


def starts(_):
    return {f"start:{n}": a for n, a in (p.start or {}).items()}


def described():
    optimizer = None
    if p.optimizer is not None:
        config = optimizer_config(p.optimizer)
        optimizer = {"type": type(p.optimizer).__name__, "config": plain(config)}
        schedule = getattr(p.optimizer, "_learning_rate", None)
        if isinstance(schedule, keras.optimizers.schedules.LearningRateSchedule):
            optimizer["learningRates"] = rates_of(schedule)
            optimizer["schedule"] = type(schedule).__name__
    penalties = {}
    for v in p.variables() if p.start else []:
        regularizer = getattr(v, "regularizer", None)
        if regularizer is not None:
            penalties[v.path] = {"l1": float(getattr(regularizer, "l1", 0) or 0), "l2": float(getattr(regularizer, "l2", 0) or 0)}
    return {
        "framework": "keras", "version": p.version, "model": type(p.model).__name__,
        "inputs": [
            {"shape": list(t.shape), "dtype": "int32" if words(t) else t.dtype} for t in tf.nest.flatten(getattr(p.model, "inputs", None) or [])
        ],
        "weights": [
            {"name": v.path, "shape": list(v.shape), "trainable": v.path in p.trainable,
             "buffer": v.path not in p.trainable and not layer_weight(v)}
            for v in p.variables()
        ] if p.start else [],
        "modules": [], "penalties": penalties,
        "optimizer": optimizer,
        "loss": {**loss_of(p.loss), "classWeights": p.class_weights} if p.loss is not None else None,
        "precision": p.own_precision.fewest if p.start else None,
        "sampleWeights": p.sample_weights is not None,
        "training": training_of(p.module),
        "scheduler": None,
        "given": list(p.given),
        "places": {name: binding(p.path, name) for name in ("inputs", "targets", "sample_weight", "optimizer", "model")},
    }


def rates_of(schedule):
    """The learning rates of the steps; of all at once where it can be mapped over them."""
    try:
        return tf.function(lambda: tf.vectorized_map(schedule, tf.range(STEPS)))().numpy().tolist()
    except Exception:  # noqa: BLE001 - one of the program's own may do anything
        return [float(schedule(i)) for i in range(EPOCHS)]


def words(t):
    """Whether an input goes to an embedding, which may be told nothing of whole numbers."""
    return any(isinstance(layer, keras.layers.Embedding) and getattr(layer, "_inbound_nodes", None) and layer.input is t
               for layer in p.model._flatten_layers())


def layer_weight(v):
    return not v.name.startswith(("moving_", "total", "count"))


def loss_of(loss):
    if loss is None:
        return None
    if isinstance(loss, keras.losses.Loss):
        return {"type": type(loss).__name__, "config": plain({**getattr(loss, "_fn_kwargs", {}), **loss.get_config()}), "function": False}
    return {"type": getattr(loss, "__name__", type(loss).__name__), "config": {}, "function": True}


def build(_, arrays):
    """Builds a model that knows its shapes only once it is called."""
    if not p.model.built or p.start is None:
        given = [tf.constant(a) for n, a in arrays.items() if n.startswith("inputs")]
        p.model(given[0] if len(given) == 1 else given)
        p.built()
    return described(), starts([])


def prepare(request, _):
    precise(request.get("precision") == "float64")
    for v in p.variables():
        v.assign(p.start[v.path])
    for layer in p.model._flatten_layers():
        if getattr(layer, "stateful", False) and hasattr(layer, "reset_states"):
            layer.reset_states()
    p.recorder.patches = request.get("patches", {})
    p.recorder.masks = request.get("masks", {})
    p.recorder.orders = request.get("orders", {})
    p.recorder.unmasked = request.get("unmasked", False)
    p.unweighted = request.get("unweighted", False)
    p.recorder.step = 0
    frozen = set(request.get("frozen", []))
    p.trained = [v for v in p.model.trainable_variables if v.path not in frozen]
    changes = request.get("optimizer") or {}
    for v in p.variables():
        l1_l2 = changes.get("penalties", {}).get(v.path)
        v.regularizer = p.regularizers[v.path] if "penalties" not in changes else l1_l2 and keras.regularizers.L1L2(**l1_l2)
    if p.optimizer_config is not None and changes.get("settings"):
        p.fresh = emulation.optimizer(p.optimizer, p.optimizer_config, changes["settings"])
    elif p.optimizer_config is not None:
        p.fresh = type(p.optimizer).from_config(p.optimizer_config)
    else:
        p.fresh = None
    p.graph = None
    p.batches, p.whole = request.get("batches"), request.get("whole")
    # Of a word that stands twice, Keras squares each gradient by itself; dense, it squares their sum.
    p.dense = request.get("dense", False)
    p.target, p.loss_config = request.get("target"), request.get("loss")
    return {}, {}


def precise(double):
    """Computes in float64, or as the program does."""
    if double != p.double:
        p.double = double
        p.own_precision.set("float64" if double else None)


def set_weights(_, arrays):
    for v in p.variables():
        if v.path in arrays:
            p.start[v.path] = arrays[v.path].reshape(v.shape)
    return prepare({}, {})


def held(request, _):
    """Some of the outputs that a forward pass left here; with none asked for, they are let go."""
    found = {f"node:{k}": np.asarray(p.held[k]) for k in request["keys"] if k in p.held}
    if not request["keys"]:
        p.held = {}
        p.recorder.begin()
    return {}, found


def give_starts(request, _):
    return {}, {name: p.start[name] for name in request["names"]}


def pick(request, arrays):
    """Which elements of which weights are given after a step, in the order that both sides share."""
    p.picks = [(key, name, arrays[key]) for key, name in request["picks"]]
    return {}, {}


def set_data(_, arrays):
    given = [a for name, a in arrays.items() if name.startswith("inputs")]
    if given:
        p.exact = given
        kind = np.promote_types(p.own_precision.fewest, "float32") if p.start else "float32"
        p.inputs = [a.astype(kind) if a.dtype.kind == "f" else a for a in given]
    if "targets" in arrays:
        p.targets = arrays["targets"]
    return {}, {}


def typed(a):
    return tf.constant(a.astype("float64") if p.double and a.dtype.kind == "f" else a)


def computed(x, training):
    """What the model gives, its program's `transform` before it."""
    transform = getattr(p.module, "transform", None)
    return p.model(transform(x) if callable(transform) else x, training=training)


def inputs(batch=None):
    given = [typed(a if batch is None else a[batch]) for a in (p.exact if p.double else p.inputs)]
    if p.whole:
        given[0] = emulation.WHOLE[p.whole](given[0])
    return given[0] if len(given) == 1 else given


def loss_value(out, batch=None):
    loss = p.loss
    if p.loss_config:
        kind = getattr(keras.losses, p.loss_config["type"]) if "type" in p.loss_config else type(loss)
        changes = {k: v for k, v in p.loss_config.items() if k != "type"}
        loss = kind.from_config({**(loss.get_config() if kind is type(loss) else {}), **changes})
        if p.double:
            loss._dtype_policy, loss._dtype = keras.DTypePolicy("float64"), "float64"
    targets = p.targets if batch is None else p.targets[batch]
    with blaming(binding(p.path, "loss", "criterion")):
        value = loss(reshaped(typed(targets), p.target), out, **sample_weights(targets, batch))
    return tf.reduce_mean(value) if len(value.shape) else value


def sample_weights(labels, batch):
    """What `fit` makes of class_weight, the weight of each sample's class, and of sample_weight."""
    own = None if p.unweighted or p.sample_weights is None else p.sample_weights if batch is None else p.sample_weights[batch]
    if p.class_weights is None:
        return {} if own is None else {"sample_weight": typed(own)}
    if labels.ndim > 1:
        labels = labels.argmax(-1) if labels.shape[-1] > 1 else labels.reshape(labels.shape[:-1])
    weights = np.asarray(p.class_weights)[labels.astype("int64")]
    return {"sample_weight": typed(weights if own is None else weights * own.reshape(-1, *[1] * (weights.ndim - 1)))}


def reshaped(x, way):
    if not way:
        return x
    return tf.expand_dims(x, way["unsqueeze"]) if "unsqueeze" in way else tf.squeeze(x, way["squeeze"])


def forward(request, _):
    recorder, record = p.recorder, request.get("record", False)
    recorder.begin(record, request.get("keep"), request.get("light", False))
    with recorder:
        out = computed(inputs(), request.get("training", False))
    outputs = tf.nest.flatten(out)
    result = {"outputs": [list(t.shape) for t in outputs]}
    arrays = {}
    if record:
        result["nodes"] = [] if recorder.light else recorder.nodes
        result["final"] = [recorder.makers.get(id(t), -1) for t in outputs]
        if request.get("hold"):
            p.held, outputs = dict(recorder.outputs), []
        else:
            arrays = {f"node:{k}": np.asarray(v) for k, v in recorder.outputs.items()}
    recorder.begin()
    if p.loss is not None and request.get("loss"):
        try:
            result["loss"] = float(loss_value(out))
            result["lossNodes"] = []
        except Exception as error:  # noqa: BLE001
            if not request.get("lossMayFail"):
                raise
            result["lossError"] = f"{type(error).__name__}: {error}".splitlines()[0]
    for i, t in enumerate(outputs):
        arrays[f"output:{i}"] = np.asarray(t)
    return result, arrays


def train(request, _):
    losses, arrays = [], {}
    wanted = request.get("look", [])
    step_of = graph() if request["steps"] > 20 and not p.batches and not random_layers() else step_eagerly
    for step in range(1, request["steps"] + 1):
        p.recorder.step += 1
        try:
            value, gradients = step_of()
        except Exception:  # noqa: BLE001 - a graph says of none of its errors where it comes from
            if step_of is step_eagerly:
                raise
            step_of = step_eagerly
            value, gradients = step_of()
        losses.append(float(value))
        if step in wanted:
            variables = {v.path: v for v in p.variables()}
            found = {v.path: g for v, g in zip(p.trained, gradients) if g is not None}
            for key, name, places in p.picks:
                arrays[f"weight:{step}:{key}"] = variables[name].numpy().reshape(-1)[places]
                if name in found and request.get("gradients"):
                    gradient = np.asarray(tf.convert_to_tensor(found[name]))
                    arrays[f"gradient:{step}:{key}"] = gradient.reshape(-1)[places]
                    for role, kept in remembered(name).items():
                        arrays[f"state.{role}:{step}:{key}"] = kept.reshape(-1)[places]
    return {"losses": losses}, arrays


def remembered(name):
    """What the optimizer keeps of a weight. SGD's is of steps, where PyTorch's is of gradients."""
    found = {}
    at = next((i for i, v in enumerate(p.trained) if v.path == name), None)
    for role, names in {"momentum": ("_momentums", "momentums"), "velocity": ("_velocities", "_accumulators")}.items():
        kept = next((getattr(p.fresh, n) for n in names if getattr(p.fresh, n, None)), None)
        if kept is not None and at is not None and at < len(kept):
            found[role] = kept[at].numpy()
    if type(p.fresh).__name__ == "SGD" and "momentum" in found:
        found["momentum"] = -found["momentum"] / float(p.fresh.learning_rate)
    return found


def check(_, __):
    """How far what a TypeScript program computes is from what was made of it here; nothing for Python."""
    if not p.written:
        return {}, {}
    _, arrays = typescript.ask("run", {f"inputs.{i}": a for i, a in enumerate(p.inputs)})
    prepare({}, {})
    forwarded = forward({}, {})[1]
    apart = max((distance(a, arrays[n]) for n, a in forwarded.items()), default=0.0)
    return {"apart": {"outputs": apart}, "stepped": False}, {}


def random_layers():
    return any(isinstance(layer, (keras.layers.Dropout, keras.layers.GaussianNoise)) for layer in p.model._flatten_layers())


def graph():
    if p.graph is None:
        p.fresh and p.fresh.build(p.trained)
        p.graph = tf.function(step_eagerly, autograph=False)
    return p.graph


def step_eagerly():
    batch = batch_of(p.batches, len(p.inputs[0]), p.recorder.step)
    with tf.GradientTape() as tape:
        p.recorder.begin()
        with p.recorder:
            out = computed(inputs(batch), True)
        value = loss_value(out, batch)
        whole = tf.add_n([value, *[tf.cast(x, value.dtype) for x in p.model.losses]])
    gradients = tape.gradient(whole, [v._value for v in p.trained])
    if p.dense:
        gradients = [tf.convert_to_tensor(g) if g is not None else None for g in gradients]
    pairs = [(g, v) for g, v in zip(gradients, p.trained) if g is not None]
    if p.fresh is not None:
        with blaming(binding(p.path, "optimizer")):
            p.fresh.apply_gradients(pairs)
    return value, [tf.convert_to_tensor(g) if g is not None else None for g in gradients]


HANDLERS = {
    "load": load, "build": build, "prepare": prepare, "weights": set_weights, "pick": pick, "data": set_data,
    "forward": forward, "train": train, "check": check, "starts": give_starts, "held": held,
}


def resizing(old, new, method, antialias):
    """What each new pixel takes of each old one. TensorFlow's own has no more than float32."""
    at = (np.arange(new) + 0.5) * old / new - 0.5
    d = np.abs(at[:, None] - np.arange(old)) / (max(old / new, 1) if antialias else 1)
    if method == "bilinear":
        weights = np.maximum(1 - d, 0)
    else:
        far = np.where(d < 2, -0.5 * d**3 + 2.5 * d**2 - 4 * d + 2, 0)
        weights = np.where(d <= 1, 1.5 * d**3 - 2.5 * d**2 + 1, far)
    return tf.constant(weights / weights.sum(1, keepdims=True), tf.float64)


def cast_exactly():
    """Lets Keras cast a number of Python's without a float32 on the way, which float64 would show."""
    own = keras.src.ops.cast

    def cast(x, dtype):
        return tf.constant(x, dtype) if isinstance(x, float) else own(x, dtype)

    keras.src.ops.cast = cast
    resize = tf.image.resize

    def resized(images, size, method="bilinear", **kwargs):
        if images.dtype != tf.float64 or method not in ("bilinear", "bicubic"):
            return resize(images, size, method=method, **kwargs)
        rows, columns = (resizing(images.shape[i + 1], size[i], method, kwargs.get("antialias")) for i in (0, 1))
        return tf.einsum("oh,pw,nhwc->nopc", rows, columns, images)

    tf.image.resize = resized
    leaky = tf.nn.leaky_relu

    def exactly_leaky(features, alpha=0.2, name=None):
        # Its own slope is a float32.
        return tf.where(features >= 0, features, alpha * features) if features.dtype == tf.float64 else leaky(features, alpha, name)

    tf.nn.leaky_relu = exactly_leaky


if __name__ == "__main__":
    cast_exactly()
    Recorder.listen()
    serve(HANDLERS)
