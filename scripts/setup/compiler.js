// The C++ compiler that the native parts need, and whether it is there.

const { linkProblem } = require('../../src/torch/addon-build');
const { root } = require('./paths');
const { ask, SetupError } = require('./process');

const compiler = () => process.env.CXX || 'g++';
const install = 'install a C++ compiler and make (Debian: apt-get install g++ make)';

/** The compiler's version, or null. */
const compilerVersion = () => ask(compiler(), ['-dumpfullversion', '-dumpversion']);

/** Why the native parts can't be compiled, and the fix; undefined if they can. */
function compilerProblem() {
  const odd = linkProblem(root);
  if (odd) return `${odd}: move the project to a path without it.`;
  const missing = [compiler(), 'make'].filter((tool) => ask(tool, ['--version']) === null);
  if (missing.length > 0) return `${missing.join(' and ')} not found: ${install}.`;
  const program = '#include <concepts>\nstatic_assert(std::integral<int>);';
  const syntax = ['-std=c++20', '-fsyntax-only', '-x', 'c++', '-'];
  if (ask(compiler(), syntax, { input: program }) !== null) return undefined;
  return `${compiler()} ${compilerVersion()} does not compile C++20: ${install}, g++ 11 or newer.`;
}

function needCompiler() {
  const problem = compilerProblem();
  if (problem) throw new SetupError(`the native parts must be compiled, but ${problem}`);
}

module.exports = { compilerProblem, compilerVersion, needCompiler };
