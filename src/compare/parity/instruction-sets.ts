import { spawn } from 'node:child_process';
import { inProject } from '../../paths';

/**
 * Instruction sets that the native libraries can be held to on a processor that has more, and what
 * tells each library so. With AVX2 TensorFlow runs oneDNN's kernels, with SSE4 its own, as it chooses
 * by the processor otherwise.
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
 * Calls `npm run parity` with the libraries of both languages held to an instruction set: in a process
 * of its own, since they choose their kernels when they are loaded. Gives its exit code.
 */
export function parityHeldTo(set: InstructionSet, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [inProject('scripts/parity.js'), ...args], {
      stdio: 'inherit',
      env: { ...process.env, ...instructionSets[set] },
    });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}
