import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { ConfigurationError } from '../../common/application-error.js';
import { describeReadError } from './read-error.js';
import { adviseOnName, FILE_SUFFIX, variableSetBy } from './variables.js';

/** File that is read from the working directory by default. */
export const ENV_FILE = '.env';

/** Line that sets a variable. Shells need the `export`. */
const SETTING = /^(?:export\s+)?([A-Za-z_]\w*)\s*=(.*)$/;

/**
 * Value in quotes, or without quotes and `#`, and a comment after a space. Node would drop all other text
 * silently.
 */
const VALUE = /^\s*(?:"[^"]*"|'[^']*'|`[^`]*`|[^\s"'`#][^#]*|)\s*(?:(?<=\s)#.*)?$/;

/** Variables of Node, its libraries, the system, Docker Compose and OpenTelemetry, which may be there too. */
const OTHERS = /^(?:NODE_|OTEL_|UV_|PG|SSL_|OPENSSL_|MALLOC_|LD_|LC_|COMPOSE_|(?:LANG|TZ|TMPDIR|HOME|PATH)$)/;

/**
 * Reads a settings file, or `.env` in the working directory if there is one. Existing environment variables
 * take precedence.
 */
export function readEnvFile(environment: NodeJS.ProcessEnv, file?: string): void {
  if (file === undefined && !existsSync(ENV_FILE)) {
    return;
  }
  const path = file ?? ENV_FILE;
  const before = { ...environment };
  for (const [name, value] of parseSettings(path, readText(path))) {
    if (before[name] === undefined && !before[otherForm(name)]) {
      environment[name] = value;
    }
  }
}

/** Returns `X_FILE` for `X`, and `X` for `X_FILE`. */
function otherForm(name: string): string {
  return name.endsWith(FILE_SUFFIX) ? name.slice(0, -FILE_SUFFIX.length) : name + FILE_SUFFIX;
}

/** Returns the content of the file. `process.loadEnvFile` would report each error as a missing file. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigurationError(`${describeReadError(path, error)}.`, { cause: error });
  }
}

/**
 * Returns the variables of a settings file. A variable may be set only once: a second line, perhaps appended
 * by a script, would otherwise silently replace the first, and `HOST=0.0.0.0` would open the server to the
 * network.
 */
function parseSettings(path: string, text: string): Map<string, string> {
  const settings = new Map<string, string>();
  const lines = new Map<string, number>();
  for (const [index, line] of text.split('\n').entries()) {
    const content = line.trim();
    if (content !== '' && !content.startsWith('#')) {
      const place = `${path}, line ${index + 1}`;
      const [name, value] = parseSetting(content, place);
      const first = lines.get(name);
      if (first !== undefined) {
        throw new ConfigurationError(
          `${place}: ${name} is already set in line ${first}. Keep one of the two lines`,
        );
      }
      lines.set(name, index + 1);
      settings.set(name, value);
    }
  }
  return settings;
}

/**
 * Parses one line, because Node would read the line after `NAME= ` as its value. Errors do not repeat the
 * value.
 */
function parseSetting(line: string, place: string): [name: string, value: string] {
  const [, name, value = ''] = SETTING.exec(line) ?? [];
  if (name === undefined) {
    throw new ConfigurationError(`${place}: write NAME=value`);
  }
  if (!variableSetBy(name) && !OTHERS.test(name)) {
    throw new ConfigurationError(`${place}: there is no variable ${name}. ${adviseOnName(name)}`);
  }
  if (!VALUE.test(value)) {
    throw new ConfigurationError(`${place}: write the whole value of ${name} in quotes, on one line`);
  }
  return [name, parseEnv(`${name}=${value.trim()}`)[name] ?? ''];
}
