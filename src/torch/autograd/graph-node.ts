import { inspect } from 'node:util';
import { TorchError } from '../errors';
import { type Handle, native } from '../native';
import { type RemovableHandle, removable } from '../removable-handle';
import { Tensor } from '../tensor';
import { callback } from './callbacks';

type Gradients = (Tensor | null)[];

/** Where a gradient goes: a node, null if none is needed, and the number of the node's input. */
export type Edge = readonly [node: GraphNode | null, input: number];

const known = new Map<number, WeakRef<GraphNode>>();
const forget = new FinalizationRegistry<number>((id) => {
  if (!known.get(id)?.deref()) known.delete(id);
});

const tensors = (handles: readonly (Handle | null)[]): Gradients =>
  handles.map((handle) => handle && new Tensor(handle));

/** What a hook returned in place of gradients, checked. */
function replaced(result: unknown, gradients: Gradients): (Handle | null)[] | undefined {
  if (result === undefined || result === null) return undefined;
  if (result instanceof Promise) return result as never;
  const list = Array.isArray(result) ? (result as Gradients) : [result as Tensor];
  if (list.length !== gradients.length) {
    throw new TorchError(
      `backward hook has returned an incorrect number of values (expected ${gradients.length}, ` +
        `but got ${list.length})`,
      'RuntimeError',
    );
  }
  return list.map((gradient) => gradient?.handle ?? null);
}

/**
 * A node of autograd's graph, `tensor.gradFn` (`torch.autograd.graph.Node`): an operation whose
 * backward it runs. The same node is always the same object while any reference to it is left.
 */
export class GraphNode {
  /** @internal */
  readonly handle: Handle;

  private constructor(handle: Handle) {
    this.handle = handle;
  }

  /** @internal */
  static of(handle: Handle | null): GraphNode | null {
    if (!handle) return null;
    const id = native.nodeId(handle);
    let node = known.get(id)?.deref();
    if (!node) {
      node = new GraphNode(handle);
      known.set(id, new WeakRef(node));
      forget.register(node, id);
    }
    return node;
  }

  /** The operation's name, such as `AddBackward0`. */
  name(): string {
    return native.nodeName(this.handle);
  }

  /** The nodes that its results go to, one for each of the operation's tensors. */
  get nextFunctions(): Edge[] {
    return native
      .nextNodes(this.handle)
      .map(([handle, input]) => [GraphNode.of(handle), input] as const);
  }

  /** The leaf whose `grad` this node adds to; null for any node but an AccumulateGrad. */
  get variable(): Tensor | null {
    const handle = native.nodeVariable(this.handle);
    return handle && new Tensor(handle);
  }

  /** Runs after the node with the gradients that it gave and got; may return others that it gave. */
  registerHook(
    // biome-ignore lint/suspicious/noConfusingVoidType: a hook may return nothing.
    hook: (gradInputs: Gradients, gradOutputs: Gradients) => Gradients | null | void,
  ): RemovableHandle {
    const called = callback((inputs: (Handle | null)[], outputs: (Handle | null)[]) => {
      const gradInputs = tensors(inputs);
      return replaced(hook(gradInputs, tensors(outputs)), gradInputs);
    });
    const remover = native.registerNodeHook(this.handle, called);
    return removable(() => native.removeHook(remover));
  }

  /** Runs before the node with the gradients that it gets; may return others. */
  registerPrehook(
    // biome-ignore lint/suspicious/noConfusingVoidType: a hook may return nothing.
    hook: (gradOutputs: Gradients) => Gradients | null | void,
  ): RemovableHandle {
    const called = callback((outputs: (Handle | null)[]) => {
      const gradOutputs = tensors(outputs);
      return replaced(hook(gradOutputs), gradOutputs);
    });
    const remover = native.registerNodePrehook(this.handle, called);
    return removable(() => native.removeHook(remover));
  }

  toString(): string {
    return `<${this.name().split('::').at(-1)}>`;
  }
  [inspect.custom](): string {
    return this.toString();
  }
}

/** Where the gradient of a tensor goes (`torch.autograd.graph.get_gradient_edge`). */
export function getGradientEdge(tensor: Tensor): Edge {
  const [handle, input] = native.gradEdge(tensor.handle);
  return [GraphNode.of(handle), input];
}
