# The same as distributed.js. The first process prints what each has found.
import json
import os
import sys
import warnings
from datetime import timedelta

import torch
import torch.distributed as dist
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.parallel import DistributedDataParallel as DDP
from torch.utils.data import DataLoader, TensorDataset
from torch.utils.data.distributed import DistributedSampler

warnings.simplefilter("ignore")
found = {}


def shown(value):
    if isinstance(value, torch.Tensor):
        data = value.detach().contiguous().view(-1)
        data = torch.view_as_real(data).view(-1) if data.is_complex() else data
        return data.view(torch.uint8).numpy().tobytes().hex()
    if isinstance(value, (list, tuple)):
        return [shown(item) for item in value]
    return value


def note(name, run):
    try:
        found[name] = shown(run())
    except Exception as error:
        found[name] = f"{type(error).__name__}: {str(error)}"


def collectives():
    rank, size = dist.get_rank(), dist.get_world_size()
    before = (rank - 1) % size
    after = (rank + 1) % size
    own = lambda: torch.arange(4.0).mul(0.1).add(rank)  # noqa: E731
    lists = lambda: [torch.full((2,), float(10 * rank + i)) for i in range(size)]  # noqa: E731
    note("places", lambda: [dist.is_initialized(), rank, size, dist.get_backend(), dist.is_torchelastic_launched(), dist.get_process_group_ranks(None)])

    def reduced(make, **options):
        x = make()
        dist.all_reduce(x, **options)
        return x
    for op in ["SUM", "AVG", "PRODUCT", "MIN", "MAX", "BAND", "BOR", "BXOR"]:
        note(f"all_reduce {op}", lambda: reduced(own, op=getattr(dist.ReduceOp, op)))
        note(f"all_reduce {op} int", lambda: reduced(lambda: torch.arange(5) + rank, op=getattr(dist.ReduceOp, op)))
    note("all_reduce complex", lambda: reduced(lambda: torch.tensor([1 + 2j]) * (rank + 1)))
    note("all_reduce complex MAX", lambda: reduced(lambda: torch.tensor([1 + 2j]), op=dist.ReduceOp.MAX))
    note("all_reduce strided", lambda: reduced(lambda: torch.arange(6.0).view(2, 3).t() + rank))

    def waited():
        x = own()
        work = dist.all_reduce(x, async_op=True)
        return [work.wait(), work.is_completed(), x]
    note("async", waited)

    def broadcast():
        x = own()
        dist.broadcast(x, 1)
        return x
    note("broadcast", broadcast)

    def reduce():
        x = own()
        dist.reduce(x, dst=1)
        return x if rank == 1 else None
    note("reduce", reduce)

    def all_gather():
        xs = [torch.empty(4) for _ in range(size)]
        dist.all_gather(xs, own())
        return xs
    note("all_gather", all_gather)

    def into():
        x = torch.empty(4 * size)
        dist.all_gather_into_tensor(x, own())
        return x
    note("all_gather_into_tensor", into)

    def gather():
        xs = [torch.empty(4) for _ in range(size)] if rank == 1 else None
        dist.gather(own(), xs, dst=1)
        return xs
    note("gather", gather)

    def scatter():
        x = torch.empty(2)
        dist.scatter(x, lists() if rank == 0 else None)
        return x
    note("scatter", scatter)

    def reduce_scatter():
        x = torch.empty(2)
        dist.reduce_scatter(x, lists())
        return x
    note("reduce_scatter", reduce_scatter)

    def reduce_scatter_tensor():
        x = torch.empty(2)
        dist.reduce_scatter_tensor(x, torch.cat(lists()))
        return x
    note("reduce_scatter_tensor", reduce_scatter_tensor)

    def all_to_all():
        xs = [torch.empty(2) for _ in range(size)]
        dist.all_to_all(xs, lists())
        return xs
    note("all_to_all", all_to_all)

    def all_to_all_single():
        x = torch.empty(2 * size)
        dist.all_to_all_single(x, torch.cat(lists()))
        return x
    note("all_to_all_single", all_to_all_single)

    def ring():
        x = torch.empty(4)
        if rank % 2 == 0:
            dist.send(own(), after)
            return [dist.recv(x, before), x]
        got = dist.recv(x, before)
        dist.send(own(), after)
        return [got, x]
    note("ring", ring)

    def anyone():
        x = torch.empty(4)
        work = dist.isend(own(), after, tag=3)
        got = dist.recv(x, tag=3) if size == 2 else dist.recv(x, before, tag=3)
        work.wait()
        return [got, x]
    note("any source", anyone)

    def batch():
        x = torch.empty(4)
        works = dist.batch_isend_irecv([dist.P2POp(dist.isend, own(), after), dist.P2POp(dist.irecv, x, before)])
        for work in works:
            work.wait()
        return x
    note("batch_isend_irecv", batch)
    note("barrier", lambda: dist.barrier())
    note("monitored_barrier", lambda: dist.monitored_barrier())

    def objects():
        xs = [{"rank": rank, "text": "ä"}, None] if rank == 0 else [None, None]
        dist.broadcast_object_list(xs)
        ys = [None] * size
        dist.all_gather_object(ys, {"rank": rank, "list": [1] * rank})
        zs = [None] * size if rank == 1 else None
        dist.gather_object("x" * rank, zs, dst=1)
        ws = [None]
        dist.scatter_object_list(ws, [["for", i] for i in range(size)] if rank == 0 else None)
        return [xs, ys, zs, ws]
    note("objects", objects)

    one = dist.new_group([0])
    both = dist.new_group([1, 0], timeout=timedelta(seconds=60))
    note("new_group", lambda: [dist.get_rank(one), dist.get_world_size(one), dist.get_rank(both), dist.get_world_size(both)])
    note("in group", lambda: reduced(own, group=both) if rank < 2 else None)
    if rank == 0:
        note("group rank", lambda: dist.get_group_rank(one, 1))
    note("global rank", lambda: dist.get_global_rank(both, 1) if rank < 2 else None)
    note("no tensor", lambda: dist.all_reduce([1]))
    note("no list", lambda: dist.all_gather(torch.ones(1), torch.ones(1)))
    note("dtypes", lambda: dist.all_gather([torch.ones(1), torch.ones(1)], torch.ones(1, dtype=torch.float64)))
    note("no root", lambda: dist.broadcast(torch.ones(1)))
    note("two roots", lambda: dist.broadcast(torch.ones(1), 0, group_src=0))
    note("self", lambda: dist.send(torch.ones(1), rank))
    note("lists", lambda: dist.gather(torch.ones(1), None if rank == 0 else [torch.ones(1)]))
    note("ranks", lambda: dist.new_group([0, 0]))
    note("range", lambda: dist.new_group([0, 9] if size == 2 else [9]))
    note("twice", lambda: dist.init_process_group())
    note("backend", lambda: dist.new_group(backend="mpi"))
    note("unequal", lambda: dist.all_gather([torch.ones(1) for _ in range(size)], torch.ones(2)))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(5, 6, sparse=False)
        self.first = nn.Linear(6, 16)
        self.norm = nn.BatchNorm1d(16)
        self.second = nn.Linear(16, 16)
        self.extra = nn.Linear(16, 16)
        self.last = nn.Linear(16, 3)

    def forward(self, x, use_extra=True):
        x = self.embed(x).mean(1)
        x = F.relu(self.norm(self.first(x)))
        x = F.relu(self.second(x))
        if use_extra:
            x = x + self.extra(x)
        return self.last(x)


