import { follow } from '../../src/notebook';
import { inKernel } from './kernel';

test('a bar says how far the work is, and at last that it is done', async () => {
  const shown = await inKernel(() =>
    follow(async ({ onProgress }) => {
      onProgress({ done: 1, total: 4, secondsLeft: 3 });
      onProgress({ done: 4, total: 4 });
    }),
  );
  expect(new Set(shown.map(({ id }) => id)).size).toBe(1);
  expect(shown.at(-1)!.data).toMatchObject({
    'text/plain': '4 of 4 done',
  });
});

test('an interrupt reaches the work, and its place says where it stopped', async () => {
  const stop = new AbortController();
  const reason = new Error('interrupted');
  let caught: unknown;
  const shown = await inKernel(
    async () => {
      try {
        await follow(async ({ onProgress, signal }) => {
          onProgress({ done: 2, total: 9 });
          stop.abort(reason);
          signal!.throwIfAborted();
        });
      } catch (error) {
        caught = error;
      }
    },
    { signal: stop.signal },
  );
  expect(caught).toBe(reason);
  expect(shown.at(-1)!.data['text/plain']).toBe('2 of 9 done');
});
