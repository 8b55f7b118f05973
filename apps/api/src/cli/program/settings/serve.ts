import { LATCHKEY } from '../../../common/program-name.js';
import { type Command } from 'commander';

/**
 * Adds `serve` and `verifier`, for the help and to report invalid arguments. `bin/latchkey.cjs` starts both
 * itself.
 */
export function addServe(program: Command): void {
  program
    .command('serve')
    .summary('start the server: the API and the console')
    .description(
      'Starts the server in this process. It reads .env in the current folder, or the file given with --environment-file; the environment takes precedence. All settings, such as PORT, are variables; config init lists them. SIGTERM and SIGINT stop it once it has finished the requests in flight.',
    )
    .action(() => program.error(`error: start the server with ${LATCHKEY} serve`, { exitCode: 2 }));
  program
    .command('verifier')
    .summary('verify tokens for a gateway, beside it and without a database')
    .description(
      'Serves GET /auth/verify in this process, with the responses of the server. It answers most requests from memory, which the revocation feed keeps up to date, and reports the uses of tokens. Set LATCHKEY_URL to the origin of the server, and LATCHKEY_TOKEN_FILE to a file with a token that has the permission tokens:introspect. HOST, PORT, LATCHKEY_WORKERS, LATCHKEY_TRUSTED_PROXIES, LATCHKEY_CORS_ORIGINS, LATCHKEY_METRICS, LATCHKEY_LOG_LEVEL, LATCHKEY_DRAIN_SECONDS and LATCHKEY_SHUTDOWN_SECONDS apply as for serve.',
    )
    .action(() => program.error(`error: start the verifier with ${LATCHKEY} verifier`, { exitCode: 2 }));
}
