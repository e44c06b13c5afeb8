"""Sees every layer that a Keras model calls, and shares dropout's masks."""

import json

import keras
import keras_emulation as emulation
import numpy as np
import tensorflow as tf
from keras.src.ops.operation import Operation
from protocol import blaming, blocked, blocking, calling_place, mask
from tensorflow.python.framework import op_callbacks

CONTAINERS = (keras.Model, keras.layers.Lambda)
# What TensorFlow calls what a layer of one's own does, and Keras' name for it.
OPERATIONS = {
    "AddV2": "Add", "Sub": "Subtract", "Mul": "Multiply", "RealDiv": "Divide", "ConcatV2": "Concatenate",
    "BatchMatMulV2": "Matmul", "MatMul": "Matmul", "Mean": "Mean", "Max": "Max", "Reshape": "Reshape",
    "Transpose": "Transpose", "StridedSlice": "GetItem", "Squeeze": "Squeeze", "ExpandDims": "ExpandDims",
    "Relu": "relu", "Relu6": "relu6", "Elu": "elu", "Selu": "selu", "Tanh": "tanh", "Sigmoid": "sigmoid",
    "Softmax": "softmax", "Softplus": "softplus", "Erf": "erf",
}
RECURRENT = (keras.layers.RNN,)


def leaf(operation):
    return type(operation).__module__.startswith("keras.") and not isinstance(operation, CONTAINERS)


def tensors_in(value):
    if isinstance(value, (list, tuple)):
        for entry in value:
            yield from tensors_in(entry)
    elif isinstance(value, dict):
        yield from tensors_in(list(value.values()))
    elif hasattr(value, "shape") and hasattr(value, "dtype") and not isinstance(value, keras.Variable):
        yield value


def plain(config):
    return json.loads(json.dumps(config, default=lambda v: getattr(v, "__name__", None) or str(v)))


def settings(operation):
    try:
        config = operation.get_config()
    except Exception:  # noqa: BLE001 - a custom layer may have none
        config = {}
    own = {k: v for k, v in vars(operation).items()
           if not k.startswith("_") and isinstance(v, (bool, int, float, str, list, tuple, type(None)))}
    if not isinstance(operation, keras.layers.Layer):
        config = {**own, **config}
    return plain(config)


def blocked_of(args, kwargs):
    """What a call of MultiHeadAttention may not look at, beside what the masks of its inputs say."""
    allowed = kwargs.get("attention_mask")
    steps = [args[0].shape[1], (args[1] if len(args) > 1 else kwargs["value"]).shape[1]]
    barred = np.zeros(steps, bool) if allowed is None else ~np.asarray(allowed).astype(bool)
    if kwargs.get("use_causal_mask"):
        barred = barred | np.triu(np.ones(steps, bool), 1)
    return blocked(barred)


def index_of(value):
    """An index as JSON has it."""
    if isinstance(value, (tuple, list)):
        return [index_of(entry) for entry in value]
    if isinstance(value, slice):
        return {"slice": [value.start, value.stop, value.step]}
    return "..." if value is Ellipsis else value if isinstance(value, int) else None


def name_of(activation):
    if isinstance(activation, keras.layers.Layer):
        return {"type": type(activation).__name__, "config": settings(activation)}
    return {"type": getattr(activation, "__name__", str(activation)), "config": {}}


