import { Injectable } from '@nestjs/common';
import { CreateUserDto } from '@latchkey/auth-models';
import { toRfc3339 } from '../../common/clock.js';
import { SetUpService } from '../../identity/set-up/set-up.service.js';
import { UsersService } from '../../identity/users/users.service.js';
import { type Command, type CommandRun } from '../command.js';
import { CommandInput } from './command-input.js';

export interface CreateAdminOptions {
  name: string;
  /** Without a password, the command creates a set-up link. */
  password?: string;
}

/** Name of the administrator, and the set-up link unless a password was given. */
export interface CreatedAdmin {
  name: string;
  link?: string;
  expirationTime?: string;
}

@Injectable()
export class CreateAdminCommand implements Command<CreateAdminOptions, CreatedAdmin> {
  readonly name = 'create-admin';

  constructor(
    private readonly users: UsersService,
    private readonly setUp: SetUpService,
    private readonly input: CommandInput,
  ) {}

  async run(options: CreateAdminOptions, { actor }: CommandRun): Promise<CreatedAdmin> {
    const dto = await this.input.check(CreateUserDto, { ...options, roles: ['admin'] });
    const { user } = await this.users.create(dto, actor);
    if (options.password !== undefined) {
      return { name: user.name };
    }
    const { link, expirationTime } = await this.setUp.issue(user, actor);
    return { name: user.name, link, expirationTime: toRfc3339(expirationTime) };
  }
}
