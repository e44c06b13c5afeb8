/**
 * What registering a hook gives (`torch.utils.hooks.RemovableHandle`): `remove()` takes the hook away again; so does
 * calling the handle, and the end of a `using` block.
 */
export interface RemovableHandle extends Disposable {
  (): void;
  remove(): void;
}

export function removable(remove: () => void): RemovableHandle {
  const handle = () => void remove();
  return Object.assign(handle, { remove: handle, [Symbol.dispose]: handle });
}
