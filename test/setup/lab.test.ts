import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from '../../src/files/paths';
import { Run } from './checkout';
import '../outside';

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

test.each(['SIGHUP', 'SIGTERM', 'SIGKILL'] as const)(
  'JupyterLab ends with the command that a %s ends',
  async (signal) => {
    const port = await freePort();
    const lab = new Run(projectRoot, [
      ...['scripts/lab.js', '--no-browser', '--ip=127.0.0.1', `--port=${port}`],
      '--IdentityProvider.token=lab-test',
    ]);
    const answers = async () => {
      const address = `http://127.0.0.1:${port}/api/status?token=lab-test`;
      const answer = await fetch(address).catch(() => undefined);
      return answer !== undefined;
    };
    let left = false;
    lab.ended.then(() => {
      left = true;
    });
    while (!(await answers())) {
      if (left) throw new Error(`npm run lab didn't start: ${lab.stderr}`);
      await sleep(200);
    }
    lab.kill(signal);
    while (await answers()) await sleep(200);
    // Its output is closed once JupyterLab, which shares it, has ended too.
    await lab.ended;
  },
);
