"""Recurrent layers with what PyTorch's don't have: other activations, and a reset gate before the product."""

import torch
from torch_activations import ACTIVATIONS


def recurrent(module, args, params, recorder):
    """LSTM, GRU or RNN; `params` may name `activation`, `recurrentActivation` and `resetAfter`."""
    kind = type(module).__name__
    own = getattr(module, "nonlinearity", "tanh")
    act = function(params.get("activation", {"fn": own}))
    gate = function(params.get("recurrentActivation", {"fn": "sigmoid"}))
    x = args[0] if module.batch_first else args[0].transpose(0, 1)
    given = args[1] if len(args) > 1 else None
    states = []
    for layer in range(module.num_layers):
        outs = []
        for suffix in ["", "_reverse"][: 2 if module.bidirectional else 1]:
            at = len(states)
            start = [s[at] for s in ((given,) if torch.is_tensor(given) else given)] if given is not None else []
            steps = x.flip(1) if suffix else x
            out, state = run(kind, weights(module, f"_l{layer}{suffix}"), steps, start, act, gate, params.get("resetAfter", True))
            outs.append(out.flip(1) if suffix else out)
            states.append(state)
        x = torch.cat(outs, -1)
        if module.dropout and module.training and layer < module.num_layers - 1:
            x = torch.dropout(x, module.dropout, True)
    final = tuple(torch.stack(part) for part in zip(*states))
    return (x if module.batch_first else x.transpose(0, 1)), (final if kind == "LSTM" else final[0])


def function(settings):
    return lambda x: ACTIVATIONS[settings["fn"]](x, settings)


def weights(module, suffix):
    return [getattr(module, f"{name}{suffix}", torch.zeros(())) for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]


def run(kind, own, x, start, act, gate, reset_after):
    w, u, b, d = own
    h = start[0] if start else x.new_zeros(x.shape[0], u.shape[1])
    c = start[1] if len(start) > 1 else torch.zeros_like(h)
    given, outs = x @ w.T + b, []
    for t in range(x.shape[1]):
        now = given[:, t]
        if kind == "LSTM":
            i, f, g, o = (now + h @ u.T + d).chunk(4, 1)
            c = gate(f) * c + gate(i) * act(g)
            h = gate(o) * act(c)
        elif kind == "GRU":
            x_r, x_z, x_n = now.chunk(3, 1)
            u_r, u_z, u_n = u.chunk(3)
            d_r, d_z, d_n = d.chunk(3) if d.ndim else (d, d, d)
            r, z = gate(x_r + h @ u_r.T + d_r), gate(x_z + h @ u_z.T + d_z)
            n = act(x_n + r * (h @ u_n.T + d_n)) if reset_after else act(x_n + (r * h) @ u_n.T + d_n)
            h = (1 - z) * n + z * h
        else:
            h = act(now + h @ u.T + d)
        outs.append(h)
    return torch.stack(outs, 1), (h, c) if kind == "LSTM" else (h,)