def data(shuffle=True, drop_last=False):
    generator = torch.Generator().manual_seed(5)
    xs = torch.randint(0, 5, (45, 4), generator=generator)
    ys = torch.randint(0, 3, (45,), generator=generator)
    dataset = TensorDataset(xs, ys)
    sampler = DistributedSampler(dataset, shuffle=shuffle, seed=3, drop_last=drop_last)
    return sampler, DataLoader(dataset, batch_size=6, sampler=sampler)


def made(**options):
    torch.manual_seed(dist.get_rank())
    net = DDP(Net(), **options)
    return net, torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)


def states(net):
    return [[name, shown(value)] for name, value in net.state_dict().items()]


def train(epochs=2, extra=lambda step: True, **options):
    net, optimizer = made(**options)
    sampler, loader = data()
    losses, step = [], 0
    for epoch in range(epochs):
        sampler.set_epoch(epoch)
        for x, y in loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(net(x, extra(step)), y)
            loss.backward()
            optimizer.step()
            losses.append(loss)
            step += 1
    return [losses, states(net)]


def accumulate():
    net, optimizer = made()
    _, loader = data()
    losses = []
    for i, (x, y) in enumerate(loader):
        if i % 2 == 0:
            with net.no_sync():
                loss = F.cross_entropy(net(x), y)
                loss.backward()
        else:
            loss = F.cross_entropy(net(x), y)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
        losses.append(loss)
    return [losses, states(net)]


