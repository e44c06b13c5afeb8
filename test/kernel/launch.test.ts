import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inProject } from '../../src/files/paths';
import { Driver, isAlive } from './driver';

const launch = (...parameters: string[]) =>
  spawnSync(process.execPath, [inProject('dist/kernels/tandem/launch.js'), ...parameters], {
    encoding: 'utf8',
  });

test('without a connection file the kernel says how it is started', () => {
  const { status, stderr } = launch();
  expect(stderr).toBe('The kernel is started by Jupyter, with a connection file: npm run lab.\n');
  expect(status).toBe(2);
});

test('a port that is taken is reported in one line', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-kernel-'));
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const names = ['shell_port', 'iopub_port', 'stdin_port', 'control_port', 'hb_port'];
  const ports = Object.fromEntries(names.map((name) => [name, port]));
  const connection = { transport: 'tcp', ip: '127.0.0.1', key: 'key', ...ports };
  writeFileSync(join(folder, 'connection.json'), JSON.stringify(connection));
  const { status, stderr } = launch(join(folder, 'connection.json'));
  expect(stderr).toBe("The kernel can't open its channels: Address already in use\n");
  expect(status).toBe(1);
  server.close();
  rmSync(folder, { recursive: true });
});

test('a kernel runs on the Node that TANDEM_NODE names, whichever one the set-up ran on', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-kernel-'));
  const other = join(folder, 'another node');
  writeFileSync(other, `#!/bin/sh\nCALLED_AS="$0" exec "${process.execPath}" "$@"\n`);
  chmodSync(other, 0o755);
  const kernel = await Driver.start({ TANDEM_NODE: other });
  expect(await kernel.value('process.env.CALLED_AS')).toBe(other);
  await kernel.stop();
  rmSync(folder, { recursive: true });
});

test('a kernel whose server was killed ends, also in the middle of a loop', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-kernel-'));
  const begun = join(folder, 'begun');
  const kernel = await Driver.start();
  const loop = `require('fs').writeFileSync(${JSON.stringify(begun)}, ''); for (;;);`;
  void kernel.execute(loop).catch(() => {});
  while (!existsSync(begun)) await sleep(50);
  kernel.kill();
  while (isAlive(kernel.pid)) await sleep(50);
  rmSync(folder, { recursive: true });
});
