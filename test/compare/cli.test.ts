import { loadDataset } from '../../src/compare';
import { main } from '../../src/compare/cli';

test.each([
  [['--profile', 'huge'], "There is no profile 'huge': take smoke, quick, full."],
  [
    ['horoscope'],
    "There is no experiment 'horoscope': take same-recipe, what-made-the-difference, choosing.",
  ],
  [['--data', 'cats'], "There is no data 'cats': take mnist, fashion-mnist."],
  [['--colour'], "Unknown option '--colour'. See npm run experiment -- --help."],
])('a wrong call is refused in one line before anything runs: %j', async (argv, message) => {
  await expect(main(argv)).rejects.toMatchObject({ message, exitCode: 2 });
});

test('the data of another name, or of TANDEM_DATA, come by one parameter', async () => {
  expect((await loadDataset('mnist')).name).toBe('MNIST');
  const { TANDEM_DATA } = process.env;
  process.env.TANDEM_DATA = '/nowhere';
  try {
    await expect(loadDataset('fashion-mnist')).rejects.toThrow(/\/nowhere/);
  } finally {
    if (TANDEM_DATA === undefined) delete process.env.TANDEM_DATA;
    else process.env.TANDEM_DATA = TANDEM_DATA;
  }
});
