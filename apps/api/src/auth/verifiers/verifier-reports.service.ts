import { Injectable } from '@nestjs/common';
import {
  isPermission,
  type RejectionCause,
  type ReportedRejectionDto,
  type ReportedUseDto,
  type VerifierReportDto,
} from '@latchkey/auth-models';
import { Clock } from '../../common/clock.service.js';
import { type Principal } from '../../common/request/principal.js';
import { canonicalAddress } from '../../common/request/request-origin.js';
import { TokenReader } from '../../tokens/access/token-reader.service.js';
import { CanaryAlarms } from '../../tokens/usage/canary-alarms.service.js';
import { LastUses } from '../../tokens/usage/last-uses.service.js';
import { Rejections } from '../explanations/rejections.service.js';
import { ReportLimit } from './report-limit.js';
import { VerifiersService } from './verifiers.service.js';

/** Causes of rejections that are about a valid token. */
const OF_TOKENS: readonly RejectionCause[] = ['missing_permission', 'step_up_required'];

/** Records the reports of verifiers. */
@Injectable()
export class VerifierReports {
  private readonly limit: ReportLimit;

  constructor(
    private readonly verifiers: VerifiersService,
    private readonly tokens: TokenReader,
    private readonly lastUses: LastUses,
    private readonly canaries: CanaryAlarms,
    private readonly rejections: Rejections,
    private readonly clock: Clock,
  ) {
    this.limit = new ReportLimit(clock);
  }

  /**
   * Records a report, unless it was recorded before. Returns the number of ignored uses: those of tokens that
   * the verifier has not received, and of canaries.
   *
   * @throws ApplicationError `conflict` if another user's verifier has this id, `throttled` if the user has
   *   too many verifiers or reports too many uses, or `overloaded` if there are too many verifiers.
   */
  async record(report: VerifierReportDto, actor: Principal): Promise<number> {
    this.limit.count(actor.id, report.uses.length + (report.rejections?.length ?? 0));
    // Before the report is recorded: if a query fails, the verifier sends it again.
    const proven = await this.provenOf(report, actor);
    const rejections = await this.rejectionsIn(report, proven);
    const uses = report.uses.filter((use) => proven.has(use));
    const ignored = report.uses.length - uses.length;
    if (await this.verifiers.update(report, ignored, actor)) {
      this.noteUses(uses, report.name, actor);
      rejections.forEach(({ rejection, matched }) =>
        this.rejections.noteReported(rejection, matched, nameOf(report.name, actor)),
      );
    }
    return ignored;
  }

  /**
   * Returns the uses and rejections whose digest is that of a secret of their token at that time. All other
   * digests are compared with canaries, because the response reveals that they do not match.
   */
  private async provenOf(
    { name, uses, rejections = [] }: VerifierReportDto,
    actor: Principal,
  ): Promise<ReadonlySet<object>> {
    const now = this.clock.now();
    const presented = [...uses, ...rejections].flatMap((item) =>
      item.token === undefined || item.digest === undefined
        ? []
        : { tokenId: item.token, digest: item.digest, time: now - item.ago, item },
    );
    const proven = new Set<object>((await this.tokens.findMatching(presented)).map(({ item }) => item));
    const source = `report of ${nameOf(name, actor)}`;
    const unknown = presented.filter(({ item }) => !proven.has(item)).map(({ digest }) => digest);
    new Set(unknown).forEach((digest) => this.canaries.take(digest, actor.origin, { source }));
    return proven;
  }

  /** Returns the rejections of a report, with the user of the token if the verifier has received it. */
  private async rejectionsIn({ rejections = [] }: VerifierReportDto, proven: ReadonlySet<object>) {
    const tokenOf = (rejection: ReportedRejectionDto) =>
      proven.has(rejection) && OF_TOKENS.includes(rejection.cause) ? rejection.token : undefined;
    const owners = await this.tokens.ownersOf(rejections.flatMap((rejection) => tokenOf(rejection) ?? []));
    return rejections.map((rejection) => {
      const tokenId = tokenOf(rejection);
      const owner = tokenId === undefined ? undefined : owners.get(tokenId);
      return { rejection, matched: owner && { userId: owner.id, userName: owner.name, tokenId } };
    });
  }

  private noteUses(uses: readonly ReportedUseDto[], name: string, actor: Principal): void {
    const now = this.clock.now();
    const reporter = { id: actor.id, name: nameOf(name, actor) };
    for (const { token, count, ago, address = 'unknown', agent, permissions = [] } of uses) {
      if (count > 0) {
        const client = {
          ...actor.origin,
          address: canonicalAddress(address),
          agent: agent ?? `verified by ${name}`,
          reporter,
        };
        this.lastUses.noteReported(token, client, count, now - ago);
      }
      this.lastUses.noteReportedDemands(token, permissions.filter(isPermission), now - ago);
    }
  }
}

/** Returns the name of a verifier for administrators: its own, which it can choose, and that of its user. */
function nameOf(verifier: string, { name }: Principal): string {
  return `${verifier} (${name})`;
}
