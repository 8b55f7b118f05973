import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { LeakReportDto } from '@latchkey/auth-models';
import { ApiConsumes, ApiTags } from '@nestjs/swagger';
import { type FastifyRequest } from 'fastify';
import { ApplicationError } from '../../common/application-error.js';
import { Limited, Public } from '../../common/request/policy.js';
import { Origin } from '../../common/request/principal.js';
import { isSameOrigin, type RequestOrigin } from '../../common/request/request-origin.js';
import { JSON_BODY, LARGE_JSON_BODY, type BodyFormat } from '../../http/bodies/body-format.js';
import { RepresentedAs } from '../../http/negotiation/route-representation.js';
import { ThrottleService } from '../../throttle/throttle.service.js';
import { LeakReports } from './leak-reports.service.js';
import { tokensIn } from './tokens-in.js';

/** A report as JSON, or any text that contains tokens, such as the report of a secret scanner. */
const REPORT_BODY: BodyFormat = {
  ...LARGE_JSON_BODY,
  mediaTypes: [...JSON_BODY.mediaTypes, 'text/plain'],
  tooLargeHint: 'Split the report, and send each part.',
  hint: 'Send JSON with Content-Type: application/json, or a text that contains tokens with Content-Type: text/plain.',
  parse: (bytes, shape, mediaType) =>
    mediaType === 'text/plain'
      ? { tokens: tokensIn(bytes.toString('latin1')) }
      : JSON_BODY.parse(bytes, shape, mediaType),
};

/** Public route for leak reports. */
@Controller('auth/report-leak')
@ApiTags('auth')
export class LeakReportsController {
  constructor(
    private readonly reports: LeakReports,
    private readonly throttle: ThrottleService,
  ) {}

  /**
   * Reports tokens that may have leaked. The server revokes or disables those that work, depending on
   * `LATCHKEY_LEAKED_TOKENS`. The response is the same for all tokens. Each request counts as a failed
   * attempt from the client's address.
   */
  @Post()
  @HttpCode(202)
  @Limited()
  @Public()
  @ApiConsumes('application/json', 'text/plain')
  @RepresentedAs({ bodyAs: REPORT_BODY })
  async reportLeak(
    @Body() { tokens, source, url }: LeakReportDto,
    @Origin() origin: RequestOrigin,
    @Req() { headers }: FastifyRequest,
  ): Promise<void> {
    // Other pages could use up the attempts of their visitors' addresses.
    if (isSameOrigin(headers) === false) {
      throw new ApplicationError('same_origin_required');
    }
    await this.throttle.attempt(origin, undefined, (attempt) => attempt.fail());
    this.reports.accept(
      tokens.map((text) => ({ text, source, url })),
      origin,
    );
  }
}
