import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiParam, ApiTags } from '@nestjs/swagger';
import { ERROR_CODES, type ErrorCode, ProblemTypeDto, ProblemTypeListDto } from '@latchkey/auth-models';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { ApplicationError } from '../../common/application-error.js';
import { FIELDS } from '../../common/request/header-fields.js';
import { Public } from '../../common/request/policy.js';
import { Config } from '../../platform/config/config.js';
import { RepresentedAs } from '../negotiation/route-representation.js';
import { explainCode } from './problem-catalog.js';
import { PROBLEM_PAGE, PROBLEM_PAGE_POLICY } from './problem-page.js';

const CODES = Object.keys(ERROR_CODES) as ErrorCode[];

/** Explains the types of problem details. */
@Controller('problems')
@ApiTags('server')
@Public()
export class ProblemsController {
  constructor(private readonly config: Config) {}

  /** Explains all error codes. For browsers, a page. */
  @Get()
  @RepresentedAs({ alsoAs: [PROBLEM_PAGE] })
  @ApiOkResponse({ type: ProblemTypeListDto })
  listProblemTypes(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): ProblemTypeListDto {
    setHeaders(request, reply);
    return { items: CODES.map((code) => explainCode(code, this.config)) };
  }

  /**
   * Explains an error code: its meaning, a remedy and an example. For browsers, a page. `type` of problem
   * details links here.
   */
  @Get(':code')
  @RepresentedAs({ alsoAs: [PROBLEM_PAGE] })
  @ApiParam({ name: 'code', enum: CODES, description: 'Error code.' })
  @ApiOkResponse({ type: ProblemTypeDto })
  getProblemType(
    @Param('code') code: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): ProblemTypeDto {
    if (!isErrorCode(code)) {
      throw new ApplicationError('not_found', {
        detail: 'There is no such error code. /problems lists all codes.',
      });
    }
    setHeaders(request, reply);
    return explainCode(code, this.config);
  }
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CODES, code);
}

function setHeaders({ representation }: FastifyRequest, reply: FastifyReply): void {
  reply.header(FIELDS.cacheControl, 'public, max-age=3600');
  if (representation === PROBLEM_PAGE) {
    reply.header(FIELDS.contentSecurityPolicy, PROBLEM_PAGE_POLICY);
  }
}
