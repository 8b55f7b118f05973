import { type SetUpLinkDto, type UserDto } from '@latchkey/auth-models';
import { type Command } from 'commander';
import { userPath, type OperatorClient } from '../client/operator-client.js';
import { describeLink } from './format.js';
import { readSecret } from './files.js';
import { type Shell } from './shell.js';

/** Adds `create-admin`. */
export function addCreateAdmin(program: Command, shell: Shell): void {
  program
    .command('create-admin <name>')
    .summary('create an administrator')
    .description(
      'Creates an administrator, and prints a link to choose a password. The link works once, within 24 hours.',
    )
    .option(
      '--password-file <file>',
      'set the password in this file instead of printing a link; - reads standard input',
    )
    .action(async (name: string, { passwordFile }: { passwordFile?: string }) => {
      const password = passwordFile === undefined ? undefined : readSecret(passwordFile);
      const admin = await shell.withClient((client) => createAdmin(client, name, password));
      shell.output.result(admin, ({ name: created, link, expirationTime }) =>
        link === undefined
          ? `Created the administrator ${created}, with the given password.`
          : `Created the administrator ${created}. ${describeLink(link, expirationTime)}`,
      );
    });
}

async function createAdmin(
  client: OperatorClient,
  given: string,
  password: string | undefined,
): Promise<Pick<UserDto, 'name'> & Partial<SetUpLinkDto>> {
  const user = { name: given, roles: ['admin'], ...(password !== undefined && { password }) };
  const { name } = await client.post<UserDto>('/users', user);
  return password === undefined
    ? { name, ...(await client.post<SetUpLinkDto>(`${userPath(name)}/set-up-link`)) }
    : { name };
}
