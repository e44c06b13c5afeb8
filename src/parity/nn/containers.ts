import * as torch from 'tandem-torch';
import type { Case } from './case';

const { nn } = torch;

export const containers: readonly Case[] = [
  {
    kind: 'layer',
    python: 'nn.Sequential(nn.Linear(6, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 2))',
    inputs: '(torch.randn(5, 6),)',
    typescript: () => ({
      module: new nn.Sequential(
        new nn.Linear(6, 4),
        new nn.BatchNorm1d(4),
        new nn.ReLU(),
        new nn.Linear(4, 2),
      ),
      inputs: () => [torch.randn(5, 6)],
    }),
  },
  {
    kind: 'layer',
    python: 'nn.Sequential(nn.Conv2d(1, 3, 3), nn.Dropout(0.3), nn.Flatten(), nn.Linear(48, 2))',
    inputs: '(torch.randn(2, 1, 6, 6),)',
    typescript: () => ({
      module: new nn.Sequential(
        new nn.Conv2d(1, 3, 3),
        new nn.Dropout(0.3),
        new nn.Flatten(),
        new nn.Linear(48, 2),
      ),
      inputs: () => [torch.randn(2, 1, 6, 6)],
    }),
  },
];
