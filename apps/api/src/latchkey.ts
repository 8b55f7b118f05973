import { runProgram } from './cli/program/run-program.js';
import { type Config } from './config/config.js';

process.exitCode = await runProgram(process.argv.slice(2), async (config: Config) => {
  // Loaded only when it is needed, as most of a second goes into it.
  const { openApplication } = await import('./open-application.js');
  return openApplication(config);
});