class Recorder:
    """Counts calls by key, applies patches, and in a recorded run keeps what went in and out."""

    current = None
    # Where the program makes each layer.
    places = {}

    def __init__(self, model):
        self.model = model
        self.paths = {}
        self.walk(model, "")
        self.patches, self.masks, self.orders = {}, {}, {}
        self.depth, self.step, self.scope = 0, 0, ""
        self.unmasked = False
        self.key, self.layered = "", False
        self.begin()

    @staticmethod
    def listen():
        """Sees the calls of all layers and operations from now on; called once in a process."""

        def call(original):
            def wrapped(operation, *args, **kwargs):
                recorder = Recorder.current
                if recorder is None or recorder.depth or not leaf(operation):
                    return original(operation, *args, **kwargs)
                return recorder.visit(operation, original, args, kwargs)

            return wrapped

        make = keras.layers.Layer.__init__

        def init(layer, *args, **kwargs):
            place = calling_place()
            if place is not None:
                Recorder.places.setdefault(id(layer), place)
            make(layer, *args, **kwargs)

        keras.layers.Layer.__init__ = init
        keras.layers.Layer.__call__ = call(keras.layers.Layer.__call__)
        Operation.__call__ = call(Operation.__call__)
        own = keras.layers.Dropout.call

        def dropout(layer, inputs, training=False):
            if Recorder.current is None:
                return own(layer, inputs, training=training)
            return Recorder.current.dropout(layer, inputs) if training and layer.rate else inputs

        for kind in (keras.layers.Dropout, keras.layers.SpatialDropout1D, keras.layers.SpatialDropout2D, keras.layers.SpatialDropout3D):
            kind.call = dropout

    def walk(self, layer, path):
        for inner in getattr(layer, "_layers", []) or []:
            inner_path = f"{path}{inner.name}"
            self.paths.setdefault(id(inner), inner_path)
            self.walk(inner, f"{inner_path}/")

    def dropout(self, layer, inputs):
        shape = list(inputs.shape)
        if "Spatial" in type(layer).__name__:
            shape = [shape[0], *[1] * (len(shape) - 2), shape[-1]]
        elif layer.noise_shape is not None:
            shape = [n if n is not None else shape[i] for i, n in enumerate(layer.noise_shape)]
        channels_last = len(shape) > 3 or "Spatial" in type(layer).__name__
        drawn = [shape[0], shape[-1], *shape[1:-1]] if channels_last else shape
        keep = mask(self.masks.get(self.key, self.key), self.step, drawn, layer.rate)
        if channels_last:
            keep = np.moveaxis(keep, 1, -1)
        if self.key in self.orders:
            keep = keep[:, self.orders[self.key]]
        return inputs * tf.constant(keep, inputs.dtype) / (1 - layer.rate)

    def begin(self, record=False, keep=None, light=False):
        """`keep` are the outputs that are wanted, all without it; a light run notes nothing else."""
        self.counts, self.nodes, self.outputs, self.makers = {}, [] if record else None, {}, {}
        # Which operations outside of layers count is told by what they take, which a light run doesn't follow.
        light = light and self.layered
        self.kept, self.keep, self.light = [], None if keep is None else set(keep), light
        if record and not light:
            self.layered = True

    def __enter__(self):
        Recorder.current = self
        if self.nodes is not None and not self.light:
            op_callbacks.add_op_callback(self.operation)

    def __exit__(self, *_):
        Recorder.current = None
        if self.nodes is not None and not self.light:
            op_callbacks.remove_op_callback(self.operation)

    def operation(self, op_type, inputs, attrs, outputs, op_name=None, graph=None):
        """An operation of TensorFlow that no layer made: what a layer of one's own writes by hand."""
        if self.depth or not outputs:
            return None
        strides = list(inputs[3].numpy()) if op_type == "StridedSlice" else []
        inputs = [t for t in inputs if t.dtype.is_floating and t.shape.rank]
        known = [t for t in inputs if id(t) in self.makers]
        name = OPERATIONS.get(op_type)
        if op_type == "StridedSlice" and -1 in strides:
            name = "Flip"
        if name is not None and (known or not self.nodes):
            self.layered = False
            count = self.counts[op_type] = self.counts.get(op_type, -1) + 1
            config = {"axis": strides.index(-1) - len(strides)} if name == "Flip" else {}
            self.note(f"{op_type}#{count}", name, config, None, tuple(inputs), {}, list(outputs))
        elif known:
            for tensor in outputs:
                self.makers.setdefault(id(tensor), self.makers[id(known[0])])
            self.kept.extend(outputs)
        return None

    def visit(self, operation, original, args, kwargs):
        path = self.scope + self.paths.get(id(operation), operation.name)
        count = self.counts[path] = self.counts.get(path, -1) + 1
        key = f"{path}#{count}"
        patch = self.patches.get(key, {})
        if self.unmasked:
            kwargs = {k: v for k, v in kwargs.items() if k != "mask"}
            if getattr(operation, "mask_zero", False):
                patch = {**patch, "args": {**patch.get("args", {}), "mask_zero": False}}
            if isinstance(operation, keras.layers.Masking):
                patch = {**patch, "skip": True}
        inner = self.split(operation)
        self.depth += 1
        self.key = key
        old = {k: getattr(operation, k) for k in patch.get("args", {})}
        cells = [
            (cell, {k: getattr(cell, k) for k in patch.get("cell", {})})
            for holder in (operation, *(getattr(operation, name, None) for name in ("forward_layer", "backward_layer")))
            for cell in [getattr(holder, "cell", None)] if cell is not None
        ]
        for cell, _ in cells:
            cell.__dict__.update(patch.get("cell", {}))
        if patch.get("pad"):
            old["padding"] = operation.padding
        try:
            for attribute, value in patch.get("args", {}).items():
                operation.__dict__[attribute] = tuple(value) if isinstance(value, list) else value
            for way in patch.get("input", []):
                args = (emulation.reshaped(args[0], way), *args[1:])
            if patch.get("pad"):
                args = (emulation.padded(args[0], patch["pad"]), *args[1:])
                operation.__dict__["padding"] = "valid"
            if inner is not None:
                operation.__dict__["activation"] = None
            if "blocked" in patch:
                rows = blocking(patch["blocked"], args[0].shape[1], args[1].shape[1])
                kwargs = {**kwargs, "use_causal_mask": False, "attention_mask": None if rows is None else tf.constant(~rows[None])}
            if patch.get("skip"):
                out = args[0]
            elif patch.get("emulate") == "permute":
                params = patch["params"]
                out = tf.reshape(tf.transpose(args[0], params["permute"]), params["to"])
            elif patch.get("emulate"):
                out = emulation.FORWARD[patch["emulate"]](args[0], patch.get("params", {}))
            else:
                with blaming(calling_place(), Recorder.places.get(id(operation))):
                    out = original(operation, *args, **kwargs)
        finally:
            operation.__dict__.update(old)
            for cell, before in cells:
                cell.__dict__.update(before)
            if inner is not None:
                operation.__dict__["activation"] = inner
            self.depth -= 1
        config = settings(operation)
        if not isinstance(operation, keras.layers.Layer):
            config.update({f"arg{i}": np.ravel(a).tolist() if isinstance(a, (list, np.ndarray)) else a
                           for i, a in enumerate(args) if isinstance(a, (int, float, list, np.ndarray)) and np.size(a) <= 64})
            if len(args) > 1 and type(operation).__name__ == "GetItem":
                config["index"] = index_of(args[1])
        if isinstance(operation, keras.layers.MultiHeadAttention):
            config["blocked"] = blocked_of(args, kwargs)
        if isinstance(operation, keras.layers.Normalization):
            config.update({name: np.ravel(getattr(operation, name)).tolist() for name in ("mean", "variance")})
        self.note(key, type(operation).__name__, config, operation, args, kwargs, out)
        if inner is not None:
            key = f"{path}.activation#{count}"
            self.depth += 1
            before = out
            try:
                change = self.patches.get(key, {})
                if change.get("emulate"):
                    out = emulation.FORWARD[change["emulate"]](before, change.get("params", {}))
                else:
                    out = before if change.get("skip") else inner(before)
            finally:
                self.depth -= 1
            described = name_of(inner)
            self.note(key, described["type"], described["config"], None, (before,), {}, out,
                      self.paths.get(id(operation), operation.name), Recorder.places.get(id(operation)))
        return out

    def split(self, operation):
        """The activation inside a layer, which is then recorded as a layer of its own."""
        if isinstance(operation, (keras.layers.Activation, *RECURRENT)) or not isinstance(operation, keras.layers.Layer):
            return None
        inner = operation.__dict__.get("activation")
        return None if inner is None or inner is keras.activations.linear or not callable(inner) else inner

    def note(self, key, name, config, operation, args, kwargs, out, path=None, place=None):
        if self.nodes is None:
            return
        index = len(self.nodes)
        outs = list(tensors_in(out))
        if not outs:
            return
        self.store(index, outs)
        if self.light:
            self.nodes.append(None)
            return
        inputs = list(tensors_in((args, kwargs)))
        weights = [v.path for v in operation.weights if "seed_generator" not in v.path] if isinstance(operation, keras.layers.Layer) else []
        self.nodes.append({
            "key": key, "type": name, "module": isinstance(operation, keras.layers.Layer), "config": config,
            "path": path or (self.paths.get(id(operation)) if operation is not None else None),
            "place": calling_place() or place or Recorder.places.get(id(operation)), "weights": weights,
            "from": [self.makers.get(id(t), -1) for t in inputs],
            "in": [list(t.shape) for t in inputs], "out": [list(t.shape) for t in outs],
        })
        for tensor in outs:
            if id(tensor) not in self.makers or tensor is not (args[0] if args else None):
                self.makers[id(tensor)] = index
        self.kept.extend(inputs + outs)

    def store(self, index, outs):
        for position, tensor in enumerate(outs):
            key = f"{index}.{position}"
            if self.keep is None or key in self.keep:
                self.outputs[key] = tensor
