"""A Keras model that a program of TensorFlow.js describes by its topology, weights, optimizer and loss."""

import inspect

import keras
import numpy as np
from keras.src.legacy.saving import saving_utils
from protocol import ProgramError


def hard_sigmoid_keras_2(x):
    """Of Keras 1, 2 and TensorFlow.js: 0.2 x + 0.5, cut to 0 and 1; Keras 3 has x / 6 + 0.5."""
    return keras.ops.clip(x * 0.2 + 0.5, 0.0, 1.0)


def gelu_new(x):
    return keras.activations.gelu(x, approximate=True)


CUSTOM = {"hard_sigmoid": hard_sigmoid_keras_2, "hardSigmoid": hard_sigmoid_keras_2, "gelu_new": gelu_new}
# TensorFlow.js' classes, and settings of theirs that Keras 3 doesn't take.
OPTIMIZERS = {"Momentum": "SGD", "RMSProp": "RMSprop"}
RENAMED = {"decay": "rho", "use_nesterov": "nesterov"}
INPUT = {"batch_input_shape": "batch_shape"}
UNKNOWN = {"unit_forget_bias", "implementation", "unroll", "input_dtype", "batch_input_shape"}


def model_of(description, arrays):
    topology = adapted(description["topology"])
    try:
        model = saving_utils.model_from_config(
            {"class_name": topology["class_name"], "config": topology["config"]}, custom_objects=CUSTOM)
    except Exception as error:  # noqa: BLE001
        raise ProgramError(f"Keras can't build this model of TensorFlow.js: {str(error).splitlines()[0]}") from error
    if not model.built:
        raise ProgramError("give the first layer an inputShape, so that the model has weights")
    for layer, path in leaves(model, ""):
        values = []
        while f"layer:{path}/{len(values)}" in arrays:
            values.append(np.array(arrays[f"layer:{path}/{len(values)}"]))
        own = [w for w in layer.weights if "seed_generator" not in w.path]
        if len(values) != len(own):
            raise ProgramError(f"{path} has {len(values)} weights in TensorFlow.js, {len(own)} in Keras")
        for variable, value in zip(own, values):
            variable.assign(value)
        layer.trainable = not any(path == f or path.startswith(f"{f}/") for f in description["frozen"])
    return model


def leaves(model, path):
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from leaves(layer, f"{path}{layer.name}/")
        elif not isinstance(layer, keras.layers.InputLayer):
            yield layer, f"{path}{layer.name}"


def adapted(config):
    """A topology without what Keras 3 doesn't know."""
    if isinstance(config, list):
        return [adapted(entry) for entry in config]
    if not isinstance(config, dict):
        return config
    if config.get("module") == "keras.regularizers" or config.get("class_name") == "L1L2":
        return {"module": "keras.regularizers", "registered_name": None, **config}
    if config.get("class_name") == "LeakyReLU":
        inner = config["config"]
        config = {**config, "config": {**{k: v for k, v in inner.items() if k != "alpha"}, "negative_slope": inner.get("alpha", 0.3)}}
    if config.get("class_name") == "GRU":
        config = {**config, "config": {**config["config"], "reset_after": bool(config["config"].get("reset_after"))}}
    if config.get("class_name") in ("Functional", "Model"):
        config = {**config, "config": renumbered(config["config"])}
    for wrapped in ("layer", "backward_layer"):
        inner = config.get("config", {}).get(wrapped) if isinstance(config.get("config"), dict) else None
        if isinstance(inner, dict):
            # A wrapper reads what it holds in Keras 3's form.
            known = {"module": "keras.layers", "registered_name": None, **inner}
            config = {**config, "config": {**config["config"], wrapped: known}}
    if config.get("class_name") == "InputLayer":
        return {**config, "config": {INPUT.get(k, k): v for k, v in config["config"].items() if k not in ("sparse", "input_dtype")}}
    if config.get("class_name") == "Sequential":
        layers = config["config"]["layers"]
        first = layers[0]["config"]
        if layers[0]["class_name"] != "InputLayer" and "batch_input_shape" in first:
            given = {"class_name": "InputLayer", "config": {"batch_shape": first["batch_input_shape"], "dtype": first.get("dtype", "float32"), "name": "given"}}
            config = {**config, "config": {**config["config"], "layers": [given, *layers]}}
    # The weights are given, so that how they would be drawn doesn't matter.
    return {k: adapted(v) for k, v in config.items() if k not in UNKNOWN and not k.endswith("_initializer")}


def renumbered(config):
    """A graph whose models inside are called for the first time in it: TensorFlow.js counts their own building as a call."""
    calls = [call for layer in config["layers"] for node in layer["inbound_nodes"] for call in node]
    first = {}
    for name, node, *_ in [*calls, *config["output_layers"]]:
        first[name] = min(node, first.get(name, node))

    def moved(call):
        name, node, *more = call
        return [name, node - first.get(name, 0), *more]

    layers = [{**layer, "inbound_nodes": [[moved(call) for call in node] for node in layer["inbound_nodes"]]} for layer in config["layers"]]
    return {**config, "layers": layers, "output_layers": [moved(call) for call in config["output_layers"]]}


def optimizer_of(described):
    if not described:
        return None
    kind = OPTIMIZERS.get(described["type"], described["type"])
    make = getattr(keras.optimizers, kind, None)
    if make is None:
        raise ProgramError(f"Keras has no optimizer {kind}")
    config = {(RENAMED.get(k, k) if kind != "Adamax" else k): v for k, v in described["config"].items()}
    known = set(inspect.signature(make.__init__).parameters)
    # TensorFlow.js keeps its numbers as float32 does.
    return make(**{k: v for k, v in config.items() if k in known and v is not None})


def loss_of(described):
    if not described:
        return None
    loss = keras.losses.get({"class_name": camel(described["name"]), "config": described["config"]})
    return loss if isinstance(loss, keras.losses.Loss) else keras.losses.get(described["name"])


def camel(name):
    return "".join(part.capitalize() for part in name.split("_"))
