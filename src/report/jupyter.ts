import { inProject } from '../files/paths';

/** A program of the project's own Python environment. */
export const venvBin = (name: string): string => inProject('.venv/bin', name);

/**
 * The environment for Jupyter's programs: everything that they write or configure lies in the
 * project's folder, and the user's own settings are not read.
 */
export function jupyterEnvironment(): NodeJS.ProcessEnv {
  const own = (...parts: string[]) => inProject('build/jupyter', ...parts);
  return {
    ...process.env,
    JUPYTER_CONFIG_DIR: own('config'),
    JUPYTER_DATA_DIR: own('data'),
    JUPYTER_RUNTIME_DIR: own('runtime'),
    JUPYTERLAB_SETTINGS_DIR: own('lab/settings'),
    JUPYTERLAB_WORKSPACES_DIR: own('lab/workspaces'),
    JUPYTER_PLATFORM_DIRS: '1',
    JUPYTER_PREFER_ENV_PATH: '1',
    IPYTHONDIR: own('ipython'),
    PATH: `${inProject('.venv/bin')}:${process.env.PATH ?? ''}`,
    PYTHONWARNINGS: 'ignore',
    // Kernels run on the command's Node, whichever Node the set-up ran on.
    TANDEM_NODE: process.execPath,
  };
}
