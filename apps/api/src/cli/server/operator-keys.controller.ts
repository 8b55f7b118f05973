import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { AuditKeyRotation, type AuditKeyRotated } from '../../audit/keys/audit-key-rotation.service.js';
import { RequireOperator } from '../../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../../common/request/principal.js';
import { SealKeyRotation, type SealKeyRotated } from '../../factors/seal-key-rotation.service.js';
import { RotateAuditKeyDto } from './operator.dto.js';

/** Rotations of the server's keys, for the command line. */
@Controller('operator')
@ApiExcludeController()
@RequireOperator()
export class OperatorKeysController {
  constructor(
    private readonly auditKeys: AuditKeyRotation,
    private readonly sealKeys: SealKeyRotation,
  ) {}

  /** Replaces the key of the audit trail. */
  @Post('audit-keys')
  @HttpCode(200)
  rotateAuditKey(
    @Body() options: RotateAuditKeyDto,
    @CurrentPrincipal() actor: Principal,
  ): Promise<AuditKeyRotated> {
    return this.auditKeys.rotate({ ...options, actor });
  }

  /** Replaces the key of second factors, and encrypts all their secrets again. */
  @Post('seal-keys')
  @HttpCode(200)
  rotateSealKey(@CurrentPrincipal() actor: Principal): Promise<SealKeyRotated> {
    return this.sealKeys.rotate(actor);
  }
}
