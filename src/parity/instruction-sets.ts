import { spawn } from 'node:child_process';
import { inProject } from '../files/paths';

/**
 * Instruction sets that the native libraries can be limited to, with each library's setting. With
 * AVX2 TensorFlow runs oneDNN's kernels, with SSE4 its own, as it would on such a processor.
 */
export const instructionSets = {
  avx2: {
    ONEDNN_MAX_CPU_ISA: 'AVX2',
    ATEN_CPU_CAPABILITY: 'avx2',
    MKL_ENABLE_INSTRUCTIONS: 'AVX2',
    TF_ENABLE_ONEDNN_OPTS: '1',
  },
  sse4: {
    ONEDNN_MAX_CPU_ISA: 'SSE41',
    ATEN_CPU_CAPABILITY: 'default',
    MKL_ENABLE_INSTRUCTIONS: 'SSE4_2',
    TF_ENABLE_ONEDNN_OPTS: '0',
  },
} as const;

export type InstructionSet = keyof typeof instructionSets;

/**
 * Calls `npm run parity` with the libraries of both languages limited to an instruction set: in a new
 * process, since they choose their kernels when they are loaded. Returns its exit code.
 */
export function parityHeldTo(set: InstructionSet, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = `require(${JSON.stringify(inProject('dist/src/parity/cli'))}).main(process.argv.slice(1))
      .then((code) => process.exitCode = code)`;
    const child = spawn(process.execPath, ['-e', call, '--', ...args], {
      stdio: 'inherit',
      env: { ...process.env, ...instructionSets[set] },
    });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}
