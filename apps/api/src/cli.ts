import { runProgram } from './cli/program/run-program.js';

process.exitCode = await runProgram(process.argv.slice(2), {
  // Loaded only when it is needed, as most of a second goes into it.
  openApplication: async (config) => {
    const { openApplication } = await import('./open-application.js');
    return openApplication(config);
  },
  entities: async () => {
    const { ENTITIES } = await import('./app.module.js');
    return ENTITIES;
  },
});
