import { type Readable } from 'node:stream';
import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { ClockCheck, type TrustedClock } from '../../audit/trail/clock-check.service.js';
import { AuditVerification } from '../../audit/verification/audit-verification.service.js';
import { RequireOperator } from '../../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../../common/request/principal.js';
import { JSON_BODY, parseUnboundedJson, type BodyFormat } from '../../http/bodies/body-format.js';
import { ImportedUser } from '../../users/import/imported-user.js';
import { UserImportService } from '../../users/import/user-import.service.js';
import { RepresentedAs } from '../../http/negotiation/route-representation.js';
import { type ImportedLines, ImportBatchDto, VerifyAuditDto } from './operator.dto.js';
import { ProgressStream } from './progress-stream.service.js';

const IMPORT_BODY: BodyFormat = { ...JSON_BODY, maxBytes: 1_048_576, parse: parseUnboundedJson };

/** Operations of the command line that the API does not offer to users. */
@Controller('operator')
@ApiExcludeController()
@RequireOperator()
export class OperatorController {
  constructor(
    private readonly imports: UserImportService,
    private readonly verifications: AuditVerification,
    private readonly clock: ClockCheck,
    private readonly progress: ProgressStream,
  ) {}

  /** Imports a batch of users completely or not at all. */
  @Post('user-imports')
  @HttpCode(200)
  @RepresentedAs({ bodyAs: IMPORT_BODY })
  async importUsers(
    @Body() { rows, ...options }: ImportBatchDto,
    @CurrentPrincipal() actor: Principal,
  ): Promise<ImportedLines> {
    const batch = await this.imports.run(
      rows,
      { ...options, hasCheckedNames: true, type: ImportedUser },
      actor,
    );
    return { ...batch, problems: batch.problems.map(({ line, message }) => ({ line, message })) };
  }

  /** Verifies the whole audit trail, streams the progress, and records the result in the trail. */
  @Post('audit-verifications')
  @HttpCode(200)
  @RepresentedAs({ isFixedType: true })
  verifyAudit(
    @Body() options: VerifyAuditDto,
    @CurrentPrincipal() actor: Principal,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Readable {
    return this.progress.send(request, reply, (report) =>
      this.verifications.verifyAndRecord(actor, options, (done, total) =>
        report({ done, total, what: 'entries' }),
      ),
    );
  }

  /** Confirms a clock that is far ahead of the last time recorded in the database. */
  @Post('clock-confirmations')
  @HttpCode(200)
  trustClock(@CurrentPrincipal() actor: Principal): Promise<TrustedClock> {
    return this.clock.trust(actor);
  }
}
