import { LATCHKEY } from '../../../common/program-name.js';
import { type Command } from 'commander';

/**
 * Adds `serve`, for the help and to report invalid arguments. `bin/latchkey.cjs` starts the server itself.
 */
export function addServe(program: Command): void {
  program
    .command('serve')
    .summary('start the server: the API and the console')
    .description(
      'Starts the server in this process. It reads .env in the current folder, or the file given with --environment-file; the environment takes precedence. All settings, such as PORT, are variables; config init lists them. SIGTERM and SIGINT stop it once it has finished the requests in flight.',
    )
    .action(() => program.error(`error: start the server with ${LATCHKEY} serve`, { exitCode: 2 }));
}