def uneven(**options):
    net, optimizer = made()
    rank = dist.get_rank()
    generator = torch.Generator().manual_seed(rank)
    losses = []
    with net.join(**options):
        for _ in range(3 + 2 * rank):
            x = torch.randint(0, 5, (4, 4), generator=generator)
            y = torch.randint(0, 3, (4,), generator=generator)
            optimizer.zero_grad()
            loss = F.cross_entropy(net(x), y)
            loss.backward()
            optimizer.step()
            losses.append(loss)
    return [losses, states(net)]


def sparse():
    torch.manual_seed(dist.get_rank())
    net = nn.Embedding(7, 3, sparse=True)
    model = DDP(net)
    for i in range(3):
        model.zero_grad()
        model(torch.tensor([dist.get_rank(), 3, i])).pow(2).sum().backward()
        with torch.no_grad():
            net.weight.sub_(net.weight.grad.to_dense() * 0.1)
    return net.weight


def sampled(**options):
    sampler, _ = data(**options)
    orders = []
    for epoch in range(2):
        sampler.set_epoch(epoch)
        orders.append(list(sampler))
    return [len(sampler), orders]


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(7, 8)
        self.frozen = nn.Linear(8, 8)
        self.frozen.requires_grad_(False)
        self.unused = nn.Linear(8, 8)
        self.out = nn.Linear(8, 7, bias=False)
        self.out.weight = self.embed.weight

    def forward(self, x):
        hidden = torch.tanh(self.frozen(self.embed(x)))
        return {"logits": self.out(hidden), "all": [hidden, (hidden.detach(),)]}


def tied():
    torch.manual_seed(dist.get_rank())
    net = DDP(Tied(), find_unused_parameters=True)
    optimizer = torch.optim.AdamW(net.parameters(), lr=0.01)
    losses = []
    for step in range(4):
        x = (torch.arange(6) * (step + 1) + dist.get_rank()) % 7
        loss = F.cross_entropy(net(x)["logits"], x)
        loss.backward()
        losses += [loss, nn.utils.clip_grad_norm_(net.parameters(), 0.5)]
        optimizer.step()
        optimizer.zero_grad(set_to_none=step % 2 == 0)
    return [losses, states(net)]


def halves():
    torch.manual_seed(dist.get_rank())
    net = DDP(nn.Linear(4, 3).to(torch.bfloat16))
    net(torch.arange(8.0).view(2, 4).add(dist.get_rank()).to(torch.bfloat16)).float().pow(2).mean().backward()
    return net.module.weight.grad.float()


def channels():
    torch.manual_seed(dist.get_rank())
    net = DDP(nn.Sequential(nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3)).to(memory_format=torch.channels_last))
    x = torch.arange(100.0).view(2, 2, 5, 5).add(dist.get_rank()).to(memory_format=torch.channels_last)
    net(x).pow(3).mean().backward()
    net.eval()
    with torch.no_grad():
        y = net(x)
    return [net.module[0].weight.grad, y, states(net)]


def several():
    torch.manual_seed(dist.get_rank())
    net = DDP(nn.Linear(2, 2))
    x = torch.ones(1, 2) + dist.get_rank()
    (net(x) + net(x * 2)).sum().backward()
    first = net.module.weight.grad.clone()
    net(x).sum().backward()
    return [first, net.module.weight.grad]


