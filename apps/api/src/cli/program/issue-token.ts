import { InvalidArgumentError, type Command } from 'commander';
import { type UserTokenDto } from '@latchkey/auth-models';
import { userPath } from '../client/operator-client.js';
import { ofToken } from './revoke.js';
import { type Shell } from './shell.js';

const UNIT_SECONDS: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400 };

const EXPIRES_IN = 'lifetime from now: seconds, or a number with m, h or d, such as 90d';

interface CreateOptions {
  user: string;
  note?: string;
  permission?: string[];
  role?: string[];
  expiresIn?: number;
}

interface RotateOptions {
  gracePeriod?: number;
  expiresIn?: number;
  revokeDescendants?: boolean;
  reason?: string;
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
    .option('--permission <name>', 'limit the token to this permission; repeat it for several', append)
    .option('--role <name>', 'limit the token to this role; repeat it for several', append)
    .option('--expires-in <duration>', EXPIRES_IN, readDuration)
    .action(async ({ user, note, permission, role, expiresIn }: CreateOptions) => {
      const dto = { note, permissions: permission, roles: role, expiresIn };
      const token = await shell.withClient((client) =>
        client.post<UserTokenDto>(`${userPath(user)}/tokens`, dto),
      );
      printSecret('Created', token, shell);
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
    .action(async (id: string, { gracePeriod, ...options }: RotateOptions) => {
      const rotated = await shell.withClient(async (client) => {
        const path = `/tokens/${encodeURIComponent(id)}`;
        const { version } = await ofToken(() => client.get<UserTokenDto>(path));
        const dto = { version, gracePeriodSeconds: gracePeriod, ...options };
        return client.post<UserTokenDto>(`${path}/rotate`, dto);
      });
      printSecret('Rotated', rotated, shell);
    });
}

/** Prints only the secret on standard output, so that scripts can pipe it, and everything else on standard error. */
function printSecret(done: string, token: UserTokenDto, { output }: Shell): void {
  const { id, user, expirationTime, warnings = [] } = token;
  const expiry = expirationTime === undefined ? 'It does not expire.' : `It expires at ${expirationTime}.`;
  output.note(`${done} the token ${id} of ${user}. ${expiry}`);
  warnings.forEach((warning) => output.note(`Note: ${warning}`));
  output.result(token, () => token.token ?? '');
}

function append(text: string, before: string[] = []): string[] {
  return [...before, text];
}

function readDuration(text: string): number {
  const [, number, unit = 's'] = /^(\d{1,10})([smhd])?$/.exec(text) ?? [];
  if (number === undefined) {
    throw new InvalidArgumentError('Use a whole number of seconds, or a number with s, m, h or d.');
  }
  return Number(number) * (UNIT_SECONDS[unit] ?? 1);
}
