import { type Cause, settingDiffers } from './cause';

const names = { keras: { name: 'epsilon' }, torch: { name: 'eps' } } as const;

export const layerNormEpsilon: Cause = {
  name: 'layer-norm-epsilon',
  summary:
    'Layer norm adds a different epsilon to the variance: Keras 1e-3, PyTorch 1e-5 by default.',
  sources: [
    'https://keras.io/api/layers/normalization_layers/layer_normalization/',
    'https://docs.pytorch.org/docs/stable/generated/torch.nn.LayerNorm.html',
  ],
  find: (view) => settingDiffers(view, 'layer-norm-epsilon', 'layerNorm', 'epsilon', names),
};

export const groupNormEpsilon: Cause = {
  name: 'group-norm-epsilon',
  summary:
    'Group norm adds a different epsilon to the variance: Keras 1e-3, PyTorch 1e-5 by default.',
  sources: [
    'https://keras.io/api/layers/normalization_layers/group_normalization/',
    'https://docs.pytorch.org/docs/stable/generated/torch.nn.GroupNorm.html',
  ],
  find: (view) => settingDiffers(view, 'group-norm-epsilon', 'groupNorm', 'epsilon', names),
};
