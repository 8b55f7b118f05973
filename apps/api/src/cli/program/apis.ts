import { InvalidArgumentError, type Command } from 'commander';
import { type ApiDto, type ApiPermissionDto } from '@latchkey/auth-models';
import { RepeatableOption } from './option-values.js';
import { printable, table } from './output.js';
import { readList } from './read-list.js';
import { type Shell } from './shell.js';

const HEAD = ['NAME', 'ACTIONS', 'TOKENS', 'DESCRIPTION'];
/** More than the maximum number of APIs. */
const LIMIT = 10_000;

interface CreateOptions {
  description?: string;
  permission?: ApiPermissionDto[];
}

export function addApis(program: Command, shell: Shell): void {
  const apis = program
    .command('apis')
    .summary('list, register and delete APIs')
    .description('Commands for APIs and their permissions. Without a command, lists all APIs.');
  apis
    .command('list', { isDefault: true })
    .summary('list APIs with their permissions')
    .description(
      'Lists all APIs, including those of the server itself, with the actions of their permissions.',
    )
    .action(async () => {
      const listed = await shell.withClient((client) => readList<ApiDto>(client, '/apis', {}, LIMIT));
      shell.output.result(listed, ({ items }) => table(HEAD, items.map(rowOf)));
    });
  apis
    .command('create <name>')
    .summary('register an API')
    .description('Registers an API with its permissions, which roles and tokens can then name.')
    .option('--description <text>', 'description of the API')
    .addOption(
      new RepeatableOption(
        '--permission <name=description>',
        'permission of the API, such as "read=See all orders."',
        readPermission,
      ),
    )
    .action(async (name: string, { description, permission = [] }: CreateOptions) => {
      const permissions = permission.map((given) => ({
        ...given,
        name: given.name.includes(':') ? given.name : `${name}:${given.name}`,
      }));
      const api = await shell.withClient((client) =>
        client.post<ApiDto>('/apis', { name, description, permissions }),
      );
      shell.output.result(api, () => `Registered the API ${api.name}.`);
    });
  apis
    .command('delete <name>')
    .summary('delete an API')
    .description(
      'Deletes an API with its permissions. Fails if roles or tokens use them, unless --force is given.',
    )
    .option('--force', 'also remove its permissions from all roles and tokens')
    .action(async (name: string, { force = false }: { force?: boolean }) => {
      await shell.withClient((client) => client.delete(`/apis/${encodeURIComponent(name)}?force=${force}`));
      shell.output.result({ name }, () => `Deleted the API ${printable(name)}.`);
    });
}

function rowOf({ name, permissions, tokenCount, description = '' }: ApiDto): string[] {
  const actions = permissions.map((permission) => permission.name.slice(name.length + 1));
  return [name, actions.join(' '), String(tokenCount), description];
}

function readPermission(text: string): ApiPermissionDto {
  const [, name, description] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (name === undefined || description === undefined) {
    throw new InvalidArgumentError('Use name=description, such as "read=See all orders.".');
  }
  return { name, description };
}
