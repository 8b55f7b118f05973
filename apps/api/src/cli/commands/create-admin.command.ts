import { Injectable } from '@nestjs/common';
import { CreateUserDto } from '@latchkey/auth-models';
import { toRfc3339 } from '../../common/clock.js';
import { SetUpService } from '../../identity/set-up/set-up.service.js';
import { UsersService } from '../../identity/users/users.service.js';
import { type Command, type CommandRun } from '../command.js';
import { CommandInput } from './command-input.js';

/** Whom to make. */
export interface CreateAdminOptions {
  name: string;
  /** Without one, a set-up link is made. */
  password?: string;
}

/** Who was made, and how they sign in. */
export interface CreatedAdmin {
  name: string;
  link?: string;
  expirationTime?: string;
}

/** Makes an administrator. */
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
