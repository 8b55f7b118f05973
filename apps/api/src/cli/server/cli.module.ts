import { Module } from '@nestjs/common';
import { AuditModule } from '../../audit/audit.module.js';
import { FactorsModule } from '../../factors/factors.module.js';
import { TokensModule } from '../../tokens/tokens.module.js';
import { UsersModule } from '../../users/users.module.js';
import { OperatorKeysController } from './operator-keys.controller.js';
import { OperatorSocket } from './operator-socket.service.js';
import { OperatorController } from './operator.controller.js';
import { RunningServerController } from './running-server.controller.js';
import { ProgressStream } from './progress-stream.service.js';

/** Socket on which the command line calls the API, and the routes that only the command line can call. */
@Module({
  imports: [AuditModule, FactorsModule, TokensModule, UsersModule],
  controllers: [OperatorController, OperatorKeysController, RunningServerController],
  providers: [OperatorSocket, ProgressStream],
})
export class CliModule {}
