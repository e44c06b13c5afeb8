import { labelOf, type Unit } from '../units';
import { addPatch, type Cause, type Finding, pairsOf, placesOf, same, type Which } from './cause';

/** `causal`, rows of which places each step may not look at, `other` where that can't be told; null where all count. */
const blocked = ({ settings }: Unit): unknown => settings.blocked ?? null;

function text(unit: Unit): string {
  const mask = blocked(unit);
  if (mask === null) return 'each step looks at all';
  if (mask === 'causal') return 'each step looks at itself and those before it';
  if (!Array.isArray(mask)) return 'a mask of its own';
  const all = (mask as boolean[][]).flat();
  return `a mask that blocks ${all.filter(Boolean).length} of ${all.length} places`;
}

const codes = {
  keras: (unit: Unit) =>
    blocked(unit) === null
      ? 'neither use_causal_mask nor attention_mask'
      : blocked(unit) === 'causal'
        ? 'use_causal_mask=True in the call'
        : 'attention_mask with True where a step may look',
  torch: (unit: Unit) =>
    blocked(unit) === null
      ? 'neither is_causal nor attn_mask'
      : blocked(unit) === 'causal'
        ? 'attn_mask=nn.Transformer.generate_square_subsequent_mask(T) in the call'
        : 'attn_mask with True where a step may not look: the opposite of Keras’ attention_mask',
};

export const attentionMask: Cause = {
  name: 'attention-mask',
  summary:
    'Attention looks at other steps: a causal mask on one side only, or a mask whose True means the opposite (Keras: may look, PyTorch: may not).',
  sources: [
    'https://keras.io/api/layers/attention_layers/multi_head_attention/',
    'https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html',
  ],
  find: (view) =>
    pairsOf(view, 'attention').flatMap(({ pair, own, reference }): Finding[] => {
      if (same(blocked(own), blocked(reference))) return [];
      const fix = (which: Which, unit: Unit) => codes[view[which].framework](unit);
      return [
        {
          name: 'attention-mask',
          left: text(pair.left),
          right: text(pair.right),
          layer: labelOf(pair.left),
          places: placesOf(pair),
          fix: { left: fix('left', pair.right), right: fix('right', pair.left) },
          apply: (plan) =>
            addPatch(plan[view.changed], own.call.key, {
              blocked: blocked(reference) ?? 'nothing',
            }),
        },
      ];
    }),
};