def used_twice():
    net = DDP(nn.Linear(2, 2))
    y = net(torch.ones(1, 2)).sum()
    y.backward(retain_graph=True)
    y.backward()
    return net.module.weight.grad


def own_function():
    class Cube(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x.pow(3)

        @staticmethod
        def backward(ctx, gradient):
            return gradient * ctx.saved_tensors[0].pow(2) * 3

    torch.manual_seed(dist.get_rank())
    net = DDP(nn.Linear(2, 2), gradient_as_bucket_view=True)
    hooked = []
    net.module.weight.register_hook(lambda gradient: hooked.append(gradient.clone()))
    Cube.apply(net(torch.ones(1, 2) + dist.get_rank())).sum().backward()
    return [hooked, net.module.weight.grad]


def loaded():
    torch.manual_seed(dist.get_rank())
    net = DDP(nn.Linear(2, 2))
    plain = nn.Linear(2, 2)
    plain.load_state_dict({name.removeprefix("module."): value for name, value in net.state_dict().items()})
    net.module.load_state_dict(plain.state_dict())
    return [list(net.state_dict()), plain.weight]


def cases():
    rank = dist.get_rank()
    note("tied, frozen and unused", tied)
    note("bfloat16", halves)
    note("channels last", channels)
    note("several forwards", several)
    note("backward twice", used_twice)
    note("own function and hook", own_function)
    note("loaded", loaded)

    def reduced(x, **options):
        dist.all_reduce(x, **options)
        return x.float()
    note("empty", lambda: reduced(torch.empty(0, 3)))
    note("bool", lambda: reduced(torch.tensor([rank == 0, False])))
    note("int8", lambda: reduced(torch.tensor([100, 1], dtype=torch.int8)))
    note("float16", lambda: reduced(torch.tensor([0.1, 2.5], dtype=torch.float16)))
    note("bfloat16 MAX", lambda: reduced(torch.tensor([0.1, 2.5], dtype=torch.bfloat16) + rank, op=dist.ReduceOp.MAX))
    note("leaf", lambda: reduced(torch.ones(2, requires_grad=True)))
    note("sparse tensor", lambda: reduced(torch.eye(2).mul(rank + 1).to_sparse()).to_dense())


def different():
    DDP(nn.Linear(2, 2, bias=dist.get_rank() == 0))


def training():
    note("train", train)
    if dist.get_world_size() > 2:
        return
    note("small buckets", lambda: train(bucket_cap_mb=0.0005))
    note("unused", lambda: train(find_unused_parameters=True, extra=lambda step: (step + dist.get_rank()) % 2 == 0))
    note("unused forgotten", lambda: train(extra=lambda step: False))
    note("views", lambda: train(gradient_as_bucket_view=True))
    note("static", lambda: train(static_graph=True, extra=lambda step: False))
    note("own buffers", lambda: train(forward_sync_buffers=False))
    note("no sync", accumulate)
    note("join", uneven)
    note("join, divided by those left", lambda: uneven(divide_by_initial_world_size=False))
    note("join that throws", lambda: uneven(throw_on_early_termination=True))
    note("sparse", sparse)
    note("order", lambda: sampled(shuffle=False))
    note("shuffled", sampled)
    note("last dropped", lambda: sampled(drop_last=True))
    note("different", different)
    cases()
    note("nothing to train", lambda: DDP(nn.ReLU()))


note("before", lambda: dist.get_rank())
dist.init_process_group("gloo" if sys.argv[1] == "all" else None)
if sys.argv[1] == "all":
    collectives()
training()
every = [None] * dist.get_world_size()
dist.all_gather_object(every, found)
rank = dist.get_rank()
dist.destroy_process_group()
note("after", lambda: dist.get_world_size())
if rank == 0:
    print(json.dumps([*every, found["after"]]), flush=True)
# Python's own end sometimes aborts, while threads of PyTorch's still run.
os._exit(0)
