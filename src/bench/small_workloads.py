"""Programs of many small operators; the twins are in src/bench/small-workloads.ts."""

from outcome import digest_of, timed


def lstm_cell() -> dict:
    import torch
    import torch.nn.functional as F
    from torch import nn, optim

    torch.manual_seed(0)
    cell = nn.LSTMCell(8, 16)
    head = nn.Linear(16, 1)
    optimizer = optim.SGD([*cell.parameters(), *head.parameters()], lr=0.1)
    inputs = torch.randn(25, 4, 8)
    target = torch.randn(4, 1)

    def run(count):
        for _ in range(count):
            h = torch.zeros(4, 16)
            c = torch.zeros(4, 16)
            for x in inputs:
                h, c = cell(x, (h, c))
            optimizer.zero_grad()
            loss = F.mse_loss(head(h), target)
            loss.backward()
            optimizer.step()

    run(20)
    times = timed(lambda: run(200))
    return {**times, "digest": digest_of(*cell.parameters(), *head.parameters())}


def mlp_step() -> dict:
    import torch
    import torch.nn.functional as F
    from torch import nn, optim

    torch.manual_seed(0)
    net = nn.Sequential(
        nn.Linear(8, 32),
        nn.ReLU(),
        nn.Linear(32, 32),
        nn.Tanh(),
        nn.Linear(32, 1),
    )
    optimizer = optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
    x = torch.randn(16, 8)
    y = torch.randn(16, 1)

    def run(count):
        for _ in range(count):
            optimizer.zero_grad()
            loss = F.mse_loss(net(x), y)
            loss.backward()
            optimizer.step()
            loss.item()

    run(200)
    times = timed(lambda: run(3000))
    return {**times, "digest": digest_of(*net.parameters())}


def adam() -> dict:
    import torch
    from torch import nn, optim

    torch.manual_seed(0)
    parameters = [nn.Parameter(torch.randn(10, 10)) for _ in range(100)]
    optimizer = optim.Adam(parameters, lr=0.001)
    for parameter in parameters:
        parameter.grad = torch.randn(10, 10)

    def run(count):
        for _ in range(count):
            optimizer.step()

    run(20)
    times = timed(lambda: run(300))
    return {**times, "digest": digest_of(*parameters)}


def beam_search() -> dict:
    import torch
    import torch.nn.functional as F
    from torch import nn

    class Decoder(nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding = nn.Embedding(60, 16)
            self.cell = nn.GRUCell(16, 32)
            self.head = nn.Linear(32, 60)

        def forward(self, token, hidden):
            hidden = self.cell(self.embedding(token), hidden)
            return F.log_softmax(self.head(hidden), -1), hidden

    def search(decoder, width, length):
        hidden = torch.zeros(width, 32)
        sequences = torch.zeros(width, 1, dtype=torch.int64)
        scores = torch.full([width], float("-inf"))
        scores[0] = 0
        for _ in range(length):
            log_probabilities, hidden = decoder(sequences[:, -1], hidden)
            vocabulary = log_probabilities.size(1)
            candidates = scores.unsqueeze(1).add(log_probabilities).view(-1)
            scores, places = torch.topk(candidates, width)
            beams = torch.div(places, vocabulary, rounding_mode="floor")
            tokens = torch.remainder(places, vocabulary)
            hidden = torch.index_select(hidden, 0, beams)
            sequences = torch.cat([torch.index_select(sequences, 0, beams), tokens.unsqueeze(1)], 1)
        return sequences[0], scores[0]

    torch.manual_seed(0)
    decoder = Decoder()
    found = None

    def run(count):
        nonlocal found
        with torch.no_grad():
            for _ in range(count):
                found = search(decoder, 5, 20)

    run(30)
    times = timed(lambda: run(300))
    return {**times, "digest": digest_of(*found)}


SMALL_WORKLOADS = {
    "lstm-cell": lstm_cell,
    "mlp-step": mlp_step,
    "adam-100": adam,
    "beam-search": beam_search,
}
