import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { commandLine } from '../command/command-line';
import { UserError } from '../command/errors';
import { workplace } from '../files/paths';
import { checkProfile, type Profile } from '../training/profiles';
import { needChromium } from './pages/browser';
import { defaultJobs } from './run/schedule';
import { leaveOut, selectNotebooks } from './selection';

const timeouts: Record<Profile, number> = { smoke: 120, quick: 600, full: 3600 };

/** The formats of a report. */
type Format = 'html' | 'pdf' | 'markdown';
const formats: readonly Format[] = ['html', 'pdf', 'markdown'];

/** The options of a call of `npm run report`. */
export interface Call {
  notebooks: string[];
  profile: Profile;
  seed: number;
  /** The texts of `--set`. */
  set: Record<string, string>;
  force: boolean;
  jobs: number;
  timeoutSeconds: number;
  timeoutAllSeconds?: number;
  output: string;
  formats: Format[];
  junit?: string;
  json: boolean;
  /** The folder of the earlier report that outputs are compared with. */
  recorded?: string;
  tolerance: number;
  verbose: boolean;
}

/** Parses the arguments. */
export function readCall(argv: readonly string[]): Call {
  const { values, positionals } = parse(argv);
  const { profile: setProfile, seed: setSeed, ...set } = settings(values.set);
  const profile = checkProfile(agreed('profile', values.profile, setProfile) ?? 'quick');
  const folder = process.env.INIT_CWD ?? process.cwd();
  const path = (value: string | undefined) => (value ? resolve(folder, value) : undefined);
  const count = (option: 'timeout' | 'timeout-all' | 'jobs') =>
    values[option] === undefined ? undefined : wholeNumber(option, values[option], 1);
  const chosen = selectNotebooks([...positionals, ...names(values.only)], folder);
  return {
    profile,
    seed: wholeNumber('seed', agreed('seed', values.seed, setSeed) ?? '0', 0),
    set,
    force: values.force,
    jobs: count('jobs') ?? defaultJobs(),
    timeoutSeconds: count('timeout') ?? timeouts[profile],
    timeoutAllSeconds: count('timeout-all'),
    output: path(values.output) ?? join(workplace, 'reports'),
    formats: readFormats(values.to),
    junit: path(values.junit),
    json: values.json,
    recorded: path(values.verify),
    tolerance: readTolerance(values.tolerance),
    verbose: values.verbose,
    notebooks: leaveOut(chosen, names(values.skip), folder),
  };
}

const parse = (argv: readonly string[]) => {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        only: { type: 'string', multiple: true },
        skip: { type: 'string', multiple: true },
        profile: { type: 'string' },
        seed: { type: 'string' },
        set: { type: 'string', multiple: true },
        force: { type: 'boolean', default: false },
        jobs: { type: 'string' },
        timeout: { type: 'string' },
        'timeout-all': { type: 'string' },
        output: { type: 'string' },
        to: { type: 'string', multiple: true },
        junit: { type: 'string' },
        json: { type: 'boolean', default: false },
        verify: { type: 'string' },
        tolerance: { type: 'string' },
        verbose: { type: 'boolean', default: false },
      },
    });
  } catch (cause) {
    const [reason] = (cause as Error).message.split(/\.\s|\n/);
    throw new UserError(`${reason}; \`${commandLine('report', '--help')}\` lists the options.`, 2, {
      cause,
    });
  }
};

/** The values of a list option, which can be repeated. */
const names = (values: readonly string[] = []): string[] =>
  values.flatMap((value) => value.split(',')).filter((name) => name !== '');

const settings = (values: readonly string[] = []): Record<string, string> =>
  Object.fromEntries(
    values.map((value) => {
      const [, name, text] = /^([\w$]+)=(.*)$/s.exec(value) ?? [];
      if (name !== undefined && text !== undefined) return [name, text];
      throw new UserError(`--set takes NAME=VALUE, such as seed=3, not "${value}".`);
    }),
  );

/** The value of an option and its `--set`, which must not contradict each other. */
const agreed = (name: string, option: string | undefined, set: string | undefined) => {
  if (option !== undefined && set !== undefined && option !== set) {
    throw new UserError(`--${name} ${option} and --set ${name}=${set} contradict each other.`);
  }
  return option ?? set;
};

const readFormats = (values: readonly string[] | undefined): Format[] => {
  const given = names(values);
  const unknown = given.find((name) => !formats.includes(name as Format));
  if (unknown) {
    throw new UserError(`--to takes ${formats.join(', ')}, not "${unknown}".`);
  }
  if (given.includes('pdf')) needChromium('--to pdf');
  return given.length > 0 ? [...new Set(given as Format[])] : ['html'];
};

const readTolerance = (text = '1e-4'): number => {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value < 1) return value;
  throw new UserError(`--tolerance takes a number from 0 to below 1, not "${text}".`);
};

const wholeNumber = (option: string, text: string, least: number): number => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > 2 ** 31 - 1) {
    throw new UserError(
      `--${option} takes a whole number from ${least} to 2147483647, not "${text}".`,
    );
  }
  return value;
};
