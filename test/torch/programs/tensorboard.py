"""Writes with Python's own SummaryWriter what tensorboard.test.ts writes, reads both folders by TensorFlow, and compares.

PyTorch's SummaryWriter needs the package tensorboard, of whose messages TensorFlow has most; the others are declared here.
Prints how many events each run has, and what differs.
"""

import glob
import io
import json
import os
import sys
import types

import numpy as np
import tensorflow as tf
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from PIL import Image
from tensorflow.core.framework import summary_pb2, tensor_pb2, tensor_shape_pb2
from tensorflow.core.util import event_pb2
from tensorflow.python.keras.protobuf import projector_config_pb2


def declare(package, messages, imports=()):
    """Messages by their fields: name, number, type, and whether there are several."""
    file = descriptor_pb2.FileDescriptorProto(name=package + ".proto", package=package, syntax="proto3", dependency=imports)
    kinds = {"int": 5, "uint": 13, "string": 9}
    for name, fields in messages.items():
        message = file.message_type.add(name=name)
        for field, number, kind, *several in fields:
            type_name = None if kind in kinds else "." + kind
            message.field.add(name=field, number=number, type=kinds.get(kind, 11), type_name=type_name, label=3 if several else 1)
    if package == "hparams":
        start = next(m for m in file.message_type if m.name == "SessionStartInfo")
        entry = start.nested_type.add(name="HparamsEntry")
        entry.options.map_entry = True
        entry.field.add(name="key", number=1, type=9, label=1)
        entry.field.add(name="value", number=2, type=11, type_name=".google.protobuf.Value", label=1)
    pool = descriptor_pool.Default()
    made = pool.AddSerializedFile(file.SerializeToString())
    made = pool.FindFileByName(package + ".proto") if made is None else made
    return {name: message_factory.GetMessageClass(made.message_types_by_name[name]) for name in messages}


def enum(**values):
    return types.SimpleNamespace(Value=values.__getitem__)


class EventFileWriter:
    """tensorboard's, on TensorFlow's writer of records."""

    def __init__(self, logdir, max_queue_size, flush_secs, filename_suffix):
        os.makedirs(logdir, exist_ok=True)
        self.logdir = logdir
        self.records = tf.io.TFRecordWriter(f"{logdir}/events.out.tfevents.0{filename_suffix}")
        source = event_pb2.SourceMetadata(writer="tensorboard.summary.writer.event_file_writer")
        self.add_event(event_pb2.Event(file_version="brain.Event:2", source_metadata=source))

    def get_logdir(self):
        return self.logdir

    def add_event(self, event):
        self.records.write(event.SerializeToString())

    def flush(self):
        self.records.flush()

    def close(self):
        self.records.close()


