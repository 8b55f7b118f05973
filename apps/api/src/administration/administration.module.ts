import { Module } from '@nestjs/common';
import { TokensModule } from '../tokens/tokens.module.js';
import { UsersModule } from '../users/users.module.js';
import { UserListService } from './user-list.service.js';
import { UsersController } from './users.controller.js';

/** What administrators do: everything that needs users and tokens together. */
@Module({
  imports: [TokensModule, UsersModule],
  controllers: [UsersController],
  providers: [UserListService],
})
export class AdministrationModule {}
