import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { UserError } from '../errors';
import { inProject } from '../paths';
import { checkProfile, type Profile } from '../training/profiles';
import { selectNotebooks } from './selection';

/** What `--help` shows. */
export const help = `npm run report [-- [options] [notebooks]]

Runs notebooks headless and writes reports/index.html with an HTML page for each.

  notebooks           numbers or names (05 06), or paths of .ipynb files; default: all
  --profile NAME      smoke (seconds), quick (default), full (the article's own sizes)
  --seed N            the seed of everything random, default 0
  --timeout SECONDS   the most that one cell may take; default 120, 600, 3600 by profile
  --output DIR        where the report goes, default reports
  --verbose           shows nbconvert's log, and the stack of an error
  --help              shows this

Exit code: 0 all well, 1 a notebook failed, 2 a wrong call or set-up, 130 interrupted.`;

const timeouts: Record<Profile, number> = { smoke: 120, quick: 600, full: 3600 };

/** What a call of `npm run report` asks for. */
export interface Call {
  notebooks: string[];
  profile: Profile;
  seed: number;
  timeoutSeconds: number;
  output: string;
  verbose: boolean;
}

/** The call in its arguments; undefined when help is asked for. */
export function readCall(argv: readonly string[]): Call | undefined {
  const { values, positionals } = parse(argv);
  if (values.help) return undefined;
  const profile = checkProfile(values.profile);
  const folder = process.env.INIT_CWD ?? process.cwd();
  return {
    profile,
    seed: wholeNumber('seed', values.seed, 0),
    timeoutSeconds: values.timeout ? wholeNumber('timeout', values.timeout, 1) : timeouts[profile],
    output: values.output ? resolve(folder, values.output) : inProject('reports'),
    verbose: values.verbose,
    notebooks: selectNotebooks(positionals, folder),
  };
}

const parse = (argv: readonly string[]) => {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        profile: { type: 'string', default: 'quick' },
        seed: { type: 'string', default: '0' },
        timeout: { type: 'string' },
        output: { type: 'string' },
        verbose: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (cause) {
    const [reason] = (cause as Error).message.split(/\.\s|\n/);
    throw new UserError(`${reason}; \`npm run report -- --help\` lists the options.`, 2, { cause });
  }
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
