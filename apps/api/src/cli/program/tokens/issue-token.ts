import { InvalidArgumentError, type Command } from 'commander';
import { type UserTokenDto } from '@latchkey/auth-models';
import { userPath, type OperatorClient } from '../../client/operator-client.js';
import { RepeatableOption } from '../option-values.js';
import { ofToken } from './revoke.js';
import { issueTo, outOption } from '../secret-file.js';
import { type Shell } from '../shell.js';

const UNIT_SECONDS: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400 };

const EXPIRES_IN = 'lifetime from now: seconds, or a number with m, h or d, such as 90d';

interface CreateOptions {
  user: string;
  note?: string;
  permission?: string[];
  role?: string[];
  expiresIn?: number;
  out?: string;
}

interface RotateOptions {
  gracePeriod?: number;
  expiresIn?: number;
  revokeDescendants?: boolean;
  reason?: string;
  out?: string;
}

export function addCreateToken(program: Command, shell: Shell): void {
  program
    .command('create-token')
    .summary('create an API token for a user')
    .description(
      'Creates an API token for a user, and prints its secret, which cannot be shown again. Without --permission and --role the token has all permissions and roles of the user.',
    )
    .requiredOption('--user <name>', 'the user')
    .option('--note <text>', 'purpose of the token')
    .addOption(new RepeatableOption('--permission <name>', 'limit the token to this permission'))
    .addOption(new RepeatableOption('--role <name>', 'limit the token to this role'))
    .option('--expires-in <duration>', EXPIRES_IN, readDuration)
    .addOption(outOption('the secret'))
    .action(async ({ user, note, permission, role, expiresIn, out }: CreateOptions) => {
      const dto = { note, permissions: permission, roles: role, expiresIn };
      await issueToken('Created', shell, out, (client) =>
        client.post<UserTokenDto>(`${userPath(user)}/tokens`, dto),
      );
    });
}

export function addRotateToken(program: Command, shell: Shell): void {
  program
    .command('rotate-token <id>')
    .summary('replace the secret of a token')
    .description(
      'Replaces the secret of a token, and prints the new one, which cannot be shown again. The lifetime of the token starts again. The old secret stops working immediately, or after --grace-period.',
    )
    .option(
      '--grace-period <duration>',
      'time during which the old secret still works, at most 7d',
      readDuration,
    )
    .option('--expires-in <duration>', EXPIRES_IN, readDuration)
    .option('--revoke-descendants', 'also revoke all tokens created with this one, directly or indirectly')
    .option('--reason <text>', 'reason for the audit trail')
    .addOption(outOption('the secret'))
    .action(async (id: string, { gracePeriod, out, ...options }: RotateOptions) => {
      await issueToken('Rotated', shell, out, async (client) => {
        const path = `/tokens/${encodeURIComponent(id)}`;
        const { version } = await ofToken(() => client.get<UserTokenDto>(path));
        const dto = { version, gracePeriodSeconds: gracePeriod, ...options };
        return client.post<UserTokenDto>(`${path}/rotate`, dto);
      });
    });
}

/**
 * Prints only the secret on standard output, so that scripts can pipe it, or writes it to a file. Everything
 * else is on standard error.
 */
async function issueToken(
  done: string,
  shell: Shell,
  out: string | undefined,
  issue: (client: OperatorClient) => Promise<UserTokenDto>,
): Promise<void> {
  const { issued, file } = await issueTo(
    out,
    () => shell.withClient(issue),
    ({ token = '' }) => token,
  );
  const { token, ...rest } = issued;
  const { id, user, expirationTime, warnings = [] } = rest;
  const expiry = expirationTime === undefined ? 'It does not expire.' : `It expires at ${expirationTime}.`;
  shell.output.note(`${done} the token ${id} of ${user}. ${expiry}`);
  warnings.forEach((warning) => shell.output.note(`Note: ${warning}`));
  if (file === undefined) {
    shell.output.result(issued, () => token ?? '');
  } else {
    shell.output.result({ ...rest, file }, () => `The secret is in ${file}.`);
  }
}

function readDuration(text: string): number {
  const [, number, unit = 's'] = /^(\d{1,10})([smhd])?$/.exec(text) ?? [];
  if (number === undefined) {
    throw new InvalidArgumentError('Use a whole number of seconds, or a number with s, m, h or d.');
  }
  return Number(number) * (UNIT_SECONDS[unit] ?? 1);
}
