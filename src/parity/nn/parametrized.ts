import * as torch from 'tandem-torch';
import type { Case } from './case';

const { nn } = torch;
const { parametrizations, prune, spectralNorm, weightNorm } = nn.utils;

const layer = (
  python: string,
  make: () => torch.nn.Module,
  inputs: string,
  draw: () => readonly unknown[],
): Case => ({
  kind: 'layer',
  python,
  inputs,
  typescript: () => ({ module: make(), inputs: draw }),
});

const vectors = '(torch.randn(4, 6),)';
const drawVectors = () => [torch.randn(4, 6)];

/** Modules whose weights are computed from others. */
export const parametrized: readonly Case[] = [
  layer(
    'nn.utils.parametrizations.weight_norm(nn.Linear(6, 3))',
    () => parametrizations.weightNorm(new nn.Linear(6, 3)),
    vectors,
    drawVectors,
  ),
  layer(
    'nn.utils.parametrizations.weight_norm(nn.Linear(6, 3, bias=False), dim=None)',
    () => parametrizations.weightNorm(new nn.Linear(6, 3, { bias: false }), 'weight', null),
    vectors,
    drawVectors,
  ),
  layer(
    "nn.utils.parametrizations.weight_norm(nn.LSTM(5, 4), 'weight_hh_l0')",
    () => parametrizations.weightNorm(new nn.LSTM(5, 4), 'weightHhL0'),
    '(torch.randn(7, 3, 5),)',
    () => [torch.randn(7, 3, 5)],
  ),
  layer(
    'nn.utils.parametrizations.spectral_norm(nn.Linear(6, 3))',
    () => parametrizations.spectralNorm(new nn.Linear(6, 3)),
    vectors,
    drawVectors,
  ),
  layer(
    'nn.utils.parametrizations.spectral_norm(nn.ConvTranspose2d(2, 3, 3), n_power_iterations=3)',
    () =>
      parametrizations.spectralNorm(new nn.ConvTranspose2d(2, 3, 3), 'weight', {
        nPowerIterations: 3,
      }),
    '(torch.randn(2, 2, 4, 4),)',
    () => [torch.randn(2, 2, 4, 4)],
  ),
  layer(
    'nn.utils.parametrizations.spectral_norm(nn.Linear(6, 3), "bias")',
    () => parametrizations.spectralNorm(new nn.Linear(6, 3), 'bias'),
    vectors,
    drawVectors,
  ),
  layer(
    'nn.utils.weight_norm(nn.Conv1d(3, 4, 3), dim=1)',
    () => weightNorm(new nn.Conv1d(3, 4, 3), 'weight', 1),
    '(torch.randn(2, 3, 8),)',
    () => [torch.randn(2, 3, 8)],
  ),
  layer(
    'nn.utils.parametrizations.orthogonal(nn.Linear(6, 6))',
    () => parametrizations.orthogonal(new nn.Linear(6, 6)),
    vectors,
    drawVectors,
  ),
  layer(
    "nn.utils.parametrizations.orthogonal(nn.Linear(6, 3), orthogonal_map='cayley')",
    () => parametrizations.orthogonal(new nn.Linear(6, 3), { orthogonalMap: 'cayley' }),
    vectors,
    drawVectors,
  ),
  layer(
    'nn.utils.parametrizations.orthogonal(nn.Linear(6, 3), use_trivialization=False)',
    () => parametrizations.orthogonal(new nn.Linear(6, 3), { useTrivialization: false }),
    vectors,
    drawVectors,
  ),
  layer(
    'nn.utils.spectral_norm(nn.Linear(6, 3))',
    () => spectralNorm(new nn.Linear(6, 3)),
    vectors,
    drawVectors,
  ),
  layer(
    "nn.utils.prune.l1_unstructured(nn.Linear(6, 3), 'weight', 0.3)",
    () => prune.l1Unstructured(new nn.Linear(6, 3), 'weight', 0.3),
    vectors,
    drawVectors,
  ),
  layer(
    "nn.utils.prune.ln_structured(nn.Linear(6, 4), 'weight', 2, n=2, dim=0)",
    () => prune.lnStructured(new nn.Linear(6, 4), 'weight', 2, 2, 0),
    vectors,
    drawVectors,
  ),
];
