import { type Command } from 'commander';
import { type RoleDto } from '@latchkey/auth-models';
import { RepeatableOption } from '../option-values.js';
import { type Shell } from '../shell.js';

interface Options {
  description?: string;
  permission?: string[];
}

export function addCreateRole(program: Command, shell: Shell): void {
  program
    .command('create-role <name>')
    .summary('create a role')
    .description(
      'Creates a role with permissions of the server and of registered APIs (see apis). Without --permission, the role has none.',
    )
    .option('--description <text>', 'purpose of the role')
    .addOption(new RepeatableOption('--permission <name>', 'permission of the role, such as orders:read'))
    .action(async (name: string, { description, permission }: Options) => {
      const role = await shell.withClient((client) =>
        client.post<RoleDto>('/roles', { name, description, permissions: permission }),
      );
      shell.output.result(role, describe);
    });
}

function describe({ name, permissions }: RoleDto): string {
  return `Created the role ${name} ${
    permissions.length === 0 ? 'without permissions' : `with ${permissions.join(', ')}`
  }.`;
}
