import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandLine, CommandProcess } from '../support/command-line.js';

const TEXT = readFileSync('.env.example', 'utf8');

let folder: string;
let file: string;
let latchkey: CommandLine;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-init-'));
  file = join(folder, '.env');
  latchkey = new CommandLine({}, folder);
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('latchkey config init', () => {
  it('writes all settings to .env, for its owner only, and prints the next steps', async () => {
    const { code, output, errors } = await latchkey.run(['config', 'init']);

    expect({ code, output }).toEqual({ code: 0, output: `Created ${file}.\n` });
    expect(errors).toMatch(/latchkey config check\n.*latchkey serve\n$/);
    expect(readFileSync(file, 'utf8')).toBe(TEXT);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['.env']);
  });

  it('prints the next steps as npx can run them, if npm started the program', async () => {
    const { errors } = await new CommandProcess({ npm_command: 'exec' }, folder).run(['config', 'init']);

    expect(errors).toMatch(/npx --no-install latchkey config check\n.*npx --no-install latchkey serve\n$/);
    expect(readFileSync(file, 'utf8')).toBe(TEXT);
  });

  it('writes another file, and names it in the next steps', async () => {
    const { errors } = await latchkey.run(['config', 'init', 'latchkey.env']);

    expect(readFileSync(join(folder, 'latchkey.env'), 'utf8')).toBe(TEXT);
    expect(errors).toMatch(
      /config check --environment-file latchkey\.env\n.*serve --environment-file latchkey\.env\n$/,
    );
    expect(await latchkey.json('config', 'init', 'other.env')).toEqual({ file: join(folder, 'other.env') });
  });

  it('does not change an existing file', async () => {
    writeFileSync(file, 'PORT=4000\n');

    const { code, errors } = await latchkey.run(['config', 'init']);

    expect({ code, errors }).toEqual({
      code: 1,
      errors: `${file} already exists, and was not changed. Choose another name, or replace the file with --force.\n`,
    });
    expect(readFileSync(file, 'utf8')).toBe('PORT=4000\n');
    expect(readdirSync(folder)).toEqual(['.env']);
  });

  it('replaces an existing file with --force, and its mode too', async () => {
    writeFileSync(file, 'PORT=4000\n', { mode: 0o644 });

    await latchkey.json('config', 'init', '--force');

    expect(readFileSync(file, 'utf8')).toBe(TEXT);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('prints the settings with --print, and writes nothing', async () => {
    expect(await latchkey.run(['config', 'init', '--print'])).toEqual({ code: 0, output: TEXT, errors: '' });
    expect(await latchkey.json('config', 'init', '--print')).toEqual({ text: TEXT });
    expect(existsSync(file)).toBe(false);
  });

  it('reports a folder that does not exist', async () => {
    expect(await latchkey.failure('config', 'init', 'absent/.env')).toEqual({
      code: 'command_line',
      message: `The folder ${join(folder, 'absent')} does not exist. Create it first.`,
    });
  });
});