def provide():
    """The modules that torch.utils.tensorboard imports."""
    import google.protobuf.struct_pb2  # noqa: F401

    layout = declare("layout", {
        "Series": [("value", 1, "string"), ("lower", 2, "string"), ("upper", 3, "string")],
        "MarginChartContent": [("series", 1, "layout.Series", True)], "MultilineChartContent": [("tag", 1, "string", True)],
        "Chart": [("title", 1, "string"), ("multiline", 2, "layout.MultilineChartContent"), ("margin", 3, "layout.MarginChartContent")],
        "Category": [("title", 1, "string"), ("chart", 2, "layout.Chart", True)],
        "Layout": [("version", 1, "int"), ("category", 2, "layout.Category", True)],
    })
    layout["MarginChartContent"].Series = layout["Series"]
    hparams = declare("hparams", {
        "MetricName": [("group", 1, "string"), ("tag", 2, "string")], "MetricInfo": [("name", 1, "hparams.MetricName")],
        "HParamInfo": [("name", 1, "string"), ("type", 4, "int"), ("domain_discrete", 5, "google.protobuf.ListValue")],
        "Experiment": [("hparam_infos", 4, "hparams.HParamInfo", True), ("metric_infos", 5, "hparams.MetricInfo", True)],
        "SessionStartInfo": [("hparams", 1, "hparams.SessionStartInfo.HparamsEntry", True)], "SessionEndInfo": [("status", 1, "int")],
        "HParamsPluginData": [("version", 1, "int"), ("experiment", 2, "hparams.Experiment"),
                              ("session_start_info", 3, "hparams.SessionStartInfo"), ("session_end_info", 4, "hparams.SessionEndInfo")],
    }, ["google/protobuf/struct.proto"])
    kinds = enum(DATA_TYPE_STRING=1, DATA_TYPE_BOOL=2, DATA_TYPE_FLOAT64=3)
    modules = {
        "": {"__version__": "2.21.0"}, "compat": {"tf": tf}, "compat.proto": {"event_pb2": event_pb2}, "compat.proto.event_pb2": vars(event_pb2),
        "compat.proto.summary_pb2": vars(summary_pb2), "compat.proto.tensor_pb2": vars(tensor_pb2),
        "compat.proto.tensor_shape_pb2": vars(tensor_shape_pb2), "summary": {}, "summary.writer": {},
        "summary.writer.event_file_writer": {"EventFileWriter": EventFileWriter}, "summary.writer.record_writer": {"RecordWriter": None}, "plugins": {}, "plugins.projector": {},
        "plugins.projector.projector_config_pb2": vars(projector_config_pb2), "plugins.custom_scalar": {"layout_pb2": types.SimpleNamespace(**layout)},
        "plugins.pr_curve": {}, "plugins.text": {}, "plugins.hparams": {}, "plugins.pr_curve.plugin_data_pb2":
            declare("pr", {"PrCurvePluginData": [("version", 1, "int"), ("num_thresholds", 2, "uint")]}),
        "plugins.text.plugin_data_pb2": declare("text", {"TextPluginData": [("version", 1, "int")]}),
        "plugins.hparams.api_pb2": {**hparams, "DataType": kinds, "Status": enum(STATUS_SUCCESS=1)}, "plugins.hparams.plugin_data_pb2": hparams,
        "plugins.hparams.metadata": {
            "EXPERIMENT_TAG": "_hparams_/experiment", "SESSION_START_INFO_TAG": "_hparams_/session_start_info",
            "SESSION_END_INFO_TAG": "_hparams_/session_end_info", "PLUGIN_NAME": "hparams", "PLUGIN_DATA_VERSION": 0,
        },
    }
    # The writer asks for these graphs' messages when it is imported, and uses none of them here.
    from tensorflow.core.framework import attr_value_pb2, graph_pb2, node_def_pb2, step_stats_pb2, versions_pb2
    from tensorflow.core.protobuf import config_pb2

    for module in (attr_value_pb2, graph_pb2, node_def_pb2, step_stats_pb2, versions_pb2, config_pb2):
        modules["compat.proto." + module.__name__.split(".")[-1]] = vars(module)
    for name, content in modules.items():
        made = types.ModuleType(f"tensorboard.{name}".rstrip("."))
        made.__dict__.update({k: v for k, v in content.items() if not k.startswith("__") or k == "__version__"})
        made.__path__ = []
        sys.modules[made.__name__] = made
    return hparams["HParamsPluginData"]


