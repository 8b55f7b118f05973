import { runProgram } from './cli/program/run-program.js';

process.exitCode = await runProgram(process.argv.slice(2), {
  // Loaded on demand, because it takes most of a second.
  openApplication: async (config, socketPath) => {
    const { openApplication } = await import('./open-application.js');
    return openApplication(config, socketPath);
  },
  entities: async () => {
    const { ENTITIES } = await import('./app.module.js');
    return ENTITIES;
  },
});
