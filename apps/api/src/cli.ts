import { runProgram } from './cli/program/run-program.js';
import { type ServerLoader } from './cli/server-loader.js';
import { removeSocketFoldersOnExit } from './cli/socket-path.js';

// The reader of a pipe, such as head, may close it early.
process.stdout.on('error', () => process.exit(1));
removeSocketFoldersOnExit();

const loader: ServerLoader = {
  // Loaded on demand, because it takes most of a second.
  openApplication: async (config, socketPath) => {
    const { openApplication } = await import('./open-application.js');
    return openApplication(config, socketPath);
  },
  entities: async () => {
    const { ENTITIES } = await import('./app.module.js');
    return ENTITIES;
  },
};

process.exitCode = await runProgram(process.argv.slice(2), loader, process);