def write(folder):
    import torch
    from torch.utils.tensorboard import SummaryWriter

    torch.manual_seed(0)
    w, at = SummaryWriter(folder, purge_step=3), {"walltime": 1000.5}
    w.add_scalar("a/loss", 0.25, 1, **at)
    w.add_scalar("zero", 0, 0, **at)
    w.add_scalar("t", torch.tensor([[1.1]]), 2, **at)
    w.add_scalar("new", 1.1, 2, new_style=True, **at)
    w.add_scalar("double", 1.1, 2, new_style=True, double_precision=True, **at)
    w.add_scalars("run/x", {"sin": 0.5, "cos": torch.tensor(2.0)}, 3, 1000.5)
    x = torch.randn(1000)
    w.add_histogram("h", x, 4, **at)
    w.add_histogram("h10", x, 4, bins=10, **at)
    w.add_histogram("most", x, 4, max_bins=30, **at)
    w.add_histogram("limits", np.array([1, 2, 2, 3]), 4, bins=[0, 1, 2, 3], **at)
    w.add_histogram("one", torch.tensor([-1.5, -1.5]), 4, bins=3, **at)
    w.add_histogram_raw("raw", 0, 3, 4, 5, 6, [1, 2, 3], [4, 5, 6], 4, 1000.5)
    picture = torch.rand(3, 5, 7)
    w.add_image("rgb", picture, 5, **at)
    w.add_image("grey", torch.rand(1, 4, 4), 5, **at)
    w.add_image("plane", torch.rand(4, 6), 5, dataformats="HW", **at)
    w.add_image("bytes", picture.mul(300).clamp(0, 255).to(torch.uint8).permute(1, 2, 0), 5, dataformats="HWC", **at)
    w.add_image("rgba", torch.rand(4, 3, 3), 5, **at)
    w.add_images("grid", torch.rand(10, 1, 3, 4), 5, **at)
    w.add_text("text", "**hé**", 6, 1000.5)
    w.add_audio("sound", torch.rand(2000).mul(2).sub(1), 7, 8000, 1000.5)
    for name in sys.argv[2].split(","):
        w.add_tensor(name, torch.tensor([[0, 1], [2, 3]]).to(getattr(torch, name)), 8, 1000.5)
    w.add_pr_curve("pr", torch.randint(0, 2, [100]), torch.rand(100), 9, **at)
    w.add_pr_curve("pr20", torch.randint(0, 2, [100]), torch.rand(100), 9, num_thresholds=20, weights=2, **at)
    w.add_pr_curve_raw("counted", [1, 2], [3, 4], [5, 6], [7, 8], [0.5, 0.25], [0.1, 0.2], 9, 2, None, 1000.5)
    w.add_custom_scalars({"losses": {"both": ["Multiline", ["a", "b"]], "between": ["Margin", ["a", "b", "c"]]}})
    hparams = {"lr": 0.1, "bn": True, "opt": "adam", "none": None, "t": torch.tensor([2.0])}
    w.add_hparams(hparams, {"acc": 0.5, "zero": 0}, hparam_domain_discrete={"opt": ["adam", "sgd"]}, run_name="hp", global_step=2)
    w.add_embedding(torch.rand(4, 3), metadata=["a", "b", 1, 2.5], label_img=torch.rand(4, 3, 2, 2), global_step=1)
    w.add_embedding(torch.tensor([[1, 2], [3, 4]]), tag="x/y", metadata=[["a", 1], ["b", 2]], metadata_header=["n", "v"])
    w.close()


def read(folder):
    """Events by run; TensorFlow refuses a record whose checksums are wrong."""
    runs = {}
    for file in sorted(glob.glob(folder + "/**/events*", recursive=True)):
        runs[os.path.relpath(os.path.dirname(file), folder)] = list(tf.compat.v1.train.summary_iterator(file))
    return runs


def plain(event, plugin_data):
    """An event as text, with pixels in place of PNG's bytes and without times that are not given."""
    extra = []
    if event.wall_time != 1000.5:
        event.wall_time = 0
    for value in event.summary.value:
        if value.HasField("image"):
            extra.append(np.array(Image.open(io.BytesIO(value.image.encoded_image_string))).tolist())
            value.image.encoded_image_string = b""
        if value.HasField("histo"):
            # NumPy's and PyTorch's sums differ in the last bits.
            value.histo.sum_squares = float(f"{value.histo.sum_squares:.12g}")
            value.histo.sum = float(f"{value.histo.sum:.12g}")
        data = value.metadata.plugin_data
        if data.plugin_name == "hparams":
            extra.append(str(plugin_data.FromString(data.content)))
            data.content = b""
    return f"{event} {extra}"


def files(folder):
    found = {}
    for name in ["projector_config.pbtxt", *(f"{sub}/{file}" for sub in ("00001/default", "00000/x%2fy") for file in ("tensors.tsv", "metadata.tsv"))]:
        with open(f"{folder}/{name}") as file:
            found[name] = file.read()
    found["sprite"] = np.array(Image.open(f"{folder}/00001/default/sprite.png")).tolist()
    return found


def main():
    ours, theirs = sys.argv[1] + "/ours", sys.argv[1] + "/theirs"
    plugin_data = provide()
    write(theirs)
    mine, wanted = read(ours), read(theirs)
    texts = {run: [plain(event, plugin_data) for event in events] for run, events in mine.items()}
    differing = [
        {"run": run, "wanted": want[:2000], "got": got[:2000]}
        for run, events in wanted.items()
        for want, got in zip([plain(event, plugin_data) for event in events], texts.get(run, []))
        if want != got
    ]
    print(json.dumps({
        "ours": {run: len(events) for run, events in mine.items()}, "theirs": {run: len(events) for run, events in wanted.items()},
        "differing": differing, "files": [files(ours), files(theirs)],
    }))


main()
