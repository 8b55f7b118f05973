import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CommandLine } from '../command-line.js';

/**
 * Script that replaces npx. It passes `npx --no-install latchkey …` to the test, with its environment and
 * standard input, and prints the result.
 */
const script = (folder: string) => `#!/bin/bash
set -euo pipefail
[ "$1 $2" = '--no-install latchkey' ]
shift 2
call=$(mktemp -d '${folder}/call-XXXXXX')
printf '%s\\0' "$@" > "$call/arguments"
env -0 > "$call/environment"
cat > "$call/input"
curl -sS --unix-socket '${folder}/socket' "http://localhost$call"
cat "$call/output"
cat "$call/errors" >&2
exit "$(cat "$call/code")"
`;

/** Program `npx` for the shells of a test. It takes a twentieth of the time of the real one. */
export class Npx {
  private constructor(
    /** Folder to put first in PATH. */
    readonly folder: string,
    private readonly server: Server,
  ) {}

  /** @param kind runs the commands in the process of the test, or each in its own. */
  static async start(kind: typeof CommandLine): Promise<Npx> {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-npx-'));
    writeFileSync(join(folder, 'npx'), script(folder), { mode: 0o755 });
    const server = createServer((request, response) => {
      runCall(request.url ?? '', kind).then(
        () => response.end(),
        (error: unknown) => response.destroy(error as Error),
      );
    });
    server.listen(join(folder, 'socket'));
    await once(server, 'listening');
    return new Npx(folder, server);
  }

  remove(): void {
    this.server.close();
    rmSync(this.folder, { recursive: true });
  }
}

/** Runs the command in a folder of the script, and writes its result there. */
async function runCall(call: string, Kind: typeof CommandLine): Promise<void> {
  const read = (name: string) => readFileSync(join(call, name), 'utf8');
  const variables = read('environment').split('\0').filter(Boolean);
  const environment = Object.fromEntries(
    variables.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  const latchkey = new Kind(environment, environment.PWD ?? call);
  const { code, output, errors } = await latchkey.run(
    read('arguments').split('\0').slice(0, -1),
    read('input'),
  );
  const results = { code: String(code), output, errors };
  Object.entries(results).forEach(([name, text]) => writeFileSync(join(call, name), text));
}
