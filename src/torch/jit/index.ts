/** Models of TorchScript (`torch.jit`): those that Python has exported, and those traced here. */
import { notHere } from '../absent';

export { freeze } from './freeze';
export { load } from './load';
export { ScriptFunction, ScriptModule, saveScript as save } from './script-module';
export { type TraceOptions, trace } from './trace';
export { ScriptObject } from './values';

export const script = notHere(
  'torch.jit.script',
  "it compiles Python's source; record a model by torch.jit.trace(net, inputs), or load what Python has scripted by torch.jit.load(path)",
);
