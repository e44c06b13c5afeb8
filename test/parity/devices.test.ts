import { devices } from '../../src/parity/devices';
import '../outside';

test('what is said of devices is what Python says, by class and words', async () => {
  const told: string[] = [];
  const [result] = await devices({ seed: 0, log: (line) => told.push(line) });
  expect(told).toEqual([]);
  expect(result).toMatchObject({ ok: true, same: result!.questions });
}, 60_000);
