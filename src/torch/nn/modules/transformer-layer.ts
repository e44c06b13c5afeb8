import type { Bound } from '../../arguments';
import { isGradEnabled } from '../../autograd';
import { TorchError } from '../../errors';
import type { Tensor } from '../../tensor';
import type { FactoryOptions } from '../../types';
import { gelu, relu } from '../functional/activation';
import { Module } from '../module';

export type Activation = ((input: Tensor) => Tensor) | Module;

export interface TransformerLayerOptions extends FactoryOptions {
  /** Features between the two linear layers. Default 2048. */
  dimFeedforward?: number;
  /** Default 0.1. */
  dropout?: number;
  /** What stands between the two linear layers. Default `relu`. */
  activation?: 'relu' | 'gelu' | Activation;
  /** Default 1e-5. */
  layerNormEps?: number;
  /** Inputs and outputs are `[N, L, dModel]` in place of `[L, N, dModel]`. */
  batchFirst?: boolean;
  /** Normalise before attention and the linear layers in place of after them. */
  normFirst?: boolean;
  /** Add biases everywhere. Default true. */
  bias?: boolean;
}

export interface LayerNeeded {
  dModel: number;
  nhead: number;
}

export function activationOf(given: 'relu' | 'gelu' | Activation): Activation {
  if (given === 'relu') return relu;
  if (given === 'gelu') return gelu;
  if (typeof given === 'string') {
    throw new TorchError(`activation should be relu/gelu, not ${given}`, 'RuntimeError');
  }
  return given;
}

/** What the two layers share: self-attention, two linear layers, and what stands around them. */
export abstract class TransformerLayer extends Module {
  /** The settings of its parts. */
  protected settings(options: Bound<TransformerLayerOptions>) {
    const { dropout, layerNormEps: eps, batchFirst, bias, device, dtype } = options;
    return {
      attention: { dropout, bias, batchFirst, device, dtype },
      linear: { bias, device, dtype },
      norm: { eps, bias, device, dtype },
    };
  }

  override stateName(property: string): string {
    return stateNames[property] ?? property;
  }

  protected activate(activation: Activation, input: Tensor): Tensor {
    return activation instanceof Module ? activation.call(input) : activation(input);
  }
}

const stateNames: Readonly<Record<string, string>> = {
  selfAttn: 'self_attn',
  multiheadAttn: 'multihead_attn',
};

/** Whether no gradient is asked of any tensor. */
export const withoutGradients = (tensors: readonly Tensor[]): boolean =>
  !isGradEnabled() || !tensors.some((tensor) => tensor.requiresGrad);
