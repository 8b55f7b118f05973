import { Controller, Get } from '@nestjs/common';
import { VerifierListDto } from '@latchkey/auth-models';
import { ApiTags } from '@nestjs/swagger';
import { RequirePermissions } from '../../common/request/policy.js';
import { ApiToken } from '../../http/openapi/api-decorators.js';
import { VerifiersService } from './verifiers.service.js';

/** The applications that verify tokens from memory. */
@Controller('verifiers')
@ApiTags('server')
@ApiToken()
export class VerifiersController {
  constructor(private readonly verifiers: VerifiersService) {}

  /** Lists the server processes, and the verifiers that have reported within the last day. */
  @Get()
  @RequirePermissions('settings:read')
  listVerifiers(): Promise<VerifierListDto> {
    return this.verifiers.list();
  }
}
