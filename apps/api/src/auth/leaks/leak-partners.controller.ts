import { timingSafeEqual, verify } from 'node:crypto';
import { Body, Controller, Get, Headers, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import {
  LEAK_SOURCE_MAX_LENGTH,
  LEAK_URL_MAX_LENGTH,
  LEAK_URL_PATTERN,
  LEAKED_TOKENS_MAX,
} from '@latchkey/auth-models';
import { IsString } from 'class-validator';
import { ApplicationError } from '../../common/application-error.js';
import { Limited, Public } from '../../common/request/policy.js';
import { Origin } from '../../common/request/principal.js';
import { type RequestOrigin } from '../../common/request/request-origin.js';
import { LARGE_JSON_BODY, type BodyFormat } from '../../http/bodies/body-format.js';
import { RepresentedAs } from '../../http/negotiation/route-representation.js';
import { Config } from '../../platform/config/config.js';
import { digestOf } from '../../platform/crypto/secrets.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { ThrottleService } from '../../throttle/throttle.service.js';
import { LeakReports } from './leak-reports.js';
import { parseReported } from './tokens-in.js';

type Partner = 'GitHub' | 'GitLab';

/** Variables that enable the reports. */
const VARIABLES: Record<Partner, string> = {
  GitHub: 'LATCHKEY_GITHUB_KEYS',
  GitLab: 'LATCHKEY_GITLAB_SECRET',
};

/** Raw body: every byte counts, because the body is signed. */
class UnparsedBody {
  /** A character for each byte. */
  @IsString()
  bytes: string;
}

const UNPARSED_BODY: BodyFormat = {
  ...LARGE_JSON_BODY,
  parse: (bytes) => ({ bytes: bytes.toString('latin1') }),
};

/** Types that GitLab's analyzer assigns to findings of the rules in `deploy/gitleaks`. */
const GITLAB_TYPES = ['gitleaks_rule_id_latchkey-token', 'gitleaks_rule_id_latchkey-x-auth-token'];

/** Item of a report. The names are those of GitHub and GitLab. */
interface ReportedItem {
  readonly token?: unknown;
  readonly type?: unknown;
  readonly url?: unknown;
  readonly source?: unknown;
  readonly location?: unknown;
}

/** Feedback on a finding, in the format of GitHub. */
interface Feedback {
  readonly token_hash: string;
  readonly token_type: string;
  readonly label: 'true_positive' | 'false_positive';
}

/** Leak reports in the formats of GitHub's secret scanning partner program and of GitLab's token revocation API. */
@Controller('auth/report-leak')
@ApiExcludeController()
@Public()
export class LeakPartnersController {
  private readonly warned = new Set<Partner>();

  constructor(
    private readonly reports: LeakReports,
    private readonly throttle: ThrottleService,
    private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Accepts a report from GitHub, and returns which findings are tokens of this server. */
  @Post('github')
  @HttpCode(200)
  @Limited()
  @RepresentedAs({ bodyAs: UNPARSED_BODY })
  async reportFromGithub(
    @Body() { bytes }: UnparsedBody,
    @Headers('github-public-key-identifier') identifier: string | undefined,
    @Headers('github-public-key-signature') signature: string | undefined,
    @Origin() origin: RequestOrigin,
  ): Promise<Feedback[]> {
    const body = Buffer.from(bytes, 'latin1');
    const key = this.config.githubKeys.get(identifier ?? '');
    const isSigned = key !== undefined && verify('sha256', body, key, Buffer.from(signature ?? '', 'base64'));
    await this.rejectUnless(isSigned, 'GitHub', origin);
    const items = parseItems(body);
    const tokens = items.map((item) => ({ item, text: textOf(item.token) ?? '' }));
    const known = await this.reports.apply(
      tokens.map(({ item, text }) => ({
        text,
        source: textOf(`GitHub ${textOf(item.source) ?? ''}`.trim(), LEAK_SOURCE_MAX_LENGTH),
        url: urlOf(item.url),
      })),
      origin,
    );
    return tokens.map(({ item, text }) => ({
      token_hash: Buffer.from(digestOf(text), 'base64url').toString('hex'),
      token_type: textOf(item.type) ?? '',
      label: known.has(text) ? 'true_positive' : 'false_positive',
    }));
  }

  /** Accepts a report from GitLab. */
  @Post('gitlab')
  @HttpCode(204)
  @Limited()
  @RepresentedAs({ bodyAs: UNPARSED_BODY })
  async reportFromGitlab(
    @Body() { bytes }: UnparsedBody,
    @Headers('authorization') authorization: string | undefined,
    @Origin() origin: RequestOrigin,
  ): Promise<void> {
    await this.rejectUnless(this.isGitlab(authorization), 'GitLab', origin);
    const items = parseItems(Buffer.from(bytes, 'latin1'));
    this.reports.accept(
      items.filter(isToken).map(({ token, location }) => ({
        text: textOf(token) ?? '',
        source: 'GitLab',
        url: urlOf(location),
      })),
      origin,
    );
  }

  /** Returns the types of findings that GitLab may send. */
  @Get('gitlab/types')
  @Limited()
  async findGitlabTypes(
    @Headers('authorization') authorization: string | undefined,
    @Origin() origin: RequestOrigin,
  ): Promise<{ types: string[] }> {
    await this.rejectUnless(this.isGitlab(authorization), 'GitLab', origin);
    return { types: GITLAB_TYPES };
  }

  private isGitlab(authorization = ''): boolean {
    const { gitlabSecret } = this.config;
    const given = Buffer.from(digestOf(authorization.replace(/^Bearer +/i, '')));
    return gitlabSecret !== undefined && timingSafeEqual(given, Buffer.from(digestOf(gitlabSecret)));
  }

  /** @throws ApplicationError `unauthenticated`, counted as a failed attempt of the address. */
  private async rejectUnless(
    isAuthentic: boolean,
    partner: Partner,
    { address, agent }: RequestOrigin,
  ): Promise<void> {
    if (!isAuthentic) {
      const attempt = await this.throttle.admit(address, undefined, agent);
      await attempt.fail();
      const isConfigured =
        partner === 'GitHub' ? this.config.githubKeys.size > 0 : this.config.gitlabSecret !== undefined;
      this.warnOnce(partner, isConfigured);
      throw new ApplicationError('unauthenticated', {
        rejectionCause: isConfigured ? 'report_not_authentic' : 'reports_not_configured',
      });
    }
  }

  /** Logs only the first rejected report of each partner, because any client can send more. */
  private warnOnce(partner: Partner, isConfigured: boolean): void {
    if (!this.warned.has(partner)) {
      this.warned.add(partner);
      const reason = isConfigured
        ? 'it has no valid signature or secret'
        : `${VARIABLES[partner]} is not set`;
      this.logger.warn(
        `A leak report from ${partner} was rejected, because ${reason}. Further rejected reports are not logged`,
      );
    }
  }
}

/** Returns the items of an authentic report. @throws ApplicationError `malformed_request`. */
function parseItems(body: Buffer): ReportedItem[] {
  let items: unknown;
  try {
    items = JSON.parse(body.toString());
  } catch {
    items = undefined;
  }
  const objects = Array.isArray(items)
    ? items.filter((item): item is ReportedItem => typeof item === 'object' && item !== null)
    : undefined;
  if (!objects || objects.filter(isToken).length > LEAKED_TOKENS_MAX) {
    throw new ApplicationError('malformed_request', {
      detail: `The body must be a JSON array of objects with at most ${LEAKED_TOKENS_MAX} tokens.`,
    });
  }
  return objects;
}

/** Whether an item contains a token with a valid checksum. Scanners also find lookalikes. */
function isToken({ token }: ReportedItem): boolean {
  return parseReported(textOf(token) ?? '') !== undefined;
}

/** Returns a member that is a printable text of at most this length. */
function textOf(value: unknown, maxLength = 256): string | undefined {
  return typeof value === 'string' && value.length <= maxLength && /^[ -~]*$/.test(value) ? value : undefined;
}

function urlOf(value: unknown): string | undefined {
  const text = textOf(value, LEAK_URL_MAX_LENGTH);
  return text !== undefined && LEAK_URL_PATTERN.test(text) ? text : undefined;
}
