import { Driver, failure } from './driver';

let kernel: Driver;
beforeAll(async () => {
  kernel = await Driver.start();
});
afterAll(() => kernel.stop());

test('prompt asks the notebook’s user and returns the answer', async () => {
  const { questions, ids, output } = await kernel.execute("await prompt('Your name?')", {
    answers: ['Ada'],
  });
  expect(questions).toMatchObject([
    {
      type: 'input_request',
      parent: ids[0],
      content: { prompt: 'Your name? ', password: false },
    },
  ]);
  expect(output.find(({ type }) => type === 'execute_result')?.content.data).toEqual({
    'text/plain': 'Ada',
  });
});

test('an empty answer gives the fallback, and confirm a boolean', async () => {
  const result = await kernel.execute(
    `const name: string = await prompt('Name?', 'nobody');
    const first: boolean = await confirm('Sure?');
    console.log(JSON.stringify([name, first, await confirm()]));`,
    { answers: ['', 'Y', 'nonsense'] },
  );
  expect(result.output.find(({ type }) => type === 'stream')?.content.text).toBe(
    '["nobody",true,false]\n',
  );
  expect(result.questions.map(({ content }) => content.prompt)).toEqual([
    'Name? ',
    'Sure? [y/N] ',
    'Confirm [y/N] ',
  ]);
});

test('if nobody can be asked, the question is an error at its line', async () => {
  const { evalue, traceback } = failure(await kernel.execute("\nawait prompt('Name?');"));
  expect(evalue).toBe("Nobody is there to answer 'Name?'.");
  expect(traceback).toContain("2 | await prompt('Name?');");
});

test('an interrupt ends a question, and its late answer does not reach the next one', async () => {
  const asked = await kernel.execute("await prompt('Name?')", { answers: [], interruptAfter: 0.3 });
  expect(failure(asked).ename).toBe('KeyboardInterrupt');
  const next = await kernel.execute("await prompt('Again?')", { answers: ['second'] });
  expect(next.output.find(({ type }) => type === 'execute_result')?.content.data).toEqual({
    'text/plain': 'second',
  });
});
