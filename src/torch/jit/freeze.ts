import { TorchError } from '../errors';
import { native } from '../native';
import { ScriptModule } from './script-module';

/**
 * A copy of a model in eval mode whose parameters and attributes are constants of its program (`torch.jit.freeze`).
 * Throws TorchError for a model in training mode.
 */
export function freeze(
  module: ScriptModule,
  preservedAttrs: readonly string[] = [],
  optimizeNumerics = true,
): ScriptModule {
  if (module.training) {
    throw new TorchError(
      'Freezing is currently only implemented for modules in eval mode. Please call .eval() on your module before freezing.',
      'RuntimeError',
    );
  }
  return new ScriptModule(
    native.scriptFreeze(module.scriptHandle, preservedAttrs, optimizeNumerics),
  );
}
